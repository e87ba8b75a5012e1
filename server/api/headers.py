"""What browsers may do with the answers."""

from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}

DATA_ONLY = "default-src 'none'; frame-ancestors 'none'"
"""The policy of what is no page."""


def page_policy(scripts: Iterable[str]) -> str:
    """Return the content policy of a page that runs this server's files, and inline only these hashes.

    Styles may be inline: Plotly and Mantine write theirs into the page.
    """
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", *scripts]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "form-action": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


class Headers:
    """Give every answer the headers that keep other pages, frames and foreign scripts from it.

    The hashes of the dashboard's inline scripts are those in the application's ``state.scripts``.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what comes, and add to what goes."""

        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in ALWAYS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", _policy(scope))
            await send(message)

        await self._app(scope, receive, protected)


def _policy(scope: Scope) -> str:
    if scope["path"].startswith("/api"):
        return DATA_ONLY
    return page_policy(getattr(scope["app"].state, "scripts", ()))
