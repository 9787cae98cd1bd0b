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
# # Recommendations under test
#
# Four questions that decide whether such a system learns the truth, each answered in a
# small world whose truth we know. Every figure is a mean over 20 seeds with its 95%
# confidence interval. The code that is tried is the code that the chapter prints.

# %% [markdown]
# ## Greedy, or curious
#
# Six items and a stream of members. A member has a taste between -1 and 1, and clicks on
# an item with a probability that is a straight line in that taste. Each policy learns
# the lines from what it shows, after ten showings of each item at random. One then takes
# the item that looks best, one does so but for a tenth of the members, and one adds a
# bonus for what it does not know. Nobody sees the true lines.

# %% section="bandit-model" tags=["notebook-only"]
import math
from bisect import bisect_right
from random import Random
from types import SimpleNamespace

from handbook import charts, show, simulated
from handbook.experiments import peeking_false_positive
from handbook.simulation import replicate
from snippets.realtime_recommendations.bandit import LinUCB
from snippets.realtime_recommendations.off_policy import Line, ips, replay
from snippets.realtime_recommendations.point_in_time import (
    History, Shown, Version, join,
)
from snippets.realtime_recommendations.skew import compare, surprising
from snippets.realtime_recommendations.windows import Windows

ITEMS, MEMBERS, ALPHA, STEP = 6, 1000, 0.6, 100
BECAUSE = "mean of 20 seeds; the interval is 95%"


class World:
    """What members like: for each item a level, and a slope over taste."""

    def __init__(self, seed):
        self.random = Random(seed)
        self.level = [self.random.uniform(0.05, 0.20) for _ in range(ITEMS)]
        self.slope = [self.random.uniform(-0.04, 0.04) for _ in range(ITEMS)]
        # Two items are loved at one end of the taste each, and little elsewhere.
        for item, sign in ((ITEMS - 2, 1), (ITEMS - 1, -1)):
            self.level[item], self.slope[item] = 0.17, 0.16 * sign

    def chance(self, item, context):
        return self.level[item] + self.slope[item] * context[1]

    def context(self):
        return (1.0, self.random.uniform(-1, 1))

    def click(self, item, context):
        return float(self.random.random() < self.chance(item, context))

    def best(self, context):
        return max(range(ITEMS), key=lambda item: self.chance(item, context))


def live(world, learner, members, explore=0.0):
    """The log of a policy that learns while it serves, after a random start."""
    log = []
    for served in range(members):
        context = world.context()
        at_random = served < 10 * ITEMS or world.random.random() < explore
        item = served % ITEMS if at_random else learner.choose(context)
        reward = world.click(item, context)
        learner.learn(item, context, reward)
        log.append(Line(context, item, 1.0, reward))
    return log


def regret(world, log):
    """Clicks that the best choice would have won, of all that it would have."""
    best = math.fsum(world.chance(world.best(line.context), line.context) for line in log)
    won = math.fsum(world.chance(line.action, line.context) for line in log)
    return 100 * (1 - won / best)


