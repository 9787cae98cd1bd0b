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
# # The email platform in numbers
#
# Every number of the chapter is computed here. A name that is assigned a quantity becomes a fact; the comment beside
# it says what it is. Change an assumption, run all cells, and every later number follows.

# %% section="assumptions"
from handbook import (
    Q, assume, ceil, charts, decide, intervals, invariants, netflix, number, show,
    threshold, thresholds, to, tornado, total,
)
from handbook.experiments import sample_size_shares
from handbook.sketches import bloom_false_positive

members = netflix.members
reachable_share = assume(
    "Members with a working email address who have not opted out",
    80, "percent", between=(60, 95),
    because="Addresses rot and people unsubscribe; our own guess, to be replaced by "
    "the first count of the list",
)
campaign_per_member = assume(
    "Campaign messages to a reachable member", 5, "message/member/week", between=(2, 7),
    because="Puts a mean day in the hundreds of millions, which is what is reported "
    "of Netflix; product sets the real cap",
)
transactional_per_member = assume(
    "Transactional messages to a member", 4, "message/member/month", between=(2, 8),
    because="Receipt, sign-in, new device, plan change: a handful a month",
)
largest_audience = assume(
    "Share of reachable members in the largest campaign",
    40, "percent", between=(10, 100),
    because="A season launch goes to everyone who watched the last one",
)
campaign_window = assume(
    "Time in which the largest campaign must be out", 2, "hour", between=(0.25, 12),
    because="Inside one evening of one region, before the launch is old news",
)
awake = assume(
    "Share of that audience for whom it is not night", 65, "percent", between=(50, 80),
    because="A launch is one moment for the whole world; the others get theirs in the morning",
)
transactional_peak = assume(
    "Busiest minute against the mean, transactional", 4, between=(2, 8),
    because="Sign-ins and receipts follow the evening and the day of the month",
)
show()

# %% [markdown]
# ## Objectives
#
# What we promise, as numbers that a test can check.

# %% section="objectives" tags=["hide-input"]
accept_availability = assume(
    "Objective: requests accepted", 99.99, "percent", between=(99.9, 99.999),
    because="A sign-in code that is refused is a member who cannot watch",
)
code_deadline = assume(
    "Objective: a sign-in code reaches its provider, 99 of 100",
    30, "second", between=(5, 120),
    because="People try again after about half a minute",
)
duplicate_share = assume(
    "Objective: messages sent twice, at most", 0.001, "percent", between=(0.0001, 0.01),
    because="The last step cannot be made exact, so the promise is a bound",
)
recovery_time = assume(
    "Objective: sending again after a region is lost", 15, "minute", between=(5, 60),
    because="Sign-in codes fail meanwhile; campaigns can wait",
)
recovery_point = assume(
    "Objective: state not yet copied when a region is lost",
    5, "second", between=(1, 60),
    because="Copying to the other region is asynchronous",
)
unsubscribe_deadline = assume(
    "Time in which an unsubscribe must be honoured", 48, "hour",
    source="google-sender-faq-2026",
)
spam_target = assume(
    "Spam rate to stay below", 0.1, "percent",
    source="google-sender-faq-2026",
)
spam_ceiling = assume(
    "Spam rate never to reach", 0.3, "percent",
    source="google-sender-faq-2026",
)
# Time that intake may refuse, each month
accept_downtime = to((Q(1) - accept_availability) * Q(1, "month"), "minute")
show()

# %% [markdown]
# ## The usual figure, checked
#
# The question is often opened with 100 million daily users, 10 actions each, and a threefold peak.

# %% section="usual"
usual_users = assume(
    "Daily users in the usual opening", 100, "million member",
    because="Given with the question",
)
usual_actions = assume(
    "Actions a user in the usual opening", 10, "request/member/day",
    because="Given with the question",
)
usual_peak_factor = assume(
    "Peak against mean in the usual opening", 3,
    because="Given with the question",
)
usual_daily = usual_users * usual_actions  # Requests a day, usual opening
usual_mean = to(usual_daily, "request/second")  # Mean rate, usual opening
usual_peak = usual_mean * usual_peak_factor  # Peak rate, usual opening
# If each request were a message to a member
usual_per_member = to(usual_daily * Q(1, "message/request") / members, "message/member/day")
# no invariant: usual_peak: the figures of the question, retold; nothing is built on them
show()

# %% [markdown]
# ## Messages

