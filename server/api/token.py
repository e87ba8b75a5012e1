"""The secret that visitors must know."""

import secrets

from inspectree.server.api.hosts import is_loopback
from inspectree.server.errors import ServingError

BYTES = 24
"""Of chance in a token that is made up: more than can be guessed."""


def token_for(host: str, given: str | None) -> str | None:
    """Return the token for a server that listens at ``host``; None where only this machine reaches it.

    Raises
    ------
    ServingError
        When the one that is given cannot stand in a request's header.
    """
    if not given:
        return None if is_loopback(host) else secrets.token_urlsafe(BYTES)
    if not (given.isascii() and given.isprintable() and given == given.strip()):
        raise ServingError("a token is of ASCII letters, digits and signs, with no space around it")
    return given