def learning(alpha, explore=0.0):
    def model(seed):
        """Clicks lost in percent: of all members, of the last third, by the hundred."""
        world = World(seed)
        log = live(world, LinUCB(range(ITEMS), 2, alpha), MEMBERS, explore)
        found = {"lost": regret(world, log), "late": regret(world, log[-MEMBERS // 3:])}
        for start in range(0, MEMBERS, STEP):
            found[f"to {start + STEP}"] = regret(world, log[start:start + STEP])
        return found

    return model


def share(label, found):
    return simulated(label, found, "percent", BECAUSE, least=0, most=100)


def exact(label, value, unit="percent"):
    """What needs no runs, beside what does."""
    return simulated(label, SimpleNamespace(mean=value, low=value, high=value), unit, "closed form")


# %% section="bandit"
greedy, tenth, curious = (
    replicate(learning(*how), seeds=20) for how in ((0.0,), (0.0, 0.1), (ALPHA,)))
greedy_lost = share("Clicks lost, greedy", greedy["lost"])
tenth_lost = share("Clicks lost, a tenth at random", tenth["lost"])
curious_lost = share("Clicks lost, curious", curious["lost"])
greedy_late = share("Clicks lost by the last third, greedy", greedy["late"])
tenth_late = share("Clicks lost by the last third, a tenth at random", tenth["late"])
curious_late = share("Clicks lost by the last third, curious", curious["late"])
show()

# %% section="bandit-chart" tags=["hide-input"]
charts.lines(
    {name: [(to, runs[f"to {to}"].mean) for to in range(STEP, MEMBERS + 1, STEP)]
     for name, runs in (("greedy", greedy), ("a tenth at random", tenth), ("curious", curious))},
    x="members served", y="clicks lost, %",
    description="Clicks that are lost to the best choice, in each hundred members, mean of "
    "20 seeds. All begin alike. The greedy policy stays near what it believed after its "
    "first showings; the curious one loses less and less.",
)

# %% [markdown]
# ## What a log can say about another policy
#
# A rule that nobody has served is to be judged: "show the last item to everybody". In the
# log it is clicked most, because it was shown to those who love it. Three logs are asked:
# that of the curious policy, where the lines with this item are averaged as they are; one
# with uniformly random choices, replayed; and one in which a fifth of the choices were
# random, weighted by the inverse of the chance with which each was made. Replay can also
# judge a policy that learns on the way: LinUCB itself, against itself served for as long.

# %% section="replay"
LINES = 1200


def rule(context):
    return ITEMS - 1


def truth(world):
    """Exact: the chance is a line, and the mean of all tastes is 0."""
    return world.level[ITEMS - 1]


class Fixed:
    """A policy that does not learn, to be replayed."""

    def choose(self, context):
        return rule(context)

    def learn(self, action, context, reward):
        pass


def drawn(world, chances):
    """A log whose choices were drawn, with the chance of each."""
    log = []
    for _ in range(LINES):
        context = world.context()
        weights = chances(context)
        item = world.random.choices(range(ITEMS), weights)[0]
        log.append(Line(context, item, weights[item], world.click(item, context)))
    return log


EXPLORED = 0.20


def explored(learner):
    """A learnt policy of which a fifth is left to chance."""
    def chances(context):
        favourite = learner.choose(context)
        return [EXPLORED / ITEMS + (1 - EXPLORED) * (i == favourite) for i in range(ITEMS)]

    return chances


def relearnt(world, uniform):
    """Clicks that LinUCB wins in a replay, and those that it would when it is served."""
    replayed = replay(uniform, LinUCB(range(ITEMS), 2, ALPHA))
    fresh, served = LinUCB(range(ITEMS), 2, ALPHA), []
    for _ in range(replayed.lines):
        context = world.context()
        item = fresh.choose(context)
        fresh.learn(item, context, world.click(item, context))
        served.append(world.chance(item, context))
    return replayed.value, math.fsum(served) / len(served)


def judged(seed):
    """Errors in percent of the true value."""
    world = World(seed)
    learner = LinUCB(range(ITEMS), 2, ALPHA)
    own = live(world, learner, MEMBERS)
    agreed = [line.reward for line in own if line.action == rule(line.context)]
    naive = math.fsum(agreed) / len(agreed)
    uniform = drawn(world, lambda context: [1 / ITEMS] * ITEMS)
    replayed = replay(uniform, Fixed())
    weighted = ips(drawn(world, explored(learner)), rule)
    exact, (relived, lived) = truth(world), relearnt(world, uniform)
    return {
        "learner": 100 * (relived / lived - 1),
        "naive": 100 * (naive / exact - 1),
        "naive off": abs(100 * (naive / exact - 1)), "replay": 100 * (replayed.value / exact - 1),
        "ips": 100 * (weighted.value / exact - 1), "used": 100 * replayed.lines / LINES,
        "replay off": abs(100 * (replayed.value / exact - 1)),
        "ips off": abs(100 * (weighted.value / exact - 1)),
    }


judgements = replicate(judged, seeds=20)
assert judgements["used"].covers(100 / ITEMS)  # of a uniform log, one line in K
for unbiased in (judgements["replay"], judgements["ips"], judgements["learner"]):
    assert abs(unbiased.mean) < 1.5 * unbiased.half_width
naive_error = simulated(
    "Error when the log is read as it is", judgements["naive"], "percent", BECAUSE)
replay_error = simulated(
    "Error of replay on a uniform log", judgements["replay"], "percent", BECAUSE)
ips_error = simulated(
    "Error of inverse propensity scoring", judgements["ips"], "percent", BECAUSE)
learner_error = simulated(
    "Error of replay for LinUCB, which learns on the way", judgements["learner"], "percent", BECAUSE)
replay_used = share("Lines that replay can use", judgements["used"])
naive_off = share("Read as it is, how far off in one run", judgements["naive off"])
replay_off = share("Replay, how far off in one run", judgements["replay off"])
ips_off = share("Inverse propensity scoring, how far off in one run", judgements["ips off"])
peeked_twice = exact("False alarms with two looks", 100 * peeking_false_positive(2))
peeked_daily = exact("And with one on each of 14 days", 100 * peeking_false_positive(14))
show()

# %% [markdown]
# ## Training and serving that do not agree
#
# Members click on a topic while they are interested in it, and interest comes and goes.
# The feature is the number of clicks in the last hour, as of the last refresh. A model
# of one table, the click rate by that number, is trained on rows that were joined in two
# ways: with the feature as it stood when the item was shown, and with the newest value,
# which has already seen the click that it is to predict.

# %% section="skew" tags=["notebook-only"]
VIEWS, VIEW_EVERY, REFRESH, HOUR = 400, 600.0, 300.0, 3600.0
PEOPLE, MOST_CLICKS = 12, 6


def person(key, random):
    """One member: what was shown, and the versions of the feature."""
    rows, versions, clicks, now = [], [], [], 0.0
    interested, changes = random.random() < 0.5, random.expovariate(1 / (4 * HOUR))
    for _ in range(VIEWS // PEOPLE * 3):
        now += random.expovariate(1 / VIEW_EVERY)
        while changes < now:
            interested, changes = not interested, changes + random.expovariate(1 / (4 * HOUR))
        clicked = random.random() < (0.35 if interested else 0.05)
        rows.append(Shown(key, now, clicked))
        if clicked:
            clicks.append(now)
    ticks = range(int((now + HOUR) / REFRESH))
    for tick in (t * REFRESH for t in ticks):
        count = sum(tick - HOUR < click <= tick for click in clicks)
        versions.append(Version(key, tick, tick + 5, min(count, MOST_CLICKS)))
    return rows, versions


def rate_by(pairs):
    """The click rate by the feature, drawn a little towards the mean of all."""
    pairs = list(pairs)
    mean = sum(row.label for row, _ in pairs) / len(pairs)
    table = {}
    for value in range(MOST_CLICKS + 1):
        labels = [row.label for row, found in pairs if (found or 0) == value]
        table[value] = (sum(labels) + 5 * mean) / (len(labels) + 5)
    return table


def auc(table, pairs):
    """How often a click is ranked above a view without one, in percent."""
    scored = [(table[found or 0], row.label) for row, found in pairs]
    yes = [score for score, label in scored if label]
    no = [score for score, label in scored if not label]
    wins = sum((a > b) + (a == b) / 2 for a in yes for b in no[:200])
    return 100 * wins / (len(yes) * len(no[:200]))


class Newest(History):
    """The join that leaks: the value of the next refresh, which knows what followed."""

    def as_of(self, key, time, oldest=float("inf")):
        return super().as_of(key, time + REFRESH + 5, oldest)


def trained(history_kind):
    def model(seed):
        random = Random(seed)
        rows, versions = [], []
        for key in range(PEOPLE):
            more, feature = person(key, random)
            rows += more
            versions += feature
        rows.sort(key=lambda row: row.time)  # trained on the first half of the time
        half = len(rows) // 2
        honest, used = History(versions), history_kind(versions)
        table = rate_by(join(rows[:half], used))
        served = list(join(rows[half:], honest))
        report = compare(
            ((row, {"clicks": honest.as_of(row.key, row.time)}) for row in rows[:200]),
            lambda row: {"clicks": used.as_of(row.key, row.time)})
        return {
            "offline": auc(table, list(join(rows[half:], used))),
            "online": auc(table, served),
            "predicted": 100 * math.fsum(table[found or 0] for _, found in served)
            / sum(row.label for row, _ in served),
            "differed": 100 * report.differed.get("clicks", 0) / report.checked,
            "found": 100.0 * bool(report.skewed(allowed=0.001)),
        }

    return model


leaked, honest = (replicate(trained(kind), seeds=20) for kind in (Newest, History))
leaked_offline = share("Leaking join, offline", leaked["offline"])
leaked_online = share("Leaking join, served", leaked["online"])
honest_offline = share("Join as of the time, offline", honest["offline"])
honest_online = share("Join as of the time, served", honest["online"])
leaked_predicted = simulated(
    "Leaking join, clicks predicted for each 100 that come", leaked["predicted"], "percent", BECAUSE)
honest_predicted = simulated(
    "Join as of the time, clicks predicted for each 100 that come", honest["predicted"], "percent", BECAUSE)
leaked_differed = share("Features that the check finds different", leaked["differed"])
leaked_found = share("Runs in which the check speaks", leaked["found"])
honest_found = share("Runs in which it speaks without cause", honest["found"])
show()

# %% section="check" tags=["notebook-only"]
SKEWED, CHECKED = 0.005, 1000  # one row in two hundred differs; rows that are checked


def checked(seed):
    """How often a check of some rows sees at least one difference."""
    random, found = Random(seed), 0
    for _ in range(30):
        rows = ((n, {"x": float(random.random() < SKEWED)}) for n in range(CHECKED // 5))
        found += bool(compare(rows, lambda row: {"x": 0.0}).differed)
    return {"found": 100 * found / 30}


fifth = replicate(checked, seeds=20)["found"]
assert fifth.covers(100 * (1 - (1 - SKEWED) ** (CHECKED // 5)))
fifth_found = share("A rare skew seen, 200 rows checked", fifth)
all_found = exact(
    "And with 1,000 rows, by the formula that the runs agree with",
    100 * (1 - (1 - SKEWED) ** CHECKED))
fifth_sure = exact("And with 200, by the same formula", 100 * (1 - (1 - SKEWED) ** (CHECKED // 5)))


def speaks(rows):
    """How often a check sees more differences than one row in a thousand explains."""
    few = range(surprising(rows, 0.001, 0.001))
    return 100 * (1 - math.fsum(
        math.comb(rows, n) * SKEWED**n * (1 - SKEWED) ** (rows - n) for n in few))


few_speak = exact("Above what is allowed, 200 rows checked", speaks(CHECKED // 5))
some_speak = exact("Above what is allowed, 1,000 rows", speaks(CHECKED))
many_speak = exact("Above what is allowed, 5,000 rows", speaks(5 * CHECKED))
show()

# %% [markdown]
# ## What stale features cost
#
# A member is after one of eight topics, and changes to another after 20 minutes on
# average. The list is made for the topic that the features show, which is the one of
# some time ago. It is clicked with 12% if it is right, with 3% if it is wrong; a list of
# popular items would get 5% from everybody.

# %% section="stale" tags=["notebook-only"]
TOPICS, LASTS, MINUTE = 8, 20 * 60.0, 60.0
RIGHT, WRONG, POPULAR = 0.12, 0.03, 0.05
AGES = {"stream": 5.0, "minutes": 5 * MINUTE, "quarter": 15 * MINUTE, "night": 16 * HOUR}


def expected(age):
    """The click rate for features of that age, in closed form."""
    still = 1 / TOPICS + (1 - 1 / TOPICS) * math.exp(-age / LASTS * TOPICS / (TOPICS - 1))
    return WRONG + (RIGHT - WRONG) * still


class Topic:
    """What a member is after, and was after at an earlier time."""

    def __init__(self, random, until):
        self.times, self.topics, now = [0.0], [random.randrange(TOPICS)], 0.0
        while now < until:
            now += random.expovariate(1 / LASTS)
            others = [t for t in range(TOPICS) if t != self.topics[-1]]
            self.times.append(now)
            self.topics.append(random.choice(others))

    def at(self, moment):
        """The topic at a moment."""
        return self.topics[bisect_right(self.times, moment) - 1]


def visits(seed, age_at, guard=math.inf):
    """Click rate in percent; features older than the guard are not used."""
    random, chances = Random(seed), []
    for _ in range(25):
        end = 20 * HOUR
        topic = Topic(random, end)
        for moment in sorted(random.uniform(17 * HOUR, end) for _ in range(40)):
            age = age_at(moment)
            usual = RIGHT if topic.at(moment) == topic.at(moment - age) else WRONG
            chances.append(POPULAR if age > guard else usual)
    return 100 * math.fsum(chances) / len(chances)


def aged(age):
    return replicate(lambda seed: {"rate": visits(seed, lambda moment: age)}, seeds=20)["rate"]


rates = {name: aged(age) for name, age in AGES.items()}
assert all(rates[name].covers(100 * expected(age)) for name, age in AGES.items())
stream_rate = share("Clicks, features of five seconds", rates["stream"])
minutes_rate = share("Clicks, features of five minutes", rates["minutes"])
quarter_rate = share("Clicks, features of a quarter of an hour", rates["quarter"])
night_rate = share("Clicks, features of the night", rates["night"])
WEEK = 7 * 24 * HOUR
lasting_rate = exact(
    "Clicks, features of the night, where interests last for a week",
    100 * expected(AGES["night"] * LASTS / WEEK))
popular_rate = exact("Clicks on popular items", 100 * POPULAR)
useful_age = exact(
    "The age from which popular items do better",
    -LASTS * (TOPICS - 1) / TOPICS / MINUTE
    * math.log(((POPULAR - WRONG) / (RIGHT - WRONG) - 1 / TOPICS) / (1 - 1 / TOPICS)),
    "minute")
show()

# %% section="stall" tags=["notebook-only"]
STALL, STALLED, GUARD = 17.25 * HOUR, 2 * HOUR, 60 * useful_age.magnitude
CARRIED = 0.8  # pages opened on the device on which the member has just acted


def stalled(moment):
    """The age of features when the pipeline stands still for two hours."""
    return moment - STALL + 5 if STALL <= moment < STALL + STALLED else 5.0


def carried(moment):
    """The same, when a page carries the acts of its own device."""
    return 5.0 if moment * 997 % 1 < CARRIED else stalled(moment)


def stall(age_at, guard=math.inf):
    """Clicks that are lost in the three hours, in percent of those with fresh features."""
    def model(seed):
        return {"lost": 100 - visits(seed, age_at, guard) / expected(5)}

    return replicate(model, seeds=20)["lost"]


def by_hand(guard=math.inf):
    """The same in closed form, ten seconds by ten."""
    ages = [stalled(17 * HOUR + second + 5) for second in range(0, int(3 * HOUR), 10)]
    won = math.fsum(POPULAR if age > guard else expected(age) for age in ages)
    return 100 * (1 - won / len(ages) / expected(5))


stalls = {"goes on": stall(stalled), "guard": stall(stalled, GUARD), "carried": stall(carried, GUARD)}
closed = {"goes on": by_hand(), "guard": by_hand(GUARD), "carried": (1 - CARRIED) * by_hand(GUARD)}
assert all(abs(stalls[how].mean - closed[how]) < 1 for how in stalls), (stalls, closed)
stalled_lost = share("Clicks lost in three hours, pipeline stalled for two", stalls["goes on"])
guarded_lost = share("The same, popular items once features are too old", stalls["guard"])
carried_lost = share("The same, and pages carry the acts of their device", stalls["carried"])
show()

# %% [markdown]
# ## Late events, and what the watermark costs
#
# Two arms of an experiment click equally often. Nineteen of twenty events arrive after
# two seconds on average, one after a minute; in arm B, whose page is heavier, three of
# twenty take the slow way. Windows last a minute and wait for late events as long as the
# watermark says; what comes later is dropped, or corrects the count.

# %% section="late" tags=["notebook-only"]
RATE, WINDOW, RUN = 2.0, 60.0, 900.0  # events a second in each arm; seconds
QUICK, SLOW = 2.0, 60.0
SLOW_SHARE = {"A": 0.05, "B": 0.15}
WAITS = (0.0, 15.0, 45.0, 180.0)


def missing(wait, slow):
    """The share of an arm's events that come after their window has closed."""
    def late(mean):
        return mean / WINDOW * (1 - math.exp(-WINDOW / mean)) * math.exp(-wait / mean)

    return slow * late(SLOW) + (1 - slow) * late(QUICK)


def counted(wait, correct=0.0, slow=SLOW_SHARE):
    def model(seed):
        """Shares in percent: events missing in the measures; B against A."""
        random, events = Random(seed), []
        for arm, share_slow in slow.items():
            now = 0.0
            while (now := now + random.expovariate(RATE)) < RUN:
                mean = SLOW if random.random() < share_slow else QUICK
                events.append((now + random.expovariate(1 / mean), now, arm, len(events)))
        windows, last, done = Windows(WINDOW, wait, correct, partitions=["log"]), {}, 0.0
        for arrival, time, arm, key in sorted(events):
            while done + 1 <= arrival:  # the log tells the time once a second
                done += 1
                closed = windows.advance("log", done)
                last.update({(c.start, c.group): c.number for c in closed})
            found = windows.add(key, arm, time)
            last.update({(c.start, c.group): c.number for c in found})
        while done < RUN + WINDOW + wait:
            done += 1
            for count in windows.advance("log", done):
                last[count.start, count.group] = count.number
        held = {a: sum(n for (_, g), n in last.items() if g == a) for a in slow}
        made = {a: sum(e[2] == a for e in events) for a in slow}
        return {
            "missing": 100 * (1 - sum(held.values()) / len(events)),
            "gap": 100 * (held["B"] / made["B"] / (held["A"] / made["A"]) - 1),
        }

    return model


late = {wait: replicate(counted(wait), seeds=20) for wait in WAITS}
corrected = replicate(counted(45.0, correct=600.0), seeds=20)
for wait, found in late.items():
    by_hand = 100 * sum(missing(wait, slow) for slow in SLOW_SHARE.values()) / 2
    assert abs(found["missing"].mean - by_hand) < 0.3, (wait, found["missing"], by_hand)


def gap(label, found):
    return simulated(label, found, "percent", BECAUSE)


none_missing = share("Missing, no wait", late[0.0]["missing"])
short_missing = share("Missing, a wait of 15 s", late[15.0]["missing"])
usual_missing = share("Missing, a wait of 45 s", late[45.0]["missing"])
long_missing = share("Missing, a wait of three minutes", late[180.0]["missing"])
corrected_missing = share("Missing, a wait of 45 s and corrections", corrected["missing"])
none_gap = gap("B against A, no wait", late[0.0]["gap"])
short_gap = gap("B against A, a wait of 15 s", late[15.0]["gap"])
usual_gap = gap("B against A, a wait of 45 s", late[45.0]["gap"])
long_gap = gap("B against A, a wait of three minutes", late[180.0]["gap"])
corrected_gap = gap("B against A, with corrections", corrected["gap"])
show()
