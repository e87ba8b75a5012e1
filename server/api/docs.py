"""The interface's own documentation, served from this machine."""

from fastapi import APIRouter, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from swagger_ui_bundle import swagger_ui_path

router = APIRouter(include_in_schema=False)

FILES = StaticFiles(directory=swagger_ui_path)


@router.get("")
@router.get("/")
def entrance() -> Response:
    """Lead to the page."""
    return RedirectResponse("/api/docs")


@router.get("/docs")
def docs() -> Response:
    """Return the page."""
    return get_swagger_ui_html(
        openapi_url="/api/openapi.json",
        title="inspectree: REST interface",
        swagger_js_url="/api/docs/files/swagger-ui-bundle.js",
        swagger_css_url="/api/docs/files/swagger-ui.css",
        swagger_favicon_url="/api/docs/files/favicon-32x32.png",
    )
