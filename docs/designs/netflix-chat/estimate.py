# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Chat in numbers
#
# Every number of the chapter is computed here. A name that is assigned a quantity becomes a fact; the comment beside
# it says what it is. Change an assumption, run all cells, and every later number follows.

# %% section="assumptions"
from handbook import (
    Q, assume, ceil, decide, intervals, invariants, netflix, show,
    threshold, thresholds, to, tornado, total,
)

daily_active = netflix.daily_active
viewing_half_year = netflix.viewing_half_year
half_year = netflix.half_year
diurnal_peak = netflix.diurnal_peak
chat_share = assume(
    "Share of the day's members who chat", 20, "percent", between=(5, 50),
    because="Chat beside a film is new; our own guess, to be replaced by the first week",
)
sends_each = assume(
    "Messages that a chatting member sends", 25, "message/member/day", between=(10, 60),
    because="An evening's talk; messengers that people live in see more",
)
recipients = assume(
    "Others in the mean conversation", 4, "member/message", between=(1, 8),
    because="Pairs, families, groups of friends",
)
online_share = assume(
    "Share of the recipients who are online", 40, "percent", between=(20, 70),
    because="Friends watch at the same hours, but not all",
)
copies_each = assume(
    "Devices of an online member that show a message", 1.4, "delivery/member", between=(1, 2),
    because="The television, and often the phone in the hand",
)
connections_each = assume(
    "Connections for each stream beside which somebody chats", 1.4, "connection/stream",
    between=(1, 2), because="The same television and phone",
)
show()

# %% [markdown]
# ## Objectives
#
# What we promise, as numbers that a test can check.

# %% section="objectives" tags=["hide-input"]
send_availability = assume(
    "Objective: sends accepted", 99.95, "percent", between=(99.9, 99.99),
    because="Chat is beside the film; the film must not depend on it",
)
delivery_target = assume(
    "Objective: sender to recipient in one region, 99 of 100", 500, "millisecond",
    between=(200, 1000), source="slack-realtime-2023",
    because="The target that Slack states for the whole world; we promise it within a region",
)
reconnect_target = assume(
    "Objective: connected again after a zone is lost, 99 of 100", 2, "minute",
    between=(0.5, 10), because="A minute without chat is noticed, ten are a complaint",
)
recovery_time = assume(
    "Objective: sending again after a region is lost", 5, "minute", between=(1, 30),
    because="Long enough to be sure of the loss, short enough for an evening",
)
live_target = assume(
    "Objective: a message in a live room, 99 of 100", 2, "second", between=(1, 5),
    because="A crowd's talk is gathered and sampled, which takes time",
)
recovery_point = assume(
    "Objective: messages not yet copied when a region is lost", 2, "second", between=(0.5, 30),
    because="Copying to the other region is asynchronous",
)
# Time that sends may be refused, each month
send_downtime = to((Q(1) - send_availability) * Q(1, "month"), "minute")
show()

# %% [markdown]
# ## The usual figure, checked

# %% section="usual"
usual_users = assume(
    "Daily users in the usual opening", 100, "million member", because="Given with the question",
)
usual_actions = assume(
    "Actions a user in the usual opening", 10, "request/member/day",
    because="Given with the question",
)
usual_peak_factor = assume(
    "Peak against mean in the usual opening", 3, because="Given with the question",
)
usual_mean = to(usual_users * usual_actions, "request/second")  # Mean rate, usual opening
usual_peak = usual_mean * usual_peak_factor  # Peak rate, usual opening
# no invariant: usual_peak: only checked, nothing is sized by it
show()

# %% [markdown]
# ## Connections

# %% section="connections"
event_streams = assume(
    "Streams of the largest live event", 65, "million stream", between=(20, 100),
    source="netflix-live-2024",
)
event_chat_share = assume(
    "Share of a live event's streams with chat open", 10, "percent", between=(2, 30),
    because="A guess; sports audiences talk more",
)
elsewhere = assume(
    "Share of an ordinary evening that goes on beside the event", 50, "percent",
    between=(20, 100), because="Not everybody watches it",
)
mean_streams = to(viewing_half_year / half_year, "stream")  # Streams that play, on average
peak_streams = mean_streams * diurnal_peak  # Streams in the busiest hour
# Connections on an ordinary evening: beside the streams of those who chat
connections = peak_streams * chat_share * connections_each
# Connections on the evening of the largest event
event_connections = total(
    event_streams * event_chat_share * connections_each, connections * elsewhere
)
# Connections then, if every stream held one
all_connections = (event_streams + peak_streams * elsewhere) * connections_each
show()

