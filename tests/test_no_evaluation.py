"""Nothing from a store or a request is evaluated, unpickled or imported: every source is read for it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("logger", "server", "dashboard", "sample_experiments")

CALLS = {"eval", "exec", "compile", "__import__", "import_module", "run_module", "run_path", "exec_module"}
METHODS = {
    "loads": {"pickle", "marshal", "dill", "cloudpickle"},
    "load": {"pickle", "marshal", "yaml", "joblib", "torch", "np", "numpy", "shelve"},
    "read_pickle": {"pd", "pandas"},
    "eval": {"pd", "pandas", "frame", "table"},
    "system": {"os"},
    "popen": {"os"},
}
MODULES = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "yaml", "ctypes", "code"}
SWITCHES = {
    ("allow_pickle", True),
    ("shell", True),
    ("safe_mode", False),
    ("weights_only", False),
    ("html", True),
}

ALLOWED = {
    "server/cli/__init__.py: import_module": "the commands, by a table that is written out",
    "server/workers/later.py: import_module": "what takes long to import, by a list that is written out",
    "server/grammar/own.py: .exec_module": "the user's own steps, from a file named on the command line",
    "logger/architecture/flow/__init__.py: import_module": "the backend that Keras runs on",
    "logger/capture/environment.py: __import__": "the backend that Keras runs on",
    "logger/samples.py: np.load": "the user's own samples; NumPy refuses to unpickle unless told otherwise",
    "sample_experiments/images.py: np.load": "the user's own images; NumPy refuses to unpickle here, too",
}
"""What looks like it, with the reason why it is none."""

MARKUP = {
    "dashboard/js/graph/scene.js": "what is made by `markup`, which escapes everything that is put into it",
    "dashboard/js/graph/culled.js": "what is made by `markup`, too: the boxes that come into sight",
    "dashboard/js/widgets/content.js": "a note that the server has rendered without HTML",
}
"""Where the page turns text into elements, with the reason why nothing foreign runs."""

SCRIPTS = re.compile(
    r"\beval\(|new Function|document\.write|setTimeout\(['\"`]|\bon(error|click|load)\s*=\s*['\"]"
)
ELEMENTS = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|srcdoc")

RENDERED = {"dashboard/markup.py": "a note that was rendered without HTML"}
"""Where Dash is handed markup, with the reason why nothing foreign runs."""

FOREIGN = re.compile(r"dangerously|html\.(Script|Iframe|Embed|ObjectEl|Base|Meta)\b")


def sources(ending: str) -> dict[str, str]:
    """Return the text of every file of the product by its place."""
    found = (path for folder in FOLDERS for path in sorted((ROOT / folder).rglob(f"*.{ending}")))
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in found}


def suspicious(text: str) -> Iterator[str]:
    """Yield the names of what evaluates, unpickles or imports what it is given."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.partition(".")[0] in MODULES)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in MODULES:
            yield str(node.module)
        elif isinstance(node, ast.Call):
            yield from _calls(node)


def _calls(node: ast.Call) -> Iterator[str]:
    called = node.func
    if isinstance(called, ast.Name) and called.id in CALLS:
        yield called.id
    elif isinstance(called, ast.Attribute):
        of = called.value.id if isinstance(called.value, ast.Name) else ""
        if of in METHODS.get(called.attr, ()) or called.attr in CALLS - {"compile", "eval"}:
            yield f"{of}.{called.attr}"
    for keyword in node.keywords:
        if isinstance(keyword.value, ast.Constant) and (keyword.arg, keyword.value.value) in SWITCHES:
            yield f"{keyword.arg}={keyword.value.value}"


def test_no_source_evaluates_what_it_is_given() -> None:
    found = {f"{place}: {name}" for place, text in sources("py").items() for name in suspicious(text)}
    assert found == ALLOWED.keys()


@pytest.mark.parametrize(
    "text",
    [
        "eval(text)",
        "import pickle",
        "from pickle import loads",
        "import importlib; importlib.import_module(name)",
        "np.load(path, allow_pickle=True)",
        "torch.load(path)",
        "subprocess.run(text, shell=True)",
        "pd.eval(text)",
    ],
)
def test_it_would_be_noticed(text: str) -> None:
    assert list(suspicious(text))


def test_the_page_makes_elements_of_text_where_it_is_known_why() -> None:
    scripts = sources("js")
    assert {place for place, text in scripts.items() if ELEMENTS.search(text)} == MARKUP.keys()
    assert [place for place, text in scripts.items() if SCRIPTS.search(text)] == []


def test_what_dash_runs_in_the_browser_is_written_out() -> None:
    """No markup, no frame and no function is made of what a store holds."""
    dashboard = {place: text for place, text in sources("py").items() if place.startswith("dashboard/")}
    assert {place for place, text in dashboard.items() if FOREIGN.search(text)} == RENDERED.keys()
    functions = [function for text in dashboard.values() for function in browser_functions(text)]
    assert functions
    assert all(isinstance(function, ast.Constant) for function in functions)


def browser_functions(text: str) -> Iterator[ast.expr]:
    """Yield what is handed to Dash to be run by the browser."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "clientside_callback":
            yield node.args[0]
