"""Two models side by side: what is level, what is marked, what is folded."""

from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspectree.dashboard import regions, scene
from inspectree.dashboard.graphs.architecture import Architecture
from inspectree.dashboard.graphs.beside import Shown
from inspectree.dashboard.graphs.compared import draw_compared
from inspectree.dashboard.graphs.drawing import Box, Drawing
from inspectree.dashboard.view import View

Json = dict[str, Any]


def layer(id_: str) -> Json:
    parent, _, name = id_.rpartition("/")
    output = {"shape": [None, 4], "dtype": "float32", "dims": ["sample", "unit"]}
    return {
        "id": id_, "kind": "layer", "type": "Dense", "name": name, "parent": parent or None,
        "outputs": [output], "config": {}, "variables": [], "passthrough": False,
    }  # fmt: skip


def chain(model: str, ids: Sequence[str], group: str | None = None) -> Shown:
    """Return a model of these layers; those in ``a/…`` lie in the layer ``a``."""
    outer = [id_ for id_ in ids if "/" not in id_]
    links = [*pairwise(outer), *pairwise([id_ for id_ in ids if "/" in id_])]
    edges = [{"source": a, "target": b, "source_port": 0, "target_port": 0} for a, b in links]
    graph = {"nodes": [layer(id_) for id_ in ids], "edges": edges, "outputs": [outer[-1]]}
    summary = {"id": model, "label": f"Model {model}", "type": "Functional", "class_names": []}
    summary |= {"inputs": None, "outputs": None}
    return Shown(summary, Architecture(graph), group, "red")


def told(pairs: Mapping[str, str], **changes: Any) -> Json:
    """Return what the server would tell of two models with these layers in common."""
    layers = {name: [] for name in ("added", "removed", "altered", "renamed", "moved", "rewired")} | changes
    both = [{"before": a, "after": b} for a, b in pairs.items()]
    size = {"key": "parameters", "before": 10, "after": 1200}
    metric = {"name": "val_loss", "when": "best", "before": 0.5, "after": 0.25}
    return {"layers": {**layers, "pairs": both}, "sizes": [size], "metrics": [metric]}


def same(*ids: str) -> dict[str, str]:
    return {id_: id_ for id_ in ids}


def drawn(before: Shown, after: Shown, found: Json, *unfolded: str) -> Drawing:
    return draw_compared(before, after, found, lambda unit: [unit.kind], unfolded)


def boxes(drawing: Drawing) -> dict[str, Box]:
    return {box["uoa"]: box for box in drawing["nodes"]}


@pytest.fixture
def drawing() -> Drawing:
    """``old`` went, ``new`` came, ``b`` has more units, ``m`` moved to the end, ``d`` was ``c``."""
    units = {"key": "units", "before": 4, "after": 8}
    follows = {"key": "parameters", "before": 1, "after": 2}
    found = told(
        same("in", "a", "b", "m", "out") | {"c": "d"},
        added=[{"id": "new"}],
        removed=[{"id": "old"}],
        altered=[
            {"before": "b", "after": "b", "changes": [units, follows]},
            {"before": "out", "after": "out", "changes": [follows]},
        ],
        moved=[{"before": "m", "after": "m"}],
        renamed=[{"before": "c", "after": "d"}],
        rewired=[{"change": "removed", "source": "a", "target": "old"}],
    )  # fmt: skip
    before = chain("x", ["in", "m", "a", "old", "b", "c", "out"])
    return drawn(before, chain("y", ["in", "a", "b", "d", "m", "new", "out"]), found)


def test_the_compared_model_stands_at_the_left_and_pairs_are_level(drawing: Drawing) -> None:
    found = boxes(drawing)
    for a, b in {"in": "in", "a": "a", "b": "b", "c": "d", "out": "out"}.items():
        assert found[f"x/{a}"]["y"] == found[f"y/{b}"]["y"]
        assert found[f"x/{a}"]["x"] < found[f"y/{b}"]["x"]
        assert (found[f"x/{a}"]["twin"], found[f"y/{b}"]["twin"]) == (f"y/{b}", f"x/{a}")
    assert found["x/m"]["y"] < found["y/m"]["y"]
    assert "twin" not in found["x/old"] | found["y/new"]


