"""What changed: the tables of the widget."""

import re
from collections.abc import Mapping
from math import nan
from typing import Any

import pytest

from inspectree.dashboard.tools.comparison import alike, sections, text


def test_metrics_and_their_difference_have_as_many_decimals() -> None:
    assert alike(0.6095, 0.91537) == ("0.6095", "0.9154", "+0.3059")
    assert alike(1.957, 0.3669) == ("1.957", "0.367", "-1.590")
    assert alike(12345.6, 12345.7) == ("12346", "12346", "+0")
    assert alike(0.0, 0.0) == ("0", "0", "+0")
    assert alike(2e-5, 1e-5) == ("2e-05", "1e-05", "-1e-05")
    assert alike(None, 0.25) == ("–", "0.25", "")
    assert alike(nan, 0.25) == ("nan", "0.25", "")


def test_sizes_have_units(page: Any, ids: Any) -> None:
    content = page.card("comparison", ids["digits_conv"])["content"]
    told = {row["name"]: row["after"] for row in rows(content, "Sizes")}
    assert re.fullmatch(r"[0-9.]+ (kB|MB)", told["log on disk"])
    assert re.fullmatch(r"[0-9.]+ s", told["training time"])


def rows(content: dict[str, Any], title: str) -> list[dict[str, Any]]:
    (section,) = (section for section in content["sections"] if section["title"] == title)
    found: list[dict[str, Any]] = section["rows"]
    return found


def test_by_default_the_parent_is_compared_with(page: Any, ids: Mapping[str, str]) -> None:
    content = page.card("comparison", ids["digits_conv_skip"])["content"]
    assert content["caption"] == "Convolutional → Skip connection"
    assert content["choices"]["since"][0] == "Convolutional"
    (added, wired) = rows(content, "Layers")
    assert (added["kind"], added["sign"], added["name"], added["about"]) == (
        "added", "+", "add_skip", "Add · 4×4×16",
    )  # fmt: skip
    assert (wired["sign"], wired["name"], wired["about"]) == ("⇢", "pool_1", "now feeds flatten")
    conv = rows(content, "Settings")[0]
    assert (conv["name"], conv["about"], conv["before"], conv["after"]) == ("conv_1", "filters", "8", "16")
    assert rows(content, "Hyperparameters") == []
    names = [row["name"] for row in rows(content, "Metrics")]
    assert "best validation accuracy" in names
    assert "last loss" in names
    sizes = {row["name"]: (row["before"], row["after"]) for row in rows(content, "Sizes")}
    assert sizes["parameters"] == ("3,818", "5,050")


def test_any_other_model_can_be_chosen(page: Any, ids: Mapping[str, str]) -> None:
    card = page.card("comparison", ids["digits_conv_skip"], since="Dense, saturated")
    assert card["content"]["caption"] == "Dense, saturated → Skip connection"
    kinds = [row["kind"] for row in rows(card["content"], "Layers")]
    assert {"added", "removed"} <= set(kinds)
    unknown = page.card("comparison", ids["digits_conv_skip"], since="Nobody")["content"]
    assert unknown["caption"] == "Convolutional → Skip connection"


def test_a_root_says_that_it_has_no_parent(page: Any, ids: Mapping[str, str]) -> None:
    caption = page.card("comparison", ids["digits_dense"])["content"]["caption"]
    assert caption.endswith("→ Dense, saturated (it has no parent here: choose a model below)")


def answer(**layers: Any) -> dict[str, Any]:
    names = ("added", "removed", "altered", "renamed", "moved", "rewired")
    none: dict[str, Any] = {name: [] for name in names}
    rest: dict[str, Any] = {"hyperparameters": [], "metrics": [], "sizes": []}
    return {"layers": {**none, **layers}, **rest}


def test_names_places_and_connections_that_changed() -> None:
    found = answer(
        renamed=[{"before": "a", "after": "b"}, {"before": "dense_1", "after": "dense_4"}],
        moved=[{"before": "pool", "after": "pool"}],
        rewired=[{"change": "removed", "source": "", "target": ""}],
    )
    told = [(row["sign"], row["name"], row["about"]) for row in sections(found)[0]["rows"]]
    assert told == [
        ("↕", "pool", "moved"),
        ("=", "b", "renamed"),
        ("⇢", "input", "no longer feeds the output"),
    ]


def test_what_only_follows_is_no_change_of_a_setting() -> None:
    def changed(*keys: str) -> list[tuple[str, str, str]]:
        changes = [{"key": key, "before": 1, "after": 2} for key in keys]
        layer = {"before": "a", "after": "a", "name": "a", "type": "Dense", "changes": changes}
        return [
            (row["kind"], row["name"], row["about"]) for row in sections(answer(altered=[layer]))[1]["rows"]
        ]

    assert changed("units", "output shape", "parameters") == [("altered", "a", "units")]
    assert changed("output shape", "parameters") == [("same", "a", "output shape")]
    assert changed("parameters") == []


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"), (True, "yes"), (1234, "1,234"), (0.123456, "0.1235"), ([3, 3], "3×3"), ("NaN", "NaN"),
        ({"class": "Adam", "beta": 1}, "Adam"), ({"a": 1}, "a 1"),
    ],
)  # fmt: skip
def test_values_are_short(value: Any, shown: str) -> None:
    assert text(value) == shown
