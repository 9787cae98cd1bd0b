"""The architecture diagrams of the feature flags. Draw them alone with `python diagrams/feature-flags.py`."""

from handbook.drawing import (
    Architecture,
    Client,
    Edge,
    External,
    Gateway,
    Group,
    Person,
    Scheduler,
    Service,
    Store,
    Stream,
    Worker,
)

with Architecture(
    "context",
    title="Who changes flags, and who asks them",
    description="Developers and product people change flags. Services and apps ask them while they work. The guard "
    "watches what a change does, by what payment metrics tell it, and may turn a flag off. The warehouse learns who "
    "saw which variant.",
):
    people = Person("Developers, product", href="#the-question")
    flags = Service("Flag system\n{{ changes_daily }}", href="#the-final-design", color="accent")
    services = Service("Services\n{{ peak_evaluations }}", href="#the-question")
    apps = Client("Apps and browsers\n{{ client_fetches }}", href="#the-question")
    metrics = External("Payment metrics", href="#the-question")
    guard = Worker("Guard", href="#guard")
    warehouse = Store("Warehouse", href="#the-question")
    people >> Edge(label="change") >> flags
    flags >> Edge(label="rules") >> services
    flags >> Edge(label="values") >> apps
    metrics >> guard
    guard >> Edge(label="off", style="dashed") >> flags
    flags >> Edge(label="exposures") >> warehouse

with Architecture(
    "start",
    title="Start: a row in the database",
    description="The simplest thing that works. For each evaluation the service reads the flag's row from a table. "
    "Every evaluation is a round trip, and when the table is down the service is down.",
):
    service = Service("Service\n{{ peak_evaluations }}", href="#ask-the-database", color="accent")
    table = Store("Flags table", href="#ask-the-database")
    service >> Edge(label="1 read the row") >> table
    service >> Edge(label="2 evaluate") >> service

with Architecture(
    "cache",
    title="Step one: a copy in the process",
    description="Each instance of a service asks the flag service every half minute for everything, and evaluates "
    "from its own copy. The flag service answers from the flags table, or says that there is no news. A change takes "
    "up to the interval, and all regions lean on one service.",
):
    instance = Service("Service\nwith a copy", href="#a-copy-in-the-process", color="accent")
    flag_service = Service("Flag service\n{{ poll_rate }}", href="#a-copy-in-the-process")
    table = Store("Flags table", href="#a-copy-in-the-process")
    instance >> Edge(label="1 any news?") >> flag_service
    flag_service >> Edge(label="2 read") >> table
    instance >> Edge(label="3 evaluate") >> instance

with Architecture(
    "tree",
    direction="TB",
    title="Step two: a tree of relays",
    description="The control plane commits a change to the flag store and tells the relay of each region. Relays "
    "stream it to the instances of their region, and an instance also asks its relay now and then. A region that is "
    "cut off goes on with its copies. A bad change reaches everybody within a second as well.",
):
    control = Scheduler("Control plane", href="#a-tree-of-relays", color="accent")
    store = Store("Flag store", href="#a-tree-of-relays")
    with Group("Region A"):
        relay_a = Gateway("Relay A", href="#a-tree-of-relays")
        instances_a = Service("Instances A", href="#a-tree-of-relays")
    with Group("Region B"):
        relay_b = Gateway("Relay B", href="#a-tree-of-relays")
        instances_b = Service("Instances B", href="#a-tree-of-relays")
    store << Edge(label="1 commit", minlen="0") << control
    control >> Edge(label="2") >> relay_a
    control >> Edge(label="2") >> relay_b
    relay_a >> Edge(label="3 stream") >> instances_a
    relay_b >> Edge(label="3 stream") >> instances_b
    instances_b >> Edge(label="4 ask", style="dashed", constraint="false") >> relay_b