# %% section="gateways" tags=["hide-input"]
gateway_connections = assume(
    "Connections that one gateway holds", 200, "thousand connection/server",
    between=(60, 2000), source="whatsapp-connections-2015",
    because="A tenth of what WhatsApp reports of its machines: a smaller machine, TLS, and "
    "fewer clients to reconnect when it dies",
)
connection_memory = assume(
    "Memory of an idle connection", 40, "kB/connection", between=(10, 100),
    because="Socket buffers, TLS state, user and subscriptions; measure your own",
)
zones = assume("Zones in a region", 3, "zone", because="What the large clouds offer in most regions")
target_utilisation = assume(
    "Utilisation that we plan for at peak", 70, "percent", between=(50, 80),
    because="Above it the wait grows faster than the load",
)
session_length = assume(
    "How long a connection stays open", 45, "minute", between=(20, 120),
    because="About an episode; phones come and go faster",
)
# Share of gateways left after the loss of a zone
surviving = to((zones - Q(1, "zone")) / zones, "percent")
gateways_busy = connections / gateway_connections  # Gateways that an ordinary evening fills
# Gateways for that, with headroom and one zone lost
ordinary_gateways = ceil(gateways_busy / target_utilisation / surviving)
# Gateways for the connections of the event's evening
gateways_for_connections = ceil(
    event_connections / gateway_connections / target_utilisation / surviving
)
ping_interval = assume(
    "Interval at which a silent connection is asked whether it lives", 30,
    "second*connection/delivery", between=(10, 120),
    because="Middle boxes forget sooner than that; a lost zone is noticed by it",
)
pings = connections / ping_interval  # Pings a second on an ordinary evening
# Utilisation after the loss of a zone
utilisation_after_loss = to(gateways_busy / (ordinary_gateways * surviving), "percent")
gateway_memory = to(gateway_connections * connection_memory, "GB/server")  # Memory of their sockets
open_rate = to(connections / session_length, "connection/second")  # Connections opened, by Little's law
show()

# %% [markdown]
# ## Messages and deliveries

# %% section="messages"
sends_daily = daily_active * chat_share * sends_each  # Messages sent on a mean day
mean_sends = to(sends_daily, "message/second")  # Mean send rate
peak_sends = mean_sends * diurnal_peak  # Peak send rate
# Deliveries for each message sent
fan_out = recipients * online_share * copies_each
deliveries = peak_sends * fan_out  # Deliveries in the busiest hour
show()

# %% [markdown]
# ## One room for everybody

# %% section="event"
event_talk = assume(
    "Messages of each person in a live event's chat", 0.5, "message/member/minute",
    between=(0.1, 2), because="One every two minutes",
)
goal_factor = assume(
    "A goal against that", 10, between=(3, 30), because="Everybody types at once, for half a minute",
)
readable = assume(
    "Messages that a person can follow", 2, "message/member/second", between=(0.5, 4),
    because="Read a wall of text aloud: two short lines a second is already fast",
)
event_chatters = event_streams * event_chat_share * Q(1, "member/stream")  # People in the event's chat
event_sends = to(event_chatters * event_talk, "message/second")  # Messages sent to it
goal_sends = event_sends * goal_factor  # Messages sent to it when a goal falls
# Deliveries if all of them were in one room and saw all
naive_deliveries = event_sends * event_chatters * Q(1, "delivery/message/member")
# Deliveries if each person gets what one can follow
readable_deliveries = event_chatters * readable * Q(1, "delivery/message")
naive_ratio = naive_deliveries / readable_deliveries  # Deliveries saved by reading speed
event_ratio = readable_deliveries / deliveries  # The event against an ordinary evening
show()

