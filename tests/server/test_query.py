"""Questions about units of analysis, and what is read to answer them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from sklearn.metrics import confusion_matrix

from inspectree.server import Store
from inspectree.server.errors import LimitError, PipelineError, RequestError
from inspectree.server.grammar import GRAMMAR
from inspectree.server.grammar.base import Spec
from inspectree.server.grammar.pipeline import run, unused_coords
from inspectree.server.limits import Limits
from inspectree.server.query import NO_FILTERS, Filters, ask
from inspectree.server.result import Result
from inspectree.server.source import Source

COUNT = 30
KERNELS = [f"root@{number}/conv/kernel" for number in range(4)]


def asked(
    store: Store, uoa: str | Sequence[str], *steps: Any, filters: Filters = NO_FILTERS, **more: Any
) -> Result:
    uoas = [uoa] if isinstance(uoa, str) else uoa
    return ask([store.resolve(each) for each in uoas], GRAMMAR.parse(steps), filters, **more)


def test_a_variable_is_answered_as_it_is_stored(store: Store) -> None:
    result = asked(store, "root@1/conv/kernel")
    assert result.value.identical(store["root"].checkpoint(1)["conv/kernel"].load())
    assert (result.provenance.source, result.provenance.bytes_read) == ("values", 3 * 3 * 1 * 2 * 4)


def test_a_layer_stands_for_its_activations(store: Store) -> None:
    xr.testing.assert_identical(asked(store, "root/conv").value, asked(store, "root/conv/activations").value)


def test_a_model_stands_for_the_table_of_its_history(store: Store) -> None:
    value = asked(store, "root").value
    assert isinstance(value, pd.DataFrame)
    assert value["epoch"].tolist() == [1, 2, 3]
    with pytest.raises(PipelineError) as error:
        asked(store, "root", {"op": "mean"})
    assert str(error.value) == (
        "step 1 (mean): takes an array, not a table with the columns epoch, step, time, seconds, loss,"
        " val_loss: pivot makes an array of it"
    )


def test_one_unit_is_read_without_the_others(store: Store) -> None:
    result = asked(store, "root/conv/activations#1")
    whole = store["root"].checkpoint()["conv/activations"]
    assert result.value.values.tolist() == whole.isel(channel=1).values.tolist()
    assert result.provenance.bytes_read == whole.nbytes // 2


def test_selections_in_front_become_reads_of_just_that(store: Store) -> None:
    steps = [{"op": "select", "class": ["one"]}, {"op": "select", "position": {"channel": 0}}, {"op": "max"}]
    result = asked(store, "root/conv/activations", *steps)
    whole = store["root"].checkpoint()["conv/activations"].load()
    chosen = whole[whole["class"] == "one"].isel(channel=0)
    assert result.value.item() == chosen.max().item()
    assert result.provenance.bytes_read == chosen.nbytes


REDUCTIONS = ["mean", "min", "max", "std", "var", "norm", "count", "fraction_zero", "fraction_nonfinite"]


@pytest.mark.parametrize("op", [*REDUCTIONS, "histogram"])
@pytest.mark.parametrize("uoa", ["root/conv/kernel", "root/dense/bias", "root/conv/activations"])
def test_stored_statistics_answer_without_reading_values(store: Store, op: str, uoa: str) -> None:
    """The answer is the one that the values give, but for the rounding of stored activations."""
    short = asked(store, uoa, {"op": op})
    long = asked(store, uoa, {"op": "flatten", "dims": store.resolve(uoa).entry.dims}, {"op": op})
    assert (short.provenance.source, long.provenance.source) == ("statistics", "values")
    tolerance = 2 if op == "histogram" and uoa.endswith("activations") else 1e-3
    xr.testing.assert_allclose(
        short.value.drop_vars(["left", "right"], errors="ignore"), dropped(long), atol=tolerance
    )
    assert short.value.dtype == long.value.dtype


def dropped(result: Result) -> xr.DataArray:
    value: xr.DataArray = result.value.drop_vars(["left", "right"], errors="ignore")
    return value


def test_the_stored_histogram_of_a_kernel_is_numpys(store: Store) -> None:
    result = asked(store, "root/conv/kernel", {"op": "histogram"})
    counts, edges = np.histogram(store["root"].checkpoint()["conv/kernel"].values, 64)
    assert result.provenance.source == "statistics"
    assert result.value.values.tolist() == counts.tolist()
    np.testing.assert_allclose(result.value["left"], edges[:-1])


@pytest.mark.parametrize(
    "steps",
    [
        [{"op": "mean", "over": ["y"]}],
        [{"op": "histogram", "bins": 10}],
        [{"op": "histogram", "range": [0, 1]}],
        [{"op": "abs"}, {"op": "mean"}],
        [{"op": "quantile", "q": [0.3]}],
    ],
)
def test_what_statistics_do_not_tell_is_made_from_values(store: Store, steps: list[Any]) -> None:
    assert asked(store, "root/conv/kernel", *steps).provenance.source == "values"


def test_one_unit_is_not_answered_by_the_statistics_of_all(store: Store) -> None:
    result = asked(store, "root/conv/kernel#0", {"op": "mean"})
    expected = store["root"].checkpoint()["conv/kernel"].values[..., 0].mean(dtype=np.float64)
    np.testing.assert_allclose(result.value, expected)


@pytest.mark.parametrize("classes", [None, ("one", "zero")])
@pytest.mark.parametrize(
    "uoa", ["root/conv/activations", "root/conv/activations#1", ["root@0/conv", "root@2/conv"]]
)
def test_means_of_classes_come_from_the_stored_ones(store: Store, uoa: Any, classes: Any) -> None:
    step = {"op": "mean", "over": ["sample"], "by": ["class"]}
    filters = Filters(classes=classes)
    short = asked(store, uoa, step, filters=filters)
    long = asked(store, uoa, {"op": "clip"}, step, filters=filters)
    assert (short.provenance.source, long.provenance.source) == ("statistics", "values")
    assert short.value["class"].values.tolist() == (
        ["zero", "one", "two"] if classes is None else ["zero", "one"]
    )
    xr.testing.assert_allclose(short.value, long.value, atol=1e-3)


def test_checkpoints_of_a_variable_lie_along_a_dim_of_their_own(store: Store) -> None:
    value = asked(store, KERNELS).value
    assert value.dims == ("checkpoint", "y", "x", "in", "out")
    assert value["checkpoint"].values.tolist() == value["epoch"].values.tolist() == [0, 1, 2, 3]
    assert (
        value.sel(checkpoint=2).values.tolist() == store["root"].checkpoint(2)["conv/kernel"].values.tolist()
    )


@pytest.mark.parametrize(
    "step",
    [
        {"op": "norm", "by": ["checkpoint"]},
        {"op": "norm", "over": ["y", "x", "in", "out"]},
        {"op": "histogram", "by": ["checkpoint"], "shared": False},
    ],
)
def test_statistics_of_every_checkpoint_make_a_whole_history(store: Store, step: Any) -> None:
    short, long = asked(store, KERNELS, step), asked(store, KERNELS, {"op": "clip"}, step)
    assert (short.provenance.source, long.provenance.source) == ("statistics", "values")
    xr.testing.assert_allclose(short.value, long.value, rtol=1e-5)
    assert short.value["epoch"].values.tolist() == [0, 1, 2, 3]


def test_histograms_over_checkpoints_may_share_their_edges(store: Store) -> None:
    value = asked(store, KERNELS, {"op": "histogram", "by": ["checkpoint"]}).value
    assert value["left"].dims == ("bin",)
    assert value.sum("bin").values.tolist() == [18] * 4


CONVS = [f"root@{number}/conv" for number in range(4)]
ONE_OF_FOUR = Limits(held=COUNT * 4 * 4 * 2 * 8 + 10_000)


@pytest.mark.parametrize(
    "steps",
    [
        [{"op": "histogram", "by": ["checkpoint"]}],
        [{"op": "histogram", "by": ["checkpoint"], "bins": 7, "log": True}],
        [{"op": "histogram", "by": ["checkpoint"], "bins": 9, "shared": False}],
        [{"op": "histogram", "by": ["checkpoint"], "range": [-0.5, 0.5]}],
        [{"op": "histogram", "by": ["class", "checkpoint"], "bins": 5}],
        [{"op": "histogram", "by": ["checkpoint", "class"], "bins": 5, "shared": False}],
        [{"op": "select", "class": ["one"]}, {"op": "histogram", "by": ["checkpoint"], "bins": 9}],
        [{"op": "select", "position": {"sample": 2}}, {"op": "mean", "over": ["y", "x", "channel"]}],
        [{"op": "select", "class": ["one"]}, {"op": "quantile", "q": [0.5], "by": ["checkpoint"]}],
        [{"op": "histogram", "by": ["checkpoint"], "bins": 9}, {"op": "max", "over": ["bin"]}],
        [{"op": "quantile", "q": [0.3], "over": ["sample", "y", "x", "channel"]}],
    ],
)
def test_checkpoints_are_read_one_after_the_other(store: Store, steps: list[Any]) -> None:
    """The answer is the one that all of them at once give, which would hold four times as much."""
    apart = asked(store, CONVS, *steps, limits=ONE_OF_FOUR)
    with pytest.raises(LimitError):
        asked(store, CONVS, {"op": "clip"}, *steps, limits=ONE_OF_FOUR)
    at_once = asked(store, CONVS, {"op": "clip"}, *steps)
    xr.testing.assert_identical(apart.value, at_once.value)
    xr.testing.assert_identical(asked(store, CONVS, *steps).value, at_once.value)
    assert apart.provenance.source == at_once.provenance.source == "values"


def test_histograms_over_checkpoints_are_numpys_over_all_of_them(store: Store) -> None:
    steps = [{"op": "select", "class": ["one", "two"]}, {"op": "histogram", "by": ["checkpoint"], "bins": 12}]
    value = asked(store, CONVS, *steps, limits=ONE_OF_FOUR).value
    read = [checkpoint["conv/activations"].load() for checkpoint in store["root"].checkpoints]
    chosen = np.stack([each.values[np.isin(each["class"], ["one", "two"])] for each in read])
    edges = np.histogram_bin_edges(chosen, 12)
    assert [*value["left"].values, value["right"].values[-1]] == edges.tolist()
    range_ = (edges[0], edges[-1])
    assert value.values.tolist() == [np.histogram(part, 12, range_)[0].tolist() for part in chosen]
    assert value.sum() == chosen.size


def test_a_checkpoint_named_twice_is_one_group(store: Store) -> None:
    value = asked(store, [CONVS[1], CONVS[1]], {"op": "histogram", "by": ["checkpoint"], "bins": 3}).value
    assert value.values.sum(axis=1).tolist() == [2 * 960]


def test_models_lie_along_their_addresses(store: Store) -> None:
    value = asked(store, ["root/dense/bias", "child/dense/bias"]).value
    assert value["uoa"].values.tolist() == ["aaaa0000-root@3/dense/bias", "bbbb0000-child@3/dense/bias"]


def test_only_what_all_have_in_common_is_known_of_samples(store: Store) -> None:
    """True classes stay, predictions differ from checkpoint to checkpoint."""
    value = asked(store, ["root@1/conv", "root@2/conv"]).value
    assert "class" in value.coords
    assert "predicted" not in value.coords


def test_different_shapes_are_not_laid_on_one_another(store: Store) -> None:
    with pytest.raises(RequestError, match="only equal shapes can be laid on one another"):
        asked(store, ["root/conv/kernel", "root/dense/kernel"])


def test_filters_restrict_what_has_such_a_dim_only(store: Store) -> None:
    filters = Filters(classes=("two",), samples=(2, 3, 5))
    assert asked(store, "root/conv", filters=filters).value["sample"].values.tolist() == [2, 5]
    assert asked(store, "root/conv/kernel", {"op": "mean"}, filters=filters).provenance.source == "statistics"
    means = asked(store, "root/conv/mean_class_activations", filters=filters).value
    assert means["class"].values.tolist() == ["two"]
    with pytest.raises(RequestError, match="no class 'three'"):
        asked(store, "root/conv", filters=Filters(classes=("three",)))


def test_the_confusion_matrix_is_scikit_learns(store: Store) -> None:
    prediction = store["root"].checkpoint()["y_prediction"].load()
    known = prediction["class"].values != ""
    names = ["zero", "one", "two"]
    predicted = np.array(names)[prediction.values.argmax(axis=1)]
    expected = confusion_matrix(prediction["class"].values[known], predicted[known], labels=names)
    value = asked(store, "root/y_prediction", {"op": "confusion_matrix"}).value
    assert value.values.tolist() == expected.tolist()


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (
            Limits(held=10),
            "this would hold in memory 0.00936 MB; 1e-05 MB are allowed (limit 'held'): select less first",
        ),
        (
            Limits(elements=10),
            "with its labels the answer would have 1,110 elements; 10 elements are allowed (limit"
            " 'elements'): select or reduce more",
        ),
    ],
)
def test_what_costs_too_much_is_refused_before_it_is_read(store: Store, limits: Limits, message: str) -> None:
    with pytest.raises(LimitError) as error:
        asked(store, "root/conv/activations", limits=limits)
    assert str(error.value) == message
    asked(store, "root/conv/activations", {"op": "mean"}, limits=limits)


FLAT = {"op": "flatten", "dims": ["sample", "y", "x", "channel"]}


def test_labels_count_in_what_an_answer_holds(store: Store) -> None:
    """A flattened value repeats for each element what is known of its sample: five labels."""
    flat = asked(store, "root/conv", FLAT).value
    assert flat.size + sum(coord.size for coord in flat.coords.values()) == 6 * 960
    asked(store, "root/conv", FLAT, limits=Limits(elements=6 * 960))
    with pytest.raises(LimitError, match="5,760 elements; 5,759 elements are allowed"):
        asked(store, "root/conv", FLAT, limits=Limits(elements=6 * 960 - 1))
    held = flat.size * 8 + sum(coord.nbytes for coord in flat.coords.values())
    asked(store, "root/conv", FLAT, limits=Limits(held=held))
    with pytest.raises(LimitError, match="in memory"):
        asked(store, "root/conv", FLAT, limits=Limits(held=held - 1))


@pytest.mark.parametrize(
    ("steps", "labels"),
    [
        ([FLAT, {"op": "mean"}], 1),
        ([FLAT, {"op": "histogram", "bins": 5}], 1),
        ([FLAT, {"op": "histogram", "bins": 5, "by": ["class"]}], 2),
        ([FLAT, {"op": "select", "predicted": ["one"]}, {"op": "max", "by": ["correct"]}], 3),
        ([FLAT, {"op": "select", "label": {"sample": [3, 5]}}, {"op": "sum"}], 1),
        ([{"op": "abs"}, {"op": "mean", "over": ["sample", "y", "x"], "by": ["class"]}], 2),
        ([FLAT, {"op": "top_k", "k": 3}], 5),
        ([{"op": "mean", "over": ["y"]}], 5),
    ],
)
def test_labels_that_nothing_uses_are_not_carried_along(store: Store, steps: list[Any], labels: int) -> None:
    """Only the dim's own and those that a step or the answer needs; the answer is the same."""
    pipeline = GRAMMAR.parse(steps)
    value = store["root"].checkpoint()["conv/activations"].load()
    assert len(value.coords) - len(unused_coords(pipeline, Spec.of(value))) == labels
    expected = run(pipeline, Source.of(store.resolve("root/conv")).value.load())
    xr.testing.assert_identical(asked(store, "root/conv", *steps).value, expected)


def test_groups_count_by_their_labels_not_by_their_samples(store: Store) -> None:
    """30 samples of 3 classes, right or wrong, make 3 times 2 histograms at most."""
    step = {"op": "histogram", "bins": 8, "by": ["class", "correct"]}
    value = asked(store, "root/conv", step, limits=Limits(elements=4 * 2 * 8 + 4 + 2 + 8 + 8)).value
    assert value.shape == (3, 2, 8)


def test_a_pipeline_is_checked_before_anything_is_read(store: Store) -> None:
    with pytest.raises(PipelineError) as error:
        asked(store, "root/conv/kernel", {"op": "mean"}, {"op": "max", "over": ["y"]})
    assert str(error.value) == "step 2 (max): no dim 'y'; this value has no dims"


def test_an_operation_has_no_values(store: Store) -> None:
    with pytest.raises(RequestError) as error:
        asked(store, "root/conv/conv2d")
    assert (
        str(error.value) == "aaaa0000-root/conv/conv2d is a whole operation: name a layer or a variable in it"
    )
