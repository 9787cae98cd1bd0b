"""The architecture diagrams of the email platform. Draw them alone with `python diagrams/email-platform.py`."""

from handbook.drawing import (
    Architecture,
    Cache,
    Client,
    Edge,
    External,
    Gateway,
    Group,
    Model,
    Monitor,
    Person,
    Queue,
    Scheduler,
    Service,
    Store,
    Stream,
    Warehouse,
    Worker,
)

with Architecture(
    "context",
    title="Who talks to the email platform",
    description="The platform stands between those who want a message sent and the mailbox providers that accept or "
    "refuse it. Product services send events such as a new sign-in. Marketers start campaigns. The platform hands "
    "messages to mailbox providers, which deliver them to members and send back bounces and complaints. Members open, "
    "click and unsubscribe. Everything that happens becomes an event that support and analysts can query.",
):
    products = Service("Product services\nsign-in, billing, titles", href="#functional")
    marketers = Person("Marketers\ncampaigns", href="#functional")
    platform = Service("Email platform\n{{ peak_rate }} at peak", href="#the-final-design", color="accent")
    providers = External("Mailbox providers\n{{ provider_share }} with the largest", href="#a-lane-for-each-provider")
    members = Client("Members\n{{ reachable }} reachable", href="#who-may-be-mailed")
    analysts = Monitor("Support and analysts", href="#delivery-events")
    products >> Edge(label="events") >> platform
    marketers >> Edge(label="campaigns") >> platform
    platform >> Edge(label="messages") >> providers
    providers >> Edge(label="mail") >> members
    providers >> Edge(label="bounces, complaints", style="dashed") >> platform
    platform >> Edge(label="delivery events") >> analysts

with Architecture(
    "start",
    title="Start: send inside the request",
    description="The simplest thing that works. A product service calls one mail service, which reads the member's "
    "address from a database, renders the message and speaks to the mailbox provider before it answers. The caller "
    "waits for the slowest provider, and a crash between sending and answering sends twice.",
):
    caller = Service("Product service", href="#send-inside-the-request")
    mailer = Service("Mail service\nrenders and sends", href="#send-inside-the-request", color="accent")
    members_table = Store("Members", href="#send-inside-the-request")
    provider = External("Mailbox provider", href="#send-inside-the-request")
    caller >> Edge(label="1 send") >> mailer
    mailer >> Edge(label="2 address") >> members_table
    mailer >> Edge(label="3 SMTP, {{ smtp_time }}") >> provider

with Architecture(
    "log",
    direction="TB",
    title="Step one: a log between asking and sending",
    description="The mail service now only checks the request and appends it to a durable log, then answers. Workers "
    "read the log and send. A slow provider makes the log longer instead of making callers wait. But one log is one "
    "line: when the largest provider slows down, mail for every other provider waits behind it.",
):
    caller = Service("Product service", href="#a-log-between-asking-and-sending")
    intake = Gateway("Intake\nchecks, answers", href="#a-log-between-asking-and-sending")
    log = Stream("Request log", href="#a-log-between-asking-and-sending", color="accent")
    workers = Worker("Workers\n{{ servers }}", href="#a-log-between-asking-and-sending")
    provider = External("Mailbox providers", href="#a-log-between-asking-and-sending")
    caller >> Edge(label="1 send", minlen="0") >> intake
    intake >> Edge(label="2 append", minlen="0") >> log
    log >> Edge(label="3 take") >> workers
    provider << Edge(label="4 SMTP", minlen="0") << workers

with Architecture(
    "lanes",
    title="Step two: a lane for each provider",
    description="A router splits the work by mailbox provider and by urgency. Each provider has two lanes, one for "
    "transactional mail and one for campaigns, each with its own token bucket and its own workers. The largest "
    "provider can slow down without holding up anybody else, and a sign-in code never waits behind a campaign.",
):
    log = Stream("Request log", href="#a-lane-for-each-provider")
    router = Worker("Router\nby provider, urgency", href="#a-lane-for-each-provider", color="accent")
    with Group("Largest provider"):
        fast_a = Queue("Transactional", href="#a-lane-for-each-provider")
        slow_a = Queue("Campaigns\n{{ provider_rate }}", href="#a-lane-for-each-provider")
    with Group("Every other provider"):
        fast_b = Queue("Transactional", href="#a-lane-for-each-provider")
        slow_b = Queue("Campaigns", href="#a-lane-for-each-provider")
    senders = Worker("Senders\na token bucket a lane", href="#a-lane-for-each-provider")
    log >> Edge(label="1 take") >> router
    router >> Edge(label="2 route") >> [fast_a, slow_a, fast_b, slow_b]
    for lane in (fast_a, slow_a, fast_b, slow_b):
        lane >> Edge(label="3" if lane is fast_a else "") >> senders

