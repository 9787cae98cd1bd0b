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
# # The Netflix guide in numbers
#
# One set of assumptions, and everything that the guide's pages say in numbers. Change
# an assumption, run all cells, and
# every later number follows.

# %% [markdown]
# ## The set

# %% section="set"
from pint import DimensionalityError

from handbook import (
    Q,
    assume,
    ceil,
    decide,
    invariants,
    netflix,
    number,
    show,
    threshold,
    to,
    total,
)
from handbook.experiments import detectable_difference, sample_size_rule
from handbook.tails import fan_out_tail

members = netflix.members
daily_active = netflix.daily_active
viewing_half_year = netflix.viewing_half_year
half_year = netflix.half_year
diurnal_peak = netflix.diurnal_peak
start_length = netflix.start_length
home_loads_each = netflix.home_loads_each
stream_events = netflix.stream_events
load_events = netflix.load_events
pipeline_peak = netflix.pipeline_peak
stream_bitrate = netflix.stream_bitrate
show()

# %% [markdown]
# ## From hours to rates

# %% section="concurrency"
# Streams that play, on average
mean_streams = to(viewing_half_year / half_year, "stream")
peak_streams = mean_streams * diurnal_peak  # Streams in the busiest hour
show()

# %% section="starts"
# Playback starts, on average
mean_starts = to(mean_streams / start_length, "stream/second")
peak_starts = mean_starts * diurnal_peak  # Playback starts in the busiest hour
# no invariant: peak_starts: what answers them is sized in the chapter on playback
show()

# %% section="starts-law" tags=["notebook-only"]
invariants.little(peak_streams, peak_starts, start_length)

# %% section="homepage"
# Homepage loads, on average
mean_home = to(daily_active * home_loads_each, "request/second")
peak_home = mean_home * diurnal_peak  # Homepage loads in the busiest hour
# no invariant: peak_home: the guide buys no servers for it
# Hours that an active membership would watch on a day
hours_each = to(viewing_half_year / half_year * Q(1, "day*member/stream") / daily_active, "hour")
# The same, if twice as many are active
hours_double = hours_each / 2
show()

# %% section="events"
# Events of playing streams, at peak
playback_events = to(peak_streams * stream_events, "event/second")
page_events = peak_home * load_events  # Events of homepages, at peak
peak_events = total(playback_events, page_events)  # Events that devices send, at peak
# What the pipeline carries against what devices send
pipeline_ratio = pipeline_peak / peak_events
show()

# %% section="events-law" tags=["notebook-only"]
invariants.parts(peak_events, playback_events, page_events)

# %% section="traffic"
segment_length = assume(
    "Length of a segment of video",
    4,
    "second",
    between=(2, 10),
    because="Short enough to change the bit rate, long enough to compress",
)
tracks = assume(
    "Tracks that a player fetches",
    2,
    "request/stream",
    between=(1, 2),
    because="Video and sound",
)
# Segments fetched at peak
segment_rate = to(peak_streams * tracks / segment_length, "request/second")
segments_per_start = segment_rate / peak_starts  # Segment requests for each start
# Traffic of video at peak
peak_traffic = to(peak_streams * stream_bitrate, "Tbit/second")
show()

# %% section="caches" tags=["hide-input"]
cache_throughput = assume(
    "What one cache sends",
    100,
    "Gbit/second/server",
    between=(20, 200),
    source="netflix-400g-2021",
    because="Half of what a new one does since 2020: most are older or smaller",
)
busy = assume(
    "Utilisation that we plan for at peak",
    70,
    "percent",
    between=(50, 80),
    because="Above it the wait grows faster than the load",
)
cache_fleet = assume(
    "Caches in the field",
    18,
    "thousand server",
    between=(18, 25),
    source="openconnect-footprint-2022",
)
# Caches that the traffic alone would need
caches_for_traffic = ceil(peak_traffic / cache_throughput / busy)
fleet_ratio = cache_fleet / caches_for_traffic  # Caches in the field against that
# Streams that one cache carries at peak
streams_per_cache = cache_throughput * busy / stream_bitrate
show()

# %% section="caches-law" tags=["notebook-only"]
invariants.nodes(caches_for_traffic, cache_throughput, peak_traffic)
invariants.egress(peak_traffic, peak_streams, stream_bitrate)

