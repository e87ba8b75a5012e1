"""The answers of the routes."""

import io
import json
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import h5py
import httpx
import numpy as np
import pyarrow as pa
import pytest
from fastapi import FastAPI
from PIL import Image

from inspectree.server import Store, open_store
from inspectree.server.api.app import create_app
from inspectree.server.limits import Limits

Serving = Callable[[FastAPI], AbstractContextManager[httpx.Client]]

ROOT, CHILD = "aaaa0000-root", "bbbb0000-child"


def get(client: httpx.Client, path: str) -> Any:
    return client.get(f"/api/{path}").raise_for_status().json()


def post(client: httpx.Client, path: str, body: Any) -> Any:
    return client.post(f"/api/{path}", json=body).raise_for_status().json()


def test_experiments_hold_their_models_in_a_few_numbers(client: httpx.Client) -> None:
    answer = get(client, "experiments")
    assert answer["problems"] == []
    assert answer["store"] == "runs"
    (experiment,) = answer["experiments"]
    assert (experiment["id"], experiment["label"]) == (f"experiment:{ROOT}", "The root")
    root, child = experiment["models"]
    assert child["parents"] == [ROOT]
    expected = {
        "id": ROOT,
        "name": "root",
        "label": "The root",
        "parents": [],
        "missing_parents": [],
        "depth": 0,
        "state": "finished",
        "error": None,
        "tags": ["digits"],
        "type": "Functional",
        "layers": 3,
        "layer_types": ["Conv2D", "Flatten", "Dense"],
        "parameters": 18 + 2 + 96 + 3,
        "trainable_parameters": 119,
        "inputs": [[4, 4, 1]],
        "outputs": [[3]],
        "checkpoints": [0, 1, 2, 3],
        "epochs": 3,
        "metrics": {"loss": 1 / 3, "val_loss": 1.5},
        "best": {"checkpoint": 2, "metrics": {"loss": 0.5, "val_loss": 0.5}},
        "seconds": 1.5,
        "class_names": ["zero", "one", "two"],
        "started": "2023-11-14T22:13:20+00:00",
    }
    assert {key: root[key] for key in expected} == expected
    assert root["bytes"] > 10_000
    assert len(root["samples"]) == 16, "what tells the followed samples apart"
    assert root["samples"] == child["samples"]


def test_models_are_listed_by_page_tag_and_experiment(client: httpx.Client) -> None:
    def ids(query: str) -> list[str]:
        return [model["id"] for model in get(client, f"models{query}")["models"]]

    assert ids("") == [ROOT, CHILD]
    assert ids("?limit=1") == [ROOT]
    assert ids(f"?after={ROOT}") == [CHILD]
    assert ids("?tag=digits") == [ROOT]
    assert ids(f"?experiment=experiment:{ROOT}") == [ROOT, CHILD]
    assert ids("?experiment=other") == []


def test_a_page_after_a_model_that_is_not_listed_is_refused(client: httpx.Client) -> None:
    answer = client.get("/api/models?tag=digits&after=child")
    assert (answer.status_code, answer.json()["detail"]) == (422, "child is not in this list")


def test_details_tell_everything_about_a_model(client: httpx.Client) -> None:
    answer = get(client, "models/child")
    assert answer["header"]["notes"] == "wider"
    assert answer["hyperparameters"]["optimizer"] == {"name": "adam"}
    assert get(client, "models/root")["children"] == [CHILD]


def test_checkpoints_list_what_they_hold(client: httpx.Client) -> None:
    last = get(client, "models/root/checkpoints")[-1]
    assert (last["number"], last["step"], last["epoch"]) == (3, 30, 3)
    assert last["variables"]["conv/kernel"] == {
        "dims": ["y", "x", "in", "out"],
        "shape": [3, 3, 1, 2],
        "dtype": "float32",
        "stored": "float32",
        "kind": "weights",
        "layer": "conv",
    }


