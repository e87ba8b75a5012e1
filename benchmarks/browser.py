"""Measure the page in a headless browser: frames, loads, widgets, and what long clicking leaves behind.

    .venv/bin/python benchmarks/browser.py [--store demo] [--models 1000] [--at FOLDER] [--soak 60]

Software rendering, as no graphics card is asked for: numbers of a machine with one are lower. Frames are
counted by `requestAnimationFrame` while the drawing is moved step by step; a screenshot shows that something
is drawn. Models of many layers are written by the logger's own writer, without training; none of their
layers is repeated, so that nothing folds.
"""

import json
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Annotated, Any
from urllib.parse import urlencode

import numpy as np
import typer
from live import serving, written
from PIL import Image
from playwright.sync_api import BrowserContext, Page, sync_playwright
from report import machine, markdown, met

from inspectree.logger.architecture.model_graph import Edge, ModelGraph, Node, Tensor, Variable
from inspectree.logger.header import Header
from inspectree.logger.store.layout import model_folder
from inspectree.logger.store.record import Samples
from inspectree.logger.store.writer import ModelWriter
from inspectree.server import open_store

FLAGS = (Path(__file__).parents[1] / "scripts" / "chromium.flags").read_text().split()
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
SIZE = {"width": 1600, "height": 1000}
LAYERS = (200, 1000, 3000, 10_000)
FRAME = 25.0
"""Milliseconds that a frame may take."""

STEPS = 60
TIMES = 5
WIDGETS = 50
PAINTED = ".graph-view .node, .far-view:not([hidden])"
STARTED = 1500
"""Milliseconds until a browser that was started has done what it does then."""

LONG = 120_000
"""Milliseconds after which nothing will come any more."""

MOVE = """async ([kind, steps]) => {
  const svg = document.querySelector('.graph-view > svg');
  const {left, top, width, height} = svg.getBoundingClientRect();
  const at = {clientX: left + width / 2, clientY: top + height / 2, bubbles: true, cancelable: true};
  const frame = () => new Promise(requestAnimationFrame);
  const times = [];
  await frame();
  let before = performance.now();
  for (let step = 0; step < steps; step += 1) {
    const way = step < steps / 2 ? 1 : -1;
    if (kind === 'zoom') svg.dispatchEvent(new WheelEvent('wheel', {...at, deltaY: 90 * way}));
    else svg.dispatchEvent(new WheelEvent('wheel', {...at, shiftKey: true, deltaY: 40 * way}));
    await frame();
    const now = performance.now();
    times.push(now - before);
    before = now;
  }
  return times;
}"""

HOVER = """async (uoa) => {
  const unit = document.querySelector(`.node[data-uoa="${CSS.escape(uoa)}"]`);
  const begun = performance.now();
  unit.dispatchEvent(new PointerEvent('pointerover', {bubbles: true}));
  const lit = unit.classList.contains('linked');
  await new Promise(requestAnimationFrame);
  return [lit, performance.now() - begun];
}"""

SEEN = """() => new Promise((done) => {
  const told = () => done(performance.now());
  const seen = () => requestAnimationFrame(document.querySelector('%s') ? told : seen);
  seen();
})"""

APPLY = """(uoa) => {
  const begun = performance.now();
  window.inspectree.send({type: 'apply', tool: 'histogram', uoa});
  return begun;
}"""

Launch = Callable[[str], BrowserContext]

Row = tuple[str, float, float | None]
"""What was measured, how much, and what is wanted at most."""


def main(
    store: Annotated[Path, typer.Option(help="the sample tree, as `inspectree demo` writes it")] = Path(
        "demo"
    ),
    models: Annotated[int, typer.Option(help="of the large store; 0: none")] = 1000,
    at: Annotated[Path | None, typer.Option(help="where that store is, or is written")] = None,
    soak: Annotated[float, typer.Option(help="minutes of clicking")] = 0,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="where the numbers are written, too")
    ] = None,
) -> None:
    """Print one table."""
    print(f"{machine()}\n")
    rows: list[Row] = []
    with TemporaryDirectory() as folder, chromium() as launch:
        rows += frames(launch, Path(folder) / "layers")
        rows += loads(launch, store)
        if models:
            large = (at or Path(folder)) / f"{models}"
            written(large, "many", "--models", f"{models}")
            rows += crowd(launch, large, models)
        if soak:
            rows += clicking(launch, store, soak)
    told = [
        (what, f"{value:,.1f}", f"{wanted:,.1f}" if wanted else "", met(value, wanted) if wanted else "")
        for what, value, wanted in rows
    ]
    print(markdown(("what", "measured", "wanted", "met"), told))
    if json_file:
        json_file.write_text(
            json.dumps([{"what": w, "measured": v, "wanted": t} for w, v, t in rows], indent=1)
        )


