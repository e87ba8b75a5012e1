"""What every cache has to do."""

import time
from collections.abc import Callable

from inspectree.server.cache import Cache
from inspectree.server.questions.body import Body

Caches = Callable[[int], Cache]


def body(size: int, sign: bytes = b"x") -> Body:
    return Body(sign * size, "text/csv", {"source": "values", "bytes_read": 7, "notes": ["one"]})


def test_an_answer_comes_back_as_it_was(cache_of: Caches) -> None:
    cache = cache_of(10_000)
    given = Body(b'{"a":\n1}\x00\xff', "application/x-npy", {"ms": 1.5})
    cache.put("a", given)
    assert cache.get("a") == given
    assert cache.get("b") is None


def test_an_answer_without_provenance_comes_back(cache_of: Caches) -> None:
    cache = cache_of(10_000)
    cache.put("a", Body(b"", "image/png"))
    assert cache.get("a") == Body(b"", "image/png", None)


def test_a_new_answer_takes_the_old_ones_place(cache_of: Caches) -> None:
    cache = cache_of(10_000)
    cache.put("a", body(6000))
    cache.put("a", body(7000, b"y"))
    assert cache.get("a") == body(7000, b"y")


def test_what_is_larger_than_the_cache_is_not_kept(cache_of: Caches) -> None:
    cache = cache_of(1000)
    cache.put("a", body(1001))
    assert cache.get("a") is None


def test_what_was_not_asked_for_the_longest_goes_first(cache_of: Caches) -> None:
    cache = cache_of(10_000)
    for key, size in (("a", 4000), ("b", 4000)):
        cache.put(key, body(size))
        time.sleep(0.01)  # clocks of files are coarse
    assert cache.get("a") is not None
    time.sleep(0.01)
    cache.put("c", body(4000))
    assert cache.get("b") is None
    assert [cache.get(key) for key in "ac"] == [body(4000)] * 2


def test_it_never_holds_more_than_its_limit(cache_of: Caches) -> None:
    cache = cache_of(20_000)
    for number in range(60):
        cache.put(str(number), body(1000 + 10 * number))
    kept = [key for key in map(str, range(60)) if cache.get(key) is not None]
    assert sum(1000 + 10 * int(key) for key in kept) <= 20_000
    assert kept
    assert kept[-1] == "59"


def test_others_find_what_one_has_kept(cache_of: Caches) -> None:
    one, other = cache_of(10_000), cache_of(10_000)
    one.put("a", body(10))
    assert (other.get("a") == body(10)) is one.waits
