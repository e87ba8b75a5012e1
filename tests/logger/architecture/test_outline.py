"""What lists show of an architecture."""

from inspectree.logger.architecture.model_graph import ModelGraph, Node, Outline, Tensor

GRAPH = ModelGraph(
    name="m",
    type="Functional",
    framework="none",
    nodes=tuple(
        Node(
            id=name,
            kind=kind,
            type=type_,
            name=name,
            outputs=(Tensor(shape=(None, *shape), dtype="float32"),),
        )
        for name, kind, type_, shape in (
            ("words", "input", "InputLayer", (None,)),
            ("image", "input", "InputLayer", (8, 8, 1)),
            ("scores", "layer", "Dense", (10,)),
            ("price", "layer", "Dense", ()),
        )
    ),
    edges=(),
    outputs=("scores", "price"),
)


def test_it_tells_the_shapes_of_one_sample() -> None:
    """None is a size that is not fixed, such as the length of a text."""
    assert GRAPH.outline.inputs == ((None,), (8, 8, 1))
    assert GRAPH.outline.outputs == ((10,), ())


def test_what_is_told_must_be_true() -> None:
    """An outline that was written before shapes were told is no damage; a wrong shape is."""
    outline = GRAPH.outline
    assert Outline.from_stored(outline.model_dump_json()).fits(GRAPH)
    assert outline.model_copy(update={"inputs": None, "outputs": None}).fits(GRAPH)
    assert not outline.model_copy(update={"inputs": ((8, 8, 1), (None,))}).fits(GRAPH)
    assert not outline.model_copy(update={"layers": 3}).fits(GRAPH)
