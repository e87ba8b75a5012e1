"""The same sample is lit wherever it is seen; what is selected is marked, named, and filters other widgets.

The page's own modules put contents beside its widgets: what a tool would have drawn, with few samples.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import numpy as np
import orjson
import pytest
from playwright.sync_api import Page, expect
from sklearn.metrics import confusion_matrix

from inspectree.server import Store

Opened = Callable[..., Page]
Json = dict[str, Any]

X = [0.1, 0.3, 0.5, 0.7, 0.9]
Y = [0.2, 0.8, 0.5, 0.9, 0.1]
SAMPLES = [10, 11, 12, 13, 14]
TRUE, PREDICTED = [0, 0, 1, 1, 1], [0, 1, 1, 1, 0]

SHOW = """async (contents) => {
  const { Content } = await import('/static/js/widgets/content.js');
  const host = document.createElement('div');
  host.id = 'bench';
  host.style.cssText = 'position:fixed;inset:80px 430px auto auto;width:480px;background:var(--card)';
  document.body.append(host);
  window.bench = contents.map((content) => {
    const shown = new Content();
    host.append(shown.root);
    shown.update(content, 'Bench');
    return shown;
  });
}"""

MIDDLES = """(shapes) => shapes.map((shape) => {
  const { x, y, width, height } = shape.getBoundingClientRect();
  return [x + width / 2, y + height / 2];
})"""


def scatter() -> Json:
    """Return five points, each a sample."""
    trace = {"type": "scatter", "mode": "markers", "x": X, "y": Y, "meta": {"samples": SAMPLES}}
    layout = {"height": 220, "xaxis": {"range": [0, 1]}, "yaxis": {"range": [0, 1]}}
    return {"caption": "Points", "figure": {"data": [trace], "layout": layout}}


def colored(content: Json, color: str | list[Any]) -> Json:
    """Return a plot with other colours."""
    content["figure"]["data"][0]["marker"] = {"color": color}
    return content


def cells() -> Json:
    """Return the confusion of the five samples; each cell knows which are in it."""
    counts = confusion_matrix(TRUE, PREDICTED).tolist()
    inside: list[list[list[int]]] = [[[], []], [[], []]]
    for sample, true, predicted in zip(SAMPLES, TRUE, PREDICTED, strict=True):
        inside[true][predicted].append(sample)
    trace = {"type": "heatmap", "z": counts, "x": ["a", "b"], "y": ["a", "b"], "meta": {"samples": inside}}
    layout = {"height": 160, "xaxis": {"type": "category"}, "yaxis": {"type": "category"}}
    return {"figure": {"data": [{**trace, "showscale": False}], "layout": layout}}


def pictures() -> Json:
    """Return the five samples as texts: no picture need be made for them."""
    return {
        "pictures": [{"text": f"text {sample}", "label": "a → b", "sample": sample} for sample in SAMPLES]
    }


@pytest.fixture
def space(store: Store) -> str:
    """Return the name of the samples that all models of the tree followed."""
    return store["digits_conv"].reader.head.samples


@pytest.fixture
def bench(opened: Opened, address: str, space: str) -> Callable[..., Page]:
    """Return how to show contents beside a page, those with figures drawn."""

    def show(*contents: Json, at: str = "") -> Page:
        page = opened(f"{address}#{at}")
        expect(page.locator(".node.model, .node.layer").first).to_be_visible()
        page.evaluate(SHOW, [{"space": space, **content} for content in contents])
        expect(page.locator("#bench .plot .main-svg").first).to_be_visible()
        return page

    return show


def middles(page: Page, selector: str) -> Any:
    """Return the middles of shapes, in pixels of the window."""
    return np.array(page.eval_on_selector_all(f"#bench {selector}", MIDDLES))


def test_a_hovered_picture_rings_its_point_and_its_cell(bench: Callable[..., Page]) -> None:
    """Rings lie on what Plotly has drawn, to the pixel: its private axes are asked where that is."""
    page = bench(scatter(), cells(), pictures())
    page.locator("#bench .picture").nth(3).hover()
    expect(page.locator("#bench .rings .hovered")).to_have_count(2)
    ring, cell = middles(page, ".rings .hovered")
    np.testing.assert_allclose(ring, middles(page, ".point")[3], atol=0.6)
    box = page.locator("#bench .plot").nth(1).locator(".nsewdrag").bounding_box()
    assert box is not None
    expected = box["x"] + 0.75 * box["width"], box["y"] + 0.25 * box["height"]
    np.testing.assert_allclose(cell, expected, atol=1)


def test_a_hovered_point_lights_its_picture_and_shows_the_sample(bench: Callable[..., Page]) -> None:
    page = bench(scatter(), pictures())
    page.mouse.move(*middles(page, ".point")[1])
    expect(page.locator("#bench .picture.same-sample")).to_have_text("text 11a → b")
    expect(page.locator(".preview")).to_have_text("sample 11")
    expect(page.locator(".preview img")).to_have_js_property("complete", True)
    assert page.locator(".preview img").evaluate("image => image.naturalWidth") == 8
    page.mouse.move(5, 5)
    expect(page.locator(".preview, .same-sample, .rings .hovered")).to_have_count(0)


def test_a_hovered_cell_lights_all_its_samples(bench: Callable[..., Page]) -> None:
    page = bench(cells(), pictures())
    box = page.locator("#bench .nsewdrag").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.75 * box["width"], box["y"] + 0.25 * box["height"])
    expect(page.locator("#bench .picture.same-sample .text")).to_have_text(["text 12", "text 13"])


def test_samples_of_another_data_set_are_left_alone(bench: Callable[..., Page]) -> None:
    """The same number is another sample there."""
    page = bench(scatter(), {**pictures(), "space": "other"})
    page.locator("#bench .picture").first.hover()
    expect(page.locator("#bench .picture.same-sample")).to_have_count(1)
    expect(page.locator("#bench .rings .hovered")).to_have_count(0)


def test_a_lasso_selects_what_is_inside(bench: Callable[..., Page]) -> None:
    """Which are marked in every widget; the others are dim."""
    page = bench(scatter(), cells(), pictures())
    page.locator("#bench [data-mode=lasso]").first.click()
    (first, _, third, _, _) = middles(page, ".point")
    left, right, top, bottom = first[0] - 25, third[0] + 25, first[1], third[1]
    corners = [(left, top + 20), (left, bottom - 20), (right, bottom - 20), (right, top + 20)]
    page.mouse.move(*corners[0])
    page.mouse.down()
    for corner in [*corners[1:], corners[0]]:
        page.mouse.move(*corner, steps=6)
    page.mouse.up()
    expect(page.locator(".selection")).to_contain_text("2 samples")
    expect(page.locator("#bench .picture.chosen .text")).to_have_text(["text 10", "text 12"])
    faint = page.eval_on_selector_all(
        "#bench .point", "points => points.map(point => Number(point.style.opacity))"
    )
    assert [opacity < 0.5 for opacity in faint] == [False, True, False, True, True]
    expect(page.locator("#bench .rings .chosen")).to_have_count(4)
    assert page.locator("#bench .selectionlayer path").count() == 0
    np.testing.assert_allclose(middles(page, ".rings .chosen")[:2], [first, third], atol=0.6)


def test_selected_points_are_raised_in_rings_of_their_own_colour(bench: Callable[..., Page]) -> None:
    """Whether one colour, a list or a scale gives it: what Plotly has worked out is asked for."""
    page = bench(*(colored(scatter(), color) for color in ("#ff0000", ["#00ff00"] * 5, [0, 1, 2, 3, 4])))
    page.mouse.click(*middles(page, ".point")[4])
    expect(page.locator("#bench .rings .chosen .ring")).to_have_count(3)
    fills = page.eval_on_selector_all(
        "#bench .rings .chosen .ring", "rings => rings.map((ring) => getComputedStyle(ring).fill)"
    )
    own = page.eval_on_selector_all(
        "#bench .point:nth-of-type(5)", "points => points.map((point) => getComputedStyle(point).fill)"
    )
    assert fills == own
    assert fills[:2] == ["rgb(255, 0, 0)", "rgb(0, 255, 0)"]


def test_clicks_toggle_samples_and_cells_select_theirs(bench: Callable[..., Page]) -> None:
    page = bench(scatter(), cells(), pictures())
    page.mouse.click(*middles(page, ".point")[4])
    expect(page.locator(".selection")).to_contain_text("1 sample")
    page.locator("#bench .picture").first.click()
    expect(page.locator(".selection")).to_contain_text("2 samples")
    page.mouse.click(*middles(page, ".point")[4])
    expect(page.locator("#bench .picture.chosen .text")).to_have_text(["text 10"])
    box = page.locator("#bench .plot").nth(1).locator(".nsewdrag").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 0.75 * box["width"], box["y"] + 0.25 * box["height"])
    expect(page.locator("#bench .picture.chosen .text")).to_have_text(["text 12", "text 13"])


def test_the_keyboard_selects_in_grids_and_plots(bench: Callable[..., Page]) -> None:
    page = bench(scatter(), pictures())
    page.locator("#bench .picture").first.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", " "):
        page.keyboard.press(key)
    expect(page.locator('#bench .picture[aria-selected="true"] .text')).to_have_text(["text 11"])
    expect(page.locator('#bench .picture[tabindex="0"] .text')).to_have_text(["text 11"])
    page.locator("#bench .plot-frame").focus()
    for key in ("ArrowLeft", " "):
        page.keyboard.press(key)
    expect(page.locator('#bench .picture[aria-selected="true"] .text')).to_have_text(["text 11", "text 14"])


def test_a_selection_is_kept_under_a_name_and_filters(bench: Callable[..., Page], store: Store) -> None:
    """The histogram of a layer is of the selected samples' values alone; the address brings all that back."""
    model = store["digits_conv"]
    layer, followed = f"{model.id}/output", model.samples["class"].shape[0]
    widget = {"id": "w1", "tool": "histogram", "uoa": layer, "settings": {}}
    page = bench(scatter(), pictures(), at=urlencode({"widgets": orjson.dumps([widget]).decode()}))
    count = "plot => plot.data?.[0].y.reduce((sum, y) => sum + y, 0)"
    plot = page.locator(".card .plot")
    expect(plot.locator(".main-svg").first).to_be_visible()
    everything = plot.evaluate(count)
    for index in (0, 3):
        page.locator("#bench .picture").nth(index).click()
    expect(page.locator(".selection")).to_contain_text("2 samples")
    page.get_by_label("Rename selection").click()
    page.keyboard.type("hard ones")
    page.keyboard.press("Enter")
    expect(page.locator('[data-selection="hard ones"]')).to_be_visible()
    page.get_by_label("Show only hard ones in every widget").click()
    page.wait_for_function(
        f"() => ({count})(document.querySelector('.card .plot')) === {everything * 2 / followed}"
    )
    again = page.context.new_page()
    again.goto(page.url)
    expect(again.locator('[data-selection="hard ones"] .thumbnails img')).to_have_count(2)
    expect(again.locator(".filtering")).to_contain_text("hard ones")
    again.close()
    page.get_by_label("Drop hard ones").click()
    expect(page.locator(".selection")).to_have_count(0)
    page.wait_for_function(f"() => ({count})(document.querySelector('.card .plot')) === {everything}")


def test_plots_that_went_leave_nothing_behind(bench: Callable[..., Page]) -> None:
    """Neither elements nor listeners: twenty are added and removed, again and again."""
    page = bench(scatter())
    devtools = page.context.new_cdp_session(page)
    again = """async (content) => {
      const { Content } = await import('/static/js/widgets/content.js');
      const shown = Array.from({ length: 20 }, () => new Content());
      for (const each of shown) {
        document.getElementById('bench').replaceChildren(each.root);
        each.update(content);
        await each.plot.appear();
      }
      for (const each of shown) each.destroy();
      document.getElementById('bench').replaceChildren();
    }"""

    def counters() -> Json:
        page.evaluate(again, scatter())
        page.wait_for_timeout(300)  # Plotly's last tasks
        devtools.send("HeapProfiler.collectGarbage")
        return devtools.send("Memory.getDOMCounters")

    counters()
    before, after = counters(), counters()
    assert after["nodes"] <= before["nodes"] + 20
    assert after["jsEventListeners"] <= before["jsEventListeners"] + 5