# %% section="live"
live_streams = assume(
    "Streams of the largest live event",
    65,
    "million stream",
    between=(20, 100),
    source="netflix-live-2024",
)
live_window = assume(
    "Time in which a live audience arrives",
    5,
    "minute",
    between=(1, 20),
    because="Nobody wants to miss the first bell",
)
# Starts when a live audience arrives
live_starts = to(live_streams / live_window, "stream/second")
live_ratio = live_starts / peak_starts  # A live start against the busiest hour
show()

# %% [markdown]
# ## What the usual guide gets wrong

# %% section="claim-members" tags=["hide-input"]
claimed_members = assume(
    "The usual guide: users",
    250,
    "million member",
    because="Said with the question",
)
members_factor = members / claimed_members  # Memberships against the claim
show()

# %% section="claim-concurrency" tags=["hide-input"]
claimed_streams = assume(
    "The usual guide: streams at peak",
    20,
    "million stream",
    because="Said with the question",
)
streams_factor = peak_streams / claimed_streams  # Streams at peak against the claim
show()

# %% section="claim-starts" tags=["hide-input"]
claimed_starts_low = assume(
    "The usual guide: starts, low",
    10,
    "thousand stream/second",
    because="Said with the question",
)
claimed_starts_high = assume(
    "The usual guide: starts, high",
    20,
    "thousand stream/second",
    because="Said with the question",
)
# Its streams, if each lasts 30 minutes
half_hour_starts = to(claimed_streams / Q(30, "minute"), "stream/second")
# Its streams, if each lasts 20 minutes
short_starts = to(claimed_streams / Q(20, "minute"), "stream/second")
# Length that its low rate implies
implied_long = to(claimed_streams / claimed_starts_low, "minute")
# Length that its high rate implies
implied_short = to(claimed_streams / claimed_starts_high, "minute")
show()

# %% section="claim-homepage" tags=["hide-input"]
usual_users = assume(
    "The usual guide: daily users",
    100,
    "million member",
    because="Said with the question",
)
claimed_home = assume(
    "The usual guide: homepage reads",
    50,
    "thousand request/second",
    because="Said with the question",
)
usual_peak_factor = assume(
    "Peak against mean in the usual opening",
    3,
    because="Said with the question",
)
# Loads a day, if 50 thousand is the mean
loads_sustained = to(claimed_home / usual_users, "request/member/day")
# Loads a day, if it is a threefold peak
loads_at_peak = loads_sustained / usual_peak_factor
show()

# %% section="claim-events" tags=["hide-input"]
claimed_events = assume(
    "The usual guide: events",
    1,
    "million event/second",
    because="Said with the question",
)
keystone_peak = assume(
    "Events at peak in 2016",
    12.5,
    "million event/second",
    source="netflix-keystone-2016",
)
events_factor_2016 = keystone_peak / claimed_events  # 2016 against the claim
events_factor_2025 = pipeline_peak / claimed_events  # 2025 against the claim
show()

# %% section="claim-unit"
claimed_share = assume(
    "The usual guide: daily users who stream at once",
    5,
    "percent",
    because="Said with the question",
)
# Five percent of the daily users: streams, not requests
wrong_streams = usual_users * claimed_share * Q(1, "stream/member")
try:
    to(to(wrong_streams, "stream"), "request/second")
except DimensionalityError as refused:
    print("Refused:", str(refused).replace(" to ", "\nto "))
show()

# %% section="claim-unit-mended"
# Starts a second behind so many streams
right_starts = to(wrong_streams / start_length, "stream/second")
# Segments a second behind them
right_segments = to(wrong_streams * tracks / segment_length, "request/second")
# Its own streams, as a share of its users
own_share = to(claimed_streams / Q(1, "stream/member") / usual_users, "percent")
show()

