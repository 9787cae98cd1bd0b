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
# # Recommendations in numbers
#
# Every number of the chapter is computed here. A name that is assigned a quantity becomes a fact; the comment beside
# it says what it is. Change an assumption, run all cells, and every later number follows.

# %% section="assumptions"
from handbook import (
    Q, assume, ceil, decide, intervals, invariants, show,
    threshold, to, tornado, total,
)

daily_active = assume(
    "Members who come on a day", 100, "million member", between=(50, 200),
    because="Given with the question; not a figure of Microsoft",
)
monthly_active = assume(
    "Members who come in a month", 300, "million member", between=(150, 600),
    because="Three times the day's, as for services that are not used daily",
)
pages_each = assume(
    "Pages with recommendations that a member opens", 10, "request/member/day",
    between=(4, 30), because="Given with the question",
)
peak_factor = assume(
    "Busiest hour against the mean hour", 3, between=(2, 5), because="Given with the question",
)
catalogue = assume(
    "Items that may be recommended", 10, "million item", between=(0.02, 100),
    because="A shop or a video site; a news site has fewer",
)
candidates = assume(
    "Candidates that are ranked for a page", 600, "candidate/request", between=(200, 2000),
    because="Hundreds are usual; twenty are shown",
)
shown = assume(
    "Items that a page holds", 20, "candidate/request", between=(8, 50),
    because="A list and two rows",
)
seen = assume(
    "Items of a page that come on the screen", 12, "event/request", between=(4, 20),
    because="Few scroll to the end",
)
clicked = assume(
    "Clicks for each page", 0.3, "event/request", between=(0.05, 1),
    because="Three pages of ten are worth something",
)
show()

# %% [markdown]
# ## Objectives
#
# What we promise, as numbers that a test can check.

# %% section="objectives" tags=["notebook-only"]
page_availability = assume(
    "Objective: pages with recommendations, of whatever rank", 99.95, "percent",
    between=(99.9, 99.99), because="A page with a worse list is served; only an empty one fails",
)
page_latency = assume(
    "Objective: a list, 99 of 100, at the server", 150, "millisecond", between=(80, 300),
    because="The page waits for it; the network comes on top",
)
fresh_target = assume(
    "Objective: an act changes the next list, 95 of 100", 10, "second", between=(2, 60),
    because="Shorter than the time until the next page",
)
measure_target = assume(
    "Objective: an act is counted in the measures", 3, "minute", between=(1, 15),
    because="A bad release is seen before the next step of its roll-out",
)
counted_target = assume(
    "Objective: acts that the live measures hold", 99, "percent", between=(97, 99.9),
    because="What comes later is added by the next morning's count",
)
skew_target = assume(
    "Objective: logged features that a recomputation contradicts", 0.1, "percent",
    between=(0.01, 1), because="Every deviation has a cause; few of them are harmless",
)
recovery_time = assume(
    "Objective: lists again after a region is lost", 5, "minute", between=(1, 30),
    because="Routing moves in less; caches need the rest",
)
recovery_point = assume(
    "Objective: acts that a lost region may take along", 30, "second", between=(5, 300),
    because="The log is copied behind; a list that forgets half a minute is still a list",
)
# Time that a page may be empty, each month
page_downtime = to((Q(1) - page_availability) * Q(1, "month"), "minute")
show()

# %% [markdown]
# ## Requests

# %% section="requests"
mean_requests = to(daily_active * pages_each, "request/second")  # Mean request rate
peak_requests = mean_requests * peak_factor  # Peak request rate
zones = assume("Zones in a region", 3, "zone", because="What the large clouds offer in most regions")
target_utilisation = assume(
    "Utilisation that we plan for at peak", 70, "percent", between=(50, 80),
    because="Above it the wait grows faster than the load",
)
front_rate = assume(
    "Pages a second that one front takes", 2, "thousand*request/server/second", between=(0.5, 5),
    because="TLS, a token, a hash for each experiment, a filter over twenty items",
)
# Share of servers left after the loss of a zone
surviving = to((zones - Q(1, "zone")) / zones, "percent")
fronts = ceil(peak_requests / front_rate / target_utilisation / surviving)  # Fronts
show()

# %% [markdown]
# ## Candidates times the cost of the model

