"""Keeping the model itself beside its log."""

from pathlib import Path
from typing import Literal

import keras

from inspectree.logger.store.atomic import replacing
from inspectree.logger.store.layout import SAVED

Keep = Literal["last", "every"]


def save_model(model: keras.Model, folder: Path, number: int, keep: Keep) -> None:
    """Save ``model`` as it is at the checkpoint ``number``; with ``"last"`` only the newest is kept."""
    saved = folder / SAVED
    saved.mkdir(exist_ok=True)
    path = saved / f"{number:06d}.keras"
    with replacing(path, suffix=path.suffix) as temporary:  # Keras tells the format by the suffix
        model.save(temporary)
    if keep == "last":
        for older in saved.glob("[!.]*.keras"):
            if older != path:
                older.unlink()