def test_checkpoints_are_told_without_their_variables_too(
    folder: Path, client: httpx.Client, tmp_path: Path, serving: Serving
) -> None:
    """Of a checkpoint whose inner part is damaged, too: nothing but its attributes is read for that."""
    whole = get(client, "models/root/checkpoints")
    light = get(client, "models/root/checkpoints?variables=false")
    assert light == [{key: about[key] for key in about if key != "variables"} for about in whole]
    assert light[2] == {
        "number": 2,
        "step": 20,
        "epoch": 2,
        "time": "2023-11-14T22:13:22+00:00",
        "metrics": {"loss": 0.5, "val_loss": 0.5},
        "bytes": (folder / f"models/{ROOT}/checkpoints/000002.h5").stat().st_size,
        "left_out": [],
        "step_seconds": None,
        "peak_memory": None,
        "inference_seconds": None,
        "samples": 30,
    }
    runs = shutil.copytree(folder, tmp_path / "runs")
    with h5py.File(runs / f"models/{ROOT}/checkpoints/000002.h5", "r+") as file:
        file["catalogue/entries"][()] = "["
    with serving(create_app(open_store(runs))) as damaged:
        assert [about["number"] for about in get(damaged, "models/root/checkpoints?variables=false")] == [
            0, 1, 2, 3,
        ]  # fmt: skip
        assert damaged.get("/api/models/root/checkpoints/2").status_code == 409


def test_what_training_cost_is_told_with_the_checkpoints(
    folder: Path, tmp_path: Path, serving: Serving
) -> None:
    """By the history, and of the pass of the samples by the checkpoint itself."""
    runs = shutil.copytree(folder, tmp_path / "runs")
    line = {
        "kind": "checkpoint", "number": 1, "step": 10, "epoch": 1, "taken": "2023-11-14T22:13:21+00:00",
        "metrics": {}, "step_seconds": 0.25, "peak_memory": 1 << 30,
    }  # fmt: skip
    with (runs / f"models/{ROOT}/history.jsonl").open("a") as history:
        history.write(json.dumps(line) + "\n")
    with h5py.File(runs / f"models/{ROOT}/checkpoints/000002.h5", "r+") as file:
        file.attrs["inference_seconds"] = 1.5
    with serving(create_app(open_store(runs))) as client:
        for variables in ("true", "false"):
            told = get(client, f"models/root/checkpoints?variables={variables}")
            assert [(each["step_seconds"], each["peak_memory"]) for each in told[:2]] == [
                (None, None), (0.25, 1 << 30),
            ]  # fmt: skip
            assert [each["inference_seconds"] for each in told] == [None, None, 1.5, None]


@pytest.mark.parametrize(("wanted", "number"), [("2", 2), ("best", 2), ("last", 3)])
def test_one_checkpoint_tells_what_it_holds(client: httpx.Client, wanted: str, number: int) -> None:
    assert get(client, f"models/root/checkpoints/{wanted}") == get(client, "models/root/checkpoints")[number]


@pytest.mark.parametrize(("wanted", "status"), [("7", 404), ("lats", 422)])
def test_a_checkpoint_that_is_not_there_is_a_problem(client: httpx.Client, wanted: str, status: int) -> None:
    assert client.get(f"/api/models/root/checkpoints/{wanted}").status_code == status


def test_history_has_a_list_per_metric(client: httpx.Client) -> None:
    answer = get(client, "models/root/history")
    assert answer["epoch"] == [1, 2, 3]
    assert answer["metrics"]["val_loss"] == [1.5, 0.5, 1.5]


def test_the_architecture_is_the_model_graph(client: httpx.Client) -> None:
    answer = get(client, "models/root/architecture")
    assert [node["id"] for node in answer["nodes"]] == ["image", "conv", "conv/conv2d", "flatten", "dense"]


def test_values_equal_numpys(client: httpx.Client, store: Store) -> None:
    answer = post(
        client, "values", {"uoa": "root@2/conv/kernel", "pipeline": [{"op": "histogram", "bins": 5}]}
    )
    counts, edges = np.histogram(store["root"].checkpoint(2)["conv/kernel"].values, 5)
    assert answer["values"] == counts.tolist()
    np.testing.assert_allclose(answer["coords"]["left"]["values"], edges[:-1])
    assert answer["provenance"]["source"] == "values"


def test_classes_and_samples_restrict_values(client: httpx.Client) -> None:
    body = {"uoa": "root/conv", "classes": ["one"], "samples": [0, 1, 4]}
    assert post(client, "values", body)["coords"]["sample"] == [1, 4]


def test_accept_chooses_the_format(client: httpx.Client, store: Store) -> None:
    def content(accept: str) -> bytes:
        answer = client.post("/api/values", json={"uoa": "root/dense/bias"}, headers={"Accept": accept})
        assert answer.headers["content-type"].partition(";")[0] == accept.partition(",")[0]
        return answer.content

    bias = store["root"].checkpoint()["dense/bias"].values
    np.testing.assert_array_equal(np.load(io.BytesIO(content("application/x-npy"))), bias)
    table = pa.ipc.open_stream(content("application/vnd.apache.arrow.stream, */*;q=0.9")).read_pandas()
    np.testing.assert_array_equal(table["bias"], bias)
    assert content("text/csv") == b"out,bias\n0,3.0\n1,3.0\n2,3.0\n"
    refused = client.post("/api/values", json={"uoa": "root/dense/bias"}, headers={"Accept": "text/html"})
    assert refused.status_code == 406


