import os
import subprocess
import sys
from pathlib import Path

import pytest

from inspectree.logger.store.atomic import remove_leftovers, replacing


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_appears_under_its_name_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with replacing(path) as temporary:
        temporary.write_text("half")
        assert not path.exists()
        assert all(name.startswith(".") for name in _names(tmp_path))
        temporary.write_text("whole")
    assert _names(tmp_path) == ["file"]
    assert path.read_text() == "whole"


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
@pytest.mark.parametrize("new", [True, False])
def test_a_file_that_fails_leaves_nothing(error: type[BaseException], new: bool, tmp_path: Path) -> None:
    with pytest.raises(error), replacing(tmp_path / "file", new=new) as temporary:  # noqa: PT012 - the failing block
        temporary.write_text("half")
        raise error
    assert _names(tmp_path) == []


def test_the_old_file_stays_until_the_new_one_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with pytest.raises(OSError, match="full"), replacing(path) as temporary:  # noqa: PT012 - the failing block
        temporary.write_text("half")
        raise OSError("full")
    assert path.read_text() == "old"
    with replacing(path) as temporary:
        temporary.write_text("new")
    assert path.read_text() == "new"


def test_a_temporary_name_may_end_as_a_library_wants_it(tmp_path: Path) -> None:
    with replacing(tmp_path / "a.keras", suffix=".keras") as temporary:
        assert temporary.suffixes[-2:] == [".tmp", ".keras"]
        temporary.write_text("whole")
    assert _names(tmp_path) == ["a.keras"]


def test_a_new_file_replaces_nothing(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with pytest.raises(FileExistsError), replacing(path, new=True) as temporary:
        temporary.write_text("new")
    assert path.read_text() == "old"
    assert _names(tmp_path) == ["file"]


def test_a_new_file_is_one_file_under_one_name(tmp_path: Path) -> None:
    with replacing(tmp_path / "file", new=True) as temporary:
        temporary.write_text("new")
    assert _names(tmp_path) == ["file"]
    assert (tmp_path / "file").stat().st_nlink == 1


RACE = """
import os, sys
from pathlib import Path
from inspectree.logger.store.atomic import replacing
for turn in range(20):
    read, write = os.pipe()
    children = []
    for _ in range(4):
        child = os.fork()
        if not child:
            os.close(write)
            os.read(read, 1)  # until the parent opens the gate for all
            try:
                with replacing(Path(sys.argv[1]) / str(turn), new=True) as temporary:
                    temporary.write_text(str(os.getpid()))
            except FileExistsError:
                os._exit(1)
            os._exit(0)
        children.append(child)
    os.close(write)
    ends = {child: os.waitpid(child, 0)[1] for child in children}
    winners = [child for child, status in ends.items() if status == 0]
    assert [str(winner) for winner in winners] == [(Path(sys.argv[1]) / str(turn)).read_text()], ends
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_of_several_processes_that_make_one_file_one_succeeds(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-I", "-c", RACE, str(tmp_path)], check=True)
    assert len(_names(tmp_path)) == 20


def test_leftovers_go_and_files_stay(tmp_path: Path) -> None:
    left = (".000002.h5.ab12cd34.tmp", ".000002.h5.tmp", ".000002.keras.ab12cd34.tmp.keras")
    for name in ("000001.h5", *left, ".other", "notes.tmp"):
        (tmp_path / name).touch()
    remove_leftovers(tmp_path)
    assert _names(tmp_path) == [".other", "000001.h5", "notes.tmp"]


def test_where_there_is_no_folder_nothing_is_left(tmp_path: Path) -> None:
    remove_leftovers(tmp_path / "none")
