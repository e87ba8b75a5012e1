"""The few callbacks; they only delegate.

One changes the view after events, and one per region shows what `regions` makes of the view. All are
asynchronous: a synchronous callback would hold up every other request of the server. Widgets are drawn
through a socket (`socket.py`).
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

import orjson
from dash import Dash, Input, Output, State, no_update, set_props

from inspectree.dashboard import address, ids, regions
from inspectree.dashboard.client import Client, ServerError
from inspectree.dashboard.events import step
from inspectree.dashboard.graphs.architecture import Architecture
from inspectree.dashboard.index import Index, read_index
from inspectree.dashboard.markup import markup
from inspectree.dashboard.uoa import parse
from inspectree.dashboard.view import View
from inspectree.dashboard.written import written

Json = dict[str, Any]
Region = Callable[[Client, View, Index], Awaitable[Any]]

FIELDS = tuple(View().as_slices())

REGIONS: tuple[tuple[Region, tuple[tuple[str, str], ...], tuple[str, ...]], ...] = (
    (
        regions.scene,
        ((ids.GRAPH, "graph"),),
        ("focus", "level", "compared", "unfolded", "checkpoint", "off", "edges"),
    ),
    (regions.changes, ((ids.GRAPH, "changes"),), ("focus", "level")),
    (
        regions.scores,
        ((ids.GRAPH, "scores"),),
        ("measure", "baseline", "scored", "focus", "level", "compared", "checkpoint"),
    ),
    (
        regions.located,
        ((ids.LOCALISATION, "content"), (ids.GRAPH, "badges")),
        ("located", "focus", "level", "compared"),
    ),
    (
        regions.tools,
        ((ids.TOOLBOX, "content"), (ids.GRAPH, "tool")),
        ("focus", "level", "compared", "unfolded", "tool"),
    ),
    (
        regions.header,
        ((ids.BREADCRUMBS, "content"), (ids.WATCHING, "content"), (ids.LEVEL, "content")),
        ("focus", "level", "compared", "selected"),
    ),
    (regions.empty, ((ids.EMPTY, "content"),), ("focus",)),
    (regions.classes, ((ids.CLASSES, "content"),), ("focus", "selected", "off")),
    (
        regions.measures,
        ((ids.INTERESTINGNESS, "content"),),
        ("measure", "baseline", "scored", "focus", "level", "compared", "checkpoint"),
    ),
    (regions.selection, ((ids.SELECTION, "content"),), ("selected", "checkpoint")),
    (regions.samples, ((ids.SAMPLES, "content"),), ("selections", "lit", "filtered")),
    (regions.bar, ((ids.CHECKPOINTS, "bar"),), ("focus", "selected", "checkpoint")),
    (regions.matrix, ((ids.MATRIX, "matrix"),), ("focus", "level", "checkpoint", "off")),
    (
        regions.widgets,
        ((ids.WIDGETS, "slots"), (ids.WIDGETS, "groups"), (ids.WIDGETS, "lit"), (ids.WIDGETS, "about")),
        ("widgets", "groups", "off", "checkpoint", "selections", "lit", "filtered"),
    ),
    (regions.findable, ((ids.FINDABLE, "data"),), ("focus", "selected")),
)
"""What shows a view: the function, the properties it fills, and the fields of the view that it depends on."""

LATER = {regions.changes, regions.located, regions.measures}
"""What is asked for when the drawing is there: of very many models the server has to read a lot for these."""

TEXTS = {(ids.GRAPH, name) for name in ("graph", "changes", "scores", "badges")} | {(ids.MATRIX, "matrix")}
"""Properties that hold JSON as text."""

SHOWN = tuple(function.__name__ for function, _, _ in REGIONS)
"""What follows the server's data: the page asks for the next state only when all of them show the last."""


def register(app: Dash, client: Client) -> None:
    """Add every callback to the application."""
    _register_view(app, client)
    for function, outputs, fields in REGIONS:
        _register_region(app, client, function, outputs, fields)
    _register_search(app, client)
    _register_page(app)


def _register_view(app: Dash, client: Client) -> None:
    @app.callback(  # type: ignore[untyped-decorator] # Dash ships no types
        *(Output(ids.view(field), "data") for field in FIELDS),
        Output(ids.ADDRESS, "data"),
        Input(ids.EVENT, "data"),
        *(State(ids.view(field), "data") for field in FIELDS),
        prevent_initial_call=True,
    )
    async def change(event: Json, *values: Any) -> list[Any]:
        before = _view(FIELDS, values)
        after = before or View()
        for each in event["events"]:
            after = await _after(client, after, each)
        old, new = before.as_slices() if before else {}, after.as_slices()
        changed = [new[field] if new[field] != old.get(field, no_update) else no_update for field in FIELDS]
        return [*changed, {"number": event["number"], "address": address.write(after)}]