# %% section="rooms" tags=["hide-input"]
sample_share = assume(
    "Share of what a person can follow that is kept for hosts and the sample", 25, "percent",
    between=(10, 50), because="What the crowd liked most is worth more than the next line",
)
# Room in which everybody can still follow everything
followed_room = readable * (Q(1) - sample_share) / to(event_talk, "message/member/second") * Q(1, "member")
live_rooms = ceil(event_chatters / (followed_room / Q(1, "room")))  # Live rooms of that size
batch_interval = assume(
    "Time for which a gateway gathers what it sends in a live room", 500, "millisecond",
    between=(100, 2000), because="Nobody sees half a second in a crowd",
)
frame_rate = assume(
    "Frames that one gateway can write", 100, "thousand delivery/server/second",
    between=(30, 400),
    because="An event loop for each core, small frames; measure your own",
)
# Frames to write at the event, one for each screen and interval
frames = event_streams * event_chat_share * connections_each * Q(1, "delivery/connection") / batch_interval
gateways_for_frames = ceil(frames / frame_rate / target_utilisation / surviving)  # Gateways for the frames
gateways = max(gateways_for_connections, gateways_for_frames, ordinary_gateways) * 1  # Gateways for the event
live_owner_rate = assume(
    "Messages a second that one owner of live rooms takes, in memory", 20,
    "thousand*message/server/second", between=(5, 100),
    because="Numbered, filtered, copied to a second zone; no disk",
)
# Owners of live rooms, sized for a goal
live_owners = ceil(goal_sends / live_owner_rate / target_utilisation / surviving)
# Bundles from owners to gateways: one for each pair and interval
bundles = live_owners * gateways * Q(1, "delivery/server**2") / batch_interval
show()

# %% section="owners" tags=["hide-input"]
owner_rate = assume(
    "Messages a second that one owner of conversations numbers and stores",
    5, "thousand*message/server/second", between=(2, 20),
    because="A conditional write for each, thousands under way at once",
)
resumed = assume(
    "Conversations on the screen of a client that comes back", 0.5, "query/connection",
    between=(0.1, 2), because="One on the phone, none on the television",
)
resume_rate = assume(
    "Questions a second that one owner answers from memory", 20, "thousand*query/server/second",
    between=(5, 100), because="The last messages are in its memory",
)
lease = assume(
    "Lease of an owner", 10, "second", between=(3, 30),
    because="Longer than a pause of its process, shorter than patience",
)
owners_for_sends = ceil(peak_sends / owner_rate / target_utilisation / surviving)  # Owners for the sends
show()

# %% [markdown]
# ## Presence

# %% section="presence" tags=["hide-input"]
contacts = assume(
    "Contacts of a member who also chat", 20, "delivery/member", between=(5, 100),
    because="Friends who also chat here, not all acquaintances",
)
looking = assume(
    "Of those, who have them on the screen", 5, "percent", between=(1, 20),
    because="A list of friends is open for seconds, a film for an hour",
)
# Changes of presence: a member comes, and later goes
presence_changes = 2 * open_rate / copies_each * Q(1, "delivery/connection")
# Updates if every contact who is online is told
presence_updates = presence_changes * contacts * online_share * copies_each * Q(1, "member/delivery")
presence_seen = presence_updates * looking  # Updates if only those are told who look
presence_ratio = presence_updates / deliveries  # Presence against messages
show()

# %% [markdown]
# ## Watching together

# %% section="party" tags=["hide-input"]
party_share = assume(
    "Share of the streams that play in a watch party", 1, "percent", between=(0.2, 5),
    because="A guess; a feature of evenings and of long distances",
)
heartbeat = assume(
    "Interval at which a party's clock is told again", 10, "second*stream/message",
    between=(5, 60), because="Changes are told at once; this only heals what was missed",
)
drift = assume(
    "Drift between two screens that friends hear", 0.5, "second", between=(0.2, 2),
    because="Laughter that comes early; voice on the side makes it stricter",
)
speed_change = assume(
    "Change of playing speed that nobody notices", 5, "percent", between=(2, 10),
    because="Pitch corrected; more is heard",
)
party_streams = peak_streams * party_share  # Streams in watch parties, busiest hour
party_messages = party_streams / heartbeat  # Clock messages a second
drift_repair = drift / speed_change  # Time that closes such a drift unnoticed
show()

# %% [markdown]
# ## Storage

