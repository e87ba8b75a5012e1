"""The interface's own documentation, served from this machine."""

import re
from base64 import b64encode
from hashlib import sha256

from fastapi import APIRouter, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from swagger_ui_bundle import swagger_ui_path

from inspectree.server.api.headers import page_policy

router = APIRouter(include_in_schema=False)

FILES = StaticFiles(directory=swagger_ui_path)

PAGE = bytes(
    get_swagger_ui_html(
        openapi_url="/api/openapi.json",
        title="inspectree: REST interface",
        swagger_js_url="/api/docs/files/swagger-ui-bundle.js",
        swagger_css_url="/api/docs/files/swagger-ui.css",
        swagger_favicon_url="/api/docs/files/favicon-32x32.png",
    ).body
)

SCRIPTS = [
    f"'sha256-{b64encode(sha256(script).digest()).decode()}'"
    for script in re.findall(rb"<script>(.*?)</script>", PAGE, re.DOTALL)
]
"""The hashes of what the page runs inline: constant text, like the page."""


@router.get("")
@router.get("/")
def entrance() -> Response:
    """Lead to the page."""
    return RedirectResponse("/api/docs")


@router.get("/docs")
def docs() -> Response:
    """Return the page."""
    headers = {"Content-Security-Policy": page_policy(SCRIPTS)}
    return Response(PAGE, media_type="text/html", headers=headers)
