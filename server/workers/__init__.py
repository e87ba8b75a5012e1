"""Processes that answer what needs a store's files: damaged files and long questions hold up nobody else."""
