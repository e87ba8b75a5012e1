"""What can go wrong while a store is written or read."""


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
