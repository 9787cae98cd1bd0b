"""Diagrams: architectures drawn by scripts, sequences drawn from text."""

from __future__ import annotations

from functools import partial

from scripts.faults.fault import CHAPTER, DRAWN, SEQUENCE, Edit, Fault, fault

drawn, sequence = partial(fault, "diagrams"), partial(fault, "sequences")

FAULTS = (
    drawn(
        "a node removed that an edge needs",
        DRAWN,
        '        audience = Scheduler("Audience\\nin slices", href="#audience")\n',
        "",
        at='requests >> Edge(label="3 expand"',
        says="audience",
    ),
    drawn(
        "a description under another name",
        DRAWN,
        'description="The simplest thing that works.',
        'longdesc="The simplest thing that works.',
        at='with Architecture(\n    "start"',
        says="longdesc",
    ),
    drawn(
        "a description of one sentence",
        DRAWN,
        "works. A product service calls one mail service, which reads the member's \"\n"
        '    "address from a database, renders the message and speaks to the mailbox provider before it answers. '
        'The caller "\n    "waits for the slowest provider, and a crash between sending and answering sends twice.",',
        'works.",',
        at='with Architecture(\n    "start"',
        says="too short",
    ),
    drawn(
        "an icon that there is not",
        DRAWN,
        'members_table = Store("Members",',
        'members_table = Store("Members", icon="shop",',
        at="shop",
        says="no icon",
    ),
    drawn(
        "a node that the text calls something else",
        DRAWN,
        'lanes = Queue("Lanes\\na pair a provider", href="#lanes")',
        'lanes = Queue("Corridors\\na pair a provider", href="#lanes")',
        at="Corridors",
        says="Corridors",
    ),
    Fault(
        "a numbered edge that is no step",
        "diagrams",
        (Edit(DRAWN, 'events >> Edge(label="12", minlen="0")', 'events >> Edge(label="13", minlen="0")'),),
        CHAPTER,
        "12. The warehouse an",
        "no step 13",
    ),
    Fault(
        "a node and its edges removed that the text names",
        "diagrams",
        (
            Edit(DRAWN, '        audience = Scheduler("Audience\\nin slices", href="#audience")\n', ""),
            Edit(DRAWN, '    requests >> Edge(label="3 expand", minlen="0") >> audience\n', ""),
            Edit(DRAWN, '    audience >> Edge(label="4 slices") >> policy\n', ""),
        ),
        CHAPTER,
        "3. The audience service ",
        "step 3 is no edge",
    ),
    drawn(
        "a role that there is not",
        DRAWN,
        "    workers = Worker(",
        "    workers = Labourer(",
        at="Labourer(",
        says="Labourer",
    ),
    drawn(
        "a colour of one's own",
        DRAWN,
        'log = Stream("Request log", href="#a-log-between-asking-and-sending", color="accent")',
        'log = Stream("Request log", href="#a-log-between-asking-and-sending", color="#ff0000")',
        at="#ff0000",
        says="color",
    ),
    drawn(
        "a link to no heading",
        DRAWN,
        'Gateway("Intake", href="#intake")',
        'Gateway("Intake", href="#intaek")',
        at="#intaek",
        says='did you mean "intake"?',
    ),
    drawn(
        "a number typed into a label",
        DRAWN,
        '"Registry\\nversions, canary"',
        '"Registry\\n12 TB"',
        at="12 TB",
        says='naked quantity "12 TB"',
    ),
    drawn(
        "a fact that nobody computes",
        DRAWN,
        'Worker("Workers\\n{{ servers }}"',
        'Worker("Workers\\n{{ server }}"',
        at="{{ server }}",
        says="server",
    ),
    Fault(
        "a diagram that no page shows",
        "diagrams",
        (Edit(CHAPTER, '{{ diagram("failover") }}', ""),),
        DRAWN,
        'with Architecture(\n    "failover"',
        'does not show the diagram "failover"',
    ),
    drawn(
        "a diagram that nobody draws",
        CHAPTER,
        '{{ diagram("lanes") }}',
        '{{ diagram("lane") }}',
        at='diagram("lane")',
        says='no diagram "lane"',
    ),
    drawn(
        "a diagram shown twice",
        CHAPTER,
        '{{ diagram("lanes") }}',
        '{{ diagram("lanes") }}\n\nAgain: {{ diagram("lanes") }}',
        at="Again:",
        says="a second time",
    ),
    sequence(
        "a line that cannot be read",
        SEQUENCE,
        "S->>P: MAIL, RCPT, DATA",
        "S ~~> P: MAIL, RCPT, DATA",
        at="S ~~> P",
        says="",
    ),
    sequence(
        "a participant that nobody declared",
        SEQUENCE,
        "S->>P: MAIL, RCPT, DATA",
        "S->>Q: MAIL, RCPT, DATA",
        at="S->>Q",
        says="Q",
    ),
    sequence("a link to no heading", SEQUENCE, "Lanes @ #lanes", "Lanes @ #lane", at="@ #lane", says="#lane"),
    sequence(
        "a description that is missing",
        SEQUENCE,
        "    accDescr: A sender",
        "    %% A sender",
        at="sequenceDiagram",
        says="escription",
    ),
    sequence(
        "a number typed into a message",
        SEQUENCE,
        "S->>P: MAIL, RCPT, DATA",
        "S->>P: MAIL, 40 kB",
        at="40 kB",
        says='naked quantity "40 kB"',
    ),
)
