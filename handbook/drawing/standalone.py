"""A script that its author runs alone (`python diagrams/email-platform.py`): facts of the last build, files."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from handbook.drawing.draw import draw, png
from handbook.drawing.model import Drawing


def write(drawing: Drawing) -> None:
    """Write `build/downloads/<design>/<name>.svg` and `.png` beside the script's folder, and print their paths."""
    root = drawing.path.resolve().parent.parent
    folder = root / "build" / "downloads" / drawing.design
    picture = draw([drawing], _facts(drawing, root))[drawing.key]
    folder.mkdir(parents=True, exist_ok=True)
    _save(folder / f"{drawing.name}.svg", picture.standalone_svg.encode())
    _save(folder / f"{drawing.name}.png", png(picture.standalone_svg))


def _facts(drawing: Drawing, root: Path) -> dict[str, str]:
    """The facts of every design that the labels name, from `build/facts/`."""
    facts: dict[str, str] = {}
    for design in sorted({name.split(".")[0] for name in drawing.facts}):
        path = root / "build" / "facts" / f"{design}.json"
        try:
            entries = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            place = path.relative_to(root)
            raise SystemExit(
                f"{place} is missing: {drawing.name} shows numbers of {design}; run `make site` first"
            ) from None
        facts |= {f"{design}.{entry['name']}": entry["text"] for entry in entries}
    return facts


def _save(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    print(shown, file=sys.stdout, flush=True)
