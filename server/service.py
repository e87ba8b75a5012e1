"""What one running server works with, and how it answers what needs a store's files."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b
from importlib.metadata import version
from time import perf_counter
from typing import Any, TypeVar

from inspectree.logger.errors import StoreError
from inspectree.logger.store.layout import HISTORY_FILE, checkpoint_file
from inspectree.server.cache import Cache
from inspectree.server.grammar import GRAMMAR, Grammar
from inspectree.server.hub import Hub
from inspectree.server.identity import identity
from inspectree.server.limits import Limits
from inspectree.server.model import Model
from inspectree.server.questions.body import Body
from inspectree.server.store import Store
from inspectree.server.workers.pool import NOBODY, SLOW, Pool, Ticket

WAITING = 200
"""Questions that may wait for a worker."""

QUICK = 8
"""Threads for what no worker is needed for: keys, and answers that are kept."""

ATTENTION = 0.25
"""Seconds after which it is looked again whether anybody still waits for an answer."""


Found = TypeVar("Found")


@dataclass(frozen=True)
class Asked:
    """A question for the workers: its name, what is given with it, and the models that it is about.

    ``models`` None stands for the whole store. ``deep`` tells that the answer depends on checkpoints, too,
    ``slow`` that it is known to take long.
    """

    question: str
    given: Mapping[str, Any]
    models: Sequence[Model] | None
    deep: bool = True
    slow: bool = False

    def key(self, store: Store, digest: str) -> str:
        """Return what determines the answer: the question, the files as they are now, the server's setup."""
        models = store.models if self.models is None else self.models
        files = [_files(model, deep=self.deep) for model in models]
        content = [version("inspectree"), digest, self.question, self.given, files]
        return blake2b(json.dumps(content).encode(), digest_size=20).hexdigest()


@dataclass
class Flight:
    """A question that is being answered, for so many who wait for it."""

    task: "asyncio.Task[Body]"
    ticket: Ticket
    waiting: int = 0


@dataclass(frozen=True)
class Service:
    """A store, its workers, where answers are kept, what one may cost, and who listens to changes."""

    store: Store
    cache: Cache
    pool: Pool
    limits: Limits = field(default_factory=Limits)
    grammar: Grammar = GRAMMAR
    hub: Hub = field(default_factory=Hub)
    _waiting: ThreadPoolExecutor = field(default_factory=partial(ThreadPoolExecutor, WAITING))
    _quick: ThreadPoolExecutor = field(default_factory=partial(ThreadPoolExecutor, QUICK))
    _flights: dict[str, Flight] = field(default_factory=dict)

    async def ask(self, asked: Asked, is_gone: "Callable[[], Any] | None" = None) -> tuple[Body, bytes]:
        """Return the answer, kept or new, and its content with how it was made.

        The same question is answered once for all who ask it at the same time. It is given up when
        nobody waits any more: ``is_gone`` tells (awaited) whether whoever has asked is gone.
        """
        start = perf_counter()
        key = await self._done(asked.key, self.store, self.pool.setup.digest)
        kept = await self._kept(key)
        if kept is not None:
            return kept, kept.told(cached=True, ms=round((perf_counter() - start) * 1000, 3))
        body = await self._flown(key, asked, is_gone)
        return body, body.told()

    async def _kept(self, key: str) -> Body | None:
        return await self._done(self.cache.get, key) if self.cache.waits else self.cache.get(key)

    async def _flown(self, key: str, asked: Asked, is_gone: "Callable[[], Any] | None") -> Body:
        flight = self._flights.get(key)
        if flight is None:
            ticket = Ticket()
            task = asyncio.create_task(self._made(key, asked, ticket))
            flight = self._flights[key] = Flight(task, ticket)
            task.add_done_callback(lambda done: self._landed(key, done))
        flight.waiting += 1
        try:
            while not flight.task.done():
                await asyncio.wait({flight.task}, timeout=ATTENTION)
                if is_gone is not None and not flight.task.done() and await is_gone():
                    raise StoreError(NOBODY)
        finally:
            flight.waiting -= 1
            if not flight.waiting and not flight.task.done():
                self._flights.pop(key, None)  # who asks now is not told that it was cancelled
                flight.ticket.cancel()
        return flight.task.result()

    def _landed(self, key: str, done: "asyncio.Task[Body]") -> None:
        """Forget a question that is answered, unless it is being asked anew."""
        if (flight := self._flights.get(key)) is not None and flight.task is done:
            del self._flights[key]
        if not done.cancelled():
            done.exception()  # those who wait are told; where nobody does, nobody needs to be

    async def _made(self, key: str, asked: Asked, ticket: Ticket) -> Body:
        models = None if asked.models is None else [model.folder.name for model in asked.models]
        tag = SLOW if asked.slow else asked.question if models is None else ",".join(models[:1])
        loop = asyncio.get_running_loop()
        asking = partial(self.pool.ask, asked.question, asked.given, models, tag, ticket)
        body = await loop.run_in_executor(self._waiting, asking)
        await self._done(self.cache.put, key, body)
        return body

    async def _done(self, work: Callable[..., Found], *given: Any) -> Found:
        return await asyncio.get_running_loop().run_in_executor(self._quick, work, *given)

    def give_up(self) -> None:
        """Cancel what is under way: whoever waits for it is told so."""
        for flight in tuple(self._flights.values()):
            flight.ticket.cancel()

    def close(self) -> None:
        """Wait for nobody any more."""
        for threads in (self._waiting, self._quick):
            threads.shutdown(wait=False, cancel_futures=True)


def _files(model: Model, *, deep: bool) -> list[Any]:
    """Return what tells that a model's files are still the same."""
    known: list[Any] = [model.id, identity(model.reader.path), identity(model.folder / HISTORY_FILE)]
    if deep:
        known += [identity(checkpoint_file(model.folder, number)) for number in model.checkpoint_numbers]
    return known
