"""Questions are answered by workers: the slow, the deadly and the repeated ones."""

import multiprocessing
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import h5py
import httpx
import pytest

from inspectree.logger.errors import StoreError
from inspectree.logger.header import Header
from inspectree.logger.store.writer import ModelWriter
from inspectree.server import Store
from inspectree.server.api.app import create_app
from inspectree.server.cache import made
from inspectree.server.errors import LimitError, PipelineError, UnitError
from inspectree.server.limits import Limits
from inspectree.server.workers.pool import Pool, Ticket
from inspectree.server.workers.setup import Setup
from inspectree.server.workers.wire import raised, told

Serving = Callable[..., AbstractContextManager[httpx.Client]]

OWN = '''
"""Steps that take their time, or the process with them."""

import os
import sys
import time
from typing import ClassVar, Literal

from inspectree.server.grammar.base import Step


class Wait(Step):
    """Do nothing for a while; tell in a file that it was done."""

    family: ClassVar[str] = "map"
    example: ClassVar = {"op": "wait", "seconds": 0.0, "file": ""}
    op: Literal["wait"] = "wait"
    seconds: float
    file: str = ""

    def check(self, spec):
        return spec

    def __call__(self, value):
        if self.file:
            with open(self.file, "a") as file:
                file.write("x")
        time.sleep(self.seconds)
        return value


class Die(Step):
    """End the process."""

    family: ClassVar[str] = "map"
    example: ClassVar = {"op": "die"}
    op: Literal["die"] = "die"

    def check(self, spec):
        return spec

    def __call__(self, value):
        os._exit(1)


class Imported(Step):
    """Tell in a file whether a module is imported."""

    family: ClassVar[str] = "map"
    example: ClassVar = {"op": "imported", "name": "os", "file": ""}
    op: Literal["imported"] = "imported"
    name: str
    file: str

    def check(self, spec):
        return spec

    def __call__(self, value):
        with open(self.file, "w") as file:
            file.write(str(self.name in sys.modules))
        return value


class Fail(Step):
    """Have a mistake."""

    family: ClassVar[str] = "map"
    example: ClassVar = {"op": "fail"}
    op: Literal["fail"] = "fail"

    def check(self, spec):
        return spec

    def __call__(self, value):
        raise RuntimeError("my mistake")
'''

TIMES = '''
"""A step that multiplies."""

from typing import ClassVar, Literal

from inspectree.server.grammar.base import Step


class Times(Step):
    """Multiply."""

    family: ClassVar[str] = "map"
    example: ClassVar = {{"op": "times"}}
    op: Literal["times"] = "times"

    def check(self, spec):
        return spec

    def __call__(self, value):
        return value * {factor}
'''

LESS = "import resource; resource.setrlimit(resource.RLIMIT_CPU, (200, 200))"

UNGUARDED = """
import sys
from pathlib import Path
import httpx
from inspectree.server.api.app import create_app
from inspectree.server.api.serving import serving

print("run")
with serving(create_app(Path(sys.argv[1]))) as address:
    question = {"uoa": "root/conv/kernel", "pipeline": [{"op": "count"}]}
    print(httpx.post(address + "api/values", json=question, timeout=60).json()["values"])
"""

KERNEL = "root/conv/kernel"


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("own") / "own_steps.py"
    path.write_text(OWN)
    return path


@pytest.fixture
def client(folder: Path, steps: Path, serving: Serving) -> Any:
    """Serve with steps of our own; the first worker, which takes a while to begin, is there."""
    with serving(create_app(folder, steps=[steps], limits=Limits(seconds=2))) as client:
        asked(client, {"op": "min"})
        yield client


def asked(client: httpx.Client, *pipeline: dict[str, Any], uoa: str = KERNEL) -> httpx.Response:
    return client.post("/api/values", json={"uoa": uoa, "pipeline": pipeline})


def wait(seconds: float, file: Path | None = None, **more: Any) -> dict[str, Any]:
    return {"op": "wait", "seconds": seconds, "file": str(file or ""), **more}


