"""What is said of a store whose files are damaged or belong to nothing."""

import os
import random
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Timer

import h5py
import hdf5plugin
import numpy as np
import pytest

from inspectree.logger.header import Header
from inspectree.logger.store.layout import checkpoint_file
from inspectree.logger.store.writer import ModelWriter
from inspectree.server.check import Finding, check
from inspectree.server.inspector import Answer, Inspector, Kind
from inspectree.server.store import open_store

ROOT = Path("models/aaaa0000-root")
CHILD = Path("models/bbbb0000-child")

Problems = Callable[[Path], dict[str, str]]

CONV = "layers/conv/activations"


@pytest.fixture(scope="module")
def inspector() -> Iterator[Inspector]:
    """Return one process that reads for all tests: to begin one takes a second."""
    with Inspector() as inspector:
        yield inspector


@pytest.fixture
def problems(inspector: Inspector) -> Problems:
    """Return a function that says what is wrong where."""
    return lambda runs: {found.where: found.what for found in check(runs, inspector) if found is not None}


@pytest.fixture
def runs(folder: Path, tmp_path: Path) -> Path:
    """Return a sound store that may be spoiled."""
    return shutil.copytree(folder, tmp_path / "runs")


def spoil(path: Path, start: int, count: int) -> None:
    content = bytearray(path.read_bytes())
    content[start : start + count] = b"\xff" * count
    path.write_bytes(content)


