"""What importing the server costs."""

import subprocess
import sys

CODE = """
import sys
import inspectree.server.store, inspectree.server.api.app
from inspectree.server.cli import application
application([])
frameworks = {"keras", "tensorflow", "jax", "torch", "dash"}
print(sorted(frameworks & {name.partition(".")[0] for name in sys.modules}))
"""


START = """
import sys
from inspectree.server.cli import main
main(["version"])
heavy = {"fastapi", "h5py", "numpy", "pandas", "scipy", "xarray"}
print(sorted(heavy & set(sys.modules)))
"""

LISTING = """
import sys
from inspectree.server.cli import application
application(["ls", "runs"])
print(sorted({"fastapi", "uvicorn"} & set(sys.modules)))
"""


def printed(code: str) -> list[str]:
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_a_command_loads_only_what_it_needs() -> None:
    """The version none of the libraries, a listing nothing that serves."""
    assert printed(START)[-1] == "[]"
    assert printed(LISTING) == ["[]"]


def test_no_framework_is_loaded() -> None:
    """Neither those for deep learning nor the dashboard's."""
    assert printed(CODE) == ["[]"]