# %% section="volume"
reachable = members * reachable_share  # Members that campaigns can reach
# Campaign messages on a mean day
campaign_daily = to(reachable * campaign_per_member, "message/day")
# Transactional messages on a mean day
transactional_daily = to(members * transactional_per_member, "message/day")
# Messages on a mean day
messages_daily = total(campaign_daily, transactional_daily)
mean_rate = to(messages_daily, "message/second")  # Mean send rate
# Messages to a member on a mean day
per_member_daily = messages_daily / members
show()

# %% section="peak"
# Messages in the largest campaign
largest_campaign = reachable * largest_audience * Q(1, "message/member")
# Rate that empties it in its window
campaign_rate = to(largest_campaign * awake / campaign_window, "message/second")
# Transactional rate at its peak
transactional_peak_rate = to(transactional_daily, "message/second") * transactional_peak
other_campaigns = to(campaign_daily, "message/second")  # Every other campaign, on average
peak_rate = total(campaign_rate, other_campaigns, transactional_peak_rate)  # Peak send rate
peak_to_mean = peak_rate / mean_rate  # Peak against mean
shared_peak = assume(
    "Busiest hour against the mean hour at a service for thousands of senders", 1.8,
    source="sendgrid-peak-2022",
    because="The same ratio in three years; computed from its yearly report",
)
tenfold_peak = 10 * peak_rate  # Ten times the peak
# Duplicates that the objective allows on a mean day
duplicates_daily = messages_daily * duplicate_share
# Messages whose state is not copied when a region is lost at peak
unsettled = peak_rate * recovery_point
show()

# %%
rates = {
    "Usual opening, mean (requests)": usual_mean, "Usual opening, peak (requests)": usual_peak,
    "Messages, mean": mean_rate, "Transactional, peak": transactional_peak_rate,
    "Other campaigns": other_campaigns, "Largest campaign": campaign_rate,
    "Messages, peak": peak_rate,
}
charts.bars({name: rate.magnitude for name, rate in rates.items()}, axis="per second")

# %% [markdown]
# ## Sending

# %% section="sending" tags=["hide-input"]
smtp_time = assume(
    "Time of one delivery over an open connection",
    0.8, "second*connection/message", between=(0.3, 3.6),
    because="Four published log lines lie between 0.8 and 3.6 s; pipelining and a "
    "near region make it less",
)
server_rate = assume(
    "Messages that one eight-core server can sign and send",
    900, "message/server/second", between=(300, 2500),
    source="kumomta-throughput-2025",
)
zones = assume(
    "Zones in a region", 3, "zone",
    because="What the large clouds offer in most regions",
)
target_utilisation = assume(
    "Utilisation that we plan for at peak", 70, "percent", between=(50, 80),
    because="Above it the wait grows faster than the load",
)
connections = peak_rate * smtp_time  # Connections open at peak, by Little's law
servers_busy = peak_rate / server_rate  # Servers busy at peak
# Share of servers left after the loss of a zone
surviving = to((zones - Q(1, "zone")) / zones, "percent")
servers = ceil(servers_busy / target_utilisation / surviving)  # Sending servers
# Utilisation after the loss of a zone
utilisation_after_loss = to(servers_busy / (servers * surviving), "percent")
show()

# %% section="providers" tags=["hide-input"]
provider_share = assume(
    "Share of the largest mailbox provider", 50, "percent", between=(39, 60),
    source="mapp-providers",
)
connections_per_address = assume(
    "Connections that the largest provider takes from one IP address",
    5, "connection/address", between=(5, 20),
    source="kumomta-shaping",
)
messages_per_connection = assume(
    "Messages that Yahoo takes on one connection", 20, "message/connection",
    source="yahoo-smtp",
)
address_price = assume(
    "Rent of a dedicated sending IP address", 24.95, "USD/address/month",
    source="price-ses-2026",
)
# Campaign rate towards the largest provider
provider_rate = campaign_rate * provider_share  # Campaign rate towards the largest provider
# Rate of one IP address towards it, by Little's law
address_rate = connections_per_address / smtp_time
# IP addresses for the largest campaign, with headroom
sending_addresses = ceil(provider_rate / address_rate / target_utilisation)
# IP addresses for codes and receipts, a pool of their own
code_addresses = ceil(
    transactional_peak_rate * provider_share / address_rate / target_utilisation
)
addresses_per_server = sending_addresses / servers  # IP addresses that stand for one server
# IP addresses for the same in ten minutes, if the domain were no limit
hurried_addresses = ceil(sending_addresses * (campaign_window / Q(10, "minute")))
hurried_rent = to(hurried_addresses * address_price, "USD/month")  # Rent of those
show()