# %% section="claim-target" tags=["hide-input"]
play_objective = assume(
    "Objective: starts that succeed",
    99.99,
    "percent",
    between=(99.9, 99.995),
    source="netflix-active-active-2013",
    because="The goal that Netflix named in 2013",
)
failing = to(Q(1) - play_objective, "percent")  # Share that may fail
# Downtime that the goal allows in a year
budget_year = to(failing * Q(1, "year"), "minute")
# Downtime that it allows in 30 days
budget_month = to(failing * Q(30, "day"), "minute")
evacuation = assume(
    "Time to evacuate a region",
    10,
    "minute",
    between=(5, 50),
    source="netflix-nimble-2018",
)
slow_evacuation = assume(
    "Time to evacuate a region, before",
    50,
    "minute",
    source="netflix-nimble-2018",
)
regions = assume("Regions", 4, between=(3, 5), source="netflix-evcache-2024")
region_share = to(Q(1) / regions, "percent")  # Share of members that one region serves
# Months of budget, if an evacuation hits everybody
months_spent = evacuation / budget_month
# Share of a month's budget, if it hits one region's members
month_share = to(months_spent * region_share, "percent")
show()

# %% section="claim-3g" tags=["hide-input"]
slow_trip_low = assume(
    "Round trip on 3G, at best",
    100,
    "millisecond",
    source="mobile-latency-hpbn",
)
slow_trip_high = assume(
    "Round trip on 3G, at worst",
    500,
    "millisecond",
    source="mobile-latency-hpbn",
)
trips = assume(
    "Round trips before the first byte",
    3,
    source="tls-round-trips",
    because="TCP, TLS 1.3, the request itself; DNS not counted",
)
cold_low = trips * slow_trip_low  # First byte on 3G, at best
cold_high = trips * slow_trip_high  # First byte on 3G, at worst
show()

# %% section="claim-usual" tags=["hide-input"]
usual_actions = assume(
    "Actions a user in the usual opening",
    10,
    "request/member/day",
    because="Said with the question",
)
# Mean rate, usual opening
usual_mean = to(usual_users * usual_actions, "request/second")
usual_peak = usual_mean * usual_peak_factor  # Peak rate, usual opening
# no invariant: usual_peak: only checked, nothing is sized by it
show()

# %% section="claim-partition" tags=["hide-input"]
keystone_bytes = assume(
    "Bytes at peak in 2016",
    35,
    "GB/second",
    source="netflix-keystone-2016",
)
partition_rate = assume(
    "What one partition of the log takes",
    10,
    "MB/second/partition",
    between=(2, 20),
    because="One disk's sequential writes shared with its copies; measure your own",
)
event_size = to(keystone_bytes / keystone_peak, "kB/event")  # Size of an event
# Bytes through the pipeline at peak
pipeline_bytes = to(pipeline_peak * event_size, "GB/second")
region_bytes = pipeline_bytes * region_share  # Bytes under the key of one region
# That, against one partition
hot_factor = to(region_bytes / (partition_rate * Q(1, "partition")), "")
show()

# %% [markdown]
# ## Homepage

# %% section="home-page"
page_rows = assume(
    "Rows of a homepage",
    40,
    "row",
    between=(20, 60),
    because="More is never scrolled",
)
row_titles = assume(
    "Titles of a row",
    40,
    "title/row",
    between=(20, 75),
    because="Swiped to the end by few",
)
entry_size = assume(
    "Stored bytes of one place on the page",
    60,
    "byte/title",
    between=(16, 200),
    because="Title, artwork, the reason for it, a token for the log",
)
profiles_each = assume(
    "Profiles that are used on a day, each active membership",
    1.5,
    "profile/member",
    between=(1, 3),
    because="Two people in one household watch on many evenings",
)
first_rows = assume(
    "Rows of the first screen",
    6,
    "row",
    between=(2, 8),
    because="Two are seen, the rest is near",
)
page_size = to(page_rows * row_titles * entry_size, "kB")  # A stored page
# The part that the first screen needs
first_size = to(first_rows * row_titles * entry_size, "kB")
active_profiles = daily_active * profiles_each  # Profiles of a day
# Stored pages, one copy a region
page_store = to(active_profiles * page_size / Q(1, "profile") * regions, "TB")
show()

# %% section="decide-pages"
affordable_store = assume(
    "Memory for stored pages that we would buy",
    100,
    "TB",
    between=(20, 400),
    because="A few hundred servers, a copy in each region",
)
whole_or_first = decide(
    "Store whole pages",
    page_store,
    "<",
    affordable_store,
    otherwise="Store only the first screen",
    because="A stored row is there when everything else is late",
)
threshold(whole_or_first, over=entry_size)
show()

