"""Every model of the zoo, trained once with the logger watching and once without."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import keras
import pytest

from inspectree.logger import TreeLogger
from inspectree.logger.store.reader import CheckpointReader, ModelReader
from tests.logger.zoo.models import ZOO
from tests.logger.zoo.oracle import Seen, look, predict
from tests.logger.zoo.specimen import BATCH, Specimen


@dataclass(frozen=True)
class Watched:
    """A trained model, its log, and what is known of it without the log."""

    specimen: Specimen
    reader: ModelReader
    history: dict[str, list[float]]
    alone: dict[str, list[float]]
    seen: Seen
    predictions: list[Any]

    @property
    def model(self) -> Any:
        return self.specimen.model

    @cached_property
    def last(self) -> CheckpointReader:
        return self.reader.checkpoint(self.reader.checkpoint_numbers()[-1])


def _fitted(specimen: Specimen, *callbacks: Any) -> dict[str, list[float]]:
    options = {"epochs": 2, "batch_size": BATCH, "verbose": 0, **specimen.fit}
    history: dict[str, list[float]] = specimen.model.fit(
        specimen.x, specimen.y, callbacks=list(callbacks), **options
    ).history
    return history


@pytest.fixture(scope="session", params=ZOO.items(), ids=ZOO)
def watched(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Watched:
    """Return one model after the other."""
    name, kind = request.param
    backend = keras.backend.backend()
    if backend in kind.not_on:
        pytest.skip(f"{name} on {backend}: {kind.not_on[backend]}")
    store = tmp_path_factory.mktemp("zoo")
    specimen = kind.make()
    logger = TreeLogger(store, name=name, samples=specimen.samples, on_error="raise")
    history = _fitted(specimen, logger)
    seen, predictions = look(specimen.model, specimen.followed), predict(specimen.model, specimen.followed)
    reader = ModelReader(store / "models" / logger.header.id)
    return Watched(specimen, reader, history, _fitted(kind.make()), seen, predictions)
