"""Makes plans: everything is checked, and as little as possible is to be read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from operator import is_

import xarray as xr

from inspectree.server.apart import Apart, ComparedApart
from inspectree.server.errors import PipelineError, RequestError
from inspectree.server.filters import NO_FILTERS, Filters
from inspectree.server.grammar.base import Step
from inspectree.server.grammar.branch import Branch
from inspectree.server.grammar.compare import Compare, related
from inspectree.server.grammar.pipeline import (
    Pipeline,
    checked,
    during,
    in_column,
    need_kind,
    need_merged,
    unused_coords,
)
from inspectree.server.grammar.select import Select
from inspectree.server.grammar.spec import AnySpec, ColumnsSpec, Spec
from inspectree.server.leaf import Histories, Leaf, Values
from inspectree.server.ledger import Ledger
from inspectree.server.limits import Limits
from inspectree.server.plan import Compared, Forked, Grown, Link, Other, Plan
from inspectree.server.reference import comparisons_of
from inspectree.server.resolve import Unit
from inspectree.server.shortcut import from_class_means, from_statistics
from inspectree.server.source import Source
from inspectree.server.stack import Stack, same_samples
from inspectree.server.uoa import UnitOfAnalysis

Resolve = Callable[[str], Unit]


@dataclass(frozen=True)
class Start:
    """Where a pipeline begins: sources after the filters, and before; None once steps have selected."""

    chosen: Stack
    whole: Stack | None = None


@dataclass(frozen=True)
class Way:
    """How a value came about: the units that it began with, how they lay, and the steps since then.

    ``depth`` counts the comparisons that led to it.
    """

    units: tuple[Unit, ...]
    stack: Stack | None
    depth: int = 0
    before: "Way | None" = None
    last: Pipeline = ()

    def then(self, *steps: Step) -> "Way":
        """Return the way after further steps."""
        return replace(self, before=self, last=steps)

    @property
    def steps(self) -> Pipeline:
        """Return all steps since the beginning."""
        parts, way = [self.last], self.before
        while way is not None:
            parts.append(way.last)
            way = way.before
        return tuple(chain.from_iterable(reversed(parts)))


@dataclass
class Planner:
    """Plans what one question asks for; `ledger` knows then what is to be read."""

    filters: Filters
    limits: Limits
    resolve: Resolve | None
    ledger: Ledger = field(default_factory=Ledger)
    _others: dict[tuple[object, ...], Other] = field(default_factory=dict)

    def plan(self, units: Sequence[Unit], pipeline: Pipeline) -> Plan:
        """Return how a pipeline's answer about units is made.

        Raises
        ------
        PipelineError, RequestError, UnitError, LimitError
            When it cannot be, or would cost too much.
        """
        comparisons_of(pipeline)  # refuses too many
        steps = tuple(step.capped(self.limits.points) for step in pipeline)
        plan = self._plan(tuple(units), None, steps, 0)
        need_merged(plan.spec, pipeline)
        held = plan.held_bytes + self.ledger.bytes_to_keep
        self.limits.check("held", held, "this would hold in memory", "select less first")
        answer = plan.spec.elements_with_coords
        advice = "select or reduce more"
        self.limits.check("elements", answer, "with its labels the answer would have", advice)
        self.limits.check("read", self.ledger.bytes_to_read, "this would read", "select less")
        return plan

    def _plan(self, units: tuple[Unit, ...], like: Stack | None, pipeline: Pipeline, depth: int) -> Plan:
        if all(unit.level == "model" for unit in units):
            plan = Plan(Histories(units))
            self._add(plan.links, plan.spec, pipeline, 1, Way(units, None, depth))
            return plan
        predictions = not _is_over_training(units)  # which change then, and label nothing
        sources = [Source.of(unit, predictions=predictions) for unit in units]
        whole = Stack.of(sources) if like is None else like.with_sources(sources)
        return self._grow(self._filtered(whole), pipeline, Way(units, whole, depth))

    def _filtered(self, whole: Stack) -> Start:
        """Restrict everything that has such coordinates."""
        if self.filters == NO_FILTERS:
            return Start(whole, whole)
        return Start(whole.map(self._filtered_source), whole)

    def _filtered_source(self, source: Source) -> Source:
        select = self.filters.on(source.spec)
        try:
            return source if select is None else _selected(source, select)
        except PipelineError as error:
            raise RequestError(f"{source.unit}: {error}") from None

    def _grow(self, start: Start, pipeline: Pipeline, way: Way) -> Plan:
        """Plan what becomes of sources: selections in front narrow what is read."""
        start, done = _narrowed(start, pipeline)
        steps = pipeline[done:]
        leaf, made = self._leaf(start, steps, way.then(*pipeline[:done]), done + 1)
        plan = Plan(leaf)
        way = way.then(*pipeline[: done + made])
        self._add(plan.links, leaf.spec, steps[made:], done + made + 1, way)
        return plan

    def _leaf(self, start: Start, steps: Pipeline, way: Way, number: int) -> tuple[Leaf, int]:
        """Return what is read, and how many of the steps are done with that."""
        if steps:
            with during(number, steps[0]):
                leaf = self._first(start, steps, way, number)
            if leaf is not None:
                return leaf, 1
        return Values(_used(start.chosen, steps), self.ledger), 0

    def _first(self, start: Start, steps: Pipeline, way: Way, number: int) -> Leaf | None:
        """Return what does the first step while it reads."""
        step = steps[0]
        need_kind(step, start.chosen.spec)
        if isinstance(step, Branch):
            plans = dict(step.each(lambda column: self._grow(start, column, way)))
            spec = ColumnsSpec({name: plan.spec for name, plan in plans.items()})
            return Grown(number, step, spec, plans)
        if isinstance(step, Compare):
            return self._compared(start, steps, way, number)
        checked(step, start.chosen.spec)
        stored = self._stored(start, step)
        return stored or Apart.of(step, _used(start.chosen, steps), self.limits.held, self.ledger)

    def _compared(self, start: Start, steps: Pipeline, way: Way, number: int) -> Leaf | None:
        """Return a comparison of each source alone with one that is as it was read."""
        step, stack = steps[0], _used(start.chosen, steps)
        if stack.dim is None or not isinstance(step, Compare) or not step.alone:
            return None
        other = self._other(step, way)
        if other.plan.links:
            return None
        with in_column(other.name):
            leaf = ComparedApart.of(number, step, stack, other.plan.leaf, self.ledger)
        if leaf is not None:
            other.read_by_source(self.ledger)
        return leaf

    def _stored(self, start: Start, step: Step) -> Leaf | None:
        """Return the value after a step, where what is stored besides the values tells it."""
        if start.whole is None:
            return None
        whole, classes = start.whole, self.filters.of_classes
        if all(map(is_, whole.sources, start.chosen.sources)):
            return from_statistics(whole, step) or from_class_means(whole, step, None, self.ledger)
        return None if classes is None else from_class_means(whole, step, classes, self.ledger)

    def _add(self, links: list[Link], spec: AnySpec, pipeline: Pipeline, first: int, way: Way) -> None:
        """Add the steps of a pipeline to what is done to a value."""
        for number, step in enumerate(pipeline, first):
            with during(number, step):
                need_kind(step, spec)
                links.append(self._link(number, step, spec, way))
            spec, way = links[-1].spec, way.then(step)

    def _link(self, number: int, step: Step, spec: AnySpec, way: Way) -> Link:
        if isinstance(step, Compare):
            return self._comparison(number, step, spec, way)
        if not isinstance(step, Branch):
            return Link(number, step, spec, step.check(spec))
        columns: dict[str, list[Link]] = {}
        for name, pipeline in step.columns.items():
            with in_column(name):
                self._add(columns.setdefault(name, []), spec, pipeline, 1, way)
        after = {name: links[-1].spec if links else spec for name, links in columns.items()}
        return Forked(number, step, spec, ColumnsSpec(after), columns)

    def _comparison(self, number: int, step: Compare, spec: AnySpec, way: Way) -> Compared:
        other = self._other(step, way)
        with in_column(other.name):
            need_kind(step, other.plan.spec)
            assert isinstance(spec, Spec), "it takes arrays only"
            assert isinstance(other.plan.spec, Spec), "it takes arrays only"
            after = step.check_pair(spec, other.plan.spec)
        return Compared(number, step, spec, after, other.use(self.ledger))

    def _other(self, step: Compare, way: Way) -> Other:
        """Return what has become of the other units on the same way; each is planned once."""
        self.limits.check("nesting", way.depth + 1, "the comparisons nest", "compare less at once")
        if self.resolve is None:
            raise RequestError(f"only a store can tell what {step.to!r} stands for")
        addresses = [related(step.to, UnitOfAnalysis.parse(str(unit))) for unit in way.units]
        units = tuple(self.resolve(str(address)) for address in addresses)
        steps = way.steps
        key = (*map(str, units), "", *(each.model_dump_json() for each in steps))
        if key not in self._others:
            with in_column(step.to):
                plan = self._plan(units, way.stack, steps, way.depth + 1)
            self._others[key] = Other(step.to, plan)
        if step.pairs and way.stack is not None:
            _need_same_samples(way.stack, units)
        return self._others[key]


def _selected(source: Source, select: Select) -> Source:
    value: xr.DataArray = select(source.value)
    return source.narrowed(value, select.model_dump_json())


def _narrowed(start: Start, pipeline: Pipeline) -> tuple[Start, int]:
    """Apply the selections that a pipeline begins with before anything is read; return how many those are."""
    done, stack = 0, start.chosen
    for number, step in enumerate(pipeline, 1):
        if not isinstance(step, Select) or stack.dim in step.names:
            break
        with during(number, step):
            checked(step, stack.spec)
            stack = stack.with_sources([_selected(source, step) for source in stack.sources])
        done = number
    return (Start(stack), done) if done else (start, 0)


def _used(stack: Stack, steps: Pipeline) -> Stack:
    """Leave out the labels that nothing needs; what is wrong with the steps shows elsewhere."""
    try:
        unused = unused_coords(steps, stack.spec)
    except PipelineError:
        return stack
    return stack.map(lambda source: source.without_coords(unused)) if unused else stack


def _need_same_samples(stack: Stack, units: Sequence[Unit]) -> None:
    for source, unit in zip(stack.sources, units, strict=True):
        if unit.level != "model" and not same_samples(source, other := Source.of(unit)):
            raise RequestError(f"{source.unit} and {other.unit} hold different samples")


def _is_over_training(units: tuple[Unit, ...]) -> bool:
    """Tell whether units are one variable at several checkpoints."""
    numbers = {unit.checkpoint.number for unit in units if unit.checkpoint is not None}
    return len(numbers) > 1 and len({(unit.model.id, unit.path, unit.index) for unit in units}) == 1