# %% section="hole"
in_hand = connections / servers  # Deliveries under way on one server at peak
# Servers that may die on a day, if all that they have in hand is sent twice
deaths_allowed = to(duplicates_daily * Q(1, "connection/message") / in_hand, "server/day")
unsettled_codes = transactional_peak_rate * recovery_point  # Codes and receipts among those
show()

# %% section="reputation" tags=["hide-input"]
warm_days = assume(
    "Days to warm up an IP address, cautiously", 30, "day", between=(14, 45),
    source="kumomta-warmup-2026",
)
warm_daily = assume(
    "Messages a day through an IP address at the end of that",
    175, "thousand*message/address/day", between=(175, 5900),
    source="kumomta-warmup-2026",
    because="Another vendor's cap ends thirty times higher",
)
unsubscribe_share = assume(
    "Unsubscribes for each campaign message", 0.25, "percent", between=(0.1, 0.4),
    source="mailchimp-benchmarks-2019",
)
# What an IP address could send in a day by its connections
address_daily = to(address_rate, "message/address/day")
# IP addresses for a mean day, by what each is trusted with
even_addresses = ceil(messages_daily * Q(1, "day") * provider_share / (warm_daily * Q(1, "day")))
# Mean time until a member opts out
patience = to(Q(1) / (campaign_per_member * unsubscribe_share / Q(1, "message/member")), "month")
# Members who opt out on a mean day
optouts_daily = to(campaign_daily * unsubscribe_share * Q(1, "member/message"), "member/day")
# Complaints a day at the target, at the largest provider
complaints_daily = messages_daily * provider_share * spam_target
show()

# %% [markdown]
# ## Retries

# %% section="retries" tags=["hide-input"]
first_wait = assume(
    "Wait before the first retry", 300, "second",
    source="postfix-schedule",
)
longest_wait = assume(
    "Longest wait between retries", 4000, "second",
    source="postfix-schedule",
)
give_up = assume(
    "When a message is given up", 5, "day", between=(4, 5),
    source="rfc5321",
)


def attempts(first, longest, lifetime):
    """Deliveries tried within a lifetime, when the wait doubles from `first` up to `longest`."""
    tried, elapsed, wait = Q(1, "attempt/message"), first, first
    while elapsed < lifetime:
        tried, wait = tried + Q(1, "attempt/message"), min(2 * wait, longest)
        elapsed = elapsed + wait
    return tried


# Attempts before a message is given up
retry_attempts = attempts(first_wait, longest_wait, give_up)
day_attempts = attempts(first_wait, longest_wait, Q(1, "day"))  # Attempts in an outage of one day
# Attempts in an outage of one hour
outage_attempts = attempts(first_wait, longest_wait, Q(1, "hour"))
show()

# %% [markdown]
# ## When the largest provider slows down

# %% section="backlog" tags=["hide-input"]
throttle_time = assume(
    "How long the largest provider throttles us", 1, "hour", between=(0.25, 6),
    because="Long enough to matter, short enough to be common",
)
throttled_share = assume(
    "What it still accepts of our rate", 20, "percent", between=(0, 60),
    because="Deferrals for the rest",
)
exposed = min(throttle_time, campaign_window) * 1  # Part of the campaign that the throttle meets
# Messages waiting when the throttle ends
backlog = provider_rate * (Q(1) - throttled_share) * exposed
# What the lane of the provider can send at most
lane_capacity = sending_addresses * address_rate
# Left to send when the throttle ends: the campaign's rest and the backlog
left = provider_rate * (campaign_window - exposed) + backlog
# How late the campaign ends
late_by = max(to(left / lane_capacity - (campaign_window - exposed), "minute"), Q(0, "minute")) * 1
queued_message_size = assume(
    "A queued message: recipient, template, variables", 2, "kB/message", between=(1, 5),
    because="The body is rendered when it is sent",
)
backlog_bytes = backlog * queued_message_size  # Backlog in bytes
show()

# %% [markdown]
# ## Events and storage

