"""Selections of samples: what was brushed, and what was kept under a name."""

from dataclasses import dataclass

BRUSHED = "selection"
"""The name of the selection that brushing makes anew each time, until it is given another."""


@dataclass(frozen=True)
class Selection:
    """Some of the samples that were followed, by number; ``space`` tells which samples these are."""

    name: str
    space: str
    samples: tuple[int, ...]
