"""Sizes as people write them."""

import re

UNITS = {
    "B": 1,
    "kB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
    "TB": 10**12,
    "KiB": 2**10,
    "MiB": 2**20,
    "GiB": 2**30,
}
_SIZE = re.compile(r"\s*(?P<number>\d+(\.\d+)?)\s*(?P<unit>[A-Za-z]*)\s*")


def parse_size(size: str | int) -> int:
    """Return the bytes that ``size`` says: ``"512 MB"``, ``"2 GB"``, ``"1.5 GiB"``, or a number of bytes.

    Raises
    ------
    ValueError
        When it is no size; names the units.
    """
    if isinstance(size, int) and not isinstance(size, bool) and size > 0:
        return size
    match = _SIZE.fullmatch(size) if isinstance(size, str) else None
    units = {unit.lower(): factor for unit, factor in UNITS.items()}
    factor = units.get((match["unit"] or "B").lower()) if match else None
    if match is None or factor is None or float(match["number"]) == 0:
        raise ValueError(f"{size!r} is no size: write '512 MB' or '2 GB' (units: {', '.join(UNITS)})")
    return int(float(match["number"]) * factor)


def readable_size(size: int) -> str:
    """Return ``size`` bytes as people read them: ``96.8 MB``."""
    unit = next((unit for unit in ("TB", "GB", "MB", "kB") if size >= UNITS[unit]), "B")
    return f"{size / UNITS[unit]:.{0 if unit == 'B' else 1}f} {unit}"
