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
# # Feature flags under stress
#
# A change on its way to five regions, a bad flag, and an experiment that is looked at
# too often. Every figure is a mean over 20 seeds with its 95% confidence interval.

# %% [markdown]
# ## A change on its way
#
# Five regions of 16 instances, each a real client of the chapter with a configuration of
# its own. The store commits a change every minute. A message from the store to a relay
# takes 100 ms on average, one from a relay to an instance 50 ms, and one in a hundred is
# lost. Streams die without a sign: one in fifty is dead at the start, each other one dies
# after four hours on average. Before the third change the fifth region is cut off from the store,
# and stays so for 40 seconds after it.

# %% section="spread-model"
from math import log, sqrt
from random import Random
from statistics import NormalDist, mean, median

from handbook import charts, show, simulated
from handbook.experiments import peeking_false_positive, peeking_level
from handbook.simulation import Simulation, exponential, replicate
from snippets.feature_flags.client import Client, Config, Delta
from snippets.feature_flags.guard import evidence
from snippets.feature_flags.readout import Arm, read

REGIONS, EACH = 5, 16
FIRST, EVERY, CHANGES = 40.0, 60.0, 4
CUT_CHANGE, CUT_BEFORE, CUT_AFTER = 3, 10.0, 40.0
FAR, NEAR = 0.1, 0.05  # seconds on the way, on average
LOSS, DEAD, LIFE = 0.01, 0.02, 4 * 3600.0
POLL, RELAY_POLL = 30.0, 5.0  # seconds between two polls, of an instance, of a relay
BEAT, SILENT = 5.0, 12.0  # between heartbeats; without any, until a new stream is opened
PROMISE = 5.0
END = FIRST + CHANGES * EVERY


class NoDisk:
    """A disk that keeps nothing, since nobody restarts here."""

    def load(self):
        return None

    tried = load

    def trying(self, place):
        pass


class Way:
    """One direction of a connection; it takes time and loses some of what passes."""

    def __init__(self, sim, name, mean, loss):
        self.sim, self.loss, self.open = sim, loss, True
        self.random = sim.stream(f"{name} loss").random
        self.delay = exponential(mean).sampler(sim.stream(name))

    def carry(self, deliver, *what):
        if self.open and self.random() >= self.loss:
            self.sim.after(self.delay(), deliver, *what)


class Holder:
    """The store, a relay or an instance: a client, and those who hear from it."""

    def __init__(self, sim, name, mean, loss):
        self.sim, self.client = sim, Client(NoDisk(), Config(1, 0, {}))
        self.down, self.up = (Way(sim, f"{name} {way}", mean, loss) for way in ("down", "up"))
        self.above, self.below, self.seen = None, [], {}
        self.alive, self.heard = True, 0.0

    def push(self, delta):
        """What a stream brings; a dead one brings nothing."""
        if self.alive:
            self.heard = self.sim.now
            if not self.client.delta(delta, self.sim.now):
                self.ask(self.above)
            self.pass_on()

    def beat(self, version):
        """A heartbeat names the newest version, so that a lost change shows."""
        if self.alive:
            self.heard = self.sim.now
            if not self.client.beat((1, version), self.sim.now):
                self.ask(self.above)

    def ask(self, whom, ways=None):
        """A poll and its answer. It needs no stream."""
        up, down = ways or (self.up, self.down)
        up.carry(lambda: down.carry(self.answer, whom.client.config))

    def answer(self, config):
        self.client.snapshot(config, self.sim.now)  # refuses what is older
        self.pass_on()

    def pass_on(self):
        for version in range(len(self.seen) + 1, self.client.config.version + 1):
            self.seen[version] = self.sim.now
            for other in self.below:
                other.down.carry(other.push, Delta(1, version - 1, version, {}))


