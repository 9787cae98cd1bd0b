"""Diagrams as code: architectures for the package `diagrams` and sequences in Mermaid become SVG and PNG.

An author imports `Architecture`, `Group` and the roles. A build calls `collect`, `collect_sequence`, `draw`, `png` and
`sprite`.
"""

from diagrams import Edge
from handbook.drawing.architecture import Architecture, Group
from handbook.drawing.collect import collect
from handbook.drawing.draw import draw, png
from handbook.drawing.errors import DrawingError, SetupError
from handbook.drawing.icons import sprite
from handbook.drawing.model import Drawing, Link, Picture
from handbook.drawing.roles import (
    Cache,
    Cdn,
    Client,
    Device,
    External,
    Files,
    Gateway,
    Model,
    Monitor,
    Person,
    Queue,
    Role,
    Scheduler,
    Search,
    Service,
    Store,
    Stream,
    Warehouse,
    Worker,
)
from handbook.drawing.sequence_text import collect_sequence

__all__ = [
    "Architecture",
    "Cache",
    "Cdn",
    "Client",
    "Device",
    "Drawing",
    "DrawingError",
    "Edge",
    "External",
    "Files",
    "Gateway",
    "Group",
    "Link",
    "Model",
    "Monitor",
    "Person",
    "Picture",
    "Queue",
    "Role",
    "Scheduler",
    "Search",
    "Service",
    "SetupError",
    "Store",
    "Stream",
    "Warehouse",
    "Worker",
    "collect",
    "collect_sequence",
    "draw",
    "png",
    "sprite",
]
