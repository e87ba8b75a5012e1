"""Who may ask: names of this machine, pages of this server, holders of the token."""

import hmac
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from inspectree.server.api.problems import problem

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
COOKIE = "inspectree_token"
REFUSED_WEBSOCKET = 1008


class Guard:
    """Let through what is allowed.

    ``hosts`` are the names under which the server may be addressed (None: any): a foreign page that has
    its own name resolved to this machine is refused, as is any request that another origin's page sends.
    A ``token`` comes as ``Authorization: Bearer``, as a cookie, or once as ``?token=``, which sets the
    cookie and takes the token out of the address.
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str] | None, token: str | None) -> None:
        self._app, self._hosts, self._token = app, hosts, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer in place of the application where something is not allowed."""
        if scope["type"] not in {"http", "websocket"} or (refusal := self._refusal(scope)) is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await refusal(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": REFUSED_WEBSOCKET})

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if self._hosts is not None and _name(host) not in self._hosts:
            return problem(403, "Forbidden", f"this server does not answer to the name {_name(host)!r}")
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != host:
            return problem(403, "Forbidden", f"pages of {origin} may not ask this server")
        return self._without_token(scope, headers) if self._token else None

    def _without_token(self, scope: Scope, headers: Headers) -> Response | None:
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        given = dict(query).get("token")
        if given is not None and self._fits(given) and scope["type"] == "http" and scope["method"] == "GET":
            rest = urlencode([pair for pair in query if pair[0] != "token"])
            response = RedirectResponse(scope["path"] + (f"?{rest}" if rest else ""), status_code=303)
            response.set_cookie(COOKIE, given, httponly=True, samesite="strict")
            return response
        bearer = headers.get("authorization", "").removeprefix("Bearer ")
        if self._fits(bearer) or self._fits(_cookie(headers.get("cookie", ""))):
            return None
        return problem(
            401, "Unauthorized", "the token is missing or wrong: open the address that the server printed"
        )

    def _fits(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), (self._token or "").encode())


def _name(host: str) -> str:
    return (urlsplit(f"//{host}").hostname or "").lower()


def _cookie(header: str) -> str:
    try:
        return SimpleCookie(header)[COOKIE].value
    except (KeyError, CookieError):
        return ""
