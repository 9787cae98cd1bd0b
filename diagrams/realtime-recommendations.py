"""The architecture diagrams of the recommendations.

Draw them alone with `python diagrams/realtime-recommendations.py`.
"""

from handbook.drawing import (
    Architecture,
    Client,
    Edge,
    Files,
    Gateway,
    Group,
    Model,
    Monitor,
    Person,
    Search,
    Service,
    Store,
    Stream,
    Warehouse,
    Worker,
)

with Architecture(
    "context",
    title="Who talks to the recommendation system",
    description="Members open pages in apps and browsers; the recommendation system fills a part of each and hears "
    "what came of it. The catalogue team adds and withdraws items. Product teams and scientists read the measures and "
    "start experiments. The identity service says who asks and what they consented to.",
):
    members = Client("Members\n{{ daily_active }} a day", href="#the-question")
    system = Service(
        "Recommendation system\n{{ peak_requests }} pages at peak", href="#the-final-design", color="accent"
    )
    identity = Service("Identity service", href="#the-question")
    catalogue = Person("Catalogue team", href="#the-question")
    teams = Person("Product teams", href="#the-question")
    members >> Edge(label="lists, clicks", direction="both") >> system
    system >> Edge(label="who is it?") >> identity
    catalogue >> Edge(label="add, withdraw", style="dashed") >> system
    system >> Edge(label="measures", direction="both") >> teams

with Architecture(
    "start",
    title="Start: lists of the night",
    description="The simplest thing that works. A nightly job reads the events of the day from the warehouse and "
    "writes one list for each member into the list table. The page asks the list service, which looks up the member's "
    "row. Lists are sixteen hours old on average.",
):
    page = Client("Page", href="#lists-of-the-night")
    service = Service("List service", href="#lists-of-the-night", color="accent")
    table = Store("List table", href="#lists-of-the-night")
    job = Worker("Nightly job", href="#lists-of-the-night")
    warehouse = Warehouse("Warehouse", href="#lists-of-the-night")
    page >> Edge(label="3 ask") >> service
    service >> Edge(label="3 look up") >> table
    job >> Edge(label="2 write") >> table
    warehouse >> Edge(label="1 read") >> job

with Architecture(
    "funnel",
    title="Step one: rank when the page is opened",
    description="The page asks the ranking service. That asks retrieval for candidates near the member's vector, and "
    "ranks them with the model. Training still reads the warehouse by night, so features are computed by two "
    "programs.",
):
    page = Client("Page", href="#rank-when-the-page-is-opened")
    ranking = Service("Ranking service\n{{ gpus }} accelerators", href="#rank-when-the-page-is-opened", color="accent")
    retrieval = Search("Retrieval\n{{ retrievers }} servers", href="#rank-when-the-page-is-opened")
    model = Model("Model", href="#rank-when-the-page-is-opened")
    warehouse = Warehouse("Warehouse", href="#rank-when-the-page-is-opened")
    page >> Edge(label="1 ask") >> ranking
    ranking >> Edge(label="2 candidates") >> retrieval
    ranking >> Edge(label="3 rank") >> model
    warehouse >> Edge(label="4 train", style="dashed") >> model

with Architecture(
    "stream",
    direction="TB",
    title="Step two: let the session count",
    description="Pages report what was seen and clicked into the event log. A stream job updates the member's row "
    "with every event. Ranking reads the row when the next page opens, and writes what it served into the exposure "
    "log. Training reads the exposure log, joined with the labels that came later.",
):
    page = Client("Page", href="#let-the-session-count")
    log = Stream("Event log\n{{ peak_events }}", href="#let-the-session-count")
    job = Worker("Stream job", href="#let-the-session-count", color="accent")
    row = Store("Member's row", href="#let-the-session-count")
    ranking = Service("Ranking", href="#let-the-session-count")
    exposure = Files("Exposure log\n{{ exposure_daily }}", href="#let-the-session-count")
    training = Worker("Training", href="#let-the-session-count")
    page >> Edge(label="1 report") >> log
    log >> Edge(label="2") >> job
    job >> Edge(label="2 update") >> row
    page >> Edge(label="ask") >> ranking
    ranking >> Edge(label="3 read", minlen="0") >> row
    ranking >> Edge(label="4 what was served") >> exposure
    exposure >> Edge(label="5", minlen="0") >> training

