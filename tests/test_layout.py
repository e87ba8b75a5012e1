"""Which part of inspectree may import what: by reading every import, and by importing for real.

What importing the logger and the server costs is tested beside them.
"""

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = ("logger", "server", "dashboard", "sample_experiments")
FRAMEWORKS = {"keras", "tensorflow", "jax", "torch"}
PLAIN = ("store", "header", "errors", "frozen", "statistics", "architecture.model_graph")
"""What the server may know of the logger."""

Rule = Callable[[str], bool]


def sources(*prefixes: str) -> dict[str, Path]:
    """Return the files below some folders by their places in the repository."""
    found = {
        path.relative_to(ROOT).as_posix(): path for name in FOLDERS for path in (ROOT / name).rglob("*.py")
    }
    chosen = {place: path for place, path in sorted(found.items()) if place.startswith(prefixes or FOLDERS)}
    assert chosen
    return chosen


def breaches(chosen: dict[str, Path], forbidden: Rule, *, anywhere: bool = True) -> list[str]:
    """Return which files import what they must not."""
    return [
        f"{place} imports {name}"
        for place, path in chosen.items()
        for name in imports(path, anywhere=anywhere)
        if forbidden(name)
    ]


def own_name(source: Path) -> str:
    """Return a module's full name."""
    return ".".join(("inspectree", *source.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__")


def imports(source: Path, *, anywhere: bool = True) -> Iterator[str]:
    """Yield the full names that a file imports; ``anywhere`` includes those inside functions."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    for node in ast.walk(tree) if anywhere else top_level(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def top_level(tree: ast.Module) -> Iterator[ast.stmt]:
    """Yield what runs when the module is imported, but for what only type checkers see."""
    for node in tree.body:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        yield node
        if isinstance(node, ast.If | ast.Try):
            yield from (child for child in ast.walk(node) if isinstance(child, ast.Import | ast.ImportFrom))


def within(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def test_imports_are_by_full_names() -> None:
    """None is relative, and none loads a folder of this repository under its bare name."""
    relative = [
        place
        for place, path in sources().items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []
    assert breaches(sources(), lambda name: within(name, *FOLDERS)) == []


def test_private_modules_are_imported_by_their_own_package_only() -> None:
    for place, path in sources().items():
        package = own_name(path) if path.name == "__init__.py" else own_name(path).rpartition(".")[0]
        for name in imports(path):
            parts = name.split(".")
            if parts[0] == "inspectree" and any(part.startswith("_") for part in parts):
                private = next(index for index, part in enumerate(parts) if part.startswith("_"))
                assert ".".join(parts[:private]) == package, f"{place} imports {name}"


def test_only_the_logger_s_doors_import_a_framework() -> None:
    """The callback, the capture and the tracing do, and the scripts that train."""
    names = ("bridge.py", "flow/", "observed.py", "outputs.py", "ports.py", "trace.py")
    tracing = tuple(f"logger/architecture/{name}" for name in names)
    doors = ("logger/callback.py", "logger/capture/", *tracing, "sample_experiments/")
    others = {place: path for place, path in sources().items() if not place.startswith(doors)}
    assert breaches(others, lambda name: within(name, *FRAMEWORKS)) == []


def test_only_the_store_knows_hdf5() -> None:
    others = {place: path for place, path in sources().items() if not place.startswith("logger/store/")}
    assert breaches(others, lambda name: within(name, "h5py", "hdf5plugin")) == []


def test_the_dashboard_knows_the_server_by_its_interface_only() -> None:
    """It imports nothing else of inspectree but itself."""

    def forbidden(name: str) -> bool:
        return within(name, "inspectree") and not within(name, "inspectree.dashboard")

    assert breaches(sources("dashboard/"), forbidden) == []


def test_the_server_imports_the_store_and_plain_types_of_the_logger() -> None:
    """And of the dashboard nothing but its mounting, when it is served."""
    allowed = tuple(f"inspectree.logger.{module}" for module in PLAIN)

    def forbidden(name: str) -> bool:
        return within(name, "inspectree.logger") and not within(name, *allowed)

    server = sources("server/")
    assert breaches(server, forbidden) == []
    mounting = "inspectree.dashboard.app.mount"
    assert breaches(server, lambda name: within(name, "inspectree.dashboard") and name != mounting) == []
    assert breaches(server, lambda name: name == mounting, anywhere=False) == []


def test_the_logger_imports_nothing_of_what_reads_it() -> None:
    readers = ("inspectree.server", "inspectree.dashboard", "inspectree.sample_experiments")
    assert breaches(sources("logger/"), lambda name: within(name, *readers)) == []


def loaded(*modules: str) -> set[str]:
    """Return what a fresh Python has loaded after importing some modules."""
    program = f"import sys, {', '.join(modules)}; print(*sys.modules, sep='\\n')"
    command = [sys.executable, "-I", "-c", program]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


def test_the_dashboard_costs_no_framework_and_reads_no_file() -> None:
    there = loaded("inspectree.dashboard.app")
    assert not there & (FRAMEWORKS | {"h5py", "hdf5plugin"})
    assert not [name for name in there if within(name, "inspectree.logger", "inspectree.server")]