# %% section="storage" tags=["hide-input"]
message_size = assume(
    "Size of a stored message", 0.5, "kB/message", between=(0.2, 2),
    because="A short text, ids, times, a link; pictures are kept elsewhere",
)
text_limit = assume(
    "Longest text of a message", 4, "kB", between=(1, 16),
    because="A page of text; what is longer is a document",
)
copies = assume("Copies of stored data", 3, because="One in each zone")
history_days = assume(
    "Days of history that we keep", 365, "day", between=(30, 1000),
    because="A promise of the product; the law may shorten it",
)
conditional_cost = assume(
    "Cost of the conditional write of a message, in plain ones", 4, "row/message", between=(2, 6),
    because="Message and key in one partition; the copies agree before each",
)
inbox_writes = recipients * Q(1, "row/member")  # Inbox rows written for a message
node_writes = assume(
    "Writes a second that one database node takes, copies included",
    3700, "row/node/second", between=(3700, 15000), source="netflix-cassandra-2012",
    because="A benchmark of 2012: old machines, so a low bound",
)
node_disk = assume(
    "Data that we put on one database node", 2, "TB/node", between=(1, 9),
    because="More makes repair and replacement last days",
)
history = sends_daily * message_size * copies * history_days  # History, with copies
written_daily = sends_daily * message_size  # Bytes of messages on a mean day
event_hours = assume("Length of the event", 3, "hour", between=(1, 6), because="A match with its before and after")
event_days = assume(
    "Days that live talk is kept, for review alone", 30, "day", between=(7, 180),
    because="Reports arrive late; nobody scrolls back",
)
# no invariant: event_log: one event, not a steady stream
event_log = event_sends * event_hours * message_size * copies  # Talk of one event, with copies
row_writes = peak_sends * (conditional_cost + inbox_writes)  # Writes at peak, in plain ones
# Database nodes for the writes, with headroom and one zone lost
nodes_for_writes = ceil(row_writes / node_writes / target_utilisation / surviving)
nodes_for_disk = ceil(history / node_disk / target_utilisation)  # Database nodes for the disks
nodes = max(nodes_for_writes, nodes_for_disk) * 1  # Database nodes
# Writes that the nodes can take, against the peak
spare_writes = to(nodes * node_writes * target_utilisation * surviving / row_writes, "")
show()

# %% section="partitions" tags=["hide-input"]
partition_limit = assume(
    "Largest partition that stays quick", 100, "MB", between=(10, 200),
    source="cassandra-partition-size",
)
busy_conversation = assume(
    "Messages of a very busy group", 5, "thousand message/day", between=(1, 50),
    because="A hundred friends in a football season",
)
bucket_days = assume(
    "Days in one bucket of a conversation", 10, "day", between=(1, 30),
    because="Discord's choice; the next lines say what it holds",
)
# Its largest bucket
bucket_size = to(busy_conversation * bucket_days * message_size, "MB")
# Days until a very busy group fills a partition
# no invariant: fill_time: a time, no demand
fill_time = partition_limit / (busy_conversation * message_size)
# What everybody in one room would write in an hour
event_partition = to(event_sends * Q(1, "hour") * message_size, "GB")
# What one live room writes in an hour
room_partition = to(
    followed_room * event_talk * Q(1, "hour") * message_size, "MB"
)
show()

# %% section="unread" tags=["hide-input"]
opens = assume(
    "Times that a member opens a conversation", 5, "query/member/day", between=(1, 20),
    because="A few looks in an evening",
)
receipts = peak_sends * recipients * Q(1, "row/member")  # Read marks, one for each message and reader
# Read marks, one for each look into a conversation
marks = to(daily_active * chat_share * opens * Q(1, "row/query"), "row/second") * diurnal_peak
# Pushes, one for each message
offline_sends = peak_sends * recipients * (Q(1) - online_share) * Q(1, "delivery/member")
gathered = assume(
    "Messages that one push stands for", 6, between=(2, 20),
    because="A second buzz for the same talk within two minutes only annoys",
)
pushes = offline_sends / gathered  # Pushes after gathering
show()

# %% [markdown]
# ## A zone is lost

