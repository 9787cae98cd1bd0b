"""A client and its disk: every order of what arrives, every fate of a file, and processes that die."""

import errno
import hashlib
import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippets.feature_flags.client import PROBATION, Client, Config, Delta, Disk

BUILT_IN = Config(0, 0, {"a": "built in"})
NEVER = float("-inf")


@pytest.fixture
def disk(tmp_path):
    return Disk(tmp_path)


@pytest.fixture
def client(disk):
    return Client(disk, BUILT_IN)


def at(version, epoch=1, **flags):
    return Config(epoch, version, flags or {"a": version})


def step(version, base=None, epoch=1, kill=False, **changes):
    return Delta(epoch, version - 1 if base is None else base, version, changes or {"a": version}, kill)


def again(disk):
    """The process that starts next, on the same disk."""
    return Client(Disk(disk.mark.parent), BUILT_IN)


def survive(client, config, now=0.0):
    """Take a configuration and live with it until it is saved."""
    client.snapshot(config, now)
    client.tick(now + PROBATION)
    client.tick(now + 2 * PROBATION)


# Versions


def test_a_client_without_a_disk_serves_what_was_built_in(client):
    assert client.config == BUILT_IN
    assert client.stale(0.0, 1e9)  # nobody has confirmed it


def test_deltas_one_after_another_change_and_remove(client):
    client.snapshot(at(1, a=1, b=2), 0.0)
    assert client.delta(step(2, b=3, c=4), 1.0)
    assert client.delta(step(3, a=None), 2.0)
    assert client.config == Config(1, 3, {"b": 3, "c": 4})


def test_a_gap_shows_and_changes_nothing(client):
    client.snapshot(at(1), 0.0)
    before = client.config
    assert not client.delta(step(3), 1.0)
    assert client.config is before
    assert client.snapshot(at(3), 2.0)
    assert client.config == at(3)


def test_a_delta_of_a_scope_names_the_last_version_that_changed_it(client):
    """Versions of others leave no gap."""
    client.snapshot(at(7702), 0.0)
    assert client.delta(step(7731, base=7702), 1.0)
    assert client.config.place == (1, 7731)


def test_repeats_and_older_ones_are_harmless(client):
    for version in (1, 2, 3):
        assert client.delta(step(version, epoch=0), 0.0)
    before = client.config
    for version in (1, 2, 3):
        assert client.delta(step(version, epoch=0, a="changed"), 1.0)
    assert not client.snapshot(Config(0, 2, {"a": "old"}), 2.0)
    assert client.config is before


def test_an_epoch_begins_versions_anew(client):
    """Of a store that was restored: its 7700 is newer than 7731 of before, whose deltas do not fit on it."""
    client.snapshot(at(7731, epoch=3), 0.0)
    assert not client.delta(step(7732, base=7731, epoch=4), 1.0)
    assert client.snapshot(at(7700, epoch=4), 2.0)
    assert not client.snapshot(at(9999, epoch=3), 3.0)
    assert client.delta(step(7732, epoch=3), 3.0)  # of the old epoch: seen, whatever its number
    assert client.config == at(7700, epoch=4)


def test_who_reads_sees_the_old_one_or_the_new_one_whole(client):
    client.snapshot(at(1, a=1, b=1), 0.0)
    request = client.config
    client.delta(step(2, a=2, b=2), 1.0)
    assert request.flags == {"a": 1, "b": 1}
    assert client.config.flags == {"a": 2, "b": 2}


def test_a_heartbeat_names_the_newest_so_that_a_loss_shows(client):
    client.snapshot(at(5), 0.0)
    assert client.beat((1, 5), 10.0)
    assert client.beat((1, 4), 11.0)  # from a relay that lags behind
    assert not client.beat((1, 6), 12.0)
    assert not client.beat((2, 1), 13.0)
    assert not client.stale(15.0, 5.0)
    assert client.stale(15.1, 5.0)  # only the first of them has confirmed anything


