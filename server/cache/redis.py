"""Answers in a Redis, which several servers share."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, time
from typing import Any

from inspectree.logger.errors import reason_of
from inspectree.server.cache.base import DEFAULT_BYTES
from inspectree.server.errors import CacheError
from inspectree.server.questions.body import Body

try:
    import redis
except ModuleNotFoundError:
    raise CacheError("a Redis needs the package redis: pip install 'inspectree[redis]'") from None

LOG = logging.getLogger("inspectree")

PREFIX = "inspectree:"
USED = f"{PREFIX}used"
"""When each answer was last asked for."""

LIFE = 7 * 24 * 3600
"""Seconds after which an answer that nobody asks for goes by itself."""

COUNTED_AFTER = 0.05
"""The part of the limit after which all answers are counted again."""

PAUSE = 10.0
"""Seconds for which a Redis that has not answered is left alone."""

PATIENCE = 2.0
"""Seconds that one command may take."""


class RedisCache:
    """Keep answers in a Redis; beyond ``limit`` bytes those go that were not asked for the longest.

    Only keys that begin with ``inspectree:`` are touched. One that does not answer is left alone for a while,
    which is told.

    Raises
    ------
    CacheError
        When it cannot be reached.
    """

    waits = True

    def __init__(self, address: str, limit: int = DEFAULT_BYTES) -> None:
        self.limit = limit
        self._silent_until = 0.0
        self._added = 0
        try:
            self._redis: Any = redis.Redis.from_url(
                address, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
            )
            self._redis.ping()
            self._make_room()
        except (redis.RedisError, ValueError) as error:
            raise CacheError(f"the Redis cannot be used: {reason_of(error)}") from None

    def get(self, key: str) -> Body | None:
        """Return the answer, or None where it is not kept."""
        with self._trying() as commands:
            if commands is not None and (packed := commands.get(PREFIX + key)) is not None:
                commands.zadd(USED, {key: time()}, xx=True)
                commands.expire(PREFIX + key, LIFE)
                return Body.unpacked(packed)
        return None

    def put(self, key: str, body: Body) -> None:
        """Keep an answer, unless it alone is larger than the limit."""
        packed = body.packed()
        if len(packed) > self.limit:
            return
        with self._trying() as commands:
            if commands is not None:
                commands.set(PREFIX + key, packed, ex=LIFE)
                commands.zadd(USED, {key: time()})
                self._added += len(packed)
                if self._added > COUNTED_AFTER * self.limit:
                    self._make_room()

    def _make_room(self) -> None:
        """Count all answers, and remove the longest unused ones while they are too many.

        Several servers may do so at once: what one has removed counts nothing for the others.
        """
        self._added = 0
        keys = self._redis.zrange(USED, 0, -1)
        with self._redis.pipeline(transaction=False) as commands:
            for key in keys:
                commands.strlen(PREFIX.encode() + key)
            sizes = commands.execute()
        held = sum(sizes)
        for key, size in zip(keys, sizes, strict=True):
            if held > self.limit or not size:
                self._redis.delete(PREFIX.encode() + key)
                self._redis.zrem(USED, key)
                held -= size

    @contextmanager
    def _trying(self) -> Iterator[Any]:
        """Yield the Redis, or None while it is left alone; what goes wrong is told, and nothing else."""
        if monotonic() < self._silent_until:
            yield None
            return
        try:
            yield self._redis
        except redis.RedisError as error:
            self._silent_until = monotonic() + PAUSE
            LOG.warning("the Redis cannot be used, so answers are made anew: %s", reason_of(error))
        except ValueError:  # somebody else's, no answer of ours
            pass
