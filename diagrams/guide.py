"""The architecture diagrams of the Netflix interview guide. Draw them alone with `python diagrams/guide.py`."""

from handbook.drawing import (
    Architecture,
    Cache,
    Cdn,
    Client,
    Device,
    Edge,
    External,
    Files,
    Gateway,
    Group,
    Model,
    Monitor,
    Person,
    Queue,
    Scheduler,
    Search,
    Service,
    Store,
    Stream,
    Warehouse,
    Worker,
)

with Architecture(
    "hour",
    direction="TB",
    title="The hour, in six steps",
    description="Six steps follow one another. Clarify hands three objectives to the estimate, the estimate hands "
    "sizes to the sketch, the sketch offers parts to go deep into, the deep dive is broken on purpose, and what was "
    "decided is repeated in the close.",
):
    clarify = Person("Clarify", href="#how-the-hour-runs")
    estimate = Monitor("Estimate", href="#how-the-hour-runs")
    sketch = Service("Sketch", href="#how-the-hour-runs")
    deep = Search("Deep dive", href="#how-the-hour-runs", color="accent")
    broken = Worker("Breaking", href="#how-the-hour-runs")
    close = Person("Close", href="#how-the-hour-runs")
    clarify >> Edge(label="objectives", minlen="0") >> estimate
    estimate >> Edge(label="sizes", minlen="0") >> sketch
    sketch >> Edge(label="one part") >> deep
    broken << Edge(label="fallbacks", minlen="0") << deep
    close << Edge(label="decisions", minlen="0") << broken

with Architecture(
    "context",
    title="Who talks to the service",
    description="Members use devices. Devices talk to the gateway, the only door into the cloud, and fetch video from "
    "the caches of the delivery network. Studios and rights systems feed the catalogue. What devices report passes "
    "the gateway to the event log.",
):
    member = Person("Member\nand a child's profile", href="#what-is-out")
    devices = Device("Devices\n{{ peak_streams }} play", href="#what-is-out")
    gateway = Gateway("Gateway\n{{ gateway_sum }}", href="#what-is-out", color="accent")
    caches = Cdn("Caches\n{{ peak_traffic }}", href="#what-is-out")
    studios = External("Studios and rights", href="#what-is-out")
    log = Stream("Event log\n{{ pipeline_peak }}", href="#what-is-out")
    catalogue = Store("Catalogue\n{{ catalogue_size }}", href="#what-is-out")
    member >> devices
    devices >> Edge(label="all requests") >> gateway
    caches >> Edge(label="video") >> devices
    gateway >> Edge(label="what happened") >> log
    gateway >> Edge(label="look up") >> catalogue
    studios >> Edge(label="titles, rights") >> catalogue

with Architecture(
    "derivation",
    direction="TB",
    title="From hours watched to everything else",
    description="The hours watched, over the length of the half-year, give the streams. Streams over the length of a "
    "start give the starts. Streams times the bit rate give the traffic. Streams times their reports give the events "
    "of devices, to which homepage loads add theirs. Homepage loads come from active members, not from streams.",
):
    hours = Monitor("Hours watched\n{{ viewing_half_year }} in a half-year", href="#estimate-load-and-failure-zones")
    streams = Device("Streams\n{{ peak_streams }} at peak", href="#estimate-load-and-failure-zones", color="accent")
    actives = Person("Active members\n{{ daily_active }} a day", href="#estimate-load-and-failure-zones")
    starts = Service("Starts\n{{ peak_starts }}", href="#estimate-load-and-failure-zones")
    traffic = Cdn("Traffic\n{{ peak_traffic }}", href="#estimate-load-and-failure-zones")
    events = Stream("Events of devices\n{{ peak_events }}", href="#estimate-load-and-failure-zones")
    loads = Client("Homepage loads\n{{ peak_home }}", href="#estimate-load-and-failure-zones")
    hours >> Edge(label="÷ half-year, × peak") >> streams
    actives >> Edge(label="× loads a day") >> loads
    streams >> Edge(label="÷ length") >> starts
    streams >> Edge(label="× bit rate") >> traffic
    streams >> Edge(label="× reports") >> events
    loads >> Edge(label="× events") >> events

