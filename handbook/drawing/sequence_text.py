"""Reading a Mermaid `sequenceDiagram`.

It is ours because that of npm `beautiful-mermaid` 1.1.3 does not serve: it exports neither parser nor layout, only
finished SVG; it drops without a word what it does not know (`activate`, `autonumber`, `link`, a note before the first
message, in which block a note stands); and it keeps participants 140 px apart whatever the words between them need.
This one takes the statements below and refuses every other with its line. What it takes is valid Mermaid, so GitHub and
editors draw the same file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from handbook.drawing.errors import DrawingError
from handbook.drawing.model import Activation, Block, Drawing, Message, Node, Note, Section, Sequence, Step

_ID = r"[A-Za-z_]\w*"
_PARTICIPANT = re.compile(rf"(participant|actor)\s+({_ID})(?:\s+as\s+(.+))?")
_LINK = re.compile(rf"link\s+({_ID})\s*:\s*(.*?)\s*@\s*(\S+)")
_NOTE = re.compile(rf"note\s+(left of|right of|over)\s+({_ID})(?:\s*,\s*({_ID}))?\s*:\s*(.+)", re.I)
_ACTIVATION = re.compile(rf"(activate|deactivate)\s+({_ID})")
_OPEN = re.compile(r"(loop|alt|opt|par|critical|break)\b\s*(.*)")
_NEXT = re.compile(r"(else|and|option)\b\s*(.*)")
_MESSAGE = re.compile(rf"({_ID})\s*(<<-->>|<<->>|-->>|->>|--x|-x|--\)|-\)|-->|->)\s*([+-]?)\s*({_ID})\s*:\s*(.*)")
_HEADS = {">>": "filled", "x": "cross", ")": "open", ">": "none"}
_NEXT_OF = {"alt": "else", "par": "and", "critical": "option"}
_STATEMENTS = (
    "use participant, actor, link, messages (->>, -->>, -), -x, …), activate, deactivate, Note, loop, alt/else, opt, "
    "par/and, critical/option, break, end, autonumber, accTitle or accDescr"
)


def collect_sequence(mmd: Path) -> Drawing:
    """Read `diagrams/<design>/<name>.mmd`. `accTitle:` is its title, `accDescr:` (or `accDescr { … }`) its description,
    `link A: Words @ #anchor` makes participant A a link. Raises `DrawingError` with the line that is wrong."""
    try:
        text = mmd.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = mmd.read_bytes()[: error.start].count(b"\n") + 1
        raise DrawingError(mmd, line, "the file is not UTF-8 text", "save it as UTF-8") from None
    except OSError as error:
        raise DrawingError(mmd, 1, f"the file cannot be read: {error.strerror}", "check its path") from None
    return _Reader(mmd).drawing(text)


@dataclass
class _Open:
    """A block whose `end` has not come yet."""

    kind: str
    line: int
    sections: list[tuple[str, int, list[Step]]]


@dataclass
class _Reader:
    """Reads statement by statement; `blocks` is the stack of open blocks."""

    path: Path
    participants: dict[str, Node] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    blocks: list[_Open] = field(default_factory=list)
    words: dict[str, tuple[str, int]] = field(default_factory=dict)  # accTitle, accDescr
    active: dict[str, int] = field(default_factory=dict)
    number: int | None = None

    def drawing(self, text: str) -> Drawing:
        """The whole file."""
        statements = self._statements(text)
        line, first = next(statements, (1, ""))
        if first != "sequenceDiagram":
            raise self._error(
                line, "this is not a Mermaid sequence diagram", "begin the file with the line: sequenceDiagram"
            )
        for line, statement in statements:
            self._read(line, statement)
        if self.blocks:
            block = self.blocks[-1]
            raise self._error(block.line, f"the {block.kind} block has no end", "close it with the line: end")
        if all(isinstance(step, Activation) for step in self.steps):
            raise self._error(1, "the sequence has no messages", "add one: A->>B: words")
        (title, at), (description, _) = (self._word(word) for word in ("accTitle", "accDescr"))
        body = Sequence(tuple(self.participants.values()), tuple(self.steps))
        return Drawing(self.path.parent.name, self.path.stem, title, description, self.path, at, body)

    def _statements(self, text: str) -> Iterator[tuple[int, str]]:
        """Lines with their numbers, without comments; `accDescr { … }` over several lines comes as one `accDescr:`."""
        begin, words = 0, []
        for number, raw in enumerate(text.splitlines(), start=1):
            line = raw.strip()
            if not begin and (match := re.fullmatch(r"accDescr\s*\{(.*)", line)):
                begin, words, line = number, [], match[1]
            if begin:
                words += line.removesuffix("}").split()
                if line.endswith("}"):
                    yield begin, f"accDescr: {' '.join(words)}"
                    begin = 0
            elif line and not line.startswith("%%"):
                yield number, line
        if begin:
            raise self._error(begin, "accDescr { is not closed", "close it with }")

    def _read(self, line: int, statement: str) -> None:
        for pattern, read in (
            (re.compile(r"(accTitle|accDescr)\s*:\s*(.*)"), self._describe),
            (_PARTICIPANT, self._declare), (_LINK, self._link), (_NOTE, self._note), (_ACTIVATION, self._activate),
            (re.compile("(autonumber)"), self._autonumber), (re.compile("(end)"), self._close),
            (_MESSAGE, self._message), (_OPEN, self._open), (_NEXT, self._next),
        ):  # fmt: skip
            if match := pattern.fullmatch(statement):
                read(line, *(group or "" for group in match.groups()))
                return
        raise self._error(line, f"cannot read {statement!r}", _STATEMENTS)

    def _describe(self, line: int, word: str, text: str) -> None:
        self.words[word] = (text, line)

    def _declare(self, line: int, kind: str, name: str, label: str) -> None:
        self.participants[name] = Node(name, label or name, line, icon="person" if kind == "actor" else "")

    def _link(self, line: int, name: str, _: str, href: str) -> None:
        self.participants[name] = replace(self._participant(name, line), href=href, line=line)

    def _note(self, line: int, position: str, one: str, two: str, label: str) -> None:
        names = tuple(self._participant(name, line).id for name in (one, two) if name)
        if len(names) > 1 and position.lower() != "over":
            raise self._error(line, f"a note {position} two participants", "write: Note over A,B: words")
        self._add(Note(position.lower().removesuffix(" of"), names, label, line))

    def _activate(self, line: int, word: str, name: str) -> None:
        on = word == "activate"
        depth = self.active.get(self._participant(name, line).id, 0) + (1 if on else -1)
        if depth < 0:
            raise self._error(line, f"{name} is not active", f"activate {name} before")
        self.active[name] = depth
        self._add(Activation(name, on, line))

    def _autonumber(self, line: int, _: str) -> None:
        self.number = 1

    def _message(self, line: int, sender: str, arrow: str, mark: str, receiver: str, label: str) -> None:
        names = self._participant(sender, line).id, self._participant(receiver, line).id
        head = "both" if arrow.startswith("<<") else next(h for end, h in _HEADS.items() if arrow.endswith(end))
        self._add(Message(*names, label, line, "--" in arrow, head, self.number))
        if self.number is not None:
            self.number += 1
        if mark:
            self._activate(line, "activate" if mark == "+" else "deactivate", receiver if mark == "+" else sender)

    def _open(self, line: int, kind: str, label: str) -> None:
        self.blocks.append(_Open(kind, line, [(label, line, [])]))

    def _next(self, line: int, word: str, label: str) -> None:
        if not self.blocks or _NEXT_OF.get(self.blocks[-1].kind) != word:
            opener = next(kind for kind, follower in _NEXT_OF.items() if follower == word)
            raise self._error(
                line, f"{word} stands outside a block of kind {opener}", f"put it between {opener} and its end"
            )
        self.blocks[-1].sections.append((label, line, []))

    def _close(self, line: int, _: str) -> None:
        if not self.blocks:
            raise self._error(line, "end closes nothing", "take it out")
        block = self.blocks.pop()
        if all(isinstance(item, Activation) for _, _, items in block.sections for item in items):
            raise self._error(block.line, f"the {block.kind} block is empty", "put messages into it, or take it out")
        self._add(
            Block(
                block.kind, tuple(Section(label, at, tuple(items)) for label, at, items in block.sections), block.line
            )
        )

    def _add(self, step: Step) -> None:
        (self.blocks[-1].sections[-1][2] if self.blocks else self.steps).append(step)

    def _participant(self, name: str, line: int) -> Node:
        return self.participants.setdefault(name, Node(name, name, line))

    def _word(self, word: str) -> tuple[str, int]:
        text, line = self.words.get(word, ("", 1))
        if not text:
            meaning = {"accTitle": "title", "accDescr": "description"}[word]
            raise self._error(line, f"the sequence has no {meaning}", f"add the line: {word}: …")
        return text, line

    def _error(self, line: int, what: str, mend: str) -> DrawingError:
        return DrawingError(self.path, line, what, mend)
