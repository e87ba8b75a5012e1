"""Free-text search over everything that is written about models, layers and variables."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inspectree.logger.frozen import Frozen
from inspectree.server.catalog import Catalog
from inspectree.server.search.texts import WEIGHTS, Entry, Level, Text, entries, weights
from inspectree.server.search.words import fitting, words

LEVELS: tuple[Level, ...] = ("model", "layer", "variable")

INHERITED = 0.4
"""How much a word counts that is not written of a unit itself but of what contains it."""

EXCERPT = 40
"""Characters that are told of a long text on either side of what was found."""

Scores = NDArray[np.float64]


class Match(Frozen):
    """Where a word was found: in which field; ``span`` is the beginning and end of it in ``text``."""

    word: str
    field: str
    text: str
    span: tuple[int, int]


class Result(Frozen):
    """A unit that was found; ``score`` is 1 where all words are its name."""

    uoa: str
    level: Level
    name: str
    type: str
    model: str
    score: float
    matches: tuple[Match, ...]


class Answer(Frozen):
    """The best results, and how many there are."""

    query: str
    total: int
    results: tuple[Result, ...]


class TextIndex:
    """What is written in a store, ready to be searched; units with the same text are scored once."""

    def __init__(self, models: Sequence[Sequence[Entry]], titles: Sequence[str]) -> None:
        self._entries = [entry for model in models for entry in model]
        self._titles = titles
        lengths = [len(model) for model in models]
        starts = list(accumulate(lengths, initial=0))[:-1]
        self._model = np.repeat(np.arange(len(models)), lengths)
        self._top = np.repeat(np.array(starts, np.int64), lengths)
        self._above = np.arange(len(self._entries)) - np.array([e.above for e in self._entries], np.int64)
        texts: dict[Text, int] = {}
        self._text = np.array([texts.setdefault(e.text, len(texts)) for e in self._entries], np.int64)
        self._level = np.array([LEVELS.index(text.level) for text in texts], np.int64)
        self._count = len(texts)
        self._holders: dict[str, list[tuple[int, float]]] = {}
        for text, number in texts.items():
            for word, weight in weights(text).items():
                self._holders.setdefault(word, []).append((number, weight))

    def search(self, query: str, limit: int) -> Answer:
        """Return the units of which, or of what contains them, all words are written; the best first."""
        wanted = list(dict.fromkeys(query.lower().split()))
        known = {word: fitting(word, self._holders) for word in wanted}
        if not wanted or not self._entries:
            return Answer(query=query, total=0, results=())
        own = np.stack([self._own(fits) for fits in known.values()])
        inherited = INHERITED * np.maximum(own[:, self._above], own[:, self._top])
        each = np.maximum(own, inherited)
        score = np.where((each > 0).all(axis=0) & (own > 0).any(axis=0), each.mean(axis=0), 0)
        found = np.flatnonzero(score)
        order = np.lexsort((found, self._level[self._text[found]], -score[found]))
        best = found[order[:limit]]
        results = tuple(self._result(int(place), float(score[place]), known) for place in best)
        return Answer(query=query, total=len(found), results=results)

    def _own(self, fits: dict[str, float]) -> Scores:
        """Return how well a word fits what is written of each unit itself."""
        scores = np.zeros(self._count)
        for word, share in fits.items():
            for text, weight in self._holders[word]:
                scores[text] = max(scores[text], share * weight)
        found: Scores = scores[self._text]
        return found

    def _result(self, place: int, score: float, known: dict[str, dict[str, float]]) -> Result:
        entry = self._entries[place]
        text = entry.text
        matches = (_match(word, fits, text) for word, fits in known.items())
        return Result(
            uoa=entry.uoa,
            level=text.level,
            name=text.name,
            type=text.type,
            model=self._titles[int(self._model[place])],
            score=round(score, 4),
            matches=tuple(match for match in matches if match is not None),
        )


def _match(wanted: str, fits: dict[str, float], text: Text) -> Match | None:
    """Return the best place of a word in a text; None where it is written of what contains the unit."""
    places = [
        (fits[word] * WEIGHTS[field], field, content, word, start)
        for field, content in text.fields
        for word, start, _ in words(content)
        if word in fits
    ]
    if not places:
        return None
    _, field, content, word, start = max(places, key=lambda place: place[0])
    inside = max(word.find(wanted), 0)
    length = len(wanted) if wanted in word else len(word)
    begin, end = start + inside, start + inside + length
    left, right = max(0, begin - EXCERPT), min(len(content), end + EXCERPT)
    return Match(word=wanted, field=field, text=content[left:right], span=(begin - left, end - left))


def search(catalog: Catalog, query: str, limit: int = 20) -> Answer:
    """Return the units in a store that a query finds; the index is made once for each state of the store."""
    if "text index" not in catalog.kept:
        models: list[Any] = [model for e in catalog.experiments for model in e.models]
        titles = [model.header.title for model in models]
        catalog.kept["text index"] = TextIndex([entries(model) for model in models], titles)
    index: TextIndex = catalog.kept["text index"]
    return index.search(query, limit)