with Architecture(
    "planes",
    title="Two planes that touch in few places",
    description="The device talks to both planes. To the control plane, in the cloud, it speaks when something is to "
    "be decided: the page, the start. From the data plane, in the networks of the providers, it fetches video all "
    "evening. The control plane tells the data plane beforehand which titles to hold, and hears how its caches are. "
    "The device plays on without the control plane, or without any one cache.",
):
    device = Device("Device\nplays on alone", href="#high-level-architecture", color="accent")
    with Group("Cloud regions"):
        control = Service("Control plane\nstarts: {{ peak_starts }}", href="#high-level-architecture")
    with Group("Networks of providers"):
        data = Cdn("Data plane\nsegments: {{ segment_rate }}", href="#high-level-architecture")
    device >> Edge(label="decide") >> control
    data >> Edge(label="send") >> device
    control >> Edge(label="titles at night, health back", style="dashed", direction="both") >> data

with Architecture(
    "system",
    direction="TB",
    title="The service, complete",
    description="The device asks the gateway for a homepage. The gateway passes it to personalisation, which takes "
    "stored rows from the page cache and fills in names from metadata. When the member presses play, the gateway "
    "passes it to the playback service, which asks steering for edge caches; the device then asks the licence service, "
    "through the gateway. It fetches segments from edge caches and reports everything through the gateway to "
    "collectors, which write the event log. Recommendations read it, and write rows into the page cache.",
):
    device = Device("Device\n{{ peak_streams }} play", href="#one-evening-followed")
    caches = Cdn("Edge cache\n{{ peak_traffic }}", href="#one-evening-followed")
    gateway = Gateway("Gateway", href="#one-evening-followed", color="accent")
    with Group("Page"):
        rows = Cache("Cache\nstored rows", href="#one-evening-followed")
        person = Service("Personalisation\n{{ peak_home }}", href="#one-evening-followed")
        meta = Store("Metadata\nin memory", href="#one-evening-followed")
    with Group("Start"):
        licence = Service("Licence", href="#one-evening-followed")
        play = Service("Playback\n{{ peak_starts }}", href="#one-evening-followed")
        steering = Service("Steering", href="#one-evening-followed")
    with Group("Later"):
        collectors = Gateway("Collectors", href="#one-evening-followed")
        log = Stream("Event log\n{{ pipeline_peak }}", href="#one-evening-followed")
        recs = Model("Recommendations", href="#one-evening-followed")
    device >> Edge(label="1 page") >> gateway
    device >> Edge(label="7 segments", minlen="0") >> caches
    gateway >> Edge(label="2") >> person
    person >> Edge(label="3") >> rows
    person >> Edge(label="4") >> meta
    gateway >> Edge(label="5 play") >> play
    gateway >> Edge(label="6 keys") >> licence
    play >> Edge(label="6") >> steering
    gateway >> Edge(label="8 reports", minlen="4") >> collectors
    log << Edge(label="8", minlen="0") << collectors
    recs << Edge(label="9", minlen="0") << log
    recs >> Edge(label="9 rows", constraint="false") >> rows

with Architecture(
    "stages",
    direction="TB",
    title="Recommendations: from what was seen to what is shown",
    description="The event log feeds training. Training writes vectors into the feature store. Candidate sources read "
    "them and pass candidates to the ranker, which scores them when a page is asked for. The page builder turns "
    "scores into rows, and what it showed goes back into the event log.",
):
    log = Stream("Event log", href="#recommendations")
    training = Scheduler("Training\ndaily", href="#recommendations")
    features = Store("Feature store\n{{ profile_vectors }}", href="#recommendations")
    sources = Search("Candidate sources\n{{ scan_time }} for a scan", href="#recommendations")
    ranker = Model("Ranker\n{{ rankers }} servers", href="#recommendations", color="accent")
    page = Service("Page builder", href="#recommendations")
    log >> Edge(label="learn", minlen="0") >> training
    training >> Edge(label="vectors", minlen="0") >> features
    features >> Edge(label="read") >> sources
    page << Edge(label="scores", minlen="0") << ranker
    ranker << Edge(label="candidates", minlen="0") << sources
    page >> Edge(label="what was shown", style="dashed", constraint="false") >> log

