"""Caches that cannot be used, or that somebody else has written to."""

import logging
import subprocess
from pathlib import Path

import pytest
import redis

from inspectree.server.cache import FolderCache, made
from inspectree.server.cache.redis import PREFIX, RedisCache
from inspectree.server.errors import CacheError
from inspectree.server.questions.body import Body

BODY = Body(b"[1]", "application/json", {"ms": 1.0})


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CacheError, match=r"^the cache .*file/in cannot be written: Not a directory$"):
        made(str(tmp_path / "file/in"))


@pytest.mark.parametrize("cut", [0, 10, 40, -1])
def test_a_damaged_file_is_no_answer(cut: int, tmp_path: Path) -> None:
    cache = FolderCache(tmp_path)
    cache.put("a", BODY)
    (file,) = tmp_path.glob("*.answer")
    file.write_bytes(file.read_bytes()[:cut])
    assert cache.get("a") is None
    cache.put("a", BODY)
    assert cache.get("a") == BODY


def test_a_folder_that_was_filled_before_is_bounded_too(tmp_path: Path) -> None:
    before = FolderCache(tmp_path)
    for number in range(10):
        before.put(str(number), Body(b"x" * 1000))
    FolderCache(tmp_path, limit=5000).put("new", Body(b"x" * 1000))
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) <= 5000


def test_a_redis_that_is_not_there_is_told() -> None:
    with pytest.raises(CacheError, match=r"^the Redis cannot be used: "):
        made("redis://127.0.0.1:1/0")


def test_what_is_no_answer_of_ours_is_none(redis_server: str) -> None:
    cache = RedisCache(redis_server)
    with redis.Redis.from_url(redis_server) as client:
        for number, content in enumerate([b"", b"x", b"{}\n1", b"\x80\x04K\x01."]):
            client.set(f"{PREFIX}{number}", content)
            assert cache.get(str(number)) is None


def test_a_redis_that_goes_costs_no_answer(
    redis_server: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told once. The Redis of the other tests stays: this one's client is led elsewhere."""
    cache = RedisCache(redis_server)
    monkeypatch.setattr(cache, "_redis", redis.Redis.from_url("redis://127.0.0.1:1/0"))
    with caplog.at_level(logging.WARNING):
        assert cache.get("a") is None
        cache.put("a", BODY)
    assert len([record for record in caplog.records if "the Redis cannot be used" in record.message]) == 1


def test_a_redis_needs_its_package(tmp_path: Path) -> None:
    """One line says what to install."""
    import sys

    script = (
        "import sys; sys.modules['redis'] = None\nfrom inspectree.server.cache import made\nmade('redis://x')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert "a Redis needs the package redis: pip install 'inspectree[redis]'" in done.stderr
