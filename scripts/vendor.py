"""Write the dashboard's icons and fonts from their npm packages, so that nothing is fetched at run time.

Run it after changing ``ICONS``: ``python scripts/vendor.py`` (needs npm; the results are committed).
"""

import base64
import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

ASSETS = Path(__file__).parent.parent / "dashboard" / "assets"

TABLER = "@tabler/icons@3.51.0"
INTER = "@fontsource-variable/inter@5.3.0"
MONO = "@fontsource/jetbrains-mono@5.3.0"

ICONS = [
    "activity",
    "adjustments",
    "adjustments-horizontal",
    "alert-triangle",
    "apps",
    "arrow-back-up",
    "arrow-down",
    "arrow-left",
    "arrow-right",
    "arrow-up",
    "arrows-diff",
    "arrows-horizontal",
    "arrows-maximize",
    "arrows-move",
    "arrows-shuffle",
    "arrows-split-2",
    "arrows-vertical",
    "award",
    "ban",
    "baseline-density-medium",
    "binary-tree",
    "bolt",
    "book-2",
    "bookmark",
    "box",
    "box-model-2",
    "box-multiple",
    "braces",
    "brain",
    "brand-python",
    "bug",
    "bulb",
    "chart-arcs",
    "chart-area",
    "chart-area-line",
    "chart-bar",
    "chart-bubble",
    "chart-candle",
    "chart-circles",
    "chart-cohort",
    "chart-donut",
    "chart-dots",
    "chart-dots-2",
    "chart-dots-3",
    "chart-grid-dots",
    "chart-histogram",
    "chart-infographic",
    "chart-line",
    "chart-pie",
    "chart-ppf",
    "chart-radar",
    "chart-sankey",
    "chart-scatter",
    "chart-scatter-3d",
    "chart-treemap",
    "check",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "chevron-up",
    "circle",
    "circle-check",
    "circle-dashed",
    "circle-minus",
    "circle-plus",
    "click",
    "clipboard",
    "clipboard-text",
    "clock",
    "code",
    "columns",
    "columns-2",
    "confetti",
    "contrast",
    "copy",
    "cpu",
    "crosshair",
    "cursor-text",
    "database",
    "device-floppy",
    "dots",
    "dots-vertical",
    "download",
    "drag-drop",
    "droplet-half-2",
    "droplets",
    "edit",
    "external-link",
    "eye",
    "eye-off",
    "file-code",
    "file-digit",
    "file-download",
    "file-export",
    "file-text",
    "file-type-csv",
    "file-type-html",
    "file-zip",
    "filter",
    "filter-off",
    "flame",
    "focus-2",
    "fold",
    "fold-up",
    "folder",
    "forms",
    "gauge",
    "ghost-2",
    "git-branch",
    "git-merge",
    "grid-dots",
    "grip-vertical",
    "heart-rate-monitor",
    "help",
    "history",
    "hourglass",
    "html",
    "info-circle",
    "json",
    "key",
    "keyboard",
    "lasso",
    "lasso-polygon",
    "layers-difference",
    "layers-intersect",
    "layers-linked",
    "layers-union",
    "layout-columns",
    "layout-grid",
    "layout-list",
    "letter-case",
    "line",
    "link",
    "list",
    "list-details",
    "list-numbers",
    "lock",
    "man",
    "map-pin",
    "math-function",
    "maximize",
    "message",
    "microscope",
    "minus",
    "mood-empty",
    "moon",
    "note",
    "numbers",
    "palette",
    "pencil",
    "photo",
    "photo-search",
    "photo-x",
    "pin",
    "pinned",
    "player-pause",
    "player-play",
    "player-stop",
    "plug-x",
    "plus",
    "point",
    "pointer",
    "polygon",
    "presentation",
    "refresh",
    "report",
    "report-analytics",
    "ripple",
    "route",
    "ruler-2",
    "ruler-measure",
    "scale",
    "scan",
    "school",
    "search",
    "selector",
    "send-2",
    "server",
    "settings",
    "shape",
    "share-2",
    "sitemap",
    "skull",
    "sort-descending",
    "sparkles",
    "square",
    "square-check",
    "squares-selected",
    "stack",
    "stack-2",
    "stack-pop",
    "stack-push",
    "star",
    "stethoscope",
    "sun",
    "table",
    "table-export",
    "table-options",
    "tag",
    "target",
    "terminal-2",
    "timeline",
    "timeline-event",
    "topology-star-3",
    "transform",
    "trash",
    "trending-down",
    "trending-up",
    "unlink",
    "upload",
    "variable",
    "vector",
    "versions",
    "wave-sine",
    "weight",
    "wifi-off",
    "world",
    "x",
    "x-mark",
    "zoom-check",
    "zoom-in",
    "zoom-out",
    "zoom-question",
    "zoom-scan",
]

FONTS = {
    "inter.woff2": (INTER, "files/inter-latin-wght-normal.woff2"),
    "jetbrains-mono.woff2": (MONO, "files/jetbrains-mono-latin-400-normal.woff2"),
}


def unpack(package: str, folder: Path) -> Path:
    """Download an npm package and return the folder of its files."""
    subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True, capture_output=True)
    archive = next(folder.glob("*.tgz"))
    target = folder / archive.stem
    with tarfile.open(archive) as tar:
        tar.extractall(target, filter="data")
    archive.unlink()
    return target / "package"


def icon_rule(package: Path, name: str) -> str:
    """Return the CSS rule that shows one icon as a mask in the text's colour."""
    svg = (package / "icons" / "outline" / f"{name}.svg").read_text()
    svg = re.sub(r"<!--.*?-->|\sclass=\"[^\"]*\"", "", svg, flags=re.DOTALL)
    svg = re.sub(r"\s+", " ", svg).replace("currentColor", "#000").replace("> <", "><").strip()
    data = base64.b64encode(svg.encode()).decode()
    return f'.icon-{name}{{--icon:url("data:image/svg+xml;base64,{data}")}}'


def main() -> None:
    """Write ``icons.css`` and the fonts."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        packages = {package: unpack(package, folder) for package in (TABLER, INTER, MONO)}
        rules = "\n".join(icon_rule(packages[TABLER], name) for name in ICONS)
        (ASSETS / "icons.css").write_text(
            f"/* Tabler Icons, MIT licence; written by scripts/vendor.py */\n{rules}\n"
        )
        (ASSETS / "fonts").mkdir(exist_ok=True)
        for name, (package, path) in FONTS.items():
            shutil.copyfile(packages[package] / path, ASSETS / "fonts" / name)
        for name, package in (("inter", INTER), ("jetbrains-mono", MONO), ("tabler-icons", TABLER)):
            shutil.copyfile(packages[package] / "LICENSE", ASSETS / "fonts" / f"LICENSE.{name}.txt")


if __name__ == "__main__":
    main()