class Fleet:
    """The store, a relay for each region, and instances, which learn by a policy."""

    def __init__(self, sim, policy, loss=LOSS):
        self.sim, self.policy, chance = sim, policy, sim.stream("chance")
        self.store = Holder(sim, "store", FAR, loss)
        self.relays = [Holder(sim, f"relay {r}", FAR, loss) for r in range(REGIONS)]
        self.others = [
            [Way(sim, f"{way} {r}", FAR, loss) for way in ("there", "back")]
            for r in range(REGIONS)]
        self.instances = []
        for number, relay in enumerate(self.relays):
            relay.above = self.store
            self.store.below.append(relay)
            self.repeat(RELAY_POLL * chance.random(), RELAY_POLL, self.refresh, number)
            if "heartbeat" in policy:
                self.repeat(BEAT * chance.random(), BEAT, self.beats, relay)
            for n in range(EACH):
                self.join(Holder(sim, f"instance {number} {n}", NEAR, loss), relay, chance)
        for change in range(CHANGES):
            sim.after(FIRST + change * EVERY, self.commit, change + 1)
        cut = FIRST + (CUT_CHANGE - 1) * EVERY
        sim.after(cut - CUT_BEFORE, self.cut, False)
        sim.after(cut + CUT_AFTER, self.cut, True)

    def join(self, holder, relay, chance):
        holder.above = relay
        self.instances.append(holder)
        holder.alive = chance.random() >= DEAD
        self.sim.after(-LIFE * log(1 - chance.random()), setattr, holder, "alive", False)
        if "stream" in self.policy:
            relay.below.append(holder)
        if "poll" in self.policy:
            self.repeat(POLL * chance.random(), POLL, holder.ask, relay)

    def repeat(self, first, every, action, *args):
        def again():
            action(*args)
            self.sim.after(every, again)

        self.sim.after(first, again)

    def commit(self, version):
        self.store.answer(Config(1, version, {}))

    def cut(self, whole):
        self.relays[-1].up.open = self.relays[-1].down.open = whole

    def refresh(self, number):
        """A relay asks the store, and the relay of the next region when it may."""
        relay = self.relays[number]
        relay.ask(self.store)
        if "neighbour" in self.policy:
            relay.ask(self.relays[(number + 1) % REGIONS], self.others[number])

    def beats(self, relay):
        """A heartbeat to each instance. Who has missed two opens a new stream, and polls."""
        for holder in relay.below:
            holder.down.carry(holder.beat, relay.client.config.version)
            if self.sim.now - holder.heard > SILENT:
                holder.alive, holder.heard = True, self.sim.now
                holder.ask(relay)


def delays(holders, change):
    """Seconds from commit until in force, for each; at most until the next change."""
    committed = FIRST + (change - 1) * EVERY
    return [min(holder.seen.get(change, END) - committed, EVERY) for holder in holders]


