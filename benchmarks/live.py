"""A server that runs in a process of its own, and what it takes of the machine."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import httpx
import psutil

INSPECTREE = "from inspectree.server.cli import main; raise SystemExit(main())"
LONG = httpx.Timeout(600)
MB = 1e6


@dataclass(frozen=True)
class Live:
    """A running server: its address, its process, and the seconds until its first answer."""

    address: str
    process: psutil.Process
    ready: float

    def client(self) -> httpx.Client:
        """Return a client that keeps its connection."""
        return httpx.Client(base_url=self.address, timeout=LONG)

    @property
    def processes(self) -> list[psutil.Process]:
        """Return the server's process and those that it has begun."""
        return [self.process, *self.process.children(recursive=True)]

    @property
    def memory(self) -> float:
        """Return the MB that all its processes take; what several share counts once (PSS)."""
        return sum(process.memory_full_info().pss for process in self.processes) / MB

    @property
    def processor_seconds(self) -> float:
        """Return the time of processors that it has taken so far."""
        return sum(sum(process.cpu_times()[:2]) for process in self.processes)

    def busy(self, seconds: float) -> float:
        """Return which share of one processor it takes in the next seconds."""
        before = self.processor_seconds
        time.sleep(seconds)
        return (self.processor_seconds - before) / seconds


@contextmanager
def serving(store: Path, *options: str) -> Iterator[Live]:
    """Serve a store on a free port of this machine with the default settings, and yield the server."""
    command = [sys.executable, "-u", "-c", INSPECTREE, "serve", str(store), "--port", "0", *options]
    begun = perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            words = server.stdout.readline().split()
            address = next(word for word in words if word.startswith("http"))
            httpx.get(f"{address}api/health", timeout=LONG).raise_for_status()
            yield Live(address, psutil.Process(server.pid), perf_counter() - begun)
        finally:
            server.terminate()


def read_once(store: Path) -> None:
    """Bring every file into the system's cache."""
    for path in store.rglob("*.*"):
        if path.is_file():
            path.read_bytes()


def written(store: Path, *arguments: str) -> None:
    """Have a store written by `stores.py`, unless it is there, and all its files read."""
    if not (store / "models").exists():
        command = [sys.executable, str(Path(__file__).with_name("stores.py")), *arguments, str(store)]
        subprocess.run(command, check=True, capture_output=True)
    read_once(store)


def milliseconds(work: Callable[[], object]) -> float:
    """Return how long something takes."""
    begun = perf_counter()
    work()
    return (perf_counter() - begun) * 1000
