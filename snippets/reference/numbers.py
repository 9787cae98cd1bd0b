"""What to carry in the head, rounded to be remembered: what is sourced has its source, what follows is computed."""

# %%
import struct
import uuid

from handbook import Q, assume, to

# %% section="behind"
tcp_trips = assume("Round trips of a TCP handshake", 1, because="Both sides must have heard each other")
tls_trips = assume("Round trips of a TLS 1.3 handshake", 1, between=(0, 2), source="tls-round-trips")
kafka_cluster = assume("Kafka, tested cluster", 500, "MB/s", source="kafka-throughput-automq")
kafka_brokers = assume("Brokers of that cluster, 4 vCPUs each", 15, "node", source="kafka-throughput-automq")
cassandra_cluster = assume("Cassandra, tested cluster", 1.1e6, "row/s", source="netflix-cassandra-2012")
cassandra_nodes = assume("Nodes of that cluster", 300, "node", source="netflix-cassandra-2012")
cassandra_copies = assume("Copies of each row", 3, source="netflix-cassandra-2012")
mail_hourly = assume("Mail server, its maker's test", 3.3e6, "message/hour", source="kumomta-throughput-2025")
server_price = assume("Server of 2 vCPUs, on demand", 0.0816, "USD/hour", source="price-ec2-2026")

# %% section="latency"
memory_read = assume("Memory, random read", 50, "ns", between=(50, 100), source="napkin-math")
ssd_read = assume("SSD, random read", 100, "µs", source="napkin-math")
centre_trip = assume("Round trip in a data centre", 500, "µs", between=(250, 500), source="jeff-dean-numbers")
region_trip = assume("Round trip between zones of a region", 1, "ms", between=(0.25, 3.4), source="aws-zone-latency")
store_query = assume("Query to a memory store nearby", 500, "µs", source="napkin-math")
ssd_write = assume("SSD, write that survives a power cut", 1, "ms", source="napkin-math")
disk_seek = assume("Spinning disk, random read", 10, "ms", source="napkin-math")
object_get = assume("Object storage, first byte", 50, "ms", source="napkin-math")

# %% section="distance"
coast_trip = assume("Round trip across North America", 60, "ms", source="napkin-math")
atlantic_trip = assume("Round trip across the Atlantic", 80, "ms", between=(80, 150), source="napkin-math")
pacific_trip = assume("Round trip from California to Singapore", 180, "ms", source="napkin-math")
mobile_trip = assume("Round trip over a mobile network", 100, "ms", between=(30, 500), source="mobile-latency-hpbn")
first_answer = to((tcp_trips + tls_trips + 1) * atlantic_trip, "ms")  # First answer over the Atlantic

# %% section="people"
feels_instant = assume("Feels instantaneous", 0.1, "s", source="response-limits-nielsen")
keeps_thought = assume("Keeps the flow of thought", 1, "s", source="response-limits-nielsen")
keeps_attention = assume("Keeps the attention", 10, "s", source="response-limits-nielsen")

# %% section="streaming"
memory_stream = assume("Memory, one thread in sequence", 10, "GB/s", between=(10, 35), source="napkin-math")
ssd_stream = assume("SSD, sequential read", 4, "GB/s", source="napkin-math")
disk_stream = assume("Spinning disk, sequential read", 250, "MB/s", source="napkin-math")
compression = assume("Compression, one core", 500, "MB/s", source="napkin-math")
internet_link = assume("Server in the cloud to the Internet", 5, "gigabit/s", source="aws-instance-bandwidth")
read_terabyte = to(Q(1, "TB") / ssd_stream, "minute")  # Reading a terabyte from one SSD

