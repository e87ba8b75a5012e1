"""Samples as pictures, also where a store's samples are strange or large."""

import io

import pytest
from PIL import Image

from inspectree.server import Store
from inspectree.server.errors import LimitError
from inspectree.server.images import class_sprite, sample_png
from inspectree.server.limits import Limits

USUAL = Limits()


def size(png: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(png)).size


def test_each_pixel_is_as_wide_as_asked_for(store: Store) -> None:
    assert size(sample_png(store["root"], 0, 3, USUAL)) == (12, 12)
    assert size(class_sprite(store["root"], 2, USUAL)) == (3 * 8, 8)


def test_an_image_that_would_be_too_large_is_not_drawn(store: Store) -> None:
    """16 values of 8 bytes while they are made pixels, then 16 · 5² bytes."""
    exactly = 16 * 8 + 16 * 25
    assert size(sample_png(store["root"], 0, 5, Limits(held=exactly))) == (20, 20)
    with pytest.raises(LimitError, match=r"\(limit 'held'\): ask for a smaller scale$"):
        sample_png(store["root"], 0, 5, Limits(held=exactly - 1))
    with pytest.raises(LimitError, match=r"\(limit 'held'\)"):
        class_sprite(store["root"], 5, Limits(held=3 * exactly - 1))
