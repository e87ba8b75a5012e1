"""Answers in a Redis, which several servers share."""

import logging
from time import time
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
USED, SIZES = (f"{PREFIX}{name}" for name in ("used", "sizes"))
"""When each answer was last asked for, and how large it is."""

PATIENCE = 2.0
"""Seconds that one command may take."""


class RedisCache:
    """Keep answers in a Redis; beyond ``limit`` bytes those go that were not asked for the longest.

    Only keys that begin with ``inspectree:`` are touched. A Redis that is gone keeps nothing, which is told
    once each time.

    Raises
    ------
    CacheError
        When it cannot be reached.
    """

    waits = True

    def __init__(self, address: str, limit: int = DEFAULT_BYTES) -> None:
        self.limit = limit
        self._is_there = True
        try:
            self._redis: Any = redis.Redis.from_url(
                address, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
            )
            self._redis.ping()
        except (redis.RedisError, ValueError) as error:
            raise CacheError(f"the Redis cannot be used: {reason_of(error)}") from None

    def get(self, key: str) -> Body | None:
        """Return the answer, or None where it is not kept."""
        try:
            packed = self._redis.get(PREFIX + key)
            if packed is None:
                return None
            self._redis.zadd(USED, {key: time()}, xx=True)
            self._is_there = True
            return Body.unpacked(packed)
        except redis.RedisError as error:
            self._cannot(error)
        except (ValueError, KeyError):
            pass  # somebody else's
        return None

    def put(self, key: str, body: Body) -> None:
        """Keep an answer, unless it alone is larger than the limit."""
        packed = body.packed()
        if len(packed) > self.limit:
            return
        try:
            with self._redis.pipeline() as commands:
                commands.set(PREFIX + key, packed)
                commands.zadd(USED, {key: time()})
                commands.hset(SIZES, key, len(packed))
                commands.execute()
            self._make_room()
            self._is_there = True
        except redis.RedisError as error:
            self._cannot(error)

    def _make_room(self) -> None:
        """Remove the longest unused answers while they are too many; several servers may do so at once."""
        sizes = {key: int(size) for key, size in self._redis.hgetall(SIZES).items()}
        held = sum(sizes.values())
        while held > self.limit and (oldest := self._redis.zpopmin(USED)):
            key = oldest[0][0]
            with self._redis.pipeline() as commands:
                commands.delete(PREFIX.encode() + key)
                commands.hdel(SIZES, key)
                commands.execute()
            held -= sizes.get(key, 0)

    def _cannot(self, error: Exception) -> None:
        if self._is_there:
            LOG.warning("the Redis cannot be used, so answers are made anew: %s", reason_of(error))
        self._is_there = False
