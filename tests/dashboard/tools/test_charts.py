"""What tools draw with: strips that tell colours, words that tell cuts, bytes in one convention."""

import numpy as np
import pytest

from inspectree.dashboard.images import ACTIVATION
from inspectree.dashboard.sizes import bytes_text, in_unit
from inspectree.dashboard.tools.charts.captions import first_of, left_out, some_of
from inspectree.dashboard.tools.charts.figures import heatmap, key_marks, sample_bars
from inspectree.dashboard.tools.charts.keys import key


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (2_237_067, "2.2 MB"), (64e9, "64 GB"), (2e18, "2000 PB")],
)
def test_bytes_are_told_in_units_of_a_thousand(count: float, text: str) -> None:
    assert bytes_text(count) == text
    size, unit = in_unit(count)
    assert text.startswith(f"{size:.0f}"[:1])
    assert text.endswith(unit)


def test_a_cut_says_of_how_many() -> None:
    assert (some_of(12, 1797), some_of(1797, 1797)) == ("12 of 1,797", "1,797")
    assert left_out(2, 9, "layers") == " · 2 of 9 layers, evenly chosen"
    assert first_of(2, 9, "layers", "largest") == " · the largest 2 of 9 layers"
    assert left_out(9, 9, "layers") == first_of(9, 9, "layers") == ""


def test_beside_colours_stand_the_ends_and_zero_or_the_middle() -> None:
    assert key_marks(-1.0, 3.0) == [-1, 0, 3]
    assert key_marks(2.0, 4.0) == [2, 3, 4]
    assert key_marks(-0.1, 4.0) == [-0.1, 1.95, 4], "0 would stand on the lowest"
    assert key_marks(2.0, 2.0) == [2]


def test_a_strip_goes_through_the_palette() -> None:
    (strip,) = key(ACTIVATION, (-1.0, 1.0))["data"]
    colors = strip["marker"]["color"]
    assert (colors[0], colors[-1]) == ("rgb(24,28,64)", "rgb(255,250,200)")
    assert strip["x"] == pytest.approx(np.linspace(-1, 1, 129)[1::2])
    axis = key(ACTIVATION, (0.0, 0.5))["layout"]["xaxis"]
    assert (axis["tickvals"], axis["ticktext"]) == ([0, 0.25, 0.5], ["0", "0.25", "0.5"])


def test_cells_have_a_strip_where_numbers_are_wanted() -> None:
    values = np.array([[-1.0, np.nan], [0.5, 2.0]])
    cells = heatmap(values, ["a", "b"], ["c", "d"], template="", scale="activation", numbers=".2g")
    assert cells["showscale"]
    assert cells["colorbar"]["tickvals"] == [-1, 0, 2]
    assert cells["colorbar"]["ticktext"] == ["-1", "0", "2"]
    assert not heatmap(values, ["a", "b"], ["c", "d"], template="", scale="counts")["showscale"]


def test_bars_of_samples_are_as_high_as_there_are_samples() -> None:
    drawn = sample_bars(np.array([0.0, 0.5, 1.0]), [[3, 4], []], color="#000000", ends=".0%")
    assert (drawn["x"], drawn["width"], drawn["y"]) == ([0.25, 0.75], [0.5, 0.5], [2, 0])
    assert drawn["meta"]["samples"] == [[3, 4], []]
    assert drawn["hovertemplate"].startswith("%{customdata[0]:.0%} … %{customdata[1]:.0%}<br>")
