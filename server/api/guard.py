"""Who may ask: names of this machine, pages of this server, holders of the token."""

import hmac
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from inspectree.server.api.problems import problem

COOKIE = "inspectree_token"
JSON = "application/json"
REFUSED_WEBSOCKET = 1008
READING = {"GET", "HEAD", "OPTIONS"}


class Guard:
    """Let through what is allowed.

    ``hosts`` are the names under which the server may be addressed (None: any): a foreign page that has
    its own name resolved to this machine is refused, as is any request that another origin's page sends,
    and any body that a form could send: browsers ask this server before they send JSON elsewhere.
    A ``token`` comes as ``Authorization: Bearer``, as a cookie, or once as ``?token=``, which sets the
    cookie and takes the token out of the address.
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str] | None, token: str | None) -> None:
        self._app, self._hosts, self._token = app, hosts, token
        # The cookie goes to every server on this machine, whatever its port: it tells none of them the token.
        self._session = hmac.digest((token or "").encode(), COOKIE.encode(), "sha256").hex()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer in place of the application where something is not allowed."""
        if scope["type"] not in {"http", "websocket"} or (refusal := self._refusal(scope)) is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await refusal(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": REFUSED_WEBSOCKET})

    def _refusal(self, scope: Scope) -> Response | None:
        headers, method = Headers(scope=scope), scope.get("method", "GET")
        host, origin = headers.get("host", ""), headers.get("origin")
        if self._hosts is not None and _name(host) not in self._hosts:
            return problem(403, "Forbidden", f"this server does not answer to the name {_name(host)!r}")
        if origin is not None and origin.partition("://")[2] != host:
            return problem(403, "Forbidden", f"pages of {origin} may not ask this server")
        if _is_foreign(headers, method):
            return problem(403, "Forbidden", "pages of other sites may not ask this server")
        if method not in READING and _has_body(headers) and _media_type(headers) != JSON:
            return problem(415, "Unsupported Media Type", f"a question is sent as Content-Type: {JSON}")
        return self._without_token(scope, headers) if self._token else None

    def _without_token(self, scope: Scope, headers: Headers) -> Response | None:
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        given = dict(query).get("token")
        if given is not None and scope.get("method") == "GET" and _same(given, self._token):
            return self._welcome(scope, [pair for pair in query if pair[0] != "token"])
        bearer = headers.get("authorization", "").removeprefix("Bearer ")
        cookie = cookie_parser(headers.get("cookie", "")).get(_cookie_name(scope), "")
        if _same(bearer, self._token) or _same(cookie, self._session):
            return None
        refusal = problem(
            401, "Unauthorized", "the token is missing or wrong: open the address that the server printed"
        )
        if _comes_from_elsewhere(headers):
            refusal.headers["Refresh"] = "0"  # browsers send the cookie when this page asks, not the other
        return refusal

    def _welcome(self, scope: Scope, rest: list[tuple[str, str]]) -> Response:
        """Give the visitor the cookie, and lead to the same address without the token."""
        path = "/" + quote(scope["path"].lstrip("/"))  # two slashes would lead to another server
        response = RedirectResponse(path + (f"?{urlencode(rest)}" if rest else ""), status_code=303)
        response.headers["Cache-Control"] = "no-store"
        response.set_cookie(
            _cookie_name(scope),
            self._session,
            httponly=True,
            samesite="strict",
            secure=scope["scheme"] == "https",
        )
        return response


def _name(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:  # a bracket that is not closed, say
        return host


def _is_foreign(headers: Headers, method: str) -> bool:
    """Tell whether a browser says that another site's page sends this, unless somebody follows a link."""
    if not _comes_from_elsewhere(headers):
        return False
    follows = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    return not (follows and method in READING)


def _comes_from_elsewhere(headers: Headers) -> bool:
    return headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}


def _has_body(headers: Headers) -> bool:
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers


def _media_type(headers: Headers) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _cookie_name(scope: Scope) -> str:
    """Return a name of the port's own: cookies are one machine's, whatever the port."""
    _, port = scope.get("server") or ("", "")
    return f"{COOKIE}_{port}"


def _same(given: str, secret: str | None) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), (secret or "").encode())
