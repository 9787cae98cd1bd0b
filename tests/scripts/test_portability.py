"""What another builder's site lacks, and that a builder that fails is a line in the report."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import portability
from scripts.checks import built
from scripts.layout import Project

PAGE = """<h2 id="one">One</h2><figure id="diagram-a"></figure><a href="/b/">b</a>
<data class="fact" data-fact="d.n" value="1">1 s</data><data class="fact" data-fact="d.n" value="1">1 s</data>"""


def site(folder: Path, **pages: str) -> Path:
    folder.mkdir(parents=True)
    for name, text in pages.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return folder


def test_what_is_missing_is_counted_with_examples(tmp_path: Path) -> None:
    ours = built.read(site(tmp_path / "ours", index=PAGE, b=""))
    theirs = built.read(
        site(tmp_path / "theirs", index='<p id="one"><data data-fact="d.n">1 s</data><data data-fact="d.n">2 s</data>')
    )
    rows = portability.compare("other 1.0", ours, theirs).splitlines()[4:]
    assert rows == [
        "| pages | 2 | 1 | `b.html` |",
        "| anchors | 2 | 1 | `index.html: diagram-a` |",
        "| diagrams | 1 | 1 | `index.html: diagram-a` |",
        "| bound numbers | 2 | 1 | `index.html: d.n = 1 s` |",
        "| links | 1 | 1 | `index.html: /b/` |",
    ]
    assert all("| 0 |  |" in row for row in portability.compare("ours", ours, ours).splitlines()[4:])


def test_a_builder_that_fails_is_reported_and_blocks_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site(tmp_path / "site", index=PAGE)

    def build(project: Project, name: str, folder: Path) -> tuple[str, Path]:
        if name == "zensical":
            raise portability.FailedError("UndefinedError: 'rate' is undefined")
        return "properdocs 1", project.site

    monkeypatch.setattr(portability, "build", build)
    assert portability.run(Project(tmp_path), lambda _: None) == 0
    report = (tmp_path / "build/portability.md").read_text(encoding="utf-8")
    assert "## properdocs 1\n" in report
    assert "## zensical\n\nDoes not build the site: `UndefinedError: 'rate' is undefined`" in report


def test_the_last_error_of_a_command_is_what_is_told(tmp_path: Path) -> None:
    with pytest.raises(portability.FailedError, match="^SyntaxError: what$"):
        portability._say(["sh", "-c", "echo 'SyntaxError: what'; echo bye; exit 3"], tmp_path)
