"""Answers that are kept."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from inspectree.logger.header import Header
from inspectree.logger.store.writer import ModelWriter
from inspectree.server import Store, open_store
from inspectree.server.answering import answered
from inspectree.server.cache import MemoryCache
from inspectree.server.grammar import GRAMMAR
from inspectree.server.query import Filters
from inspectree.server.result import Provenance, Result
from inspectree.server.service import Service


def result(size: int) -> Result:
    return Result(xr.DataArray(np.zeros(size, np.uint8)), Provenance("values", 0, 0))


def test_what_was_not_asked_for_the_longest_goes_first() -> None:
    cache = MemoryCache(limit=100)
    cache.put("a", result(50))
    cache.put("b", result(40))
    assert cache.get("a") is not None
    cache.put("c", result(40))
    assert cache.get("b") is None
    assert cache.get("a") is not None
    assert cache.held == 90


def test_what_is_larger_than_the_cache_is_not_kept() -> None:
    cache = MemoryCache(limit=10)
    cache.put("a", result(11))
    assert (cache.get("a"), cache.held) == (None, 0)


def test_a_new_answer_takes_the_old_ones_place() -> None:
    cache = MemoryCache(limit=100)
    cache.put("a", result(60))
    cache.put("a", result(70))
    assert cache.held == 70


def test_tables_are_weighed_too() -> None:
    assert Result(pd.DataFrame({"a": [1.0, 2.0]}), Provenance("values", 0, 0)).nbytes >= 16


def test_the_same_question_is_answered_from_the_cache(store: Store) -> None:
    service = Service(store, MemoryCache())
    pipeline = GRAMMAR.parse([{"op": "median"}])
    first = answered(service, ["root/conv/kernel"], pipeline)
    second = answered(service, ["aaaa@3/conv/kernel"], pipeline)
    assert (first.provenance.cached, second.provenance.cached) == (False, True)
    assert second.value is first.value
    others = [
        answered(service, ["root/conv/kernel"]),
        answered(service, ["root@2/conv/kernel"], pipeline),
        answered(service, ["root/conv/kernel#0"], pipeline),
        answered(service, ["root/conv"], pipeline, Filters(classes=("one",))),
    ]
    assert not any(other.provenance.cached for other in others)


def test_an_answer_is_never_stale(tmp_path: Path, write_model: Callable[..., ModelWriter]) -> None:
    """A file that is rewritten below the server is read anew."""
    write_model(tmp_path, Header(id="aaaa", name="a"), (0, 1))
    service = Service(open_store(tmp_path), MemoryCache())
    before = answered(service, ["a@0/conv/kernel"])
    shutil.copy(
        tmp_path / "models/aaaa/checkpoints/000001.h5", tmp_path / "models/aaaa/checkpoints/000000.h5"
    )
    after = answered(service, ["a@0/conv/kernel"])
    assert not after.provenance.cached
    assert not after.value.equals(before.value)