# %% section="home-requests"
row_calls = assume(
    "Calls of one homepage load",
    7,
    between=(3, 15),
    because="The first screen at once, the rest while scrolling",
)
services = assume(
    "Services that a page asks",
    12,
    between=(5, 30),
    because="Rows, artwork, progress, maturity, experiments …",
)
slow_share = assume(
    "Calls that are slow",
    1,
    "percent",
    between=(0.1, 3),
    because="That is what a 99th percentile means",
)
call_rate = peak_home * row_calls  # Calls for homepages in the busiest hour
# Loads that meet at least one slow call
slow_pages = Q(100 * fan_out_tail(number(slow_share), number(services)), "percent")
show()

# %% section="home-ranking"
page_candidates = assume(
    "Titles scored for one page",
    1000,
    "candidate/request",
    between=(300, 5000),
    because="What the first stage leaves",
)
server_scores = assume(
    "Scores a second of one server",
    1,
    "million candidate/server/second",
    between=(0.05, 5),
    because="A small network on 32 cores; a large one is far slower",
)
score_rate = peak_home * page_candidates  # Scores in the busiest hour
rankers = ceil(score_rate / server_scores / busy)  # Rankers, if each load is scored
# Scores, if each profile is scored daily
batch_scores = active_profiles * page_candidates * Q(1, "request/profile/day")
# Rankers for that, spread over the day
batch_rankers = ceil(to(batch_scores, "candidate/second") / server_scores / busy)
# no invariant: batch_rankers: spread over the day, by the same sum as the line before
# Rankers in each region, with one region gone
region_rankers = ceil(score_rate / (regions - Q(1)) / server_scores / busy)
all_rankers = region_rankers * regions  # Rankers in all regions
# no invariant: region_rankers: the sum before, for the load of one region of fewer
cores = assume("Cores of a server", 32, between=(8, 128), because="An ordinary large one")
# Scoring one page on one core
rank_time = to(
    page_candidates * cores * Q(1, "request/server") / server_scores,
    "millisecond",
)
show()

# %% section="home-ranking-law" tags=["notebook-only"]
invariants.nodes(rankers, server_scores, score_rate)

# %% section="decide-ranking"
affordable_rankers = assume(
    "Rankers that a fresh page is worth",
    100,
    "server",
    between=(20, 500),
    because="What a page that knows the last minute earns is measured in an experiment",
)
score_when = decide(
    "Rank when the page is asked for",
    rankers,
    "<",
    affordable_rankers,
    otherwise="Rank once a day and store the page",
    because="A page that knows what was watched a minute ago is worth some servers",
)
threshold(score_when, over=server_scores)
show()

# %% [markdown]
# ## Playback

# %% section="play-start"
cloud_trip = assume(
    "Round trip to the region",
    80,
    "millisecond",
    between=(20, 300),
    because="Another country, a home network",
)
edge_trip = assume(
    "Round trip to the cache",
    15,
    "millisecond",
    between=(3, 100),
    because="In the network of the viewer's provider",
)
manifest_time = assume(
    "Time to make a manifest",
    60,
    "millisecond",
    between=(20, 200),
    because="Rights, streams, ranked caches",
)
licence_time = assume(
    "Time to issue a licence",
    40,
    "millisecond",
    between=(10, 200),
    because="A signature and a check of rights",
)
first_video = assume(
    "Video that must be there before it plays",
    2,
    "second",
    between=(1, 8),
    because="One short segment",
)
first_bitrate = assume(
    "Bit rate of the first segment",
    1,
    "Mbit/second",
    between=(0.3, 3),
    because="Begin low, look better soon",
)
home_speed = assume(
    "Speed of the home network",
    15,
    "Mbit/second",
    between=(1, 100),
    because="Shared with others, over a wall",
)
rests = assume(
    "Titles on which the cursor rests, each homepage load",
    5,
    between=(1, 20),
    because="A look at a few before one is chosen",
)
prefetch_rate = peak_home * rests  # Manifests fetched ahead, if each rest fetches one
# Manifest and licence, one after the other
control_wait = total(2 * cloud_trip, manifest_time, licence_time)
# First segment
fetch_wait = total(
    trips * edge_trip,
    to(first_video * first_bitrate / home_speed, "millisecond"),
)
start_wait = total(control_wait, fetch_wait)  # From pressing play to the first frame
show()

# %% section="play-start-law" tags=["notebook-only"]
invariants.parts(start_wait, control_wait, fetch_wait)

