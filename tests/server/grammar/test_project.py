"""Projections, against scikit-learn, and what they keep of samples."""

import subprocess
import sys
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest
import xarray as xr
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness

from inspectree.server.errors import PipelineError
from inspectree.server.grammar import GRAMMAR, project
from inspectree.server.grammar.base import Spec

CLASSES = np.array(["left", "right"])


def groups(count: int = 40, width: int = 12) -> xr.DataArray:
    """Return samples of two classes, far from one another, as (sample, y, channel)."""
    rng = np.random.default_rng(5)
    classes = np.arange(count) % 2
    values = rng.normal(size=(count, 3, width // 3)) + 30 * classes[:, None, None]
    coords = {"id": ("sample", np.arange(count) * 7), "class": ("sample", CLASSES[classes])}
    return xr.DataArray(values, dims=["sample", "y", "channel"], coords=coords)


def projected(value: xr.DataArray, op: str, **fields: Any) -> xr.DataArray:
    (step,) = GRAMMAR.parse([{"op": op, **fields}])
    result = step(value)
    assert isinstance(result, xr.DataArray)
    return result


@pytest.mark.parametrize(("count", "width"), [(40, 12), (12, 60), (90, 75), (3, 6)])
@pytest.mark.parametrize("components", [2, 3])
def test_scikit_learn_gives_the_same_components(count: int, width: int, components: int) -> None:
    """Few of many are searched for, but exact; up to the signs, which are the same from run to run."""
    value = groups(count, width)
    result = projected(value, "pca", components=components)
    table = value.values.reshape(count, -1)
    model = PCA(min(components, count), svd_solver="full").fit(table)
    np.testing.assert_allclose(np.abs(result.values), np.abs(model.transform(table)), atol=1e-8)
    np.testing.assert_allclose(result["explained_variance"], model.explained_variance_, atol=1e-8)
    np.testing.assert_allclose(result["explained_variance_ratio"], model.explained_variance_ratio_, atol=1e-8)


def test_samples_keep_what_is_known_of_them() -> None:
    result = projected(groups(), "pca")
    assert result.dims == ("sample", "component")
    assert result["class"].values.tolist() == groups()["class"].values.tolist()
    assert result["id"].values.tolist() == groups()["id"].values.tolist()


@pytest.mark.parametrize("op", ["pca", "tsne", "umap"])
def test_groups_stay_together(op: str) -> None:
    """A sample's neighbours are its neighbours afterwards: trustworthiness, as scikit-learn measures it."""
    value = groups()
    more = {"iterations": 400} if op == "tsne" else {}
    result = projected(value, op, seed=3, **more)
    assert trustworthiness(value.values.reshape(40, -1), result.values, n_neighbors=10) > 0.8
    left, right = (result.values[value["class"] == name] for name in CLASSES)
    assert np.linalg.norm(left.mean(axis=0) - right.mean(axis=0)) > left.std() / 2
    np.testing.assert_array_equal(projected(value, op, seed=3, **more).values, result.values)


def test_samples_that_are_not_finite_have_no_place() -> None:
    value = groups()
    value[3, 0, 0] = np.inf
    result = projected(value, "pca")
    assert np.isnan(result.values[3]).all()
    rest = projected(value.isel(sample=[n for n in range(40) if n != 3]), "pca")
    np.testing.assert_allclose(np.delete(result.values, 3, axis=0), rest.values, atol=1e-8)


def test_what_does_not_vary_lies_in_one_place() -> None:
    result = projected(groups() * 0 + 1, "pca")
    assert not result.values.any()
    assert result["explained_variance"].values.tolist() == [0, 0]


def test_so_many_samples_are_chosen_by_seed_and_it_is_said() -> None:
    value = groups()
    (step,) = GRAMMAR.parse([{"op": "pca", "points": 30, "seed": 1}])
    capped = step.capped(10)
    first, again = capped(value), capped(value)
    assert isinstance(first, xr.DataArray)
    assert first.identical(again)
    assert first.sizes["sample"] == 10
    assert not set(first["id"].values) - set(value["id"].values)
    assert capped.notes(value) == (
        "10 of 40 positions along 'sample' were projected (seed 1; limit 'points')",
    )
    assert capped.notes(value.isel(sample=slice(10))) == ()
    other = projected(value, "pca", points=10, seed=2)
    assert other["id"].values.tolist() != first["id"].values.tolist()


def test_values_whose_squares_overflow_are_refused() -> None:
    with pytest.raises(PipelineError) as error:
        projected(groups() * 1e160, "pca")
    assert str(error.value) == "values up to 3e+161 are too large to be projected: normalise first"


def test_without_umap_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def without(name: str) -> ModuleSpec | None:
        return None if name == "umap" else find_spec(name)

    monkeypatch.setattr(project, "find_spec", without)
    (step,) = GRAMMAR.parse([{"op": "umap"}])
    with pytest.raises(PipelineError) as error:
        step.check(Spec.of(groups()))
    assert str(error.value) == "UMAP is not installed: pip install 'inspectree[umap]'"


def test_the_grammar_loads_no_library_of_projections() -> None:
    """Nor SciPy's statistics: who only reads a store need not wait for them."""
    heavy = "{'sklearn', 'umap', 'numba', 'tensorflow', 'scipy.stats'}"
    code = f"import sys, inspectree.server.query; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
