# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # The email platform in numbers
#
# Every number of the chapter is computed here. A name that is assigned a quantity becomes a fact; the comment beside
# it says what it is. Change an assumption, run all cells, and every later number follows.

# %% section="assumptions"
from handbook import Q, assume, ceil, charts, netflix, show, to, total

members = netflix.members
reachable_share = assume(
    "Members with a working address who have not opted out",
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
transactional_peak = assume(
    "Busiest minute against the mean, transactional", 4, between=(2, 8),
    because="Sign-ins and receipts follow the evening and the day of the month",
)
show()

# %% [markdown]
# ## Objectives
#
# What we promise, as numbers that a test can check.

# %% section="objectives"
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
usual_per_member = usual_daily * Q(1, "message/request") / members
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
campaign_rate = to(largest_campaign / campaign_window, "message/second")
# Transactional rate at its peak
transactional_peak_rate = to(transactional_daily, "message/second") * transactional_peak
peak_rate = campaign_rate + transactional_peak_rate  # Peak send rate
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
    "Largest campaign": campaign_rate, "Messages, peak": peak_rate,
}
charts.bars(
    {name: rate.magnitude for name, rate in rates.items()}, axis="per second",
    description="Six rates a second. The mean of all messages is the smallest but one; the largest campaign makes "
    "almost all of the peak, and transactional traffic at its peak is small beside it.",
)

# %% [markdown]
# ## Sending

# %% section="sending"
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

# %% section="providers"
provider_share = assume(
    "Share of the largest mailbox provider", 50, "percent", between=(39, 60),
    source="mapp-providers",
)
connections_per_address = assume(
    "Connections that the largest provider takes from one address",
    5, "connection/address", between=(5, 20),
    source="kumomta-shaping",
)
messages_per_connection = assume(
    "Messages that Yahoo takes on one connection", 20, "message/connection",
    source="yahoo-smtp",
)
address_price = assume(
    "Rent of a dedicated sending address", 24.95, "USD/address/month",
    source="price-ses-2026",
)
# Campaign rate towards the largest provider
provider_rate = campaign_rate * provider_share
# Rate of one address towards it, by Little's law
address_rate = connections_per_address / smtp_time
# Addresses for the largest campaign
sending_addresses = ceil(provider_rate / address_rate)
# Addresses if every day were even
even_addresses = ceil(mean_rate * provider_share / address_rate)
# Addresses that stand for one server
addresses_per_server = sending_addresses / servers
# Addresses for ten minutes
hurried_addresses = ceil(largest_campaign * provider_share / Q(10, "minute") / address_rate)
# Rent of those addresses
hurried_rent = to(hurried_addresses * address_price, "USD/month")
show()

# %% section="reputation"
warm_days = assume(
    "Days to warm up an address, cautiously", 30, "day", between=(14, 45),
    source="kumomta-warmup-2026",
)
warm_daily = assume(
    "Messages a day through an address at the end of that",
    175, "thousand*message/address/day", between=(175, 5900),
    source="kumomta-warmup-2026",
    because="Another vendor's cap ends thirty times higher",
)
unsubscribe_share = assume(
    "Unsubscribes for each campaign message", 0.27, "percent", between=(0.1, 0.4),
    source="mailchimp-benchmarks-2018",
)
# What an address could send in a day by its connections
address_daily = to(address_rate, "message/address/day")
# Mean time to opt out
patience = to(Q(1) / (campaign_per_member * unsubscribe_share / Q(1, "message/member")), "month")
# Complaints a day that reach the target
complaints_daily = messages_daily * provider_share * spam_target
show()

# %% [markdown]
# ## Retries

# %% section="retries"
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
# Attempts in an outage of one hour
outage_attempts = attempts(first_wait, longest_wait, Q(1, "hour"))
show()

# %% [markdown]
# ## When the largest provider slows down

# %% section="backlog"
throttle_time = assume(
    "How long the largest provider throttles us", 1, "hour", between=(0.25, 6),
    because="Long enough to matter, short enough to be common",
)
throttled_share = assume(
    "What it still accepts of our rate", 20, "percent", between=(0, 60),
    because="Deferrals for the rest",
)
# Messages waiting when the throttle ends
backlog = provider_rate * (Q(1) - throttled_share) * throttle_time
# What the lane of the provider can send at most
recovered_rate = provider_rate / target_utilisation
# Time to drain while the campaign goes on
drain_time = to(backlog / (recovered_rate - provider_rate), "hour")
queued_message_size = assume(
    "A queued message: recipient, template, variables", 2, "kB/message", between=(1, 5),
    because="The body is rendered when it is sent",
)
backlog_bytes = backlog * queued_message_size  # Backlog in bytes
show()

# %% [markdown]
# ## Events and storage

# %% section="events"
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

# %% section="suppression"
suppressed = assume(
    "Addresses that must never be mailed", 120, "million address", between=(40, 400),
    because="Opt-outs, hard bounces and complaints of all years, more than a third of "
    "today's members",
)
bits_per_address = assume(
    "Bits of a Bloom filter for one address", 10, "bit/address",
    because="With seven hashes: 0.8% false alarms",
)
# Bloom filter in the memory of each server
filter_size = to(suppressed * bits_per_address, "byte")
show()

# %% [markdown]
# ## Money

# %% section="cost"
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
service_cost = to(messages_daily * service_price, "USD/month")
# Own sending: traffic
egress_cost = to(egress_daily * egress_price, "USD/month")
servers_cost = to(servers * server_price, "USD/month")  # Own sending: servers
# Own sending: addresses, at the rented price
addresses_cost = sending_addresses * address_price
# Own sending, all parts
own_cost = total(egress_cost, servers_cost, addresses_cost, team_price)
# Events and state on disk
storage_cost = to((event_storage + record_storage) * storage_price, "USD/month")
# Own sending without the team
own_variable = to((own_cost - team_price) / messages_daily, "USD/thousand/message")
# Volume above which own sending is cheaper
switch_volume = to(team_price / (service_price - own_variable), "message/day")
show()
