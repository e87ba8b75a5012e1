"""One store for every test of the dashboard: three generations, trained by Keras and logged for real."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from hypothesis import settings
from numpy.typing import NDArray

from inspectree.dashboard.client import Client
from inspectree.dashboard.index import Index, read_index
from inspectree.dashboard.view import View, WidgetSpec
from inspectree.dashboard.widgets import draw_widget, find_unit
from inspectree.logger import Header, TreeLogger
from inspectree.server import Store, open_store
from inspectree.server.api.app import create_app

settings.register_profile("inspectree", deadline=None)  # machines may be slow, and busy with other tests
settings.load_profile("inspectree")

TENSORFLOW_ARRAYS = "ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning"

GENERATIONS = (0, 2, 3)
"""Of the sample tree: dense, convolutional, and convolutional with a skip connection."""


def pytest_configure(config: pytest.Config) -> None:
    """Let TensorFlow's variables be turned into arrays by Keras, whose way of asking NumPy finds outdated."""
    config.addinivalue_line("filterwarnings", TENSORFLOW_ARRAYS)


@dataclass(frozen=True)
class Tree:
    """The store, and what Keras itself says: the live models and their histories, by name."""

    folder: Path
    models: dict[str, Any]
    histories: dict[str, dict[str, list[float]]]
    x: NDArray[np.float32]
    y: NDArray[np.int64]


@dataclass(frozen=True)
class Page:
    """What a reader of the page sees of a store, by the real interface, in this process."""

    store: Store
    client: Client
    index: Index

    def show(self, region: Callable[..., Awaitable[Any]], view: View | None = None) -> Any:
        """Return what a region shows."""
        return asyncio.run(region(self.client, view or View(), self.index))  # type: ignore[arg-type]

    def card(self, tool: str, uoa: str, view: View | None = None, **changed: Any) -> dict[str, Any]:
        """Return the card of a tool that is applied to a unit, with some settings changed."""
        spec = WidgetSpec("w1", tool, uoa, changed)
        return asyncio.run(draw_widget(self.client, spec, view or View(), self.index))

    def unit(self, uoa: str) -> Any:
        """Return what a path stands for."""
        return asyncio.run(find_unit(self.client, uoa, self.index))


def open_page(folder: Path) -> Page:
    """Open a store as the server would, and read its index as the dashboard does."""
    store = open_store(folder)
    client = Client(httpx.ASGITransport(app=create_app(store)))
    return Page(store, client, asyncio.run(read_index(client)))


@pytest.fixture(name="open_page", scope="session")
def opening() -> Callable[[Path], Page]:
    """Return `open_page` for tests that need another store."""
    return open_page


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """Train three generations for two epochs, with 300 digits followed; of the last one gradients, too."""
    import keras
    from sklearn.datasets import load_digits

    from inspectree.sample_experiments import digits

    folder = tmp_path_factory.mktemp("dashboard") / "runs"
    data = load_digits()
    images, labels = (data.images[..., np.newaxis] / 16).astype("float32"), data.target
    x, y = images[:300], labels[:300]
    models: dict[str, Any] = {}
    histories = {}
    for number in GENERATIONS:
        generation = digits.TREE[number]
        keras.utils.set_random_seed(7)
        model = generation.build()
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        header = Header(
            name=generation.name, label=generation.label, parents=generation.parents,
            tags=("digits",), notes=generation.notes,
        )  # fmt: skip
        everything = number == GENERATIONS[-1]
        logger = TreeLogger(
            folder, header, samples=(x, y), class_names=digits.CLASSES, on_error="raise",
            gradients=everything, updates=everything,
        )  # fmt: skip
        histories[generation.name] = model.fit(
            images[300:], labels[300:], validation_data=(x, y),
            epochs=2, batch_size=64, verbose=0, callbacks=[logger],
        ).history  # fmt: skip
        models[generation.name] = model
    return Tree(folder, models, histories, x, y)


@pytest.fixture(scope="session")
def page(tree: Tree) -> Page:
    """Return the page of the store that nobody changes."""
    return open_page(tree.folder)


@pytest.fixture(scope="session")
def store(page: Page) -> Store:
    return page.store


@pytest.fixture(scope="session")
def ids(store: Store) -> Mapping[str, str]:
    """Return the models' ids by their names."""
    return {model.header.name: model.id for model in store.models}
