"""One checkpoint's record as one complete file."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import h5py

from inspectree.logger.architecture.model_graph import ModelGraph, Node, Variable
from inspectree.logger.statistics import describe
from inspectree.logger.store import layout
from inspectree.logger.store.atomic import replacing
from inspectree.logger.store.hdf5 import in_memory, set_attributes, write_array, write_rounded
from inspectree.logger.store.jsontext import dumps
from inspectree.logger.store.record import Array, CheckpointRecord, LayerRecord, Samples
from inspectree.logger.store.samples_writer import fitting_dims, write_class_means, write_named


@dataclass(frozen=True)
class Precision:
    """What activations and weights are rounded to; None keeps a weight's own dtype."""

    activations: str = "float16"
    weights: str | None = None


def write_checkpoint(
    path: Path, record: CheckpointRecord, graph: ModelGraph, samples: Samples, precision: Precision
) -> None:
    """Write one checkpoint; the file appears under its name when it is complete."""
    with replacing(path) as temporary, in_memory(temporary) as file:
        set_attributes(
            file,
            {
                "kind": "checkpoint",
                "version": layout.FORMAT_VERSION,
                "number": record.number,
                "step": record.step,
                "epoch": record.epoch,
                "time": datetime.fromtimestamp(record.time, UTC).isoformat(),
                "metrics": dumps(dict(record.metrics)),
            },
        )
        _write_samples(file.create_group(layout.SAMPLES), record, samples, graph)
        for node in graph.inputs:
            group = layout.layer_group(node.id)
            file[group] = h5py.ExternalLink(f"../{layout.MODEL_FILE}", group)
        for layer in record.layers:
            _write_layer(file, layer, graph.by_id[layer.layer], samples, precision)


def _write_samples(group: h5py.Group, record: CheckpointRecord, samples: Samples, graph: ModelGraph) -> None:
    held = ["x", "id"] + ["y_label"] * bool(samples.labels) + ["class"] * (samples.classes is not None)
    for name in held:
        group[name] = h5py.ExternalLink(f"../{layout.MODEL_FILE}", f"/{layout.SAMPLES}/{name}")
    dims = (graph.by_id[output].dims for output in graph.outputs)
    if record.predictions:
        write_named(
            group, "y_prediction", record.predictions, dict(zip(record.predictions, dims, strict=False))
        )


def _write_layer(
    file: h5py.File, layer: LayerRecord, node: Node, samples: Samples, precision: Precision
) -> None:
    group = file.require_group(layout.layer_group(layer.layer))
    statistics = group.require_group(layout.STATISTICS)
    if layer.activations is not None:
        dims = fitting_dims(layer.activations, node.dims)
        write_rounded(group, layout.ACTIVATIONS, layer.activations, dims, precision.activations)
        write_class_means(group, layer.activations, dims, samples)
        write_array(statistics, layout.ACTIVATIONS, describe(layer.activations).as_record(), ())
    elif layer.same_as is not None:
        _write_links(group, layer.same_as, node, len(samples))
    variables = {variable.name: variable for variable in node.variables}
    for name, values in layer.weights.items():
        _write_weight(group.require_group(layout.WEIGHTS), values, variables[name], precision.weights)
        write_array(statistics, name, describe(values).as_record(), ())


def _write_weight(group: h5py.Group, values: Array, variable: Variable, precision: str | None) -> None:
    name, dims, trainable = variable.name, variable.dims, variable.trainable
    if precision is None:
        write_array(group, name, values, dims, trainable=trainable)
    else:
        write_rounded(group, name, values, dims, precision, trainable=trainable)


def _write_links(group: h5py.Group, same_as: str, node: Node, count: int) -> None:
    source = layout.layer_group(same_as)
    shape = [count, *(node.outputs[0].shape[1:] if node.outputs else ())]
    set_attributes(group, {"activations_shape": tuple(shape), "activations_dims": list(node.dims)})
    for name in (layout.ACTIVATIONS, layout.CLASS_MEANS, f"{layout.STATISTICS}/{layout.ACTIVATIONS}"):
        group[name] = h5py.SoftLink(f"{source}/{name}")
