"""Every kind of fault that we seed, by the part of the project that it breaks."""

from __future__ import annotations

from scripts.faults.catalogue import chapter, diagrams, estimate, guide, notebooks, site
from scripts.faults.fault import Fault

FAULTS: tuple[Fault, ...] = (
    *estimate.FAULTS,
    *notebooks.FAULTS,
    *chapter.FAULTS,
    *diagrams.FAULTS,
    *site.FAULTS,
    *guide.FAULTS,
)
