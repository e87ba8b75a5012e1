"""The valid names that are nearest to a wrong one."""

import difflib
from collections.abc import Iterable


def nearest(wrong: str, names: Iterable[str], count: int = 3) -> str:
    """Return how an error message ends: the nearest valid names, or the first where none is near."""
    known = list(dict.fromkeys(names))
    if not known:
        return "there are none"
    near = difflib.get_close_matches(wrong, known, n=count, cutoff=0.5)
    if near:
        return f"the nearest {'is' if len(near) == 1 else 'are'} {', '.join(near)}"
    more = ", …" if len(known) > 2 * count else ""
    return f"there {'is' if len(known) == 1 else 'are'} {', '.join(known[: 2 * count])}{more}"