def test_a_step_that_does_not_fit_is_named(client: httpx.Client) -> None:
    body = {"uoa": "root/conv/kernel", "pipeline": [{"op": "abs"}, {"op": "mean", "over": ["z"]}]}
    answer = client.post("/api/values", json=body)
    assert answer.status_code == 422
    assert answer.json()["step"] == 2
    assert answer.json()["detail"] == "step 2 (mean): no dim 'z'; this value has y, x, in, out"


def test_an_address_that_is_written_wrongly_is_named(client: httpx.Client) -> None:
    answer = client.post("/api/values", json={"uoa": "root@x"})
    assert (answer.status_code, answer.json()["uoa"]) == (422, "root@x")


def test_samples_have_inputs_labels_and_classes(client: httpx.Client, store: Store) -> None:
    answer = get(client, "models/root/samples?ids=29,1")
    assert (answer["sample"], answer["id"], answer["class"]) == ([29, 1], [290, 10], [-1, 1])
    assert answer["x"]["dims"] == ["sample", "y", "x", "channel"]
    assert answer["y_label"]["values"] == [0, 1]
    predicted = store["root"].checkpoint()["y_prediction"].values.argmax(axis=1)
    assert answer["prediction"] == predicted[[29, 1]].tolist()
    assert len(get(client, "models/root/samples?limit=3")["sample"]) == 3
    assert get(client, "models/root/samples?ids=29,1&inputs=false") == {**answer, "x": None}
    assert get(client, "models/root/samples?ids=29,1&labels=false") == {**answer, "y_label": None}
    refused = client.get("/api/models/root/samples?ids=30")
    assert refused.json()["detail"] == "The root has no sample '30': they are 0 to 29"


def test_samples_that_would_be_too_much_are_refused(store: Store, serving: Serving) -> None:
    """30 images of 16 pixels, with label, class and id."""
    with serving(create_app(store, limits=Limits(elements=30 * 19 - 1))) as limited:
        refused = limited.get("/api/models/root/samples")
        assert (refused.status_code, refused.json()["detail"]) == (
            413,
            "the answer would have 570 elements; 569 elements are allowed (limit 'elements'):"
            " ask for fewer by ids or limit",
        )
        assert limited.get("/api/models/root/samples?limit=29").status_code == 200
    with serving(create_app(store, limits=Limits(held=1000))) as limited:
        assert limited.get("/api/models/root/samples").status_code == 413


def test_a_sample_is_an_image(client: httpx.Client, store: Store) -> None:
    picture = Image.open(io.BytesIO(client.get("/api/samples/root/7.png?scale=3").content))
    values = store["root"].read_samples("x").values
    expected = np.round((values[7, ..., 0] - values.min()) / (values.max() - values.min()) * 255)
    assert (picture.mode, picture.size) == ("L", (12, 12))
    np.testing.assert_array_equal(np.asarray(picture), np.kron(expected, np.ones((3, 3))))


def test_the_classes_are_images_in_a_row(client: httpx.Client, store: Store) -> None:
    picture = Image.open(io.BytesIO(client.get("/api/samples/root/classes.png").content))
    inputs = store["root"].checkpoint()["image/activations"].load()
    mean = inputs[inputs["class"] == "one"].mean("sample").values[..., 0]
    low, high = inputs.values.min(), inputs.values.max()
    assert picture.size == (12, 4)
    np.testing.assert_allclose(np.asarray(picture)[:, 4:8], (mean - low) / (high - low) * 255, atol=1)


@pytest.mark.parametrize("path", ["samples/root/30.png", "samples/root/1.png?scale=99"])
def test_an_image_that_cannot_be_given_is_a_problem(client: httpx.Client, path: str) -> None:
    assert client.get(f"/api/{path}").status_code == 422


def test_measures_asked_together_answer_as_they_do_alone(client: httpx.Client) -> None:
    questions = [{"measure": "variance"}, {"measure": "skew", "levels": ["model"]}]
    together = post(client, "interestingness/batch", {"questions": questions})["answers"]
    for question, answer in zip(questions, together, strict=True):
        assert answer.items() <= post(client, "interestingness", question).items()
    wrong = client.post("/api/interestingness/batch", json={"questions": [*questions, {"measure": "skw"}]})
    assert wrong.status_code == 422
    assert wrong.json()["detail"].startswith("there is no measure 'skw'; ")


