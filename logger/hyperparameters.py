"""How a model is trained, found by looking."""

import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from inspectree.logger.architecture.config import layer_config, plain
from inspectree.logger.architecture.model_graph import ModelGraph

GIT_SECONDS = 5


def hyperparameters(
    model: Any, graph: ModelGraph, fit: Mapping[str, Any], environment: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a model's training settings as JSON; ``fit`` and ``environment`` are added as they are."""
    compiled = compile_config(model)
    return {
        "optimizer": compiled.get("optimizer"),
        "loss": compiled.get("loss"),
        "loss_weights": compiled.get("loss_weights"),
        "metrics": compiled.get("metrics"),
        **fit,
        "dtype_policy": str(getattr(model.dtype_policy, "name", model.dtype_policy)),
        "parameters": graph.parameters,
        "trainable_parameters": graph.trainable_parameters,
        **environment,
        "python": platform.python_version(),
        "host": platform.node(),
        "script": script(),
        "git_commit": git_commit(script()),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def compile_config(model: Any) -> dict[str, Any]:
    """Return the arguments of ``compile`` as JSON; empty where a user's loss or metric cannot be written."""
    try:
        config = plain(model.get_compile_config() or {})
    except Exception:  # a user's loss, metric or schedule without get_config
        return {"optimizer": _named(model.optimizer), "loss": _named(getattr(model, "loss", None))}
    return dict(config)


def _named(value: Any) -> Any:
    if value is None or isinstance(value, str):
        return value
    return {"class": getattr(value, "__name__", type(value).__name__), **layer_config(value)}


def script() -> str | None:
    """Return the path of the training script; None in a notebook or shell."""
    main = getattr(sys.modules.get("__main__"), "__file__", None)
    return None if main is None else os.fspath(Path(main).resolve())


def git_commit(path: str | None) -> str | None:
    """Return the commit that is checked out where ``path`` lies; None without git or outside a repository."""
    if path is None:
        return None
    command = ["git", "-C", os.fspath(Path(path).parent), "rev-parse", "HEAD"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=GIT_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip()