async def _after(client: Client, view: View, event: Json) -> View:
    """Return the view after an event; of two kinds the model's architecture has a say."""
    if event["type"] == "restore":
        return await _existing(client, address.read(event["address"]))
    if event["type"] == "level" and event["level"] == "L1":
        return step(view, {**event, "layer": await _layer(client, view)})
    return step(view, event)


async def _existing(client: Client, view: View) -> View:
    """Return a view that came with a link: all models, if its own is not in this store."""
    index = await read_index(client)
    if not view.focus or not index.models or index.model(view.focus) is not None:
        return view
    set_props(ids.NOTICE, {"children": f"this store holds no model {parse(view.focus).model!r}"})
    return replace(view, focus="", level="L3")


async def _layer(client: Client, view: View) -> str | None:
    """Return the layer that the selection, or else the focus, lies in."""
    for uoa in (view.selected, view.focus):
        path = parse(uoa)
        inside = path.inside
        if not inside:
            continue
        try:
            architecture = Architecture(await client.architecture(path.model))
        except ServerError:
            continue
        while inside and (
            inside not in architecture.by_id or architecture.by_id[inside]["kind"] == "operation"
        ):
            inside = inside.rpartition("/")[0]
        if inside and not architecture.is_group(inside):
            return f"{path.model}/{inside}"
    return None


def _register_region(
    app: Dash, client: Client, function: Region, outputs: Sequence[tuple[str, str]], fields: tuple[str, ...]
) -> None:
    rest = tuple(field for field in FIELDS if field not in fields)
    unchanged = (no_update,) * len(outputs)
    own, drawing = (ids.shown(each.__name__) for each in (function, regions.scene))

    @app.callback(  # type: ignore[untyped-decorator] # Dash ships no types
        *(Output(*output) for output in outputs),
        Output(own, "data"),
        Input(ids.LIVE, "data"),
        State(own, "data"),
        *(Input(ids.view(field), "data") for field in fields),
        *(State(ids.view(field), "data") for field in rest),
        *([Input(drawing, "data")] if function in LATER else []),
        prevent_initial_call=True,
    )
    async def show(live: Any, before: Any, *values: Any) -> Any:
        view, shown = _view((*fields, *rest), values), no_update if live == before else live
        if view is None:
            return *unchanged, shown
        try:
            found = await function(client, view, await read_index(client))
        except ServerError as error:
            set_props(ids.NOTICE, {"children": str(error)})
            return *unchanged, shown
        parts = found if len(outputs) > 1 else (found,)
        return *(_packed(*pair) for pair in zip(outputs, parts, strict=True)), shown

    show.__name__ = function.__name__


def _packed(output: tuple[str, str], value: Any) -> Any:
    """Return a property's value; what is large travels as text, for Dash walks through everything else."""
    if output[1] == "content":
        return markup(value)
    return orjson.dumps(value).decode() if output in TEXTS else value


def _register_search(app: Dash, client: Client) -> None:
    """Add what the search box finds: what the page knows of, and what is written anywhere in the store."""

    @app.callback(  # type: ignore[untyped-decorator] # Dash ships no types
        Output(ids.WRITTEN, "data"), Input(ids.SEARCH, "searchValue"), prevent_initial_call=True
    )
    async def search(typed: str | None) -> Any:
        try:
            return await written(client, typed or "")
        except ServerError:  # a question that the server declines finds nothing
            return []

    app.clientside_callback(
        "(known, written) => [...(known ?? []), ...(written ?? [])]",
        Output(ids.SEARCH, "data"),
        Input(ids.FINDABLE, "data"),
        Input(ids.WRITTEN, "data"),
        prevent_initial_call=True,
    )


def _register_page(app: Dash) -> None:
    """Add what the browser does without the server."""
    app.clientside_callback(
        "(...shown) => { window.inspectree.settled?.(shown); return window.dash_clientside.no_update; }",
        Output(ids.LIVE, "modified_timestamp"),
        *(Input(ids.shown(region), "data") for region in SHOWN),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        "(answer) => { window.inspectree.keep(answer.address); return window.dash_clientside.no_update; }",
        Output(ids.ADDRESS, "modified_timestamp"),
        Input(ids.ADDRESS, "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        "(selected) => selected ?? ''",
        Output(ids.GRAPH, "selected"),
        Input(ids.view("selected"), "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        "() => null",  # what was found is sent by the page; the box is for the next search
        Output(ids.SEARCH, "value"),
        Input(ids.SEARCH, "value"),
        prevent_initial_call=True,
    )


def _view(names: Sequence[str], values: Sequence[Any]) -> View | None:
    """Return the view from the values of its stores; None before the page has told its address."""
    slices = dict(zip(names, values, strict=False))
    if slices["level"] is None:
        return None
    return View.from_slices(slices)
