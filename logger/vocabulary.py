"""Which word each number of a sequence stands for."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from inspectree.logger.errors import SamplesError

Words = tuple[str, ...]

MOST_WORDS = 10_000_000

ACCEPTED = "the words in the order of their numbers, or a dict of each word's number"


def as_vocabularies(vocabulary: Any, inputs: Iterable[str]) -> dict[str, Words]:
    """Return the words of the inputs by their names, in the order of their numbers; those left out are empty.

    ``vocabulary`` is a list of words, or a dict of their numbers, as Keras' ``get_word_index`` and
    ``get_vocabulary`` give them; of several inputs a dict of these by the inputs' names.

    Raises
    ------
    SamplesError
        When it is none of these.
    """
    names = list(inputs)
    if vocabulary is None:
        return {}
    if not _is_by_input(vocabulary):
        if len(names) > 1:
            raise SamplesError(
                f"vocabulary: the samples have the inputs {', '.join(names)}: give a dict by their names"
            )
        return {names[0]: _words("vocabulary", vocabulary)}
    unknown = [str(name) for name in vocabulary if name not in names]
    if unknown:
        raise SamplesError(
            f"vocabulary: the samples have no input {unknown[0]!r}; they have {', '.join(names)}"
        )
    return {name: _words(f"vocabulary of {name!r}", given) for name, given in vocabulary.items()}


def _is_by_input(vocabulary: Any) -> bool:
    return isinstance(vocabulary, Mapping) and any(_is_collection(given) for given in vocabulary.values())


def _is_collection(value: Any) -> bool:
    return isinstance(value, Mapping | Sequence) and not isinstance(value, str | bytes)


def _words(what: str, given: Any) -> Words:
    if isinstance(given, Mapping):
        return _by_number(what, given)
    if isinstance(given, str | bytes) or not isinstance(given, Iterable):
        raise SamplesError(f"{what} is a {type(given).__name__}; it takes {ACCEPTED}")
    return tuple(_text(what, word) for word in given)


def _by_number(what: str, numbers: Mapping[Any, Any]) -> Words:
    """Return words in the order of their numbers, of which some may be missing."""
    found: dict[int, str] = {}
    for word, given in numbers.items():
        number = _number(what, word, given)
        if number in found:
            raise SamplesError(f"{what}: {found[number]!r} and {word!r} both have the number {number}")
        found[number] = _text(what, word)
    return tuple(found.get(number, "") for number in range(max(found, default=-1) + 1))


def _number(what: str, word: Any, given: Any) -> int:
    try:
        number = int(given)
    except (TypeError, ValueError):
        number = -1
    if number != given or not 0 <= number < MOST_WORDS:
        raise SamplesError(f"{what}: {word!r} has the number {given!r}; it takes {ACCEPTED}")
    return number


def _text(what: str, word: Any) -> str:
    """Return a word, which TensorFlow may hand out as bytes."""
    if isinstance(word, bytes):
        word = word.decode(errors="replace")
    if not isinstance(word, str):
        raise SamplesError(f"{what} holds {word!r}, which is no word; it takes {ACCEPTED}")
    return str(word)
