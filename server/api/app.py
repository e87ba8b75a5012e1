"""Puts the application together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware

from inspectree.server.api import (
    branch,
    closed,
    comparison,
    docs,
    events,
    experiments,
    grammar,
    health,
    interestingness,
    locate,
    models,
    samples,
    values,
)
from inspectree.server.api.hosts import LOOPBACK
from inspectree.server.api.problems import PROBLEMS, add_handlers
from inspectree.server.api.security import secure
from inspectree.server.cache import Cache, MemoryCache
from inspectree.server.limits import Limits
from inspectree.server.service import Service
from inspectree.server.store import Store
from inspectree.server.watch import Watcher

ROUTERS = (
    health.router,
    experiments.router,
    models.router,
    samples.router,
    values.router,
    grammar.router,
    interestingness.router,
    locate.router,
    comparison.router,
    branch.router,
    events.router,
    docs.router,
    closed.router,
)
"""Every part of the interface; the last one ends it."""


def create_app(
    store: Store,
    *,
    cache: Cache | None = None,
    limits: Limits | None = None,
    token: str | None = None,
    hosts: frozenset[str] | None = LOOPBACK,
) -> FastAPI:
    """Return the application that serves ``store`` under ``/api``.

    ``hosts`` are the names under which it may be addressed, None for any. While it runs it follows the
    store's folder.
    """
    app = FastAPI(
        title="inspectree",
        version=version("inspectree"),
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        responses=PROBLEMS,
        lifespan=_follow,
    )
    app.openapi_version = "3.0.3"  # the newest that the bundled Swagger UI reads
    app.state.service = service = Service(store, cache or MemoryCache(), limits or Limits())
    app.state.watcher = Watcher(store, service.hub.publish)
    app.mount("/api/docs/files", docs.FILES)
    for router in ROUTERS:
        app.include_router(router, prefix="/api")
    add_handlers(app)
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=5)
    secure(app, hosts, token, service.limits)
    return app


@asynccontextmanager
async def _follow(app: FastAPI) -> AsyncIterator[None]:
    with app.state.watcher:
        yield
    app.state.service.hub.close()
