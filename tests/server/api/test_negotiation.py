"""Which format a client gets."""

import pytest
from fastapi import HTTPException

from inspectree.server.api.values import negotiated


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("*/*", "json"),
        ("text/csv", "csv"),
        ("text/csv, application/json", "csv"),
        ("application/json;q=0.1, text/csv", "csv"),
        ("application/json; q=0.5, text/csv; q=0.2", "json"),
        ("image/png, application/x-npy;q=0.1", "npy"),
        ("application/json;q=0, */*;q=0.1", "json"),
        ("text/csv;q=much", "csv"),
    ],
)
def test_what_is_liked_best_is_given(accept: str, form: str) -> None:
    assert negotiated(accept) == form


@pytest.mark.parametrize("accept", ["image/png", "application/json;q=0", ""])
def test_what_is_not_taken_is_refused(accept: str) -> None:
    with pytest.raises(HTTPException, match="can be given"):
        negotiated(accept)
