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
# # The email platform under stress
#
# Three failures, each with and without what the chapter does against it. Every figure
# is a mean over 20 seeds with its 95% confidence interval. One simulated message stands
# for many: times are real, rates are scaled down together. Only the lane's burst, its
# floor and the number of results its breaker waits for stay as printed.

# %% [markdown]
# ## A provider throttles, then refuses
#
# A campaign runs for two hours. After a quarter of an hour the largest provider accepts
# a fifth of what it usually takes, then nothing for ten minutes; then the cause is
# gone. What happens next depends on a rule that providers do not publish, so we assume
# two:
#
# - **A provider that forgives** lifts the throttle when the cause ends.
# - **A provider that bears a grudge** lifts it only when at most a third of what it was
#   offered in the last ten minutes had to be deferred.
#
# Every message retries on the chapter's schedule for campaigns, with full jitter except
# under "fixed waits". Lane and breaker are the classes that the chapter prints. The
# lane starts at the campaign's rate with a ceiling three times too high; the static cap
# is told the true limit, which the lane never learns.

# %% section="throttle-model"
from collections import deque
from dataclasses import replace
from types import SimpleNamespace

from handbook import charts, show, simulated
from handbook.simulation import (
    Backoff, Comparison, Effects, Link, Meter, Outcome, Probe, RateLimit,
    Retry, RetryBudget, Series, Simulation, Source, Timeout, TokenBucket, poisson,
    replicate, steps,
)
from snippets.email_platform.lane import CAMPAIGN_PAUSE, Breaker, Lane
from snippets.email_platform.retry_schedule import CAMPAIGN as SCHEDULE

MINUTE, HOUR = 60.0, 3600.0
OFFERED, HEADROOM = 0.5, 0.7  # messages a second; their share of the provider's limit
LIMIT, CAMPAIGN, END = OFFERED / HEADROOM, 2 * HOUR, 8 * HOUR
WRONG_CEILING, RECOVERY = 3 * LIMIT, HOUR  # what the lane is told; how fast it grows


class Provider:
    """Accepts up to its limit and defers the rest. It forgives, or bears a grudge."""

    def __init__(self, sim, grudge, cause=True):
        self.sim, self.grudge = sim, grudge
        self.bucket, self.refusing = TokenBucket(sim, LIMIT, capacity=20), False
        self.attempts, self.deferred = Series(sim, MINUTE), Series(sim, MINUTE)
        if cause:
            sim.at(15 * MINUTE, self.change, LIMIT / 5, False, "throttles")
            sim.at(30 * MINUTE, self.change, LIMIT / 5, True, "refuses")
            sim.at(40 * MINUTE, self.cause_ends)

    def change(self, rate, refusing, label):
        self.bucket.rate, self.refusing = rate, refusing
        self.sim.mark(label)

    def cause_ends(self):
        self.change(LIMIT / 5, False, "cause ends")
        self.reconsider()

    def reconsider(self):
        """Every minute. Silence counts as good behaviour."""
        deferred, offered = self.deferred.sums[-10:], self.attempts.sums[-10:]
        if self.grudge and sum(deferred) > sum(offered) / 3:
            self.sim.after(MINUTE, self.reconsider)
        else:
            self.change(LIMIT, False, "throttle lifted")

    def __call__(self, request, done):
        self.attempts.add()
        if not self.refusing and self.bucket.take():
            done(Outcome.OK)
        else:
            self.deferred.add()
            done(Outcome.FAILED)


class ByMessage:
    """Each message tries again on its own schedule, if the budget then allows it.

    A try that our own side denies earns nothing; the next wait is longer all the same.
    """

    def __init__(self, sim, target, schedule, budget=None):
        self.sim, self.target, self.schedule = sim, target, schedule
        self.budget, self.random = budget, sim.stream("waits")

    def __call__(self, request, done):
        if self.budget:
            self.budget.deposit()
        self.attempt(request, done, 1)

    def attempt(self, request, done, tries):
        def answer(outcome):
            if outcome is Outcome.OK:
                done(outcome)
            else:
                self.wait(request, done, tries)

        self.target(request, answer)

    def wait(self, request, done, tries):
        wait = self.schedule.wait(tries, self.random)
        self.sim.after(wait, self.again, request, done, tries)

    def again(self, request, done, tries):
        if self.budget and not self.budget.withdraw():
            self.wait(request, done, tries + 1)  # denied
        else:
            self.attempt(request, done, tries + 1)


