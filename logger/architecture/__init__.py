"""From a live model to its graph."""
