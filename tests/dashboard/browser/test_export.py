"""What is taken along from the page: pictures, values, queries that run, and the report."""

import csv
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from inspectree.server import Store
from tests.dashboard.browser.panels import card, choose, drawn, with_widgets

Opened = Callable[..., Page]


@pytest.fixture
def model(store: Store) -> str:
    return store["digits_conv"].id


def saved(page: Page, folder: Path, id_: str, entry: str) -> Path:
    """Return the file that an entry of a card's export menu saves."""
    with page.expect_download() as download:
        choose(page, id_, "Export…", entry)
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def test_a_plot_is_saved_as_picture_values_and_all_there_is(
    opened: Opened, address: str, store: Store, model: str, tmp_path: Path
) -> None:
    """Of a dark page, too, the picture is on white."""
    histogram = ("histogram", f"{model}/conv_1/kernel", {"bins": 6})
    page = opened(with_widgets(address, histogram), color_scheme="dark")
    drawn(page, "w1")
    png = saved(page, tmp_path, "w1", "Picture (PNG)")
    assert png.name == "histogram-convolutional-conv-1-kernel-@2.png"
    with Image.open(png) as picture:
        assert picture.size == (1440, 600)
        assert picture.convert("RGB").getpixel((2, 2)) == (255, 255, 255)
    svg = saved(page, tmp_path, "w1", "Picture (SVG)").read_text()
    assert svg.startswith("<svg")
    assert set(re.findall(r"https?://[^\s\"')]+", svg)) <= NAMESPACES
    counts, edges = np.histogram(store["digits_conv"].checkpoint("last")["conv_1/kernel"].values, bins=6)
    rows = list(csv.DictReader(StringIO(saved(page, tmp_path, "w1", "Values (CSV)").read_text())))
    assert [float(row["y"]) for row in rows] == counts.tolist()
    np.testing.assert_allclose([float(row["left"]) for row in rows], edges[:-1], rtol=1e-6)
    everything = json.loads(saved(page, tmp_path, "w1", "Everything shown (JSON)").read_text())
    assert everything["settings"]["bins"] == 6
    assert everything["content"]["figure"]["data"][0]["y"] == counts.tolist()


def test_pictures_are_saved_as_a_sheet(opened: Opened, address: str, model: str, tmp_path: Path) -> None:
    page = opened(with_widgets(address, ("misclassified", model)))
    pictures = card(page, "w1").locator(".picture")
    expect(pictures.first).to_be_visible()
    count = pictures.count()
    with Image.open(saved(page, tmp_path, "w1", "Picture (PNG)")) as sheet:
        assert sheet.size[0] == 2 * 76 * min(9, count)
        assert len(set(sheet.convert("L").get_flattened_data())) > 10
    assert saved(page, tmp_path, "w1", "Picture (SVG)").read_text().count("<image") == count
    rows = list(csv.DictReader(StringIO(saved(page, tmp_path, "w1", "Values (CSV)").read_text())))
    assert len(rows) == count
    assert all(row["sample"].isdigit() for row in rows)


def test_a_table_is_saved_as_a_picture(opened: Opened, address: str, model: str, tmp_path: Path) -> None:
    page = opened(with_widgets(address, ("model_summary", model)))
    rows = card(page, "w1").locator("tbody tr")
    expect(rows.first).to_be_visible()
    svg = saved(page, tmp_path, "w1", "Picture (SVG)").read_text()
    for name in rows.locator("th").all_text_contents():
        assert f">{name}</text>" in svg
    with Image.open(saved(page, tmp_path, "w1", "Picture (PNG)")) as picture:
        assert picture.convert("RGB").getpixel((2, 2)) == (255, 255, 255)
        assert picture.size == tuple(
            2 * int(size) for size in re.findall(r'(?:width|height)="(\d+)"', svg)[:2]
        )


def test_the_queries_run(opened: Opened, address: str, store: Store, model: str) -> None:
    """As Python where the store is, as commands wherever the server can be reached."""
    page = opened(with_widgets(address, ("histogram", f"{model}/conv_1/kernel", {"bins": 6})))
    drawn(page, "w1")
    choose(page, "w1", "Export…", "Query (Python, curl)…")
    python, curl = (
        page.locator(f'dialog [data-language="{language}"] code').text_content() or ""
        for language in ("Python", "curl")
    )
    counts = np.histogram(store["digits_conv"].checkpoint("last")["conv_1/kernel"].values, bins=6)[0]
    program = f"{python}\nprint(answer.values.tolist())"
    run = subprocess.run(
        [sys.executable, "-I", "-c", program], cwd=store.path.resolve().parent, capture_output=True, text=True
    )
    assert run.stdout.strip() == str(counts.tolist()), run.stderr
    assert fetched(curl)["values"] == counts.tolist()


