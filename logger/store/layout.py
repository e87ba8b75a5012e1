"""Names, sizes and versions of the store: what writer and reader agree on (docs/format.md)."""

from pathlib import Path
from urllib.parse import quote, unquote

FORMAT_VERSION = "1.0"
FORMAT_MAJOR = 1

MODELS = "models"
MODEL_FILE = "model.h5"
HISTORY_FILE = "history.jsonl"
CHECKPOINTS = "checkpoints"
SAVED = "saved"
SUPERSEDED = "superseded"

SAMPLES = "data_samples"
LAYERS = "layers"
ACTIVATIONS = "activations"
CLASS_MEANS = "mean_class_activations"
WEIGHTS = "weights"
GRADIENTS = "gradients"
MASK = "mask"
STATISTICS = "statistics"
UNIT_STATISTICS = "unit_statistics"
CLASS_METRICS = "class_metrics"
UPDATES = "updates"
CATALOGUE = "catalogue"
VOCABULARY = "vocabulary"

COMPRESS_FROM = 64 * 1024
"""Bytes from which a dataset is chunked and compressed."""

SAMPLES_PER_CHUNK = 64

RESERVED = "/@#%"


def encode(name: str) -> str:
    """Return ``name`` with the characters that separate the parts of a path percent-encoded."""
    if name in {".", ".."}:
        return name.replace(".", "%2E")
    return "".join(quote(char, safe="") if char in RESERVED else char for char in name)


def decode(name: str) -> str:
    """Return the name that `encode` was given."""
    return unquote(name)


def layer_group(layer: str) -> str:
    """Return the group of the layer with this path: ``block/conv`` is ``/layers/block/layers/conv``."""
    return "".join(f"/{LAYERS}/{name}" for name in layer.split("/"))


def is_output(name: str) -> bool:
    """Tell whether a name in a layer's group is an output: ``activations`` or ``activations.KEY``."""
    return name == ACTIVATIONS or name.startswith(f"{ACTIVATIONS}.")


def described(table: str, layer: str, name: str) -> str:
    """Return where ``table``, ``statistics`` or ``unit_statistics``, tells of a layer's variable."""
    return f"{layer_group(layer)}/{table}/{'/'.join(map(encode, name.split('/')))}"


def class_means_of(output: str) -> str:
    """Return the name of the class means of a layer's output ``activations`` or ``activations.KEY``."""
    return f"{CLASS_MEANS}{output.removeprefix(ACTIVATIONS)}"


def model_folder(store: Path, model_id: str) -> Path:
    """Return the folder of a model."""
    return store / MODELS / model_id


def checkpoint_file(folder: Path, number: int) -> Path:
    """Return the file of a checkpoint in a model's folder."""
    return folder / CHECKPOINTS / f"{number:06d}.h5"
