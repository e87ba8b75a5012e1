"""What a model's file says before anything of its data is read."""

import json
from pathlib import Path
from typing import Any, get_args

from inspectree.logger.architecture.model_graph import Outline
from inspectree.logger.frozen import Frozen
from inspectree.logger.header import Header
from inspectree.logger.store import inside, layout
from inspectree.logger.store.opening import opened
from inspectree.logger.store.process import State


class Head(Frozen):
    """A model's identity, how it was trained, and its architecture in a few numbers.

    ``state`` is the one that was written; ``writer`` is the process that logs, or did. Models with the same
    ``samples`` followed the same ones; it is empty where that is not told.
    """

    header: Header
    class_names: tuple[str, ...]
    samples: str
    state: State
    error: str | None
    writer: str
    hyperparameters: dict[str, Any]
    outline: Outline

    @classmethod
    def read(cls, folder: Path) -> "Head":
        """Read the head of the model in a folder.

        Raises
        ------
        StoreError
            When its file is missing, damaged, or of a newer version.
        """
        with opened(folder / layout.MODEL_FILE, "model") as file:
            attributes = dict(file.attrs)
            return cls(
                header=stored_header(attributes["header"]),
                class_names=json.loads(attributes["class_names"]),
                samples=str(attributes.get("samples", "")),
                state=_state(attributes["state"]),
                error=attributes.get("error"),
                writer=attributes["writer"],
                hyperparameters=json.loads(inside.text(file, "hyperparameters")),
                outline=Outline.from_stored(inside.text(file, "outline")),
            )


def stored_header(text: str) -> Header:
    """Return a header as a file holds it, which names its model."""
    header = Header.from_stored(text)
    if "id" not in header.model_fields_set:
        raise ValueError("its header has no id")
    return header


def _state(state: Any) -> State:
    if state not in get_args(State):
        raise ValueError(f"its state is {str(state)!r}, none of {', '.join(get_args(State))}")
    known: State = state
    return known
