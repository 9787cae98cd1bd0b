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
# # Feature flags in numbers
#
# Every number of the chapter is computed here. A name that is assigned a quantity becomes a fact; the comment beside
# it says what it is. Change an assumption, run all cells, and every later number follows.

# %% section="assumptions"
from handbook import (
    Q, assume, ceil, decide, intervals, invariants, number, show,
    threshold, to, tornado, total,
)
from handbook.experiments import peeking_false_positive, sample_size_shares
from handbook.tails import fan_out_tail

accounts = assume("Active accounts", 439, "million account", between=(400, 480), source="paypal-10k-2025")
transactions_yearly = assume(
    "Payments in 2025", 25.4, "billion transaction/year", between=(24, 30), source="paypal-10k-2025",
)
peak_factor = assume(
    "Busiest hour of the year against the mean hour", 4, between=(2, 8),
    because="Evenings, pay days, and the Friday before Christmas shopping",
)
visits = assume(
    "Page requests for each payment, its own included", 10, "request/transaction", between=(3, 30),
    because="Log-ins, balances, pages that show a button; our own guess",
)
calls = assume(
    "Services that one such request passes through", 40, between=(10, 100),
    because="Login, risk, wallet, ledger, limits, notices; each is several",
)
checks = assume(
    "Flags that a service evaluates for one call", 12, "evaluation/request", between=(3, 50),
    because="Release switches, kill switches, limits, experiments",
)
instances = assume(
    "Running instances of services, over all regions", 60, "thousand instance", between=(10, 200),
    because="Some thousand services with tens of instances each",
)
regions = assume("Regions", 5, between=(3, 8), because="Where members and laws are")
show()

# %% [markdown]
# ## Objectives

# %% section="objectives" tags=["hide-input"]
kill_target = assume(
    "Objective: a change is in force on 99 of 100 instances", 5, "second", between=(1, 30),
    because="A bad flag hurts until it is off everywhere",
)
stale_target = assume(
    "Objective: oldest configuration in use, links up", 60, "second", between=(20, 300),
    because="The stream may be silent and dead; asking again must heal it",
)
evaluation_time = assume(
    "Objective: one evaluation in the process, 99 of 100", 20, "microsecond", between=(5, 100),
    because="Hundreds of them are part of one payment",
)
change_availability = assume(
    "Objective: control plane takes a change", 99.95, "percent", between=(99.9, 99.99),
    because="It is needed most on the worst day",
)
recovery_time = assume(
    "Objective: changes possible again after a region is lost", 5, "minute", between=(1, 30),
    because="Meanwhile everything goes on with what it has",
)
# Time that changes may be impossible, each month
change_downtime = to((Q(1) - change_availability) * Q(1, "month"), "minute")
show()

# %% [markdown]
# ## The usual figure, checked

# %% section="usual"
# no invariant: usual_peak: the usual opening's own figures, which size nothing here
usual_users = assume(
    "Daily users in the usual opening", 100, "million account", because="Given with the question",
)
usual_actions = assume(
    "Actions a user in the usual opening", 10, "request/account/day", because="Given with the question",
)
usual_peak_factor = assume(
    "Peak against mean in the usual opening", 3, because="Given with the question",
)
usual_mean = to(usual_users * usual_actions, "request/second")  # Mean rate, usual opening
usual_peak = usual_mean * usual_peak_factor  # Peak rate, usual opening
show()

# %% [markdown]
# ## Evaluations

# %% section="evaluations"
payments = to(transactions_yearly, "transaction/second")  # Payments a second, on average
requests = payments * visits * calls  # Calls of services, on average
peak_requests = requests * peak_factor  # Calls of services in the busiest hour
evaluations = requests * checks  # Evaluations a second, on average
peak_evaluations = peak_requests * checks  # Evaluations in the busiest hour
# Evaluations on the way of one visit
chain = calls * checks * Q(1, "request")
evaluation_ratio = peak_evaluations / usual_peak * Q(1, "request/evaluation")  # Against the usual opening
show()

