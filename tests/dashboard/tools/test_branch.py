"""The header of a next generation."""

from typing import Any

from inspectree.logger import Header


def test_the_header_is_a_child_of_this_model(page: Any, ids: Any) -> None:
    """It is Python that makes a header with a new id, the model as its parent and the model's tags."""
    content = page.card("branch", ids["digits_conv"], name="digits_deeper", label='Deeper "still"')["content"]
    there: dict[str, Any] = {}
    exec(content["code"], there)
    header = there["header"]
    assert isinstance(header, Header)
    assert header.parents == (ids["digits_conv"],)
    assert (header.name, header.label, header.tags) == ("digits_deeper", 'Deeper "still"', ("digits",))
    assert header.id not in ids.values()
    assert "A child of Convolutional" in content["caption"]


def test_without_a_name_it_is_numbered_after_the_children_that_are_there(page: Any, ids: Any) -> None:
    there: dict[str, Any] = {}
    exec(page.card("branch", ids["digits_conv"])["content"]["code"], there)
    assert there["header"].name == "digits_conv_2"