@contextmanager
def chromium() -> Iterator[Launch]:
    """Yield what starts the machine's Chromium with a folder for a profile."""
    executable = next(filter(None, map(shutil.which, CHROMIUM)))
    with sync_playwright() as playwright:
        yield partial(
            playwright.chromium.launch_persistent_context,
            executable_path=executable,
            args=[*FLAGS, "--enable-precise-memory-info"],
            viewport=SIZE,
        )


@contextmanager
def opened(launch: Launch, address: str, **view: object) -> Iterator[tuple[Page, float]]:
    """Open a view in a new profile; yield the page and the milliseconds until the graph was painted.

    The profile is one on disk, as people have: in a private window no compiled scripts are kept.
    """
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        context = launch(profile)
        page = context.pages[0]
        page.set_default_timeout(LONG)
        page.wait_for_timeout(STARTED)
        yield page, visit(page, address, **view)
        context.close()


def visit(page: Page, address: str, **view: object) -> float:
    """Open a view; return the milliseconds from its address to its painted graph."""
    page.goto("about:blank")
    page.goto(f"{address}#{urlencode(view)}", wait_until="commit")
    return painted(page)


def painted(page: Page, selector: str = PAINTED) -> float:
    """Wait until something is drawn, and no blank screen; return when, on the page's own clock."""
    moment: float = page.evaluate(SEEN % selector.replace("'", "\\'"))
    centre = page.locator(".graph-view").screenshot()
    pixels = np.asarray(Image.open(BytesIO(centre)).convert("L"))
    assert pixels.std() > 1, "nothing is drawn"
    return moment


# ---- frames


def frames(launch: Launch, folder: Path) -> Iterator[Row]:
    """Move over models of ever more layers, nothing of them folded."""
    for count in LAYERS:
        write(folder, many_layers(count), f"layers-{count}")
    with serving(folder) as live:
        for count in LAYERS:
            with opened(launch, live.address, at=f"layers-{count}", level="L2") as (page, load):
                yield f"{count:,} layers: from the address to the painted graph, ms", load, None
                yield from moves(page, f"{count:,} layers")


def moves(page: Page, name: str) -> Iterator[Row]:
    """Pan where boxes can be read, zoom from there to far and back, pan all of it."""
    page.wait_for_timeout(1500)
    near(page)
    for kind, what in (("pan", "pan"), ("zoom", "zoom to far and back")):
        yield from told(page.evaluate(MOVE, [kind, STEPS]), f"{name}: {what}")
    page.get_by_label("Show everything (0)").click()
    page.wait_for_timeout(300)
    yield from told(page.evaluate(MOVE, ["pan", STEPS]), f"{name}: pan, everything in sight")


def near(page: Page) -> None:
    """Zoom in until the boxes are in the document, in the middle of the drawing."""
    for _ in range(60):
        if (
            page.evaluate(
                "document.querySelector('.graph-view .viewport').transform.baseVal.getItem(1).matrix.a"
            )
            > 0.6
        ):
            break
        page.get_by_label("Zoom in (+)").click()
    page.wait_for_timeout(300)


def told(times: list[float], what: str) -> Iterator[Row]:
    """Tell frames in two lines."""
    yield f"{what}, ms per frame, median", median(times), FRAME
    yield f"{what}, ms per frame, 95 %", quantiles(times, n=20)[-1], None


