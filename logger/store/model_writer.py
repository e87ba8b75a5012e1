"""What stays constant while a model is trained, as one file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import h5py

from inspectree.logger.architecture.model_graph import ModelGraph
from inspectree.logger.header import Header
from inspectree.logger.statistics import describe
from inspectree.logger.store import layout
from inspectree.logger.store.atomic import replacing
from inspectree.logger.store.catalogue import of_model, write_catalogue
from inspectree.logger.store.hdf5 import in_memory, set_attributes, write_array
from inspectree.logger.store.jsontext import dumps
from inspectree.logger.store.record import Samples
from inspectree.logger.store.samples_writer import (
    class_means,
    fitting_dims,
    write_class_means,
    write_named,
)
from inspectree.logger.store.space import space_of


def write_model(
    path: Path,
    header: Header,
    graph: ModelGraph,
    hyperparameters: Mapping[str, Any],
    samples: Samples,
    state: Mapping[str, Any],
) -> None:
    """Write ``model.h5``; it appears under its name when it is complete.

    Raises
    ------
    FileExistsError
        When it is there already.
    """
    with replacing(path, new=True) as temporary, in_memory(temporary) as file:
        set_attributes(
            file,
            {
                "kind": "model",
                "version": layout.FORMAT_VERSION,
                "header": header.model_dump_json(),
                "class_names": dumps(list(samples.class_names)),
                "samples": space_of(samples),
                **state,
            },
        )
        file["hyperparameters"] = dumps(dict(hyperparameters))
        file["architecture"] = graph.model_dump_json()
        file["outline"] = graph.outline.model_dump_json()
        if samples.vocabulary:
            file[layout.VOCABULARY] = dumps(dict(samples.vocabulary))
        dims = dict(zip(samples.inputs, (node.dims for node in graph.inputs), strict=False))
        _write_samples(file.create_group(layout.SAMPLES), samples, dims)
        _write_inputs(file, samples, graph)
        write_catalogue(file, of_model(file))


def _write_samples(group: h5py.Group, samples: Samples, dims: Mapping[str, tuple[str, ...]]) -> None:
    write_named(group, "x", samples.inputs, dims)
    if samples.labels:
        write_named(group, "y_label", samples.labels, {})
    write_array(group, "id", samples.ids, ("sample",))
    if samples.classes is not None:
        write_array(group, "class", samples.classes, ("sample",))


def _write_inputs(file: h5py.File, samples: Samples, graph: ModelGraph) -> None:
    """Write the input layers here, once: at every checkpoint they hold the same."""
    for node, (name, values) in zip(graph.inputs, samples.inputs.items(), strict=False):
        group = file.create_group(layout.layer_group(node.id))
        stored = f"/{layout.SAMPLES}/x" + (f"/{layout.encode(name)}" if len(samples.inputs) > 1 else "")
        group[layout.ACTIVATIONS] = h5py.SoftLink(stored)
        if values.dtype.kind in "biuf":
            if samples.classes is not None:
                means = class_means(values, samples.classes)
                dims = fitting_dims(values, node.dims)[1:]
                write_class_means(group, layout.CLASS_MEANS, means, dims, samples)
            statistics = group.create_group(layout.STATISTICS)
            write_array(statistics, layout.ACTIVATIONS, describe(values).as_record(), ())
