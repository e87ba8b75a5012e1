"""One forward pass, and what every layer made of it."""
