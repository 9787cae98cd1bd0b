"""The architecture diagrams of the chat for Netflix. Draw them alone with `python diagrams/netflix-chat.py`."""

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
    title="Who talks to the chat system",
    description="Members use the chat from televisions, phones and browsers over connections that stay open. The "
    "identity service says who they are and playback says what they watch. The push services of the phone makers wake "
    "members who are away. The safety team receives reports and takes messages back.",
):
    members = Client("Members\n{{ connections }}", href="#the-question")
    chat = Service("Chat system\n{{ peak_sends }} sent at peak", href="#the-final-design", color="accent")
    identity = Service("Identity service", href="#sessions")
    playback = Service("Playback", href="#watching-together-in-step")
    push = External("Push services", href="#push-workers")
    safety = Person("Safety team", href="#review-and-search")
    members >> Edge(label="talk", direction="both") >> chat
    chat >> Edge(label="who is it?") >> identity
    playback >> Edge(label="title, position", style="dashed") >> chat
    chat >> Edge(label="wake") >> push
    chat >> Edge(label="reports") >> safety

with Architecture(
    "start",
    title="Start: ask every few seconds",
    description="The simplest thing that works. Every client asks the chat service every few seconds whether there is "
    "something new, and the service reads the messages table. Nearly all answers are empty, and a message is late by "
    "up to the interval.",
):
    client = Client("Client", href="#ask-every-few-seconds")
    service = Service("Chat service\n{{ poll_servers }}", href="#ask-every-few-seconds", color="accent")
    table = Store("Messages table", href="#ask-every-few-seconds")
    client >> Edge(label="1 anything new?") >> service
    service >> Edge(label="2 read") >> table

with Architecture(
    "sockets",
    title="Step one: hold the connection",
    description="Clients hold a connection to a gateway. A message goes through the gateway to the chat service, "
    "which stores it and publishes it to a bus. Every gateway hears every message and passes on what its own clients "
    "need. Messages arrive at once, but each gateway does work for all of them, and two chat servers can store two "
    "messages in one order and publish them in the other.",
):
    client = Client("Client", href="#hold-the-connection")
    gateway = Gateway("Gateway\n{{ ordinary_gateways }}", href="#hold-the-connection", color="accent")
    service = Service("Chat service", href="#hold-the-connection")
    table = Store("Messages table", href="#hold-the-connection")
    bus = Stream("Bus\nall to all", href="#hold-the-connection")
    client >> Edge(label="1 send") >> gateway
    gateway >> Edge(label="2") >> service
    service >> Edge(label="3 store") >> table
    service >> Edge(label="4 publish") >> bus
    bus >> Edge(label="5 to every gateway", constraint="false") >> gateway

with Architecture(
    "owners",
    direction="TB",
    title="Step two: one owner for each conversation",
    description="A gateway asks the directory, once, which process owns a conversation. The owner gives the "
    "message its number, stores it and answers. Then it tells only those gateways that subscribed to the "
    "conversation. Order is a matter of one process; a single conversation cannot be larger than one owner.",
):
    client = Client("Client", href="#one-owner-for-each-conversation")
    gateway = Gateway("Gateway", href="#one-owner-for-each-conversation")
    directory = Scheduler("Directory\nwho owns what", href="#one-owner-for-each-conversation")
    with Group("Owners"):
        owner = Worker("Owner\nconversations a to m", href="#one-owner-for-each-conversation", color="accent")
        other = Worker("Owner\nconversations n to z", href="#one-owner-for-each-conversation")
    store = Store("Message store", href="#one-owner-for-each-conversation")
    client >> Edge(label="1 send", minlen="0") >> gateway
    gateway >> Edge(label="2 ask once", minlen="0") >> directory
    gateway >> Edge(label="3") >> owner
    directory >> Edge(style="dashed") >> other
    owner >> Edge(label="4 number, store") >> store
    owner >> Edge(label="5 to subscribers", constraint="false") >> gateway

with Architecture(
    "final",
    direction="TB",
    title="The chat, complete",
    description="Clients hold connections to gateways, which check the session with the identity service and "
    "register it in the session registry. For a message the gateway asks the directory once who owns the conversation "
    "and passes it to that owner, which numbers it, writes it to the message store and acknowledges. Fan-out chooses "
    "by the size of the room how the message reaches the others, and tells the gateways of those who are online. What "
    "happened is written to the event log. Push workers read it and wake members who are away; review and search read "
    "it as well, and what review takes back is a message of its own. Balancers, presence, inboxes and the live rooms "
    "of an event are left out.",
):
    clients = Client("Clients\n{{ connections }}", href="#the-final-design")
    with Group("Connections"):
        identity = Service("Identity service", href="#sessions")
        gateways = Gateway("Gateways\n{{ ordinary_gateways }}", href="#gateways", color="accent")
        registry = Store("Session registry", href="#keys-and-partitions")
    with Group("Conversations"):
        directory = Scheduler("Directory\nowners, leases", href="#owners")
        fanout = Worker("Fan-out\nby size of the room", href="#fan-out")
        owners = Worker("Owners\n{{ owners }}", href="#owners")
        store = Store("Message store\n{{ history }}", href="#message-store")
    with Group("Later"):
        review = Worker("Review, search", href="#review-and-search")
        events = Stream("Event log", href="#event-log")
        push = Worker("Push workers", href="#push-workers")
    clients >> Edge(label="1 open") >> gateways
    clients >> Edge(label="3 send") >> gateways
    identity << Edge(label="2 check", minlen="0") << gateways
    gateways >> Edge(label="4 ask") >> directory
    gateways >> Edge(label="2 register", minlen="0") >> registry
    gateways >> Edge(label="5") >> owners
    owners >> Edge(label="6 store", minlen="0") >> store
    owners >> Edge(label="7 answer", style="dashed", constraint="false") >> gateways
    fanout << Edge(label="8", minlen="0") << owners
    fanout >> Edge(label="9 tell", constraint="false") >> gateways
    owners >> Edge(label="10") >> events
    events >> Edge(label="11", minlen="0") >> push
    review << Edge(label="12", minlen="0") << events

