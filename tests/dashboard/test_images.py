"""Arrays as PNG, decoded again by Pillow."""

from base64 import b64decode
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray
from PIL import Image

from inspectree.dashboard.images import ACTIVATION, GREY, SIGNED, extremes, png, sheet, symmetric, uri

HEADER = "data:image/png;base64,"


def decoded(png_: bytes, mode: str = "RGB") -> NDArray[np.uint8]:
    return np.asarray(Image.open(BytesIO(png_)).convert(mode))


def of_uri(text: str, mode: str = "RGB") -> NDArray[np.uint8]:
    assert text.startswith(HEADER)
    return decoded(b64decode(text.removeprefix(HEADER)), mode)


def test_the_lowest_value_is_the_palette_s_first_colour_and_the_highest_its_last() -> None:
    """Between them, 0.5 of the way is level 127 of 255."""
    pixels = np.array([[0.0, 1.0], [2.0, 1.0]])
    assert decoded(png(pixels))[..., 0].tolist() == [[0, 127], [255, 127]]
    for palette in (ACTIVATION, SIGNED, GREY):
        image = decoded(png(pixels, palette))
        assert [tuple(image[0, 0]), tuple(image[1, 0])] == [palette[0], palette[255]]


def test_limits_are_the_palette_s_ends() -> None:
    image = decoded(png(np.array([[0.0, 5.0], [10.0, 99.0]]), GREY, (0, 10)))
    assert image[..., 0].tolist() == [[0, 127], [255, 255]]


def test_colour_images_keep_their_channels() -> None:
    pixels = np.zeros((2, 3, 3), np.float32)
    pixels[0, 1] = [1.0, 0.5, 0.0]
    image = decoded(png(pixels))
    assert image.shape == (2, 3, 3)
    assert image[0, 1].tolist() == [255, 127, 0]
    assert image.sum() == 255 + 127


@given(
    arrays(np.float32, array_shapes(min_dims=2, max_dims=2, max_side=6), elements=st.floats(-9, 9, width=32))
)
def test_the_png_holds_each_pixel_s_level(pixels: NDArray[np.float32]) -> None:
    """The share of the range, as NumPy computes it in double precision, within one level of 256."""
    low, high = float(pixels.min()), float(pixels.max())
    image = decoded(png(pixels))[..., 0].astype(float)
    assert image.shape == pixels.shape
    if high - low > 1e-3:
        expected = (pixels.astype(float) - low) / (high - low) * 255
        assert np.abs(image - expected).max() <= 1


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_what_is_not_finite_is_at_the_ends(dtype: str) -> None:
    pixels = np.array([[np.nan, -np.inf, 1.0], [2.0, 3.0, np.inf]], dtype)
    assert decoded(png(pixels))[..., 0].tolist() == [[0, 0, 0], [127, 255, 255]]


def test_half_precision_does_not_overflow() -> None:
    pixels = np.array([[-60_000, 0, 60_000]] * 2, "float16")
    assert decoded(png(pixels))[0, :, 0].tolist() == [0, 127, 255]


def test_nothing_but_what_is_not_finite_is_an_image_too() -> None:
    assert extremes(np.full((2, 2), np.nan)) == (0.0, 1.0)
    assert decoded(png(np.full((2, 2), np.nan)))[..., 0].tolist() == [[0, 0], [0, 0]]


def test_one_value_everywhere_is_one_colour() -> None:
    assert len(np.unique(decoded(png(np.full((3, 3), 7.0))))) == 1


def test_zero_is_in_the_middle_of_symmetric_limits() -> None:
    assert symmetric(np.array([-1.0, 3.0])) == (-3.0, 3.0)
    assert symmetric(np.array([-4.0, 3.0])) == (-4.0, 4.0)
    assert symmetric(np.zeros(2)) == (-1.0, 1.0)
    image = decoded(png(np.array([[-3.0, 0.0, 3.0]] * 2), SIGNED, symmetric(np.array([-1.0, 3.0]))))
    blue, white, red = image[0].tolist()
    assert blue == [37, 99, 199]
    assert min(white) > 235
    assert red == [214, 48, 49]


def test_a_uri_is_the_png() -> None:
    pixels = np.arange(4.0).reshape(2, 2)
    assert b64decode(uri(pixels).removeprefix(HEADER)) == png(pixels)


def test_a_sheet_holds_images_in_rows_on_one_scale_with_a_transparent_pixel_between() -> None:
    low, high = np.zeros((2, 3)), np.ones((2, 3))
    image = of_uri(sheet([low, high, high], ACTIVATION, 2), "RGBA")
    assert image.shape == (5, 7, 4)
    assert (image[:2, :3] == (*ACTIVATION[0], 255)).all()
    assert (image[:2, 4:] == (*ACTIVATION[255], 255)).all()
    assert (image[3:, :3] == (*ACTIVATION[255], 255)).all()
    assert (image[2, :, 3] == 0).all()
    assert (image[:, 3, 3] == 0).all()
    assert (image[3:, 4:, 3] == 0).all(), "no fourth image"


def test_a_sheet_of_few_images_is_no_wider_than_they_are() -> None:
    assert of_uri(sheet([np.zeros((2, 3))], GREY, 6)).shape == (2, 3, 3)