# %% section="local" tags=["hide-input"]
local_cost = assume(
    "Processor time of one evaluation in the process", 2, "microsecond/evaluation", between=(0.5, 10),
    because="A few comparisons and one hash; measure your own rules",
)
remote_time = assume(
    "Time of asking a flag service in the same zone", 1, "millisecond/request", between=(0.5, 3),
    because="A round trip, its queue and its encoding",
)
flag_server_rate = assume(
    "Calls a second that one flag server answers", 20, "thousand*request/server/second",
    between=(5, 100), because="Small answers from memory",
)
zones = assume("Zones in a region", 3, "zone", because="What the large clouds offer in most regions")
target_utilisation = assume(
    "Utilisation that we plan for at peak", 70, "percent", between=(50, 80),
    because="Above it the wait grows faster than the load",
)
# Share of servers left after the loss of a zone
surviving = to((zones - Q(1, "zone")) / zones, "percent")
# Processor cores that local evaluation keeps busy, all services together
local_processors = to(peak_evaluations * local_cost, "dimensionless")
flag_servers_busy = peak_requests / flag_server_rate  # Flag servers busy, if every call asked once
flag_servers = ceil(flag_servers_busy / target_utilisation / surviving)  # Flag servers for that
# Time that one visit would spend asking, flag by flag
chain_time = to(chain * remote_time * Q(1, "request/evaluation"), "millisecond")
# The same, when each service asks once for all its flags
batched_time = to(calls * Q(1, "request") * remote_time, "millisecond")
slow_share = assume(
    "Answers of a flag service that are slow", 0.1, "percent", between=(0.01, 1),
    because="Queues, collections of garbage, retransmissions",
)
# Visits that meet at least one slow answer
slow_visits = Q(100, "percent") * fan_out_tail(number(slow_share), number(calls))
show()

# %% [markdown]
# ## Configuration

# %% section="configuration" tags=["hide-input"]
flags = assume(
    "Flags that are alive", 20, "thousand flag", between=(2, 50),
    because="Some per service, and those that nobody removed",
)
flag_size = assume(
    "Size of a flag with its rules", 1.5, "kB/flag", between=(0.5, 5),
    because="Variants, segments, percentages, owner",
)
flags_each = assume(
    "Flags that one service asks for", 2, "percent", between=(0.5, 10),
    because="Its own, and a few for all",
)
compression = assume("Compression of a configuration", 6, between=(4, 10), because="Repetitive text")
changes_daily = assume(
    "Changes of flags on a day", 3000, "change/day", between=(300, 10000),
    because="Facebook had thousands of changes of its configuration a day",
    source="facebook-config-2015",
)
touched = assume(
    "Instances that one change concerns", 5, "percent/change", between=(0.5, 100),
    because="A service and its neighbours; a segment for all concerns all",
)
snapshot = to(flags * flag_size, "MB")  # The whole configuration
# What one instance loads, compressed
instance_snapshot = to(snapshot * flags_each / compression, "kB") / Q(1, "instance")
delta = to(flag_size / compression * Q(1, "flag/delivery"), "kB/delivery")  # One changed flag, compressed
change_rate = to(changes_daily, "change/second")  # Changes a second, on average
# Deliveries of changes to instances on a day
deliveries_daily = changes_daily * instances * touched * Q(1, "delivery/instance")
delta_traffic = to(deliveries_daily * delta, "TB/day")  # Traffic of deltas on a day
# Traffic if each change sent what an instance loads
snapshot_traffic = to(deliveries_daily * instance_snapshot * Q(1, "instance/delivery"), "TB/day")
# One change that concerns every instance
change_for_all = to(instances * delta * Q(1, "delivery/instance"), "MB")
# Everything that all instances load when all start anew
restart_bytes = to(instances * instance_snapshot, "GB")
show()

# %% [markdown]
# ## Streams and relays

# %% section="relays" tags=["hide-input"]
relay_streams = assume(
    "Streams that one relay holds", 10, "thousand connection/server", between=(2, 50),
    because="Far below what sockets allow: a relay that dies sends them all to its neighbours",
)
streams = instances * Q(1, "connection/instance")  # Open streams of instances
relays_busy = streams / relay_streams  # Relays that the streams fill
# Relays, over all regions, with headroom and a zone lost
relays = max(ceil(relays_busy / target_utilisation / surviving), ceil(regions * zones * Q(1, "server/zone"))) * 1
restart_time = assume(
    "Time in which a region's instances start anew", 60, "second", between=(15, 600),
    because="A bad deploy, an outage of power, a network that comes back",
)
# Bandwidth of one relay while its whole region starts
restart_bandwidth = to(restart_bytes / restart_time / relays, "bit/second/server")
poll_interval = assume(
    "Interval at which an instance polls besides", 30, "second", between=(5, 120),
    because="Heals a stream that died in silence",
)
# Polls of all instances, mostly answered "no news"
poll_rate = to(instances * Q(1, "request/instance") / poll_interval, "request/second")
poll_answer_rate = assume(
    "Polls a second that one server answers with \"no news\"", 2,
    "thousand*request/server/second", between=(1, 20),
    because="TLS, a token, a version compared",
)
show()

