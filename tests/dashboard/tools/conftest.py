"""Pictures of widgets, decoded as a browser would."""

from base64 import b64decode
from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

Decode = Callable[[dict[str, Any]], NDArray[np.uint8]]


@pytest.fixture(scope="session")
def decode() -> Decode:
    """Return the pixels (y, x, 3) of a picture."""

    def pixels(picture: dict[str, Any]) -> NDArray[np.uint8]:
        data = b64decode(picture["src"].partition(",")[2])
        return np.asarray(Image.open(BytesIO(data)).convert("RGB"))

    return pixels
