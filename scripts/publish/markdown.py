"""HTML of a chapter to Markdown: markdownify, and what our own blocks become."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag
from markdownify import ATX, MarkdownConverter

#: What is for hands and eyes only.
_DROPPED = {"md-content__button", "headerlink", "footnote-backref", "chapter-links", "levers-status"}
#: What says nothing in plain text: the links of numbers to their cells, and the colours of code. Most of all elements.
_NUMBER = re.compile(r'<a class="fact-link"[^>]*>(.*?)</a>', re.DOTALL)
_LISTING = re.compile(r"<pre\b.*?</pre>", re.DOTALL)
_TAGS = re.compile(r"</?(?:span|data)\b[^>]*>")


def convert(article: str, address: str) -> str:
    """The Markdown of an article, or of a section of it, that is published at `address`. Links are absolute."""
    article = _LISTING.sub(lambda listing: _TAGS.sub("", listing[0]), _NUMBER.sub(r"\1", article))
    soup = BeautifulSoup(article, "html.parser")
    for element in soup.find_all(["a", "img", "p", "input"]):
        name = "href" if element.name == "a" else "src"
        if element.name == "input" or _DROPPED.intersection(_classes(element)):
            element.extract()
        elif element.get(name):
            element[name] = urljoin(address, element[name])
    text = _Converter(heading_style=ATX, bullets="-", escape_misc=False).convert_soup(soup)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)).strip() + "\n"


class _Converter(MarkdownConverter):
    """markdownify's converter asks a method for each element: what the element holds is given as Markdown already."""

    def escape(self, text: str, parent_tags: set[str]) -> str:
        """As markdownify does, and no text becomes HTML."""
        return super().escape(text, parent_tags).replace("<", "\\<")

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """A link, or the mark of a footnote."""
        if "footnote-ref" in _classes(el):
            return f"[^{_footnote(el['href'])}]"
        return super().convert_a(el, text, parent_tags)

    def convert_sup(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """A power, if it is no footnote."""
        return text if el.find("a") else f"^{text}"

    def convert_small(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """The interval under a number."""
        return f" ({text})"

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Code, of the language that the page says, else of the cell."""
        block = el.find_parent("div", class_="highlight")
        named = next((c.removeprefix("language-") for c in _classes(block) if c.startswith("language-")), "")
        in_cell = block is not None and el.find_parent("div", class_="cell-output") is None
        language = named or ("python" if in_cell and el.find_parent("div", class_="cell") else "")
        code = el.get_text().strip("\n")
        fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`{3,}", code))])
        return f"\n\n{fence}{language}\n{code}\n{fence}\n\n"

    def convert_figure(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """A diagram as its picture with its description; a chart as what its caption says."""
        title, whole = el.select_one(".diagram-title"), el.select_one("a.diagram-enlarge")
        if title is None or whole is None:
            caption = el.find("figcaption")
            return f"\n\nChart: {_words(caption)}\n\n" if caption and el.find("pre") is None else f"\n\n{text}\n\n"
        described = _words(el.select_one(".diagram-description p"))
        return f"\n\n![{_words(title)}]({whole['href']})\n\nThe diagram: {self.escape(described, parent_tags)}\n\n"

    def convert_summary(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """The words on which a reader would click; those above code say nothing."""
        code = el.parent is not None and "cell-code" in _classes(el.parent)
        return "" if code else f"\n\n**{text.strip()}**\n\n"

    def convert_div(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Footnotes are defined where the page lists them; other boxes hold paragraphs."""
        if "footnote" in _classes(el):
            notes = [
                f"[^{_footnote('#' + item['id'])}]: {' '.join(self.process_tag(item.p or item, {'_inline'}).split())}"
                for item in el.select("li[id^='fn:']")
            ]
            return "\n\n" + "\n\n".join(notes) + "\n\n"
        return super().convert_div(el, text, parent_tags)

    def convert_td(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """A cell: a bar in its text must not end it."""
        return super().convert_td(el, text.replace("|", "\\|"), parent_tags)

    def convert_th(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """A cell of a head, likewise."""
        return super().convert_th(el, text.replace("|", "\\|"), parent_tags)

    def convert_dt(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """The term of a list of terms."""
        return f"\n- {text.strip()}: "

    def convert_dd(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """What the list says of it."""
        return f"{' '.join(text.split())}\n"

    def convert_dl(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """The list of terms."""
        return "\n\n" + re.sub(r"\s*\n\s*", "\n", text.strip()).replace(": \n", ": ") + "\n\n"


def _classes(el: Any) -> list[str]:
    return list(el.get("class") or []) if el is not None else []


def _footnote(href: str) -> str:
    return href.rpartition("#fn:")[2]


def _words(el: Tag | None) -> str:
    return " ".join(el.get_text().split()) if el is not None else ""
