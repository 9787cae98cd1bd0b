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
# # Chat under stress
#
# Three failures, each with and without what the chapter does against it. Every figure
# is a mean over 20 seeds with its 95% confidence interval. Times are real; fleets are
# scaled down, all rates together.

# %% [markdown]
# ## A zone is lost, and everybody comes back
#
# What is left of the fleet finishes 20 handshakes a second and has as many clients to
# take back as the estimate says: as many as it could finish in 46.5 seconds. New members
# arrive meanwhile, at a twentieth of what it can do. A handshake that is begun takes its
# processor time even when the client has given up; turning somebody away with a ticket
# takes a tenth of one.

# %% section="reconnect-model"
from handbook import charts, show, simulated
from handbook.queueing import mm1_response
from handbook.simulation import (
    Percentiles, Probe, RateLimit, Simulation, Source, Station,
    burst, exponential, poisson, replicate,
)
from snippets.netflix_chat.reconnect import Door, Limits, wait
from snippets.netflix_chat.sequencer import Owner, Store
from snippets.netflix_chat.timeline import Timeline

RATE = 20.0  # handshakes a second that the surviving gateways finish
LOST = round(RATE * 46.5)
NEW = RATE / 20  # new members a second
REFUSAL = 0.1  # the work of turning somebody away, in handshakes
PATIENCE = 5.0  # seconds until a client gives a handshake up
QUEUE, SHORT = 10.0, 2.0  # the work that may wait, in seconds
WINDOW, LONGEST, SOON = 66.4, 120.0, 60.0  # what clients are told, in seconds
PROMISE, END = 120.0, 300.0


class Gateways:
    """The surviving gateways as one queue of handshakes, and a door if there is one."""

    def __init__(self, sim, queue=QUEUE, door=None, drops=False):
        self.sim, self.queue, self.door, self.drops = sim, queue, door, drops
        self.work, self.free = exponential(1 / RATE).sampler(sim.stream("work")), 0.0

    def connect(self, ticket, done):
        """`done(None)`: connected. `done(0)`: failed. Else the time to come back."""
        now = self.sim.now
        place = self.door.ask(now, ticket) if self.door else now
        waiting = max(0.0, self.free - now)
        if place > now:
            self.free = now + waiting + REFUSAL / RATE
            done(place)
        elif waiting > self.queue:
            done(0)
        elif self.drops and waiting > PATIENCE:  # its turn comes too late, and it shows
            self.sim.after(PATIENCE, done, 0)
        else:
            self.free = now + waiting + self.work()
            late = self.free - now > PATIENCE
            self.sim.after(min(PATIENCE, self.free - now), done, 0 if late else None)


class Client:
    """One client that wants its connection back, by a rule for its waits."""

    def __init__(self, sim, gateways, waits, back):
        self.sim, self.gateways, self.waits, self.back = sim, gateways, waits, back
        self.tries, self.ticket = 0, None
        sim.after(self.waits(0), self.attempt)

    def attempt(self):
        self.tries += 1
        self.gateways.connect(self.ticket, self.answered)

    def answered(self, place):
        if place is None:
            self.back.append(self.sim.now)
        elif place > self.sim.now:
            self.ticket, self.tries = place, self.tries - 1  # a refusal is no handshake
            self.sim.at(place, self.attempt)
        else:
            self.ticket = None
            self.sim.after(max(self.waits(self.tries), 0.1), self.attempt)


def rule(policy, random):
    """Seconds before a client's attempt, by the name of a policy."""
    if "fixed" in policy or "alone" in policy:
        return lambda tries: random.uniform(0, 2) if tries == 0 else 3.0
    if "jitter" in policy:
        longest = LONGEST if "patient" in policy else SOON
        return lambda tries: random.uniform(0, min(longest, 2.0 * 2**tries))
    limits = Limits(WINDOW / 2 if "short window" in policy else WINDOW, LONGEST)
    return lambda tries: wait(tries, limits, random)


def storm(seed, policy):
    """One run: the clients, and when they were back."""
    sim = Simulation(seed)
    gateways = Gateways(
        sim, SHORT if "short queue" in policy else QUEUE,
        Door(0.9 * RATE) if "door" in policy else None, "drops" in policy)
    back, arrived = [], []
    waits = rule(policy, sim.stream("waits"))
    clients = [Client(sim, gateways, waits, back) for _ in range(LOST)]
    others = rule(policy, sim.stream("others"))

    def member(request, done):
        Client(sim, gateways, lambda tries: others(tries) if tries else 0.0, arrived)

    Source(sim, "members", poisson(NEW), member)
    seen = Probe(sim, "seen", 2.0, {"back": lambda: len(back)})
    sim.run(until=END)
    return clients, back, seen