class InLine:
    """Messages in line; the chapter's lane says when the next one leaves."""

    def __init__(self, sim, lane, target):
        self.sim, self.lane, self.target = sim, lane, target
        self.line, self.waiting = deque(), False

    def __call__(self, request, done):
        self.line.append((request, done))
        if not self.waiting:
            self.look()

    def look(self):
        while self.line and self.lane.take(self.sim.now):
            self.send(*self.line.popleft())
        self.waiting = bool(self.line)
        if self.waiting:
            self.sim.after(1.0, self.look)

    def send(self, request, done):
        sent = self.sim.now

        def answer(outcome):
            told = self.lane.accepted if outcome is Outcome.OK else self.lane.deferred
            told(sent, self.sim.now)
            done(outcome)

        self.target(request, answer)


class Guarded:
    """The chapter's breaker around a provider, without a lane."""

    def __init__(self, sim, target):
        self.sim, self.target, self.breaker = sim, target, Breaker(CAMPAIGN_PAUSE)

    def __call__(self, request, done):
        sent = self.sim.now
        if not self.breaker.allows(sent):
            done(Outcome.CIRCUIT_OPEN)
            return

        def answer(outcome):
            self.breaker.result(sent, self.sim.now, refused=outcome is not Outcome.OK)
            done(outcome)

        self.target(request, answer)


def sender(sim, policy, provider, recovery):
    """What stands between the messages and the provider, by the name of a policy."""
    schedule, target, budget = SCHEDULE, provider, None
    if policy == "fixed waits":
        schedule = replace(SCHEDULE, jitter=0)
    elif policy == "retry budget":  # a tenth more, then a tenth of the rate
        budget = RetryBudget(sim, ratio=0.1, reserve=0.1 * OFFERED)
    elif policy == "breaker alone":
        target = Guarded(sim, provider)
    elif policy == "static cap":  # somebody knows the true limit, and it never changes
        target = RateLimit(sim, "cap", provider, rate=LIMIT, burst=10, wait=True)
    elif "lane" in policy:
        pause = 0 if policy == "lane without breaker" else CAMPAIGN_PAUSE
        lane = Lane(OFFERED, WRONG_CEILING, recovery, pause)
        target = InLine(sim, lane, provider)
    return ByMessage(sim, target, schedule, budget)


def campaign(seed, policy, grudge, recovery=RECOVERY, cause=True):
    """One run: the simulation, the provider, the meter of the messages, who waits."""
    sim = Simulation(seed)
    provider = Provider(sim, grudge, cause)
    sending = sender(sim, policy, provider, recovery)
    messages = Meter(sim, "messages", sending, bin=MINUTE)
    Source(sim, "campaign", steps([(0, OFFERED), (CAMPAIGN, 0)]), messages)
    waiting = Probe(sim, "waiting", MINUTE, {"messages": lambda: messages.in_flight})
    sim.run(until=END)
    return sim, provider, messages, waiting


def metrics(policy, grudge, recovery=RECOVERY):
    """What `replicate` averages. `late` means something only where all runs drained."""

    def model(seed):
        _, provider, messages, waiting = campaign(seed, policy, grudge, recovery)
        empty = waiting.when("messages", lambda n: n == 0, after=CAMPAIGN)
        return {
            "late": ((END if empty is None else empty) - CAMPAIGN) / MINUTE,
            "drained": float(empty is not None),
            "attempts": sum(provider.attempts.sums) / messages.outcomes[Outcome.OK],
            "worst": max(provider.attempts.sums),
            "left": 100 * messages.in_flight / messages.requests,
        }

    return model


