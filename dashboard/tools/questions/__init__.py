"""What tools ask the server: which values, of which samples, under which settings; and what answers mean."""