def returning(policy):
    def model(seed):
        clients, back, _ = storm(seed, policy)
        enough = -(-99 * LOST // 100)
        return {
            "in time": 100 * sum(time <= PROMISE for time in back) / LOST,
            "back": sorted(back)[enough - 1] if len(back) >= enough else END,
            "tries": sum(client.tries for client in clients) / LOST,
        }

    return model


BECAUSE = "mean of 20 seeds; the interval is 95%"


def quiet(seed):
    """What new members wait when nothing has happened, for the closed form."""
    sim, waited = Simulation(seed), Percentiles()
    gateways = Gateways(sim)

    def member(request, done):
        gateways.connect(None, lambda failed: waited.add(sim.now - request.created))

    Source(sim, "members", poisson(RATE / 2), member)
    sim.run(until=400)
    return {"response": waited.mean}


assert replicate(quiet, seeds=20)["response"].covers(mm1_response(RATE / 2, 1 / RATE))

# %% section="reconnect"
POLICIES = (
    "fixed waits", "jitter", "patient jitter", "jitter, drops late ones",
    "jitter, short queue", "spread", "short window", "short window, door", "door alone",
)
storms = {policy: replicate(returning(policy), seeds=20) for policy in POLICIES}


def in_time(policy):
    """The share of the lost clients that were back within the promise."""
    label = f"Back within two minutes, {policy}"
    return simulated(
        label, storms[policy]["in time"], "percent", BECAUSE, least=0, most=100)


def tries(policy):
    """Handshakes that clients began, for each client."""
    label = f"Handshakes begun for each client, {policy}"
    return simulated(label, storms[policy]["tries"], "", BECAUSE)


def back(policy):
    """When 99 of 100 were back, where all of them were within the run."""
    assert max(storms[policy].samples["back"]) < END, f"{policy}: not all are back"
    return simulated(f"99 of 100 back, {policy}", storms[policy]["back"], "second", BECAUSE)


fixed_in_time = in_time("fixed waits")
jitter_in_time = in_time("jitter")
patient_in_time = in_time("patient jitter")
drops_in_time = in_time("jitter, drops late ones")
queue_in_time = in_time("jitter, short queue")
spread_in_time = in_time("spread")
window_in_time = in_time("short window")
guarded_in_time = in_time("short window, door")
door_in_time = in_time("door alone")
fixed_tries = tries("fixed waits")
jitter_tries = tries("jitter")
patient_tries = tries("patient jitter")
drops_tries = tries("jitter, drops late ones")
queue_tries = tries("jitter, short queue")
spread_tries = tries("spread")
window_tries = tries("short window")
guarded_tries = tries("short window, door")
door_tries = tries("door alone")
drops_back = back("jitter, drops late ones")
queue_back = back("jitter, short queue")
spread_back = back("spread")
window_back = back("short window")
guarded_back = back("short window, door")
# Spread over a window, clients come one after another: 99 of 100 in 99% of it
assert abs(spread_back.magnitude / (0.99 * WINDOW) - 1) < 0.03
show()

# %% section="reconnect-chart"
SHOWN = ("jitter", "jitter, short queue", "spread", "short window, door")
runs = {policy: storm(1, policy) for policy in SHOWN}
charts.lines(
    {policy: [(t, 100 * n / LOST) for t, n in seen.points("back")]
     for policy, (_, _, seen) in runs.items()},
    x="seconds since the zone was lost", y="clients that are back, %",
    description="Clients that are connected again after a zone was lost, one seed. With "
    "jitter and waits of a minute at most the gateways finish handshakes that nobody waits "
    "for any more, and nine of ten clients stay outside for all of five minutes. A short "
    "queue, a first wait that is spread over the window, or a door before a window that is "
    "too short bring everybody back within little more than a minute.",
)

# %% [markdown]
# ## A loud room and its neighbours
#
# An owner that does 100 messages a second: a fiftieth of the estimate's, and so waits are
# fifty times as long. Ordinary conversations ask for half of it. For a minute one source
# sends 80 a second: a robot in a group, or a goal in all of an owner's live rooms at once.

# %% section="hot"
OWNER, ORDINARY, LOUD = 100.0, 50.0, 80.0
LOUD_FROM, LOUD_FOR, LOUD_END = 60.0, 60.0, 170.0
ROOM_SHARE = 0.25  # of an owner, for one room
PARTS = 4  # owners over which a loud room is split


def loud(way):
    def model(seed):
        """Waits of ordinary messages during the burst, and of those before it."""
        sim = Simulation(seed)
        owner = Station(sim, "owner", 1, exponential(1 / OWNER))
        during, before = Percentiles(), Percentiles()

        def ordinary(request, done):
            def answer(outcome):
                waited = sim.now - request.created
                if LOUD_FROM <= request.created < LOUD_FROM + LOUD_FOR:
                    during.add(waited)
                elif 10 < request.created < LOUD_FROM:
                    before.add(waited)

            owner(request, answer)

        target = owner
        if way == "capped":
            target = RateLimit(sim, "cap", owner, rate=ROOM_SHARE * OWNER, burst=10)
        here = 1 / PARTS if way == "split" else 1.0
        Source(sim, "ordinary", poisson(ORDINARY), ordinary)
        noise = burst(0.001, LOUD * here, LOUD_FROM, LOUD_FOR)
        Source(sim, "loud", noise, target)
        sim.run(until=LOUD_END)
        refused = target.refused if way == "capped" else 0
        return {
            "wait": 1000 * during.quantile(0.99), "before": before.mean,
            "refused": 100 * refused / (LOUD * LOUD_FOR),
        }

    return model


shared = replicate(loud("shared"), seeds=20)
capped = replicate(loud("capped"), seeds=20)
split = replicate(loud("split"), seeds=20)
assert shared["before"].covers(mm1_response(ORDINARY, 1 / OWNER))
shared_wait = simulated(
    "Ordinary message, 99 of 100, beside a loud room", shared["wait"], "millisecond", BECAUSE)
capped_wait = simulated(
    "The same, the room capped at a quarter", capped["wait"], "millisecond", BECAUSE)
split_wait = simulated(
    "The same, the room split over four owners", split["wait"], "millisecond", BECAUSE)
capped_refused = simulated(
    "Of the loud room's messages, refused by the cap", capped["refused"], "percent", BECAUSE)
show()

# %% [markdown]
# ## Order, duplicates, gaps
#
# A conversation gets two messages a second. Each takes its own way to the client, 200 ms
# on average and random, and is lost once in a hundred: a queue that was full, a gateway
# that was left, a registry that was wrong. One acknowledgement in
# fifty is lost, and the sender repeats. Owner and timeline are the classes that the
# chapter prints.

# %% section="order"
TALK, DELAY, LOSS, ACK_LOSS = 2.0, 0.2, 0.01, 0.02
SETTLE, ASK, TALKING = 0.5, 0.1, 1500.0  # seconds: before a gap is asked for; round trip


class Talk:
    """A conversation and one client that shows it, with or without numbers."""

    def __init__(self, sim, numbered, loss, ack_loss):
        self.sim, self.numbered, self.loss, self.ack_loss = sim, numbered, loss, ack_loss
        self.delay = exponential(DELAY).sampler(sim.stream("delay"))
        self.random = sim.stream("loss")
        self.owner, self.timeline = Owner(Store(), 1), Timeline(self.show)
        self.shown, self.arrived, self.late = [], {}, []
        self.sends = 0

    def show(self, message):
        self.shown.append(message)
        self.late.append(self.sim.now - self.arrived.get(message.number, self.sim.now))

    def say(self, request, done):
        """Send until an acknowledgement arrives; a client without keys makes new ones."""
        text = str(request.key)
        while True:
            self.sends += 1
            key = text if self.numbered else f"{text}/{self.sends}"
            message = self.owner.send(key, text)
            if self.random.random() >= self.loss:
                self.sim.after(self.delay(), self.deliver, message)
            if self.random.random() >= self.ack_loss:
                break

    def deliver(self, message):
        self.arrived.setdefault(message.number, self.sim.now)
        if not self.numbered:
            self.show(message)
            return
        self.timeline.receive(message)
        if self.timeline.gap:
            self.sim.after(SETTLE + ASK, self.fill)

    def fill(self):
        self.timeline.fill(lambda after, before: [
            m for m in self.owner.store.after(after) if m.number < before])


def ordering(numbered, loss=LOSS, ack_loss=ACK_LOSS):
    def model(seed):
        """Shares in percent: neighbours swapped, shown twice, never shown; delay in ms."""
        sim = Simulation(seed)
        talk = Talk(sim, numbered, loss, ack_loss)
        Source(sim, "talk", poisson(TALK), talk.say)
        sim.run(until=TALKING)
        place = {message.number: at for at, message in enumerate(talk.shown)}
        pairs = [(place[n], place[n + 1]) for n in place if n + 1 in place]
        once = {message.text for message in talk.shown}
        stored = range(1, talk.owner.last - 20)  # the last ones may still be on their way
        texts = {talk.owner.store.messages[n].text for n in stored}
        return {
            "disorder": 100 * sum(a > b for a, b in pairs) / len(pairs),
            "duplicates": 100 * (len(talk.shown) - len(once)) / len(once),
            "missing": 100 * len(texts - once) / len(texts),
            "delay": 1000 * sum(talk.late) / len(talk.late),
        }

    return model


def share(label, found):
    return simulated(label, found, "percent", BECAUSE, least=0, most=100)


plain, numbered = (replicate(ordering(way), seeds=20) for way in (False, True))
# Neighbours swap when the first is on its way for longer than the pause and the second
exact = replicate(ordering(False, loss=0, ack_loss=0), seeds=20)["disorder"]
assert exact.covers(100 * TALK / (2 * (TALK + 1 / DELAY)))
plain_disorder = share("Neighbours shown in the wrong order, as they come", plain["disorder"])
plain_duplicates = share("Shown twice, as they come", plain["duplicates"])
plain_missing = share("Never shown, as they come", plain["missing"])
numbered_disorder = share("Neighbours in the wrong order, numbered", numbered["disorder"])
numbered_duplicates = share("Shown twice, numbered", numbered["duplicates"])
numbered_missing = share("Never shown, numbered", numbered["missing"])
numbered_delay = simulated(
    "Wait for the numbers before, on average", numbered["delay"], "millisecond", BECAUSE)
show()