# %% section="play-outage"
outage = assume(
    "Outage of the start path",
    5,
    "minute",
    between=(1, 60),
    because="A bad deployment, noticed and taken back",
)
buffer = assume(
    "Video that a player has ahead",
    60,
    "second",
    between=(10, 240),
    because="Memory of a television allows little more",
)
# Starts that fail in the outage, at peak
outage_starts = to(peak_starts * outage, "stream")
# What that buffer takes
buffer_size = to(stream_bitrate * buffer * Q(1, "stream"), "MB")
# Failed starts against streams that go on
outage_share = to(outage_starts / peak_streams, "percent")
return_time = assume(
    "Time over which refused starts come back",
    15,
    "minute",
    between=(5, 60),
    because="Told by the server to each device, at random within it",
)
# Starts that come back, beside the ordinary ones
return_starts = to(outage_starts / return_time, "stream/second")
return_factor = (peak_starts + return_starts) / peak_starts  # Load with them
show()

# %% [markdown]
# ## Event logging

# %% section="log-size"
log_copies = assume("Copies of the log", 3, because="One in each zone")
retention = assume(
    "Time that the log keeps events",
    8,
    "hour",
    between=(4, 72),
    because="Longer than the longest repair of a reader",
)
batch = assume(
    "Events that a device sends together",
    20,
    "event/request",
    between=(5, 100),
    because="A little more than three minutes of playing",
)
device_requests = peak_events / batch  # Requests of devices to the collectors
partitions = ceil(pipeline_bytes / partition_rate / busy)  # Partitions at peak
mean_bytes = pipeline_bytes / diurnal_peak  # Bytes through the pipeline, on average
log_store = to(mean_bytes * retention * log_copies, "PB")  # What mean hours fill
# What it would hold, if all those hours were the busiest
log_store_peak = to(pipeline_bytes * retention * log_copies, "PB")
# Partitions for what devices send alone
device_partitions = ceil(to(peak_events * event_size, "GB/second") / partition_rate / busy)
broker_rate = assume(
    "What one broker writes",
    300,
    "MB/second/server",
    between=(100, 1000),
    because="Its own share and the copies that it keeps for others; measure your own",
)
brokers = ceil(pipeline_bytes * log_copies / broker_rate / busy)  # Brokers at peak
show()

# %% section="log-law" tags=["notebook-only"]
invariants.nodes(partitions, partition_rate, pipeline_bytes)
invariants.nodes(brokers, broker_rate, pipeline_bytes * log_copies)
invariants.storage(log_store_peak, pipeline_bytes, log_copies, retention)
invariants.storage(log_store, mean_bytes, log_copies, retention)
invariants.capacity(partitions * partition_rate, pipeline_bytes, mean_bytes)

# %% [markdown]
# ## Viewing history

# %% section="history"
progress_every = assume(
    "Time between two reports of progress that are written",
    60,
    "second/request",
    between=(20, 120),
    because="A film that resumes a minute early annoys nobody",
)
# Writes of progress, at peak
progress_rate = to(peak_streams * Q(1, "1/stream") / progress_every, "request/second")
history_row = assume(
    "Bytes of one row of viewing history",
    100,
    "byte/stream",
    between=(50, 500),
    because="Profile, title, begin, end, place, device",
)
# Rows that a day adds: one for each start
history_rows = to(mean_starts * Q(1, "day"), "stream")
# Bytes that a year adds, before copies
history_year = to(mean_starts * history_row * Q(365, "day"), "TB")
show()

# %% [markdown]
# ## Gateway

# %% section="gateway"
gateway_reported = assume(
    "Requests at the gateway in 2018, as reported",
    1,
    "million request/second",
    source="netflix-zuul2-2018",
)
start_calls = assume(
    "Calls of one start",
    2,
    "request/stream",
    between=(2, 6),
    because="Manifest and licence",
)
# Requests at the gateway, by our sums
gateway_sum = total(
    call_rate,
    to(peak_starts * start_calls, "request/second"),
    device_requests,
    progress_rate,
)
gateway_ratio = gateway_reported / gateway_sum  # What was reported, against that
show()

# %% section="gateway-law" tags=["notebook-only"]
invariants.parts(
    gateway_sum,
    call_rate,
    peak_starts * start_calls,
    device_requests,
    progress_rate,
)