# %% section="events" tags=["hide-input"]
events_per_message = assume(
    "Events that one message makes", 6, "event/message", between=(4, 10),
    because="Accepted, rendered, sent, delivered, and on average two of opened, "
    "clicked, deferred, bounced, complained",
)
event_size = assume(
    "Size of an event", 0.6, "kB/event", between=(0.3, 2),
    because="Ids, time, kind, provider's answer",
)
copies = assume("Copies of stored data", 3, because="One in each zone")
hot_days = assume(
    "Days that events stay queryable", 30, "day", between=(7, 90),
    because="Support and tuning look back a month",
)
record_size = assume(
    "State of a message, with its idempotency key", 0.5, "kB/message", between=(0.2, 1),
    because="Key, recipient id, campaign, state, attempts, times",
)
record_days = assume(
    "Days that the state of a message is kept", 90, "day", between=(7, 400),
    because="Complaints and disputes arrive late",
)
event_rate = peak_rate * events_per_message  # Events at peak
event_bytes = to(event_rate * event_size, "MB/second")  # Event bytes at peak
# Queryable events, with copies
event_storage = messages_daily * events_per_message * event_size * hot_days * copies
# State of messages, with copies
record_storage = messages_daily * record_size * record_days * copies
show()

# %% section="stores" tags=["hide-input"]
plain_writes = assume(
    "Plain writes to the state of one message", 1, "row/message", because="Planned",
)
conditional_writes = assume(
    "Conditional writes to the state of one message", 2, "row/message", between=(2, 6),
    because="Claimed and recorded; each retry adds two",
)
conditional_cost = assume(
    "Cost of a conditional write, in plain ones", 4, between=(2, 6),
    because="A round of agreement among the copies before each",
)
node_writes = assume(
    "Writes a second that one database node takes, copies included",
    3700, "row/node/second", between=(3700, 15000), source="netflix-cassandra-2012",
    because="A benchmark of 2012: old machines, so a low bound",
)
node_disk = assume(
    "Data that we put on one database node", 2, "TB/node", between=(1, 4),
    because="More makes repair and replacement last days",
)
broker_rate = assume(
    "Bytes a second that one log broker writes", 60, "MB/node/second", between=(33, 200),
    because="Published tests of two vendors lie at 33 and at about 200",
)
write_load = plain_writes + conditional_writes * conditional_cost  # Writes of one message, in plain ones
state_writes = peak_rate * write_load  # State writes at peak, in plain ones
# Database nodes for the writes, with headroom and one zone lost
nodes_for_writes = ceil(state_writes / node_writes / target_utilisation / surviving)
nodes_for_disk = ceil(record_storage / node_disk / target_utilisation)  # Database nodes for the disks
brokers = ceil(event_bytes * copies / broker_rate / surviving)  # Log brokers, one zone lost
show()

# %% section="bodies"
message_size = assume(
    "Size of a rendered message on the wire", 75, "kB/message", between=(30, 140),
    because="Most HTML is under 50 kB, and the transfer encoding adds a third",
)
# If rendered bodies were kept
rendered_storage = messages_daily * message_size * record_days * copies
# If template and variables are kept
variables_storage = messages_daily * queued_message_size * record_days * copies
# What keeping bodies costs against variables
body_ratio = rendered_storage / variables_storage
egress_daily = messages_daily * message_size  # Bytes sent on a mean day
egress_peak = to(peak_rate * message_size, "bit/second")  # Bandwidth at peak
show()

# %% [markdown]
# ## Suppression

# %% section="suppression" tags=["hide-input"]
suppressed = assume(
    "Email addresses that must never be mailed", 120, "million address", between=(40, 400),
    because="Opt-outs, hard bounces and complaints of all years, more than a third of "
    "today's members",
)
bits_per_address = assume(
    "Bits of a Bloom filter for one email address", 10, "bit/address", between=(6, 20),
    because="A customary size; the next line says what it buys",
)
filter_hashes = assume("Hashes of the filter", 7, because="Best for ten bits: 10 × ln 2")
false_alarms = Q(100, "percent") * bloom_false_positive(
    number(bits_per_address / Q(1, "bit/address")), int(number(filter_hashes))
)  # Look-ups that the filter sends on for nothing
# Look-ups at peak that reach the store for nothing: a campaign asks for all mail and for its list
lookups = (2 * (campaign_rate + other_campaigns) + transactional_peak_rate) * false_alarms
# Bloom filter in the memory of each server
filter_size = to(suppressed * bits_per_address, "byte")
show()

# %% [markdown]
# ## Learning when to write

