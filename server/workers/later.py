"""What some questions need and what takes a second to import: it is imported while there are no questions."""

from importlib import import_module

LATER = (
    "scipy.optimize",
    "scipy.stats",
    "scipy.spatial.distance",
    "sklearn.decomposition",
    "sklearn.cluster",
)

LEISURE = 3.0
"""Seconds without a question after which a process gets ready for more: not while a first page is loading."""


def import_the_rest() -> None:
    """Import it; what is imported already costs nothing."""
    for name in LATER:
        import_module(name)