# %% [markdown]
# ## Recommendations

# %% section="rec-vectors"
titles = assume(
    "Titles that may be recommended",
    10,
    "thousand title",
    between=(5, 200),
    because="What one country may see; clips and games would be far more",
)
vector_size = assume(
    "Bytes of a vector",
    512,
    "byte",
    between=(128, 4096),
    because="128 numbers of four bytes",
)
compare_time = assume(
    "Time to compare two vectors",
    30,
    "nanosecond/title",
    between=(10, 200),
    because="128 multiplications, in cache",
)
title_vectors = to(titles * vector_size / Q(1, "title"), "MB")  # Vectors of all titles
# Vectors of a day's profiles
profile_vectors = to(active_profiles * vector_size / Q(1, "profile"), "GB")
# Comparing a profile with every title
scan_time = to(titles * compare_time, "millisecond")
show()

# %% section="decide-index"
scan_budget = assume(
    "Time that finding candidates may take",
    3,
    "millisecond",
    between=(0.5, 20),
    because="A small part of a page's budget",
)
scan_or_index = decide(
    "Compare with every title",
    scan_time,
    "<",
    scan_budget,
    otherwise="Keep an approximate index",
    because="Exact, always fresh, and nothing to build",
)
threshold(scan_or_index, over=titles)
show()

# %% section="rec-test"
base_share = assume(
    "Profiles that start something from the first screen in a week",
    40,
    "percent",
    between=(10, 70),
    because="A guess; one yes or no for each profile",
)
lift = assume(
    "Relative improvement worth knowing",
    2,
    "percent",
    between=(1, 10),
    because="Less is not worth the model",
)
_variance = number(base_share * (Q(1) - base_share))  # of a yes or no
# Profiles in each arm of the test
test_arm = Q(sample_size_rule(_variance, number(base_share * lift)), "profile")
# That, as a share of a day's profiles
arm_share = to(test_arm / active_profiles, "percent")
show()

# %% [markdown]
# ## Metadata

# %% section="meta-size"
catalogue_titles = assume(
    "Titles in the catalogue of all countries",
    20,
    "thousand title",
    between=(5, 200),
    because="Rights differ, so the world has more than any one country",
)
languages = assume(
    "Languages of the metadata",
    35,
    between=(20, 60),
    because="Titles, texts, artwork and subtitles differ in each",
)
record_size = assume(
    "Bytes of one title in one language",
    20,
    "kB/title",
    between=(5, 100),
    because="With seasons, episodes, artwork, rights",
)
instance_memory = assume(
    "Memory that an instance can spare",
    16,
    "GB",
    between=(4, 64),
    because="A quarter of an ordinary one",
)
# The catalogue in memory
catalogue_size = to(catalogue_titles * record_size * languages, "GB")
show()

# %% section="decide-metadata"
replicate_or_shard = decide(
    "Keep the whole catalogue in every instance",
    catalogue_size,
    "<",
    instance_memory,
    otherwise="Divide it by title",
    because="What fits into memory needs no network",
)
threshold(replicate_or_shard, over=catalogue_titles)
show()

# %% [markdown]
# ## Resilience

# %% section="res-budget"
month_starts = to(mean_starts * Q(30, "day"), "stream")  # Starts in 30 days
budget_starts = month_starts * failing  # Starts that may fail in 30 days
# Starts of one region at peak
region_starts = to(peak_starts * region_share, "stream/second")
# Starts that fail while a region is evacuated, at peak
lost_starts = to(region_starts * evacuation, "stream")
lost_share = to(lost_starts / budget_starts, "percent")  # That, against the budget
# As it was with the slow evacuation
slow_lost_share = to(lost_share * slow_evacuation / evacuation, "percent")
show()

