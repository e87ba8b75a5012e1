"""What importing the server costs."""

import subprocess
import sys

CODE = """
import sys
import inspectree.server, inspectree.server.cli, inspectree.server.api.app
frameworks = {"keras", "tensorflow", "jax", "torch", "dash"}
print(sorted(frameworks & {name.partition(".")[0] for name in sys.modules}))
"""


def test_no_framework_is_loaded() -> None:
    """Neither those for deep learning nor the dashboard's."""
    done = subprocess.run([sys.executable, "-I", "-c", CODE], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
