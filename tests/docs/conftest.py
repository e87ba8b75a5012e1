"""What tests of the documentation share."""

from pathlib import Path

import pytest

TENSORFLOW_ARRAYS = "ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning"

ROOT = Path(__file__).parents[2]


def pytest_configure(config: pytest.Config) -> None:
    """Let TensorFlow's variables be turned into arrays by Keras, whose way of asking NumPy finds outdated."""
    config.addinivalue_line("filterwarnings", TENSORFLOW_ARRAYS)


@pytest.fixture(scope="session")
def docs() -> Path:
    """Return the folder of the documentation."""
    return ROOT / "docs"
