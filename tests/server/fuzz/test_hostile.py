"""Stores that are made to do harm, each in one way: every model is told of, and the others go on.

Nothing of the machine's other files is shown, nothing runs away, and no answer says that the server failed.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import h5py
import hdf5plugin
import httpx
import numpy as np
import pytest

from inspectree.logger.header import Header
from inspectree.logger.store.digest import sealed
from inspectree.logger.store.hdf5 import in_memory
from tests.server.fuzz.apart import Apart, apart

SOUND = "sound000-model"
SECRET = "what only the user of this machine may see"
KERNEL, CONV = "/layers/dense/weights/kernel", "/layers/conv"
DEEP = 100_000

Change = Callable[[h5py.File, Path], None]


def header(**fields: Any) -> Change:
    def change(file: h5py.File, _: Path) -> None:
        file.attrs["header"] = json.dumps({**json.loads(file.attrs["header"]), **fields})

    return change


def attribute(name: str, value: Any) -> Change:
    def change(file: h5py.File, _: Path) -> None:
        file.attrs[name] = value

    return change


def text(name: str, value: str) -> Change:
    def change(file: h5py.File, _: Path) -> None:
        del file[name]
        file[name] = value

    return change


def architecture(**fields: Any) -> Change:
    """Change every node of the architecture."""

    def change(file: h5py.File, _: Path) -> None:
        graph = json.loads(file["architecture"][()])
        graph["nodes"] = [{**node, **fields} for node in graph["nodes"]]
        del file["architecture"]
        file["architecture"] = json.dumps(graph)

    return change


def circle(file: h5py.File, _: Path) -> None:
    """Have two layers lie within each other, and all data flow back."""
    graph = json.loads(file["architecture"][()])
    graph["nodes"][1]["parent"], graph["nodes"][3]["parent"] = (
        graph["nodes"][3]["id"],
        graph["nodes"][1]["id"],
    )
    graph["edges"] += [{"source": edge["target"], "target": edge["source"]} for edge in graph["edges"]]
    graph["edges"] += [{"source": node["id"], "target": node["id"]} for node in graph["nodes"]]
    graph["edges"] += [{"source": "nobody", "target": "nowhere"}]
    del file["architecture"]
    file["architecture"] = json.dumps(graph)


def unwritten(name: str, dtype: str, shape: tuple[int, ...] = (), **storage: Any) -> Change:
    """Put something in the place of a dataset that claims to be large, and takes no space."""

    def change(file: h5py.File, _: Path) -> None:
        dims = file[name].attrs.get("dims")
        del file[name]
        created = file.create_dataset(name, shape, dtype, **storage)
        if dims is not None:
            created.attrs["dims"] = dims

    return change


def many_attributes(file: h5py.File, _: Path) -> None:
    for number in range(2_000):
        file.attrs[f"attribute {number}"] = 0


def many_links(file: h5py.File, _: Path) -> None:
    for number in range(20_000):
        file[CONV][f"link {number}"] = h5py.SoftLink("/nowhere")


def large_attribute(file: h5py.File, _: Path) -> None:
    file.attrs["metrics"] = json.dumps({"loss": "x" * 30_000_000})


def deep_groups(file: h5py.File, _: Path) -> None:
    group = file["layers"]
    for _ in range(2_000):
        group = group.create_group("a/layers")


def own_circle(file: h5py.File, _: Path) -> None:
    file["layers/conv/layers"] = file["layers"]
    file["layers/dense/layers"] = file["layers"]


def laughs(file: h5py.File, _: Path) -> None:
    """Have each of 40 groups hold the next one twice: 2^40 paths."""
    group = file["layers"]
    for number in range(40):
        below = file.create_group(f"level {number}/layers")
        group["a"] = group["b"] = file[f"level {number}"]
        group = below


def foreign_storage(file: h5py.File, secret: Path) -> None:
    dims = file[KERNEL].attrs["dims"]
    del file[KERNEL]
    created = file.create_dataset(KERNEL, (10,), "f4", external=[(str(secret), 0, 40)])
    created.attrs["dims"] = dims


def foreign_link(file: h5py.File, secret: Path) -> None:
    del file[KERNEL]
    file[KERNEL] = h5py.ExternalLink(str(secret.with_suffix(".h5")), "/secret")


def foreign_group(file: h5py.File, secret: Path) -> None:
    del file[CONV]
    file[CONV] = h5py.ExternalLink(str(secret.with_suffix(".h5")), "/group")


def pipe_link(file: h5py.File, secret: Path) -> None:
    del file[KERNEL]
    file[KERNEL] = h5py.ExternalLink(str(secret.with_suffix(".pipe")), "/secret")


def virtual(file: h5py.File, secret: Path) -> None:
    del file[KERNEL]
    layout = h5py.VirtualLayout((32, 3), "f4")
    layout[:] = h5py.VirtualSource(secret.with_suffix(".h5"), "secret", (32, 3))
    file.create_virtual_dataset(KERNEL, layout)


def typed(dtype: Any) -> Change:
    """Have a kernel of another type."""
    return unwritten(KERNEL, dtype, (32, 3))


def catalogue(**fields: Any) -> Change:
    """Have a file tell something else of what it holds."""

    def change(file: h5py.File, _: Path) -> None:
        entries = json.loads(file["catalogue/entries"][()])
        del file["catalogue/entries"]
        file["catalogue/entries"] = json.dumps([{**entry, **fields} for entry in entries])

    return change


GZIP = {"chunks": (1024, 1024), "compression": "gzip"}
NESTED = "[" * DEEP + "]" * DEEP

IN_MODEL: dict[str, Change] = {
    "id upwards": header(id="../../../../etc/passwd"),
    "id absolute": header(id="/etc/passwd"),
    "id of Windows": header(id="C:\\Windows\\x"),
    "id with a zero byte": header(id="aaaa\0bbbb"),
    "id of others": header(id=SOUND),
    "long id": header(id="x" * 1_000_000),
    "unicode id": header(id="ａａａａ²\u202e"),
    "long name": header(name="x" * 5_000_000),
    "lone surrogate": header(name="\ud800", notes="\udfff"),
    "many parents": header(parents=[f"parent-{number}" for number in range(20_000)]),
    "its own parent": header(parents=["hostile-000012"]),
    "deep header": attribute("header", '{"notes": ' + NESTED + "}"),
    "header of numbers": attribute("header", np.arange(9)),
    "version of a million digits": attribute("version", "9" * 60_000 + ".0"),
    "version of numbers": attribute("version", np.arange(3)),
    "deep classes": attribute("class_names", "[" * 30_000 + "]" * 30_000),
    "classes that are numbers": attribute("class_names", "[1, null, {}]"),
    "many classes": attribute("class_names", json.dumps(["x"] * 10_000)),
    "odd writer": attribute("writer", '{"host": [], "pid": "x"}'),
    "writer is everybody": attribute("writer", '{"host": "x", "pid": -1, "started": 0}'),
    "deep hyperparameters": text("hyperparameters", '{"a": ' + NESTED + "}"),
    "hyperparameters that are none": text("hyperparameters", "[1, 2]"),
    "deep architecture": text("architecture", '{"nodes": ' + NESTED + "}"),
    "no architecture": text("architecture", "null"),
    "text of gigabytes": unwritten("architecture", "S2000000000"),
    "packed text": unwritten("hyperparameters", "S1000000", (1,), chunks=(1,), compression="gzip"),
    "architecture in a circle": circle,
    "all layers of one name": architecture(id="conv", name="conv"),
    "layers of strange kinds": architecture(type="\0" * 9, name="x" * 10_000, parent="nobody"),
    "shapes without end": architecture(outputs=[{"shape": [None, 2**62, -5], "dtype": "O", "dims": ["a"]}]),
    "initialisers by Python's names": architecture(
        config={"kernel_initializer": {"class_name": "VarianceScaling", "config": {"mode": "__class__"}}}
    ),
    "samples without end": unwritten("data_samples/x", "f4", (2**30, 4, 4, 1), chunks=(1024, 4, 4, 1)),
    "samples of text": unwritten("data_samples/x", h5py.string_dtype(), (30, 4, 4, 1)),
    "samples without ids": lambda file, _: file["data_samples"].pop("id"),
}  # fmt: skip

IN_CHECKPOINT: dict[str, Change] = {
    "external storage": foreign_storage,
    "external link": foreign_link,
    "external group": foreign_group,
    "link to a pipe": pipe_link,
    "virtual dataset": virtual,
    "2^60 elements": unwritten(KERNEL, "f4", (2**30, 2**30), chunks=(1024, 1024)),
    "2^60 packed elements": unwritten(KERNEL, "f4", (2**30, 2**30), **GZIP),
    "chunks of gigabytes": unwritten(KERNEL, "f4", (32, 3, 2**26), chunks=(32, 3, 2**23), compression="gzip"),
    "another filter": unwritten(KERNEL, "f4", (32, 3), chunks=(32, 3), **hdf5plugin.LZ4()),
    "statistics without end": unwritten("/layers/dense/statistics/kernel", "f8", (2**40,), chunks=(2**20,)),
    "references": typed(h5py.ref_dtype),
    "lists of lists": typed(h5py.vlen_dtype(np.int32)),
    "records": typed(np.dtype([("a", "f4"), ("b", "S3")])),
    "opaque values": typed("V16"),
    "complex values": typed("c8"),
    "half of a text": typed("S3"),
    "many attributes": many_attributes,
    "many links": many_links,
    "large attribute": large_attribute,
    "deep metrics": attribute("metrics", '{"loss": ' + "[" * 30_000 + "]" * 30_000 + "}"),
    "metrics that are none": attribute("metrics", '{"loss": {"a": []}, "val_loss": "x"}'),
    "odd time": attribute("time", "x" * 10_000),
    "another number": attribute("number", 2**62),
    "deep groups": deep_groups,
    "groups in a circle": own_circle,
    "2^40 groups": laughs,
    "deep catalogue": text("catalogue/entries", NESTED),
    "catalogue of another type": catalogue(dtype="object"),
    "catalogue of a type without end": catalogue(dtype="S4000000000"),
    "catalogue of Python's": catalogue(dtype="__import__('os')"),
    "catalogue of 2^60": catalogue(shape=[2**30, 2**30], dims=["a", "b"]),
    "catalogue of less than nothing": catalogue(shape=[-5, -5], dims=["a", "a"]),
    "catalogue of everything": catalogue(datasets=["/"]),
    "catalogue upwards": catalogue(datasets=["../../../../etc/passwd"], of="/etc/passwd", path="../x"),
    "catalogue of numbers": catalogue(path=1, layer=None, dims=7),
}  # fmt: skip

LINE = {"epoch": 1, "step": 10, "seconds": 0.5, "metrics": {"loss": 1.0}, "time": "2026-01-01T00:00:00+00:00"}


def lines(*values: Any) -> Callable[[Path, Path], None]:
    """Append lines to a history."""

    def change(folder: Path, _: Path) -> None:
        with (folder / "history.jsonl").open("a") as file:
            file.writelines(f"{value if isinstance(value, str) else json.dumps(value)}\n" for value in values)

    return change


def pipe(place: str) -> Callable[[Path, Path], None]:
    def change(folder: Path, _: Path) -> None:
        folder.joinpath(place).unlink(missing_ok=True)
        os.mkfifo(folder / place)

    return change


def linked(place: str, target: str = "") -> Callable[[Path, Path], None]:
    def change(folder: Path, secret: Path) -> None:
        folder.joinpath(place).unlink(missing_ok=True)
        folder.joinpath(place).symlink_to(target or secret)

    return change


def folder_of(place: str) -> Callable[[Path, Path], None]:
    def change(folder: Path, _: Path) -> None:
        folder.joinpath(place).unlink(missing_ok=True)
        folder.joinpath(place).mkdir()

    return change


def numbered(name: str) -> Callable[[Path, Path], None]:
    """Have another checkpoint of this name."""

    def change(folder: Path, _: Path) -> None:
        shutil.copy(folder / "checkpoints/000000.h5", folder / "checkpoints" / name)

    return change


IN_FOLDER: dict[str, Callable[[Path, Path], None]] = {
    "deep line": lines('{"epoch": ' + NESTED + "}"),
    "line that is no mapping": lines([1, 2], 7, "null", '"x"'),
    "line of numbers without end": lines('{"epoch": 1e999, "step": ' + "9" * 5000 + "}"),
    "metrics that are lists": lines({**LINE, "metrics": [1]}, {**LINE, "metrics": {"loss": [1]}}),
    "metrics with the columns' names": lines({**LINE, "metrics": {"epoch": 1, "time": "x", "": 2}}),
    "epochs that are text": lines({**LINE, "epoch": "x", "step": None, "seconds": {}, "time": 5}),
    "long line": lines({**LINE, "more": "x" * 20_000_000}),
    "events of strange kinds": lines({"kind": []}, {"kind": "checkpoint"}, {"kind": {}, "number": -1}),
    "checkpoints told that are not there": lines({"kind": "checkpoint", "number": 10**30, "step": "x"}),
    "surrogates": lines('{"kind": "\\ud800"}', '{"metrics": {"\\ud800": 1}}'),
    "history that is a pipe": pipe("history.jsonl"),
    "history of another": linked("history.jsonl"),
    "history without end": linked("history.jsonl", "/dev/zero"),
    "history that is a folder": folder_of("history.jsonl"),
    "model that is a pipe": pipe("model.h5"),
    "model of another": linked("model.h5"),
    "model that is a folder": folder_of("model.h5"),
    "checkpoint that is a pipe": pipe("checkpoints/000000.h5"),
    "checkpoint that is a device": linked("checkpoints/000000.h5", "/dev/zero"),
    "checkpoint that is a folder": folder_of("checkpoints/000000.h5"),
    "checkpoint of another number": numbered("000007.h5"),
    "checkpoint of a raised number": numbered("².h5"),
    "checkpoint of an Arabic number": numbered("٣.h5"),
    "checkpoint of a large number": numbered("9" * 200 + ".h5"),
    "checkpoint of a negative number": numbered("-00001.h5"),
}  # fmt: skip

CASES = [*IN_MODEL, *IN_CHECKPOINT, *IN_FOLDER]
IDS = {case: f"hostile-{number:06d}" for number, case in enumerate(CASES)}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, write_model: Callable[..., object]) -> Path:
    path = tmp_path_factory.mktemp("hostile")
    secret = path / "secret.txt"
    secret.write_text(SECRET)
    os.mkfifo(path / "secret.pipe")
    with h5py.File(path / "secret.h5", "w") as file:
        file["secret"] = np.full((32, 3), 42.25, "f4")
        file["group/weights/secret"] = file["secret"]
    write_model(path, Header(id=SOUND, name="sound"), (0,))
    for case in CASES:
        _write(path / "models" / SOUND, path / "models" / IDS[case], case, secret)
    return path


def _write(sound: Path, folder: Path, case: str, secret: Path) -> None:
    shutil.copytree(sound, folder)
    model = bytearray((sound / "model.h5").read_bytes().replace(SOUND.encode(), folder.name.encode()))
    sealed(memoryview(model))
    (folder / "model.h5").write_bytes(model)
    if case in IN_FOLDER:
        IN_FOLDER[case](folder, secret)
        return
    path = folder / ("model.h5" if case in IN_MODEL else "checkpoints/000000.h5")
    with in_memory(path, path) as file:
        (IN_MODEL.get(case) or IN_CHECKPOINT[case])(file, secret)


@pytest.fixture(scope="module")
def server(store: Path) -> Iterator[Apart]:
    with apart(store) as server:
        yield server


def questions(id_: str) -> Iterator[tuple[str, Any]]:
    """Yield what the page would ask of one model, and more."""
    for part in ("", "/architecture", "/checkpoints", "/checkpoints/0", "/history", "/samples"):
        yield f"/api/models/{id_}{part}", None
    for picture in ("0.png", "classes.png"):
        yield f"/api/samples/{id_}/{picture}", None
    for uoa in ("dense/kernel", "flatten/activations", "conv/mean_class_activations"):
        yield "/api/values", {"uoa": f"{id_}@0/{uoa}"}
    histogram = [{"op": "histogram", "bins": 4}]
    yield "/api/values", {"uoa": f"{id_}@0/conv/activations", "pipeline": histogram}
    yield "/api/interestingness", {"measure": "variance", "models": [id_]}
    yield "/api/branch", {"parent": id_}


def failures(client: httpx.Client, asked: Iterator[tuple[str, Any]]) -> Iterator[str]:
    """Yield what is wrong with the answers."""
    for path, body in asked:
        try:
            answer = client.get(path) if body is None else client.post(path, json=body)
        except httpx.HTTPError as error:
            yield f"{path} {json.dumps(body)}: {type(error).__name__}"
            continue
        if answer.status_code >= 500:
            yield f"{path} {json.dumps(body)}: {answer.status_code}"
        if SECRET in answer.text or "42.25" in answer.text:
            yield f"{path} {json.dumps(body)}: tells the secret"


def test_every_question_about_a_hostile_model_is_answered(server: Apart) -> None:
    with ThreadPoolExecutor(4) as several:
        found = several.map(lambda case: (case, list(failures(server.client, questions(IDS[case])))), CASES)
        wrong = [f"{case}: {failure}" for case, failed in found for failure in failed]
    assert not wrong, "\n".join(wrong)


def test_every_question_about_the_store_is_answered(server: Apart) -> None:
    """By the models that can be read, whatever the others are."""
    asked = [
        *(("/api/health", None), ("/api/experiments", None), ("/api/models?limit=1000", None)),
        *(("/api/locate", {}), ("/api/interestingness", {"measure": "variance"})),
    ]
    assert list(failures(server.client, iter(asked))) == []


def test_every_hostile_model_is_listed_or_told_of(server: Apart) -> None:
    told = server.client.get("/api/experiments").json()
    listed = {model["id"] for experiment in told["experiments"] for model in experiment["models"]}
    problems = {problem["where"] for problem in told["problems"]}
    assert SOUND in listed
    assert {case for case, id_ in IDS.items() if id_ not in listed | problems} == set()


def test_the_sound_model_is_answered(server: Apart) -> None:
    for path, body in questions(SOUND):
        answer = server.client.get(path) if body is None else server.client.post(path, json=body)
        assert answer.status_code == 200
    assert server.process.poll() is None
