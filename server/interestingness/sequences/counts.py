"""How probable a layer is after others, by counts of paths."""

from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from math import log2

from inspectree.server.interestingness.sequences.words import Path

History = tuple[str, ...]


class Sequences:
    """What was seen to follow what, and in how many models.

    Probabilities are smoothed by interpolation with those of shorter histories, down to one of all words
    that is even (Witten and Bell, 1991): what was never seen is improbable, not impossible.
    """

    def __init__(self, counts: Mapping[Path, int]) -> None:
        self.counts = Counter(counts)

    def without(self, own: Counter[Path]) -> "Sequences":
        """Return what is known without one model's own paths."""
        return Sequences(self.counts - own)

    @cached_property
    def words(self) -> Counter[str]:
        """Return how often each word was seen."""
        return self._following.get((), Counter())

    @cached_property
    def _following(self) -> Mapping[History, Counter[str]]:
        following: dict[History, Counter[str]] = {}
        for (before, previous, word), number in self.counts.items():
            for history in ((before, previous), (previous,), ()):
                following.setdefault(history, Counter())[word] += number
        return following

    def probability(self, word: str, *history: str) -> float:
        """Return the probability of a word after those that lead to it, the nearest last."""
        shorter = self.probability(word, *history[1:]) if history else 1 / (len(self.words) + 1)
        seen = self._following.get(history)
        if seen is None:
            return shorter
        return (seen[word] + len(seen) * shorter) / (seen.total() + len(seen))

    def surprisal(self, path: Path) -> float:
        """Return the bits of information in finding this layer there."""
        return -log2(self.probability(path.word, path.before, path.previous))

    def usual(self, path: Path) -> Path:
        """Return the path with the word that is the most probable there; the first by name among equals."""
        history = next(
            (h for h in ((path.before, path.previous), (path.previous,)) if h in self._following), ()
        )
        candidates = sorted(self._following.get(history, {path.word: 1}))
        best = max(candidates, key=lambda word: self.probability(word, path.before, path.previous))
        return path._replace(word=best)