def test_what_is_different_is_told_by_a_sign_and_in_words(drawing: Drawing) -> None:
    marks = {
        uoa: (box["mark"]["sign"], box["mark"]["text"])
        for uoa, box in boxes(drawing).items()
        if "mark" in box
    }
    assert marks == {
        "x/old": ("−", "removed"), "y/new": ("+", "added"),
        "x/b": ("~", "units 4"), "y/b": ("~", "units 4 → 8"),
        "x/m": ("↕", "moved"), "y/m": ("↕", "moved"),
        "x/c": ("=", "renamed d"), "y/d": ("=", "was c"),
    }  # fmt: skip
    assert "units 4 → 8" in boxes(drawing)["x/b"]["tip"]
    assert boxes(drawing)["y/new"]["label"].endswith(", added")


def test_a_thin_line_joins_each_pair(drawing: Drawing) -> None:
    lines = {(line["source"], line["target"]): line["mark"] for line in drawing["edges"] if line.get("plain")}
    assert lines == {
        ("x/in", "y/in"): "pair", ("x/a", "y/a"): "pair", ("x/b", "y/b"): "pair", ("x/c", "y/d"): "pair",
        ("x/out", "y/out"): "pair", ("x/m", "y/m"): "moved",
    }  # fmt: skip
    (gone,) = [line for line in drawing["edges"] if line.get("mark") == "removed"]
    assert (gone["source"], gone["target"], gone["label"]) == ("x/a", "x/old", "− (4)")


def test_it_is_summed_up(drawing: Drawing) -> None:
    summed = drawing["comparison"]
    assert {kind["kind"]: kind["uoas"] for kind in summed["kinds"]} == {
        "added": ["y/new"], "removed": ["x/old"], "altered": ["y/b"], "moved": ["y/m"], "renamed": ["y/d"],
    }  # fmt: skip
    assert summed["numbers"] == [
        {"name": "parameters", "before": "10", "after": "1,200"},
        {"name": "best val_loss", "before": "0.500", "after": "0.250"},
    ]
    assert (summed["before"]["uoa"], summed["after"]["uoa"], summed["note"]) == (
        "x",
        "y",
        "1 connection changed",
    )


def test_each_model_has_its_frame_and_both_are_equally_high(drawing: Drawing) -> None:
    left, right = drawing["frames"]
    assert [left["uoa"], right["uoa"]] == ["x", "y"]
    assert (left["y"], left["h"]) == (right["y"], right["h"])
    assert left["x"] + left["w"] < right["x"]
    left, top, right, bottom = drawing["bounds"]
    for frame in drawing["frames"]:
        assert left < frame["x"] < frame["x"] + frame["w"] < right
        assert top < frame["y"] < frame["y"] + frame["h"] < bottom


@pytest.mark.parametrize(("a", "b"), [(["in", "a"], ["one", "two", "three"]), (["in"], ["in"])])
def test_models_with_nothing_or_all_in_common(a: list[str], b: list[str]) -> None:
    pairs = same(*set(a) & set(b))
    drawing = drawn(chain("x", a), chain("y", b), told(pairs))
    note = "the same layers, set alike" if pairs else "they have no layer in common"
    assert drawing["comparison"]["note"] == note
    assert len(drawing["nodes"]) == len(a) + len(b)


def test_a_nested_model_tells_that_something_inside_changed_and_can_be_compared_by_itself() -> None:
    before, after = ["in", "net", "net/a"], ["in", "core", "core/a", "core/b"]
    found = told({"in": "in", "net": "core", "net/a": "core/a"}, added=[{"id": "core/b"}])
    box = boxes(drawn(chain("x", before), chain("y", after), found))["y/core"]
    assert (box["kind"], box["mark"]["text"], box["twin"]) == ("group", "1 layer inside changed", "x/net")
    inside = drawn(chain("x", before, "net"), chain("y", after, "core"), found)
    assert boxes(inside).keys() == {"x/net/a", "y/core/a", "y/core/b"}
    assert [frame["uoa"] for frame in inside["frames"]] == ["x/net", "y/core"]
    assert inside["comparison"]["group"] == "core"


NAMES = [f"layer_{index}" for index in range(200)]


def long(*unfolded: str) -> Drawing:
    """Draw 200 layers beside the same with one more after the hundredth."""
    before, after = chain("x", NAMES), chain("y", [*NAMES[:100], "new", *NAMES[100:]])
    return drawn(before, after, told(same(*NAMES), added=[{"id": "new"}]), *unfolded)


def test_of_large_models_unchanged_stretches_are_folded() -> None:
    """What is beside a change, and the ends, stay in sight: 1 + 98 + 1, the new one, 1 + 98 + 1."""
    found = boxes(long())
    folds = [box for box in found.values() if box["kind"] == "fold"]
    assert [(box["name"], len(box["members"])) for box in folds] == [("98 layers unchanged", 98)] * 4
    kept = {"layer_0", "layer_99", "layer_100", "layer_199"}
    assert {uoa.partition("/")[2] for uoa, box in found.items() if box["kind"] == "layer"} == kept | {"new"}
    assert found["x/layer_1..layer_98"]["twin"] == "y/layer_1..layer_98"
    assert found["x/layer_1..layer_98"]["y"] == found["y/layer_1..layer_98"]["y"]


