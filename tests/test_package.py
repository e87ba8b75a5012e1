"""What an installed package holds."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).parents[1]
FOLDERS = ("logger", "server", "dashboard", "sample_experiments")


def test_the_wheel_holds_every_file_of_the_packages(tmp_path: Path) -> None:
    """The page's scripts, styles and fonts as well as the code: editable installs would not notice."""
    tracked = subprocess.run(
        ["git", "ls-files", *FOLDERS], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    source = tmp_path / "source"
    for name in [*tracked, "pyproject.toml", "setup.py", "README.md"]:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes((ROOT / name).read_bytes())
    build = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", "."]
    subprocess.run([*build, str(source)], cwd=tmp_path, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with ZipFile(wheel) as archive:
        held = {name.removeprefix("inspectree/") for name in archive.namelist()}
    assert sorted(set(tracked) - held) == []
