"""What the experiments log, trained once for all tests, and the REST interface that is asked about it."""

import asyncio
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import pytest

from inspectree.sample_experiments.images import Images, load_images
from inspectree.server import Store, open_store
from inspectree.server.api.app import create_app

TENSORFLOW_ARRAYS = "ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning"


def pytest_configure(config: pytest.Config) -> None:
    """Let TensorFlow's variables be turned into arrays by Keras, whose way of asking NumPy finds outdated."""
    config.addinivalue_line("filterwarnings", TENSORFLOW_ARRAYS)


class Asked:
    """A store as its REST interface tells it, in this process."""

    def __init__(self, folder: Path) -> None:
        self.store: Store = open_store(folder)
        self._transport = httpx.ASGITransport(app=create_app(self.store))

    def get(self, path: str) -> Any:
        """Return the JSON of an address below ``/api``."""
        return self._answer("GET", path, None)

    def post(self, path: str, question: dict[str, Any]) -> Any:
        """Return the JSON that answers a question."""
        return self._answer("POST", path, question)

    def _answer(self, method: str, path: str, question: dict[str, Any] | None) -> Any:
        async def answer() -> httpx.Response:
            async with httpx.AsyncClient(transport=self._transport, base_url="http://127.0.0.1") as client:
                return await client.request(method, f"/api/{path}", json=question, timeout=60)

        response = asyncio.run(answer())
        assert response.status_code == 200, response.text
        return response.json()

    @cached_property
    def ids(self) -> dict[str, str]:
        """Return the models' ids by their names."""
        return {model.header.name: model.id for model in self.store.models}

    def values(self, uoa: str, *pipeline: dict[str, Any]) -> Any:
        """Return what a pipeline makes of a unit."""
        return self.post("values", {"uoa": uoa, "pipeline": list(pipeline)})["values"]

    def last(self, name: str, metric: str) -> float:
        """Return a metric of a model's last epoch."""
        return float(self.get(f"models/{self.ids[name]}/history")["metrics"][metric][-1])

    def raw(self, measure: str, name: str, checkpoint: str = "last") -> dict[str, float]:
        """Return what a measure sees in the activations of every layer of a model, by the layers' paths."""
        return {layer: score["raw"] for layer, score in self._scores(measure, name, checkpoint).items()}

    def deviations(self, measure: str, name: str) -> dict[str, float]:
        """Return how far every layer's activations are from the measure's own baseline."""
        return {layer: score["deviation"] for layer, score in self._scores(measure, name, "last").items()}

    def _scores(self, measure: str, name: str, checkpoint: str) -> dict[str, Any]:
        asked = {"models": [name], "measure": measure, "checkpoint": checkpoint}
        scores = self.post("interestingness", asked)["scores"]
        of_layers = [
            score for score in scores if score["level"] == "variable" and score["type"] == "activations"
        ]
        return {score["uoa"].partition("/")[2].rpartition("/")[0]: score for score in of_layers}


@pytest.fixture(name="asking", scope="session")
def asking_() -> Callable[[Path], Asked]:
    """Return `Asked` for tests that train by themselves."""
    return Asked


@pytest.fixture(scope="session")
def images() -> Images:
    """Return the digits."""
    return load_images()
