"""Finds units by their type, and structural patterns, in the architectures of a store."""