# %% section="candidates"
model_cost = assume(
    "Multiplications that rank one candidate", 0.7, "million/candidate",
    between=(0.001, 5), because="A thousand inputs, layers of 512, 256 and 128",
)
gpu_speed = assume(
    "Multiplications of a server with one accelerator", 2, "trillion/server/second",
    between=(0.5, 8),
    because="A tenth of what its maker prints: batches are small",
)
cpu_speed = assume(
    "Multiplications of a server with eight cores", 40, "billion/server/second",
    between=(10, 120), because="Five billion a core; measure your own model",
)
# Scores a second if every item were ranked for every page
naive_scores = peak_requests * catalogue * Q(1, "candidate/item/request")
scores = peak_requests * candidates  # Candidates ranked a second, at peak
funnel = naive_scores / scores  # Items for each one that is ranked
rank_load = scores * model_cost  # Multiplications a second
gpus_busy = rank_load / gpu_speed  # Accelerators that the peak keeps busy
gpus = ceil(gpus_busy / target_utilisation / surviving)  # Accelerators to buy
# Servers without accelerators for the same
cpus = ceil(rank_load / cpu_speed / target_utilisation / surviving)
# Accelerators that ranking every item would take
naive_gpus = ceil(
    naive_scores * model_cost / gpu_speed / target_utilisation / surviving
)
# Utilisation of the accelerators after the loss of a zone
utilisation_after_loss = to(gpus_busy / (gpus * surviving), "percent")
even_gpus = ceil(gpus * Q(1, "zone") / zones) * (zones / Q(1, "zone"))  # Accelerators, as many in each zone
# Time of one core, of those beside the accelerators, to gather the inputs of a candidate
assembly_time = to(gpus * surviving * Q(8, "1/server") / scores, "microsecond/candidate")
show()

# %% section="latency" tags=["hide-input"]
feature_time = assume(
    "Reading the member's features, slowest of 100", 8, "millisecond", between=(3, 20),
    because="One read from memory in the same region, with its tail",
)
retrieve_time = assume(
    "Retrieval, slowest of 100", 15, "millisecond", between=(5, 40),
    because="Four sources at once; the slowest counts",
)
batch_wait = assume(
    "Wait until an accelerator begins", 10, "millisecond", between=(2, 30),
    because="Pages are gathered for some milliseconds, and one may just have missed it",
)
rules_time = assume(
    "Rules, order, answer, slowest of 100", 12, "millisecond", between=(5, 30),
    because="Plain code over twenty items, and the two hops around it",
)
# Ranking one page on an accelerator
rank_time = to(candidates * model_cost * Q(1, "request") / (gpu_speed * Q(1, "server")), "millisecond")
# Ranking one page on a single core
core_time = to(candidates * model_cost * Q(8, "request") / (cpu_speed * Q(1, "server")), "millisecond")
# The parts together: a figure to plan with, which a few pages of a hundred exceed
list_time = total(feature_time, retrieve_time, batch_wait, rank_time, rules_time)
under_way = peak_requests * to(list_time, "second")  # Pages under way at peak, by Little's law
show()

# %% [markdown]
# ## Retrieval

# %% section="retrieval" tags=["hide-input"]
vector_size = assume(
    "Vector of an item: 64 numbers of four bytes", 256, "byte/item", between=(128, 1024),
    because="Two towers of 64 outputs; half as many bytes when quantised",
)
links_size = assume(
    "Links of an item in the index", 288, "byte/item", between=(128, 640),
    source="hnswlib-parameters",
)
index_rate = assume(
    "Searches a second of an eight-core server", 4, "thousand*query/server/second",
    between=(1, 10), because="Two milliseconds of a core each; measure your own vectors",
)
index_size = to(catalogue * (vector_size + links_size), "GB")  # Index with its vectors
searches = peak_requests * Q(1, "query/request")  # Searches a second, at peak
retrievers = ceil(searches / index_rate / target_utilisation / surviving)  # Retrieval servers
# Multiplications of a search that compares every vector, four bytes at a time
scan_work = catalogue * vector_size / Q(4, "byte*query")
# Ordinary servers for that, which read the vectors once for many searches
exact_servers = ceil(searches * scan_work / cpu_speed / target_utilisation / surviving)
# And accelerators
exact_gpus = ceil(searches * scan_work / gpu_speed / target_utilisation / surviving)
# Vectors of all members, if the network knows each
member_vectors = to(monthly_active * vector_size * Q(1, "item/member"), "GB")
show()

# %% [markdown]
# ## Features

