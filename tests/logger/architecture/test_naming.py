from inspectree.logger.architecture.naming import CallNames, below


def test_a_layer_is_called_by_its_name_and_later_calls_are_numbered() -> None:
    names, layer = CallNames(), object()
    assert [names.call(None, "dense", layer) for _ in range(3)] == ["dense", "dense:1", "dense:2"]


def test_two_layers_of_one_name_are_told_apart() -> None:
    names, one, other = CallNames(), object(), object()
    assert [names.call(None, "dense", layer) for layer in (one, other, one, other)] == [
        "dense",
        "dense@2",
        "dense:1",
        "dense@2:1",
    ]


def test_equal_names_in_different_layers_do_not_meet() -> None:
    names = CallNames()
    assert names.call("left", "dense", object()) == "left/dense"
    assert names.call("right", "dense", object()) == "right/dense"


def test_names_are_encoded() -> None:
    assert below("block", "a#b@2") == "block/a%23b%402"


def test_what_happened_inside_a_call_can_be_forgotten() -> None:
    names, inner, outer = CallNames(), object(), object()
    names.call(None, "block", outer)
    names.call("block", "dense", inner)
    names.call("block/dense", "deep", object())
    names.forget_inside("block")
    assert names.call("block", "dense", object()) == "block/dense"
    assert names.call(None, "block", outer) == "block:1"
