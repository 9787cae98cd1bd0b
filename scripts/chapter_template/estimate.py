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
# # $title in numbers
#
# Find the unit that the system really counts in, and the number that forces the design.
# Lines stay within 88 characters; fold long cells with tags=["hide-input"].

# %% section="load"
from handbook import assume, invariants, show, to

users = assume(
    "People who use it on a day", 1, "million person", between=(0.5, 5),
    because="To be replaced by a source, or by a better reason",
)
requests_each = assume(
    "Requests of one of them", 10, "request/person/day", between=(5, 20),
    because="To be replaced",
)
peak_factor = assume("Busiest hour against the mean", 3, between=(2, 5), because="To be replaced")
mean_rate = to(users * requests_each, "request/second")  # Mean rate
peak_rate = peak_factor * mean_rate  # Peak rate
invariants.capacity(peak_rate, peak_rate, mean_rate)
show()