with Architecture(
    "final",
    direction="TB",
    title="The recommendations, complete",
    description="A page asks the front for a list. The front finds the member's arms and asks the ranker, which reads "
    "the member's features from the online store, asks retrieval for candidates, ranks them and arranges the list. "
    "What was served goes to the event log, and so does what came of it. The stream job updates features in the "
    "online store and in the rankers. The counting job counts by window into the measure store. Training joins "
    "exposures with labels from the files to which the log is copied, and gives a model to the registry, which hands "
    "it, with the index of its tower, to shadow, canary and all. The skew check computes features of served lists "
    "again. Offline store and warehouse are left out.",
):
    page = Client("Page\n{{ peak_requests }}", href="#the-final-design")
    with Group("Within {{ page_latency }}"):
        retrieval = Search("Retrieval\n{{ index_size }} index", href="#retrieval_1")
        front = Gateway("Front\narms, deadline", href="#front")
        ranker = Service("Ranker\n{{ gpus }} accelerators", href="#ranker", color="accent")
        online = Store("Online store\n{{ store_size }}", href="#online-store")
    with Group("Within seconds"):
        counting = Worker("Counting job", href="#counting-job")
        log = Stream("Event log\n{{ log_bytes }}", href="#event-log")
        job = Worker("Stream job", href="#stream-job")
    with Group("Up to a day"):
        measures = Monitor("Measure store", href="#measure-store")
        check = Worker("Skew check", href="#skew-check")
        training = Worker("Training", href="#training")
        registry = Model("Registry", href="#registry")
    page >> Edge(label="1 ask") >> front
    front >> Edge(label="2") >> ranker
    ranker >> Edge(label="3 read", minlen="0") >> online
    retrieval << Edge(label="4 find", minlen="0") << ranker
    ranker >> Edge(label="5 served") >> log
    page >> Edge(label="6 seen, clicked", constraint="false") >> log
    log >> Edge(label="7", minlen="0") >> job
    job >> Edge(label="7 update", constraint="false") >> online
    job >> Edge(label="7 items", constraint="false") >> ranker
    counting << Edge(label="8", minlen="0") << log
    counting >> Edge(label="8") >> measures
    log >> Edge(label="9") >> training
    log >> Edge(label="11") >> check
    training >> Edge(label="9", minlen="0") >> registry
    registry >> Edge(label="10 model", style="dashed", constraint="false") >> ranker

with Architecture(
    "data",
    title="What is stored, by which key",
    description="The online store has one row for each member. The offline store keeps each change with two times, "
    "until when it covers events and from when it could be read. The exposure log has a record for each list, by day "
    "and member. The measure store has a row for each minute and group, with a revision. The stream job writes both "
    "sides of the features, the ranker the exposures, the counting job the measures.",
):
    job = Worker("Stream job", href="#keys-and-partitions")
    ranker = Service("Ranker", href="#keys-and-partitions")
    counting = Worker("Counting job", href="#keys-and-partitions")
    with Group("Features"):
        online = Store("Online store\nkey: member", href="#keys-and-partitions", color="accent")
        offline = Files("Offline store\nkey: member, time", href="#keys-and-partitions")
    with Group("What happened"):
        exposure = Files("Exposure log\nkey: day, member", href="#keys-and-partitions")
        measures = Store("Measures\nkey: minute, group", href="#keys-and-partitions")
    job >> Edge(label="newest") >> online
    job >> Edge(label="changes, with times") >> offline
    ranker >> Edge(label="what was served") >> exposure
    counting >> Edge(label="highest revision") >> measures

with Architecture(
    "failover",
    title="Two regions that both serve",
    description="Each region has fronts, rankers, an online store and an event log, and can carry all members. The "
    "event logs are copied to each other with a small lag. Stream jobs run in both regions over both logs, so both "
    "online stores hold all members. Counting runs in one region at a time. When a region is lost, its members are "
    "routed to the other.",
):
    routing = Gateway("Routing", href="#losing-a-region")
    with Group("Region A"):
        front_a = Gateway("Fronts A", href="#losing-a-region")
        ranker_a = Service("Rankers A", href="#losing-a-region")
        online_a = Store("Online store A", href="#losing-a-region")
        log_a = Stream("Event log A", href="#losing-a-region")
    with Group("Region B"):
        front_b = Gateway("Fronts B", href="#losing-a-region")
        ranker_b = Service("Rankers B", href="#losing-a-region")
        online_b = Store("Online store B", href="#losing-a-region")
        log_b = Stream("Event log B", href="#losing-a-region")
    front_a >> ranker_a >> online_a
    front_b >> ranker_b >> online_b
    ranker_a >> log_a
    ranker_b >> log_b
    routing >> Edge(label="its members") >> front_a
    routing >> Edge(label="all, if A is lost") >> front_b
    log_a >> Edge(label="copied", direction="both", style="dashed", constraint="false") >> log_b