# %% section="features" tags=["hide-input"]
member_row = assume(
    "Features of a member", 2, "kB/member", between=(0.5, 8),
    because="The last hundred acts, counts by window, a profile",
)
item_row = assume(
    "Features of an item", 0.3, "kB/candidate", between=(0.1, 2),
    because="Counts by window, age, kind, language",
)
copies = assume("Copies of stored data", 3, because="One in each zone")
node_memory = assume(
    "Memory of a feature store's node", 64, "GB/node", between=(32, 256),
    because="A common size; a third is left to the system by the headroom",
)
node_rate = assume(
    "Commands a second of one such node", 100, "thousand*query/node/second", between=(76, 180),
    source="redis-benchmark-2016",
)
# Features of all candidates, if they were fetched for each page
fetch_all = to(scores * item_row, "GB/second")
# Features of members alone
fetch_member = to(peak_requests * member_row * Q(1, "member/request"), "MB/second")
items_memory = to(catalogue * item_row * Q(1, "candidate/item"), "GB")  # Features of all items
store_size = to(monthly_active * member_row * copies, "TB")  # Online store, with copies
nodes_for_memory = ceil(store_size / node_memory / target_utilisation)  # Nodes for the memory
store_rate = peak_requests * Q(2, "query/request")  # Reads and updates of members, at peak
# Nodes for the commands
nodes_for_rate = ceil(store_rate / node_rate / target_utilisation / surviving)
nodes = max(nodes_for_memory, nodes_for_rate) * 1  # Nodes of the online store
show()

# %% [markdown]
# ## Events

# %% section="events" tags=["hide-input"]
event_size = assume(
    "Size of an event", 0.3, "kB/event", between=(0.1, 1),
    because="Ids of member, page, item and place, a time, a kind",
)
peak_events = peak_requests * (seen + clicked)  # Events at peak
events_daily = to(daily_active * pages_each * (seen + clicked), "billion*event/day")  # Events a day
unit_events = assume(
    "Events a second that one Event Hubs unit takes in", 1000, "event/second",
    source="event-hubs-units",
)
unit_bytes = assume(
    "Bytes a second that one Event Hubs unit takes in", 1, "MB/second", source="event-hubs-units",
)
most_units = assume("Units that one namespace can buy", 40, source="event-hubs-units")
event_bytes = to(peak_events * event_size, "MB/second")  # Bytes into the log at peak
units_for_events = ceil(peak_events / unit_events)  # Units if every event were a record
units_for_bytes = ceil(event_bytes / unit_bytes)  # Units when events are gathered into records
broker_speed = assume(
    "Bytes that one broker takes in", 33, "MB/second/node", between=(15, 60),
    source="kafka-throughput-automq", because="500 MB/s over 15 brokers of four cores",
)
# What a page writes down: the member's features, and those of the items that it shows
exposure_size = to(member_row * Q(1, "member/request") + item_row * shown, "kB/request")
served_bytes = to(peak_requests * exposure_size, "MB/second")  # What was served, at peak
log_bytes = total(event_bytes, served_bytes)  # All that the log takes in at peak
brokers = ceil(log_bytes / broker_speed / target_utilisation / surviving)  # Brokers of our own log
show()

# %% section="log" tags=["notebook-only"]
log_days = assume("Days that the event log keeps", 7, "day", between=(2, 30), because="A week to replay from")
served_days = assume(
    "Days that it keeps what was served", 1, "day", between=(0.5, 7), because="Files hold it for the season",
)
raw_daily = to(events_daily * event_size, "TB/day")  # Events a day, in bytes
exposure_daily = to(daily_active * pages_each * exposure_size, "TB/day")  # What is served on a day, in bytes
acts_log = to(raw_daily * copies * log_days, "TB")  # Events in the log, with copies
served_log = to(exposure_daily * copies * served_days, "TB")  # What was served in the log, with copies
log_size = total(acts_log, served_log)  # Event log, with copies
partition_speed = assume(
    "Bytes that we put on one partition", 2, "MB/second/partition", between=(0.5, 10),
    because="So that one consumer keeps up with one partition, and has room to catch up",
)
partitions = ceil(log_bytes / partition_speed / target_utilisation)  # Partitions of the event log
window_state = assume(
    "State of a member in the stream job", 1, "kB/member", between=(0.2, 5),
    because="Counts of some windows and the ids of the last acts",
)
job_state = to(daily_active * window_state, "GB")  # State of the stream job
worker_rate = assume(
    "Events that one worker of the stream job takes", 20, "thousand*event/worker/second",
    between=(5, 50), because="Parse, join, update a state on a local disk: a core or two",
)
stream_workers = ceil(peak_events / worker_rate / target_utilisation / surviving)  # Stream workers
counting_time = assume(
    "Time for which the counting job remembers an id", 12, "minute", between=(5, 60),
    because="A window, its wait, ten minutes of corrections, rounded up",
)
id_size = assume("Size of such an id, with its table", 32, "byte/event", between=(16, 64), because="A hash, half full")
counting_state = to(peak_events * counting_time * id_size, "GB")  # Ids that the counting job holds
change_size = assume(
    "What a page adds to the offline store", 0.2, "kB/request", between=(0.05, 2),
    because="Columns that changed, and buckets that closed; not the row again",
)
history_days = assume(
    "Days that the offline store and the warehouse keep", 90, "day", between=(30, 400), because="As the exposures",
)
offline_daily = to(daily_active * pages_each * change_size, "TB/day")  # Offline store, new on a day
whole_rows = to(daily_active * pages_each * member_row * Q(1, "member/request"), "TB/day")  # If it kept whole rows
history_daily = total(raw_daily, offline_daily)  # Events and features' changes, on a day
history_size = to(history_daily * history_days, "TB")  # Offline store and warehouse
show()

