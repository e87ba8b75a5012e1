"""The REST interface: routes parse, call and encode; the work is done elsewhere."""
