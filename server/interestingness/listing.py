"""What there is to ask: measures, baselines, divergences, and which of them fit together."""

from collections.abc import Iterable
from inspect import getdoc
from typing import Any

from pydantic import ValidationError

from inspectree.server.interestingness import BASELINES, DIVERGENCES, MEASURES
from inspectree.server.interestingness.baseline import Baseline
from inspectree.server.interestingness.divergence import Divergence
from inspectree.server.interestingness.measure import Measure


def listing() -> dict[str, Any]:
    """Return everything, in the order of the tables."""
    return {
        "measures": [about_measure(measure) for measure in MEASURES],
        "baselines": [about_baseline(baseline) for baseline in BASELINES],
        "divergences": [about_divergence(divergence) for divergence in DIVERGENCES],
    }


def about_measure(measure: Measure) -> dict[str, Any]:
    """Return what is known of a measure; its own ``baseline`` and ``divergence`` hold where none is given."""
    return {
        "name": measure.name,
        "title": measure.title,
        "description": measure.description,
        "doc": getdoc(type(measure)),
        "kinds": sorted(measure.kinds),
        "source": measure.source,
        "baseline": dict(measure.baseline),
        "divergence": measure.divergence,
        "baselines": fitting_baselines(measure),
        "divergences": fitting_divergences(measure),
        "constants": dict(measure.constants),
    }


def about_baseline(baseline: type[Baseline]) -> dict[str, Any]:
    """Return what is known of a kind of baseline; ``ready`` tells whether it needs no settings."""
    text = getdoc(baseline) or ""
    return {
        "kind": kind_of(baseline),
        "family": baseline.family,
        "title": baseline.title,
        "description": text.splitlines()[0],
        "doc": text,
        "example": dict(baseline.example),
        "ready": _is_ready(baseline),
        "schema": baseline.model_json_schema(),
    }


def _is_ready(baseline: type[Baseline]) -> bool:
    try:
        baseline.model_validate({"kind": kind_of(baseline)})
    except ValidationError:
        return False
    return True


def about_divergence(divergence: Divergence) -> dict[str, Any]:
    """Return what is known of a divergence."""
    return {
        "name": divergence.name,
        "title": divergence.title,
        "description": divergence.description,
        "doc": getdoc(type(divergence)),
    }


def fitting_baselines(measure: Measure) -> list[str]:
    """Return the kinds of baselines that a measure can be compared with."""
    return [kind_of(baseline) for baseline in BASELINES if baseline.fits(measure)]


def fitting_divergences(measure: Measure) -> list[str]:
    """Return the names of the divergences that compare what a measure sees."""
    return [divergence.name for divergence in DIVERGENCES if divergence.fits(measure)]


def kind_of(baseline: type[Baseline]) -> str:
    """Return the word that stands for a kind of baseline in questions."""
    return str(baseline.model_fields["kind"].default)


def kinds() -> Iterable[str]:
    """Return the words for all kinds of baselines."""
    return map(kind_of, BASELINES)
