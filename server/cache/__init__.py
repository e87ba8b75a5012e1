"""Where answers are kept, by what they were made from: in memory, in a folder, or in a Redis."""

from pathlib import Path

from inspectree.server.cache.base import DEFAULT_BYTES, Cache
from inspectree.server.cache.folder import FolderCache
from inspectree.server.cache.memory import MemoryCache
from inspectree.server.errors import CacheError

__all__ = ["Cache", "FolderCache", "MemoryCache", "made"]

SCHEMES = ("redis", "rediss", "unix")
REDIS = tuple(f"{scheme}://" for scheme in SCHEMES)


def made(setting: str, limit: int = DEFAULT_BYTES) -> Cache:
    """Return the cache that ``memory``, a folder, or the address of a Redis stands for; of ``limit`` bytes.

    Raises
    ------
    CacheError
        When it cannot be used; says why.
    """
    if setting == "memory":
        return MemoryCache(limit)
    if setting.startswith(REDIS):
        from inspectree.server.cache.redis import RedisCache  # needs the extra of that name

        return RedisCache(setting, limit)
    if setting in SCHEMES:
        raise CacheError(f"{setting!r} is no address of a Redis: write {setting}://HOST:PORT/DB")
    return FolderCache(Path(setting), limit)
