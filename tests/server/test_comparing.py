"""Questions that speak of several units of analysis, or go several ways."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from inspectree.server import Store
from inspectree.server.errors import LimitError, PipelineError, RequestError, UnknownUnitError
from inspectree.server.filters import NO_FILTERS, Filters
from inspectree.server.grammar import GRAMMAR
from inspectree.server.limits import Limits
from inspectree.server.query import ask
from inspectree.server.reference import references
from inspectree.server.result import Result

KERNELS = [f"root@{number}/conv/kernel" for number in range(4)]
KERNEL_BYTES = 3 * 3 * 1 * 2 * 4
CONV_BYTES = 30 * 4 * 4 * 2 * 4
FIRST = {"op": "difference", "to": "@first"}


def asked(
    store: Store, uoa: str | Sequence[str], *steps: Any, filters: Filters = NO_FILTERS, **more: Any
) -> Result:
    units = [store.resolve(each) for each in ([uoa] if isinstance(uoa, str) else uoa)]
    return ask(units, GRAMMAR.parse(steps), filters, resolve=store.resolve, **more)


def branch(**columns: list[dict[str, Any]]) -> dict[str, Any]:
    return {"op": "branch", "columns": columns}


def test_a_difference_is_to_the_same_variable_at_another_checkpoint(store: Store) -> None:
    result = asked(store, "root@2/conv/kernel", FIRST)
    one, other = (store["root"].checkpoint(number)["conv/kernel"].values for number in (2, 0))
    np.testing.assert_array_equal(result.value.values, one - other)
    assert result.provenance.bytes_read == 2 * KERNEL_BYTES


def test_every_checkpoint_is_compared_with_the_one_that_is_read_once(store: Store) -> None:
    """What is compared is in the question, too, and is not read a second time."""
    result = asked(store, KERNELS, {"op": "cosine", "to": "@first", "over": ["y", "x", "in", "out"]})
    kernels = [checkpoint["conv/kernel"].values.ravel() for checkpoint in store["root"].checkpoints]
    expected = [
        np.dot(k, kernels[0]) / np.linalg.norm(k) / np.linalg.norm(kernels[0])
        for k in np.array(kernels, np.float64)
    ]
    np.testing.assert_allclose(result.value.values, expected, rtol=1e-6)
    assert result.value["checkpoint"].values.tolist() == result.value["epoch"].values.tolist() == [0, 1, 2, 3]
    assert result.provenance.bytes_read == 4 * KERNEL_BYTES


@pytest.mark.parametrize(
    "step",
    [
        FIRST,
        {"op": "correlation", "to": "@2", "method": "spearman", "over": ["sample", "y"]},
        {"op": "cka", "to": "child@1", "over": ["y", "x", "channel"]},
        {"op": "wasserstein", "to": "@1", "over": ["sample", "y", "x"]},
    ],
)
def test_checkpoints_are_compared_one_after_the_other(store: Store, step: dict[str, Any]) -> None:
    """The answer is the one that all of them at once give, which would hold several times as much."""
    convs = [f"root@{number}/conv" for number in range(4)]
    at_once = asked(store, convs, {"op": "clip"}, step)
    least = Limits(held=60_000)
    apart = asked(store, convs, step, limits=least)
    xr.testing.assert_identical(apart.value, at_once.value)
    with pytest.raises(LimitError, match="in memory"):
        asked(store, convs, {"op": "clip"}, step, limits=least)


def test_what_several_columns_compare_with_is_read_once(store: Store) -> None:
    """Also where some of them look at one source after the other."""
    over = ["y", "x", "in", "out"]
    columns = branch(
        cosine=[{"op": "cosine", "to": "@first", "over": over}],
        change=[FIRST, {"op": "norm", "over": over}],
        js=[{"op": "jensen_shannon", "to": "@first", "over": over}],
    )
    result = asked(store, KERNELS, columns, {"op": "merge"})
    assert list(result.value.columns) == ["checkpoint", "epoch", "cosine", "change", "js"]
    assert result.provenance.bytes_read == 4 * KERNEL_BYTES


def test_the_other_goes_through_the_same_steps_and_filters(store: Store) -> None:
    steps = [{"op": "select", "position": {"channel": 1}}, {"op": "mean", "over": ["sample"]}, FIRST]
    result = asked(store, "root@3/conv", *steps, filters=Filters(classes=("one",)))
    checkpoints = [store["root"].checkpoint(number)["conv/activations"].load() for number in (3, 0)]
    means = [
        each[each["class"] == "one"].isel(channel=1).astype(float).mean("sample") for each in checkpoints
    ]
    np.testing.assert_allclose(result.value.values, (means[0] - means[1]).values)
    assert result.provenance.bytes_read == 2 * CONV_BYTES // 2 // 3


def test_the_other_may_be_answered_by_statistics(store: Store) -> None:
    result = asked(store, "root@3/conv/kernel", {"op": "norm"}, FIRST)
    norms = [np.linalg.norm(store["root"].checkpoint(n)["conv/kernel"].values) for n in (3, 0)]
    np.testing.assert_allclose(result.value.item(), norms[0] - norms[1], rtol=1e-6)
    assert result.provenance.source == "statistics"


def test_another_model_is_compared_by_its_name(store: Store) -> None:
    result = asked(store, "root@2/dense/kernel", {"op": "wasserstein", "to": "child@2"})
    full = asked(store, "root@2/dense/kernel", {"op": "wasserstein", "to": "child@2/dense/kernel"})
    assert result.value.item() == full.value.item() > 0


def test_layers_of_other_shapes_are_compared_by_what_they_know_of_samples(store: Store) -> None:
    result = asked(store, "root/conv", {"op": "cka", "to": "root/dense/activations"})
    assert 0 < result.value.item() < 1
    assert asked(store, "root/conv", {"op": "cka", "to": "root/conv"}).value.item() == pytest.approx(1)


def test_comparisons_follow_one_another(store: Store) -> None:
    """The other of the second one is the difference, too: of the checkpoint that it names."""
    result = asked(store, "root@3/conv/kernel", FIRST, {"op": "cosine", "to": "@2"})
    kernel = {n: store["root"].checkpoint(n)["conv/kernel"].values.astype(float) for n in (0, 2, 3)}
    a, b = (kernel[3] - kernel[0]).ravel(), (kernel[2] - kernel[0]).ravel()
    expected = a @ b / np.linalg.norm(a) / np.linalg.norm(b)
    assert result.value.item() == pytest.approx(expected, rel=1e-6)


def test_a_column_compares_what_has_become_of_the_value_before_the_branch(store: Store) -> None:
    columns = branch(change=[FIRST, {"op": "max"}], most=[{"op": "max"}])
    value = asked(store, "root@3/conv/kernel", {"op": "abs"}, columns, {"op": "merge"}).value
    last, first = (np.abs(store["root"].checkpoint(n)["conv/kernel"].values) for n in (3, 0))
    assert value.to_dict("records") == [{"change": (last - first).max(), "most": last.max()}]


def test_what_goes_wrong_with_a_value_says_where(store: Store) -> None:
    """That a group has no members shows only when labels are read."""
    nobody = [{"op": "select", "label": {"sample": []}}, {"op": "count", "by": ["class"]}]
    for before in ([], [{"op": "abs"}]):
        with pytest.raises(PipelineError) as error:
            asked(store, "root/conv", *before, branch(a=[FIRST, *nobody], b=[]), {"op": "merge"})
        number = 1 + len(before)
        assert str(error.value).startswith(f"step {number} (branch): a: step 3 (count): no value has a label")
        assert error.value.step == number


@pytest.mark.parametrize(
    ("uoa", "step", "error", "message"),
    [
        (
            "root/conv",
            {"op": "cosine", "to": "@9"},
            UnknownUnitError,
            "The root has no checkpoint 9; there are 0, 1, 2, 3",
        ),
        (
            "root/conv/kernel",
            {"op": "cosine", "to": "root/dense/kernel", "over": ["y"]},
            PipelineError,
            "step 1 (cosine): root/dense/kernel: no dim 'y'; this value has in, out",
        ),
    ],
)
def test_what_cannot_be_compared_is_told(
    store: Store, uoa: str, step: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as raised:
        asked(store, uoa, step)
    assert str(raised.value) == message


def test_without_a_store_nothing_else_is_known(store: Store) -> None:
    with pytest.raises(RequestError, match="only a store can tell what '@first' stands for"):
        ask([store.resolve("root/conv/kernel")], GRAMMAR.parse([FIRST]))


def test_an_answer_depends_on_all_that_it_speaks_of(store: Store) -> None:
    inner = [FIRST, {"op": "cosine", "to": "child@2"}]
    pipeline = GRAMMAR.parse([branch(a=inner, b=[{"op": "cka", "to": "root/dense"}]), {"op": "merge"}])
    assert references(pipeline, [store.resolve("root@1/conv/kernel")]) == [
        "aaaa0000-root@first/conv/kernel",
        "child@2/conv/kernel",
        "child@first/conv/kernel",
        "root/dense",
    ]


def test_what_an_answer_depends_on_is_no_more_than_is_resolved(store: Store) -> None:
    resolved = []

    def resolve(uoa: str) -> Any:
        resolved.append(uoa)
        return store.resolve(uoa)

    pipeline = GRAMMAR.parse([FIRST, {"op": "cosine", "to": "child@2"}])
    units = [store.resolve("root@1/conv/kernel")]
    ask(units, pipeline, resolve=resolve)
    full = {str(store.resolve(each)) for each in resolved}
    assert full == {str(store.resolve(each)) for each in references(pipeline, units)}


def test_a_question_holds_only_so_many_comparisons(store: Store) -> None:
    """Many steps are no trouble, many comparisons would be."""
    units = [store.resolve("root/conv/kernel")]
    assert references(GRAMMAR.parse([{"op": "abs"}] * 5000), units) == []
    many = branch(**{str(number): [{"op": "cosine", "to": f"@{number}"}] for number in range(51)})
    pipeline = GRAMMAR.parse([many, {"op": "merge", "how": "stack"}] * 2)
    for asked_for in (
        lambda: references(pipeline, units),
        lambda: ask(units, pipeline, resolve=store.resolve),
    ):
        with pytest.raises(PipelineError) as error:
            asked_for()
        assert str(error.value) == "there are more than 100 comparisons: ask in several questions"


def test_what_became_of_a_branch_is_compared_on_the_same_way(store: Store) -> None:
    """The other goes through the branch, too, with its own others there."""
    inner = branch(a=[{"op": "difference", "to": "@1"}], b=[])
    steps = [inner, {"op": "merge", "how": "product"}, FIRST]
    units = [store.resolve("root@3/conv/kernel")]
    pipeline = GRAMMAR.parse(steps)
    kernel = {n: store["root"].checkpoint(n)["conv/kernel"].values for n in range(4)}
    expected = (kernel[3] - kernel[1]) * kernel[3] - (kernel[0] - kernel[1]) * kernel[0]
    value = ask(units, pipeline, resolve=store.resolve).value
    np.testing.assert_allclose(value.values, expected, rtol=1e-6)
    assert references(pipeline, units) == ["aaaa0000-root@1/conv/kernel", "aaaa0000-root@first/conv/kernel"]


def test_comparisons_nest_only_so_deep(store: Store) -> None:
    """The other of a second one has another of its own."""
    asked(store, "root/conv/kernel", FIRST, FIRST, limits=Limits(nesting=2))
    with pytest.raises(LimitError) as error:
        asked(store, "root/conv/kernel", FIRST, FIRST, limits=Limits(nesting=1))
    assert str(error.value) == (
        "the comparisons nest 2 levels; 1 levels are allowed (limit 'nesting'): compare less at once"
    )


def test_columns_read_just_what_they_select(store: Store) -> None:
    by_channel = {
        str(channel): [
            {"op": "select", "position": {"channel": channel, "y": 0}},
            {"op": "quantile", "q": [0.3]},
        ]
        for channel in (0, 1)
    }
    result = asked(store, "root/conv", branch(**by_channel), {"op": "merge", "how": "difference"})
    whole = store["root"].checkpoint()["conv/activations"].isel(y=0).astype(float)
    expected = np.quantile(whole.isel(channel=0), 0.3) - np.quantile(whole.isel(channel=1), 0.3)
    np.testing.assert_allclose(result.value.values, [expected])
    assert result.provenance.bytes_read == CONV_BYTES // 4


def test_what_two_columns_need_is_read_once(store: Store) -> None:
    columns = {"low": [{"op": "quantile", "q": [0.1]}], "high": [{"op": "quantile", "q": [0.9]}]}
    result = asked(store, "root/conv", branch(**columns), {"op": "merge"})
    assert isinstance(result.value, pd.DataFrame)
    assert result.provenance.bytes_read == CONV_BYTES


def test_columns_come_from_statistics_or_values(store: Store) -> None:
    """Each in its own way; the answer says that it is both."""
    from_both = branch(mean=[{"op": "mean"}], low=[{"op": "quantile", "q": [0.1]}])
    assert asked(store, "root/conv", from_both, {"op": "merge"}).provenance.source == "mixed"
    stored = branch(mean=[{"op": "mean"}], max=[{"op": "max"}])
    assert asked(store, "root/conv", stored, {"op": "merge"}).provenance.source == "statistics"


def test_right_and_wrong_samples_are_compared_in_one_question(store: Store) -> None:
    columns = {
        name: [{"op": "select", "correct": right}, {"op": "mean"}]
        for name, right in (("right", True), ("wrong", False))
    }
    value = asked(store, "root/conv", branch(**columns), {"op": "merge", "how": "difference"}).value
    whole = store["root"].checkpoint()["conv/activations"].load().astype(float)
    right, wrong = (whole[whole["correct"] == each].mean().item() for each in (True, False))
    assert value.item() == pytest.approx(right - wrong)


def test_a_history_is_a_table_that_steps_work_on(store: Store) -> None:
    best = asked(store, "root", {"op": "sort_rows", "by": ["val_loss"]}, {"op": "limit_rows", "count": 1})
    assert isinstance(best.value, pd.DataFrame)
    assert best.value["epoch"].tolist() == [2]
    curve = asked(store, "root", {"op": "pivot", "dims": ["epoch"], "values": "loss"}).value
    assert isinstance(curve, xr.DataArray)
    assert curve.values.tolist() == [1, 1 / 2, 1 / 3]


def test_histories_of_models_are_one_table(store: Store) -> None:
    steps = [{"op": "groupby", "by": ["uoa"], "aggregate": {"loss": ["min"]}}]
    value = asked(store, ["root", "child"], *steps).value
    assert value["uoa"].tolist() == ["aaaa0000-root", "bbbb0000-child"]


def test_a_table_does_not_change_what_is_kept_of_a_model(store: Store) -> None:
    value = asked(store, "root").value
    value["loss"] = 0
    assert store["root"].history["loss"].tolist() != [0, 0, 0]


MELT = {"op": "melt"}


@pytest.mark.parametrize(
    ("uoa", "steps", "limits", "message"),
    [
        (
            "root/conv",
            [MELT],
            Limits(elements=960 * 9 - 1),
            "with its labels the answer would have 8,640 elements; 8,639 elements are allowed (limit"
            " 'elements'): select or reduce more",
        ),
        (
            "root/conv",
            [MELT, {"op": "limit_rows"}],
            Limits(held=100_000),
            "this would hold in memory 0.23 MB; 0.1 MB are allowed (limit 'held'): select less first",
        ),
        (
            "root@1/conv/kernel",
            [FIRST],
            Limits(read=2 * KERNEL_BYTES - 1),
            "this would read 0.000144 MB; 0.000143 MB are allowed (limit 'read'): select less",
        ),
        (
            "root",
            [],
            Limits(elements=5),
            "with its labels the answer would have 18 elements; 5 elements are allowed (limit 'elements'):"
            " select or reduce more",
        ),
    ],
)
def test_tables_and_what_is_compared_cost_like_anything_else(
    store: Store, uoa: str, steps: list[Any], limits: Limits, message: str
) -> None:
    with pytest.raises(LimitError) as error:
        asked(store, uoa, *steps, limits=limits)
    assert str(error.value) == message


def test_just_what_may_be_read_is_read(store: Store) -> None:
    assert asked(store, "root@1/conv/kernel", FIRST, limits=Limits(read=2 * KERNEL_BYTES)).value.size == 18


def test_so_many_points_are_projected_and_the_answer_says_so(store: Store) -> None:
    result = asked(store, "root/conv", {"op": "pca"}, limits=Limits(points=12))
    assert result.value.sizes == {"sample": 12, "component": 2}
    assert result.provenance.notes == (
        "12 of 30 positions along 'sample' were projected (seed 0; limit 'points')",
    )
    assert asked(store, "root/conv", {"op": "pca"}).provenance.notes == ()
    nested = [branch(a=[{"op": "pca"}]), {"op": "merge", "how": "stack"}]
    assert asked(store, "root/conv", *nested, limits=Limits(points=12)).value.sizes["sample"] == 12
