"""One checkpoint's record as one complete file."""

from dataclasses import dataclass
from pathlib import Path

import h5py

from inspectree.logger.architecture.model_graph import ModelGraph, Node, Variable
from inspectree.logger.statistics import describe
from inspectree.logger.store import layout
from inspectree.logger.store.atomic import replacing
from inspectree.logger.store.catalogue import Catalogue, of_checkpoint, write_catalogue
from inspectree.logger.store.hdf5 import in_memory, set_attributes, write_array, write_rounded
from inspectree.logger.store.jsontext import dumps
from inspectree.logger.store.record import Array, CheckpointRecord, LayerRecord, Output, Samples, StepsRecord
from inspectree.logger.store.samples_writer import (
    class_means,
    fitting_dims,
    write_class_means,
    write_named,
)
from inspectree.logger.units import Units, describe_units, unit_axis


@dataclass(frozen=True)
class Precision:
    """What activations and weights are rounded to; None keeps a weight's own dtype."""

    activations: str = "float16"
    weights: str | None = None


@dataclass(frozen=True)
class Logged:
    """The model whose checkpoints are written; ``inputs`` is what its file holds of its input layers."""

    graph: ModelGraph
    samples: Samples
    inputs: Catalogue


def write_checkpoint(path: Path, record: CheckpointRecord, model: Logged, precision: Precision) -> None:
    """Write one checkpoint and empty its record; the file appears under its name when it is complete."""
    graph, samples = model.graph, model.samples
    with replacing(path) as temporary, in_memory(temporary) as file:
        set_attributes(
            file,
            {
                "kind": "checkpoint",
                "version": layout.FORMAT_VERSION,
                "number": record.number,
                "step": record.step,
                "epoch": record.epoch,
                "time": record.taken,
                "metrics": dumps(dict(record.metrics)),
                "recomputed": list(record.recomputed),
            },
        )
        if record.inference_seconds is not None:
            file.attrs["inference_seconds"] = record.inference_seconds
        _write_samples(file.create_group(layout.SAMPLES), record, samples, graph)
        if record.updates is not None:
            _write_updates(file.create_group(layout.UPDATES), record.updates)
        for node in graph.inputs:
            group = layout.layer_group(node.id)
            file[group] = h5py.ExternalLink(f"../{layout.MODEL_FILE}", group)
        while record.layers:
            _write_layer(file, record.layers.pop(0), graph, samples, precision)
        write_catalogue(file, of_checkpoint(file, model.inputs))


def _write_samples(group: h5py.Group, record: CheckpointRecord, samples: Samples, graph: ModelGraph) -> None:
    held = ["x", "id"] + ["y_label"] * bool(samples.labels) + ["class"] * (samples.classes is not None)
    for name in held:
        group[name] = h5py.ExternalLink(f"../{layout.MODEL_FILE}", f"/{layout.SAMPLES}/{name}")
    dims = (graph.by_id[output].dims for output in graph.outputs)
    predictions = record.predictions
    if predictions:
        write_named(group, "y_prediction", predictions, dict(zip(predictions, dims, strict=False)))
    if record.class_metrics is not None:
        write_array(group, layout.CLASS_METRICS, record.class_metrics, ("class",))


def _write_updates(group: h5py.Group, updates: StepsRecord) -> None:
    set_attributes(group, {"variables": list(updates.variables)})
    write_array(group, "step", updates.steps, ("step",))
    for name in ("gradient_norm", "update_ratio"):
        write_array(group, name, getattr(updates, name), ("step", "variable"))


def _write_layer(
    file: h5py.File, layer: LayerRecord, graph: ModelGraph, samples: Samples, precision: Precision
) -> None:
    node = graph.by_id[layer.layer]
    group = file.require_group(layout.layer_group(layer.layer))
    dims = {output.name: output.dims for output in node.outputs}
    for name, output in layer.outputs.items():
        _write_output(group, name, output, dims.get(name, ()), samples, precision.activations)
    if layer.same_as is not None:
        _write_links(group, layer.same_as, node, len(samples))
    if layer.mask is not None:
        write_array(group, layout.MASK, layer.mask, fitting_dims(layer.mask, ("sample", "time")))
    variables = {variable.name: _as_it_is(variable, layer) for variable in node.variables}
    for name, values in layer.weights.items():
        _write_weight(group, values, variables[name], precision.weights)
    for name, gradient in layer.gradients.items():
        of = variables[name].dims if name in variables else fitting_dims(gradient, dims.get(name, ()))
        _write_gradient(group, name, gradient, of)


def _write_output(
    group: h5py.Group, name: str, output: Output, dims: tuple[str, ...], samples: Samples, precision: str
) -> None:
    dims = fitting_dims(output.values, dims)
    stored = write_rounded(group, name, output.values, dims, precision, output.captured)
    means = output.class_means
    if means is None and samples.classes is not None:
        means = class_means(output.values, samples.classes)
    write_class_means(group, layout.class_means_of(name), means, dims[1:], samples)
    _write_statistics(group, name, stored, dims, output.units)


def _write_statistics(
    group: h5py.Group, name: str, values: Array, dims: tuple[str, ...], units: Units | None = None
) -> None:
    """Describe the values as they are stored, and each unit by itself; ``units`` are known already."""
    write_array(group.require_group(layout.STATISTICS), name, describe(values).as_record(), ())
    axis = unit_axis(dims)
    if axis is not None and values.size:
        known = describe_units(values, axis) if units is None else units
        write_array(group.require_group(layout.UNIT_STATISTICS), name, known, (dims[axis],))


def _as_it_is(variable: Variable, layer: LayerRecord) -> Variable:
    """Return a variable as it is trained now: layers may be frozen and unfrozen on the way."""
    return variable.model_copy(update={"trainable": layer.trainable.get(variable.name, variable.trainable)})


def _write_weight(group: h5py.Group, values: Array, variable: Variable, precision: str | None) -> None:
    name, dims, trainable = variable.name, variable.dims, variable.trainable
    target = group.require_group(layout.WEIGHTS)
    stored = values
    if precision is None:
        write_array(target, name, values, dims, trainable=trainable)
    else:
        stored = write_rounded(target, name, values, dims, precision, trainable=trainable)
    _write_statistics(group, name, stored, dims)


def _write_gradient(group: h5py.Group, name: str, values: Array, dims: tuple[str, ...]) -> None:
    write_array(group.require_group(layout.GRADIENTS), name, values, dims)
    statistics = group.require_group(f"{layout.STATISTICS}/{layout.GRADIENTS}")
    write_array(statistics, name, describe(values).as_record(), ())


def _write_links(group: h5py.Group, same_as: str, node: Node, count: int) -> None:
    source = layout.layer_group(same_as)
    shape = [count, *(node.outputs[0].shape[1:] if node.outputs else ())]
    set_attributes(group, {"activations_shape": tuple(shape), "activations_dims": list(node.dims)})
    for name in (layout.ACTIVATIONS, layout.CLASS_MEANS, f"{layout.STATISTICS}/{layout.ACTIVATIONS}"):
        group[name] = h5py.SoftLink(f"{source}/{name}")