with Architecture(
    "data",
    title="What is stored, by which key",
    description="The message store is keyed by conversation and time bucket and ordered by number. Each member has an "
    "inbox with one row for each conversation, and a read mark that only grows. The session registry says which "
    "gateway has a device and forgets by itself. The owner writes messages and marks, a reader of the event log writes "
    "inboxes, gateways write the registry.",
):
    owner = Worker("Owner", href="#keys-and-partitions")
    readers = Worker("Reader of the event log", href="#keys-and-partitions")
    gateway = Gateway("Gateway", href="#keys-and-partitions")
    with Group("Kept"):
        messages = Store("Message store\nkey: conversation, bucket", href="#keys-and-partitions", color="accent")
        inbox = Store("Inbox\nkey: member", href="#keys-and-partitions")
        marks = Store("Read marks\nkey: member, conversation", href="#keys-and-partitions")
    with Group("In memory"):
        registry = Store("Session registry\nkey: member, device", href="#keys-and-partitions")
    owner >> Edge(label="append by number") >> messages
    readers >> Edge(label="newest line") >> inbox
    owner >> Edge(label="the larger wins") >> marks
    gateway >> Edge(label="time to live") >> registry

with Architecture(
    "live",
    direction="TB",
    title="A live event: many rooms, and a sample for all",
    description="Viewers of a live event talk in rooms that are small enough to follow. Each room has its owner. The "
    "loudest messages of all rooms go to a sampler, which picks as many as a reader can follow, and sends them once "
    "to each gateway. A gateway gathers what its clients need for half a second and writes one frame to each.",
):
    viewers = Client("Viewers\n{{ event_chatters }}", href="#fan-out-by-the-size-of-the-room")
    gateways = Gateway("Gateways\none frame each {{ batch_interval }}", href="#fan-out-by-the-size-of-the-room")
    with Group("Rooms, {{ live_rooms }}"):
        one = Worker("Owner of a room\n{{ followed_room }}", href="#fan-out-by-the-size-of-the-room")
        two = Worker("Owner of a room", href="#fan-out-by-the-size-of-the-room")
    sampler = Scheduler("Sampler\nwhat many liked", href="#fan-out-by-the-size-of-the-room", color="accent")
    viewers >> Edge(label="1 talk") >> gateways
    gateways >> Edge(label="2") >> one
    gateways >> Edge(label="2") >> two
    one >> Edge(label="3 liked") >> sampler
    two >> Edge(label="3 liked") >> sampler
    sampler >> Edge(label="4 sample", constraint="false") >> gateways

with Architecture(
    "failover",
    title="Two regions, one home for each conversation",
    description="Each conversation has a home region, and only owners there give numbers. The directory says which "
    "region is home, and gives the owners their leases. Gateways exist in both regions; a member uses the nearest, and "
    "it passes a send to the owner in the home. Message stores are copied to each other with a small lag. When a "
    "region is lost, the directory raises the epoch after the leases have ended, and owners in the other region go on "
    "behind a reserve of numbers, so that those of the lost region can still come back.",
):
    directory = Scheduler("Directory of homes\nepochs", href="#losing-a-region")
    with Group("Region A"):
        gateway_a = Gateway("Gateways A", href="#losing-a-region")
        owners_a = Worker("Owners A", href="#losing-a-region")
        store_a = Store("Message store A", href="#losing-a-region")
    with Group("Region B"):
        gateway_b = Gateway("Gateways B", href="#losing-a-region")
        owners_b = Worker("Owners B", href="#losing-a-region")
        store_b = Store("Message store B", href="#losing-a-region")
    directory >> Edge(label="leases", style="dashed") >> owners_a
    directory >> Edge(label="leases", style="dashed") >> owners_b
    gateway_a >> owners_a >> store_a
    gateway_b >> owners_b >> store_b
    gateway_a >> Edge(label="home is B", style="dashed", constraint="false") >> owners_b
    store_a >> Edge(label="copied", direction="both", style="dashed", constraint="false") >> store_b
