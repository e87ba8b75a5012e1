import subprocess
import sys

import pytest


def _in_fresh_python(program: str) -> str:
    command = [sys.executable, "-I", "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_importing_the_logger_loads_no_framework() -> None:
    program = (
        "import sys, inspectree.logger; inspectree.logger.Every; inspectree.logger.Header; "
        "print(sorted({'keras', 'tensorflow', 'jax', 'torch'} & set(sys.modules)))"
    )
    assert _in_fresh_python(program) == "[]"


def test_everything_public_can_be_had() -> None:
    program = "from inspectree.logger import *; print(TreeLogger.__name__, Header.__name__, Every.__name__)"
    assert _in_fresh_python(program) == "TreeLogger Header Every"


def test_an_unknown_name_is_refused() -> None:
    import inspectree.logger

    with pytest.raises(AttributeError, match=r"^module 'inspectree.logger' has no attribute 'Treelogger'$"):
        _ = inspectree.logger.Treelogger