# %% section="res-capacity"
# Load of the other regions after an evacuation
evacuated_factor = regions / (regions - Q(1))
region_busy = busy / evacuated_factor  # Utilisation before it that leaves room for it
evening_share = assume(
    "Share of the world's starts in a region that has its evening",
    40,
    "percent",
    between=(25, 60),
    because="Evenings come one after the other around the globe",
)
evening_starts = peak_starts * evening_share  # Starts of that region
hit_ratio = assume(
    "Reads that a warm cache answers",
    97,
    "percent",
    between=(90, 99.5),
    because="Popular titles, the same profile again",
)
cold_factor = Q(1) / (Q(1) - hit_ratio)  # Load of the store behind a cold cache
attempts = assume(
    "Attempts of a client, in all",
    3,
    between=(1, 6),
    because="One and two repeats; often nobody has decided",
)
layers = assume(
    "Layers that repeat",
    3,
    between=(1, 4),
    because="Device, gateway, service",
)
# Attempts at the bottom, if each layer repeats
attempts_deep = attempts ** number(layers)
show()

# %% section="decide-evacuate"
repair = assume(
    "Time until a broken region is well by itself",
    45,
    "minute",
    between=(2, 240),
    because="Nobody knows it while it is broken",
)
risk = assume(
    "What an evacuation costs, as minutes of the region",
    15,
    "minute",
    between=(5, 40),
    because="The move itself, colder caches, a mistake",
)
stay_or_go = decide(
    "Evacuate the region",
    repair,
    ">",
    risk,
    otherwise="Repair it where it is",
    because="The shorter pain; waiting is a decision too",
)
threshold(stay_or_go, over=repair)
go_share = to(risk / repair, "percent")  # Share of failing starts from which going pays
show()

# %% [markdown]
# ## Watching

# %% section="watch-canary"
canary_share = assume(
    "Share of a region's starts that a canary gets",
    1,
    "percent",
    between=(0.1, 5),
    because="Few enough to bear its failure",
)
canary_time = assume(
    "Time that a canary is watched",
    10,
    "minute",
    between=(5, 60),
    source="netflix-data-canary-2026",
)
base_failing = assume(
    "Starts that fail on a good day, for all reasons",
    1,
    "percent",
    between=(0.1, 3),
    because="Home networks, devices, people who press back",
)
# Starts that a canary sees at peak
canary_starts = to(region_starts * canary_share * canary_time, "stream")
# Difference of failures that it can show
canary_sees = Q(
    100
    * detectable_difference(
        number(base_failing * (Q(1) - base_failing)) ** 0.5,
        number(canary_starts / Q(1, "stream")),
    ),
    "percent",
)
show()

# %% section="watch-burn"
fast_burn = assume(
    "Burn rate at which somebody is woken",
    14.4,
    between=(10, 20),
    because="Two percent of a month's budget in an hour",
)
fast_failing = to(failing * fast_burn, "percent")  # Failing starts at that rate
# Time in which it spends a month's budget
burnt_in = to(Q(30, "day") / fast_burn, "hour")
# A lost region lifts the mean of an hour above it after
trip_time = to(Q(1, "hour") * fast_failing / region_share, "second")
show()

# %% [markdown]
# ## Curveballs

# %% section="curve-offline"
download_bitrate = assume(
    "Bit rate of a download",
    1,
    "Mbit/second",
    between=(0.5, 3),
    because="A phone's screen",
)
download_hours = assume(
    "Hours that somebody takes on a flight",
    8,
    "hour",
    between=(2, 20),
    because="A season of something",
)
# What that takes on the phone
download_size = to(download_bitrate * download_hours, "GB")
show()

# %% section="curve-headset"
headset_bitrate = assume(
    "Bit rate of a headset's stream",
    30,
    "Mbit/second/stream",
    between=(15, 60),
    because="Two eyes, a screen like in a cinema",
)
headset_share = assume(
    "Share of streams that go to headsets",
    0.1,
    "percent",
    between=(0.01, 2),
    because="A guess; costly devices are few",
)
# Traffic to headsets at peak
headset_traffic = to(peak_streams * headset_share * headset_bitrate, "Tbit/second")
headset_factor = headset_bitrate / stream_bitrate  # Such a stream against the mean one
# What they add, since each takes the place of an ordinary stream
headset_part = to(
    headset_traffic / peak_traffic * (Q(1) - stream_bitrate / headset_bitrate),
    "percent",
)
show()

# %% [markdown]
# ## Answers to the exercises