def test_what_only_the_server_answers_is_asked_of_it(
    opened: Opened, address: str, store: Store, model: str
) -> None:
    page = opened(with_widgets(address, ("performance", model)))
    drawn(page, "w1")
    choose(page, "w1", "Export…", "Query (Python, curl)…")
    code = page.locator('dialog [data-language="Python"] code').text_content() or ""
    names = re.findall(r"^    (answer\w*) = ", code, re.MULTILINE)
    program = f"{code}\nprint(json.dumps([{', '.join(names)}]))"
    run = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True)
    answers = json.loads(run.stdout)
    assert any(answer.get("metrics", {}).keys() >= {"loss", "val_loss"} for answer in answers)


def fetched(command: str) -> dict[str, object]:
    """Run one line of curl as a shell would take it apart; return the JSON that is answered."""
    (line,) = command.splitlines()
    words = shlex.split(line)
    assert words[0] == "curl"
    run = subprocess.run(words, capture_output=True, text=True, check=True)
    found: dict[str, object] = json.loads(run.stdout)
    return found


def test_a_query_is_copied(opened: Opened, address: str, model: str) -> None:
    page = opened(
        with_widgets(address, ("histogram", f"{model}/conv_1/kernel")),
        permissions=["clipboard-read", "clipboard-write"],
    )
    drawn(page, "w1")
    choose(page, "w1", "Export…", "Query (Python, curl)…")
    page.get_by_role("button", name="Copy curl").click()
    expect(page.locator(".toast")).to_contain_text("Copied: the query, curl")
    assert page.evaluate("navigator.clipboard.readText()").startswith("curl -s 'http://127.0.0.1:")


NAMESPACES = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


class Outside(HTMLParser):
    """Collects what a document would run, and what it would ask others for."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.asked: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += [tag] if tag in {"script", "iframe", "object", "embed", "link", "form"} else []
        for name, value in attrs:
            self.scripts += [name] if name.startswith("on") else []
            if name in {"src", "href", "srcset", "data", "action"}:
                (self.links if tag == "a" else self.asked).append(value or "")


def test_the_report_holds_everything_and_asks_nobody(
    opened: Opened, chromium: Browser, address: str, store: Store, model: str, tmp_path: Path
) -> None:
    """All widgets and groups with pictures, notes and queries, in one file that runs nothing."""
    widgets = (
        ("histogram", f"{model}/conv_1/kernel", {"bins": 6}),
        ("histogram", f"{model}/conv_2/kernel"),
        ("misclassified", model),
        ("note", model, {"text": "**look** at <this>"}),
        ("model_summary", model),
        ("confusion_matrix", model),
    )
    page = opened(
        with_widgets(address, *widgets, groups=[{"id": "g1", "members": ["w1", "w2"], "merged": True}]),
        color_scheme="dark",
    )
    drawn(page, "g1")
    card(page, "w3").locator(".picture").first.click()
    expect(card(page, "w3").locator(".picture.chosen")).to_have_count(1)
    page.get_by_label("Collapse all").click()
    with page.expect_download() as download:
        page.get_by_label("Report").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    text = file.read_text()
    found = Outside()
    found.feed(text)
    assert found.scripts == []
    assert found.links == [page.url]
    assert all(asked.startswith("data:image/") for asked in found.asked)
    told = (
        "Convolutional",
        "checkpoint 2",
        "<strong>look</strong>",
        "&lt;this&gt;",
        '<figure class="chosen"',
        "selection · 1 sample<",
        "store.query(",
        "Bins: 6",
    )
    assert [part for part in told if part not in text] == []
    assert text.count("<article>") == 7
    assert seen(chromium, file) >= 4 + card(page, "w3").locator(".picture").count()


def seen(chromium: Browser, file: Path) -> int:
    """Return how many pictures a document shows, which are all; it asks nobody and complains of nothing."""
    report = chromium.new_page(java_script_enabled=True)
    complaints: list[str] = []
    report.on("console", lambda told: complaints.append(told.text))
    report.on("request", lambda sent: sent.url.startswith(("file:", "data:")) or complaints.append(sent.url))
    report.goto(file.as_uri())
    images = report.eval_on_selector_all(
        "img", "all => all.map(({complete, naturalWidth}) => complete && naturalWidth > 0)"
    )
    report.close()
    assert complaints == []
    assert all(images)
    return len(images)