with Architecture(
    "catalogue",
    direction="TB",
    title="A catalogue version is a deployment",
    description="Studios and rights systems write into the source database. A builder makes a complete, numbered "
    "version and puts it into the version store. A canary serves a share of real starts with it. If starts hold up, "
    "the announcement moves to the new number, and every instance loads the difference and switches in one step.",
):
    with Group("Made"):
        source = Store("Source database", href="#metadata")
        builder = Worker("Builder\nchecks, numbers", href="#metadata")
        versions = Files("Version store\n{{ catalogue_size }} each", href="#metadata")
    studios = External("Studios", href="#metadata")
    with Group("Used"):
        canary = Service("Canary\nreal starts", href="#metadata", color="accent")
        pointer = Scheduler("Announcement\nthe number in force", href="#metadata")
        instances = Service("Instance\nall in memory", href="#metadata")
    studios >> Edge(label="1 write") >> source
    source >> Edge(label="2", minlen="0") >> builder
    builder >> Edge(label="3", minlen="0") >> versions
    versions >> Edge(label="4 try") >> canary
    pointer << Edge(label="5", minlen="0") << canary
    instances << Edge(label="6", minlen="0") << pointer

with Architecture(
    "faults",
    direction="TB",
    title="A fault that stays small",
    description="The edge gateway decides by the profile whether a request belongs to an experiment, and writes the "
    "fault into the request's context. The client library in a service reads the context, and waits or fails instead "
    "of calling the dependency. Both groups report to the event log. The experiment controller compares them and ends "
    "the experiment when members suffer.",
):
    gateway = Gateway("Edge gateway\nwho is in it", href="#logging-and-chaos")
    service = Service("Service", href="#logging-and-chaos")
    library = Service("Client library\nin the service", href="#logging-and-chaos", color="accent")
    dependency = Service("Dependency", href="#logging-and-chaos")
    log = Stream("Event log", href="#logging-and-chaos")
    controller = Monitor("Controller\nof the experiment", href="#logging-and-chaos")
    gateway >> Edge(label="1 context", minlen="0") >> service
    service >> Edge(label="2 asks") >> library
    library >> Edge(label="3 wait or fail") >> dependency
    log << Edge(label="4 both groups", minlen="0") << library
    log >> Edge(label="5 compare") >> controller

with Architecture(
    "caches",
    title="Four places to keep a page",
    description="The device keeps the last page. The edge network keeps what millions share. For what is personal the "
    "device asks the page service, which reads the rows of a profile from the page cache, fills in names from its "
    "service memory, and asks the stores on a miss.",
):
    device = Device("Device\nthe last page", href="#four-places-to-keep-a-page")
    edge = Cdn("Edge network\nartwork, fallback pages", href="#four-places-to-keep-a-page")
    service = Service("Page service", href="#four-places-to-keep-a-page")
    pages = Cache("Page cache\n{{ page_store }}, all regions", href="#four-places-to-keep-a-page", color="accent")
    memory = Files("Service memory\n{{ catalogue_size }} each", href="#four-places-to-keep-a-page")
    stores = Store("Stores\nright and slow", href="#four-places-to-keep-a-page")
    device >> Edge(label="shared") >> edge
    device >> Edge(label="personal") >> service
    service >> Edge(label="rows") >> pages
    service >> Edge(label="names") >> memory
    service >> Edge(label="miss") >> stores

with Architecture(
    "regions",
    direction="TB",
    title="Every region serves, and any can be left",
    description="A device asks name resolution, which answers with a region. The request reaches the gateway of "
    "region A, which serves it or passes it on to the gateway of region B. The stores of the regions copy to each "
    "other. The traffic controller watches starts in each region and moves shares of members, at the gateways and in "
    "the names.",
):
    device = Device("Device", href="#active-active")
    names = Scheduler("Name resolution", href="#active-active")
    controller = Monitor("Traffic controller\nwatches starts", href="#active-active", color="accent")
    with Group("A, {{ region_share }}"):
        gateway_a = Gateway("Region A\ngateway", href="#active-active")
        store_a = Store("Stores", href="#active-active")
    with Group("B"):
        gateway_b = Gateway("Region B\ngateway", href="#active-active")
        store_b = Store("Stores", href="#active-active")
    device >> Edge(label="1 where?", minlen="0") >> names
    controller >> Edge(label="5 move", minlen="0", dir="back", style="dashed") >> names
    controller >> Edge(label="5", style="dashed", constraint="false") >> gateway_a
    device >> Edge(label="2") >> gateway_a
    gateway_a >> Edge(label="3 pass on", minlen="0") >> gateway_b
    gateway_a >> store_a
    gateway_b >> store_b
    store_a >> Edge(label="4 copies", direction="both", minlen="0", style="dashed") >> store_b

