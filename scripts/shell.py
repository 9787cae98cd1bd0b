"""IPython's shell without a terminal, a history or a home directory: it records what cells show, as a kernel would."""

from __future__ import annotations

import base64
import io
import sys
from pathlib import Path
from typing import Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

Output = dict[str, Any]


def open_shell(folder: Path) -> Shell:
    """The process's shell. IPython's own files go to `folder`; the home directory is neither read nor written."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    shell = Shell.instance(config=config, ipython_dir=str(folder))
    shell.outputs = []
    shell.displayed = {}
    sys.stdout, sys.stderr = _Stream("stdout", shell), _Stream("stderr", shell)
    return shell


class _Stream(io.TextIOBase):
    """Text written to stdout or stderr, in its place among the other outputs."""

    encoding = "utf-8"

    def __init__(self, name: str, shell: Shell) -> None:
        self.name, self.shell = name, shell

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        outputs = self.shell.outputs
        if outputs and outputs[-1].get("name") == self.name:
            outputs[-1]["text"] += text
        elif text:
            outputs.append({"output_type": "stream", "name": self.name, "text": text})
        return len(text)


class _DisplayHook(DisplayHook):
    """The value of a cell's last expression."""

    def write_output_prompt(self) -> None:
        """Nothing: the count is part of the output."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        self.shell.record("execute_result", format_dict, md_dict, execution_count=self.prompt_count)

    def finish_displayhook(self) -> None:
        self._is_active = False


class _DisplayPublisher(DisplayPublisher):
    """What `display` is given, with updates by display id."""

    def publish(
        self,
        data: Any,
        metadata: Any = None,
        source: Any = None,
        *,
        transient: Any = None,
        update: bool = False,
        **_: Any,
    ) -> None:
        display_id = (transient or {}).get("display_id")
        if update:
            for output in self.shell.displayed.get(display_id, []):
                output.update(data=_text(data), metadata=dict(metadata or {}))
            return
        output = self.shell.record("display_data", data, metadata)
        if display_id:
            self.shell.displayed.setdefault(display_id, []).append(output)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.outputs.clear()


def _text(bundle: Any) -> dict[str, Any]:
    """A bundle with pictures as text, as in the notebook format."""
    return {mime: base64.b64encode(v).decode() if isinstance(v, bytes) else v for mime, v in bundle.items()}


class _Compiler(CachingCompiler):
    """Names the code of a cell by its execution count alone, so that outputs do not depend on the process."""

    def __init__(self) -> None:
        super().__init__()
        self.reset_compiler_flags()  # else an open bracket is "incomplete input", as if more could be typed

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
        return f"<cell {number}>"


class Shell(InteractiveShell):
    """Runs cells; after each, `outputs` holds what it showed."""

    compiler_class = Type(_Compiler)
    displayhook_class = Type(_DisplayHook)
    display_pub_class = Type(_DisplayPublisher)
    outputs: list[Output]
    displayed: dict[str, list[Output]]

    def record(self, kind: str, data: Any, metadata: Any, **more: Any) -> Output:
        """Add an output of the current cell."""
        output = {"output_type": kind, "data": _text(data), "metadata": dict(metadata or {}), **more}
        self.outputs.append(output)
        return output

    def showtraceback(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: the error becomes a finding."""

    def showsyntaxerror(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: the error becomes a finding."""

    def run(self, source: str) -> tuple[list[Output], int | None, BaseException | None]:
        """Run one cell: what it showed, its execution count, and the error that ended it."""
        self.outputs = []
        result = self.run_cell(source, store_history=True)
        return self.outputs, result.execution_count, result.error_before_exec or result.error_in_exec