def test_people_s_own_steps_run_in_workers(client: httpx.Client, store: Store) -> None:
    answer = asked(client, wait(0), {"op": "mean"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["values"] == pytest.approx(float(store.query(KERNEL, [{"op": "mean"}])))


def test_what_takes_too_long_is_ended_and_names_its_limit(client: httpx.Client) -> None:
    answer = asked(client, wait(60))
    assert answer.status_code == 413
    assert answer.json()["detail"] == (
        "this took longer than 2 seconds (limit 'seconds'): select or reduce more"
    )
    assert asked(client, {"op": "mean"}).status_code == 200


@pytest.mark.skipif(sys.platform == "win32", reason="its workers are no copies")
def test_workers_begin_with_what_takes_a_second_to_import(
    folder: Path, steps: Path, serving: Serving, tmp_path: Path
) -> None:
    """Once the process that they are copies of had time for it: they need none of their own."""
    told, until = tmp_path / "told", time.monotonic() + 30
    step = {"op": "imported", "name": "sklearn.decomposition", "file": str(told)}
    while time.monotonic() < until and (not told.exists() or told.read_text() != "True"):
        with serving(create_app(folder, steps=[steps])) as client:
            asked(client, {"op": "die"})  # so that the next one is new
            asked(client, step)
    assert told.read_text() == "True"


def test_a_worker_that_dies_costs_its_question_only(client: httpx.Client) -> None:
    for _ in range(5):
        answer = asked(client, {"op": "die"})
        assert answer.status_code == 409
        assert "it brings the process down that reads it" in answer.json()["detail"]
    assert asked(client, {"op": "mean"}).status_code == 200


def test_a_mistake_in_a_worker_is_told_in_the_log(
    client: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    answer = asked(client, {"op": "fail"})
    assert (answer.status_code, answer.json()["title"]) == (500, "Internal error")
    assert "RuntimeError: my mistake" in caplog.text


def test_a_slow_question_delays_no_quick_one(folder: Path, steps: Path, serving: Serving) -> None:
    """More slow ones than there are cores are under way; all of them are answered in the end."""
    slow = [wait(4 + number / 100) for number in range((os.cpu_count() or 1) + 2)]
    with serving(create_app(folder, steps=[steps])) as client, ThreadPoolExecutor(len(slow)) as threads:
        running = [threads.submit(asked, client, step) for step in slow]
        time.sleep(0.6)
        quick = [client.get("/api/health"), asked(client, {"op": "max"})]
        assert not any(answer.done() for answer in running)
        assert {answer.status_code for answer in quick} == {200}
        assert {answer.result().status_code for answer in running} == {200}


def test_the_same_question_of_many_is_answered_once(client: httpx.Client, tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    step = wait(0.4, marks)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: asked(client, step), range(8)))
    assert marks.read_text() == "x"
    assert len({answer.text for answer in answers}) == 1


def test_what_nobody_waits_for_is_given_up(client: httpx.Client, tmp_path: Path) -> None:
    """The worker is ended, so that the question does not run to its end."""
    begun, done = tmp_path / "begun", tmp_path / "done"
    with pytest.raises(httpx.ReadTimeout):
        client.post(
            "/api/values",
            json={"uoa": KERNEL, "pipeline": [wait(1.5, begun), wait(0, done)]},
            timeout=0.5,
        )
    time.sleep(1.6)
    assert (begun.read_text(), done.exists()) == ("x", False)


def test_a_server_that_ends_gives_up_what_takes_too_long(
    folder: Path, steps: Path, tmp_path: Path, serving: Serving, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever waits is told so, and the log holds no traceback."""
    question = {"uoa": KERNEL, "pipeline": [wait(30, begun := tmp_path / "begun")]}
    with ThreadPoolExecutor(1) as threads:
        with serving(create_app(folder, steps=[steps])) as client:
            answer = threads.submit(httpx.post, f"{client.base_url}api/values", json=question, timeout=20)
            while not answer.done() and not begun.exists():
                time.sleep(0.05)
        assert answer.result().status_code == 409
    assert [record for record in caplog.records if record.exc_info] == []


def test_who_leaves_takes_no_answer_from_others(client: httpx.Client, tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    question = {"uoa": KERNEL, "pipeline": [wait(1.2, marks)]}
    with ThreadPoolExecutor(1) as threads:
        patient = threads.submit(client.post, "/api/values", json=question)
        time.sleep(0.2)
        with pytest.raises(httpx.ReadTimeout):
            client.post("/api/values", json=question, timeout=0.3)
        assert patient.result().status_code == 200
    assert marks.read_text() == "x"


def test_what_was_given_up_can_be_asked_again_at_once(client: httpx.Client) -> None:
    question = {"uoa": KERNEL, "pipeline": [wait(1.0)]}
    with pytest.raises(httpx.ReadTimeout):
        client.post("/api/values", json=question, timeout=0.3)
    assert client.post("/api/values", json=question).status_code == 200


def test_a_cancelled_question_gets_no_worker(folder: Path) -> None:
    ticket = Ticket()
    ticket.cancel()
    with Pool(Setup(folder, Limits())) as pool, pytest.raises(StoreError, match="nobody waits"):
        pool.ask("architecture", {"model": "root"}, [], ticket=ticket)


def test_a_ticket_ends_only_the_worker_that_has_its_question(folder: Path) -> None:
    """Not one that has gone on to another."""
    ticket = Ticket()
    with Pool(Setup(folder, Limits())) as pool:
        first = pool.ask("architecture", {"model": "root"}, None, ticket=ticket)
        ticket.cancel()
        assert pool.ask("architecture", {"model": "root"}, None) == first


def running() -> set[int | None]:
    """Return the workers that there are."""
    return {process.pid for process in multiprocessing.active_children()}


def test_who_has_read_the_whole_store_is_kept_for_the_like(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though it took long; of those that took long about one model none is."""
    monkeypatch.setattr("inspectree.server.workers.worker.QUICK", 0.0)  # everything takes long
    with Pool(Setup(folder, Limits()), cores=2) as pool:
        question: dict[str, Any] = {"types": [], "patterns": [], "models": [], "brief": True}
        pool.ask("locate", question, None, "locate")
        kept = running()
        pool.ask("architecture", {"model": "root"}, ["aaaa0000-root"], "root")
        pool.ask("locate", question, None, "locate")
        assert running() == kept
        for tag in ("search", "edges", "more"):
            pool.ask("locate", question, None, tag)
        assert len(running()) == len(kept) + 1, "two of them are kept"


def test_an_answer_is_kept_and_never_stale(
    tmp_path: Path, write_model: Callable[..., ModelWriter], serving: Serving
) -> None:
    """A file that is rewritten below the server is read anew, also where it is compared with only."""
    write_model(tmp_path, Header(id="aaaa", name="root"), (0, 1, 2))
    checkpoints = tmp_path / "models/aaaa/checkpoints"
    queries: list[list[dict[str, Any]]] = [[], [{"op": "difference", "to": "@0"}, {"op": "norm"}]]
    with serving(create_app(tmp_path)) as client:
        for number, pipeline in enumerate(queries):
            uoa = f"root@{number}/conv/kernel"
            shutil.copy(checkpoints / f"00000{2 - number}.h5", tmp_path / "kept.h5")
            first, second = (asked(client, *pipeline, uoa=uoa).json() for _ in range(2))
            assert (first["provenance"]["cached"], second["provenance"]["cached"]) == (False, True)
            assert first["values"] == second["values"]
            shutil.copy(tmp_path / "kept.h5", checkpoints / "000000.h5")
            third = asked(client, *pipeline, uoa=uoa).json()
            assert not third["provenance"]["cached"]
            assert third["values"] != first["values"]


def test_measures_that_compare_checkpoints_see_either_change(
    tmp_path: Path, write_model: Callable[..., ModelWriter], serving: Serving
) -> None:
    """A living server answers as one that has just begun, when what it compares with has changed."""
    write_model(tmp_path, Header(id="aaaa", name="root"), (0, 1, 2))
    checkpoints = tmp_path / "models/aaaa/checkpoints"
    for measure, other in (("change", "000000"), ("step_change", "000001")):
        question = {"measure": measure, "models": ["root"], "baseline": {"kind": "value", "value": 0}}
        with serving(create_app(tmp_path)) as client:
            client.post("/api/interestingness", json=question).raise_for_status()
            shutil.copy(checkpoints / "000002.h5", checkpoints / f"{other}.h5")
            living = client.post("/api/interestingness", json=question).json()["scores"]
        with serving(create_app(tmp_path)) as client:
            fresh = client.post("/api/interestingness", json=question).json()["scores"]
        assert living == fresh
        assert {score["raw"] for score in living if score["level"] == "variable"} == {0.0}


def test_a_list_of_checkpoints_is_never_stale(
    tmp_path: Path, write_model: Callable[..., ModelWriter], serving: Serving
) -> None:
    write_model(tmp_path, Header(id="aaaa", name="root"), (0, 1, 2))
    checkpoints = tmp_path / "models/aaaa/checkpoints"
    with serving(create_app(tmp_path)) as client:
        before = client.get("/api/models/root/checkpoints").json()
        shutil.copy(checkpoints / "000002.h5", checkpoints / "000001.h5")
        after = client.get("/api/models/root/checkpoints").json()
    assert (before[1]["step"], after[1]["step"]) == (10, 20)


def test_kept_answers_know_the_limits_and_steps_that_made_them(
    folder: Path, tmp_path: Path, serving: Serving
) -> None:
    cache, path = str(tmp_path / "answers"), tmp_path / "times.py"
    told = []
    for factor, points in ((2, 5000), (3, 5000), (3, 5)):
        path.write_text(TIMES.format(factor=factor))
        limits = Limits(points=points)
        with serving(create_app(folder, cache=made(cache), steps=[path], limits=limits)) as client:
            times = asked(client, {"op": "times"}, {"op": "max"}).json()["values"]
            told.append((times, asked(client, {"op": "pca"}, uoa="root/conv").json()["shape"][0]))
    assert told[1][0] == pytest.approx(1.5 * told[0][0])
    assert [shape for _, shape in told] == [30, 30, 5]


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits of the system")
def test_limits_of_the_system_are_kept_to(folder: Path) -> None:
    """Clusters give processes some seconds of the processor: less is allowed then, and answers come."""
    script = UNGUARDED.replace('print("run")', LESS)
    command = [sys.executable, "-c", script, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["18"]


def test_servers_share_what_a_folder_keeps(folder: Path, tmp_path: Path, serving: Serving) -> None:
    told = []
    for _ in range(2):
        with serving(create_app(folder, cache=made(str(tmp_path / "answers")))) as client:
            told.append(asked(client, {"op": "median"}).json()["provenance"]["cached"])
    assert told == [False, True]


def test_several_questions_are_answered_at_a_time(client: httpx.Client) -> None:
    queries = [
        {"uoa": KERNEL, "pipeline": [{"op": "mean"}]},
        {"uoa": "root/none"},
        {"uoa": KERNEL, "pipeline": [{"op": "maen"}]},
        {"uoa": "root"},
    ]
    answers = client.post("/api/values/batch", json={"queries": queries}).json()["answers"]
    assert [answer["kind"] for answer in answers] == ["array", "problem", "problem", "table"]
    assert [answers[1]["status"], answers[2]["step"]] == [404, 1]
    alone = asked(client, {"op": "mean"}).json()
    assert answers[0]["values"] == alone["values"]


def test_a_batch_may_not_hold_too_many(folder: Path, serving: Serving) -> None:
    with serving(create_app(folder, limits=Limits(queries=2))) as client:
        queries = [{"uoa": KERNEL}] * 3
        refused = client.post("/api/values/batch", json={"queries": queries})
        assert refused.status_code == 413
        assert refused.json()["detail"] == (
            "this batch holds 3 queries; 2 queries are allowed (limit 'queries'): ask in several batches"
        )


def test_a_large_answer_comes_whole(folder: Path, serving: Serving) -> None:
    """In pieces, packed or not."""
    pipeline = [{"op": "histogram", "bins": 10_000, "by": ["sample"], "shared": False}]
    question = {"uoa": "root/conv/activations", "pipeline": pipeline}
    with serving(create_app(folder)) as client:
        plain = client.post("/api/values", json=question, headers={"accept-encoding": "identity"})
        packed = client.post("/api/values", json=question, headers={"accept-encoding": "gzip"})
        assert "content-encoding" not in plain.headers
        assert packed.headers["content-encoding"] == "gzip"
        assert len(plain.content) > 1 << 20
        assert plain.json()["values"] == packed.json()["values"]


def test_a_script_that_serves_is_run_once(folder: Path, tmp_path: Path) -> None:
    """Also where nothing in it says that other processes should not run it."""
    script = tmp_path / "script.py"
    script.write_text(UNGUARDED)
    command = [sys.executable, str(script), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["run", "18"]


def test_workers_import_nothing_from_the_current_folder(folder: Path, tmp_path: Path) -> None:
    """It may be the one above a clone, or anybody's."""
    (script := tmp_path / "script.py").write_text(UNGUARDED)
    here = tmp_path / "here"
    (package := here / "inspectree" / "server").mkdir(parents=True)
    (package / "__init__.py").write_text("raise SystemExit('not what is installed')")
    command = [sys.executable, str(script), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=here)
    assert done.stdout.split() == ["run", "18"]
    assert "not what is installed" not in done.stderr


@pytest.mark.parametrize(
    "error",
    [
        StoreError("it is damaged"),
        UnitError("no such layer", "root/none"),
        PipelineError("no dim", 3),
        LimitError("too much"),
    ],
)
def test_errors_come_from_workers_as_they_are(error: Exception) -> None:
    again = raised(told(error))
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))


def test_too_little_memory_is_a_limit() -> None:
    assert isinstance(raised(told(MemoryError())), LimitError)


def test_models_that_cannot_be_read_are_told_beside_the_others(
    tmp_path: Path, write_model: Callable[..., ModelWriter]
) -> None:
    folders = [
        write_model(tmp_path, Header(id=id_, name=id_), (0,)).folder for id_ in ("aaaa", "bbbb", "cccc")
    ]
    with h5py.File(folders[1] / "model.h5", "r+") as file:
        del file.attrs["header"]
    with Pool(Setup(tmp_path, Limits())) as pool:
        first, second, third = pool.heads(folders)
        assert isinstance(second, StoreError)
        assert "damaged" in str(second)
        assert [head.header.id for head in (first, third) if not isinstance(head, StoreError)] == [
            "aaaa",
            "cccc",
        ]
        moment = pool.moment(Store(tmp_path, pool).refresh().find("aaaa").reader, 0)
    assert moment[:3] == (0, 0, 0)
