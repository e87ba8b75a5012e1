"""What follows what in a network: learned from architectures, asked of a layer."""
