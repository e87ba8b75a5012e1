"""Where a training comes from: its script, and the state of the repository that holds it."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

GIT_SECONDS = 5


def script() -> str | None:
    """Return the path of the training script; None in a notebook or shell."""
    main = getattr(sys.modules.get("__main__"), "__file__", None)
    return None if main is None else os.fspath(Path(main).resolve())


def git_state(path: str | None) -> dict[str, Any]:
    """Return the commit that is checked out where a script lies, and whether it tells all.

    It does not (``git_dirty``) where files that git knows were changed, or git does not know the script. Both
    are None without git and outside of a repository.
    """
    commit = None if path is None else _git(path, "rev-parse", "HEAD")
    if path is None or not commit:
        return {"git_commit": None, "git_dirty": None}
    changed = _git(path, "status", "--porcelain", "--untracked-files=no")
    return {"git_commit": commit, "git_dirty": bool(changed) or not _git(path, "ls-files", "--", path)}


def _git(path: str, *arguments: str) -> str:
    """Return what git answers where a file lies, without taking its locks; nothing where it cannot."""
    command = ["git", "--no-optional-locks", "-C", os.fspath(Path(path).parent), *arguments]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=GIT_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return answer.stdout.strip()