# %% [markdown]
# ## How quickly a change arrives

# %% section="propagation" tags=["hide-input"]
commit_time = assume(
    "Time to check and commit a change", 300, "millisecond", between=(50, 2000),
    because="Validation, a write that a majority of regions holds, a log entry",
)
hop_time = assume(
    "Time from the store to a relay of another region", 150, "millisecond", between=(50, 400),
    because="Half the globe, and a queue",
)
last_hop = assume(
    "Time from a relay to its instances", 100, "millisecond", between=(20, 1000),
    because="Ten thousand writes, one after another",
)
apply_time = assume(
    "Time to check and apply a change in the process", 50, "millisecond", between=(5, 500),
    because="Parse, verify, swap a pointer",
)
spread_time = total(commit_time, hop_time, last_hop, apply_time)  # A change on its way, all well
dead_streams = assume(
    "Streams that are dead and do not know it", 2, "percent", between=(0.1, 5),
    because="Middle boxes that forget, machines that sleep",
)
# Instances that wait for their next poll
late_instances = instances * dead_streams
# Instances that have a change in time when streams are all there is
in_time = to(Q(1) - dead_streams, "percent")
show()

# %% [markdown]
# ## Phones and browsers

# %% section="clients" tags=["hide-input"]
daily_share = assume(
    "Accounts that open the app or the site on a day", 12, "percent/day", between=(4, 30),
    because="A few times a month each; our own guess",
)
starts = assume(
    "Starts of each of them", 1.5, "request/account", between=(1, 4),
    because="Some come back within the day",
)
client_values = assume(
    "Size of evaluated flags for one person", 3, "kB/request", between=(1, 20),
    because="A hundred names and values, compressed",
)
visit_length = assume(
    "Length of a session", 4, "minute", between=(1, 15),
    because="Look, pay, leave",
)
client_fetches = to(accounts * daily_share * starts, "request/second") * peak_factor  # Starts in the busiest hour
open_clients = to(client_fetches * visit_length * Q(1, "session/request"), "session")  # Apps and pages open at once
client_traffic = to(accounts * daily_share * starts * client_values, "TB/day")  # Traffic to clients on a day
# Values for everybody who is there, sent at once
client_burst = to(open_clients * client_values * Q(1, "request/session"), "GB")
# If each got the rules instead of the values
client_rules = to(
    accounts * daily_share * starts * snapshot * flags_each / compression * Q(1, "1/request"), "TB/day"
)
show()

# %% [markdown]
# ## Exposures

# %% section="exposures" tags=["hide-input"]
experiments_share = assume(
    "Evaluations that belong to an experiment", 5, "percent", between=(1, 20),
    because="Most flags are switches",
)
exposure_size = assume(
    "Size of an exposure event", 0.3, "kB/event", between=(0.1, 1),
    because="Who, which experiment, which variant, when, version",
)
concurrent = assume(
    "Experiments that a visitor meets on a day", 8, "event/account", between=(2, 30),
    because="Of some hundred that run",
)
copies = assume("Copies of stored data", 3, because="One in each zone")
exposure_days = assume(
    "Days that exposures are kept", 90, "day", between=(30, 400),
    because="An experiment, its review, and the next one's baseline",
)
# One for each evaluation
raw_exposures = to(evaluations * experiments_share * Q(1, "event/evaluation"), "event/second")
exposures_daily = accounts * daily_share * concurrent  # One for each person, experiment and day
exposures = to(exposures_daily, "event/second")  # Exposures a second, each counted once
# Exposures a second that are sent: one for each session
sent_exposures = to(exposures_daily * starts * Q(1, "account/request"), "event/second")
exposure_written = exposures_daily * exposure_size  # Bytes of exposures on a day
exposure_storage = exposure_written * copies * exposure_days  # Exposures, with copies
exposure_ratio = raw_exposures / sent_exposures  # What remembering saves
show()

# %% [markdown]
# ## What a bad flag costs