# %% section="servers"
redis_rate = assume(
    "Redis, commands of one process", 100e3, "request/s", between=(76e3, 180e3), source="redis-benchmark-2016"
)
postgres_reads = assume("PostgreSQL, rows read by key, 8 vCPUs", 170e3, "query/s", source="pgbench-m5-2021")
postgres_writes = assume("PostgreSQL, small transactions, 8 vCPUs", 24e3, "query/s", source="pgbench-m5-2021")
volume_rate = assume("Network disk (gp3), operations", 3000, "request/s", between=(3000, 16000), source="aws-gp3-iops")
dynamo_writes = assume("DynamoDB, writes of one partition", 1000, "request/s", source="dynamodb-partition")
dynamo_reads = assume("DynamoDB, reads of one partition", 3000, "request/s", source="dynamodb-partition")
shard_rate = assume("Kinesis, records into one shard", 1000, "event/s", source="kinesis-shard")
kafka_broker = to(kafka_cluster / kafka_brokers, "MB/s/node")  # Kafka, written into one broker
cassandra_node = to(cassandra_cluster * cassandra_copies / cassandra_nodes, "row/s/node")  # Cassandra, writes of a node
mail_rate = to(mail_hourly, "message/s")  # Mail server, 8 vCPUs, its maker's test
idle_connections = assume(
    "Idle connections on one server", 2e6, "connection", between=(2e6, 3e6), source="whatsapp-connections-2015"
)
video_server = assume("Video cache, one server", 200, "gigabit/s", between=(200, 400), source="netflix-400g-2021")

# %% section="prices"
vcpu_hour = to(server_price / 2, "USD/hour")  # One vCPU
vcpu_month = to(vcpu_hour, "USD/month")  # The same for a month
memory_month = assume("Memory", 2, "USD/GB/month", source="napkin-math")
object_month = assume("Object storage", 0.023, "USD/GB/month", between=(0.00099, 0.023), source="price-s3-2026")
object_puts = assume("Object storage, a million writes", 5, "USD", source="price-s3-requests-2026")
egress = assume("Traffic to the Internet", 0.09, "USD/GB", between=(0.05, 0.09), source="price-transfer-2026")
zone_traffic = assume("Traffic between zones, each way", 0.01, "USD/GB", source="price-transfer-2026")
cdn_traffic = assume("Traffic from a CDN", 0.05, "USD/GB", source="napkin-math")
mail_price = assume("A thousand emails through a service", 0.10, "USD", between=(0.10, 0.23), source="price-ses-2026")
petabyte_month = to(object_month * Q(1, "PB"), "USD/month")  # A petabyte kept as objects
petabyte_egress = to(egress * Q(1, "PB"), "USD")  # A petabyte sent out at the first price

# %% section="availability"
two_nines = to(0.01 * Q(1, "month"), "hour")  # 99%, down in a month
three_nines = to(0.001 * Q(1, "month"), "minute")  # 99.9%, down in a month
four_nines = to(0.0001 * Q(1, "month"), "minute")  # 99.99%, down in a month
five_nines = to(0.00001 * Q(1, "month"), "second")  # 99.999%, down in a month
five_in_a_row = to((1 - 0.999**5) * Q(1, "month"), "hour")  # Five parts of 99.9% that must all work, down in a month
two_beside = to((1 - 0.99) ** 2 * Q(1, "month"), "minute")  # Two parts of 99%, either is enough, down in a month

# %% section="time"
day_seconds = to(Q(1, "day") / Q(1, "s"), "")  # Seconds in a day
month_seconds = to(Q(1, "month") / Q(1, "s"), "")  # Seconds in a month
year_seconds = to(Q(1, "year") / Q(1, "s"), "")  # Seconds in a year
million_daily = to(Q(1e6, "request/day"), "request/s")  # A million a day
billion_daily = to(Q(1e9, "request/day"), "request/s")  # A billion a day

# %% section="bytes"
int64_size = Q(len(struct.pack("q", 0)), "byte")  # Number or time stamp of 64 bits
uuid_size = Q(len(uuid.UUID(int=0).bytes), "byte")  # UUID
vector_size = Q(len(struct.pack("256f", *[0.0] * 256)), "byte")  # Embedding of 256 numbers
email_size = assume("Body of an email", 50, "kB", between=(50, 100), source="sparkpost-size-2018")
video_rate = assume("Video at 1080p", 5.8, "megabit/s", between=(1.54, 5.8), source="netflix-per-title-2015")
video_hour = to(video_rate * Q(1, "hour"), "GB")  # An hour of it
