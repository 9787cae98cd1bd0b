"""The picture that a link to a page shows elsewhere, 1200 by 630 px: one a finished chapter, one for all the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path

from scripts import manifest
from scripts.layout import Project
from scripts.publish.about import About
from scripts.store import Fact, Store

#: The part of a chapter that ends with the three numbers that force the design.
_ANSWER = re.compile(r'id="the-answer-in-a-minute".*?(?=<h2\b|\Z)', re.DOTALL)
_BOUND = re.compile(r'data-fact="([a-z0-9-]+\.\w+)"')

WIDTH, HEIGHT, EDGE, SMALLEST = 600, 315, 36, 12  # px; drawn at twice this size
INK, SOFT, ACCENT, PAPER, RULE = "#1a211d", "#545f58", "#0a6650", "#fcfcf9", "#d9ded5"  # the light ones of palette.css


@dataclass(frozen=True)
class Card:
    """What a card says. `numbers` are up to three pairs: the number, what it is."""

    over: str
    title: str
    under: str
    numbers: tuple[tuple[str, str], ...]
    site: str


def add(project: Project, staging: Path, about: About, store: Store) -> None:
    """Write `cards/<slug>.png` and `cards/home.png`. A card is drawn only when what it says has changed."""
    drawn = {}
    drawing = [Path(__file__), project.root / "handbook/drawing", project.root / "requirements.txt"]
    made_by = manifest.digest(manifest.files_below(*drawing), root=project.root)
    for name, card in {"home": _home(about, store), **_chapters(staging, about, store)}.items():
        kept = project.build / "cards" / f"{manifest.digest([], made_by, repr(card), root=project.root)}.png"
        if not kept.exists():
            from handbook.drawing.draw import png  # heavy

            manifest.write(kept, png(svg(card)))
        drawn[name] = kept
    for name, kept in drawn.items():
        manifest.write(staging / "cards" / f"{name}.png", kept.read_bytes())
    manifest.sweep([project.build / "cards"], drawn.values())


def _home(about: About, store: Store) -> Card:
    answered = len(store.finished)
    numbers, pictures = (
        sum(len(of) for design, of in found.items() if design not in store.drafts)
        for found in (store.facts, store.pictures)
    )
    counts = (
        (str(answered), "design answered" if answered == 1 else "designs answered"),
        (f"{numbers:,}", "numbers computed or sourced"),
        (str(pictures), "diagrams drawn from code"),
    )
    return Card(
        "System design interviews", "System designs whose numbers add up", about.description, counts, about.name
    )


def _chapters(staging: Path, about: About, store: Store) -> dict[str, Card]:
    found = {}
    for slug, meta in store.finished.items():
        html = (staging / f"designs/{slug}/index.html").read_text(encoding="utf-8")
        numbers = tuple((fact.text, fact.label) for fact in _last_three(html, store))
        found[slug] = Card(f"Asked at {meta['company']}", meta["title"], meta["prompt"], numbers, about.name)
    return found


def _last_three(html: str, store: Store) -> list[Fact]:
    """The numbers with which the answer in a minute ends."""
    answer = _ANSWER.search(html)
    keys = list(dict.fromkeys(reversed(_BOUND.findall(answer[0] if answer else ""))))
    return [store.fact(key) for key in reversed(keys[:3])]


def svg(card: Card) -> str:
    """The card as SVG, in the font that the renderer brings along."""
    parts = [
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/><rect width="{WIDTH}" height="6" fill="{ACCENT}"/>',
        _logo(EDGE, 28),
        _text(EDGE + 34, 46, 15, card.site, SOFT),
        _text(EDGE, 86, 15, card.over, ACCENT, bold=True),
        *_paragraph(EDGE, 122, 34, WIDTH - 2 * EDGE, card.title, INK, bold=True, most=1),
        *_paragraph(EDGE, 150, 15, WIDTH - 2 * EDGE, card.under, SOFT, most=3),
    ]
    column = (WIDTH - 2 * EDGE) / 3
    for position, (number, label) in enumerate(card.numbers):
        x, room = EDGE + position * column, column - 16
        parts.append(f'<path d="M{x} 206h{room}" stroke="{RULE}" stroke-width="1.5"/>')
        parts.append(_text(x, 241, _fitting(number, 29, room), number, INK, bold=True))
        parts += _paragraph(x, 264, 14, room, label, SOFT, most=3)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f"{''.join(parts)}</svg>"
    )


def _logo(x: float, y: float) -> str:
    return (
        f'<g transform="translate({x} {y}) scale(.75)" fill="none" stroke="{ACCENT}" stroke-width="3" '
        'stroke-linejoin="round" stroke-linecap="round"><rect x="2.5" y="9" width="11" height="14" rx="2"/>'
        '<path d="M13.5 13.2h11M13.5 18.8h11M21.5 7.5l8 8.5-8 8.5"/></g>'
    )


def _paragraph(
    x: float, y: float, size: float, room: float, words: str, colour: str, *, bold: bool = False, most: int
) -> Iterable[str]:
    """At most so many lines; smaller letters where they would be more, and an end where these could not be read."""
    from handbook.drawing.text import Run, wrap

    lines = wrap([Run(words)], size, room, bold=bold)
    while len(lines) > most and size > SMALLEST:
        size -= 1
        lines = wrap([Run(words)], size, room, bold=bold)
    for position, line in enumerate(lines[:most]):
        cut = " …" * (position == most - 1 and len(lines) > most)
        text = "".join(run.text for run in line) + cut
        yield _text(x, y + position * size * 1.2, size, text, colour, bold=bold)


def _fitting(words: str, size: float, room: float) -> float:
    """The largest size up to `size` px at which the words keep within `room` px."""
    from handbook.drawing.text import Run, width

    return size * min(1, room / width([Run(words)], size, bold=True))


def _text(x: float, y: float, size: float, words: str, colour: str, *, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.5g}" y="{y:.5g}" font-family="Liberation Sans" font-size="{size:.4g}"{weight} fill="{colour}">'
        f"{escape(words)}</text>"
    )
