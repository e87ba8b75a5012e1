from typing import Any

import pytest
from pydantic import ValidationError

from inspectree.logger.errors import HeaderError
from inspectree.logger.header import Header, as_header


def test_an_id_is_made_where_none_is_given() -> None:
    first, second = Header(name="a"), Header(name="a")
    assert first.id != second.id
    assert len(first.id) == 36
    assert first.short_id == first.id[:8]


def test_people_see_the_label_or_else_the_name() -> None:
    assert Header(name="a", label="A").title == "A"
    assert Header(name="a").title == "a"


def test_a_header_comes_back_from_json() -> None:
    header = Header(name="a", label="Ä", parents=("pppp",), tags=("t",), notes="line\nline")
    assert Header.model_validate_json(header.model_dump_json()) == header


def test_a_header_does_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Header(name="a").name = "b"  # type: ignore[misc]  # that is what is tried


@pytest.mark.parametrize(
    "given", [Header(id="abcd", name="a", tags=("t",)), {"id": "abcd", "name": "a", "tags": ["t"]}], ids=type
)
def test_fields_go_before_the_header(given: Any) -> None:
    assert as_header(given) == Header(id="abcd", name="a", tags=("t",))
    assert as_header(given, name="b", tags=["u"]) == Header(id="abcd", name="b", tags=("u",))


BAD_IDS = ["", "abc", "a/../b", "../../x", "....", ".hidden", "a b c", "a\\bcd", "abcd\n", "größe"]


@pytest.mark.parametrize("id_", BAD_IDS)
@pytest.mark.parametrize("header", [None, Header(name="a")], ids=["fields", "header"])
def test_an_id_must_be_a_file_name_that_is_not_hidden(id_: str, header: Header | None) -> None:
    with pytest.raises(HeaderError, match=r"^header field 'id': [^\n]+$"):
        as_header(header, id=id_, name="a")


@pytest.mark.parametrize("id_", ["0999a51f-5114-471a-8322-9fa40ae60387", "v1.2", "_one", "-two", "ABCD"])
def test_usual_ids_are_taken(id_: str) -> None:
    assert as_header(None, name="a", id=id_).id == id_


WRONG: dict[str, tuple[Any, str]] = {
    "nothing": (None, "the model has no name: give name=… or a Header"),
    "empty name": ({"name": ""}, "header field 'name': String should have at least 1 character"),
    "unknown": (
        {"name": "a", "parent": "x"},
        "header has no field 'parent'; it has id, name, label, parents, tags, notes",
    ),
    "one parent twice": (
        {"name": "a", "parents": ["x", "x"]},
        "header field 'parents': Value error, a parent is listed twice: x, x",
    ),
    "a parent that is no text": (
        {"name": "a", "parents": [5]},
        "header field 'parents.0': Input should be a valid string",
    ),
}


@pytest.mark.parametrize(("header", "message"), WRONG.values(), ids=WRONG)
def test_a_header_that_cannot_be_used_is_told_in_one_line(header: Any, message: str) -> None:
    with pytest.raises(HeaderError) as caught:
        as_header(header)
    assert str(caught.value) == message


def test_one_parent_or_tag_needs_no_list() -> None:
    header = Header(name="child", parents="aaaa", tags="digits")  # type: ignore[arg-type]
    assert (header.parents, header.tags) == (("aaaa",), ("digits",))
