"""Graphs of many layers: folded, unfolded in place, culled, and from far a canvas that answers."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from inspectree.logger.architecture.model_graph import Edge, ModelGraph, Node, Tensor
from inspectree.logger.header import Header
from inspectree.logger.store.record import Samples
from inspectree.logger.store.writer import ModelWriter
from tests.dashboard.browser.panels import until

Opened = Callable[..., Page]

MANY, FOLDED = "aaaa0000-many", "bbbb0000-folded"
LAYERS = 400
BLOCKS = 30


def layer(name: str, type_: str, kind: Any = "layer") -> Node:
    output = Tensor(shape=(None, 4), dtype="float32", dims=("sample", "unit"))
    return Node(id=name, kind=kind, type=type_, name=name, outputs=(output,))


def write(store: Path, id_: str, nodes: list[Node], skips: list[tuple[str, str]]) -> None:
    """Write a model that was never trained: a chain with some skips."""
    names = [node.id for node in nodes]
    edges = [Edge(source=a, target=b) for a, b in pairwise(names)]
    edges += [Edge(source=a, target=b, target_port=1) for a, b in skips]
    graph = ModelGraph(
        name=id_,
        type="Functional",
        framework="keras",
        nodes=tuple(nodes),
        edges=tuple(edges),
        outputs=(names[-1],),
    )
    writer = ModelWriter(store, Header(id=id_, name=id_, label=id_[9:]))
    writer.start(graph, {}, Samples(inputs={"input": np.zeros((2, 4), np.float32)}, ids=np.arange(2)))
    writer.finish("finished")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store of a model in which no layer is like another, and of one of equal blocks."""
    store = tmp_path_factory.mktemp("layers") / "runs"
    first = layer("input", "InputLayer", "input")
    write(store, MANY, [first, *(layer(f"layer_{n}", f"Type{n}") for n in range(LAYERS - 1))], [])
    blocks = [layer(f"{kind}_{n}", kind.title()) for n in range(BLOCKS) for kind in ("dense", "add")]
    ends = ["input", *(f"add_{n}" for n in range(BLOCKS))]
    write(store, FOLDED, [first, *blocks], [(ends[n], f"add_{n}") for n in range(BLOCKS)])
    return store


@pytest.fixture
def many(opened: Opened, serve: Callable[[Path], str], folder: Path) -> Page:
    """Return the page at the model of many layers, everything in sight."""
    page = opened(f"{serve(folder)}#{urlencode({'at': MANY, 'level': 'L2'})}")
    page.wait_for_selector(".far-view:not([hidden]), .node")
    page.get_by_label("Show everything (0)").click()
    page.wait_for_selector(".far-view:not([hidden])")
    return page


@pytest.fixture
def folded(opened: Opened, serve: Callable[[Path], str], folder: Path) -> Page:
    page = opened(f"{serve(folder)}#{urlencode({'at': FOLDED, 'level': 'L2'})}")
    page.wait_for_selector(".node.fold")
    return page


def in_hash(page: Page, text: str) -> None:
    """Wait until the address holds something."""
    page.wait_for_url(lambda url: text in url)


def test_repeated_blocks_unfold_by_a_click_and_fold_back(folded: Page) -> None:
    fold = folded.locator(".node.fold")
    expect(fold.locator(".name").first).to_have_text(f"×{BLOCKS} block of 2 layers")
    fold.click()
    expect(folded.locator(".node.layer")).to_have_count(2 * BLOCKS + 1)
    in_hash(folded, "unfolded")
    folded.locator(".frame.open .unfold").first.dispatch_event("click")
    expect(fold).to_have_count(1)
    expect(folded.locator(".node")).to_have_count(2)


def test_the_keyboard_unfolds_and_folds_back(folded: Page) -> None:
    folded.locator(".node.fold").focus()
    folded.keyboard.press("Enter")
    expect(folded.locator(".node.layer")).to_have_count(2 * BLOCKS + 1)
    folded.locator('.node[data-uoa$="/dense_0"]').focus()
    folded.keyboard.press("Shift+Enter")
    expect(folded.locator(".node.fold")).to_have_count(1)


def test_the_menu_unfolds(folded: Page) -> None:
    folded.locator(".node.fold").click(button="right")
    folded.get_by_role("menuitem", name="Unfold in place").click()
    expect(folded.locator(".node.layer")).to_have_count(2 * BLOCKS + 1)


