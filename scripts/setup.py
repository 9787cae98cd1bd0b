"""Set up a fresh clone: Python packages into `.venv`, Node packages into `node_modules`, nothing that is up to date.

Runs before anything is installed, so with the standard library alone and under any Python 3 that starts; which Python
the handbook itself gets is decided here. A step is done when its stamp holds the hash of what it was made from. It
loses the stamp before it is done again, so that an interrupted one is never taken for finished.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
# The newest first, of those that all locked packages have wheels for; then whatever `python3` is.
NAMES = ("python3.14", "python3.13", "python3.12", "python3.11", "python3")
PROBE = "import sys; print(*sys.version_info[:2], flush=True); import ensurepip, venv"


class SetupError(Exception):
    """Set-up cannot go on. The text is for the reader: what happened and, on its last line, the remedy."""


class ToolError(Exception):
    """A tool failed. The text is the last that it said."""


def run(command: str, python: Path | str = "") -> None:
    """Run a tool (words without spaces, relative to the project; after `python`) and keep its noise for a failure."""
    # What a user has set for other projects must not lead the tools elsewhere.
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV")}
    # uv and npm trust only what they were built with; pip trusts what the system does (a company's proxy, say).
    env.update(PIP_DISABLE_PIP_VERSION_CHECK="1", UV_SYSTEM_CERTS="true", NODE_USE_SYSTEM_CA="1")
    words = [str(python), *command.split()] if python else command.split()
    result = subprocess.run(
        words, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if result.returncode:
        lines = result.stdout.decode(errors="replace").strip().splitlines()
        raise ToolError("\n".join(f"  {line}" for line in lines[-15:]))


class Step:
    """One part of the set-up: what to call it, where its stamp is, the files it is made from, what mends a failure."""

    def __init__(
        self, title: Callable[[], str], stamp: str, inputs: list[str], action: Callable[[], None], remedy: str
    ) -> None:
        self.title, self.stamp, self.inputs, self.action, self.remedy = title, ROOT / stamp, inputs, action, remedy

    def key(self) -> str:
        """What the stamp holds: the hash of the project's place, which scripts in `.venv` name, and of the inputs."""
        contents = b"".join((ROOT / name).read_bytes() for name in self.inputs)
        return " ".join(hashlib.sha256(data).hexdigest() for data in (os.fsencode(ROOT), contents))

    def mark(self) -> str:
        """What the stamp says now: nothing when the step was never finished."""
        return self.stamp.read_text() if self.stamp.is_file() else ""

    def done(self) -> bool:
        """Whether it was finished, here, with these very inputs."""
        return self.mark() == self.key()

    def whole(self) -> bool:
        """Whether it was finished here, with whatever inputs."""
        return self.mark().split()[:1] == self.key().split()[:1]

    def perform(self) -> None:
        """Do it, with one line of progress. Raises `SetupError` with what the tool said and the remedy."""
        print(f"setting up {self.title()} …", end=" ", flush=True)
        start = time.monotonic()
        self.stamp.unlink(missing_ok=True)
        try:
            self.action()
        except ToolError as error:
            print("failed", flush=True)
            raise SetupError(f"{error}\n{self.remedy}, then run make again") from None
        self.stamp.write_text(self.key())
        print(f"{time.monotonic() - start:.0f} s", flush=True)


def pythons() -> Iterator[Path]:
    """Every Python on the PATH but our own, the most wanted name first; only HANDBOOK_PYTHON if that is set."""
    chosen = os.environ.get("HANDBOOK_PYTHON")
    for name in (chosen,) if chosen else NAMES:
        for folder in os.get_exec_path():
            path = Path(folder, name).absolute()
            if os.access(str(path), os.X_OK) and VENV not in path.parents:
                yield path


