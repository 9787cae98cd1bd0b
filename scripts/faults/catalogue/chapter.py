"""Chapters: prose, citations, front matter, links, raw HTML; and the bibliography behind them."""

from __future__ import annotations

from functools import partial

from scripts.faults.fault import CHAPTER, Fault, fault

WORDS = "It waits for nothing but the log, so nothing else can"

sources = partial(fault, "sources", "sources.yml")


def prose(name: str, words: str, *, at: str, says: str, part: str = "prose") -> Fault:
    """A fault in a sentence of the chapter."""
    return fault(part, name, CHAPTER, WORDS, f"{words} {WORDS}", at=at, says=says)


def block(name: str, text: str, *, at: str, says: str) -> Fault:
    """A fault in a block of its own."""
    return fault("Markdown", name, CHAPTER, "#### Audience\n", f"{text}\n\n#### Audience\n", at=at, says=says)


def bibliography(name: str, old: str, new: str, *, at: str, says: str) -> Fault:
    """A fault in the bibliography."""
    return fault("sources", name, "sources.yml", old, new, at=at, says=says)


front, text, links = (partial(fault, part) for part in ("front matter", "prose", "links"))

FAULTS = (
    prose("a number typed by hand", "It answers in 20 ms.", at="in 20 ms", says="naked quantity"),
    prose("a number in words", "It holds three million requests.", at="three million", says="naked quantity"),
    prose(
        "an exemption without a reason", "It answers in 20 ms. <!-- literal -->", at="in 20 ms", says="gives no reason"
    ),
    prose(
        "a fact that nobody computes", "It takes {{ peak_rat }}.", at="{{ peak_rat }}", says='did you mean "peak_rate"?'
    ),
    prose(
        "a fact of an unknown design",
        'It takes {{ fact("email.peak_rate") }}.',
        at="email.peak_rate",
        says='no design "email"',
    ),
    prose("a citation of nothing", "It is so.[^rfc5312]", at="rfc5312", says='did you mean "rfc5321"?'),
    text(
        "a number in a heading",
        CHAPTER,
        "#### Audience\n",
        "#### Audience of {{ reachable }}\n",
        at="#### Audience of",
        says="stands in a heading",
    ),
    text(
        "a section that is missing",
        CHAPTER,
        "## Trade-offs\n",
        "### Trade-offs\n",
        at="## Failure",
        says='"Trade-offs" is missing',
    ),
    text(
        "a section out of its order",
        CHAPTER,
        "## Data model\n",
        "## Operations\n",
        at="## Operations",
        says="out of order",
    ),
    text(
        "the wrong cells under a paragraph",
        CHAPTER,
        '--8<-- "email-platform/estimate.md:peak"',
        '--8<-- "email-platform/estimate.md:peek"',
        at="estimate.md:peek",
        says='no section "peek"',
    ),
    front("a key that is missing", CHAPTER, "role: Software engineer\n", "", at="---", says='"role"'),
    front("a key of the wrong kind", CHAPTER, "minutes: 45", "minutes: long", at="minutes: long", says="whole number"),
    front(
        "an unknown key",
        CHAPTER,
        "difficulty: Hard",
        "difficulty: Hard\nlevel: Senior",
        at="level: Senior",
        says='unknown key "level"',
    ),
    front(
        "the slug of another folder",
        CHAPTER,
        "slug: email-platform",
        "slug: email-service",
        at="slug: email-service",
        says="not the name of the folder",
    ),
    front(
        "a related design that there is not",
        CHAPTER,
        "related: [netflix-chat,",
        "related: [netflix-chatt,",
        at="related:",
        says="netflix-chatt",
    ),
    prose("a dead anchor", "[There](#nowhere).", at="#nowhere", says="#nowhere", part="links"),
    prose("a link to no page", "[There](../gone/index.md).", at="../gone", says="gone", part="links"),
    prose("a picture that is not there", "![A plan](plan.png)", at="plan.png", says="plan.png", part="links"),
    links(
        "a dead anchor of another page",
        "docs/diagrams.md",
        "Each picture is drawn",
        "[There](designs/email-platform/index.md#nowhere). Each picture is drawn",
        at="#nowhere",
        says="nowhere",
    ),
    block("a script", "<script>document.title = 1</script>", at="<script>", says="<script>"),
    block("a frame", '<iframe src="../"></iframe>', at="<iframe", says="<iframe>"),
    block("a handler in a tag", '<p onclick="alert(1)">Press here.</p>', at="onclick", says="onclick"),
    block("a link that runs code", "[Press here](javascript:alert(1)).", at="javascript:", says="javascript:"),
    block(
        "a picture of another host",
        "![A plan](https://example.org/plan.png)",
        at="example.org/plan.png",
        says="another host",
    ),
    block(
        "a footnote defined twice",
        "[^once]: First.\n[^once]: Second.\n\nIt is so.[^once]",
        at="[^once]: Second",
        says="defined on line",
    ),
    block("an id that is taken", '<p id="lanes">Lanes.</p>', at='id="lanes"', says="twice"),
    block("braces that are shown", "{% raw %}{{ nothing_here }}{% endraw %}", at="{% raw %}", says="source text"),
    bibliography(
        "an entry without its publisher",
        "  title: Netflix adds record 18.9 million subscribers in Q4\n  publisher: Moneycontrol\n",
        "  title: Netflix adds record 18.9 million subscribers in Q4\n",
        at="- id: netflix-members-2025",
        says='no "publisher"',
    ),
    bibliography(
        "an id that is taken",
        "- id: netflix-viewing-2026\n",
        "- id: netflix-members-2026 # again\n",
        at="# again",
        says="is taken",
    ),
    bibliography(
        "a source that nobody has read for long",
        "  read: 2026-11-20\n  review: 2027-11-20\n  says: >-\n    301.6 million",
        "  read: 2025-11-19\n  review: 2025-11-20\n  says: >-\n    301.6 million",
        at="review: 2025-11-20",
        says="netflix-members-2025",
    ),
    bibliography(
        "an address that is none",
        "  address: https://aws.amazon.com/solutions/case-studies/netflix-ses-case-study/",
        "  address: aws.amazon.com/solutions",
        at="address: aws.amazon.com/solutions",
        says="an address with https://",
    ),
    bibliography(
        "no YAML", "- id: netflix-ses-aws-2021\n", "- id: netflix: ses\n", at="id: netflix: ses", says="not YAML"
    ),
)