# %% section="blast" tags=["hide-input"]
failure_share = assume(
    "Payments that fail where a bad flag is on", 30, "percent", between=(6, 90),
    because="A bad release rarely breaks everything",
)
ordinary_failures = assume(
    "Payments that fail on an ordinary day", 2, "percent", between=(0.5, 5),
    because="Declined cards, mistyped numbers",
)
first_stage = assume(
    "First stage of a rollout", 1, "percent", between=(0.1, 10), because="The usual first step",
)
detect_all = assume(
    "Time to notice when everybody has it", 1, "minute", between=(0.2, 10),
    because="The graph of failed payments bends at once",
)
manual_kill = assume(
    "Time until a person decides and flips the switch", 8, "minute", between=(2, 40),
    because="Paged, looked, agreed; Google needed forty minutes in June 2025",
    source="google-incident-recovery-2025",
)
guard_level = assume(
    "Chance that the guard kills an innocent change, for each measure", 0.001, "percent",
    between=(0.0001, 0.1), because="It compares for every change, and a false alarm stops somebody's work",
)
guardrails = assume(
    "Measures that the guard compares", 4, between=(1, 20), because="Failed payments, errors, latency, calls",
)
peak_payments = payments * peak_factor  # Payments in the busiest hour
# Innocent changes that the guard kills
false_kills = to(changes_daily * guardrails * guard_level, "change/month")
# Failed payments, on for all, a person decides
hurt_at_once = peak_payments * (failure_share - ordinary_failures) * (detect_all + manual_kill)
# Payments at a stage that show the failure beyond doubt
seen_payments = Q(1, "transaction") * sample_size_shares(
    number(ordinary_failures), number(failure_share), alpha=number(guard_level), power=0.99
)
# Time that the first stage needs to see so many, in both arms
detect_stage = to(seen_payments / (peak_payments * first_stage), "second")
# Failed payments when the first stage notices, and a machine decides
hurt_staged = peak_payments * first_stage * (failure_share - ordinary_failures) * (
    detect_stage + kill_target
)
hurt_ratio = hurt_at_once / hurt_staged  # What stages and a machine save
show()

# %% [markdown]
# ## Experiments

# %% section="experiments" tags=["hide-input"]
lift = assume(
    "Smallest relative lift that is worth a release", 1, "percent", between=(0.2, 5),
    because="Of payments that are completed",
)
conversion = assume(
    "Started payments that are completed", 70, "percent", between=(50, 90), because="A guess",
)
looks = assume("Looks at a running experiment", 10, between=(1, 50), because="Once a day for a while")
# People in each arm
arm = Q(1, "account") * sample_size_shares(number(conversion), number(conversion) * (1 + number(lift)))
arm_time = to(2 * arm / (accounts * daily_share), "hour")  # Time until both arms are full
# False alarms when each look uses the level for one
peeking = Q(100, "percent") * peeking_false_positive(int(round(number(looks))))
show()

# %% [markdown]
# ## Models behind flags

# %% section="models" tags=["hide-input"]
scores = assume(
    "Predictions for one payment", 20, "prediction/transaction", between=(2, 50),
    because="Risk of the buyer, the seller, the device; limits; our own guess",
)
score_time = assume(
    "Processor time of one prediction", 5, "millisecond/prediction", between=(1, 50),
    because="A few hundred trees and their features; a neural network takes more",
)
quick_time = assume(
    "The same for a simple model", 0.5, "millisecond/prediction", between=(0.1, 2),
    because="A linear model on a dozen features",
)
unsure_share = assume(
    "Predictions that the simple model leaves to the other", 20, "percent", between=(5, 50),
    because="Where its score is neither clearly good nor clearly bad",
)
shadow_share = assume(
    "Predictions that a new version computes besides", 10, "percent", between=(1, 100),
    because="Enough to compare; nobody acts on them",
)
label_delay = assume(
    "Time until a payment turns out to be fraud", 45, "day", between=(20, 120),
    because="Cardholders read statements, then complain",
)
predictions = peak_payments * scores  # Predictions in the busiest hour
prediction_processors = to(predictions * score_time, "dimensionless")  # Processor cores that compute them
shadow_processors = to(prediction_processors * shadow_share, "dimensionless")  # Cores for a version in the shadow
tenfold_processors = 10 * prediction_processors  # Cores for ten times the predictions
# The same, when a simple model answers first
cascade_processors = to(10 * predictions * (quick_time + unsure_share * score_time), "dimensionless")
cascade_share = to(cascade_processors / tenfold_processors, "percent")  # What is left of the cores
unlabelled = to(payments * label_delay, "transaction")  # Payments whose outcome is not known yet
show()

