"""What can be asked of a store's files: pure functions that give bytes, for this process or a worker."""
