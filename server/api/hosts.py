"""The names under which a server may be addressed."""

from ipaddress import ip_address

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def names_for(host: str) -> frozenset[str] | None:
    """Return the names that a server at ``host`` answers to; None for any, where others can reach it.

    There a token is asked for, and a foreign page that had its own name resolved to this server has none:
    browsers keep the cookie for the name that the user opened.
    """
    return LOOPBACK | {host.lower()} if is_loopback(host) else None


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches a server that listens at ``host``."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