# %% section="storm"
handshake_rate = assume(
    "New connections a second that one gateway accepts", 1000, "connection/server/second",
    between=(200, 4000),
    because="TLS, a token check and the subscriptions on eight cores; measure your own",
)
lost = connections * (Q(1) - surviving)  # Connections lost with a zone, on an ordinary evening
# Connections a second that the surviving gateways accept
accept_rate = ordinary_gateways * surviving * handshake_rate
# Shortest time in which all can be back
fastest_return = lost / accept_rate
# The same on the event's evening, with the event's fleet
event_return = event_connections * (Q(1) - surviving) / (gateways * surviving * handshake_rate)
naive_window = assume(
    "Time in which clients without jitter come back", 2, "second", between=(0.5, 10),
    because="They all saw the same failure and start the same timer",
)
naive_storm = lost / naive_window  # New connections a second that they ask for
storm_ratio = naive_storm / accept_rate  # Asked for against accepted
# Window over which clients must spread themselves
jitter_window = to(fastest_return / target_utilisation, "second")
resumes = accept_rate * resumed  # Questions of those who come back, at the door's rate
# Owners for those questions
owners_for_resumes = ceil(resumes / resume_rate / target_utilisation / surviving)
owners = max(owners_for_sends, owners_for_resumes) * 1  # Owners of conversations
homed = assume(
    "Share of conversations homed in the region that is lost", 50, "percent", between=(30, 70),
    because="Two regions",
)
uncopied = peak_sends * recovery_point * homed  # Messages not yet copied when a region is lost
tenfold_sends = 10 * peak_sends  # Ten times the peak
show()

# %% [markdown]
# ## Traffic

# %% section="traffic" tags=["hide-input"]
frame_size = assume(
    "Size of a delivered message on the wire", 0.4, "kB/delivery", between=(0.2, 2),
    because="The text and a few ids in a frame, under TLS",
)
egress_peak = to(deliveries * frame_size, "bit/second")  # Bandwidth in the busiest hour
egress_event = to(readable_deliveries * frame_size, "bit/second")  # Bandwidth at the event
deliveries_daily = sends_daily * fan_out  # Deliveries on a mean day
egress_daily = to(deliveries_daily * frame_size, "TB/day")  # Bytes sent on a mean day
show()

# %% [markdown]
# ## Money

# %% section="cost" tags=["hide-input"]
server_price = assume(
    "Price of an eight-core server", 0.33, "USD/server/hour", between=(0.2, 0.6),
    source="price-ec2-2026", because="Four times the price of a two-core one",
)
egress_price = assume(
    "Price of traffic to the internet", 0.05, "USD/GB", between=(0.02, 0.09),
    source="price-transfer-2026",
)
storage_price = assume(
    "Price of a disk, for each copy", 0.08, "USD/GB/month", between=(0.07, 0.10),
    because="The long-standing list price of general-purpose disks, not read anew",
)
team_price = assume(
    "Engineers who run it", 400, "thousand*USD/month", between=(200, 800),
    because="Twenty people: gateways, stores, safety tools, on-call",
)
moderation_price = assume(
    "Machine review of a message", 0.02, "USD/thousand/message", between=(0.005, 0.2),
    because="A small classifier of our own; a service asks ten times that",
)
events_monthly = assume("Live events with chat in a month", 4, "1/month", between=(1, 30), because="One a week")
reported = assume(
    "Messages that somebody reports", 0.01, "percent", between=(0.001, 0.05),
    because="One in ten thousand between friends; a guess until there are any",
)
review_time = assume(
    "Time of a person for a report", 1, "minute/message", between=(0.3, 5),
    because="Read the neighbours, decide, write a word",
)
reviewer_price = assume(
    "An hour of a reviewer", 25, "USD/hour", between=(8, 60), because="Trained, insured, and not alone",
)
managed_price = assume(
    "Price of a minute of a managed connection", 0.25, "USD/million/connection/minute",
    between=(0.05, 0.25), source="price-apigw-websocket",
)
# Connections on average, for they follow the streams
mean_connections = mean_streams * chat_share * connections_each
# Messages through a managed service: sends, deliveries, clocks, and the events' deliveries
managed_deliveries = to(
    sends_daily * Q(1, "delivery/message") + deliveries_daily
    + party_messages / diurnal_peak * Q(1, "delivery/message")
    + readable_deliveries * event_hours * events_monthly,
    "delivery/month",
)
managed_message = assume(
    "Price of a message through it", 1, "USD/million/delivery", between=(0.3, 1),
    source="price-apigw-websocket",
)
# A managed service: minutes and messages
managed_cost = to(mean_connections * managed_price + managed_deliveries * managed_message, "USD/month")
gateways_cost = to(ordinary_gateways * server_price, "USD/month")  # Gateways of an ordinary month
owners_cost = to(owners * server_price, "USD/month")  # Owners of conversations
egress_cost = to(egress_daily * egress_price, "USD/month")  # Traffic
nodes_cost = to(nodes * Q(1, "server/node") * server_price, "USD/month")  # Database nodes
disks_cost = to(history * storage_price, "USD/month")  # Disks
# The same again in the second region: each must carry all
second_region = gateways_cost + owners_cost + nodes_cost + disks_cost
# Machine review of live talk
machine_review = to(event_sends * event_hours * events_monthly * moderation_price, "USD/month")
# People who decide reports
people_review = to(sends_daily * reported * review_time * reviewer_price, "USD/month")
# The parts that are counted here
chat_cost = total(
    gateways_cost, owners_cost, egress_cost, nodes_cost, disks_cost, second_region,
    machine_review, people_review, team_price
)
# Gateways and owners that only the event needs, if they were kept for a month
idle_cost = to((gateways - ordinary_gateways + live_owners) * server_price, "USD/month")
cost_each = to(chat_cost / (daily_active * chat_share), "USD/member/month")  # For each chatting member
show()