# %% [markdown]
# ## Freshness

# %% section="freshness" tags=["hide-input"]
client_flush = assume(
    "Time for which a client gathers events", 3, "second", between=(1, 10),
    because="A click goes at once; what is seen may wait",
)
log_time = assume(
    "Through the log, slowest of 100", 0.8, "second", between=(0.1, 2),
    source="kafka-throughput-automq", because="758 ms from end to end under load",
)
job_time = assume(
    "Through the stream job and into the store", 1, "second", between=(0.2, 5),
    because="No window: each event updates its member at once",
)
watermark = assume(
    "Time for which a window waits for late events", 45, "second", between=(5, 120),
    because="The simulation says what it buys",
)
window = assume("Window of the live measures", 1, "minute", between=(0.2, 2), because="A curve that a person reads")
ingest_time = assume(
    "From a closed window to an answer", 5, "second", between=(1, 30),
    because="A row for each group, and the next refresh of a chart",
)
night_job = assume(
    "Length of the nightly job", 4, "hour", between=(1, 10), because="Reads a day, writes all members",
)
feature_age = total(client_flush, log_time, job_time)  # From an act to its feature
# From an act to the measures, at most
measure_age = to(total(client_flush, log_time, window, watermark, ingest_time), "minute")
night_age = to(night_job + Q(12, "hour"), "hour")  # Mean age of a feature that is computed each night
show()

# %% [markdown]
# ## Measures

# %% section="measures" tags=["hide-input"]
group_rows = assume(
    "Groups of the live measures", 20, "thousand*row/minute", between=(2, 200),
    because="Fifty arms, five places, twenty countries, four kinds of device",
)
row_size = assume("Size of such a row", 0.1, "kB/row", between=(0.05, 0.5), because="Keys and a dozen counts")
sketch_size = assume(
    "Sketch that counts members in a group", 2, "kB/row", between=(1, 16),
    because="2,048 registers: an error of about 2%",
)
scan_speed = assume(
    "Bytes that one node of the measure store reads", 2, "GB/second/node", between=(0.5, 6),
    because="Columns, packed, from memory and local disks",
)
measure_nodes = assume(
    "Nodes of the measure store", 9, "node", between=(3, 60), because="Three in each zone",
)
query_target = assume(
    "Wait for a chart of a day", 2, "second", between=(0.5, 600),
    because="A person who asks again and again; a weekly report may take minutes",
)
rollup_daily = to(group_rows * row_size, "GB/day")  # Rows of a day
sketches_daily = to(group_rows * sketch_size, "GB/day")  # With a sketch in each row
hourly_sketches = sketches_daily / 60  # With a sketch for each hour instead
rollup_ratio = to(raw_daily / rollup_daily, "")  # Events against rows, in bytes
# A chart of a day, read from the events
raw_scan = to(raw_daily * Q(1, "day") / (scan_speed * measure_nodes), "second")
rollup_scan = to(rollup_daily * Q(1, "day") / (scan_speed * measure_nodes), "second")  # And from the rows
show()

# %% [markdown]
# ## Training

# %% section="training" tags=["hide-input"]
kept_negatives = assume(
    "Share of the unclicked items that is trained on", 10, "percent", between=(1, 100),
    because="They are forty times the clicks; the odds are corrected afterwards",
)
passes = assume(
    "Multiplications to learn from an example, against ranking it", 3, between=(2.5, 4),
    because="Once forward, twice back",
)
examples_daily = to(  # Examples of a day
    daily_active * pages_each * (clicked + (seen - clicked) * kept_negatives), "million*event/day"
)
# Training on a day's examples, one accelerator
train_time = to(
    examples_daily * Q(1, "day") * passes * model_cost * Q(1, "candidate/event")
    / (gpu_speed * Q(1, "server")), "minute"
)
train_days = assume("Days that a training reads", 30, "day", between=(7, 90), because="A month holds four weeks")
full_train = to(train_time / Q(1, "day") * train_days, "hour")  # Training from scratch, one accelerator
trainers = assume(
    "Accelerators that train side by side", 4, "server", between=(1, 16), because="So that it fits the night",
)
night_train = to(full_train * Q(1, "server") / trainers, "hour")  # Training from scratch, in a night
# What a page leaves in the training rows: one row of its member, and the items that are trained on
training_row = to(
    member_row * Q(1, "member/request")
    + item_row * (clicked + (seen - clicked) * kept_negatives) * Q(1, "candidate/event"), "kB/request"
)
# What each accelerator must read to train in a night
train_input = to(
    daily_active * pages_each * training_row * train_days / night_train / trainers, "GB/second/server"
)
# And if it read everything that was served
raw_input = to(exposure_daily * train_days / night_train / trainers, "GB/second/server")
label_wait = assume(
    "Time for which a click may become a purchase", 24, "hour", between=(1, 720),
    because="A day holds most; some take a month",
)
full_exposure = to(member_row * Q(1, "member/request") + item_row * candidates, "kB/request")  # With all candidates
exposure_days = assume("Days that it is kept", 90, "day", between=(30, 400), because="A season to train on")
exposure_log = to(exposure_daily * exposure_days, "TB")  # Exposure log, in object storage
show()