@pytest.mark.parametrize(
    "arrives",
    [
        lambda client: client.snapshot(at(4), 100.0),
        lambda client: client.snapshot(at(5), 100.0),
        lambda client: client.delta(step(4), 100.0),
        lambda client: client.delta(step(9), 100.0),
        lambda client: client.beat((1, 4), 100.0),
        lambda client: client.beat((1, 9), 100.0),
    ],
    ids=[
        "an older snapshot",
        "the same snapshot",
        "an older delta",
        "a gap",
        "an older heartbeat",
        "a newer heartbeat",
    ],
)
def test_what_does_not_show_that_ours_is_the_newest_leaves_it_stale(client, arrives):
    client.snapshot(at(5), 0.0)
    arrives(client)
    assert client.stale(100.0, 60.0)


# Everything that a stream may do: losses, repeats, other orders, relays that lag behind

history = st.lists(st.dictionaries(st.sampled_from("abc"), st.none() | st.integers(0, 9), max_size=2), max_size=12)


@given(history, st.data())
def test_whatever_is_lost_repeated_and_reordered_a_client_never_goes_back_and_ends_at_the_newest(changes, data):
    states, deltas = [Config(1, 0, {})], []
    for version, change in enumerate(changes, 1):
        deltas.append(Delta(1, version - 1, version, change))
        states.append(Config(1, version, deltas[-1].on(states[-1].flags)))
    client = Client(Nowhere(), states[0])
    arrivals = st.one_of(st.sampled_from(deltas), st.sampled_from(states)) if deltas else st.sampled_from(states)
    for what in data.draw(st.lists(arrivals, max_size=25)):
        before = client.config
        taken = client.delta(what, 0.0) if isinstance(what, Delta) else client.snapshot(what, 0.0)
        assert client.config.place >= before.place
        assert client.config == states[client.config.version]  # never one that never was
        if isinstance(what, Delta):
            assert taken == (client.config.version >= what.version)
    if not client.beat(states[-1].place, 1.0):
        client.snapshot(states[-1], 2.0)
    assert client.config == states[-1]


class Nowhere:
    """A disk that is not there."""

    def load(self):
        return None

    tried = load

    def save(self, config):
        pass

    def trying(self, place):
        pass

    def settle(self):
        pass


# The disk


def test_a_configuration_that_was_survived_is_what_the_next_process_has(client, disk):
    survive(client, at(7))
    assert again(disk).config == at(7)


def test_one_that_was_not_survived_is_not(client, disk):
    survive(client, at(7))
    client.snapshot(at(8), 200.0)
    client.tick(200.0 + PROBATION - 0.1)
    assert again(disk).config == at(7)


def test_what_a_process_died_with_is_refused_until_something_newer_comes(client, disk):
    survive(client, at(7))
    client.snapshot(at(8), 200.0)
    reborn = again(disk)
    assert not reborn.snapshot(at(8), 0.0)
    assert reborn.delta(step(8), 0.0)  # not a reason to ask, either
    assert reborn.beat((1, 8), 0.0)
    assert reborn.config == at(7)
    assert not reborn.delta(step(9), 1.0)
    assert reborn.snapshot(at(9), 2.0)


def test_after_an_orderly_end_nothing_is_refused(client, disk):
    survive(client, at(7))
    client.snapshot(at(8), 200.0)
    disk.settle()
    assert again(disk).snapshot(at(8), 0.0)


def test_what_was_survived_is_not_refused_after_a_later_crash(client, disk):
    survive(client, at(7))
    reborn = again(disk)
    assert reborn.refused is None
    assert reborn.snapshot(at(7), 0.0)
    assert reborn.stale(1.0, 5.0)  # the relay itself may be cut off
    assert reborn.beat((1, 7), 0.0)
    assert not reborn.stale(1.0, 5.0)


@pytest.mark.parametrize("every", [5.0, 29.0, 59.0])
def test_on_busy_days_something_is_saved_every_minute_or_so(client, disk, every):
    version, now, behind = 0, 0.0, []
    while now < 20 * 60:
        version, now = version + 1, now + every
        client.snapshot(at(version), now)
        client.tick(now)
        saved = disk.load()
        behind.append((version - saved.version) * every if saved else now)
    assert max(behind) < 2 * PROBATION + 3 * every


# Kills


