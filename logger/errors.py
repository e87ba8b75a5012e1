"""What can go wrong while a store is written or read, and how it is told in one line."""

import re

LONGEST = 500
"""Characters of a line that tells what went wrong."""

_KERAS = "Exception encountered when calling"
_COLOUR = re.compile(r"\x1b\[\d*m")


class InspectreeError(Exception):
    """The base of all errors that inspectree raises on purpose; its text is one clear line."""


class HeaderError(InspectreeError):
    """A header that cannot be used."""


class SamplesError(InspectreeError):
    """Samples that are missing, or that do not fit the model."""


class StoreError(InspectreeError):
    """A store, or a file in it, that cannot be written or read."""


class NewerVersionError(StoreError):
    """A file that is whole, but that only a newer inspectree can read."""


def reason_of(error: BaseException) -> str:
    """Return in one line what went wrong; of other errors than ours and the system's also the type."""
    text = " ".join((getattr(error, "strerror", None) or str(error)).split())
    if isinstance(error, (InspectreeError, OSError)) and text:
        return shortened(text)
    return one_line(error)


def one_line(error: BaseException) -> str:
    """Return an exception's type and the first line of its text; of Keras' own, the one that tells more."""
    lines = [_COLOUR.sub("", line).strip() for line in str(error).splitlines() if line.strip()]
    if len(lines) > 1 and lines[0].startswith(_KERAS):
        lines[0] = f"{lines[0]} {lines[1]}"
    return f"{type(error).__name__}: {shortened(lines[0])}" if lines else type(error).__name__


def shortened(text: str) -> str:
    """Return the begin of a text that is too long for a line: a file may hold one of megabytes."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
