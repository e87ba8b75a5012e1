"""Where answers are kept, by what they were made from: in memory, in a folder, or in a Redis."""

from pathlib import Path

from inspectree.server.cache.base import DEFAULT_BYTES, Cache
from inspectree.server.cache.folder import FolderCache
from inspectree.server.cache.memory import MemoryCache

__all__ = ["Cache", "FolderCache", "MemoryCache", "made"]

REDIS = ("redis://", "rediss://", "unix://")


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
    return FolderCache(Path(setting), limit)