# %% [markdown]
# ## Exploration

# %% section="exploration" tags=["hide-input"]
explore_share = assume(
    "Share of what is seen that is left to exploration", 1, "percent", between=(0.2, 5),
    because="One place of a hundred; nobody complains",
)
new_items = assume(
    "New items on a day", 100, "thousand*item/day", between=(1, 1000), because="One in a hundred of the catalogue",
)
click_rate = assume(
    "Clicks on what is seen, for a new item", 2.5, "percent", between=(0.5, 10),
    because="What the pages above come to",
)
rate_error = assume(
    "Error of that rate at which an item is known", 25, "percent", between=(10, 50),
    because="Good enough to leave it to the ranker",
)
# Showings until an item is known that well
learn_showings = (Q(1) - click_rate) / (click_rate * rate_error * rate_error) * Q(1, "event/item")
explore_need = to(new_items * learn_showings, "million*event/day")  # Showings that new items need
# The click rate below which the share no longer does for all of them
fewest_clicks = to(
    Q(1) / (Q(1) + daily_active * pages_each * seen * explore_share * rate_error * rate_error
            / (new_items * Q(1, "event/item"))), "percent"
)
# Showings that the share allows
explore_budget = to(daily_active * pages_each * seen * explore_share, "million*event/day")
show()

# %% [markdown]
# ## Experiments

# %% section="experiments"
clicker_share = assume(
    "Members who click on a recommendation on their day", 40, "percent", between=(10, 80),
    because="Ten pages, three clicks in ten pages, and half of the members make most of them",
)
least_lift = assume(
    "Smallest improvement that is worth a release", 0.5, "percent", between=(0.1, 3),
    because="Half of what a team wins in a good quarter",
)
experiment_share = assume(
    "Share of the members in one experiment", 5, "percent", between=(1, 50), because="Two arms of the same size",
)
least_days = assume("Days that an experiment runs at least", 14, "day", between=(7, 28), because="Two weekends")
# The difference in shares that it means
least_difference = clicker_share * least_lift
# Members in each arm, by the rule of sixteen
arm_needed = 16 * clicker_share * (Q(1) - clicker_share) / (least_difference * least_difference) * Q(1, "member")
arm_members = daily_active * experiment_share / 2  # Members in each arm on a day
# Lift that is seen with a day's members
day_lift = to((16 * (Q(1) - clicker_share) / clicker_share / (arm_members / Q(1, "member"))) ** 0.5, "percent")
canary_share = assume(
    "Share of the members in a canary", 1, "percent", between=(0.2, 5),
    because="Few enough to be sorry for",
)
hour_pages = assume(
    "Pages of a member in an hour in which they come", 3, "request/member", between=(1.5, 6),
    because="Ten pages a day, in three visits",
)
hour_clickers = assume(
    "Members of such an hour who click", 20, "percent", between=(8, 40), because="A third of the pages of a day",
)
# Members of a canary in a mean hour
canary_members = mean_requests * canary_share * Q(1, "hour") / hour_pages
# Harm that it sees against all others, whose number adds no noise: eight instead of sixteen
canary_harm = to((8 * (Q(1) - hour_clickers) / hour_clickers / (canary_members / Q(1, "member"))) ** 0.5, "percent")
show()

# %% [markdown]
# ## Money

