"""The command that reads every file of a store."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from inspectree.server.check import DAMAGED, Finding
from inspectree.server.check import check as findings
from inspectree.server.cli.arguments import AsJson, StorePath
from inspectree.server.inspector import Inspector
from inspectree.server.jsontext import dumps
from inspectree.server.repair import set_aside

Repair = Annotated[
    bool, typer.Option("--repair", help=f"move what is damaged to the store's folder {DAMAGED}")
]


@dataclass
class Report:
    """What one look at a store has found."""

    files: int = 0
    found: list[Finding] = field(default_factory=list)

    @property
    def problems(self) -> int:
        """Return how many things make the store unsound."""
        return sum(not finding.harmless for finding in self.found)


def check(store: StorePath, repair: Repair = False, as_json: AsJson = False) -> None:
    """Read every file of a store, and say what is damaged or belongs to nothing.

    The exit status is 0 when the store is sound, with --repair: when it is afterwards.
    """
    moved: list[tuple[Finding, Path]] = []
    with Inspector() as inspector:
        report = _look(store, inspector)
        while repair and (new := _moved(store, report)):
            moved += new
            report = _look(store, inspector)
    (_as_json if as_json else _as_text)(store, report, moved)
    if report.problems:
        raise typer.Exit(1)


def _look(store: Path, inspector: Inspector) -> Report:
    report = Report()
    for finding in findings(store, inspector):
        report.files += finding is None or finding.aside is not None
        report.found += [finding] if finding is not None else []
    return report


def _moved(store: Path, report: Report) -> list[tuple[Finding, Path]]:
    """Set aside everything that can be; return where it is."""
    return [(finding, set_aside(store, finding)) for finding in report.found if finding.aside is not None]


def _as_text(store: Path, report: Report, moved: list[tuple[Finding, Path]]) -> None:
    for finding, target in moved:
        typer.echo(f"{finding.where}: {finding.what}; set aside as {target.relative_to(store)}")
    for finding in report.found:
        typer.echo(f"{finding.where}: {finding.what}")
    if report.problems:
        left = " left" if moved else ""
        typer.echo(f"{report.problems} problem{'s' * (report.problems > 1)}{left} in {store}")
    else:
        typer.echo(f"{store} is sound: {report.files} files read")


def _as_json(store: Path, report: Report, moved: list[tuple[Finding, Path]]) -> None:
    found = [(finding, None) for finding in report.found] + list(moved)
    told = [
        {
            "where": finding.where,
            "what": finding.what,
            "harmless": finding.harmless,
            "set_aside": None if target is None else str(target.relative_to(store)),
        }
        for finding, target in found
    ]
    typer.echo(dumps({"sound": report.problems == 0, "files": report.files, "findings": told}))