def cut(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def zero(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def newer(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        file.attrs["version"] = "2.0"


def compressed(path: Path, **filters: object) -> h5py.h5d.StoreInfo:
    """Store a layer's activations as one compressed chunk, as large ones are; return where it is."""
    with h5py.File(path, "r+") as file:
        values, attributes = file[CONV][()], dict(file[CONV].attrs)
        del file[CONV]
        blosc = hdf5plugin.Blosc2(cname="zstd", clevel=1, filters=hdf5plugin.Blosc2.SHUFFLE)
        stored = file.create_dataset(CONV, data=values, chunks=values.shape, **blosc, **filters)
        stored.attrs.update(attributes)
        return stored.id.get_chunk_info(0)


def checksummed(path: Path) -> None:
    chunk = compressed(path, fletcher32=True)
    spoil(path, chunk.byte_offset, 16)


def zeroed_chunk(path: Path) -> None:
    chunk = compressed(path)
    content = bytearray(path.read_bytes())
    content[chunk.byte_offset : chunk.byte_offset + chunk.size] = bytes(chunk.size)
    path.write_bytes(content)


def flipped(path: Path) -> None:
    """Flip the highest bit of an exponent, in values that are stored as they are."""
    with h5py.File(path) as file:
        offset = file[CONV].id.get_offset()
    content = bytearray(path.read_bytes())
    content[offset + 1] ^= 0x40
    path.write_bytes(content)


def zeroed_values(path: Path) -> None:
    """Lose a block of the disk, which then reads as zeros."""
    with h5py.File(path) as file:
        offset = file[CONV].id.get_offset()
    content = bytearray(path.read_bytes())
    content[offset : offset + 1024] = bytes(1024)
    path.write_bytes(content)


def dangling(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        del file["layers/flatten/activations"]
        file["layers/flatten/activations"] = h5py.SoftLink("/layers/none/activations")


def dangling_input(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        del file["layers/image"]
        file["layers/image"] = h5py.ExternalLink("../other.h5", "/layers/image")


def reshaped(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        weights = file["layers/dense/weights"]
        values, attributes = weights["kernel"][()], dict(weights["kernel"].attrs)
        del weights["kernel"]
        weights.create_dataset("kernel", data=values.T).attrs.update(attributes)


def shortened(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        means = file["layers/conv/mean_class_activations"]
        name = next(iter(means))
        attributes = dict(means[name].attrs)
        del means[name]
        means.create_dataset(name, data=np.zeros((4, 4, 1), np.float32)).attrs.update(attributes)


def stranger(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        file.copy("layers/dense", file["layers"], name="other")


def renamed(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        file.move("layers/dense/weights/bias", "layers/dense/weights/tilt")


def renumbered(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        file.attrs["number"] = 77


def unnamed(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        del file[CONV].attrs["dims"]


HDF5 = "cannot be read as an HDF5 file: "

DAMAGES: dict[Callable[[Path], object], str] = {
    cut: "truncated",
    zero: HDF5,
    lambda path: path.write_bytes(b""): HDF5,
    lambda path: path.write_bytes(b"no HDF5"): HDF5,
    lambda path: shutil.copy(path.parent.parent / "model.h5", path): "a model file, not a checkpoint file",
    newer: "has format version 2.0, this inspectree reads up to 1.x",
    checksummed: "damaged: OSError: ",
    zeroed_chunk: "damaged: OSError: ",
    flipped: f"damaged: /{CONV} was written with another ",
    zeroed_values: f"damaged: /{CONV} was written with another ",
    dangling: "flatten/activations is a link to /layers/none/activations, which is not there",
    dangling_input: "damaged: /layers/image is a link to ../other.h5/layers/image, which is not there",
    reshaped: "damaged: dense/kernel has the shape (3, 32), in the architecture (32, 3)",
    shortened: "damaged: /layers/conv/mean_class_activations/",
    stranger: "damaged: the architecture has no layer other",
    renamed: "damaged: the architecture has no variable dense/tilt",
    renumbered: "damaged: it says that it is checkpoint 77",
    unnamed: "damaged: KeyError: ",
}


def test_every_damage_of_a_checkpoint_is_named(
    problems: Problems, tmp_path: Path, write_model: Callable[..., ModelWriter]
) -> None:
    """Each has another; the first and the last are sound."""
    folder = write_model(tmp_path, Header(id="aaaa", name="a"), tuple(range(len(DAMAGES) + 2))).folder
    expected = {}
    for number, (damage, what) in enumerate(DAMAGES.items(), 1):
        path = checkpoint_file(folder, number)
        damage(path)
        expected[str(path.relative_to(tmp_path))] = what
    found = problems(tmp_path)
    assert list(found) == list(expected)
    for where, what in expected.items():
        assert what in found[where], where
        assert "\n" not in found[where]


def headless(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        del file.attrs["header"]


def without_architecture(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        del file["architecture"]


def fewer_samples(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        attributes = dict(file["data_samples/id"].attrs)
        del file["data_samples/id"]
        file.create_dataset("data_samples/id", data=np.arange(3)).attrs.update(attributes)


MODEL_DAMAGES: dict[Callable[[Path], object], str] = {
    cut: "truncated",
    zero: HDF5,
    lambda path: path.write_bytes(b""): HDF5,
    lambda path: shutil.copy(path.parent / "checkpoints/000000.h5", path): "a checkpoint file, not a model",
    newer: "has format version 2.0, this inspectree reads up to 1.x",
    headless: "damaged: KeyError: ",
    without_architecture: "damaged: architecture: ",
    fewer_samples: "damaged: its samples differ in their number: ",
}  # fmt: skip


def test_every_damage_of_a_model_is_named(
    problems: Problems, tmp_path: Path, write_model: Callable[..., ModelWriter]
) -> None:
    """Once, not for each of its checkpoints."""
    expected = {}
    for number, (damage, what) in enumerate(MODEL_DAMAGES.items()):
        path = write_model(tmp_path, Header(id=f"aaaa{number}", name="a"), (0,)).folder / "model.h5"
        damage(path)
        expected[str(path.relative_to(tmp_path))] = what
    found = problems(tmp_path)
    assert list(found) == list(expected)
    for where, what in expected.items():
        assert what in found[where], where


def test_a_model_whose_file_is_missing_is_named(problems: Problems, runs: Path) -> None:
    (runs / CHILD / "model.h5").unlink()
    what = "it holds no model.h5, without which nothing in it can be read"
    assert problems(runs) == {str(CHILD): what}


def test_a_sound_store_is_read_file_by_file(folder: Path, inspector: Inspector) -> None:
    """Two models, each with its file, a history and four checkpoints."""
    assert list(check(folder, inspector)) == [None] * 2 * 6


def test_nothing_is_changed(problems: Problems, runs: Path) -> None:
    (runs / ROOT / "checkpoints/000001.h5").write_bytes(b"no HDF5")
    before = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in runs.rglob("*")}
    assert problems(runs)
    assert {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in runs.rglob("*")} == before


def test_a_model_that_cannot_be_read_is_missing_as_a_parent(problems: Problems, runs: Path) -> None:
    (runs / ROOT / "model.h5").write_bytes(b"no HDF5")
    found = problems(runs)
    assert list(found) == [str(ROOT / "model.h5"), "bbbb0000-child"]
    assert found["bbbb0000-child"] == "its parent aaaa0000-root is not in the store"


@pytest.mark.parametrize(
    ("number", "line", "fault"),
    [
        (2, "{epoch", "JSONDecodeError: "),
        (3, '{"epoch": 2, "step": 20, "time": ""}', "it has no metrics, seconds"),
        (4, "5", "TypeError: "),
        (1, '{"epoch": 2}', "KeyError: 'kind'"),
        (1, '{"kind": "model", "version": "1.0"}', "it is no history's first"),
    ],
)
def test_a_broken_line_of_a_history_is_named(
    problems: Problems, runs: Path, number: int, line: str, fault: str
) -> None:
    path = runs / ROOT / "history.jsonl"
    lines = path.read_text().splitlines()
    lines[number - 1] = line
    path.write_text("\n".join([*lines, ""]))
    ((where, what),) = problems(runs).items()
    assert where == str(ROOT / "history.jsonl")
    assert what.startswith(f"damaged: line {number}: {fault}")


def test_a_line_that_is_being_written_and_a_history_without_lines_are_no_damage(
    problems: Problems, runs: Path
) -> None:
    with (runs / ROOT / "history.jsonl").open("a") as file:
        file.write('{"epoch": 4, "st')
    (runs / CHILD / "history.jsonl").write_text("")
    assert problems(runs) == {}


def test_a_checkpoint_under_a_wrong_name_is_named(problems: Problems, runs: Path) -> None:
    checkpoints = runs / ROOT / "checkpoints"
    shutil.copy(checkpoints / "000001.h5", checkpoints / "000007.h5")
    shutil.copy(checkpoints / "000001.h5", checkpoints / "8.h5")
    assert problems(runs) == {
        str(ROOT / "checkpoints/000007.h5"): "damaged: it says that it is checkpoint 1",
        str(ROOT / "checkpoints/8.h5"): "it belongs to nothing in the store",
    }


def test_a_saved_model_is_an_archive_with_a_number(problems: Problems, runs: Path) -> None:
    """It needs no checkpoint: that is written later, and a process may be killed between the two."""
    saved = runs / ROOT / "saved"
    saved.mkdir()
    for name in ("000001", "000002", "000009", "mine"):
        with zipfile.ZipFile(saved / f"{name}.keras", "w") as archive:
            archive.writestr("config.json", "{}" * 100)
    spoil(saved / "000002.keras", 60, 20)
    cut(saved / "000001.keras")
    assert problems(runs) == {
        str(ROOT / "saved/000001.keras"): "damaged: BadZipFile: File is not a zip file",
        str(ROOT / "saved/000002.keras"): "damaged: config.json in it does not have its checksum",
        str(ROOT / "saved/mine.keras"): "it belongs to nothing in the store",
    }


def test_what_belongs_to_nothing_is_named(problems: Problems, runs: Path) -> None:
    (runs / ROOT / "notes.txt").write_text("mine")
    (runs / ROOT / ".DS_Store").write_text("a desktop's")
    (runs / ROOT / "checkpoints/000009.h5").symlink_to("nowhere")
    (runs / "models/empty/checkpoints").mkdir(parents=True)
    (runs / "models/file").write_text("mine")
    assert problems(runs) == {
        str(ROOT / "checkpoints/000009.h5"): "it belongs to nothing in the store",
        str(ROOT / "notes.txt"): "it belongs to nothing in the store",
        "models/empty": "it holds no model.h5: its training ended before it began",
        "models/file": "it belongs to nothing in the store",
    }


def test_leftovers_are_named_when_nobody_writes_them(
    problems: Problems, inspector: Inspector, runs: Path, write_model: Callable[..., ModelWriter]
) -> None:
    """While a model is logged, such a file is one that is being written. They are no damage."""
    growing = write_model(runs, Header(id="cccc", name="c"), (0,), state="training")
    for model in (ROOT.name, "cccc"):
        (runs / "models" / model / "checkpoints/.000009.h5.0a1b.tmp").write_bytes(b"half")
    path = ROOT / "checkpoints/.000009.h5.0a1b.tmp"
    what = "a process that was killed left it half-written; it can be deleted"
    leftover = Finding(str(path), what, runs / path, harmless=True)
    assert [finding for finding in check(runs, inspector) if finding] == [leftover]
    growing.finish()
    assert len(problems(runs)) == 2


def test_two_models_of_one_id_are_told(problems: Problems, runs: Path) -> None:
    """The one whose folder has the id's name counts, for the readers too."""
    shutil.copytree(runs / ROOT, runs / "models/0copy")
    assert problems(runs) == {"0copy": "it has the same id as aaaa0000-root: aaaa0000-root; left out"}
    assert {model.folder.name for model in open_store(runs).models} == {ROOT.name, CHILD.name}


def test_a_folder_that_is_not_called_by_its_id_is_told(problems: Problems, runs: Path) -> None:
    (runs / CHILD).rename(runs / "models/other")
    what = "its header has the id bbbb0000-child, which its folder should have as its name"
    assert problems(runs) == {"other": what}


def test_parents_that_are_missing_or_in_a_circle_are_told(
    problems: Problems, tmp_path: Path, write_model: Callable[..., ModelWriter]
) -> None:
    for child, parent in (("aaaa", "bbbb"), ("bbbb", "aaaa"), ("cccc", "gone")):
        write_model(tmp_path, Header(id=child, name=child, parents=(parent,)), ())
    assert problems(tmp_path) == {
        "bbbb": "its parent aaaa descends from it; this link is left out",
        "cccc": "its parent gone is not in the store",
    }


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_file_that_is_never_read_to_its_end_is_given_up(runs: Path) -> None:
    """A pipe to which nobody writes: its reader waits for ever. The next file is read by a new process."""
    pipe, sound = runs / ROOT / "saved/000009.keras", runs / ROOT / "checkpoints/000001.h5"
    pipe.parent.mkdir()
    os.mkfifo(pipe)
    with Inspector(patience=1) as inspector:
        answer = inspector.ask("saved", runs / ROOT, pipe)
        assert answer.fault == "cannot be read: HDF5 had not come to an end after 1 s"
        assert inspector.ask("checkpoint", runs / ROOT, sound).fault is None


FUZZED, SOUND = 40, 10


def damaged_at_random(path: Path, seed: int) -> None:
    """Cut a file short, flip bits, or write over a part of it, wherever it is."""
    chance = random.Random(seed)
    content = bytearray(path.read_bytes())
    start = chance.randrange(len(content))
    size = chance.choice((1, 8, 512, 4096))
    match seed % 4:
        case 0:
            del content[start:]
        case 1:
            content[start] ^= 1 << chance.randrange(8)
        case 2:
            content[start : start + size] = bytes(len(content[start : start + size]))
        case _:
            content[start : start + size] = chance.randbytes(len(content[start : start + size]))
    path.write_bytes(content)


def test_whatever_is_done_to_files_is_found_or_leaves_them_readable(
    problems: Problems, tmp_path: Path, write_model: Callable[..., ModelWriter]
) -> None:
    """What is not named gives every value when it is asked for; no sound file is named."""
    numbers = tuple(range(FUZZED + SOUND))
    folder = write_model(tmp_path, Header(id="aaaa", name="a"), numbers).folder
    for number in numbers[:FUZZED]:
        compressed(checkpoint_file(folder, number))
        damaged_at_random(checkpoint_file(folder, number), number)
    named = {Path(where).name for where in problems(tmp_path)}
    assert len(named) > FUZZED / 4
    model = open_store(tmp_path)["a"]
    for number in numbers:
        if f"{number:06d}.h5" not in named:
            checkpoint = model.checkpoint(number)
            assert all(checkpoint[path].load() is not None for path in checkpoint)
    assert not named & {f"{number:06d}.h5" for number in numbers[FUZZED:]}


def test_what_was_superseded_is_read_too(problems: Problems, runs: Path) -> None:
    """A training that goes on from an earlier point moves there what it does again."""
    model = runs / ROOT
    aside = model / "superseded"
    aside.mkdir()
    for number in (2, 3):
        (model / f"checkpoints/{number:06d}.h5").rename(aside / f"{number:06d}.1.h5")
    shutil.copy(model / "history.jsonl", aside / "history.1.jsonl")
    assert problems(runs) == {}
    zero(aside / "000003.1.h5")
    with (aside / "history.1.jsonl").open("a") as file:
        file.write("{\n")
    assert list(problems(runs)) == [
        f"{ROOT}/superseded/{name}" for name in ("000003.1.h5", "history.1.jsonl")
    ]


def test_a_file_that_has_gone_is_not_there(inspector: Inspector, runs: Path) -> None:
    with pytest.raises(FileNotFoundError):
        inspector.ask("model", runs / ROOT, runs / ROOT / "gone.h5")


class _Vanishing(Inspector):
    """Stands for `inspectree prune`, which removes a model while it is checked."""

    def ask(self, kind: Kind, folder: Path, file: Path) -> Answer:
        if folder.name == CHILD.name and folder.exists():
            shutil.rmtree(folder)
        return super().ask(kind, folder, file)


def test_a_model_that_is_removed_meanwhile_is_none(runs: Path) -> None:
    with _Vanishing() as inspector:
        assert [found for found in check(runs, inspector) if found is not None] == []


def test_a_reader_that_is_ended_just_as_it_answers_answers_and_is_begun_anew(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next file is not taken for damaged."""
    file = runs / ROOT / "checkpoints/000001.h5"

    class Late(Timer):
        """Fires when the answer has been read."""

        def run(self) -> None:
            self.finished.wait()
            self.function()

    with Inspector() as inspector:
        monkeypatch.setattr("inspectree.server.inspector.Timer", Late)
        assert inspector.ask("checkpoint", runs / ROOT, file).fault is None
        monkeypatch.undo()
        assert inspector.ask("checkpoint", runs / ROOT, file).fault is None