# %% section="exercises" tags=["notebook-only"]
# Starts at peak, 20 minutes each
quick_starts = to(peak_streams / Q(20, "minute"), "stream/second")
# Starts at peak, 90 minutes each
slow_starts = to(peak_streams / Q(90, "minute"), "stream/second")
steep_streams = mean_streams * 3  # Streams at peak, if the peak is threefold
_six_a_day = daily_active * Q(6, "request/member/day")
# Loads, six a day
busy_home = to(_six_a_day, "request/second") * diurnal_peak
double_home = peak_home * 2  # Loads, if twice as many are active
small_page = page_size / 2  # A page with rows of twenty
small_first = first_size / 2  # Its first screen
# Live starts, all within a minute
quick_live = to(live_streams / Q(1, "minute"), "stream/second")
# Budget of three nines spent
three_nines_share = to(lost_starts / (month_starts * Q(0.1, "percent")), "percent")
# Traffic at 8 Mbit/s
sharp_traffic = to(peak_streams * Q(8, "Mbit/second/stream"), "Tbit/second")
# Traffic at 2 Mbit/s
thin_traffic = to(peak_streams * Q(2, "Mbit/second/stream"), "Tbit/second")
# Events, if streams report twice as often
chatty_events = total(2 * playback_events, page_events)
three_factor = Q(3) / Q(2)  # Load of the others, with three regions
# Load behind a cold cache, if 90% were hits
cool_factor = Q(1) / (Q(1) - Q(90, "percent"))
# Start, far from the region
far_wait = total(2 * Q(300, "millisecond"), manifest_time, licence_time, fetch_wait)
many_calls = peak_home * 15  # Calls, if a load makes fifteen
show()

# %% section="exercises-deep" tags=["notebook-only"]
# A hundred thousand titles
large_catalogue = to(Q(100, "thousand title") * record_size * languages, "GB")
# Scan of two hundred thousand
large_scan = to(Q(200, "thousand title") * compare_time, "millisecond")
# Titles at which the scan takes its budget
large_titles = to(scan_budget / compare_time, "title")
# Rankers with a large network
deep_rankers = ceil(score_rate / Q(50, "thousand candidate/server/second") / busy)
# Slow pages, thirty services
slow_many = Q(100 * fan_out_tail(number(slow_share), 30), "percent")
# Slow pages, half a percent of calls
slow_half = Q(100 * fan_out_tail(0.005, number(services)), "percent")
twice_store = page_store * 2  # Stored pages, twice as many, or in two zones of a region
thrice_store = page_store * 3  # Stored pages, in three zones of a region
# Stored pages at 200 bytes a place
wide_store = to(page_store * (Q(200, "byte/title") / entry_size), "TB")
# Budget spent, with three regions
three_share = to(peak_starts / 3 * evacuation / budget_starts, "percent")
attempts_two = Q(2) ** number(layers)  # Attempts at the bottom, two in each layer
_hour_starts = region_starts * canary_share * Q(1, "hour")
_wide_starts = region_starts * Q(5, "percent") * canary_time
_deviation = number(base_failing * (Q(1) - base_failing)) ** 0.5
# Difference that a canary of an hour can show
long_canary = Q(
    100 * detectable_difference(_deviation, number(_hour_starts / Q(1, "stream"))),
    "percent",
)
# Difference that a canary of five percent can show
wide_canary = Q(
    100 * detectable_difference(_deviation, number(_wide_starts / Q(1, "stream"))),
    "percent",
)
# Failing starts at that rate, for three nines
loose_failing = Q(0.1, "percent") * fast_burn
tablet_size = to(Q(3, "Mbit/second") * download_hours, "GB")  # Downloads at 3 Mbit/s
# Traffic of headsets at two percent of streams
many_headsets = to(
    Q(2, "percent") * (headset_bitrate - stream_bitrate) / stream_bitrate,
    "percent",
)
two_factor = Q(2)  # Load of the other region, with two
# The log, kept for a day
long_store = to(mean_bytes * Q(24, "hour") * log_copies, "PB")
# An arm that sees four percent
small_arm = Q(sample_size_rule(_variance, 2 * number(base_share * lift)), "profile")
# Partitions for a hundred million events a second
more_partitions = ceil(to(Q(100, "million event/second") * event_size, "GB/second") / partition_rate / busy)
# Starts of five million streams, 20 minutes each
right_short = to(wrong_streams / Q(20, "minute"), "stream/second")
hot_double = hot_factor / 2  # The key of a region, against a faster partition
# Budget spent in five minutes
quick_share = to(Q(5, "minute") / budget_month * region_share, "percent")
show()