GRUDGE, FORGIVING = True, False
BECAUSE = "mean of 20 seeds; the interval is 95%"


def late(world, policy):
    """Minutes from the campaign's end to the last message, where every run drained."""
    assert min(world[policy].samples["drained"]) == 1, f"{policy}: not all drain"
    return simulated(f"Late, {policy}", world[policy]["late"], "minute", BECAUSE, least=0)


def attempts(world, policy):
    """Attempts that reach the provider, for each message that it accepts."""
    label = f"Attempts for each message delivered, {policy}"
    return simulated(label, world[policy]["attempts"], "", BECAUSE)


def worst(world, policy):
    """Attempts in the worst minute; new messages make 30 a minute."""
    label = f"Attempts in the worst minute, {policy}"
    return simulated(label, world[policy]["worst"], "", BECAUSE)


def drained(world, policy):
    """The share of runs that delivered all within six hours, with Wilson's interval."""
    flags, z2 = world[policy].samples["drained"], 1.96**2
    n, share = len(flags), sum(flags) / len(flags)
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = (z2 * (share * (1 - share) / n + z2 / (4 * n * n))) ** 0.5 / (1 + z2 / n)
    low, high = 100 * max(0, middle - half), 100 * min(1, middle + half)
    wilson = SimpleNamespace(mean=100 * share, low=low, high=high)
    because = "share of 20 seeds; Wilson's 95% interval"
    label = f"Runs that drain within 6 h, {policy}"
    return simulated(label, wilson, "percent", because)

# %% [markdown]
# ### A provider that bears a grudge
#
# Under the budget no run drains, so there is no mean of minutes to give. We give the
# share of runs that drained, and of messages that still wait six hours after the
# campaign.

# %% section="throttle"
POLICIES = (
    "fixed waits", "full jitter", "retry budget", "breaker alone", "static cap",
    "adapting lane", "lane without breaker",
)
grudge = {policy: replicate(metrics(policy, GRUDGE), seeds=20) for policy in POLICIES}

retry_late = late(grudge, "fixed waits")
jitter_late = late(grudge, "full jitter")
budget_drained = drained(grudge, "retry budget")
budget_left = simulated(
    "Messages that still wait after 6 h, retry budget",
    grudge["retry budget"]["left"], "percent", BECAUSE)
breaker_late = late(grudge, "breaker alone")
cap_late = late(grudge, "static cap")
lane_late = late(grudge, "adapting lane")
bare_lane_late = late(grudge, "lane without breaker")
retry_attempts_each = attempts(grudge, "fixed waits")
jitter_attempts_each = attempts(grudge, "full jitter")
budget_attempts_each = attempts(grudge, "retry budget")
breaker_attempts_each = attempts(grudge, "breaker alone")
cap_attempts_each = attempts(grudge, "static cap")
lane_attempts_each = attempts(grudge, "adapting lane")
bare_lane_attempts_each = attempts(grudge, "lane without breaker")
retry_worst = worst(grudge, "fixed waits")
jitter_worst = worst(grudge, "full jitter")
budget_worst = worst(grudge, "retry budget")
breaker_worst = worst(grudge, "breaker alone")
cap_worst = worst(grudge, "static cap")
lane_worst = worst(grudge, "adapting lane")
bare_lane_worst = worst(grudge, "lane without breaker")
show()

# %% [markdown]
# ### A provider that forgives

# %% section="throttle-forgiven"
forgiven = {
    f"{policy}, forgiven": replicate(metrics(policy, FORGIVING), seeds=20)
    for policy in POLICIES
}