with Architecture(
    "ladder",
    direction="TB",
    title="The ladder: what is given up, in which order",
    description="Two ladders, from the best to the worst. Finding: everything fresh, then stored rows without ranking, "
    "then the country's rows at the right maturity, then a static page from the edge network. Playing: the second "
    "cache, then a lower bit rate, then a kept manifest, and at last only what plays goes on to its end.",
):
    with Group("Finding"):
        fresh = Model("Everything fresh", href="#the-degradation-ladder", color="accent")
        stored = Cache("Stored rows", href="#the-degradation-ladder")
        country = Store("Country rows", href="#the-degradation-ladder")
        static = Cdn("Static page", href="#the-degradation-ladder")
    with Group("Playing"):
        second = Cdn("Second cache", href="#the-degradation-ladder", color="accent")
        lower = Stream("Lower bit rate", href="#the-degradation-ladder")
        kept = Files("Kept manifest", href="#the-degradation-ladder")
        playing = Device("Playing on\n{{ peak_streams }}", href="#the-degradation-ladder")
    fresh >> Edge(label="ranker late") >> stored
    stored >> Edge(label="cache lost") >> country
    country >> Edge(label="no pages") >> static
    second >> Edge(label="all slow") >> lower
    lower >> Edge(label="no cloud") >> kept
    kept >> Edge(label="no starts") >> playing

with Architecture(
    "signals",
    title="From a stalled picture to a person",
    description="Devices report starts and stalls, services report metrics, traces and logs, all with the session's "
    "number. A stream evaluator compares what passes with what the minute usually has, and wakes the person on duty. "
    "Everything is kept in the metrics store and the trace store for whoever looks closer.",
):
    device = Device("Device\nstarts, stalls", href="#signals-for-each-subsystem")
    services = Service("Services", href="#signals-for-each-subsystem")
    evaluator = Monitor("Stream evaluator", href="#signals-for-each-subsystem", color="accent")
    person = Person("Person on duty", href="#signals-for-each-subsystem")
    metrics = Warehouse("Metrics store", href="#signals-for-each-subsystem")
    traces = Store("Trace store\nby session", href="#signals-for-each-subsystem")
    device >> Edge(label="1") >> evaluator
    services >> Edge(label="2") >> evaluator
    evaluator >> Edge(label="3 unlike last week?", constraint="false") >> evaluator
    evaluator >> Edge(label="4 wake") >> person
    evaluator >> Edge(label="5") >> metrics
    evaluator >> Edge(label="5") >> traces

with Architecture(
    "curveball",
    direction="TB",
    title="A change in the middle, in five moves",
    description="Repeat the change until both mean the same. Mark what stays. Find what breaks, with a number. Give a "
    "first step that could ship soon, and a later step with what must be learnt before it.",
):
    repeat = Person("Repeat the change", href="#curveballs")
    stays = Service("What stays", href="#curveballs")
    breaks = Worker("What breaks", href="#curveballs", color="accent")
    first = Scheduler("First step", href="#curveballs")
    later = Scheduler("Later step", href="#curveballs")
    repeat >> Edge(minlen="0") >> stays
    stays >> Edge(label="a number", minlen="0") >> breaks
    breaks >> Edge(label="soon") >> first
    later << Edge(label="learn", minlen="0") << first

with Architecture(
    "homepage",
    direction="TB",
    title="Homepage feed: composed under a deadline",
    description="The device asks the gateway, which asks the page builder with a deadline. The builder reads stored "
    "rows, asks the ranker to order the first rows anew, reads viewing history, fills in names and rights from the "
    "catalogue, and answers with the first screen. If it is late, the gateway serves the fallback page.",
):
    device = Device("Device", href="#approach-to-the-homepage")
    gateway = Gateway("Gateway\n{{ peak_home }}", href="#approach-to-the-homepage")
    fallback = Cdn("Fallback page", href="#approach-to-the-homepage")
    builder = Service("Page builder", href="#approach-to-the-homepage", color="accent")
    catalogue = Store("Catalogue\nin memory", href="#approach-to-the-homepage")
    with Group("Read and ranked"):
        rows = Cache("Stored rows\n{{ page_store }}", href="#approach-to-the-homepage")
        ranker = Model("Ranker\n{{ rankers }} servers", href="#approach-to-the-homepage")
        history = Store("Viewing history", href="#approach-to-the-homepage")
    device >> Edge(label="1") >> gateway
    gateway >> Edge(label="8 too late", minlen="0") >> fallback
    gateway >> Edge(label="2") >> builder
    builder >> Edge(label="6", minlen="0") >> catalogue
    builder >> Edge(label="7 first screen", style="dashed", constraint="false") >> gateway
    builder >> Edge(label="3") >> rows
    builder >> Edge(label="4") >> ranker
    builder >> Edge(label="5") >> history

