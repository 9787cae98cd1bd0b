"""A literal quantity in a chapter or a diagram is refused, unless a source or a reason stands by it."""

from __future__ import annotations

import re

import pytest

from scripts.checks import before_running
from tests.scripts.content import FRONT, Content, told

CHAPTER = Content.CHAPTER


QUANTITIES = """
5 million | five million | 12K | 12K/s | 99.99% | 99.9 % | 20 ms | 20–50 ms | 20 to 50 ms | 3x | 3× | 3 times | $5
$1.2 million | 30-day | 45-minute | 12 messages | 34,722 | 34,722 messages/s | 10^6 | 10⁶ | 1e6 | 5/day | 5 per second
2 GB | 2 GiB | 100 Mbit/s | 4K requests | ten seconds | 3 TB/day | 5M | 5M emails/s | 10-fold | 1 zone | 3 nines
twelve percent | 12 large servers | 2.5 billion | 28.9 | 37.5 | factor of 12
"""


@pytest.mark.parametrize("quantity", re.split(r" \| |\n", QUANTITIES.strip()))
def test_naked(content: Content, quantity: str) -> None:
    content.failure(f"Some words,\nand then {quantity} of it.")
    findings = before_running(content.project)
    told(
        findings,
        CHAPTER,
        content.line("and then"),
        f'naked quantity "{quantity}"',
        "{{ name }}",
        "[^id]",
        "<!-- literal",
    )
    assert len(findings) == 1


@pytest.mark.parametrize("words", [
    "RFC 5321 and HTTP 429 per RFC 6585; 550 5.7.1; 4yz; 5xx",
    "in 2024, on 20 June 2026, 2026-06-19, at 10:30, the 1990s, Q4 2025",
    "p99 and p99.9, version 3.11, step 3, section 4.2, port 25, the 3rd, the 99th percentile, 24/7, M/M/1",
    "three regions, one second thought, one day, twice a day, thousands of them",
    "OAuth 2.0, TLS 1.3, Python 3.11, HTTP/1.1, 1.1.3, 127.0.0.1, CC BY 4.0, weeks 1 `and` days",
    "SHA-256, UTF-8, HTTP/2, S3, IPv4, x86-64, t3.large, 4K video",
    "{{ peak_rate }} and {{ peak_rate.full }}",
    "`20 ms` and\n\n```\n5 million\n```",
    "[words](https://example.org/20%25/5-million) <https://example.org/5M>",
    "### After 20 ms",
    "It took 20 ms.[^paper] It is so.",
    "It took 20 ms [^paper], e.g. in 5 regions.",
    "| a | b |\n|---|---|\n| 20 ms | so [^paper] |",
    "1. first\n2. second\n10. members",
    "It takes 20 ms. <!-- literal: the clock of the interview -->",
    "- It takes 20 ms\n  or 30 ms <!-- literal: the clock of the interview -->\n- words",
    "| a | b |\n|---|---|\n| 20 ms | so <!-- literal: given --> |",
    "<!-- literal: the clock of the interview -->\n| a | b |\n|---|---|\n| 20 min | x |\n| 30 min | y |",
    "<!-- literal: the clock of the interview -->\n\n- 20 min\n- 30 min\n",
    "[^own]: It took 20 ms, they say.\n\nAs they say.[^own]",
])  # fmt: skip
def test_clothed(content: Content, words: str) -> None:
    content.failure(words)
    assert before_running(content.project) == []


@pytest.mark.parametrize(("words", "line", "quantity"), [
    ("It took 20 ms.[^paper] It took 30 ms.", "It took", "30 ms"),
    ("| a | b |\n|---|---|\n| 20 ms [^paper] | x |\n| 30 ms | y |", "| 30", "30 ms"),
    ("It takes 20 ms. <!-- literal: given -->\n\nIt takes 30 ms.", "takes 30", "30 ms"),
    ("It takes 20 ms. <!-- literal: given -->\nIt takes 30 ms.", "takes 30", "30 ms"),
    ("- 20 ms <!-- literal: given -->\n- 30 ms", "- 30", "30 ms"),
    ("<!-- literal: given -->\n\n- 20 min\n\nWords, and 30 min.", "Words, and", "30 min"),
    ("1. wait 30 ms", "1. wait", "30 ms"),
    ("They need 40\nservers.", "They need", "40 servers"),
    ("- and 40\n  servers.", "and 40", "40 servers"),
    ("!!! note \"After 30 ms\"", "!!! note", "30 ms"),
    ("![30 ms](x.png)", "![30", "30 ms"),
])  # fmt: skip
def test_only_what_is_backed_is_let_through(content: Content, words: str, line: str, quantity: str) -> None:
    content.failure(words)
    findings = before_running(content.project)
    told(findings, CHAPTER, content.line(line), f'"{quantity}"')
    assert len(findings) == 1


def test_an_exemption_needs_a_reason(content: Content) -> None:
    content.failure("It takes 20 ms. <!-- literal: -->")
    told(before_running(content.project), CHAPTER, content.line("It takes"), "no reason")


def test_an_exemption_that_exempts_nothing(content: Content) -> None:
    content.failure("It takes a while. <!-- literal: it was 20 ms once -->")
    told(before_running(content.project), CHAPTER, content.line("It takes"), "exempts nothing")


def test_front_matter_and_records_are_no_prose(content: Content) -> None:
    content.chapter(FRONT.replace("prompt: Design a demo.", "prompt: Design for 5 million members."))
    content.write("docs/contribute/decisions/0001-measured.md", "# Measured\n\nIt took 20 ms.\n")
    assert before_running(content.project) == []


DESCRIBED = """sequenceDiagram
  accDescr {
    It waits.
    Then, after 5 min, it sends.
  }
"""
EXEMPT = """sequenceDiagram
  A->>B: 2 accept
  %% literal: the standard says so
  A->>B: 20 ms later
"""


@pytest.mark.parametrize(("name", "text", "line", "quantity"), [
    ("diagrams/demo.py", '\nQueue("Outbox\\n12K/s")\n', 2, "12K/s"),
    ("diagrams/demo.py", 'Edge(label="1 claim 100 rows")\n', 1, "100 rows"),
    ("diagrams/demo.py", 'Architecture(\n    "final",\n    description="One. After 20 ms, two.",\n)\n', 3, "20 ms"),
    ("diagrams/demo/send.mmd", "sequenceDiagram\n  A->>B: 20 ms later\n", 2, "20 ms"),
    ("diagrams/demo/send.mmd", DESCRIBED, 4, "5 min"),
])  # fmt: skip
def test_naked_labels(content: Content, name: str, text: str, line: int, quantity: str) -> None:
    content.write(name, text)
    findings = [f for f in before_running(content.project) if f.rule != "participant"]
    told(findings, name, line, f'"{quantity}"', "literal")
    assert len(findings) == 1


@pytest.mark.parametrize(("name", "text"), [
    ("diagrams/demo.py", 'Edge(label="1 message accepted")\nEdge(label="{{ peak_rate }}")\n'),
    ("diagrams/demo.py", 'Queue("Outbox", href="#20-ms")\n'),
    ("diagrams/demo.py", 'Edge(label="20 ms")  # literal: the standard says so\n'),
    ("diagrams/demo/send.mmd", EXEMPT),
])  # fmt: skip
def test_clothed_labels(content: Content, name: str, text: str) -> None:
    content.write(name, text)
    assert [f for f in before_running(content.project) if f.rule != "participant"] == []