with Architecture(
    "final",
    direction="TB",
    title="The flag system, complete",
    description="An author proposes a change to the control plane, which checks it, has it approved and commits it to "
    "the flag store. The publisher reads the log, makes deltas and snapshots, and hands them to the "
    "relays. Relays stream to the SDKs inside services. The client gateway evaluates for apps with the "
    "same SDK and sends values. SDKs report exposures, counts and versions to the event log, and payment "
    "events come with their variants. The guard compares who has a change with who has not, and tells the "
    "control plane to commit the next stage or to revert.",
):
    author = Person("Author", href="#the-final-design")
    with Group("Control"):
        control = Scheduler("Control plane", href="#control-plane")
        store = Store("Flag store\n{{ snapshot }}", href="#flag-store")
        publisher = Worker("Publisher", href="#publisher")
        guard = Worker("Guard", href="#guard")
    with Group("Each region"):
        relays = Gateway("Relays\n{{ relays }} in all", href="#relays", color="accent")
        gateway = Gateway("Client gateway", href="#client-gateway")
        sdk = Service("Services with SDK\n{{ instances }}", href="#sdk")
    apps = Client("Apps", href="#phones-and-browsers")
    events = Stream("Event log", href="#events")
    author >> Edge(label="1") >> control
    control >> Edge(label="2 commit", minlen="0") >> store
    store >> Edge(label="3 read") >> publisher
    publisher >> Edge(label="4 deltas") >> relays
    relays >> Edge(label="5") >> gateway
    relays >> Edge(label="5 stream") >> sdk
    gateway >> Edge(label="6 values") >> apps
    sdk >> Edge(label="7 events") >> events
    events >> Edge(label="8 compare", constraint="false") >> guard
    guard >> Edge(label="9 go on, revert", style="dashed", minlen="0", constraint="false") >> control

with Architecture(
    "data",
    direction="TB",
    title="One version, from the store to the disk",
    description="The control plane commits a change to the flag store and gets the next version; the same commit "
    "appends it to the change log. The publisher reads the log and makes a delta and a snapshot for each scope. A "
    "relay holds the newest snapshot and the deltas of a day. The SDK keeps the last two good ones on disk.",
):
    control = Scheduler("Control plane", href="#data-model")
    with Group("One commit"):
        store = Store("Flag store\nkey: name", href="#data-model", color="accent")
        log = Stream("Change log\nkey: version", href="#data-model")
    publisher = Worker("Publisher", href="#data-model")
    relay = Gateway("Relay\nkey: scope, version", href="#data-model")
    disk = Store("SDK's disk\nlast two", href="#data-model")
    control >> Edge(label="1 commit") >> store
    control >> Edge(label="2 append") >> log
    log >> Edge(label="3 read") >> publisher
    publisher >> Edge(label="4 delta, snapshot") >> relay
    relay >> Edge(label="5 keep") >> disk

with Architecture(
    "learn",
    title="A model behind a flag",
    description="The scoring service evaluates a flag and gets a model version. It reads features from the feature "
    "store and scores with that version. Scores, features and version go to the decision log. Outcomes arrive weeks "
    "later. Training joins the log with them, and its candidate becomes a variant of the flag.",
):
    flag = Gateway("Flag\nwhich version?", href="#when-a-flag-carries-a-model", color="accent")
    scoring = Service("Scoring service\n{{ predictions }}", href="#when-a-flag-carries-a-model")
    features = Store("Feature store", href="#when-a-flag-carries-a-model")
    models = Worker("Model versions", href="#when-a-flag-carries-a-model")
    log = Stream("Decision log", href="#when-a-flag-carries-a-model")
    outcomes = External("Outcomes\nafter {{ label_delay }}", href="#when-a-flag-carries-a-model")
    training = Scheduler("Training", href="#when-a-flag-carries-a-model")
    scoring >> Edge(label="1 version") >> flag
    scoring >> Edge(label="2 read") >> features
    scoring >> Edge(label="3 score") >> models
    scoring >> Edge(label="4 log") >> log
    outcomes >> Edge(label="5 labels", constraint="false") >> log
    log >> Edge(label="6 join") >> training
    training >> Edge(label="7 variant", style="dashed", constraint="false") >> flag

with Architecture(
    "failover",
    title="One region lost, another cut off",
    description="The flag store has copies in regions A, B and C. Region A is lost; the copies in B and C elect a new "
    "leader and changes go on. Relays B and C follow it. Region D is cut off from the store; its relays hear of "
    "changes from the relays of region C, and its instances go on with what they have if they hear of nobody.",
):
    with Group("Region A, lost"):
        store_a = Store("Flag store A", href="#losing-a-region")
    with Group("Region B"):
        store_b = Store("Flag store B\nleads, with C", href="#losing-a-region", color="accent")
        relays_b = Gateway("Relays B", href="#losing-a-region")
    with Group("Region C"):
        store_c = Store("Flag store C", href="#losing-a-region")
        relays_c = Gateway("Relays C", href="#losing-a-region")
    with Group("Region D, cut off"):
        relays_d = Gateway("Relays D", href="#losing-a-region")
    store_a >> Edge(label="lost", style="dashed") >> store_b
    store_b >> Edge(label="stream") >> relays_b
    store_c >> Edge(label="stream") >> relays_c
    relays_c << Edge(label="ask") << relays_d