# %% section="learning" tags=["hide-input"]
feature_size = assume(
    "Features of one member", 2, "kB/member", between=(0.5, 10),
    because="A few hundred numbers: local hour, recency, counts, an embedding",
)
exploring = assume(
    "Share of decisions taken at random", 2, "percent", between=(0.5, 5),
    because="Enough to judge another policy on, little enough not to be felt",
)
lift = assume(
    "Smallest lift of visits worth a release", 1, "percent", between=(0.5, 3),
    because="Relative; below it the model costs more than it brings",
)
daily_active = netflix.daily_active
planning_time = assume(
    "Time in which a large campaign is planned ahead", 6, "hour", between=(1, 24),
    because="The policy decides before the window opens; the lanes only carry out",
)
# Decisions while the largest campaign is planned
decision_rate = to(reachable * largest_audience * Q(1, "request/member") / planning_time, "request/second")
feature_storage = reachable * feature_size * copies  # Online features, with copies
visiting = to(daily_active / members, "percent")  # Members who visit on a day
# Members in each arm that show such a lift
arm = Q(1, "member") * sample_size_shares(number(visiting), number(visiting) * (1 + number(lift)))
# Members in each arm for a tenth of that lift
fine_arm = Q(1, "member") * sample_size_shares(number(visiting), number(visiting) * (1 + number(lift) / 10))
arm_share = to(2 * arm / reachable, "percent")  # Share of members in a test of two arms
explored_daily = reachable * exploring * Q(1, "request/member/day")  # Random decisions a day
show()

# %% [markdown]
# ## Money

# %% section="cost" tags=["hide-input"]
service_price = assume(
    "Price of a sending service", 0.10, "USD/thousand/message", between=(0.02, 0.16),
    source="price-ses-2026",
    because="List price; nobody pays list at this size, hence the range",
)
egress_price = assume(
    "Price of traffic to the internet", 0.05, "USD/GB", between=(0.02, 0.09),
    source="price-transfer-2026",
)
server_price = assume(
    "Price of an eight-core server", 0.33, "USD/server/hour", between=(0.2, 0.6),
    source="price-ec2-2026",
    because="Four times the price of a two-core one",
)
storage_price = assume(
    "Price of a disk, for each copy", 0.08, "USD/GB/month", between=(0.07, 0.10),
    because="The long-standing list price of general-purpose disks, not read anew",
)
team_price = assume(
    "Deliverability and mail-transfer engineers",
    200, "thousand*USD/month", between=(100, 400),
    because="Ten people who do nothing else: warm-up, blocklists, provider relations, "
    "on-call",
)
# Sending through a service
service_team = assume(
    "Deliverability people that a service does not replace",
    70, "thousand*USD/month", between=(30, 120),
    because="Content, consent, complaints and reputation stay ours",
)
service_fee = to(messages_daily * service_price, "USD/month")  # The service's fee
service_cost = service_fee + service_team  # Sending through a service, with people
# Own sending: traffic
egress_cost = to(egress_daily * egress_price, "USD/month")
servers_cost = to(servers * server_price, "USD/month")  # Own sending: servers
# Own sending: addresses, at the rented price
addresses_cost = (sending_addresses + code_addresses) * address_price
# Own sending, all parts
own_cost = total(egress_cost, servers_cost, addresses_cost, team_price)
# Events and state on disk
storage_cost = to(
    (event_storage + record_storage + variables_storage) * storage_price, "USD/month"
)
# Own sending without the team
own_variable = to((own_cost - team_price) / messages_daily, "USD/thousand/message")
# Volume above which own sending is cheaper
switch_volume = to((team_price - service_team) / (service_price - own_variable), "message/day")
nodes_cost = to(
    (max(nodes_for_writes, nodes_for_disk) + brokers) * Q(1, "server/node") * server_price, "USD/month"
)  # Database nodes and brokers
platform_cost = total(own_cost, storage_cost, nodes_cost)  # The whole platform
people_share = to(team_price / platform_cost, "percent")  # Share of the people in it
show()

# %% [markdown]
# ## How sure are we?
#
# Each assumption is drawn from its range, a few thousand times over; then each alone is moved to both ends.

# %% section="intervals"
intervals(
    mean_rate, peak_rate, connections, servers, sending_addresses, backlog, late_by,
    event_storage, egress_peak, platform_cost,
)

# %% section="tornado"
tornado(sending_addresses)

# %% [markdown]
# ## What must hold
#
# Laws that every estimate of this kind obeys. A cell that breaks one stops the build, with both sides shown.

