"""The architecture diagrams of this design. Draw them alone with `python diagrams/$slug.py`."""

from handbook.drawing import Architecture, Client, Edge, Service, Store

with Architecture(
    "final",
    title="$title, complete",
    description="What somebody who cannot see the picture has to know, in several sentences. A client asks the "
    "service. The service reads and writes the store.",
):
    client = Client("Client", href="#the-parts")
    service = Service("Service\n{{ peak_rate }} at peak", href="#the-parts", color="accent")
    store = Store("Store", href="#the-parts")
    client >> Edge(label="1 ask") >> service
    service >> Edge(label="2 read, write") >> store
