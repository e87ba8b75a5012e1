from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from inspectree.logger.capture.saving import Keep, save_model


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
