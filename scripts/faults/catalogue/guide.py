"""The interview guide: several pages with one notebook, the set of assumptions that they share, and its ledger."""

from __future__ import annotations

from functools import partial

from scripts.faults.fault import Edit, Fault, fault

PAGE, ESTIMATE, DRAWN = "docs/guide/scale.md", "docs/guide/estimate.py", "diagrams/guide.py"

guide = partial(fault, "guide")

FAULTS = (
    guide(
        "a number typed on one of its pages", PAGE, "Begin with what Netflix publishes,",
        "It is 43 million streams. Begin with what Netflix publishes,", at="43 million", says="naked quantity",
    ),
    guide(
        "a fact of another design by its plain name", PAGE, "Begin with what Netflix publishes,",
        "It is {{ peak_sends }}. Begin with what Netflix publishes,", at="{{ peak_sends }}", says="peak_sends",
    ),
    guide(
        "a part that links to a heading of another page", DRAWN, '"Name resolution", href="#active-active"',
        '"Name resolution", href="#metadata"', at='"Name resolution"', says="is no heading",
    ),
    guide(
        "a number that no page uses", ESTIMATE, "half_year = netflix.half_year\n",
        'half_year = netflix.half_year\nunused = Q(3, "stream")  # Used by nobody\n', at="unused = ", says='"unused"',
    ),
    Fault(
        "a section of the notebook that no page shows", "guide",
        (Edit("docs/guide/architecture.md", '--8<-- "guide/estimate.md:gateway"\n', ""),),
        ESTIMATE, '# %% section="gateway"', "no page shows",
    ),
    guide(
        "a page that the navigation names and nobody wrote", "mkdocs.yml", "guide/scale.md", "guide/scales.md",
        at="guide/scales.md", says="guide/scales.md",
    ),
    guide(
        "peak and mean exchanged", ESTIMATE, "peak_starts = mean_starts * diurnal_peak",
        "peak_starts = mean_starts / diurnal_peak", at="peak_starts = ", says="",
    ),
)  # fmt: skip
