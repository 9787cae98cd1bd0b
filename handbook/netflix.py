"""What every chapter about Netflix takes for granted: one set, so that the chapters agree with one another."""

from handbook.assumptions import assume

members = assume(
    "Paid memberships", 325, "million member", between=(325, 345), source="netflix-members-2026",
)  # fmt: skip

daily_active = assume(
    "Memberships active on a day", 100, "million member", between=(80, 200),
    because="The interview's usual figure, not Netflix's own; 31% of all memberships",
)  # fmt: skip

viewing_half_year = assume(
    "Hours viewed from July to December 2025", 96, "billion stream * hour", between=(94, 98),
    source="netflix-viewing-2026",
)  # fmt: skip

half_year = assume(
    "Days from July to December", 184, "day", because="The calendar: 31 + 31 + 30 + 31 + 30 + 31",
)  # fmt: skip

diurnal_peak = assume(
    "Busiest hour against the mean hour", 2, between=(1.5, 3),
    because="Viewing follows the evening around the globe, so the world's curve is flatter than one country's",
)  # fmt: skip

start_length = assume(
    "How long one start plays", 45, "minute", between=(20, 90),
    because="Between an episode and a film; what is given up after a minute pulls it down",
)  # fmt: skip

home_loads_each = assume(
    "Homepage loads of an active membership", 3, "request/member/day", between=(1, 8),
    because="One when the application opens, some on the way back; all profiles together",
)  # fmt: skip

stream_events = assume(
    "Events that a playing stream sends", 6, "event/stream/minute", between=(2, 12),
    because="A progress report every ten seconds, quality changes, the end",
)  # fmt: skip

load_events = assume(
    "Events that a homepage load causes", 60, "event/request", between=(20, 200),
    because="Rows seen, titles seen, moves of the cursor",
)  # fmt: skip

pipeline_peak = assume(
    "Events through the pipeline at peak, as reported", 60, "million event/second", between=(12.5, 100),
    source="netflix-data-mesh-2025",
)  # fmt: skip

stream_bitrate = assume(
    "Bit rate of the mean stream", 4, "Mbit/second/stream", between=(2, 8), source="netflix-bitrate-index",
    because="Prime time in the United States and much of Europe; phones need less, large screens more",
)  # fmt: skip
