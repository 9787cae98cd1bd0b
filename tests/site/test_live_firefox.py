"""The live page in Firefox, over WebDriver BiDi. Runs where Firefox is installed: `apt-get install firefox-esr`."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from handbook.drawing.node import program

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
HERE = Path(__file__).parent
SECONDS = 240


@pytest.mark.verify
@pytest.mark.skipif(FIREFOX is None, reason="Firefox is not installed")
def test_firefox_recomputes_under_the_strict_policy(host: str, tmp_path: Path):
    command = [str(program()), HERE / "firefox.mjs", FIREFOX, tmp_path, host, HERE / "firefox_live.js"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=SECONDS, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["changed"].startswith("published 13.5 thousand/s") and "yours 41.7 thousand/s" in told["changed"]
    assert told == {"changed": told["changed"], "kept": told["changed"], "field": "1e999"}
