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
