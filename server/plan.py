"""How an answer is made: what it begins with, and what is done to that, one thing after the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import pandas as pd
import xarray as xr
from typing_extensions import override

from inspectree.server.grammar.base import Step
from inspectree.server.grammar.compare import Compare
from inspectree.server.grammar.pipeline import during, in_column
from inspectree.server.grammar.spec import AnySpec, AnyValue, Columns
from inspectree.server.leaf import Leaf, Values
from inspectree.server.ledger import Ledger


@dataclass
class Link:
    """A step at its place in a pipeline; ``spec`` describes what it makes of a value like ``before``."""

    number: int
    step: Step
    before: AnySpec
    spec: AnySpec

    @property
    def held_bytes(self) -> int:
        """Return the bytes in memory while it is done."""
        return self.spec.held_bytes + self.step.extra_bytes(self.before)

    def __call__(self, value: AnyValue, ledger: Ledger) -> AnyValue:
        """Return the value after it."""
        with during(self.number, self.step):
            ledger.note(self.step.notes(value))
            return self.step(value)


@dataclass
class Forked(Link):
    """A branch in whose columns something is compared with another value."""

    columns: Mapping[str, "Sequence[Link]"]

    @property
    @override
    def held_bytes(self) -> int:
        most = max((link.held_bytes for links in self.columns.values() for link in links), default=0)
        return self.before.held_bytes + self.spec.held_bytes + most

    @override
    def __call__(self, value: AnyValue, ledger: Ledger) -> Columns:
        columns = {}
        for name, links in self.columns.items():
            with during(self.number, self.step), in_column(name):
                columns[name] = chained(links, value, ledger)
        return Columns(columns)


@dataclass
class Compared(Link):
    """A comparison with what another plan makes."""

    other: "Other"

    @property
    @override
    def held_bytes(self) -> int:
        return self.before.held_bytes + self.other.plan.held_bytes + super().held_bytes

    @override
    def __call__(self, value: AnyValue, ledger: Ledger) -> xr.DataArray:
        with during(self.number, self.step):
            other = self.other.made(ledger)
            step = cast("Compare", self.step)
            return step.compared(cast("xr.DataArray", value), cast("xr.DataArray", other))


def chained(links: "Sequence[Link]", value: AnyValue, ledger: Ledger) -> AnyValue:
    """Return the value after all links."""
    for link in links:
        value = link(value, ledger)
    return value


@dataclass
class Plan:
    """What is made of a leaf."""

    leaf: Leaf
    links: list[Link] = field(default_factory=list)

    @property
    def spec(self) -> AnySpec:
        """Return what is known of the answer."""
        return self.links[-1].spec if self.links else self.leaf.spec

    @property
    def held_bytes(self) -> int:
        """Return the bytes in memory at once, at most."""
        return max([self.leaf.held_bytes, *(link.held_bytes for link in self.links)])

    def made(self, ledger: Ledger) -> AnyValue:
        """Return the answer; the ledger is told what was read for it."""
        return chained(self.links, self.leaf.read(ledger), ledger)


class Grown(Leaf):
    """The columns of a branch that the sources themselves go through, so that each reads what it needs."""

    def __init__(self, number: int, step: Step, spec: AnySpec, plans: Mapping[str, Plan]) -> None:
        self._number, self._step, self.spec, self._plans = number, step, spec, plans

    @property
    @override
    def held_bytes(self) -> int:
        """Return the bytes of what the columns make, and of the largest on its way there."""
        return self.spec.held_bytes + max(plan.held_bytes for plan in self._plans.values())

    @override
    def read(self, ledger: Ledger) -> Columns:
        columns = {}
        for name, plan in self._plans.items():
            with during(self._number, self._step), in_column(name):
                columns[name] = plan.made(ledger)
        return Columns(columns)


@dataclass
class Other:
    """A plan that several comparisons may use: made once, and forgotten after the last one.

    ``name`` is what its errors say it is. Comparisons that are done source by source read it for themselves;
    ``readings`` counts who does.
    """

    name: str
    plan: Plan
    uses: int = 0
    readings: int = 0
    _made: xr.DataArray | pd.DataFrame | Columns | None = None

    def use(self, ledger: Ledger) -> "Other":
        """Tell beforehand that it will be made, or had been made by then."""
        self.uses += 1
        if self.uses == 1:
            self.read_by_source(ledger)
        return self

    def read_by_source(self, ledger: Ledger) -> None:
        """Tell beforehand that its sources will be read; the plan itself has told it once."""
        self.readings += 1
        if self.readings > 1 and isinstance(self.plan.leaf, Values):
            for source in self.plan.leaf.stack.sources:
                ledger.want(source)

    def made(self, ledger: Ledger) -> AnyValue:
        """Return the other value."""
        with in_column(self.name):
            value = self.plan.made(ledger) if self._made is None else self._made
        self.uses -= 1
        self._made = value if self.uses > 0 else None
        return value