# %% section="cost" tags=["hide-input"]
server_price = assume(
    "Price of an eight-core server", 0.33, "USD/server/hour", between=(0.2, 0.6),
    source="price-ec2-2026", because="Four times the price of a two-core one",
)
gpu_price = assume(
    "Price of a server with one accelerator", 1.2, "USD/server/hour", between=(0.5, 4),
    because="A middling accelerator in a large cloud, list price, not read anew",
)
memory_price = assume(
    "Price of a node of 64 GB", 0.66, "USD/node/hour", between=(0.4, 1),
    because="Eight cores with twice the memory for each",
)
object_price = assume(
    "Price of object storage", 0.023, "USD/GB/month", between=(0.0125, 0.023), source="price-s3-2026",
)
disk_price = assume(
    "Price of a disk, for each copy", 0.08, "USD/GB/month", between=(0.07, 0.10),
    because="The long-standing list price of general-purpose disks, not read anew",
)
traffic_price = assume(
    "Price of a byte between zones or regions", 0.02, "USD/GB", between=(0.01, 0.04),
    because="A cent on each side, as large clouds have long asked; not read anew",
)
team_price = assume(
    "Engineers and scientists who run it", 600, "thousand*USD/month", between=(300, 1500),
    because="Thirty people: platform, models, measures, on-call",
)
fronts_cost = to(fronts * server_price, "USD/month")  # Fronts
gpus_cost = to(gpus * gpu_price, "USD/month")  # Accelerators that rank
retrievers_cost = to(retrievers * server_price, "USD/month")  # Retrieval servers
store_cost = to(nodes * memory_price, "USD/month")  # Online features
brokers_cost = to(brokers * Q(0.5, "server/node") * server_price, "USD/month")  # Brokers, half a server each
# Stream workers, two cores each
workers_cost = to(stream_workers * Q(0.25, "server/worker") * server_price, "USD/month")
# Counting workers, as many, since they read the same events
counting_cost = to(stream_workers * Q(0.25, "server/worker") * server_price, "USD/month")
# The log's copies: to two zones, and to the other region
traffic_cost = to(log_bytes / peak_factor * copies * traffic_price, "USD/month")
measures_cost = to(measure_nodes * memory_price, "USD/month")  # Measure store
log_cost = to(log_size * disk_price, "USD/month")  # Disks of the event log
exposure_cost = to(exposure_log * object_price, "USD/month")  # Exposure log
history_cost = to(history_size * object_price, "USD/month")  # Offline store and warehouse
# Training anew every day, on as many accelerators as needed
training_cost = to(full_train / Q(1, "day") * gpu_price * Q(1, "server"), "USD/month")
# The same again in the second region, but for what is kept once
second_region = (
    fronts_cost + gpus_cost + retrievers_cost + store_cost + brokers_cost + workers_cost + counting_cost
    + measures_cost + log_cost + traffic_cost
)
machines_cost = total(
    fronts_cost, gpus_cost, retrievers_cost, store_cost, brokers_cost, workers_cost, counting_cost, measures_cost,
    log_cost, traffic_cost, exposure_cost, history_cost, training_cost, second_region,
)  # All machines
all_cost = total(machines_cost, team_price)  # What it costs
page_cost = to(all_cost / (daily_active * pages_each), "USD/million/request")  # For a million pages
show()

# %% [markdown]
# ## When a region is lost, and ten times the load

# %% section="failure" tags=["notebook-only"]
homed = assume(
    "Share of the members that a lost region served", 50, "percent", between=(30, 70), because="Two regions",
)
lost_events = peak_events * recovery_point * homed  # Events that may be gone with a region
# Candidates that the same accelerators rank for ten times the pages
spare_candidates = gpus * gpu_speed / (10 * peak_requests * model_cost)
tenfold_requests = 10 * peak_requests  # Ten times the peak
front_room = to(fronts * front_rate, "request/second")  # Pages that all fronts take, every one of them busy
retrieval_room = to(retrievers * index_rate * Q(1, "request/query"), "request/second")  # And all of retrieval
log_room = to(brokers * broker_speed, "MB/second")  # Bytes that all brokers take
tenfold_log = to(10 * log_bytes, "GB/second")  # Bytes of ten times the pages
tenfold_acts = to(10 * event_bytes + served_bytes, "GB/second")  # Bytes of ten times the acts alone
tree_time = assume(
    "Boosted trees, one candidate on one core", 10, "microsecond/candidate", between=(2, 50),
    because="Some hundred trees over features that are in memory",
)
light_candidates = assume(
    "Candidates of a light list", 100, "candidate/request", between=(30, 300),
    because="The best by the score of retrieval",
)
# Cores that light lists keep at work
light_cores = to(peak_requests * light_candidates * tree_time, "")
# Cores of the accelerators' servers, with headroom and a zone lost
spare_cores = to(gpus * surviving * target_utilisation * Q(8, "1/server"), "")
popular_list = assume(
    "Size of a list of popular items", 4, "kB", between=(1, 20), because="Twenty items with what a page needs of them",
)
popular_lists = assume(
    "Lists of popular items", 20, "thousand", between=(1, 200), because="By country, place, kind of device and hour",
)
fallback_size = to(popular_list * popular_lists, "MB")  # What every front holds for the worst day
show()