# %% section="invariants"
sending_capacity = servers * server_rate  # What all servers together can send
invariants.capacity(sending_capacity, peak_rate, mean_rate)
invariants.little(connections, peak_rate, smtp_time)
invariants.utilisation(servers_busy, servers, zones)
invariants.storage(
    event_storage, messages_daily * events_per_message * event_size, copies, hot_days
)
invariants.storage(record_storage, messages_daily * record_size, copies, record_days)
invariants.storage(rendered_storage, messages_daily * message_size, copies, record_days)
invariants.storage(
    variables_storage, messages_daily * queued_message_size, copies, record_days
)
invariants.egress(egress_daily, messages_daily, message_size)
invariants.egress(egress_peak, peak_rate, message_size)
invariants.nodes(sending_addresses, address_rate, provider_rate)
invariants.nodes(code_addresses, address_rate, transactional_peak_rate * provider_share)
invariants.nodes(even_addresses, warm_daily, messages_daily * provider_share)
invariants.nodes(nodes_for_writes, node_writes, state_writes)
invariants.nodes(nodes_for_disk, node_disk, record_storage)
invariants.nodes(brokers, broker_rate, event_bytes * copies)
invariants.cost(service_cost, service_fee, service_team)
invariants.cost(own_cost, egress_cost, servers_cost, addresses_cost, team_price)
invariants.cost(platform_cost, own_cost, storage_cost, nodes_cost)
invariants.parts(messages_daily, campaign_daily, transactional_daily)
invariants.parts(peak_rate, campaign_rate, other_campaigns, transactional_peak_rate)
show()

# %% [markdown]
# ## Decisions
#
# Each compares two quantities; the value at which it turns over is solved for.

# %% section="decision-own"
own_or_service = decide(
    "Run our own mail servers", own_cost, "<", service_cost, otherwise="Use a sending service",
    because="Below the line the team costs more than the service",
)
thresholds(own_or_service)

# %% section="decision-window"
warm_addresses = assume(
    "IP addresses that we keep warm", 1500, "address", between=(500, 5000),
    because="A month of warm-up each; the reserve is bought long before it is needed",
)
in_the_window = decide(
    "Send the largest campaign within its window", sending_addresses, "<=", warm_addresses,
    otherwise="Stretch the campaign", because="Cold addresses are deferred, so they would not help",
)
threshold(in_the_window, over=campaign_window)

# %% section="decision-lanes"
# What a sign-in code would wait behind the backlog in one common line
wait_in_line = to(backlog / (sending_capacity * surviving), "minute")
lanes_or_line = decide(
    "A pair of lanes for each provider", wait_in_line, ">", code_deadline,
    otherwise="One line for all", because="A code that waits longer is asked for again",
)
threshold(lanes_or_line, over=throttle_time, within=(Q(1, "second"), Q(6, "hour")))

# %% section="decision-filter"
store_reads = assume(
    "Look-ups a second that we give the suppression store", 10, "thousand*message/second",
    between=(3, 50), because="Three small nodes, with one of them lost",
)
filter_or_store = decide(
    "A filter in each sender", peak_rate, ">", store_reads, otherwise="Ask the store each time",
    because="The filter costs memory and a stream of changes; the store costs nodes",
)
threshold(filter_or_store, over=store_reads)

# %% section="decision-bodies"
bodies_budget = assume(
    "What exact copies of all mail may cost", 20, "thousand*USD/month", between=(5, 100),
    because="Support asks for the exact body rarely",
)
bodies_cost = to(rendered_storage * storage_price, "USD/month")  # Keeping rendered bodies
late_or_kept = decide(
    "Keep variables and render late", bodies_cost, ">", bodies_budget,
    otherwise="Keep rendered bodies", because="Template and variables make the body again",
)
threshold(late_or_kept, over=record_days, within=(Q(1, "day"), Q(400, "day")))

# %% section="decision-regions"
region_availability = assume(
    "Availability of one region", 99.95, "percent", between=(99.7, 99.997),
    because="A bad day every few years; clouds promise parts of a region, not the whole",
)
region_downtime = to((Q(1) - region_availability) * Q(1, "month"), "minute")  # Downtime of one region, each month
one_or_two_regions = decide(
    "Two regions, one home for each member", region_downtime, ">", accept_downtime,
    otherwise="One region, and a plan", because="One region alone would spend the whole budget",
)
threshold(one_or_two_regions, over=region_availability)

# %% [markdown]
# ## Answers to the exercises

# %% section="exercises"
# Addresses if the largest campaign takes a day
day_addresses = ceil(largest_campaign * provider_share / (warm_daily * Q(1, "day")))
slow_connections = 3 * connections  # Connections if a delivery takes three times as long
# Volume above which own sending pays, at half the price
half_price_volume = to(
    (team_price - service_team) / (service_price / 2 - own_variable), "message/day"
)
show()