with Architecture(
    "final",
    direction="TB",
    title="The email platform, complete",
    description="Product services and marketers hand requests to the intake, which appends them to the request log. "
    "The audience service turns a campaign into one request for each member. The policy service decides for each "
    "member whether, when and how to send, asking consent and suppression and the timing model. Planned messages go "
    "to the lanes, one pair for each mailbox provider. A sender takes a message when the lane's token bucket allows "
    "it, claims it in the message store, checks suppression once more, renders and signs it, and delivers it. Every "
    "answer becomes an event. Feedback from providers and members becomes events as well, and the events feed the "
    "warehouse and the alerts.",
):
    products = Service("Product services", href="#intake")
    marketers = Person("Marketers", href="#intake")
    with Group("Ask"):
        intake = Gateway("Intake", href="#intake")
        requests = Stream("Request log", href="#intake")
        audience = Scheduler("Audience\nin slices", href="#audience")
    with Group("Decide"):
        policy = Service("Policy\nwhether, when", href="#policy")
        suppression = Store("Suppression\n{{ suppressed }}", href="#who-may-be-mailed")
        model = Model("Timing\nlearned", href="#where-a-model-helps")
    with Group("Send"):
        lanes = Queue("Lanes\na pair a provider", href="#lanes")
        senders = Worker("Senders\n{{ servers }}", href="#senders", color="accent")
        messages = Store("Message store\nclaims, state", href="#senders")
    providers = External("Mailbox providers", href="#senders")
    with Group("Learn"):
        feedback = Gateway("Feedback\nbounces, clicks", href="#feedback")
        events = Stream("Event log\n{{ event_rate }}", href="#delivery-events")
        warehouse = Warehouse("Warehouse", href="#delivery-events")
    products >> Edge(label="1 send") >> intake
    marketers >> Edge(label="1 campaign") >> intake
    intake >> Edge(label="2 append", minlen="0") >> requests
    requests >> Edge(label="3 expand", minlen="0") >> audience
    requests >> Edge(label="4 single") >> policy
    audience >> Edge(label="4 slices") >> policy
    policy >> Edge(label="5", style="dashed", minlen="0") >> model
    suppression << Edge(label="5", minlen="0") << policy
    policy >> Edge(label="6 plan") >> lanes
    senders << Edge(label="7 take", minlen="0") << lanes
    messages << Edge(label="8 claim", minlen="0") << senders
    senders >> Edge(label="9 deliver") >> providers
    senders >> Edge(label="10 outcome") >> events
    providers >> Edge(label="11", style="dashed", minlen="0") >> feedback
    feedback >> Edge(label="11", minlen="0") >> events
    events >> Edge(label="12", minlen="0") >> warehouse

with Architecture(
    "data",
    title="What is stored, by which key",
    description="Four kinds of data with four access patterns. The request log and the lanes are partitioned so that "
    "order matters only within a member. The message store is keyed by message, so that a claim touches one row. "
    "Suppression is keyed by scope and a hash of the address, with a Bloom filter in each sender that answers "
    "most look-ups. Events are partitioned by time and message for support and for training.",
):
    sender = Worker("Sender", href="#keys-and-partitions")
    with Group("In the sender's memory"):
        bloom = Cache("Bloom filter\n{{ filter_size }}", href="#keys-and-partitions")
    with Group("Kept"):
        suppression = Store("Suppression\nkey: scope, hash", href="#keys-and-partitions")
        messages = Store("Message store, {{ record_storage }}\nkey: message id", href="#keys-and-partitions")
        events = Stream("Events, {{ event_storage }}\nkey: message id, by day", href="#keys-and-partitions")
    sender >> Edge(label="1 claim once") >> messages
    sender >> Edge(label="2 ask") >> bloom
    bloom >> Edge(label="3 only if maybe") >> suppression
    sender >> Edge(label="4 append") >> events

with Architecture(
    "learn",
    direction="TB",
    title="How the policy learns when to write",
    description="A loop. The policy reads features and asks the timing model, decides, sometimes at random, and logs "
    "what it decided with its probability. A day later outcomes are joined to the log. The training pipeline builds "
    "examples from what was known at the time of each decision, trains a candidate and judges it on the random share. "
    "The registry holds the versions, and a canary takes a share of members before the policy loads a version for all.",
):
    with Group("In the moment"):
        features = Store("Feature store\n{{ feature_storage }}", href="#where-a-model-helps")
        policy = Service("Policy\n{{ decision_rate }}", href="#where-a-model-helps", color="accent")
        model = Model("Timing model", href="#where-a-model-helps")
    log = Stream("Decision log", href="#where-a-model-helps")
    events = Stream("Event log", href="#where-a-model-helps")
    with Group("Every week"):
        training = Worker("Training", href="#where-a-model-helps")
        registry = Store("Registry\nversions, canary", href="#where-a-model-helps")
    features << Edge(label="1", minlen="0") << policy
    policy >> Edge(label="2", minlen="0") >> model
    policy >> Edge(label="3 log") >> log
    log << Edge(label="4 outcomes", minlen="0") << events
    log >> Edge(label="5 as of then") >> training
    training >> Edge(label="6 judge", minlen="0") >> registry
    registry >> Edge(label="7 canary", constraint="false") >> model

with Architecture(
    "failover",
    title="Two regions, one owner for each member",
    description="Each member belongs to a home region, which alone plans and claims that member's messages. Request "
    "logs and the message store are copied to the other region with a small lag. When a region is lost, the control "
    "plane moves ownership; the surviving region first waits out the lag bound, then takes over the lanes. Claims that "
    "had not been copied may be sent twice, and a bounded number of them is accepted.",
):
    control = Scheduler("Ownership\nwho is home where", href="#losing-a-region")
    with Group("Region A"):
        log_a = Stream("Request log A", href="#losing-a-region")
        senders_a = Worker("Senders A", href="#losing-a-region")
        store_a = Store("Message store A", href="#losing-a-region")
    with Group("Region B"):
        log_b = Stream("Request log B", href="#losing-a-region")
        senders_b = Worker("Senders B", href="#losing-a-region")
        store_b = Store("Message store B", href="#losing-a-region")
    providers = External("Mailbox providers", href="#losing-a-region")
    control >> Edge(style="dashed") >> log_a
    control >> Edge(style="dashed") >> log_b
    log_a >> senders_a >> store_a
    log_b >> senders_b >> store_b
    store_a >> Edge(label="copied", direction="both", style="dashed", constraint="false") >> store_b
    senders_a >> providers
    senders_b >> providers
