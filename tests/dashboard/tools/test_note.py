"""Notes: text of anybody's, that must not act in the page."""

from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspectree.dashboard.markup import LONGEST, rendered

PLAIN = {
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "em", "strong", "code", "pre", "ul", "ol", "li", "a", "br",
    "hr", "blockquote",
}  # fmt: skip
SAFE = {"href", "title", "start", "class"}

ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<b onclick='alert(1)'>x</b>",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt:alert(1))",
    "[click](&#106;avascript:alert(1))",
    "[click](data:text/html;base64,PHNjcmlwdD4=)",
    "[click](vbscript:x)",
    "![x](javascript:alert(1))",
    "![tells who reads it](https://evil.example/seen.png)",
    "<javascript:alert(1)>",
    "[a]: javascript:alert(1)\n\n[a]",
    '[x](a "onmouseover=alert(1)")',
    "`</code><script>alert(1)</script>`",
    "```\n</pre><script>alert(1)</script>\n```",
    '```"><script>\nx\n```',
    "<!-- --><svg/onload=alert(1)>",
)


class Reader(HTMLParser):
    """Collect tags, attributes and links as a browser would."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: dict[str, list[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, []).append(value or "")


def harmless(html: str) -> None:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.tags <= PLAIN
    assert reader.attributes.keys() <= SAFE
    for link in reader.attributes.get("href", []):
        scheme = "".join(link.split()).lower().partition(":")[0]
        assert scheme not in {"javascript", "vbscript", "file", "data"}


@pytest.mark.parametrize("text", ATTACKS)
def test_nothing_of_a_note_acts(page: Any, ids: Any, text: str) -> None:
    """No element, handler or link that runs a script; the editor has the text as it was written."""
    content = page.card("note", f"{ids['digits_conv']}/conv_1", text=text)["content"]
    harmless(content["html"])
    assert content["editor"] == text


@given(
    st.lists(
        st.sampled_from([*ATTACKS, "[", "](", ")", "<", ">", "`", "*", "\n", "\\", "&#", "!", '"']),
        max_size=8,
    )
)
def test_no_mixture_of_attacks_acts(parts: list[str]) -> None:
    harmless(rendered("".join(parts)))


def test_a_note_without_end_is_cut(page: Any, ids: Any) -> None:
    """What is shown; the editor has it all."""
    text = "[" * LONGEST + "the end"
    content = page.card("note", ids["digits_conv"], text=text)["content"]
    assert content["html"] == f"<p>{'[' * LONGEST}</p>\n"
    assert content["editor"] == text


def test_markdown_is_rendered(page: Any, ids: Any) -> None:
    text = "# Title\n\nIt *works*: `conv_1`\n\n- one\n- [two](https://example.org)"
    html = page.card("note", ids["digits_conv"], text=text)["content"]["html"]
    assert "<h1>Title</h1>" in html
    assert "<em>works</em>" in html
    assert "<code>conv_1</code>" in html
    assert '<a href="https://example.org">two</a>' in html


def test_a_model_s_note_begins_with_what_its_header_says(page: Any, store: Any, ids: Any) -> None:
    content = page.card("note", ids["digits_conv"])["content"]
    assert content["editor"] == store["digits_conv"].header.notes
    assert "Looks at neighbouring pixels" in content["html"]
    assert page.card("note", f"{ids['digits_conv']}/conv_1")["content"] == {"html": "", "editor": ""}
