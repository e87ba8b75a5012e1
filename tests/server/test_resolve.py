"""From an address to what it stands for."""

import pytest

from inspectree.server import Store
from inspectree.server.errors import UnknownUnitError


@pytest.mark.parametrize(
    ("address", "level", "full"),
    [
        ("root", "model", "aaaa0000-root"),
        ("root@best", "checkpoint", "aaaa0000-root@2"),
        ("root/conv", "layer", "aaaa0000-root/conv"),
        ("root/conv#1", "layer", "aaaa0000-root/conv#1"),
        ("root/conv/conv2d", "operation", "aaaa0000-root/conv/conv2d"),
        ("aaaa/conv/kernel", "variable", "aaaa0000-root@3/conv/kernel"),
        ("root@best/dense/activations#2", "variable", "aaaa0000-root@2/dense/activations#2"),
        ("root@first/y_prediction", "variable", "aaaa0000-root@0/y_prediction"),
    ],
)
def test_every_level_is_found(store: Store, address: str, level: str, full: str) -> None:
    """Values carry their checkpoint's number, structure carries none unless it was asked for."""
    unit = store.resolve(address)
    assert (unit.level, str(unit)) == (level, full)
    assert str(store.resolve(full)) == full


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("rooot", "there is no model 'rooot'; the nearest are root, The root"),
        ("aa", "there is no model 'aa'; a prefix of an id needs 4 characters"),
        ("root@8", "The root has no checkpoint 8; there are 0, 1, 2, 3"),
        ("root/cov", "The root has no layer 'cov'; the nearest is conv"),
        ("root/cov/kernel", "The root has no layer 'cov'; the nearest is conv"),
        (
            "root/conv/kernle",
            "layer conv of The root at checkpoint 3 has no variable 'kernle'; the nearest is kernel",
        ),
        ("root/conv/kernel/x", "conv/kernel is a variable: nothing lies below it"),
        ("root/conv/kernel#2", "conv/kernel has no unit #2: its units are #0 to #1"),
        ("root/conv#2", "conv has no unit #2: its units are #0 to #1"),
        ("root#2", "a model has no unit #2: name a layer or a variable before it"),
    ],
)
def test_the_part_that_fails_is_named_with_the_nearest_valid_names(
    store: Store, address: str, message: str
) -> None:
    with pytest.raises(UnknownUnitError) as error:
        store.resolve(address)
    assert str(error.value) == message
