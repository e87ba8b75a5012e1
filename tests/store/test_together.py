"""Several processes log into one store at the same time."""

from collections.abc import Callable
from pathlib import Path
from subprocess import Popen
from types import SimpleNamespace

from inspectree.logger.store.parents import headers, resolve_parents
from inspectree.logger.store.reader import ModelReader
from inspectree.server.check import check
from inspectree.server.inspector import Inspector
from inspectree.server.store import open_store

PROCESSES, CHECKPOINTS = 8, 6


def test_eight_processes_log_into_one_store(
    started: Callable[..., "Popen[str]"], training: SimpleNamespace, tmp_path: Path
) -> None:
    """All are complete, the catalogue has them, and each can be named as a parent."""
    store = tmp_path / "runs"
    ids = [f"model-{number}" for number in range(PROCESSES)]
    processes = [started(store, id_, CHECKPOINTS) for id_ in ids]
    told = [process.communicate()[1] for process in processes]
    assert [process.returncode for process in processes] == [0] * PROCESSES, told
    for id_ in ids:
        model = ModelReader(store / "models" / id_)
        assert (model.state, model.checkpoint_numbers()) == ("finished", list(range(CHECKPOINTS)))
        assert [line["epoch"] for line in model.history()] == list(range(CHECKPOINTS))
    assert {model.id for model in open_store(store).models} == set(ids)
    assert {header.id for header in headers(store)} == set(ids)
    assert resolve_parents(store, ("model-3", "name of model-7")) == ("model-3", "model-7")
    with Inspector() as inspector:
        assert [finding for finding in check(store, inspector) if finding is not None] == []
