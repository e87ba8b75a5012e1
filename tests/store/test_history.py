import resource
from pathlib import Path

import pytest

from inspectree.logger.store.history import History, whole_lines

FIRST = b'{"kind": "history", "version": "1.0"}\n'


def test_a_file_is_made_with_its_first_line(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    History(path).close()
    assert path.read_bytes() == FIRST


def test_lines_are_appended_and_can_be_read_at_once(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    for number in (1, 2):
        history = History(path)
        history.append({"epoch": number})
        assert whole_lines(path)[-1] == b'{"epoch": %d}\n' % number
        history.close()
    assert len(whole_lines(path)) == 3


@pytest.mark.parametrize("left", [b'{"epoch": 2, "lo', b'{"epoch": 2}'], ids=["half", "all but the end"])
def test_what_a_killed_process_left_without_an_end_is_cut_off(left: bytes, tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    path.write_bytes(FIRST + b'{"epoch": 1}\n' + left)
    assert whole_lines(path) == [FIRST, b'{"epoch": 1}\n']
    history = History(path)
    history.append({"epoch": 2})
    history.close()
    assert path.read_bytes() == FIRST + b'{"epoch": 1}\n{"epoch": 2}\n'


def test_without_a_file_there_are_no_lines(tmp_path: Path) -> None:
    assert whole_lines(tmp_path / "none") == []


def test_what_a_full_disk_does_not_take_comes_with_the_next_line(tmp_path: Path) -> None:
    """A limit of the size of files stands for the full disk; it cuts a line in two."""
    path = tmp_path / "history.jsonl"
    history = History(path)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(FIRST) + 5, before[1]))
    try:
        for number in (1, 2):
            with pytest.raises(OSError, match="File too large"):
                history.append({"epoch": number})
            assert whole_lines(path) == [FIRST]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    history.append({"epoch": 3})
    history.close()
    assert path.read_bytes() == FIRST + b"".join(b'{"epoch": %d}\n' % number for number in (1, 2, 3))
