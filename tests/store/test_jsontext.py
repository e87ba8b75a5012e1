import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspectree.logger.store.jsontext import dumps, numbers


def test_what_is_not_finite_is_a_string() -> None:
    text = dumps({"a": math.nan, "b": [math.inf, (-math.inf, 1.5)], 3: None})
    assert json.loads(text) == {"a": "NaN", "b": ["Infinity", ["-Infinity", 1.5]], "3": None}


@given(st.dictionaries(st.text(), st.floats() | st.integers()))
def test_numbers_come_back(values: dict[str, float]) -> None:
    def forbidden(name: str) -> Any:
        raise AssertionError(f"{name} is no JSON")

    read = numbers(json.loads(dumps(values), parse_constant=forbidden))
    assert {name: repr(value) for name, value in read.items()} == {
        name: repr(value) for name, value in values.items()
    }


def test_other_objects_are_refused() -> None:
    with pytest.raises(TypeError, match="not JSON serializable"):
        dumps({"a": object()})