def test_the_address_brings_what_is_unfolded_back(folded: Page, opened: Opened) -> None:
    folded.locator(".node.fold").click()
    in_hash(folded, "unfolded")
    expect(opened(folded.url).locator(".node.layer")).to_have_count(2 * BLOCKS + 1)


def test_the_document_holds_what_is_in_sight(many: Page) -> None:
    """Seen from far nothing; near, some; and others after the drawing has been moved."""
    nodes = many.locator(".graph-view .node")
    expect(nodes).to_have_count(0)
    for _ in range(12):
        many.get_by_label("Zoom in (+)").click()
    expect(many.locator(".far-view")).to_be_hidden()
    near = set(nodes.evaluate_all("nodes => nodes.map((node) => node.dataset.uoa)"))
    assert 0 < len(near) < LAYERS / 2
    many.locator(".graph-view > svg").focus()
    for _ in range(30):
        many.keyboard.press("ArrowUp")
    many.wait_for_timeout(200)
    there = set(nodes.evaluate_all("nodes => nodes.map((node) => node.dataset.uoa)"))
    assert there - near
    assert near - there


def test_panning_moves_the_drawing_as_it_is_painted(folded: Page) -> None:
    """The sheet under it is moved: the drawing on it is not touched until it is another scale."""
    group, fold = folded.locator(".graph-view .viewport"), folded.locator(".node.fold")
    painted = group.get_attribute("transform")
    x, y = place(folded, fold.get_attribute("data-uoa") or "")
    folded.mouse.move(x, y + 200)
    folded.mouse.down()
    folded.mouse.move(x + 60, y + 230, steps=5)
    folded.mouse.up()
    until(folded, lambda: place(folded, fold.get_attribute("data-uoa") or "") == (x + 60, y + 30))
    assert group.get_attribute("transform") == painted
    folded.mouse.click(x + 60, y + 30)
    expect(folded.locator(".node.layer")).to_have_count(2 * BLOCKS + 1)
    folded.get_by_label("Zoom in (+)").click()
    expect(group).not_to_have_attribute("transform", painted or "")


def place(page: Page, uoa: str) -> tuple[float, float]:
    """Return where the middle of a unit, which has to be in the document, is on the screen."""
    box = page.locator(f'.node[data-uoa="{uoa}"] .box').bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def far_place(page: Page) -> tuple[str, float, float]:
    """Return some unit of the canvas, and where it is: the keyboard's focus brings it into the document."""
    page.locator(".graph-view > svg").focus()
    for _ in range(3):  # the frame, the input, the first layer
        page.keyboard.press("Tab")
    uoa = page.evaluate("document.activeElement.dataset.uoa")
    x, y = place(page, uoa)
    page.locator(".graph-view > svg").focus()
    page.mouse.move(5, 5)
    expect(page.locator(".graph-view .node")).to_have_count(0)
    return uoa, x, y


def test_on_the_canvas_units_are_hovered_selected_and_entered(many: Page) -> None:
    uoa, x, y = far_place(many)
    assert uoa == f"{MANY}/layer_0"
    many.mouse.move(x, y)
    expect(many.locator(".graph-view .tip")).to_contain_text("layer_0")
    expect(many.locator(f'.node.linked[data-uoa="{uoa}"]')).to_have_count(1)
    many.mouse.click(x, y)
    in_hash(many, "selected")
    many.mouse.click(x, y, button="right")
    expect(many.get_by_role("menuitem", name="Look inside")).to_be_visible()
    many.keyboard.press("Escape")
    many.mouse.dblclick(x, y)
    expect(many.locator('[data-level="L1"]')).to_have_attribute("aria-pressed", "true")


def test_on_the_canvas_the_keyboard_goes_from_unit_to_unit(many: Page) -> None:
    """Tab and Shift+Tab in the order of the data flow, arrows by place; Enter looks inside."""
    many.locator(".graph-view > svg").focus()
    focused = many.locator(":focus")
    for name in (MANY, f"{MANY}/input", f"{MANY}/layer_0", f"{MANY}/layer_1"):
        many.keyboard.press("Tab")
        expect(focused).to_have_attribute("data-uoa", name)
    many.keyboard.press("Shift+Tab")
    expect(focused).to_have_attribute("data-uoa", f"{MANY}/layer_0")
    many.keyboard.press("ArrowDown")
    expect(focused).to_have_attribute("data-uoa", f"{MANY}/layer_1")
    many.keyboard.press("Enter")
    expect(many.locator('[data-level="L1"]')).to_have_attribute("aria-pressed", "true")
