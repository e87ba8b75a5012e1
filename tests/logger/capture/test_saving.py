import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from inspectree.logger import TreeLogger
from inspectree.logger.capture.saving import Keep, save_model
from inspectree.logger.store.atomic import remove_leftovers
from inspectree.server.check import check
from inspectree.server.inspector import Inspector


@pytest.mark.parametrize(
    ("keep", "names"), [("last", ["000002.keras"]), ("every", ["000001.keras", "000002.keras"])]
)
def test_models_are_kept_as_asked_for(keep: Keep, names: list[str], tmp_path: Path, network: Any) -> None:
    model = network()
    for number in (1, 2):
        save_model(model, tmp_path, number, keep)
    assert sorted(path.name for path in (tmp_path / "saved").iterdir()) == names


def test_a_saved_model_is_the_model(tmp_path: Path, network: Any, digits: Any) -> None:
    model = network()
    save_model(model, tmp_path, 0, "last")
    again = keras.models.load_model(tmp_path / "saved" / "000000.keras", compile=False)
    np.testing.assert_allclose(
        again.predict(digits[0], verbose=0), model.predict(digits[0], verbose=0), rtol=1e-6
    )


def test_nothing_half_written_is_left_when_saving_fails(
    tmp_path: Path, network: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    model = network()
    monkeypatch.setattr(model, "save", full)
    with pytest.raises(OSError, match="No space left"):
        save_model(model, tmp_path, 0, "last")
    assert list((tmp_path / "saved").iterdir()) == []


KILLED = """
import os, signal, sys
import keras
import numpy as np
from inspectree.logger import TreeLogger

class Deadly(keras.layers.Dense):
    def save_own_variables(self, store):
        os.kill(os.getpid(), signal.SIGKILL)

x = np.ones((4, 2), np.float32)
model = keras.Sequential([keras.Input((2,)), Deadly(1)])
model.compile("sgd", "mse")
logger = TreeLogger(sys.argv[1], name="m", id="mine", samples=x, save_model="every", on_error="raise")
model.fit(x, x[:, :1], verbose=0, callbacks=[logger])
"""


def _problems(store: Path) -> set[str]:
    with Inspector() as inspector:
        return {problem.where for problem in check(store, inspector) if problem}


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_what_a_killed_process_left_is_found_and_removed(tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, "-I", "-c", KILLED, str(tmp_path)], check=False)
    assert ended.returncode == -signal.SIGKILL
    saved = tmp_path / "models" / "mine" / "saved"
    (left,) = saved.iterdir()
    assert f"models/mine/saved/{left.name}" in _problems(tmp_path)
    remove_leftovers(saved)
    assert list(saved.iterdir()) == []


def test_a_further_run_removes_what_is_left_of_saving(tmp_path: Path, network: Any, digits: Any) -> None:
    logger = TreeLogger(tmp_path, name="m", samples=digits, save_model="last", on_error="raise")
    model = network()
    model.fit(*digits, verbose=0, callbacks=[logger])
    saved = tmp_path / "models" / logger.header.id / "saved"
    (saved / ".000009.keras.0a1b2c3d.tmp.keras").write_bytes(b"half")
    model.fit(*digits, verbose=0, callbacks=[logger])
    assert [path.name for path in saved.iterdir()] == ["000002.keras"]
