import json
import os
import socket
import subprocess
import sys

import pytest

from inspectree.logger.store.process import is_running, running

TELL = "import inspectree.logger.store.process as p; print(p.running()['writer'], flush=True); input()"


def _other() -> "subprocess.Popen[str]":
    command = [sys.executable, "-I", "-c", TELL]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_this_process_is_running() -> None:
    attributes = running()
    assert attributes["state"] == "training"
    assert json.loads(attributes["writer"])["pid"] == os.getpid()
    assert is_running(attributes["writer"])


def test_another_process_is_running_until_it_ends() -> None:
    with _other() as process:
        assert process.stdout is not None
        writer = process.stdout.readline()
        assert is_running(writer)
        process.communicate("\n")
    assert not is_running(writer)


@pytest.mark.skipif(not hasattr(os, "waitid"), reason="needs waitid")
def test_a_killed_process_that_nobody_has_waited_for_is_not_running() -> None:
    with _other() as process:
        assert process.stdout is not None
        writer = process.stdout.readline()
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        os.kill(process.pid, 0)  # its id is still in use
        assert not is_running(writer)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the start of a process is known on Linux")
def test_a_process_that_got_the_same_id_later_is_another() -> None:
    writer = json.loads(running()["writer"])
    assert not is_running(json.dumps({**writer, "started": writer["started"] - 1}))


def test_of_another_host_a_process_is_assumed_to_run() -> None:
    writer = {"host": f"not-{socket.gethostname()}", "pid": 2**22, "started": 1.0}
    assert is_running(json.dumps(writer))
