"""The comparison over REST and in the command line."""

import json
from pathlib import Path

import httpx
import pytest

from inspectree.server.cli import main

ROOT, CHILD = "aaaa0000-root", "bbbb0000-child"


def test_the_route_compares_models_by_their_names(client: httpx.Client) -> None:
    answer = client.get("/api/comparison?a=root&b=child").json()
    assert (answer["before"]["id"], answer["after"]["id"]) == (ROOT, CHILD)
    assert answer["layers"]["matched"] == len(answer["layers"]["pairs"]) == 4
    assert answer["layers"]["pairs"][0].keys() == {"before", "after"}
    assert client.get("/api/comparison?a=root&b=nobody").status_code == 404
    assert client.get("/api/comparison?a=root").status_code == 422


def test_the_route_of_all_edges(client: httpx.Client) -> None:
    (edge,) = client.get("/api/comparison/edges").json()["edges"]
    assert (edge["parent"], edge["child"], edge["summary"]) == (ROOT, CHILD, [])
    assert client.get("/api/comparison/edges?experiment=nothing").status_code == 404


def test_the_command_prints_what_changed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(folder), "root", "child"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["The root → child", "  neither layers nor hyperparameters changed"]
    assert "  loss best 0.5 → 0.5 (+0), last 0.3333 → 0.3333 (+0)" in lines


def test_the_command_prints_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(folder), "root", "child", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["before"] == {"id": ROOT, "label": "The root"}


def test_the_command_refuses_an_unknown_model(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(folder), "root", "nobody"]) == 2
    assert "there is no model 'nobody'" in capsys.readouterr().err
