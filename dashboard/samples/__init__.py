"""Samples as people see them: images, curves, bars, words."""
