"""What stands around the inspection panel: plain functions from values to components."""
