"""Which units wear which badges."""

from typing import Any

from inspectree.dashboard.located import worn

MARKS: dict[str, Any] = {
    name: {"text": "X", "color": "red", "title": name} for name in ("dense", "block", "end")
}


def group(*members: str, times: int = 1) -> dict[str, Any]:
    ends = {"at": members[0], "begins": members[0], "ends": members[-1]}
    return {**ends, "members": list(members), "times": times}


def titles(types: Any = (), patterns: Any = ()) -> dict[str, list[str]]:
    found = worn({"types": dict(types), "patterns": dict(patterns)}, MARKS)
    return {uoa: [badge["title"] for badge in badges] for uoa, badges in found.items()}


def test_units_of_a_type_and_what_contains_them() -> None:
    dense = {"label": "Dense", "units": ["m/a", "m/a/b"], "counts": {"m": 2, "m/a": 1}}
    assert titles({"dense": dense}) == {"m/a": ["Dense: 1"], "m/a/b": ["Dense"], "m": ["Dense: 2"]}


def test_all_members_of_a_pattern_tell_where_it_begins_and_ends() -> None:
    blocks = {
        "label": "Blocks", "units": ["m/a"], "counts": {"m": 2},
        "groups": [group("m/a", "m/b", times=2), group("m/b", "m/c")],
    }  # fmt: skip
    assert titles((), {"block": blocks}) == {
        "m": ["Blocks: 2"],
        "m/a": ["Blocks: from a to b, 2 times"],
        "m/b": ["Blocks: from a to b, 2 times and 1 more"],
        "m/c": ["Blocks: from b to c"],
    }


def test_a_pattern_of_one_layer_is_here() -> None:
    end = {"label": "Dead ends", "units": ["m/a"], "counts": {"m": 1}, "groups": [group("m/a")]}
    assert titles((), {"end": end})["m/a"] == ["Dead ends: here"]


def test_a_unit_wears_a_badge_of_each() -> None:
    one = {"label": "One", "units": ["m/a"], "counts": {}}
    assert titles({"dense": one, "end": one}) == {"m/a": ["One", "One"]}
