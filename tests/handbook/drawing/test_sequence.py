from __future__ import annotations

from xml.etree import ElementTree

from handbook.drawing import Link, draw
from handbook.drawing.model import Activation, Block, Message, Note
from handbook.drawing.sequence_layout import plan
from tests.handbook.drawing.conftest import FACTS

EXAMPLE = """
    autonumber
    actor P as Producer
    participant A as Send API
    participant L as Send log<br>Kafka
    link A: API @ #api
    %% said to readers of the source only
    Note over P,A: The key makes a retry harmless
    P->>+A: POST with key
    alt consent given
        A->>L: append at {{ peak_rate }}
        L-->>A: offset
        A-->>-P: 202
    else unsubscribed
        A--xP: 409
    end
    loop every minute
        A->>A: look at the clock
        Note right of L: a remark that is long enough to be broken into several lines by the layout
    end
"""


def test_mermaid_is_read(sequence):
    drawing = sequence(EXAMPLE)
    assert [(n.id, n.label, n.icon, n.href) for n in drawing.nodes] == [
        ("P", "Producer", "person", ""), ("A", "Send API", "", "#api"), ("L", "Send log<br>Kafka", "", ""),
    ]  # fmt: skip
    note, first, on, alt, loop = drawing.body.steps
    assert isinstance(note, Note)
    assert (note.position, note.participants) == ("over", ("P", "A"))
    assert isinstance(first, Message)
    assert (first.sender, first.receiver, first.number, first.line) == ("P", "A", 1, 11)
    assert on == Activation("A", True, 11)
    assert isinstance(alt, Block)
    assert [(s.label, len(s.items)) for s in alt.sections] == [("consent given", 4), ("unsubscribed", 1)]
    assert alt.sections[1].items[0].head == "cross"
    assert isinstance(loop, Block)
    assert drawing.facts == {"email-platform.peak_rate"}
    assert (drawing.title, drawing.description, drawing.line) == ("One email", "From call to mailbox.", 2)


def test_a_description_may_have_several_lines(tmp_path):
    from handbook.drawing import collect_sequence

    path = tmp_path / "one.mmd"
    path.write_text("sequenceDiagram\naccTitle: T\naccDescr {\n  First.\n  Second.\n}\nA->>B: hi\n", encoding="utf-8")
    assert collect_sequence(path).description == "First. Second."


def test_a_sequence_is_drawn_with_facts_links_and_a_name(sequence):
    drawing = sequence(EXAMPLE)
    picture = draw([drawing], FACTS)[drawing.key]
    root = ElementTree.fromstring(picture.page_svg)
    words = " ".join("".join(text.itertext()) for text in root.iter("text"))
    for expected in ("Producer", "POST with key", "34.7 thousand/s", "consent given", "unsubscribed", "a remark"):
        assert expected in words
    assert 'data-fact="email-platform.peak_rate"' in picture.page_svg
    assert picture.links == (Link("#api", "Send API", 8),)
    assert [link.get("href") for link in root.iter("a")] == ["#api"]
    assert root.find("title").text == "One email"
    assert "@import" not in picture.standalone_svg
    assert "var(" not in picture.standalone_svg


def test_words_fit_between_the_life_lines(sequence):
    drawing = sequence("A->>B: MMMMMMMMMM WWWWWWWWWW MMMMMMMMMM WWWWWWWWWW MMMMMMMMMM\nB->>C: ok\nA->>C: hi\n")
    placed = plan(drawing, {})
    first = placed.arrows[0]
    assert len(first.lines) > 1
    assert first.words + 20 < first.x2 - first.x1


def test_rows_follow_each_other_and_frames_hold_their_rows(sequence):
    placed = plan(sequence(EXAMPLE), FACTS)
    assert [arrow.y for arrow in placed.arrows] == sorted(arrow.y for arrow in placed.arrows)
    alt, loop = placed.frames
    inside = placed.arrows[1:5]
    assert all(alt.y < arrow.y < alt.y + alt.height for arrow in inside)
    assert all(alt.x < min(arrow.x1, arrow.x2) and max(arrow.x1, arrow.x2) < alt.x + alt.width for arrow in inside)
    remark = placed.boxes[1]
    assert len(remark.lines) > 1
    assert loop.x < remark.x < remark.x + remark.width < loop.x + loop.width
    assert loop.y < remark.y < remark.y + remark.height < loop.y + loop.height
    assert alt.y + alt.height < loop.y
    assert min([*(f.x for f in placed.frames), *(c.x - c.width / 2 for c in placed.columns)]) == 0
    assert max(f.x + f.width for f in placed.frames) <= placed.width


def test_numbers_of_autonumber_leave_the_words_alone(sequence):
    placed = plan(sequence("autonumber\nA->>B: 42 is sent\nB-->>A: ok\n"), {})
    assert [(arrow.badge, arrow.lines[0][0].text) for arrow in placed.arrows] == [("1", "42 is sent"), ("2", "ok")]