# %% [markdown]
# ## How sure are we?

# %% section="intervals"
intervals(
    connections, event_connections, gateways, peak_sends, deliveries, goal_sends,
    readable_deliveries, fastest_return, history, chat_cost,
)

# %% section="tornado"
tornado(fastest_return)

# %% [markdown]
# ## What must hold

# %% section="invariants"
gateway_capacity = ordinary_gateways * gateway_connections  # Connections that an evening's gateways hold
invariants.capacity(gateway_capacity, connections, mean_connections)
invariants.capacity(gateways * gateway_connections, event_connections)
invariants.nodes(ordinary_gateways, gateway_connections, connections)
invariants.nodes(gateways_for_connections, gateway_connections, event_connections)
invariants.nodes(gateways_for_frames, frame_rate, frames)
invariants.nodes(live_owners, live_owner_rate, goal_sends)
invariants.capacity(owners * owner_rate, peak_sends, mean_sends)
invariants.nodes(owners_for_sends, owner_rate, peak_sends)
invariants.nodes(owners_for_resumes, resume_rate, resumes)
invariants.little(connections, open_rate, session_length)
invariants.utilisation(gateways_busy, ordinary_gateways, zones)
invariants.storage(history, written_daily, copies, history_days)
invariants.nodes(nodes_for_writes, node_writes, row_writes)
invariants.nodes(nodes_for_disk, node_disk, history)
invariants.egress(egress_daily, deliveries_daily, frame_size)
invariants.egress(egress_peak, deliveries, frame_size)
invariants.egress(egress_event, readable_deliveries, frame_size)
invariants.cost(
    chat_cost, gateways_cost, owners_cost, egress_cost, nodes_cost, disks_cost, second_region,
    machine_review, people_review, team_price,
)
invariants.cost(second_region, gateways_cost, owners_cost, nodes_cost, disks_cost)
show()

# %% [markdown]
# ## Decisions

# %% section="decision-inbox"
posts = assume(
    "Messages of one member in a large room, where most only read", 0.2, "message/member/day",
    between=(0.05, 1), because="A few talk, many look",
)
looks = assume(
    "Times that a member looks at the list of conversations", 20, "query/member/day",
    between=(5, 60), because="Each time the app is opened, and now and then",
)
read_cost = assume(
    "Cost of reading the head of one conversation, in inbox rows written", 4, "row/query",
    between=(2, 10), because="A read from two copies against a blind write",
)
busy_share = assume(
    "Share of a member's messages that go to one conversation", 30, "percent", between=(10, 100),
    because="Three or four that live at a time",
)
conversation = recipients * Q(1, "message") + Q(1, "member")  # Members of the mean conversation
# Inbox rows written for a member and a conversation on a day
inbox_daily = conversation * sends_each * busy_share * Q(1, "row/message")
# What looking into that conversation's head would cost instead
heads_daily = looks * read_cost * Q(1, "member")
# Quiet room above which looking is cheaper than writing every inbox
inbox_limit = looks * read_cost / (posts * Q(1, "row/message/member"))
inbox_or_log = decide(
    "Write the news of a conversation to every member's inbox", inbox_daily, "<", heads_daily,
    otherwise="Look into each conversation when the list is opened",
    because="Writes grow with the talk, looks with the members' curiosity",
)
threshold(inbox_or_log, over=recipients)

