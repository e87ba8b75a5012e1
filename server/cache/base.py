"""What a cache is."""

from typing import Protocol

from inspectree.server.questions.body import Body

DEFAULT_BYTES = 256 * 1024**2


class Cache(Protocol):
    """Keeps answers. A key is made of the question and the files as they are, so that no answer is stale.

    What goes wrong with it never costs an answer: it is asked for again. ``waits`` tells whether asking it
    may take a while.
    """

    waits: bool

    def get(self, key: str) -> Body | None:
        """Return the answer, or None where it is not kept."""

    def put(self, key: str, body: Body) -> None:
        """Keep an answer; those that were not asked for the longest give way to it."""