# %% [markdown]
# ## How sure are we?

# %% section="intervals"
intervals(
    peak_requests, scores, gpus, retrievers, index_size, store_size, peak_events,
    feature_age, measure_age, arm_needed, all_cost,
)

# %% section="tornado"
tornado(gpus)

# %% [markdown]
# ## What must hold

# %% section="invariants"
served = gpus * gpu_speed / (candidates * model_cost)  # Pages a second that the accelerators could rank
invariants.capacity(served, peak_requests, mean_requests)
invariants.nodes(fronts, front_rate, peak_requests)
invariants.nodes(gpus, gpu_speed, rank_load)
invariants.nodes(cpus, cpu_speed, rank_load)
invariants.utilisation(gpus_busy, gpus, zones)
invariants.little(under_way, peak_requests, to(list_time, "second"))
invariants.parts(list_time, feature_time, retrieve_time, batch_wait, rank_time, rules_time)
invariants.nodes(retrievers, index_rate, searches)
invariants.nodes(exact_servers, cpu_speed, searches * scan_work)
invariants.nodes(exact_gpus, gpu_speed, searches * scan_work)
invariants.parts(history_daily, raw_daily, offline_daily)
invariants.storage(history_size, history_daily, 1, history_days)
invariants.nodes(nodes_for_memory, node_memory, store_size)
invariants.nodes(nodes_for_rate, node_rate, store_rate)
invariants.parts(log_bytes, event_bytes, served_bytes)
invariants.nodes(brokers, broker_speed, log_bytes)
invariants.nodes(partitions, partition_speed, log_bytes)
invariants.nodes(stream_workers, worker_rate, peak_events)
invariants.storage(acts_log, raw_daily, copies, log_days)
invariants.storage(served_log, exposure_daily, copies, served_days)
invariants.parts(log_size, acts_log, served_log)
invariants.storage(exposure_log, exposure_daily, 1, exposure_days)
invariants.parts(feature_age, client_flush, log_time, job_time)
invariants.cost(
    second_region, fronts_cost, gpus_cost, retrievers_cost, store_cost, brokers_cost, workers_cost,
    counting_cost, measures_cost, log_cost, traffic_cost,
)
invariants.cost(
    machines_cost, fronts_cost, gpus_cost, retrievers_cost, store_cost, brokers_cost, workers_cost,
    counting_cost, measures_cost, log_cost, traffic_cost, exposure_cost, history_cost, training_cost, second_region,
)
invariants.cost(all_cost, machines_cost, team_price)
show()

# %% [markdown]
# ## Decisions

# %% section="decision-index"
exact_cost = to(exact_gpus * gpu_price, "USD/month")  # Accelerators that compare every vector
index_or_scan = decide(
    "Search an approximate index", exact_cost, ">", retrievers_cost, otherwise="Compare every vector",
    because="A scan is exact and always current, and costs in proportion to the catalogue",
)
threshold(index_or_scan, over=catalogue, within=(Q(10, "thousand*item"), Q(100, "million*item")))

# %% section="decision-gpu"
cpus_cost = to(cpus * server_price, "USD/month")  # Servers without accelerators
gpu_or_cpu = decide(
    "Rank on accelerators", gpus_cost, "<", cpus_cost, otherwise="Rank on ordinary servers",
    because="An accelerator is the cheaper multiplication, and has to be kept busy",
)
threshold(gpu_or_cpu, over=model_cost, within=(Q(100, "1/candidate"), Q(5, "million/candidate")))

# %% section="decision-model"
click_value = assume(
    "What a click is worth", 0.8, "USD/thousand/event", between=(0.1, 20),
    because="A guess, kept low: one more page with an advertisement beside it",
)
model_lift = assume(
    "Clicks that the network wins over boosted trees", 1, "percent", between=(0.1, 5),
    because="Published gains of depth are of this order; ask the experiment",
)
model_team = assume(
    "People that only the network needs", 12, "thousand*USD/month", between=(5, 60),
    because="Half a person: a second runtime, another format, drivers",
)
clicks_daily = to(daily_active * pages_each * clicked, "million*event/day")  # Clicks a day
model_gain = to(clicks_daily * model_lift * click_value, "USD/month")  # What those clicks are worth
# Ordinary servers on which trees would rank as many
tree_servers = ceil(
    to(scores * tree_time, "") * Q(1 / 8, "server") / target_utilisation / surviving
)
trees_cost = to(tree_servers * server_price, "USD/month")  # What those cost
# What accelerators in both regions cost more than trees, if they do, and those people
model_price = max(2 * (gpus_cost - trees_cost), Q(0, "USD/month")) + model_team
model_line = to(model_price / (clicks_daily * click_value), "percent")  # Clicks that pay for the network
deep_or_trees = decide(
    "Rank with a network", model_gain, ">", model_price, otherwise="Rank with boosted trees",
    because="Trees explain themselves and need no accelerator; a network must earn its keep",
)
threshold(deep_or_trees, over=model_lift)