def many_layers(count: int) -> ModelGraph:
    """Return a chain of dense and plain layers with skips of uneven lengths; each is of a type of its own."""
    chance = random.Random(0)
    nodes, edges = [layer("input", "InputLayer", kind="input")], []
    last = start = "input"
    left = 3
    for number in range(count - 1):
        full = left > 0 and chance.random() < 0.6
        name = f"layer_{number}"
        nodes += dense(name, number) if full else [layer(name, f"Plain{number}")]
        edges += inside(name) if full else []
        edges.append(Edge(source=last, target=name))
        if left == 0:
            edges.append(Edge(source=start, target=name, target_port=1))
            start, left = name, chance.randint(2, 5)
        else:
            left -= 1
        last = name
    return ModelGraph(
        name="many",
        type="Functional",
        framework="keras",
        nodes=tuple(nodes),
        edges=tuple(edges),
        outputs=(last,),
    )


def layer(name: str, type_: str, size: int = 16, **more: Any) -> Node:
    """Return a node with one output."""
    outputs = (Tensor(shape=(None, size), dtype="float32", dims=("sample", "unit")),)
    return Node(
        **{
            "id": name,
            "kind": "layer",
            "type": type_,
            "name": name.rpartition("/")[2],
            "outputs": outputs,
            **more,
        }
    )


def dense(name: str, number: int, size: int = 16) -> list[Node]:
    """Return a dense layer with its operations, of a type of its own."""
    weights = (
        Variable(name="kernel", shape=(16, size), dims=("in", "out"), dtype="float32", trainable=True),
        Variable(name="bias", shape=(size,), dims=("out",), dtype="float32", trainable=True),
    )
    inner = [
        layer(f"{name}/{kind}", kind, size, kind="operation", parent=name)
        for kind in ("matmul", "add", "relu")
    ]
    return [layer(name, f"Dense{number}", size, variables=weights), *inner]


def inside(name: str) -> list[Edge]:
    """Return the edges inside a dense layer."""
    way = [name, f"{name}/matmul", f"{name}/add", f"{name}/relu", name]
    flow = [Edge(source=a, target=b) for a, b in pairwise(way)]
    uses = {"kernel": "matmul", "bias": "add"}
    return flow + [Edge(source=f"{name}/{v}", target=f"{name}/{op}", target_port=1) for v, op in uses.items()]


def write(store: Path, graph: ModelGraph, id_: str) -> None:
    """Write a model that was never trained."""
    inputs = {"input": np.zeros((1, 16), np.float32)}
    samples = Samples(inputs=inputs, ids=np.arange(1), labels={}, classes=None, class_names=())
    if not model_folder(store, id_).exists():
        writer = ModelWriter(store, Header(id=id_, name=id_))
        writer.start(graph, {}, samples)
        writer.finish("finished")


# ---- loads


def loads(launch: Launch, store: Path) -> Iterator[Row]:
    """Open the sample tree, go down, light a unit, and add a widget to many."""
    merged = open_store(store)["digits_merged"].id
    with serving(store) as live:
        cold = []
        for _ in range(TIMES):
            with opened(launch, live.address) as (page, load):
                cold.append(load)
        yield "cold load, until L3 is painted, ms", median(cold), 2000
        with opened(launch, live.address) as (page, _):
            yield (
                "warm load, until L3 is painted, ms",
                median(visit(page, live.address) for _ in range(TIMES)),
                800,
            )
            yield from going_down(page, live.address, merged)
            yield from adding(page, live.address, merged)


def going_down(page: Page, address: str, model: str) -> Iterator[Row]:
    """Light a model, look inside it, and inside one of its layers."""
    deeper: dict[str, list[float]] = {"L2": [], "L1": []}
    hovered: list[float] = []
    for _ in range(TIMES):
        visit(page, address)
        page.wait_for_timeout(800)
        lit, took = page.evaluate(HOVER, model)
        assert lit, "hovering lights nothing"
        hovered.append(took)
        deeper["L2"].append(descended(page, model, ".node.layer"))
        page.wait_for_timeout(500)
        deeper["L1"].append(descended(page, f"{model}/conv_2", ".node.neuron"))
    for level, times in deeper.items():
        yield f"descend to {level}, ms", median(times), 400
    yield "from hovering to the next frame, ms", median(hovered), 34


def descended(page: Page, uoa: str, there: str) -> float:
    """Look inside a unit; return the milliseconds until what is there is painted."""
    page.locator(f'.node[data-uoa="{uoa}"]').focus()
    begun: float = page.evaluate("performance.now()")
    page.keyboard.press("Enter")
    return painted(page, there) - begun


