"""Icons: our own, drawn with lines (`icons/*.svg`, ids like `gateway`), and the pictures in the package `diagrams`
(ids like `onprem.queue.kafka`). No others, so that the origin and licence of every icon are known.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_OWN = Path(__file__).parent / "icons"
_PIXELS = 64


def check(icon: str) -> str:
    """Return the id of one of our own icons if there is such a one. Raises `LookupError(what, mend)`."""
    if not (_OWN / f"{icon}.svg").is_file():
        names = sorted(path.stem for path in _OWN.glob("*.svg"))
        near = get_close_matches(icon, names, n=1)
        raise LookupError(
            f"there is no icon {icon!r}", f"did you mean {near[0]!r}?" if near else f"use one of {', '.join(names)}"
        )
    return icon


def of_file(image: str) -> str:
    """The id of an icon file of the package `diagrams`; "" for no file. Raises `LookupError(what, mend)`."""
    if not image:
        return ""
    path = Path(image)
    if _resources() not in path.parents:
        raise LookupError(
            f"the icon {path.name} is not one of diagrams' own",
            "use a role node, or add an icon to handbook/drawing/icons/",
        )
    if not path.is_file():
        raise LookupError(f"the icon file {path.name} is missing", "use another node of diagrams, or a role node")
    return ".".join(path.relative_to(_resources()).with_suffix("").parts)


def symbol(icon: str) -> str:
    """The icon as `<symbol id="icon-…">`. Line icons take the text colour, pictures are at most 64 px and embedded."""
    if "." not in icon:
        svg = (_OWN / f"{icon}.svg").read_text(encoding="utf-8")
        inner = " ".join(re.search(r"<svg[^>]*>(.*)</svg>", svg, re.S)[1].split()).replace("> <", "><")
        return (
            f'<symbol id="icon-{icon}" viewBox="0 0 24 24"><g fill="none" stroke="currentColor" stroke-width="1.6" '
            f'stroke-linecap="round" stroke-linejoin="round">{inner}</g></symbol>'
        )
    data = _small(_resources().joinpath(*icon.split(".", 2)).with_suffix(".png"))
    href = f"data:image/png;base64,{base64.b64encode(data).decode()}"
    return f'<symbol id="icon-{icon}" viewBox="0 0 64 64"><image width="64" height="64" href="{href}"/></symbol>'


def sprite(icons: Iterable[str]) -> str:
    """One SVG with a symbol for each icon id, to which pages point with `<use href="icons.svg#icon-…">`."""
    symbols = "\n".join(symbol(icon) for icon in sorted(set(icons)))
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


def is_picture(icon: str) -> bool:
    """Whether the icon is a coloured picture rather than lines in the text's colour."""
    return "." in icon


@cache
def _small(path: Path) -> bytes:
    from PIL import Image  # only builds that use a picture need it

    image = Image.open(path).convert("RGBA")
    image.thumbnail((_PIXELS, _PIXELS), Image.Resampling.LANCZOS)
    square = Image.new("RGBA", (_PIXELS, _PIXELS))
    square.paste(image, ((_PIXELS - image.width) // 2, (_PIXELS - image.height) // 2))
    out = io.BytesIO()
    square.quantize(64, method=Image.Quantize.FASTOCTREE).save(out, "PNG", optimize=True)
    return out.getvalue()


@cache
def _resources() -> Path:
    spec = find_spec("diagrams")
    return Path(spec.origin).parent.parent / "resources"