forgiven_retry_late = late(forgiven, "fixed waits, forgiven")
forgiven_jitter_late = late(forgiven, "full jitter, forgiven")
forgiven_budget_late = late(forgiven, "retry budget, forgiven")
forgiven_breaker_late = late(forgiven, "breaker alone, forgiven")
forgiven_cap_late = late(forgiven, "static cap, forgiven")
forgiven_lane_late = late(forgiven, "adapting lane, forgiven")
forgiven_bare_lane_late = late(forgiven, "lane without breaker, forgiven")
forgiven_retry_attempts = attempts(forgiven, "fixed waits, forgiven")
forgiven_jitter_attempts = attempts(forgiven, "full jitter, forgiven")
forgiven_budget_attempts = attempts(forgiven, "retry budget, forgiven")
forgiven_breaker_attempts = attempts(forgiven, "breaker alone, forgiven")
forgiven_cap_attempts = attempts(forgiven, "static cap, forgiven")
forgiven_lane_attempts = attempts(forgiven, "adapting lane, forgiven")
forgiven_bare_lane_attempts = attempts(forgiven, "lane without breaker, forgiven")
forgiven_retry_worst = worst(forgiven, "fixed waits, forgiven")
forgiven_jitter_worst = worst(forgiven, "full jitter, forgiven")
forgiven_breaker_worst = worst(forgiven, "breaker alone, forgiven")
forgiven_lane_worst = worst(forgiven, "adapting lane, forgiven")
show()

# %% [markdown]
# ### How much hangs on the lane's recovery time
#
# The lane above needs an hour from its floor to its ceiling. Ten times as fast is
# faster than its documentation allows; ten times as slow is more cautious than it need
# be.

# %% section="throttle-sensitivity"
recovering = {
    f"lane that recovers in {words}": replicate(
        metrics("adapting lane", GRUDGE, RECOVERY * factor), seeds=20)
    for words, factor in (("6 minutes", 0.1), ("10 hours", 10))
}
quick_lane_late = late(recovering, "lane that recovers in 6 minutes")
quick_lane_attempts_each = attempts(recovering, "lane that recovers in 6 minutes")
quick_lane_worst = worst(recovering, "lane that recovers in 6 minutes")
slow_lane_late = late(recovering, "lane that recovers in 10 hours")
slow_lane_attempts_each = attempts(recovering, "lane that recovers in 10 hours")
slow_lane_worst = worst(recovering, "lane that recovers in 10 hours")
show()

# %% [markdown]
# The grudge: the same seeds with full jitter alone and with the lane, pair by pair.

# %%
Comparison(grudge["full jitter"], grudge["adapting lane"])

# %% section="throttle-chart"
SHOWN = ("full jitter", "retry budget", "breaker alone", "adapting lane")
traces = {policy: campaign(1, policy, GRUDGE) for policy in SHOWN}
marks = {mark.label: mark.time / 60 for mark in traces["full jitter"][0].marks}
marks["lifted for jitter"] = marks.pop("throttle lifted")
charts.lines(
    {policy: [(t / 60, n) for t, n in waiting.points("messages")[::2]]
     for policy, (_, _, _, waiting) in traces.items()},
    x="minutes since the campaign began", y="messages waiting",
    events=marks,
    description="Messages waiting over eight hours, one seed, a provider that bears "
    "a grudge. With full jitter or a retry budget they pile up until the campaign ends "
    "at minute 120; jitter takes five hours more, and the budget still holds a third "
    "of all messages at the end. With a breaker alone the pile shrinks from minute "
    "60 on, with a tail of an hour and a half beyond the campaign. With the "
    "adapting lane it grows while the lane's breaker is silent and is gone soon "
    "after the campaign.",
)

# %% [markdown]
# ## Sent twice
#
# This checks the arithmetic of duplicates, nothing more: it is a geometric series.
# Every acknowledgement is lost with probability p, independently, so a message is sent
# too often p + p² + … = p / (1 − p) times. With a claim the same holds for the
# probability of a crash between the provider's "accepted" and the record of it, for
# mail that is sent again when in doubt. Both probabilities are parameters, far above
# real ones so that a run sees enough cases.

# %% section="duplicates"
LOST, CRASH, MESSAGES = 0.02, 0.002, 10_000


