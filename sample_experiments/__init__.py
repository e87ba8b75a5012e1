"""Complete training scripts to copy, each with the callback added."""