def spreading(policy, loss=LOSS):
    def model(seed):
        sim = Simulation(seed)
        fleet = Fleet(sim, policy, loss)
        sim.run(until=END)
        calm = sorted(
            delay for change in range(1, CHANGES + 1) if change != CUT_CHANGE
            for delay in delays(fleet.instances, change))
        return {
            "in time": 100 * mean(delay <= PROMISE for delay in calm),
            "mean": mean(calm), "p99": calm[len(calm) * 99 // 100 - 1],
            "cut": median(delays(fleet.instances[-EACH:], CUT_CHANGE)),
        }

    return model


BECAUSE = "mean of 20 seeds; the interval is 95%"


def share(label, found):
    return simulated(label, found, "percent", BECAUSE, least=0, most=100)


def seconds(label, found):
    return simulated(label, found, "second", BECAUSE, least=0)


# %% section="spread"
POLICIES = (
    "stream", "poll", "stream, poll", "stream, poll, heartbeat",
    "stream, poll, heartbeat, neighbour",
)
spreads = {policy: replicate(spreading(policy), seeds=20) for policy in POLICIES}
stream, poll, both, beat, full = spreads.values()
# Without losses a poll comes half an interval after the change, on average
exact = replicate(spreading("poll", loss=0.0), seeds=20)["mean"]
assert exact.covers(FAR + POLL / 2 + NEAR)
stream_in_time = share("In force within five seconds, streams alone", stream["in time"])
poll_in_time = share("In force within five seconds, polls alone", poll["in time"])
both_in_time = share("In force within five seconds, both", both["in time"])
beat_in_time = share("In force within five seconds, both and heartbeats", beat["in time"])
full_in_time = share("In force within five seconds, all", full["in time"])
stream_p99 = seconds("99 of 100 have it, streams alone", stream["p99"])
poll_p99 = seconds("99 of 100 have it, polls alone", poll["p99"])
both_p99 = seconds("99 of 100 have it, both", both["p99"])
beat_p99 = seconds("99 of 100 have it, both and heartbeats", beat["p99"])
full_p99 = seconds("99 of 100 have it, all", full["p99"])
stream_cut = seconds("Half of the cut-off region has it, streams alone", stream["cut"])
poll_cut = seconds("Half of the cut-off region has it, polls alone", poll["cut"])
both_cut = seconds("Half of the cut-off region has it, both", both["cut"])
beat_cut = seconds("Half of the cut-off region has it, both and heartbeats", beat["cut"])
full_cut = seconds("Half of the cut-off region has it, all", full["cut"])
show()

# %% section="spread-chart"
def waiting(policy):
    """How many of 100 instances still lack a change, after how many seconds."""
    missing = []
    for seed in range(1, 6):
        sim = Simulation(seed)
        fleet = Fleet(sim, policy)
        sim.run(until=FIRST + 2 * EVERY - CUT_BEFORE)
        for change in (1, 2):
            missing += delays(fleet.instances, change)
    missing.sort()
    return [
        (t / 2, 100 * sum(d > t / 2 for d in missing) / len(missing)) for t in range(81)]


charts.lines(
    {policy: waiting(policy) for policy in POLICIES[:4]},
    x="seconds since a change was committed", y="instances that lack it, %",
    description="Instances that do not have a change yet. With streams nearly all have it within a second, and "
    "a few per cent never get it. With polls alone it arrives evenly over half a minute. With both, those "
    "few wait for their next poll. With heartbeats almost none is left after a second.",
)

# %% [markdown]
# ## A bad flag
#
# Payments arrive as in the busiest hour of the estimate. Two in a hundred fail anyway;
# with the flag, thirty do. A machine compares both groups every second, by the evidence
# that the chapter prints, and switches off by itself, which takes five seconds.
# A person is called when twice as many payments as usual have failed for a minute, and needs eight
# minutes on average. When everybody has the flag nobody is without it: then the machine
# compares with the same second an hour ago. Counts of a second are drawn from the Poisson
# distribution, the large ones from its normal approximation.

# %% section="rollout"
RATE, USUAL, BAD, FAINT = 3222.0, 0.02, 0.30, 0.025
GUARD = 1e-5  # the chance of killing an innocent flag
KILL = 5  # seconds from "off" until it is off
QUIET, THINKS = 240.0, 240.0  # seconds that a person needs: at least, and besides on average
LAST = 1200  # seconds after which we stop looking
NORMAL = NormalDist()


def count(random, expected):
    """How many events there are in a second, of a Poisson process."""
    if expected > 50:
        return max(0, round(expected + sqrt(expected) * NORMAL.inv_cdf(1 - random.random())))
    events, left = -1, expected
    while left > 0:
        left, events = left + log(1 - random.random()), events + 1
    return events


class Arms:
    """Failed payments with and without the flag, counted from second to second."""

    def __init__(self, random, part, failing):
        self.random, self.failing = random, failing
        # Nobody is without a flag that all have: then the same second an hour ago must do
        self.rates = (RATE * (1 - part) if part < 1 else RATE, RATE * part)
        self.share = self.rates[1] / sum(self.rates)
        self.failed, self.people, self.all = [0, 0], 0, part == 1
        self.lately = [0] * 60

    def second(self):
        without, having = (
            count(self.random, rate * share)
            for rate, share in zip(self.rates, (USUAL, self.failing), strict=True))
        self.failed[0] += without
        self.failed[1] += having
        self.people += having + count(self.random, self.rates[1] * (1 - self.failing))
        self.lately = self.lately[1:] + [having if self.all else having + without]

    def differ(self):
        """What a machine asks: is the flag to blame, beyond the level of the guard?"""
        return evidence(self.failed[1], self.failed[0], self.share) > -log(GUARD)

    def loud(self):
        """What calls a person: twice the usual failures, all through a minute."""
        return min(self.lately) > 2 * RATE * USUAL


def rolled_out(part, watcher, failing=BAD):
    """A flag is on for a part of all; how long until it is off, and who was hurt?"""

    def model(seed):
        random = Random(f"{seed}/{part}/{failing}")
        arms, off, noticed = Arms(random, part, failing), LAST, LAST
        for now in range(1, LAST + 1):
            arms.second()
            if noticed == LAST and (arms.differ() if watcher == "machine" else arms.loud()):
                noticed = now
                thinks = 0 if watcher == "machine" else QUIET - THINKS * log(1 - random.random())
                off = now + round(thinks) + KILL
            if now >= off:
                break
        return {
            "noticed": noticed, "off": min(off, LAST),
            "hurt": arms.failed[1] - USUAL * arms.people,
            "Wald": arms.failed[1] - failing * arms.people,
            "killed": noticed < LAST,
        }

    return model


# %% section="rollouts"
CASES = {
    "all, person": (1, "person"), "all, machine": (1, "machine"),
    "tenth, machine": (0.1, "machine"), "hundredth, machine": (0.01, "machine"),
    "hundredth, person": (0.01, "person"),
    "all, person, faint": (1, "person", FAINT), "all, machine, faint": (1, "machine", FAINT),
    "tenth, machine, faint": (0.1, "machine", FAINT),
    "hundredth, machine, faint": (0.01, "machine", FAINT),
    "hundredth, machine, harmless": (0.01, "machine", USUAL),
}
rollouts = {case: replicate(rolled_out(*what), seeds=20) for case, what in CASES.items()}
# Wald: failures at the moment of stopping are the share times the people, on average
wald = rollouts["all, person"]["Wald"]
assert abs(wald.mean) < 2 * (wald.high - wald.mean)


def off(case):
    return seconds(f"Until it is off: {case}", rollouts[case]["off"])


def hurt(case):
    label = f"Payments that it broke: {case}"
    return simulated(label, rollouts[case]["hurt"], "transaction", BECAUSE, least=0)


all_person_off = off("all, person")
all_machine_off = off("all, machine")
tenth_machine_off = off("tenth, machine")
hundredth_machine_off = off("hundredth, machine")
faint_machine_off = off("all, machine, faint")
faint_tenth_off = off("tenth, machine, faint")
faint_hundredth_off = off("hundredth, machine, faint")
all_person_hurt = hurt("all, person")
all_machine_hurt = hurt("all, machine")
tenth_machine_hurt = hurt("tenth, machine")
hundredth_machine_hurt = hurt("hundredth, machine")
hundredth_person_hurt = hurt("hundredth, person")
faint_person_hurt = hurt("all, person, faint")
faint_machine_hurt = hurt("all, machine, faint")
faint_tenth_hurt = hurt("tenth, machine, faint")
faint_hundredth_hurt = hurt("hundredth, machine, faint")
show()

# %% [markdown]
# ## An experiment that is looked at
#
# Three of four people complete a payment. In half of the experiments the new button
# changes nothing; in the other half it lifts the share by about one in a hundred. Ten looks, each
# after 6,000 more people in each arm. 200 experiments of each kind for each seed. The
# draws are exact: one in four is two coins, and 6,000 coins are one random number.

# %% section="peeking"
EACH_LOOK, LOOKS, RUNS = 6000, 10, 200
BASE = 0.75
LIFTED = 1 - (1 - BASE) * 31 / 32  # 0.7578: a lift of 1.04%
NAIVE = -NORMAL.inv_cdf(0.025)
SPLIT = -NORMAL.inv_cdf(peeking_level(LOOKS) / 2)


def completed(random, lifted):
    """How many of EACH_LOOK people completed: a coin is a bit, and two make a quarter."""
    bits = random.getrandbits(EACH_LOOK) | random.getrandbits(EACH_LOOK)
    if lifted:  # of those who did not, one in thirty-two does after all
        more = random.getrandbits(EACH_LOOK)
        for _ in range(4):
            more &= random.getrandbits(EACH_LOOK)
        bits |= more
    return bits.bit_count()


def z(control, treatment):
    """The classical test's statistic."""
    share = (control.successes + treatment.successes) / (control.people + treatment.people)
    difference = (treatment.successes - control.successes) / control.people
    return difference / sqrt(share * (1 - share) * 2 / control.people)


RULES = {
    "each look": lambda look, a, b: abs(z(a, b)) > NAIVE,
    "one look": lambda look, a, b: look == LOOKS and abs(z(a, b)) > NAIVE,
    "level split": lambda look, a, b: abs(z(a, b)) > SPLIT,
    "sequence": lambda look, a, b: read(a, b, LIFTED - BASE).verdict != "go on",
}


def experiments(lifted):
    def model(seed):
        """For each rule: experiments with a verdict, in percent, and looks until then."""
        random = Random(f"{seed}/{lifted}")
        stops = {rule: [] for rule in RULES}
        for _ in range(RUNS):
            done, totals = {}, [0, 0]
            for look in range(1, LOOKS + 1):
                totals[0] += completed(random, False)
                totals[1] += completed(random, lifted)
                a, b = (Arm(look * EACH_LOOK, total) for total in totals)
                for rule, decided in RULES.items():
                    if rule not in done and decided(look, a, b):
                        done[rule] = look
            for rule in RULES:
                stops[rule].append(done.get(rule))
        found = {rule: 100 * mean(at is not None for at in ats) for rule, ats in stops.items()}
        used = {f"{rule}, looks": mean(at or LOOKS for at in ats) for rule, ats in stops.items()}
        return found | used

    return model


nothing, lift = (replicate(experiments(lifted), seeds=20) for lifted in (False, True))
for rule, expected in (("each look", peeking_false_positive(LOOKS)), ("one look", 0.05)):
    found = nothing[rule]
    assert abs(found.mean - 100 * expected) < 2 * (found.high - found.mean)


def looks(label, found):
    return simulated(f"Looks until a verdict, of ten: {label}", found, "", BECAUSE)


each_false = share("False alarms, tested at each look", nothing["each look"])
one_false = share("False alarms, one look at the end", nothing["one look"])
split_false = share("False alarms, the level split over ten looks", nothing["level split"])
sequence_false = share("False alarms, confidence sequence", nothing["sequence"])
each_found = share("Lifts found, tested at each look", lift["each look"])
one_found = share("Lifts found, one look at the end", lift["one look"])
split_found = share("Lifts found, the level split over ten looks", lift["level split"])
sequence_found = share("Lifts found, confidence sequence", lift["sequence"])
one_looks = looks("one look at the end", lift["one look, looks"])
split_looks = looks("the level split", lift["level split, looks"])
sequence_looks = looks("confidence sequence", lift["sequence, looks"])
show()
