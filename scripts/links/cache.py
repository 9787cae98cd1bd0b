"""What earlier runs found, in `build/cache/links.json`. Written whole or not at all."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from scripts import manifest
from scripts.links.verdicts import ANCHOR, DEAD, FAILING, GOOD, Answer

DAY = 86_400.0  # s
PATIENCE = 3  # days of runs on which an address has to fail before that counts as an error


@dataclass(frozen=True)
class Known:
    """What is known of an address: the answer, when it came, since when it is bad, on how many days in a row it failed.

    `checked` is in s since 1970, `since` a date (UTC) or empty.
    """

    answer: Answer
    checked: float
    since: str = ""
    days: int = 0

    @property
    def is_error(self) -> bool:
        """Whether somebody has to mend it."""
        return self.answer.verdict in (DEAD, ANCHOR) or (self.answer.verdict == FAILING and self.days >= PATIENCE)


def next_known(before: Known | None, answer: Answer, now: float) -> Known:
    """What is known after this answer. Runs on one day count as one: trying again at once proves nothing."""
    if answer.verdict in GOOD:
        return Known(answer, now)
    before = before if before and before.answer.verdict not in GOOD else None
    since = before.since if before else day(now)
    days = 0
    if answer.verdict == FAILING:
        failed = before.days if before and before.answer.verdict == FAILING else 0
        days = failed if failed and day(before.checked) == day(now) else failed + 1
    return Known(answer, now, since, days)


def day(now: float) -> str:
    """The date of a time, UTC."""
    return datetime.fromtimestamp(now, UTC).date().isoformat()


class Cache:
    """Addresses and what is known of them. A file that cannot be read counts as empty."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.known: dict[str, Known] = {}
        try:
            for address, record in json.loads(path.read_text(encoding="utf-8")).items():
                self.known[address] = Known(**{**record, "answer": Answer(**record["answer"])})
        except (OSError, ValueError, TypeError, AttributeError, KeyError):
            self.known = {}

    def is_fresh(self, address: str, now: float, days: float) -> bool:
        """Whether a good answer is young enough not to ask again."""
        known = self.known.get(address)
        return bool(known and known.answer.verdict in GOOD and 0 <= now - known.checked < days * DAY)

    def learn(self, address: str, answer: Answer, now: float) -> None:
        """Take in an answer."""
        self.known[address] = next_known(self.known.get(address), answer, now)

    def suggest(self, address: str, archived: str) -> None:
        """Remember an archived copy."""
        known = self.known[address]
        self.known[address] = replace(known, answer=replace(known.answer, archived=archived))

    def save(self, kept: set[str]) -> None:
        """Write what is known of these addresses."""
        records = {address: asdict(known) for address, known in sorted(self.known.items()) if address in kept}
        manifest.write(self.path, json.dumps(records, indent=1, ensure_ascii=False))