# %% section="decision-sample"
sample_or_all = decide(
    "Split the event into rooms, and sample", event_sends, ">", readable * Q(1, "member"),
    otherwise="One room, everybody sees all", because="What nobody can read need not be delivered",
)
threshold(sample_or_all, over=event_streams, within=(Q(10, "stream"), Q(100, "million*stream")))

# %% section="decision-presence"
presence_or_ask = decide(
    "Tell presence only to those who look", presence_updates, ">", deliveries,
    otherwise="Tell every contact", because="Presence must not cost more than the talk itself",
)
threshold(presence_or_ask, over=contacts, within=(Q(0.1, "member/connection"), Q(100, "member/connection")))

# %% section="decision-admission"
admit_or_open = decide(
    "Spread and admit reconnects", naive_storm, ">", accept_rate,
    otherwise="Let everybody come at once", because="Above the line handshakes time out and come again",
)
threshold(admit_or_open, over=naive_window, within=(Q(0.5, "second"), Q(1, "hour")))

# %% section="decision-managed"
gateway_team = assume(
    "People that only our own gateways need", 120, "thousand*USD/month", between=(60, 240),
    because="Six of the twenty",
)
own_gateways = gateways_cost + idle_cost + gateway_team  # Our own gateways, event size all month
own_or_managed = decide(
    "Run our own gateways", own_gateways, "<", managed_cost, otherwise="Rent connections",
    because="A service bills each message, and a live event is made of messages",
)
thresholds(own_or_managed)

# %% section="decision-own-check" tags=["notebook-only"]
invariants.cost(own_gateways, gateways_cost, idle_cost, gateway_team)

# %% section="decision-wake"
# Gateways if every stream held a connection
all_gateways = ceil(all_connections / gateway_connections / target_utilisation / surviving)
affordable = assume(
    "Gateways that instant arrival for everybody is worth", 400, "server", between=(100, 1500),
    because="A tenth of the people who watch ever chat",
)
wake_or_hold = decide(
    "Connect those who chat, wake the others", all_gateways, ">", affordable,
    otherwise="Connect everybody who watches",
    because="The push system that every app has already can say that there is something",
)
threshold(wake_or_hold, over=event_streams)

# %% section="decision-wake-check" tags=["notebook-only"]
invariants.nodes(all_gateways, gateway_connections, all_connections)

# %% section="decision-socket"
poll_interval = assume(
    "Interval at which a client would ask instead", 2, "second*connection/query", between=(1, 60),
    because="Talk that is later than this is no talk",
)
poll_rate = assume(
    "Questions a second that one server answers", 5, "thousand*query/server/second",
    between=(1, 20), because="Mostly empty answers from memory",
)
# Servers that polling would need at the event
poll_servers = ceil(
    event_connections / poll_interval / poll_rate / target_utilisation / surviving
)
socket_or_poll = decide(
    "Keep a connection open", poll_servers, ">", gateways, otherwise="Poll",
    because="Asking costs a request each time, holding costs memory",
)
threshold(socket_or_poll, over=poll_interval)

# %% section="decision-regions"
region_availability = assume(
    "Availability of one region", 99.9, "percent", between=(99.7, 99.997),
    because="A bad day every few years; clouds promise parts of a region, not the whole",
)
region_downtime = to((Q(1) - region_availability) * Q(1, "month"), "minute")  # Downtime of one region, each month
one_or_two_regions = decide(
    "A home region for each conversation, and a second one", region_downtime, ">", send_downtime,
    otherwise="One region, and a plan", because="One region alone would spend the whole budget",
)
threshold(one_or_two_regions, over=region_availability)

# %% [markdown]
# ## Answers to the exercises

# %% section="exercises"
# Room that all can follow when everybody talks twice a minute
loud_room = readable * (Q(1) - sample_share) / Q(2, "message/minute/member") * Q(1, "member")
slow_return = 2 * fastest_return  # Return when a handshake costs twice as much
# Database nodes when history is kept for a month
month_nodes = max(
    nodes_for_writes, ceil(history * (Q(30, "day") / history_days) / node_disk / target_utilisation)
) * 1
show()
