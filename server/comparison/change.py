"""A value that is not the same in two models."""

from collections.abc import Iterator, Mapping
from typing import Any

from inspectree.logger.frozen import Frozen


class Change(Frozen):
    """What a setting was and is; None where it is not there. Keys inside of others are joined by dots."""

    key: str
    before: Any = None
    after: Any = None


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Return the settings that differ, in the order in which they are listed, nested ones by themselves."""
    return tuple(_changes(before, after, ""))


def _changes(before: Mapping[str, Any], after: Mapping[str, Any], inside: str) -> Iterator[Change]:
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name), after.get(name)
        key = f"{inside}{name}"
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from _changes(old, new, f"{key}.")
        elif old != new and not (_is_nan(old) and _is_nan(new)):
            yield Change(key=key, before=old, after=new)


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and value != value