# %% [markdown]
# ## Money

# %% section="cost" tags=["hide-input"]
server_price = assume(
    "Price of an eight-core server", 0.33, "USD/server/hour", between=(0.2, 0.6),
    source="price-ec2-2026", because="Four times the two-core one: prices of a family follow the size",
)
egress_price = assume(
    "Price of traffic to the internet", 0.05, "USD/GB", between=(0.02, 0.09),
    source="price-transfer-2026",
)
inter_region_price = assume(
    "Price of traffic between zones and regions", 0.02, "USD/GB", between=(0.01, 0.05),
    because="List prices for neighbours; not read anew",
)
storage_price = assume(
    "Price of a disk, for each copy", 0.08, "USD/GB/month", between=(0.07, 0.10),
    because="The long-standing list price of general-purpose disks, not read anew",
)
team_price = assume(
    "Engineers who run and improve it", 200, "thousand*USD/month", between=(100, 400),
    because="Ten people: control plane, SDKs in five languages, on-call",
)
control_servers = assume(
    "Servers of the control plane and the stores", 30, "server", between=(10, 100),
    because="In three regions: five copies of the store; control plane, publisher, guard, log, twice over",
)
relays_cost = to(relays * server_price, "USD/month")  # Relays
control_cost = to(control_servers * server_price, "USD/month")  # Control plane
delta_cost = to(delta_traffic * inter_region_price, "USD/month")  # Traffic of changes
client_cost = to(client_traffic * egress_price, "USD/month")  # Traffic to clients
exposure_cost = to(exposure_storage * storage_price, "USD/month")  # Exposures on disk
# The whole system
flags_cost = total(relays_cost, control_cost, delta_cost, client_cost, exposure_cost, team_price)
# Servers that would only answer questions
remote_cost = to(flag_servers * server_price, "USD/month")
# Processor time that local evaluation takes from the services, eight cores a server
local_cost_month = to(local_processors / Q(8, "1/server") * server_price, "USD/month")
people_share = to(team_price / flags_cost, "percent")  # Share of the people in it
show()

# %% [markdown]
# ## How sure are we?

# %% section="intervals"
intervals(
    peak_evaluations, flag_servers, chain_time, instance_snapshot, delta_traffic, relays,
    spread_time, client_fetches, exposures, hurt_at_once, hurt_staged, flags_cost,
)

# %% section="tornado"
tornado(hurt_at_once)

# %% [markdown]
# ## What must hold

# %% section="invariants"
relay_capacity = relays * relay_streams  # Streams that all relays hold
invariants.capacity(relay_capacity, streams)
invariants.little(open_clients, client_fetches * Q(1, "session/request"), visit_length)
invariants.capacity(flag_servers * flag_server_rate, peak_requests, requests)
invariants.little(late_instances * Q(1, "request/instance"), poll_rate * dead_streams, poll_interval)
invariants.utilisation(relays_busy, relays, zones)
invariants.utilisation(flag_servers_busy, flag_servers, zones)
invariants.storage(exposure_storage, exposure_written, copies, exposure_days)
invariants.egress(delta_traffic, deliveries_daily, delta)
invariants.cost(
    flags_cost, relays_cost, control_cost, delta_cost, client_cost, exposure_cost, team_price
)
invariants.parts(spread_time, commit_time, hop_time, last_hop, apply_time)
show()

# %% [markdown]
# ## Decisions

# %% section="decision-local"
flag_budget = assume(
    "Time that flags may add to a visit", 20, "millisecond", between=(2, 100),
    because="A tenth of what a page may take",
)
local_or_remote = decide(
    "Evaluate in the process", batched_time, ">", flag_budget, otherwise="Ask a flag service",
    because="Even asked once by each service, the round trips of a visit add up",
)
threshold(local_or_remote, over=calls, within=(1, 100))

# %% section="decision-stream"
# Longest interval that still kills in time, if nothing is streamed
needed_interval = max(kill_target - spread_time, Q(0.1, "second"))
# Servers that polling at that interval would need
poll_servers = ceil(
    instances * Q(1, "request/instance") / needed_interval / poll_answer_rate / target_utilisation / surviving
)
shortest_interval = assume(
    "Shortest interval at which we let every instance poll", 10, "second", between=(2, 30),
    because="Every process wakes up for nothing; public SDKs take 15 to 60 seconds",
)
stream_or_poll = decide(
    "Stream, and poll besides", shortest_interval, ">", needed_interval, otherwise="Poll alone",
    because="Polling is simpler; it loses when the kill switch must be quick",
)
threshold(stream_or_poll, over=kill_target)

