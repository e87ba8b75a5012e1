"""What the inspection panel draws on each level: boxes, edges and frames with their places."""
