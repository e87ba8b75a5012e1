"""The toolbox, the words of the page, the tour and the help, as they are written."""

from typing import Any, get_args

from dash import html

from inspectree.dashboard.panels.glossary import GLOSSARY, glossary, term, told
from inspectree.dashboard.panels.help import SHORTCUTS, help_dialog
from inspectree.dashboard.panels.selection import TERMS
from inspectree.dashboard.panels.toolbox import FAMILIES, toolbox
from inspectree.dashboard.panels.tour import STEPS
from inspectree.dashboard.tools import TOOLS
from inspectree.dashboard.tools.base import Family


def buttons(component: Any) -> list[html.Button]:
    """Return every button below a component, in order."""
    if isinstance(component, list | tuple):
        return [button for each in component for button in buttons(each)]
    found = [component] if isinstance(component, html.Button) else []
    return found + (buttons(component.children) if getattr(component, "children", None) else [])


def tools_in(component: Any) -> list[str]:
    named = [getattr(button, "data-tool", None) for button in buttons(component)]
    return [name for name in named if name]


def test_every_family_has_its_group_and_every_tool_a_place() -> None:
    assert set(FAMILIES) == set(get_args(Family))
    everything = {tool.name for tool in TOOLS}
    assert set(tools_in(toolbox(everything, ""))) == {"select", *everything}


def test_groups_stand_in_order_and_empty_ones_are_left_out() -> None:
    parts = toolbox({"norms", "note", "histogram"}, "")
    titles = [getattr(part, "aria-label") for part in parts]
    assert titles == ["Pointer", "Training", "Values", "More"]
    assert [tools_in(part) for part in parts] == [["select"], ["norms"], ["histogram"], ["note"]]


def test_the_tool_in_use_is_the_one_in_the_tab_order() -> None:
    for active, expected in (("", "select"), ("norms", "norms")):
        found = buttons(toolbox({"norms", "note"}, active))
        inside = [getattr(button, "data-tool", "") for button in found if button.tabIndex == 0]
        pressed = [getattr(b, "data-tool", "") for b in found if getattr(b, "aria-pressed", "") == "true"]
        assert inside == pressed == [expected]


def test_meanings_are_short_sentences() -> None:
    for meaning in GLOSSARY.values():
        assert meaning.endswith(".")
        assert len(meaning) < 110
        assert meaning[0].isupper()


def test_words_that_are_told_are_in_the_glossary() -> None:
    assert set(TERMS.values()) <= set(GLOSSARY)
    assert getattr(term("against", "baseline"), "data-term") == "baseline"
    assert getattr(term("Localisation"), "data-term") == "localisation"
    assert told("nothing that is known") == {}


def test_the_help_lists_all_words_in_the_order_of_the_alphabet() -> None:
    rows = glossary().children[1].children
    names = [getattr(row, "data-name") for row in rows[::2]]
    assert names == sorted(GLOSSARY, key=str.lower)
    assert [row.children for row in rows[1::2]] == [GLOSSARY[name] for name in names]
    assert [button.children for button in buttons(help_dialog())] == ["Take the tour", "Close"]
    assert all(keys and what for rows in SHORTCUTS.values() for keys, what in rows)


def test_the_tour_is_short() -> None:
    assert 5 <= len(STEPS) <= 6
    assert all(len(text) < 240 for _, _, text in STEPS)
