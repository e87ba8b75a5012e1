"""Elements as text: what the page builds of them, and what it refuses."""

import dash_mantine_components as dmc
import orjson
import pytest
from dash import dcc, html

from inspectree.dashboard.markup import Prose, markup, region


def test_elements_become_their_tag_attributes_and_what_is_in_them() -> None:
    written = markup([html.P(["one ", html.B("two", className="b")], id="p"), None, "three", 4])
    assert orjson.loads(written) == [
        ["p", {"id": "p"}, ["one ", ["b", {"className": "b"}, ["two"]]]],
        "three",
        "4",
    ]


def test_attributes_with_dashes_and_keys_are_kept() -> None:
    (made,) = orjson.loads(markup(html.Button(key="a", **{"data-action": "{}", "aria-label": "go"})))
    assert made == ["button", {"key": "a", "data-action": "{}", "aria-label": "go"}, []]


def test_markdown_becomes_markup_whose_own_markup_is_text() -> None:
    (made,) = orjson.loads(markup(Prose("*a* <b>c</b>", "notes")))
    assert made == [
        "div",
        {
            "className": "notes",
            "dangerouslySetInnerHTML": {"__html": "<p><em>a</em> &lt;b&gt;c&lt;/b&gt;</p>\n"},
        },
        [],
    ]


@pytest.mark.parametrize("living", [dcc.Store(id="x"), dmc.Kbd("/"), object()])
def test_what_has_a_life_in_dash_is_refused(living: object) -> None:
    with pytest.raises(TypeError, match=r"^no element of dash\.html: (Store|Kbd|object)$"):
        markup(html.Div(living))


def test_a_region_is_one_component() -> None:
    made = region("nav", html.B("x"), id="there", **{"aria-label": "Way"})
    assert made.to_plotly_json()["props"] == {
        "id": "there",
        "tag": "nav",
        "attributes": {"aria-label": "Way"},
        "content": '[["b",{},["x"]]]',
    }
    assert "id" not in region("div").to_plotly_json()["props"]
