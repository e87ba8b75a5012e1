"""Puts the application together."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

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
from inspectree.server.workers.pool import Pool
from inspectree.server.workers.setup import Setup

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
    store: Path | Store,
    *,
    cache: Cache | None = None,
    limits: Limits | None = None,
    token: str | None = None,
    hosts: frozenset[str] | None = LOOPBACK,
    steps: Sequence[Path] = (),
) -> FastAPI:
    """Return the application that serves ``store`` under ``/api``.

    ``hosts`` are the names under which it may be addressed, None for any; ``steps`` are files with steps of
    the user's own. While it runs it follows the store's folder, and workers read its files; a store that
    has been opened here reads the models' own files here, too.
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
    app.state.service = service = _service(store, cache, limits or Limits(), tuple(steps))
    app.state.watcher = Watcher(service.store, service.hub.publish)
    app.mount("/api/docs/files", docs.FILES)
    for router in ROUTERS:
        app.include_router(router, prefix="/api")
    add_handlers(app)
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=5)
    secure(app, hosts, token, service.limits)
    return app


def _service(store: Path | Store, cache: Cache | None, limits: Limits, steps: tuple[Path, ...]) -> Service:
    path = store if isinstance(store, Path) else store.path
    setup = Setup(path, limits, steps)
    pool = Pool(setup)
    served = Store(path, pool) if isinstance(store, Path) else store
    return Service(served, cache or MemoryCache(), pool, limits, setup.grammar)


@asynccontextmanager
async def _follow(app: FastAPI) -> AsyncIterator[None]:
    service: Service = app.state.service
    with service.pool, app.state.watcher:
        yield
    service.hub.close()
    service.close()