def test_every_measure_is_listed_and_answers(client: httpx.Client) -> None:
    for measure in get(client, "interestingness")["measures"]:
        answer = post(
            client, "interestingness", {"measure": measure["name"], "models": ["root"], "checkpoint": "best"}
        )
        assert answer["measure"] == measure
        assert {score["uoa"].partition("@")[2][:2] for score in answer["scores"]} <= {"2/", ""}
        fields = {"uoa", "level", "type", "raw", "baseline", "against", "deviation", "score"}
        assert all(set(score) == fields for score in answer["scores"])
    refused = client.post("/api/interestingness", json={"measure": "varianc"})
    assert refused.json()["detail"] == "there is no measure 'varianc'; the nearest are variance, range"
    refused = client.post("/api/interestingness", json={"measure": "variance", "checkpoint": "lats"})
    assert (refused.status_code, refused.json()["detail"]) == (
        422,
        "'checkpoint': 'lats' is no checkpoint: write a number, last, first, best",
    )


def test_locate_answers_with_types_and_patterns(client: httpx.Client) -> None:
    answer = post(client, "locate", {"types": ["kernel"]})
    assert list(answer["types"]) == ["kernel"]
    assert answer["types"]["kernel"]["counts"][ROOT] == 2
    assert answer["patterns"] == {}


def test_a_branch_is_a_header_whose_parent_is_right(client: httpx.Client) -> None:
    answer = post(client, "branch", {"parent": "root", "label": "It's wider"})
    header = answer["header"]
    assert (header["parents"], header["name"], header["tags"]) == ([ROOT], "root_2", ["digits"])
    assert header["id"] != post(client, "branch", {"parent": "root"})["header"]["id"]
    assert f'parents=["{ROOT}"]' in answer["python"]
    namespace: dict[str, Any] = {}
    exec(answer["python"].replace("inspectree.logger", "inspectree.logger.header"), namespace)
    assert namespace["header"].model_dump(mode="json") == header
    refused = client.post("/api/branch", json={"parent": "root", "name": ""})
    assert refused.status_code == 422


def test_the_grammar_lists_every_step(client: httpx.Client) -> None:
    answer = get(client, "grammar")
    assert {step["op"] for step in answer["steps"]} == set(
        answer["schema"]["items"]["discriminator"]["mapping"]
    )


def test_the_documentation_needs_no_other_machine(client: httpx.Client) -> None:
    page = client.get("/api/docs").text
    assert "https://" not in page
    for part in page.split('"'):
        if part.startswith("/api/"):
            assert client.get(part).status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_below_api_nothing_else_answers(client: httpx.Client, method: str) -> None:
    answer = client.request(method, "/api/modells/root")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["detail"] == "there is no /api/modells/root; /api/docs lists what there is"


def test_another_method_is_told_which_ones_a_route_takes(client: httpx.Client) -> None:
    answer = client.delete("/api/interestingness")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "/api/interestingness does not take DELETE but GET, POST"


@pytest.mark.parametrize("path", ["/api", "/api/"])
def test_the_entrance_leads_to_the_documentation(client: httpx.Client, path: str) -> None:
    assert client.get(path).headers["location"] == "/api/docs"


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ("{", "the body is not JSON: Expecting property name enclosed in double quotes at character 1"),
        ("[]", "body: Input should be a JSON object"),
        ('{"uoa": "root/conv", "pipeline": "x"}', "pipeline: Input should be a list"),
        (
            '{"uoa": "root/conv", "pipelin": []}',
            "pipelin: there is no such field; /api/docs lists those that there are",
        ),
        ('{"uoa": []}', "uoa: name at least one unit of analysis"),
        ('{"uoa": ""}', "'' names no model: write MODEL[@CHECKPOINT][/LAYER[/VARIABLE]][#UNIT]"),
        ('{"uoa": "root/conv", "samples": [30]}', "aaaa0000-root@3/conv: no sample 30; they are 0 to 29"),
        ('{"uoa": "root@2"}', "aaaa0000-root@2 is a whole checkpoint: name a layer or a variable in it"),
    ],
)
def test_a_body_that_does_not_fit_is_answered_in_the_words_of_json(
    client: httpx.Client, body: str, detail: str
) -> None:
    answer = client.post("/api/values", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["detail"]) == (422, detail)


def test_large_answers_are_compressed(client: httpx.Client) -> None:
    assert client.get("/api/experiments").headers["content-encoding"] == "gzip"