class Claims:
    """Sends a message unless it is recorded as sent. A crash loses the record."""

    def __init__(self, sim, target, crash):
        self.target, self.crash, self.sent = target, crash, set()
        self.random = sim.stream("crashes")

    def __call__(self, request, done):
        if request.key in self.sent:
            done(Outcome.OK)
            return
        crashed = self.random.random() < self.crash
        if not crashed:
            self.sent.add(request.key)
        self.target(request, (lambda outcome: None) if crashed else done)


def duplicates(lost, crash=None):
    """Duplicates for each message of a queue; with a claim if `crash` is given."""

    def model(seed):
        sim = Simulation(seed)
        provider = Effects(sim, "provider", lambda request, done: done(Outcome.OK))
        sender = provider if crash is None else Claims(sim, provider, crash)
        link = Link(sim, "link", sender, reply_loss=lost)
        lease = Timeout(sim, "lease", link, after=60)
        queue = Retry(sim, "queue", lease, 50, Backoff(1, 1, "none"))
        Source(sim, "messages", poisson(1), queue)
        sim.run(until=MESSAGES)
        return {"share": provider.duplicates / len(provider.applied)}

    return model


unclaimed = replicate(duplicates(LOST), seeds=20)["share"]
claimed = replicate(duplicates(LOST, CRASH), seeds=20)["share"]
duplicates_without = simulated(
    "Duplicates without a claim, 2% of acknowledgements lost", unclaimed, "", BECAUSE)
duplicates_with = simulated(
    "Duplicates with a claim, a crash in 0.2% of sends", claimed, "", BECAUSE)
assert unclaimed.covers(LOST / (1 - LOST)) and claimed.covers(CRASH / (1 - CRASH))
show()

# %% [markdown]
# ## A region is lost in the middle of a campaign
#
# Two regions each carry 35% of what one of them can do, 10 messages a second. Region A
# is lost; B takes over its members after a quarter of an hour, with a copy of A's state
# that is five seconds old. The messages that B knows nothing of scale with A's rate,
# here 3.5 a second, and with the lag of the copy; the time to catch up does not depend
# on the rate.

# %% section="region"
CAPACITY, SHARE, LAG = 10.0, 0.35, 5.0
LOSS, TAKEOVER = 10 * MINUTE, 15 * MINUTE


def accepts(request, done):
    done(Outcome.OK)


def region_loss(seed):
    """Messages sent by A that B's copy does not know, and minutes until B caught up."""
    sim, start = Simulation(seed), LOSS + TAKEOVER
    sent_by_a = Series(sim, LAG)
    region_b = RateLimit(sim, "B", accepts, rate=CAPACITY, wait=True)

    def of_region_a(request, done):
        if sim.now < LOSS:
            sent_by_a.add()
            done(Outcome.OK)
        elif sim.now < start:  # A's log, which B reads once it has taken over
            sim.at(start, region_b, request, done)
        else:
            region_b(request, done)

    Source(sim, "A", poisson(SHARE * CAPACITY), of_region_a)
    Source(sim, "B's own", poisson(SHARE * CAPACITY), region_b)
    caught_up = Probe(sim, "queue", 5.0, {"waiting": lambda: region_b.queued})
    sim.run(until=start + 1.5 * TAKEOVER)
    done_at = caught_up.when("waiting", lambda n: n < CAPACITY, after=start + LAG)
    return {
        "unknown": sent_by_a.sums[round(LOSS / LAG) - 1],
        "catch_up": (done_at - start) / MINUTE,
    }


lost = replicate(region_loss, seeds=20)
unknown_sends = simulated(
    "Sent by A at 3.5 messages/s, unknown to B", lost["unknown"], "message", BECAUSE)
catch_up = simulated("Time for B to catch up", lost["catch_up"], "minute", BECAUSE)
assert lost["unknown"].covers(SHARE * CAPACITY * LAG)
assert lost["catch_up"].covers(TAKEOVER * SHARE / (1 - 2 * SHARE) / MINUTE)
show()
