from __future__ import annotations

import os
import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from handbook.drawing import Link, collect, draw, sprite
from tests.handbook.drawing.conftest import FACTS

SVG = "{http://www.w3.org/2000/svg}"


def picture(drawing):
    return draw([drawing], FACTS, sprite_url="../icons.svg")[drawing.key]


def test_a_script_is_read_with_ids_lines_links_and_icons(architecture):
    drawing = architecture("""
        from diagrams.onprem.queue import Kafka
        api = Gateway("Send API", href="#api")
        with Group("Deliver", href="#deliver"):
            log = Kafka("Send log\\n{{ peak_rate }}", URL="#log")
            other = Worker("Send API")
        api >> Edge(label="1 accept", href="#accept") >> log >> other
    """)
    assert [(n.id, n.line, n.href, n.icon, n.group) for n in drawing.nodes] == [
        ("send-api", 4, "#api", "gateway", ""),
        ("send-log", 6, "#log", "onprem.queue.kafka", "deliver"),
        ("send-api-2", 7, "", "worker", "deliver"),
    ]
    assert [(e.tail, e.head, e.line) for e in drawing.body.edges] == [
        ("send-api", "send-log", 8),
        ("send-log", "send-api-2", 8),
    ]
    assert drawing.key == "email-platform/final"
    assert drawing.line == 2
    assert drawing.facts == {"email-platform.peak_rate"}
    assert picture(drawing).links == (
        Link("#api", "Send API", 4), Link("#log", "Send log 34.7 thousand/s", 6),
        Link("#accept", "1 accept", 8), Link("#deliver", "Deliver", 5),
    )  # fmt: skip


def test_facts_stand_in_labels_and_are_marked_in_the_page(architecture):
    drawn = picture(architecture("""
        a = Service("Send log\\n{{ peak_rate }} &")
        a >> Edge(label="{{ fact('netflix-chat.rooms') }}") >> Store("Rooms")
    """, title="At {{ peak_rate }}"))  # fmt: skip
    assert '<tspan class="fact" data-fact="email-platform.peak_rate">34.7 thousand/s</tspan> &amp;' in drawn.page_svg
    assert '<tspan class="fact" data-fact="netflix-chat.rooms">1.2 million</tspan>' in drawn.page_svg
    assert drawn.title == "At 34.7 thousand/s"


def test_the_page_svg_has_a_name_a_description_and_links_that_can_be_reached(architecture):
    drawn = picture(architecture('Service("API", href="#api")', title="T & T", description="Long <words>."))
    root = ElementTree.fromstring(drawn.page_svg)
    by_id = {e.get("id"): e.text for e in root.iter() if e.get("id")}
    assert by_id[root.get("aria-labelledby")] == "T & T"
    assert by_id[root.get("aria-describedby")] == "Long <words>."
    assert root.get("role").split()[-1] == "group"
    (link,) = root.iter("a")
    assert link.get("href") == "#api"
    assert "".join(link.itertext()).strip() == "API"


def test_the_page_svg_takes_colours_from_the_page_and_icons_from_the_sprite(architecture):
    drawn = picture(architecture('Service("API") >> Store("Truth")'))
    root = ElementTree.fromstring(drawn.page_svg)
    colours = {e.get(name) for e in root.iter() for name in ("fill", "stroke", "color")} - {None, "none"}
    assert all(colour.startswith("var(--d-") for colour in colours)
    assert {e.get("href") for e in root.iter("use")} == {"../icons.svg#icon-service", "../icons.svg#icon-store"}
    symbols = {e.get("id") for e in ElementTree.fromstring(sprite(drawn.icons)).iter(f"{SVG}symbol")}
    assert symbols == {"icon-service", "icon-store"}


def test_the_file_needs_nothing_from_elsewhere(architecture):
    drawn = picture(
        architecture("""
        from diagrams.onprem.inmemory import Redis
        Redis("Limits", href="#limits") >> Cache("Copy")
    """)
    )
    root = ElementTree.fromstring(drawn.standalone_svg)
    symbols = {f"#{e.get('id')}" for e in root.iter(f"{SVG}symbol")}
    addresses = {e.get("href") for e in root.iter() if e.get("href")}
    assert {a for a in addresses if not a.startswith("data:image/png;base64,")} <= symbols
    assert "var(" not in drawn.standalone_svg
    assert "url(" not in drawn.standalone_svg
    assert "prefers-color-scheme:dark" in drawn.standalone_svg
    assert "site-packages" not in drawn.standalone_svg


def test_labels_stay_inside_their_cards_and_cards_apart(architecture):
    drawn = picture(
        architecture("""
        nodes = [Service(f"WWWW Mailbox reputation {n}\\nMWMW {{{{ peak_rate }}}}") for n in range(4)]
        nodes[0] >> nodes[1:]
    """)
    )
    boxes = []
    for node in ElementTree.fromstring(drawn.page_svg).iter("g"):
        if node.get("class") == "d-node":
            rect = node.find("rect")
            left, top, wide, high = (float(rect.get(name)) for name in ("x", "y", "width", "height"))
            boxes.append((left, top, left + wide, top + high))
            for text in node.findall("text"):
                words = "".join(text.itertext())
                # Helvetica's average letter is half an em; what runs wider must have been broken
                assert len(words) * 6.5 < wide
                assert top < float(text.get("y")) < top + high - 4
    assert len(boxes) == 4
    for i, a in enumerate(boxes):
        assert all(a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1] for b in boxes[i + 1 :])


@pytest.mark.parametrize("direction", ["LR", "TB", "RL", "BT"])
def test_almost_level_edges_are_drawn_level(architecture, direction):
    drawing = architecture('Service("One\\nwith a detail") >> Store("Two") >> Cache("Three")', direction=direction)
    root = ElementTree.fromstring(picture(drawing).page_svg)
    lines = [path.get("d") for path in root.iter("path") if "z" not in path.get("d")]
    for line in lines:
        numbers = [float(n) for n in re.findall(r"-?[\d.]+", line)]
        across = numbers[1::2] if direction in ("LR", "RL") else numbers[0::2]
        assert max(across) - min(across) < 0.2
    assert len(lines) == 2


def test_the_same_bytes_in_every_process(script):
    path = script("""
        from diagrams.aws.compute import EC2
        with Architecture("final", title="T", description="D."):
            with Group("A"):
                nodes = [EC2("{{ peak_rate }}"), Service("x"), Service("x")]
            nodes[0] >> Edge(label="1") >> nodes[1:]
    """)
    code = (
        "import sys, pathlib; from handbook.drawing import *\n"
        f"p = draw(collect(pathlib.Path({str(path)!r})), {FACTS!r})['email-platform/final']\n"
        "sys.stdout.write(p.page_svg + p.standalone_svg + sprite(p.icons))"
    )
    drawn = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(drawn) == 1
    assert len(drawn.pop()) > 3000


def test_a_batch_keeps_its_drawings_apart(script):
    drawings = collect(
        script("""
        for name in ("one", "two"):
            with Architecture(name, title=name, description="D."):
                Service(f"Only in {name}")
    """)
    )
    pictures = draw(drawings, {})
    assert list(pictures) == ["email-platform/one", "email-platform/two"]
    assert "Only in one" in pictures["email-platform/one"].page_svg
    assert "Only in two" not in pictures["email-platform/one"].page_svg
