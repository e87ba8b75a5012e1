import pytest

from inspectree.logger.architecture.model_graph import Edge, ModelGraph, Node, Tensor, Variable
from inspectree.logger.budget import readable_size
from inspectree.logger.errors import InspectreeError
from inspectree.logger.plan import Plan, Request, make_plan
from inspectree.logger.sizes import output_bytes, widened_bytes

SAMPLES, CLASSES = 10, 2


def _node(name: str, units: int, parent: str | None = None, **more: object) -> Node:
    fields = {"kind": "layer", "type": "Dense", "parent": parent, **more}
    path = f"{parent}/{name}" if parent else name
    return Node(id=path, name=name, outputs=(_output(units),), **fields)


def _output(units: int) -> Tensor:
    return Tensor(shape=(None, units), dtype="float32", dims=("sample", "unit"))


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
    assert tuple(plan.captured) == ("small", "block/inner", "large")
    assert plan.links == {"drop": "small", "block": "block/inner"}
    assert plan.weights == ("small", "large")
    assert plan.recomputed == ()


def test_the_size_is_the_sum_of_what_is_stored() -> None:
    """Small outputs count as they are captured; each adds its statistics and what HDF5 needs."""
    plan = _plan()
    values = (5 + 50 + 500) * (SAMPLES + CLASSES) * 4 + (3 + 7) * 4 + SAMPLES * 500 * 4
    assert 0 < plan.size - values < 6 * 20_000
    assert plan.room == 512 * 10**6 - plan.size


def test_a_large_output_counts_as_it_is_rounded() -> None:
    samples, values = 1000, 300
    output = _output(values)
    half, single = (output_bytes(output, samples, 0, precision) for precision in ("float16", "float32"))
    assert single - half == widened_bytes(output, samples) == samples * values * 2


def test_gradients_count() -> None:
    more = _plan(gradients=True).size - _plan().size
    assert more > ((5 + 50 + 500) * SAMPLES + 3 + 7) * 4


def test_the_largest_activations_give_way_and_links_with_them() -> None:
    whole, large, inner = _plan().size, _size(500), _size(50)
    assert _plan(budget=whole).recomputed == ()
    assert _plan(budget=whole - 1).recomputed == ("large",)
    assert _plan(budget=whole - large - 1).recomputed == ("block", "block/inner", "large")
    assert not _plan(budget=whole - large - inner - _size(5)).captured


def _size(units: int) -> int:
    return output_bytes(_output(units), SAMPLES, CLASSES, "float16")


def test_no_plan_exceeds_its_budget() -> None:
    least = _plan().size - sum(map(_size, (5, 50, 500)))
    for budget in range(least, _plan().size + 1000, 1000):
        assert _plan(budget=budget).size <= budget


def test_a_budget_that_does_not_hold_the_weights_is_refused_with_one_that_does() -> None:
    least = _plan().size - sum(map(_size, (5, 50, 500)))
    message = (
        r"^budget=1.0 kB is too small for the weights of 'chain': give \d.* kB or more, or exclude layers$"
    )
    with pytest.raises(InspectreeError, match=message):
        _plan(budget=1000)
    assert _plan(budget=least).captured == {}


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
    assert (tuple(plan.captured), plan.weights) == (captured, weights)


def test_a_name_that_fits_nothing_is_refused_with_the_nearest() -> None:
    message = r"^'smal' fits no layer of the model 'chain'; the nearest are small$"
    with pytest.raises(InspectreeError, match=message):
        _plan(layers=("smal",))


def test_the_plan_is_readable() -> None:
    plan = _plan()
    assert str(plan) == f"5 layers, about {readable_size(plan.size)} per checkpoint before compression"
    assert str(_plan(budget=plan.size - 1)).endswith("; left out, to keep the budget: large")


def test_values_inside_a_loop_cannot_be_stored() -> None:
    nodes = (_node("rnn", 4, loop=True), _node("cell", 4, "rnn", variables=(_variable(2),)))
    graph = ModelGraph(name="m", type="T", framework="f", nodes=nodes, edges=())
    plan = make_plan(graph, SAMPLES, CLASSES, Request())
    assert (tuple(plan.captured), plan.weights) == (("rnn",), ("rnn/cell",))


def test_values_without_a_row_per_sample_cannot_be_stored() -> None:
    odd = Node(id="odd", kind="layer", type="T", name="odd", outputs=(Tensor(shape=(3, 4), dtype="float32"),))
    graph = ModelGraph(name="m", type="T", framework="f", nodes=(odd,), edges=())
    assert make_plan(graph, SAMPLES, CLASSES, Request()).captured == {}
