"""What captions say of how much is shown."""


def some_of(shown: int, count: int) -> str:
    """Return how many are shown, and of how many where these are more: ``12 of 1,797``."""
    return f"{shown:,} of {count:,}" if shown < count else f"{shown:,}"


def left_out(shown: int, count: int, what: str) -> str:
    """Say that not all are shown; nothing where they are."""
    return f" · {shown:,} of {count:,} {what}, evenly chosen" if shown < count else ""


def first_of(shown: int, count: int, what: str, which: str = "first") -> str:
    """Say that only the first, or largest, are shown; nothing where all are."""
    return f" · the {which} {shown:,} of {count:,} {what}" if shown < count else ""
