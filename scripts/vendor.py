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
    "alert-triangle",
    "arrow-down",
    "arrow-right",
    "arrow-up",
    "arrows-horizontal",
    "arrows-maximize",
    "award",
    "binary-tree",
    "box",
    "brand-python",
    "bulb",
    "chart-area",
    "chart-area-line",
    "chart-bar",
    "chart-candle",
    "chart-donut",
    "chart-dots",
    "chart-histogram",
    "chart-line",
    "chart-scatter",
    "chevron-down",
    "chevron-right",
    "chevron-up",
    "click",
    "clock",
    "code",
    "columns-2",
    "contrast",
    "copy",
    "crosshair",
    "device-floppy",
    "dots-vertical",
    "download",
    "file-export",
    "file-type-csv",
    "filter",
    "flame",
    "focus-2",
    "fold",
    "fold-up",
    "git-branch",
    "git-merge",
    "grid-dots",
    "help",
    "history",
    "json",
    "lasso",
    "layers-difference",
    "layout-grid",
    "list-details",
    "list-numbers",
    "map-pin",
    "moon",
    "note",
    "numbers",
    "pencil",
    "photo",
    "photo-search",
    "photo-x",
    "pin",
    "pinned",
    "player-pause",
    "player-play",
    "player-stop",
    "pointer",
    "refresh",
    "report",
    "report-analytics",
    "ripple",
    "route",
    "ruler-measure",
    "scale",
    "search",
    "share-2",
    "sitemap",
    "skull",
    "squares-selected",
    "stack-2",
    "stack-pop",
    "stack-push",
    "star",
    "table",
    "table-options",
    "tag",
    "target",
    "terminal-2",
    "trending-down",
    "trending-up",
    "unlink",
    "weight",
    "x",
    "zoom-in",
    "zoom-out",
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
