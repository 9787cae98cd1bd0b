"""What counts as a quantity in running text: a number with a unit, a percentage, a factor, an order of magnitude."""

from __future__ import annotations

import re
from collections.abc import Iterator

_NUMBER = r"\d+(?:[,\u00a0\u202f]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALE = r"thousand|million|billion|trillion|hundred|bn|mn"

#: Numbers in words. Those in `_LOOSE` give a magnitude ("a million"), but no measure ("one day", "a few minutes").
_COUNTED = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|"
    "ninety|hundred"
)
_LOOSE = "a|one|hundreds|half a|several|a few|tens of"
_WORDS_MEASURED = r"percent|per\ cent|[a-z]*seconds?|minutes?|hours?|days?|[a-z]*bytes?|bits?"

#: Units that are measured. Case matters: MB is not mb.
_MEASURES = (
    r"[nµum]?s|secs?|[a-z]*seconds?|mins?|minutes?|h|hrs?|hours?|days?|weeks?|months?|quarters?|years?|"
    r"[kKMGTPE]i?[Bb]|B|bytes?|bits?|[a-z]+bytes?|[kMGT]?bit|[kKMGT]bps|"
    r"[rqt]ps|[RQT]PS|[kMG]?Hz|k?W|k?Wh|px|km|mm|"
    r"percent|per\ cent|percentage\ points?|nines|-?fold|times|"
    r"USD|EUR|dollars?|euros?|cents?"
)

#: What is counted: the counts of `handbook.units`, and words for them. Not imported: that costs more than all checks.
_PLURALS = (
    "addresses", "attempts", "ranges", "campaigns", "candidates", "clients", "connections", "cores",
    "customers", "deliveries", "devices", "emails", "events", "failures", "hits", "hosts", "instances", "items",
    "keys", "machines", "mails", "members", "messages", "misses", "nodes", "partitions", "people", "profiles",
    "queries", "reads", "recipients", "records", "regions", "replicas", "requests", "retries", "rooms", "rows",
    "sends", "servers", "sessions", "shards", "streams", "titles", "users", "vCPUs", "workers", "writes",
    "zones",
)  # fmt: skip


def _singular(plural: str) -> str:
    return re.sub(r"(?<=ss)es$|s$", "", re.sub(r"ies$", "y", plural))


_COUNTS = "|".join([*_PLURALS, *map(_singular, _PLURALS)])
#: What may stand between a number and its unit: nothing wider, because a gap can be a link or a macro left out.
_GAP = r"(?:[\u0020\u00a0\u202f-]|\u0020?\n[\u0020\t>]*)"
_RATE = rf"(?:{_GAP}?/\s?\w+|{_GAP}per{_GAP}\w+)?"

_QUANTITY = re.compile(
    rf"""
    (?<![\w.,/\#§-])(?:
        [$€£]\s?(?:{_NUMBER})(?:\s?(?:[KkMB]\b|{_SCALE}))?            # $5, $1.2M
      | (?:(?:{_NUMBER})\s*(?:–|-|—|to|or|and)\s*)?(?P<number>{_NUMBER})(?:
            {_GAP}?(?:%|‰|×)                                          # 99.9 %, 3×
          | {_GAP}?(?P<letter>[KkMBTx])(?![\w-])(?:{_GAP}(?:{_COUNTS})\b)?{_RATE}  # 12K/s, 5M emails, 3x
          | {_GAP}?(?:{_SCALE})s?\b                                   # 5 million
          | {_GAP}?(?P<measure>{_MEASURES})\b{_RATE}                  # 20 ms, 30-day, 3 TB/day
          | {_GAP}(?:(?!(?:{_MEASURES})\b)[a-z]+{_GAP})?(?P<count>{_COUNTS})\b{_RATE}  # 12 messages/s, 12 large servers
          | \s?/\s?(?!\d)[a-z]+ | {_GAP}per{_GAP}[a-z]+               # 5/day, 5 per second
        )
      | \d{{1,3}}(?:,\d{{3}})+                                        # 34,722
      | (?P<bare>\d+\.\d+)(?![\w.]*\w)                                # 28.9
      | (?i:factor\sof)\s(?:{_NUMBER})                                # a factor of 12
      | 10\s?(?:\^\d+|[⁰¹²³⁴⁵⁶⁷⁸⁹]+) | \d(?:\.\d+)?e\+?\d+             # 10⁶, 1e6
      | (?:(?i:{_COUNTED}|{_LOOSE}){_GAP})+(?:thousand|million|billion|trillion)s?\b
      | (?:(?i:{_COUNTED}){_GAP})+(?:{_WORDS_MEASURED})\b
    )
    """,
    re.VERBOSE,
)

#: Words before a number that make it a name: RFC 5321, HTTP 429, step 3, section 4.2, version 3.11, port 25.
_NAMED = re.compile(
    r"(?:\b(?:RFC|HTTP(?:/\d)?|status|codes?|errors?|steps?|sections?|chapters?|versions?|ports?|tables?|figures?|lines?|"
    r"levels?|tiers?|phase|stage|class|Python|Node|QoS|No\.|TLS|IPv)|§|\#)\s*$",
    re.IGNORECASE,
)
#: A bare decimal behind a name is its version: OAuth 2.0.
_VERSIONED = re.compile(r"(?:\b[A-Z]\w*|\))\s$")
_YEAR = re.compile(r"(?:19|20)\d\d$")


def naked(text: str) -> Iterator[tuple[int, str]]:
    """The quantities in a text, with their positions, as they are written."""
    for found in _QUANTITY.finditer(text):
        if not _NAMED.search(text[: found.start()]) and not _is_name(found):
            yield found.start(), " ".join(found[0].split())


def _is_name(found: re.Match[str]) -> bool:
    """A decade (1990s), a year before a noun (2026 members), a version (OAuth 2.0), a picture's resolution (4K)."""
    if found["bare"]:
        return bool(_VERSIONED.search(found.string, 0, found.start()))
    if _YEAR.fullmatch(found["number"] or "") and (found["measure"] == "s" or found["count"]):
        return True
    return found[0] in ("4K", "8K")


def without_step(label: str) -> str:
    """A diagram's label with the number of its step blanked out: "1 accept", "2a. 3 messages"."""
    step = re.match(r"\s*\d{1,2}[a-z]?[.:)]?\s+", label)
    if not step:
        return label
    found = _QUANTITY.match(label, len(label) - len(label.lstrip()))
    if found and (not found["count"] or "/" in found[0] or " per " in found[0]):
        return label
    return " " * step.end() + label[step.end() :]
