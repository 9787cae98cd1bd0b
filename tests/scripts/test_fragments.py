"""Fragments of notebooks, as chapters include them: through Python-Markdown, with the site's own extensions."""

from __future__ import annotations

import html
import re
from pathlib import Path

import markdown
import pytest
from pymdownx.snippets import SnippetMissingError

from scripts import notebooks
from scripts.fragments import cell_anchor, fragments

FIXTURES = Path(__file__).parents[1] / "fixtures/notebooks"


@pytest.fixture
def page(tmp_path):
    """Renders a chapter that includes the fragments of a notebook."""

    def render(executed: notebooks.Executed, chapter: str) -> str:
        (tmp_path / "estimate.md").write_text(fragments(executed), "utf-8")
        extensions = ["md_in_html", "attr_list", "pymdownx.superfences", "pymdownx.highlight", "pymdownx.snippets"]
        snippets = {"base_path": [str(tmp_path)], "check_paths": True}
        return markdown.markdown(chapter, extensions=extensions, extension_configs={"pymdownx.snippets": snippets})

    return render


def text_of(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", markup))


def blocks(markup: str) -> list[str]:
    """The code of each highlighted block, as a reader copies it."""
    return [text_of(code).rstrip("\n") for code in re.findall(r"<code>(.*?)</code>", markup, re.DOTALL)]


def run(tmp_path: Path, text: str) -> notebooks.Executed:
    path = tmp_path / "estimate.py"
    path.write_text(text, "utf-8")
    return notebooks.run([path])[0]


def test_a_section_holds_its_cells_and_nothing_else(plain, page):
    shown = page(plain, 'Before\n\n--8<-- "estimate.md:text"\n\nAfter')
    assert re.findall(r'<div class="cell"[^>]* id="([^"]+)"', shown) == ["cell-text", "cell-text-2"]
    assert shown.startswith("<p>Before</p>") and shown.endswith("<p>After</p>")
    assert blocks(shown) == [cell.source for cell in plain.cells if cell.section == "text"]
    assert "8<" not in shown


def test_outputs_stand_after_the_code_of_their_cell(plain, page):
    shown = page(plain, '--8<-- "estimate.md:text"')
    outputs = re.findall(r'</div>\n<div class="cell-output">\n<pre[^>]*>(.*?)</pre>', shown, re.DOTALL)
    assert [html.unescape(output) for output in outputs] == [
        "ünïcode & <angle> {{ brace }} $ * _ `tick`\ntwo lines,\n\nwith a blank one between",
        "42",
    ]


def test_tables_markdown_and_pictures_are_shown_as_such(plain, page):
    shown = page(plain, '--8<-- "estimate.md:rich"')
    assert re.search(r"<td>1 &lt; 2</td>", shown)
    assert "<strong>bold</strong>" in shown and "<li>a list</li>" in shown
    drawing = plain.cells[6].outputs[0]["data"]["image/svg+xml"]
    caption = "<figcaption>B is about twice as large as A.</figcaption>"
    assert f'<figure class="chart">{drawing}{caption}</figure>' in shown
    assert 'fill="var(--c-1, #2563eb)"' in drawing and 'aria-label="Two bars: A is 28, B is 55."' in drawing


def test_hidden_code_is_folded_and_cells_for_the_notebook_only_are_left_out(plain, page):
    shown = page(plain, '--8<-- "estimate.md"')
    assert re.search(r'<details class="cell-code">\s*<summary>Code</summary>\s*<div class="highlight">', shown)
    assert "display_id" not in text_of(shown)


def test_what_looks_like_markup_of_the_site_survives(plain, page):
    source = next(cell.source for cell in plain.cells if cell.section == "fences")
    for chapter in ('--8<-- "estimate.md:fences"', '--8<-- "estimate.md"'):
        assert blocks(page(plain, chapter))[-1] == source


def test_printed_markup_is_no_markup(tmp_path, page):
    printed = '```python\nx\n```\n~~~\n--8<-- "no/such.md"\n# no heading\n- 8< -\n\x1b[31mred\x1b[0m\n<b>&amp;</b>'
    executed = run(tmp_path, f'# %% section="a"\nprint({printed!r})\n')
    shown = page(executed, '--8<-- "estimate.md:a"')
    output = re.search(r'<pre class="cell-stdout">(.*?)</pre>', shown, re.DOTALL)
    assert html.unescape(output[1]) == printed.replace("\x1b[31m", "").replace("\x1b[0m", "")


def test_a_missing_section_stops_the_build(plain, page):
    with pytest.raises(SnippetMissingError, match="no-such"):
        page(plain, '--8<-- "estimate.md:no-such"')


def test_sections_that_are_resumed_are_whole(tmp_path, page):
    executed = run(tmp_path, '# %% section="a"\n1\n# %% section="b"\n2\n# %% section="a"\n3\n')
    shown = page(executed, '--8<-- "estimate.md:a"')
    assert blocks(shown) == ["1", "3"]
    assert 'id="cell-a-2"' in shown


def test_a_fact_leads_to_its_cell():
    [executed] = notebooks.run([FIXTURES / "sized.py"])
    anchors = {fact["name"]: cell_anchor(executed, fact["line"]) for fact in executed.facts}
    assert anchors == {
        "members": "cell-assumptions",
        "reads": "cell-assumptions",
        "mean_rate": "cell-load",
        "peak_rate": "cell-load",
        "record": "cell-storage",
        "stored": "cell-storage",
    }
