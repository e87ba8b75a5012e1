"""What benchmarks print: a table in Markdown, and on what machine it was measured."""

import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

import psutil

PACKAGES = ("h5py", "numpy", "xarray", "fastapi")


def machine() -> str:
    """Return processors, memory, system and versions in one line."""
    memory = psutil.virtual_memory().total / 1024**3
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    load = psutil.getloadavg()[0]
    return (
        f"{psutil.cpu_count()} × {processor()}, {memory:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}, {packages}; load at the start {load:.1f}"
    )


def processor() -> str:
    """Return the processor's name where the system tells it."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text().splitlines() if told.exists() else []
    names = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def markdown(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def met(measured: float, wanted: float) -> str:
    """Return whether a target is met."""
    return "yes" if measured <= wanted else "**no**"