def test_a_kill_is_on_disk_at_once(client, disk):
    survive(client, at(7, risky="on"))
    client.delta(step(8, kill=True, risky="off"), 200.0)
    assert disk.load().flags == {"risky": "off"}
    assert again(disk).config.flags == {"risky": "off"}


@pytest.mark.parametrize("later", [0.0, 1.0, PROBATION, 5 * PROBATION])
def test_and_stays_there_however_long_the_process_lives_and_whatever_was_tried_before(client, disk, later):
    survive(client, at(7, risky="on"))
    client.delta(step(8, other="new"), 200.0)
    client.delta(step(9, kill=True, risky="off"), 230.0)
    for passed in (0.0, 1.0, PROBATION, 2 * PROBATION, 5 * PROBATION):
        if passed <= later:
            client.tick(230.0 + passed)
            assert disk.load().flags["risky"] == "off"
    assert again(disk).config.flags["risky"] == "off"


def test_also_when_the_delta_before_it_is_missing(client, disk):
    survive(client, at(7, risky="on"))
    assert not client.delta(step(9, kill=True, risky="off"), 200.0)
    for now in (201.0, 300.0, 400.0):
        client.tick(now)
        assert disk.load().flags["risky"] == "off"
    client.snapshot(at(9, risky="off", other="new"), 401.0)
    client.tick(500.0)
    client.tick(600.0)
    assert disk.load() == at(9, risky="off", other="new")


def test_a_kill_that_arrives_late_does_not_undo_what_came_after_it(client, disk):
    survive(client, at(9, risky="on again"))
    assert client.delta(step(8, kill=True, risky="off"), 200.0)
    assert disk.load().flags == {"risky": "on again"}
    client.tick(300.0)
    assert client.config.flags == disk.load().flags == {"risky": "on again"}


def test_a_kill_is_taken_although_the_process_before_died_with_it(client, disk):
    """It died a moment after the kill had come, of what the kill was for."""
    survive(client, at(7, risky="on"))
    client.delta(step(8, kill=True, risky="off"), 200.0)
    reborn = again(disk)
    reborn.delta(step(8, kill=True, risky="off"), 0.0)
    assert reborn.config.flags == {"risky": "off"}


def test_kills_apply_in_their_order_whatever_the_order_of_their_arrival(client, disk):
    survive(client, at(7, risky="on", other="on"))
    client.delta(step(10, kill=True, risky="off for good"), 200.0)
    client.delta(step(9, kill=True, risky="off", other="off"), 201.0)
    assert disk.load().flags == {"risky": "off for good", "other": "off"}


def test_what_is_turned_on_again_after_a_kill_is_saved_once_it_is_survived(client, disk):
    survive(client, at(7, risky="on"))
    client.delta(step(8, kill=True, risky="off"), 200.0)
    client.delta(step(9, risky="mended"), 210.0)
    assert disk.load().flags == {"risky": "off"}
    for now in (300.0, 400.0):
        client.tick(now)
    assert disk.load() == at(9, risky="mended")


# Files


def whole(disk):
    return [file for file in disk.files if disk._read(file)]


def saved(disk, *versions):
    for version in versions:
        disk.save(at(version))


def test_the_older_of_two_is_replaced(disk):
    saved(disk, 1, 2, 3)
    assert sorted(disk._read(file)[2] for file in disk.files) == [2, 3]
    assert disk.load() == at(3)


def test_an_empty_folder_or_none(tmp_path):
    assert Disk(tmp_path).load() is None
    nowhere = Disk(tmp_path / "not" / "there")
    nowhere.save(at(1))
    nowhere.trying((1, 1))
    nowhere.settle()
    assert (nowhere.load(), nowhere.tried()) == (None, None)


@pytest.mark.parametrize("keep", [0, 1, 63, 64, 65, 70, -1])
def test_a_torn_file_costs_one_version(disk, keep):
    saved(disk, 1, 2)
    newest = max(disk.files, key=disk._count)
    newest.write_bytes(newest.read_bytes()[:keep])
    assert disk.load() == at(1)
    saved(disk, 3)
    assert sorted(disk._read(file)[2] for file in disk.files) == [1, 3]  # over the torn one