# %% section="decision-delta"
relay_bandwidth = assume(
    "Bandwidth that one relay may use", 1, "thousand*million*bit/server/second", between=(0.5, 10),
    because="A small machine, and not alone on its link",
)
send_time = assume(
    "Time in which a change for all should leave the relays", 2, "second", between=(0.5, 4),
    because="What the objective leaves after the commit, the way, and one loss",
)
# Bandwidth of a relay if a change for all is sent whole
whole_bandwidth = to(restart_bytes / send_time / relays, "bit/second/server")
delta_or_whole = decide(
    "Send what changed", whole_bandwidth, ">", relay_bandwidth, otherwise="Send the whole configuration",
    because="Whole is simpler and cannot drift; it loses when the configuration has grown",
)
threshold(delta_or_whole, over=flags)

# %% section="decision-tree"
direct_streams = assume(
    "Streams that the control plane would hold itself", 30, "thousand connection", between=(5, 100),
    because="Three servers that have better things to do",
)
tree_or_direct = decide(
    "A tree of relays", streams, ">", direct_streams, otherwise="Streams from the control plane",
    because="The control plane must not feel how many instances there are",
)
threshold(tree_or_direct, over=instances)

# %% section="decision-values"
client_budget = assume(
    "Traffic of flags to clients that we accept on a day", 1, "TB/day", between=(0.1, 10),
    because="A tenth of what the pages themselves weigh",
)
values_or_rules = decide(
    "Send clients their values", client_rules, ">", client_budget, otherwise="Send clients the rules",
    because="Rules tell strangers what we plan and hold data about others; they are larger, too",
)
threshold(values_or_rules, over=flags_each, within=(Q(0.01, "percent"), Q(10, "percent")))

# %% section="decision-start"
client_streams = assume(
    "Connections for phones that the relays may hold besides", 100, "thousand session",
    between=(20, 1000), because="As many as the fleet of servers, and some",
)
ask_or_stream = decide(
    "Apps ask when they start and return", open_clients, ">", client_streams,
    otherwise="Apps hold a stream",
    because="Open apps are far more than servers, and most visits end before anything changes",
)
threshold(ask_or_stream, over=visit_length, within=(Q(0.05, "minute"), Q(15, "minute")))

# %% section="decision-stages"
hurt_budget = assume(
    "Failed payments that one change may cost", 1000, "transaction", between=(100, 100000),
    because="A bad day for a thousand people is in no newspaper, and still too many",
)
staged_or_all = decide(
    "Roll out in stages, a machine at the switch", hurt_at_once, ">", hurt_budget,
    otherwise="Turn it on for all, and watch",
    because="What everybody has hurts until a person has decided",
)
threshold(staged_or_all, over=failure_share, within=(Q(2.001, "percent"), Q(100, "percent")))

# %% section="decision-exposures"
event_budget = assume(
    "Exposure events a second that are worth their keep", 20, "thousand*event/second",
    between=(5, 100), because="The rest of the log is payments",
)
once_or_each = decide(
    "Report where the person meets it, once a session", raw_exposures, ">", event_budget,
    otherwise="Report every evaluation", because="An experiment counts people, not evaluations",
)
threshold(once_or_each, over=experiments_share, within=(Q(0.01, "percent"), Q(100, "percent")))

# %% section="decision-looks"
tolerated = assume(
    "False alarms that we tolerate", 6, "percent", between=(5, 10),
    because="A little more than what a test of one look promises",
)
sequential_or_fixed = decide(
    "A read-out that may be looked at", peeking, ">", tolerated, otherwise="One look at the end",
    because="Each look is another chance to be fooled",
)
threshold(sequential_or_fixed, over=looks)

# %% [markdown]
# ## Answers to the exercises

# %% section="exercises"
# Time to ask once in each of fifteen services
short_chain_time = to(15 * Q(1, "request") * remote_time, "millisecond")
# Time until a first stage of a tenth has seen enough
bigger_detect = to(seen_payments / (peak_payments * Q(10, "percent")), "second")
# Failed payments with that stage
bigger_hurt = peak_payments * Q(10, "percent") * (failure_share - ordinary_failures) * (
    bigger_detect + kill_target
)
calm_interval = Q(15, "second") - spread_time  # Longest interval when fifteen seconds are quick enough
show()
