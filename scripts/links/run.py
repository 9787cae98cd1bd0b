"""One run: hosts side by side, each host's pages one after the other, the cache written whatever happens."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable
from typing import Protocol
from urllib.parse import urldefrag, urlsplit

from scripts.links.cache import Cache
from scripts.links.fetch import UnreachedError
from scripts.links.pace import Clock, StoppedError
from scripts.links.verdicts import DEAD, FAILING, GOOD, Answer

HOSTS_AT_ONCE = 16
GIVE_UP = 2  # pages of one host in a row that nothing answers for: the others of that host are not asked
WITNESSES = 5  # hosts that cannot be reached, and none that can: there is no network

Pages = dict[str, list[str]]


class Asks(Protocol):
    """What a run needs of `fetch.Fetcher`."""

    def check(self, page: str, fragments: Iterable[str]) -> dict[str, Answer]:
        """The verdict on a page for each of the fragments asked of it."""

    def archived(self, page: str, service: str) -> str:
        """The newest archived copy."""


class OfflineError(Exception):
    """No host at all can be reached: that says nothing of the links."""


def refresh(addresses: Iterable[str], cache: Cache, asks: Asks, clock: Clock, fresh_days: float, archive: str) -> int:
    """Ask again for what is not known to be good, and return the number of pages asked for.

    The cache is saved at the end, however that comes; after OfflineError it is as it was before. Raises OfflineError.
    """
    everything = set(addresses)
    stale = [a for a in sorted(everything) if not cache.is_fresh(a, clock.now(), fresh_days)]
    hosts = _by_host(stale)
    witness = next((a for a in sorted(everything) if a in cache.known and cache.known[a].answer.verdict in GOOD), None)
    try:
        _ask_all(hosts, cache, asks, clock, witness)
        for address in stale:
            known = cache.known[address].answer
            if known.verdict == DEAD and not known.archived and archive:
                cache.suggest(address, asks.archived(address, archive))
    finally:
        clock.stop()
        cache.save(everything)
    return sum(map(len, hosts.values()))


def _by_host(addresses: Iterable[str]) -> dict[str, Pages]:
    """Fragments by page by host: a page is asked for once."""
    hosts: dict[str, Pages] = {}
    for address in addresses:
        page, fragment = urldefrag(address)
        hosts.setdefault(urlsplit(page).netloc, {}).setdefault(page, []).append(fragment)
    return hosts


def _ask_all(hosts: dict[str, Pages], cache: Cache, asks: Asks, clock: Clock, witness: str | None) -> None:
    waiting: queue.SimpleQueue = queue.SimpleQueue()
    answers: queue.SimpleQueue = queue.SimpleQueue()
    for pages in sorted(hosts.values(), key=len, reverse=True):  # the longest takes longest: it begins first
        waiting.put(pages)
    for _ in range(min(HOSTS_AT_ONCE, len(hosts))):
        threading.Thread(target=_work, args=(waiting, answers, asks), daemon=True).start()
    reached, unreached, held, open_hosts = False, 0, {}, len(hosts)
    while open_hosts:
        outcome = answers.get()
        if isinstance(outcome, BaseException):
            raise outcome
        if outcome is None:
            open_hosts -= 1
            continue
        answer_of, network_failed, first = outcome
        if network_failed:
            unreached += first
            held.update(answer_of)
            if not reached and unreached >= WITNESSES:
                raise OfflineError
            continue
        reached = True
        for address, answer in answer_of.items():
            cache.learn(address, answer, clock.now())
    if held and not reached and not (witness and _answers(asks, witness)):
        raise OfflineError
    for address, answer in held.items():
        cache.learn(address, answer, clock.now())


def _answers(asks: Asks, address: str) -> bool:
    try:
        asks.check(urldefrag(address)[0], [""])
    except UnreachedError:
        return False
    return True


def _work(waiting: queue.SimpleQueue, answers: queue.SimpleQueue, asks: Asks) -> None:
    """A thread: take hosts until none is left. Says None for each host done."""
    try:
        while True:
            _host(waiting.get_nowait(), answers, asks)
            answers.put(None)
    except (queue.Empty, StoppedError):
        return
    except BaseException as error:  # noqa: BLE001 - the run has to hear of it
        answers.put(error)


def _host(pages: Pages, answers: queue.SimpleQueue, asks: Asks) -> None:
    """Each answer, whether it tells of the network rather than of the page, and whether this host fails first."""
    silent = 0
    last: UnreachedError | None = None
    for number, (page, fragments) in enumerate(pages.items()):
        try:
            if silent >= GIVE_UP and last:
                raise last
            told = asks.check(page, fragments)
        except UnreachedError as error:
            silent, last = silent + 1, error
            answer = Answer(DEAD if error.dead else FAILING, str(error))
            answers.put(({_join(page, f): answer for f in fragments}, error.network, number == 0))
        else:
            silent = 0
            answers.put(({_join(page, f): answer for f, answer in told.items()}, False, False))


def _join(page: str, fragment: str) -> str:
    return f"{page}#{fragment}" if fragment else page
