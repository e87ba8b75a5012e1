"""Bytes in a few characters, in units of a thousand: kB, MB, as those who sell disks count them."""

UNITS = ("B", "kB", "MB", "GB", "TB", "PB")
THOUSAND = 1000


def bytes_text(count: float) -> str:
    """Return a number of bytes in words: ``2.2 MB``."""
    size, unit = in_unit(count)
    return f"{size:.0f} {unit}" if size >= 10 or unit == UNITS[0] else f"{size:.1f} {unit}"


def in_unit(count: float) -> tuple[float, str]:
    """Return bytes in the unit in which they are from 1 to 999, and that unit."""
    unit = unit_of(count)
    return count / THOUSAND ** UNITS.index(unit), unit


def unit_of(count: float) -> str:
    """Return that unit."""
    place = 0
    while count >= THOUSAND and place < len(UNITS) - 1:
        count, place = count / THOUSAND, place + 1
    return UNITS[place]
