import pytest

from inspectree.logger.architecture.model_graph import Edge, ModelGraph, Node, Tensor, Variable
from inspectree.logger.errors import InspectreeError
from inspectree.logger.plan import Plan, Request, make_plan

SAMPLES, CLASSES = 10, 2


def _node(name: str, units: int, parent: str | None = None, **more: object) -> Node:
    fields = {"kind": "layer", "type": "Dense", "parent": parent, **more}
    path = f"{parent}/{name}" if parent else name
    return Node(id=path, name=name, outputs=(Tensor(shape=(None, units), dtype="float32"),), **fields)


def _variable(size: int) -> Variable:
    return Variable(name="kernel", shape=(size,), dims=("out",), dtype="float32", trainable=True)


def _chain() -> ModelGraph:
    """Return x → small → drop → block(inner) → large."""
    nodes = (
        _node("x", 4, kind="input"),
        _node("small", 5, variables=(_variable(3),)),
        _node("drop", 5, passthrough=True),
        _node("block", 50),
        _node("inner", 50, "block"),
        _node("large", 500, variables=(_variable(7),)),
    )
    pairs = [("x", "small"), ("small", "drop"), ("drop", "block"), ("block", "block/inner")]
    pairs += [("block/inner", "block"), ("block", "large")]
    edges = tuple(Edge(source=source, target=target) for source, target in pairs)
    return ModelGraph(name="chain", type="T", framework="f", nodes=nodes, edges=edges, outputs=("large",))


def _plan(**request: object) -> Plan:
    return make_plan(_chain(), SAMPLES, CLASSES, Request(**request))  # type: ignore[arg-type]  # given by each test


def test_everything_is_recorded_once() -> None:
    """A layer that passes through links to its input, a group to the inner layer that ends it."""
    plan = _plan()
    assert plan.captured == ("small", "block/inner", "large")
    assert plan.links == {"drop": "small", "block": "block/inner"}
    assert plan.weights == ("small", "large")
    assert plan.recomputed == ()


def test_the_size_is_the_sum_of_what_is_stored() -> None:
    activations = (5 + 50 + 500) * (SAMPLES * 2 + CLASSES * 4)
    assert _plan().size == activations + (3 + 7) * 4 + SAMPLES * 500 * 4


def test_precision_changes_the_size() -> None:
    assert _plan(precision="float32").size - _plan().size == (5 + 50 + 500) * SAMPLES * 2
    assert _plan().size - _plan(weights_precision="float16").size == (3 + 7) * 2


def test_the_largest_activations_give_way_and_links_with_them() -> None:
    fixed = (3 + 7) * 4 + SAMPLES * 500 * 4
    assert _plan(budget=fixed + 2000).recomputed == ("large",)
    assert _plan(budget=fixed + 200).recomputed == ("block", "block/inner", "large")
    assert _plan(budget=1).captured == ()


def test_no_plan_exceeds_its_budget_if_the_weights_fit() -> None:
    for budget in range(20_040, 40_000, 500):
        assert _plan(budget=budget).size <= budget


@pytest.mark.parametrize(
    ("request_", "captured", "weights"),
    [
        ({"layers": ("small",)}, ("small",), ("small",)),
        ({"layers": ("block",)}, ("block/inner",), ()),
        ({"layers": ("*l*",), "exclude": ("large", "block")}, ("small",), ("small",)),
        ({"exclude": ("block/*",)}, ("small", "block", "large"), ("small", "large")),
        ({"exclude": ("small",)}, ("drop", "block/inner", "large"), ("large",)),
    ],
)
def test_names_and_globs_choose(
    request_: dict[str, tuple[str, ...]], captured: tuple[str, ...], weights: tuple[str, ...]
) -> None:
    plan = _plan(**request_)
    assert (plan.captured, plan.weights) == (captured, weights)


def test_a_name_that_fits_nothing_is_refused_with_the_nearest() -> None:
    message = r"^'smal' fits no layer of the model 'chain'; the nearest are small$"
    with pytest.raises(InspectreeError, match=message):
        _plan(layers=("smal",))


def test_the_plan_is_readable() -> None:
    assert str(_plan()) == "5 layers, about 35.6 kB per checkpoint before compression"
    assert str(_plan(budget=22_000)).endswith("; recomputed on demand, to keep the budget: large")


def test_values_inside_a_loop_cannot_be_stored() -> None:
    nodes = (_node("rnn", 4, loop=True), _node("cell", 4, "rnn", variables=(_variable(2),)))
    graph = ModelGraph(name="m", type="T", framework="f", nodes=nodes, edges=())
    plan = make_plan(graph, SAMPLES, CLASSES, Request())
    assert (plan.captured, plan.weights) == (("rnn",), ("rnn/cell",))


def test_values_without_a_row_per_sample_cannot_be_stored() -> None:
    odd = Node(id="odd", kind="layer", type="T", name="odd", outputs=(Tensor(shape=(3, 4), dtype="float32"),))
    graph = ModelGraph(name="m", type="T", framework="f", nodes=(odd,), edges=())
    assert make_plan(graph, SAMPLES, CLASSES, Request()).captured == ()