# %% section="decision-fresh"
fresh_lift = assume(
    "Clicks won by what a member did in this session", 4, "percent", between=(0.2, 10),
    source="netflix-in-session-2022",
    because="Netflix reports 6% offline for rankings; offline gains shrink",
)
stream_team = assume(
    "People that only the stream needs", 40, "thousand*USD/month", between=(20, 120),
    because="Two, and their nights",
)
fresh_gain = to(clicks_daily * fresh_lift * click_value, "USD/month")  # What those clicks are worth
# Ranking at request time in both regions, with the stream, its log, and the rows that it keeps
fresh_price = total(
    2 * gpus_cost, 2 * workers_cost, 2 * retrievers_cost, 2 * store_cost, 2 * brokers_cost, stream_team
)
fresh_line = to(fresh_price / (clicks_daily * click_value), "percent")  # Clicks of the session that pay for it
request_or_night = decide(
    "Rank when the page is opened", fresh_gain, ">", fresh_price, otherwise="Rank every night, look up",
    because="Lists of the night are cheap and cannot know this session",
)
threshold(request_or_night, over=fresh_lift)

# %% section="decision-copies"
server_memory = assume(
    "Memory of a retrieval server for its index", 24, "GB/server", between=(12, 200),
    because="Of 32 GB; a new index is loaded beside the old one, so half of it counts",
)
index_room = server_memory / 2 * Q(1, "server")  # Index that fits, with its successor beside it
copy_or_shard = decide(
    "The whole index on each retrieval server", index_size, "<", index_room, otherwise="Shard the index",
    because="One server answers alone; shards make every search wait for the slowest",
)
threshold(copy_or_shard, over=catalogue, within=(Q(1, "million*item"), Q(100, "million*item")))

# %% section="decision-items"
network_share = assume(
    "Traffic for features that we grant a ranking server", 0.1, "GB/server/second", between=(0.03, 0.6),
    because="A sixth of five gigabits a second; the rest is for pages and copies",
)
granted = to(gpus * surviving * network_share, "GB/second")  # Traffic granted to what a lost zone leaves
push_or_fetch = decide(
    "Keep the items' features in the rankers", fetch_all, ">", granted, otherwise="Fetch them for each page",
    because="What is the same for all members is copied once, not sent with each page",
)
threshold(push_or_fetch, over=network_share, within=(Q(0.01, "GB/server/second"), Q(3, "GB/server/second")))

# %% section="decision-rollup"
count_or_scan = decide(
    "Count while events arrive", raw_scan, ">", query_target, otherwise="Scan events when somebody asks",
    because="A chart that takes minutes is asked once; what was counted cannot be cut anew",
)
threshold(count_or_scan, over=query_target)

# %% section="decision-explore"
explore_or_rules = decide(
    "Let new items be learnt from exploration", explore_need, "<", explore_budget,
    otherwise="Explore a part of them, chosen by content",
    because="Each new item needs its showings, and the share of places is fixed",
)
threshold(explore_or_rules, over=new_items)

# %% section="decision-regions"
region_availability = assume(
    "Availability of one region", 99.9, "percent", between=(99.7, 99.997),
    because="A bad day every few years; clouds promise parts of a region, not the whole",
)
region_downtime = to((Q(1) - region_availability) * Q(1, "month"), "minute")  # Downtime of one region, each month
one_or_two_regions = decide(
    "Two regions that both serve", region_downtime, ">", page_downtime, otherwise="One region, and a plan",
    because="One region alone would spend the whole budget",
)
threshold(one_or_two_regions, over=region_availability)

# %% [markdown]
# ## Answers to the exercises

# %% section="exercises" tags=["notebook-only"]
# Ordinary servers that compare every vector of a catalogue of 30 thousand
small_exact = ceil(
    searches * Q(30, "thousand*item") * vector_size / Q(4, "byte*query") / cpu_speed
    / target_utilisation / surviving
)
double_arm = arm_needed / 4  # Members in each arm for twice the improvement
# Accelerators for a model of five million multiplications
dear_gpus = ceil(scores * Q(5, "million/candidate") / gpu_speed / target_utilisation / surviving)
show()