def test_each_bit_that_flips_is_seen(disk):
    saved(disk, 1, 2)
    newest = max(disk.files, key=disk._count)
    content = newest.read_bytes()
    for place in range(len(content)):
        newest.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        assert disk.load() in (at(1), at(2) if content[place : place + 1] == b"\n" else at(1))


def test_a_file_that_was_edited_is_not_whole(disk):
    saved(disk, 1, 2)
    newest = max(disk.files, key=disk._count)
    newest.write_text(newest.read_text().replace('{"a": 2}', '{"a": 3}'))
    assert disk.load() == at(1)


@given(st.lists(st.binary(max_size=80), min_size=3, max_size=3))
def test_whatever_the_files_hold_a_process_starts(tmp_path_factory, contents):
    disk = Disk(tmp_path_factory.mktemp("disk"))
    for file, content in zip([*disk.files, disk.mark], contents, strict=True):
        file.write_bytes(content)
    assert Client(disk, BUILT_IN).config == BUILT_IN


@pytest.mark.parametrize("body", ["null", "7", "{}", "[]", "[1, 2, 3]", "[1, 2, 3, {}, 5]", "[[", ""])
def test_a_digest_of_something_else_is_not_enough(disk, body):
    for file in disk.files:
        file.write_text(f"{hashlib.sha256(body.encode()).hexdigest()}\n{body}")
    assert disk.load() is None
    saved(disk, 1)
    assert disk.load() == at(1)


def test_both_files_broken_start_with_what_was_built_in(disk):
    saved(disk, 1, 2)
    for file in disk.files:
        file.write_text("broken")
    assert again(disk).config == BUILT_IN


def test_a_file_that_was_set_back_to_yesterday(disk):
    saved(disk, 1, 2)
    old = [file.read_bytes() for file in disk.files]
    saved(disk, 3, 4)
    disk.files[0].write_bytes(old[0])
    assert disk.load() == at(4)
    disk.files[1].write_bytes(old[1])
    assert disk.load() == at(2)
    client = again(disk)
    assert client.snapshot(at(5), 0.0)  # what the relay has is newer, and wins


def test_a_lower_version_of_a_later_save_is_the_newer_one(disk):
    """After a store was restored with the epoch that it had, as when somebody forgets to raise it."""
    saved(disk, 9, 3)
    assert disk.load() == at(3)


class Died(BaseException):
    """The machine is off: nobody handles it."""


@pytest.mark.parametrize("moment", ["fsync", "replace", "after"])
def test_a_crash_in_the_middle_of_a_save_leaves_one_that_is_whole(disk, monkeypatch, moment):
    saved(disk, 1, 2)
    replace = type(disk.files[0]).replace

    def dies(*args):
        if moment == "after":
            replace(*args)
        raise Died

    with monkeypatch.context() as patch, pytest.raises(Died):
        if moment == "fsync":
            patch.setattr(os, "fsync", dies)
        else:
            patch.setattr(type(disk.files[0]), "replace", dies)
        disk.save(at(3))
    assert again(disk).config == at(3 if moment == "after" else 2)
    disk.save(at(4))
    assert again(disk).config == at(4)


@pytest.mark.parametrize("call", ["fsync", "open", "replace"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EACCES])
def test_a_disk_that_fails_stops_nothing_and_loses_nothing(disk, monkeypatch, call, code):
    saved(disk, 1, 2)
    client = again(disk)

    def fails(*args, **options):
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(os if call == "fsync" else type(disk.files[0]), call, fails)
        assert client.snapshot(at(3), 0.0)
        client.tick(PROBATION)
        assert client.config == at(3)
    assert len(whole(disk)) == 2
    assert disk.load() == at(2)


def test_the_digest_is_over_all_that_is_read(disk):
    saved(disk, 1)
    digest, body = whole(disk)[0].read_text().split("\n")
    assert digest == hashlib.sha256(body.encode()).hexdigest()
    assert json.loads(body)[1:] == [1, 1, {"a": 1}]


def test_two_processes_on_one_machine_leave_a_file_that_is_whole(tmp_path):
    """They share its disk; each has its own idea of which file is older."""
    one, other = Disk(tmp_path), Disk(tmp_path)
    for version in range(1, 8):
        (one if version % 3 else other).save(at(version))
        assert Disk(tmp_path).load() == at(version)
