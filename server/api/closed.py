"""The end of the interface: the dashboard, which answers every path, comes after it."""

from fastapi import APIRouter, HTTPException

router = APIRouter(include_in_schema=False)


@router.api_route("/{rest:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
def closed(rest: str) -> None:
    """Refuse what no route has answered."""
    raise HTTPException(404, f"there is no /api/{rest}; /api/docs lists what there is")