def adding(page: Page, address: str, model: str) -> Iterator[Row]:
    """Add a widget to many; what it has to ask for takes as long where it is alone."""
    each = {"tool": "histogram", "settings": {}}
    widgets = [
        {"id": f"w{number}", "uoa": f"{model}/conv_{1 + number % 2}", **each} for number in range(WIDGETS)
    ]
    visit(page, address, at=model, level="L2")
    alone = added(page, f"{model}/conv_1/kernel")
    visit(page, address, at=model, level="L2", widgets=json.dumps(widgets))
    page.wait_for_selector(".card[data-widget]:not(.loading)")
    page.wait_for_timeout(8000)
    among = added(page, f"{model}/conv_1/kernel")
    yield f"a widget beside {WIDGETS} others, until it is drawn, ms", among, None
    yield "of that more than beside none, ms", among - alone, 100


def added(page: Page, uoa: str) -> float:
    """Add a widget; return the milliseconds until it is drawn."""
    begun: float = page.evaluate(APPLY, uoa)
    there = f'.card[data-uoa="{uoa}"]:not(.loading)'
    return float(page.evaluate(SEEN % there)) - begun


def crowd(launch: Launch, store: Path, models: int) -> Iterator[Row]:
    """Open a store of very many models."""
    with serving(store) as live:
        times = []
        for _ in range(TIMES):
            with opened(launch, live.address) as (page, load):
                times.append(load)
        yield f"load of {models:,} models, until L3 is painted, ms", median(times), 2500
        with opened(launch, live.address) as (page, _):
            yield from moves(page, f"{models:,} models")


# ---- an hour of clicking


def clicking(launch: Launch, store: Path, minutes: float) -> Iterator[Row]:
    """Click around; compare what is left in memory with what the first minute left."""
    first: dict[str, float] = {}
    with serving(store) as live, opened(launch, live.address) as (page, _):
        ids = [model.id for model in open_store(store).models]
        acts = walk(page, ids)
        begun = monotonic()
        while (passed := monotonic() - begun) < 60 * minutes:
            next(acts)()
            if not first and passed >= min(60, 30 * minutes):
                first = left(page)
        last = left(page)
    for name, value in last.items():
        yield f"{minutes:g} min of clicking: {name} over the first minute's", value / first[name], 1.3


def walk(page: Page, ids: list[str]) -> Iterator[Callable[[], None]]:
    """Yield one act after another: in, out, widgets, measures, checkpoints, hovering."""
    chance = random.Random(0)
    while True:
        model = chance.choice(ids)
        for event in (
            {"type": "descend", "uoa": model, "kind": "model"},
            {"type": "apply", "tool": "confusion_matrix", "uoa": model},
            {"type": "measure", "name": chance.choice(["variance", "sparsity", "norm"])},
            {"type": "checkpoint", "value": chance.randint(0, 8)},
            {"type": "apply", "tool": "performance", "uoa": model},
            {"type": "checkpoint", "value": "last"},
            {"type": "ascend"},
        ):
            yield lambda event=event: sent(page, event)
        yield lambda: emptied(page)


def sent(page: Page, event: dict[str, Any]) -> None:
    """Have something happen, with the pointer somewhere over the graph."""
    page.evaluate("(event) => window.inspectree.send(event)", event)
    page.mouse.move(random.randint(350, 1100), random.randint(150, 800))
    page.wait_for_timeout(350)


def emptied(page: Page) -> None:
    """Remove all widgets."""
    ids = page.evaluate("[...document.querySelectorAll('.card[data-id]')].map((card) => card.dataset.id)")
    for id_ in ids:
        sent(page, {"type": "remove", "id": id_})


def left(page: Page) -> dict[str, float]:
    """Return what the page holds after all that can be forgotten is forgotten."""
    emptied(page)
    page.evaluate("window.inspectree.send({type: 'level', level: 'L3'})")
    page.wait_for_timeout(1500)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    for _ in range(2):
        session.send("HeapProfiler.collectGarbage")
    metrics = {item["name"]: item["value"] for item in session.send("Performance.getMetrics")["metrics"]}
    session.detach()
    return {
        "heap": metrics["JSHeapUsedSize"],
        "nodes": metrics["Nodes"],
        "listeners": metrics["JSEventListeners"],
    }


if __name__ == "__main__":
    typer.run(main)