def suitable_python() -> Path:
    """The Python for `.venv`: the newest that can make one. Raises `SetupError` with the remedy when there is none."""
    wanted = "install Python 3.11 or newer (python.org, or the system's package manager)"
    refused = ""
    for path in pythons():
        answer = subprocess.run([str(path), "-I", "-c", PROBE], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        version = answer.stdout.decode().split()
        if not version:  # a launcher with no Python behind it
            continue
        dotted = ".".join(version)
        if tuple(map(int, version)) < OLDEST:
            refused = refused or f"Python {dotted} is too old: {wanted}"
        elif answer.returncode:
            refused = f"Python {dotted} comes without venv: apt install python3-venv (or python{dotted}-venv)"
        else:
            return path
    raise SetupError((refused or f"no Python found: {wanted}") + ", then run make again")


def venv_works() -> bool:
    """Whether `.venv` is whole and starts: the Python it was made from may have been removed or replaced since."""
    if not (PACKAGES.whole() and PYTHON.exists()):
        return False
    return subprocess.run([str(PYTHON), "-c", "import pip"], stderr=subprocess.DEVNULL).returncode == 0


def make_venv() -> None:
    """Make `.venv` anew, with pip in it."""
    python = suitable_python()
    PACKAGES.stamp.unlink(missing_ok=True)
    try:
        run("-m venv --clear .venv", python)
    except ToolError as error:
        raise SetupError(f"{error}\n{python} could not make .venv: mend it, then run make again") from None


def locked(package: str = r"\S+") -> list[str]:
    """The entries of the Python lock, with their hashes: one package's, or all."""
    return re.findall(rf"^{package}==.*(?:\n    --hash.*)*", (ROOT / "requirements.txt").read_text(), re.MULTILINE)


def install_packages() -> None:
    """Give `.venv` exactly what the lock says."""
    pip = "-m pip install --no-user --require-hashes -r"
    # uv takes a fraction of pip's time, shares files between clones, and removes what has left the lock.
    (VENV / "uv.txt").write_text("\n".join(locked("uv")))
    run(f"{pip} .venv/uv.txt", PYTHON)
    try:
        run(".venv/bin/uv pip sync --python .venv/bin/python --require-hashes --compile-bytecode requirements.txt")
    except ToolError:
        run(f"{pip} requirements.txt", PYTHON)  # pip knows of the mirror that a company sets in pip.conf, uv does not


def install_project() -> None:
    """Let every notebook and editor import `handbook` from here."""
    run(".venv/bin/uv pip install --python .venv/bin/python --offline --no-deps --no-build-isolation --editable .")


def install_node_packages() -> None:
    """Give `node_modules` exactly what the lock says, by the npm that came as a Python wheel."""
    run(".venv/bin/npm ci --ignore-scripts --no-audit --no-fund")


def node_packages() -> int:
    """How many packages the Node lock names, this project not counted."""
    return len(json.loads((ROOT / "package-lock.json").read_text())["packages"]) - 1


NETWORK = "these packages could not be installed: see to the network or what is said above"
PACKAGES = Step(
    lambda: f"Python packages ({len(locked())}, about a minute)",
    ".venv/packages.stamp",
    ["requirements.txt"],
    install_packages,
    NETWORK,
)
PROJECT = Step(
    lambda: "the handbook's library",
    ".venv/project.stamp",
    ["requirements.txt", "pyproject.toml"],  # the lock too, because syncing to it removes what it does not name
    install_project,
    "handbook/ could not be installed: mend pyproject.toml",
)
NODE = Step(
    lambda: f"Node packages ({node_packages()})",
    "node_modules/packages.stamp",
    ["package.json", "package-lock.json"],
    install_node_packages,
    NETWORK,
)
STEPS = (PACKAGES, PROJECT, NODE)


def set_up() -> None:
    """Do the steps that are not done yet, in order."""
    folder = os.open(str(ROOT), os.O_RDONLY)  # held to the end of the process
    fcntl.flock(folder, fcntl.LOCK_EX)  # another terminal may be setting up this clone: wait for it
    if not venv_works():
        make_venv()
    for step in STEPS:
        if not step.done():
            step.perform()


def main(arguments: list[str]) -> int:
    """Set up. With `--check`, run by the Python of `.venv`: only tell by the exit code (0, 1) if all of it is done."""
    if arguments == ["--check"]:
        major, minor = sys.version_info[:2]
        ours = (VENV / "lib" / f"python{major}.{minor}").is_dir()
        return 0 if ours and all(step.done() for step in STEPS) else 1
    try:
        set_up()
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ninterrupted: run make again to finish the set-up", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
