"""The end of the interface: the dashboard, which answers every path, comes after it."""

from collections.abc import Iterator

from fastapi import APIRouter, HTTPException, Request
from starlette.routing import compile_path

router = APIRouter(include_in_schema=False)

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]


@router.api_route("/{rest:path}", methods=METHODS)
def closed(request: Request, rest: str) -> None:
    """Refuse what no route has answered."""
    if allowed := ", ".join(sorted(_methods(request))):
        detail = f"/api/{rest} does not take {request.method} but {allowed}"
        raise HTTPException(405, detail, headers={"Allow": allowed})
    raise HTTPException(404, f"there is no /api/{rest}; /api/docs lists what there is")


def _methods(request: Request) -> Iterator[str]:
    """Yield the methods that this path takes, by the interface's own description."""
    for path, described in request.app.openapi()["paths"].items():
        if compile_path(path)[0].match(request.url.path):
            yield from map(str.upper, described)