with Architecture(
    "playback",
    direction="TB",
    title="Video playback: ask once, then live alone",
    description="The player asks playback, which checks rights in the catalogue, asks stream counting and steering, "
    "and answers with the manifest. The player has keys issued by the licence service, fetches segments from cache "
    "one or cache two, and reports to the collectors.",
):
    one = Cdn("Cache one", href="#approach-to-playback")
    player = Device("Player\n{{ buffer }} ahead", href="#approach-to-playback", color="accent")
    two = Cdn("Cache two", href="#approach-to-playback")
    licence = Service("Licence service", href="#approach-to-playback")
    play = Service("Playback\n{{ peak_starts }}", href="#approach-to-playback")
    collectors = Gateway("Collectors", href="#approach-to-playback")
    with Group("Asked by playback"):
        catalogue = Store("Catalogue\nrights", href="#approach-to-playback")
        counting = Service("Stream counting", href="#approach-to-playback")
        steering = Service("Steering\nroutes, health", href="#approach-to-playback")
    one << Edge(label="6", minlen="0") << player
    player >> Edge(label="6 slow", minlen="0") >> two
    player >> Edge(label="1 title") >> play
    player >> Edge(label="5") >> licence
    player >> Edge(label="7") >> collectors
    play >> Edge(label="2") >> catalogue
    play >> Edge(label="3") >> counting
    play >> Edge(label="4") >> steering

with Architecture(
    "events",
    direction="TB",
    title="Event logging: one writer's log, many readers'",
    description="Devices send batches to collectors, which write to the fronting log. Routers sort by kind into the "
    "logs of readers. Stream processors read those, the lake receives files. What cannot be read goes to the dead "
    "letters.",
):
    devices = Device("Devices\n{{ peak_events }}", href="#approach-to-event-logging")
    collectors = Gateway("Collectors\n{{ device_requests }}", href="#approach-to-event-logging")
    fronting = Stream("Fronting log\n{{ partitions }} partitions", href="#approach-to-event-logging", color="accent")
    routers = Worker("Routers", href="#approach-to-event-logging")
    with Group("Readers"):
        processors = Worker("Stream processors", href="#approach-to-event-logging")
        lake = Warehouse("Lake", href="#approach-to-event-logging")
        dead = Queue("Dead letters", href="#approach-to-event-logging")
    devices >> Edge(label="1 batches", minlen="0") >> collectors
    collectors >> Edge(label="2", minlen="0") >> fronting
    fronting >> Edge(label="3") >> routers
    routers >> Edge(label="4") >> processors
    routers >> Edge(label="5") >> lake
    routers >> Edge(label="6") >> dead

with Architecture(
    "recommend",
    direction="TB",
    title="Recommendations: one definition of a feature, two uses",
    description="The event log feeds feature jobs. Training joins features with events and makes models, which checks "
    "try before they are published. When a page is asked for, the feature store serves the same features, the "
    "candidate service scans the titles, the ranker scores, and the page builder logs what it showed.",
):
    log = Stream("Event log", href="#approach-to-recommendations")
    with Group("Offline"):
        jobs = Worker("Feature jobs", href="#approach-to-recommendations")
        training = Scheduler("Training", href="#approach-to-recommendations")
        checks = Monitor("Checks", href="#approach-to-recommendations")
    with Group("Online"):
        features = Store("Feature store\n{{ profile_vectors }}", href="#approach-to-recommendations")
        candidates = Search("Candidate service\n{{ scan_time }}", href="#approach-to-recommendations")
        ranker = Model("Ranker\n{{ score_rate }}", href="#approach-to-recommendations", color="accent")
        page = Service("Page builder", href="#approach-to-recommendations")
    log >> Edge(label="1") >> jobs
    jobs >> Edge(label="2", minlen="0") >> training
    training >> Edge(label="3", minlen="0") >> checks
    jobs >> Edge(label="4") >> features
    features >> Edge(label="5", minlen="0") >> candidates
    candidates >> Edge(label="6", minlen="0") >> ranker
    ranker >> Edge(label="7", minlen="0") >> page
    checks >> Edge(label="publish", style="dashed") >> ranker
