from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

from PIL import Image

import handbook

PROJECT = Path(handbook.__file__).parent.parent  # so that the test needs no installed package
TEXT = """
    with Architecture("final", title="T", description="D."):
        Gateway("Send API\\n{{ peak_rate }}", href="#api") >> Edge(label="1 append") >> Stream("Send log")
"""


def run(script: Path) -> subprocess.CompletedProcess[str]:
    """Run a script as its author does, in its project's folder, with a PATH on which there is neither dot nor node."""
    nowhere = script.parent.parent / "empty"
    nowhere.mkdir(exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if name == "SYSTEMROOT"}
    return subprocess.run(
        [sys.executable, "diagrams/email-platform.py"],
        cwd=script.parent.parent,
        env={"PATH": str(nowhere), "HOME": str(nowhere), "PYTHONPATH": str(PROJECT), **kept},
        capture_output=True,
        text=True,
        check=False,
    )


def facts(script: Path, **texts: str) -> None:
    folder = script.parent.parent / "build" / "facts"
    folder.mkdir(parents=True, exist_ok=True)
    entries = [{"name": name, "text": text} for name, text in texts.items()]
    (folder / "email-platform.json").write_text(json.dumps(entries), encoding="utf-8")


def test_a_script_run_alone_writes_svg_and_png(script):
    path = script(TEXT)
    facts(path, peak_rate="34.7 thousand/s")
    done = run(path)
    assert (done.returncode, done.stderr) == (0, "")
    svg, png = (path.parent.parent / line for line in done.stdout.split())
    assert svg == path.parent.parent / "build/downloads/email-platform/final.svg"
    root = ElementTree.parse(svg).getroot()
    assert "34.7 thousand/s" in "".join(root.itertext())
    image = Image.open(io.BytesIO(png.read_bytes()))
    assert image.size == (2 * int(root.get("width")), 2 * int(root.get("height")))
    colours = {colour for _, colour in image.convert("RGB").getcolors(maxcolors=1 << 20)}
    assert len(colours) > 20  # something was drawn
    assert sum(image.convert("RGB").getpixel((0, 0))) >= 3 * 253  # on white


def test_missing_facts_are_said_in_one_line(script):
    done = run(script(TEXT))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "build/facts/email-platform.json is missing: final shows numbers of email-platform; run `make site` first\n"
    )


def test_an_unknown_fact_is_said_at_its_line(script):
    path = script(TEXT)
    facts(path, peak="1/s")
    done = run(path)
    assert done.returncode == 1
    assert done.stderr.startswith("diagrams/email-platform.py:3: there is no fact email-platform.peak_rate; ")
    assert done.stderr.count("\n") == 1


def test_a_missing_description_is_said_without_a_traceback(script):
    done = run(script('with Architecture("final", title="T"):\n    Service("x")\n'))
    assert done.returncode == 1
    assert "email-platform.py:2: the diagram 'final' has no description" in done.stderr
    assert "Traceback" not in done.stderr