@pytest.mark.parametrize("model", ["x", "y"])
def test_a_stretch_unfolds_in_both_models_and_folds_again(model: str) -> None:
    drawing = long(f"{model}/layer_1..layer_98")
    assert len(drawing["nodes"]) == 2 * (100 + 1 + 2) + 1
    opened = [frame for frame in drawing["frames"] if frame.get("folds")]
    assert [frame["uoa"] for frame in opened] == [f"{model}/layer_1..layer_98"] * 2
    assert boxes(drawing)["x/layer_50"]["y"] == boxes(drawing)["y/layer_50"]["y"]


def test_boxes_of_large_models_show_nothing_of_their_inside() -> None:
    assert {box["h"] for box in long("x/layer_1..layer_98")["nodes"] if box["kind"] == "layer"} == {
        60.0,
        82.0,
    }


@st.composite
def edited(draw: Any) -> tuple[list[str], list[str]]:
    """Draw a chain of layers, and the same with some taken out and others put in."""
    before = [f"layer {index}" for index in range(draw(st.integers(1, 90)))]
    kept = [id_ for id_ in before if draw(st.integers(0, 9))] or before[:1]
    for index in range(draw(st.integers(0, 5))):
        kept.insert(draw(st.integers(0, len(kept))), f"new {index}")
    return before, kept


@given(edited())
def test_pairs_are_level_in_order_and_no_boxes_overlap(models: tuple[list[str], list[str]]) -> None:
    before, after = models
    both = [id_ for id_ in before if id_ in after]
    found = told(
        same(*both),
        added=[{"id": id_} for id_ in after if id_ not in both],
        removed=[{"id": id_} for id_ in before if id_ not in both],
    )
    drawing = drawn(chain("x", before), chain("y", after), found)
    by_uoa = boxes(drawing)
    assert all(by_uoa[box["twin"]]["y"] == box["y"] for box in drawing["nodes"] if "twin" in box)
    for model in "xy":
        heights = [box["y"] for uoa, box in by_uoa.items() if uoa.startswith(model)]
        assert heights == sorted(heights)
    for a, b in combinations(drawing["nodes"], 2):
        apart = abs(a["x"] - b["x"]) >= (a["w"] + b["w"]) / 2 or abs(a["y"] - b["y"]) >= (a["h"] + b["h"]) / 2
        assert apart, (a["uoa"], b["uoa"])


def test_a_real_pair(page: Any, ids: Mapping[str, str]) -> None:
    """The skip connection: an ``Add``, and twice as many filters in the first convolution."""
    before, after = ids["digits_conv"], ids["digits_conv_skip"]
    drawing = page.show(scene.draw_scene, View(focus=after, level="L2", compared=before))
    found = boxes(drawing)
    assert {uoa: box["mark"]["text"] for uoa, box in found.items() if "mark" in box} == {
        f"{after}/add_skip": "added", f"{before}/conv_1": "filters 8", f"{after}/conv_1": "filters 8 → 16",
    }  # fmt: skip
    assert all(found[box["twin"]]["y"] == box["y"] for box in found.values() if "twin" in box)
    assert len(found) == 6 + 7


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ("nobody", "this store holds no model 'nobody'"),
        ("digits_conv", "is the same beside itself"),
    ],
)
def test_what_cannot_be_compared_is_shown_alone_with_the_reason(
    page: Any, ids: Mapping[str, str], other: str, why: str
) -> None:
    model = ids["digits_conv"]
    drawing = page.show(scene.draw_scene, View(focus=model, level="L2", compared=ids.get(other, other)))
    assert why in drawing["hint"]
    assert {uoa.partition("/")[0] for uoa in boxes(drawing)} == {model}


def test_scores_and_badges_are_of_both_models(page: Any, ids: Mapping[str, str]) -> None:
    both = ids["digits_conv"], ids["digits_conv_skip"]
    view = View(focus=both[1], level="L2", compared=both[0], measure="variance", located=("kernel",))
    scores = page.show(regions.scores, view)
    assert {uoa.partition("/")[0] for uoa in scores} == set(both)
    _, badges = page.show(regions.located, view)
    assert {uoa.partition("/")[0] for uoa in badges if "/" in uoa} == set(both)
