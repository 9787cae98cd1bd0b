"""Asks a page for its links' sake, politely: HEAD before GET, redirects by hand, retries with backoff, Retry-After."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from dataclasses import dataclass, replace
from random import Random
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3.exceptions import HTTPError, InvalidHeader, LocationValueError, NameResolutionError, SSLError

from handbook.simulation import Backoff
from scripts.links import anchors, verdicts
from scripts.links.pace import Pace
from scripts.links.verdicts import ANCHOR, FAILING, MOVED, OK, Answer

HOPS = 10
ATTEMPTS = 3
PATIENCE = 120.0  # s: the longest that a host may ask us to wait
_HTML = ("text/html", "application/xhtml+xml")
_REDIRECTS = (301, 302, 303, 307, 308)
_PERMANENT = (301, 308)


class UnreachedError(Exception):
    """No answer came: no such name (`dead`), no connection, a time-out, a bad certificate."""

    def __init__(self, why: str, dead: bool = False, network: bool = True) -> None:
        super().__init__(why)
        self.dead, self.network = dead, network


@dataclass(frozen=True)
class Got:
    """An answer that is no redirect, and the way to it."""

    status: int
    moved: str
    retry_after: float | None
    ids: frozenset[str] | None


class Fetcher:
    """Asks for pages. One for all threads. `timeout` is for a whole answer, s."""

    def __init__(self, pace: Pace, agent: str, timeout: float = 20.0, seed: int | None = None) -> None:
        self.pace, self.timeout = pace, timeout
        self._random, self._backoff = Random(seed), Backoff(base=2.0, cap=60.0, jitter="full")
        self._pool = urllib3.PoolManager(num_pools=64, maxsize=2, headers={"User-Agent": agent, "Accept": "*/*"})

    def check(self, page: str, fragments: Iterable[str]) -> dict[str, Answer]:
        """The verdict on a page for each fragment asked of it ("": none). Raises UnreachedError and StoppedError."""
        wanted = list(fragments)
        got = self._patiently(page, body=any(wanted))
        if isinstance(got, Answer):
            return dict.fromkeys(wanted, got)
        answer = verdicts.of_status(got.status)
        if answer.verdict == OK and got.moved:
            answer = Answer(MOVED, moved=got.moved)
        return {fragment: _with_fragment(answer, fragment, got.ids) for fragment in wanted}

    def archived(self, page: str, service: str) -> str:
        """The newest archived copy that the Wayback Machine knows of; empty when it does not answer."""
        try:
            self.pace.wait(urlsplit(service).netloc)
            response = self._pool.request(
                "GET", service, fields={"url": page}, timeout=self.timeout, retries=False, redirect=False
            )
            closest = response.json()["archived_snapshots"]["closest"]
            return str(closest["url"]) if closest.get("available") else ""
        except (HTTPError, ValueError, KeyError, TypeError, AttributeError):
            return ""

    def _patiently(self, page: str, body: bool) -> Got | Answer:
        """Ask until the answer is one that will not pass, or the attempts are used up."""
        host = urlsplit(page).netloc
        for attempt in range(ATTEMPTS):
            last, pause = attempt == ATTEMPTS - 1, self._backoff.delay(attempt, self._random)
            try:
                got = self._follow(page, body)
            except UnreachedError as error:
                if last or error.dead:
                    raise
            else:
                if isinstance(got, Answer) or not (got.status == 429 or got.status in verdicts.TEMPORARY):
                    return got
                asked = got.retry_after or 0.0
                if last or asked > PATIENCE:
                    return got
                pause = max(pause, asked)
            self.pace.hold(host, pause)
        raise AssertionError("the last attempt returns or raises")

    def _follow(self, page: str, body: bool) -> Got | Answer:
        """Follow redirects; GET where HEAD is refused, or where the text is needed."""
        at, moved, permanent, seen = page, "", True, set()
        method = "GET" if body else "HEAD"
        while True:
            status, headers, ids = self._ask(method, at, body)
            if method == "HEAD" and status >= 400 and status != 429:
                method = "GET"  # 405 and 501 say so; others answer HEAD with whatever they like
                continue
            if status not in _REDIRECTS or "location" not in headers:
                return Got(status, moved, _retry_after(headers), ids)
            at = urljoin(at, headers["location"]).partition("#")[0]
            permanent = permanent and status in _PERMANENT
            moved = at if permanent else moved
            if at in seen or len(seen) == HOPS:
                return Answer(FAILING, "redirects in a loop" if at in seen else f"more than {HOPS} redirects")
            seen.add(at)

    def _ask(self, method: str, address: str, body: bool) -> tuple[int, urllib3.HTTPHeaderDict, frozenset[str] | None]:
        self.pace.wait(urlsplit(address).netloc)
        try:
            response = self._pool.request(
                method, address, timeout=urllib3.Timeout(total=self.timeout), retries=False, redirect=False,
                preload_content=False,
            )  # fmt: skip
            try:
                html = response.headers.get("content-type", "").startswith(_HTML)
                ids = anchors.read(response.stream(65536), self.timeout) if body and html and method == "GET" else None
            finally:
                response.close()
        except NameResolutionError as error:
            reason = error.__cause__
            unknown = isinstance(reason, socket.gaierror) and reason.errno != socket.EAI_AGAIN
            raise UnreachedError("there is no host of this name", dead=unknown) from None
        except SSLError:
            raise UnreachedError("its certificate is not accepted", network=False) from None
        except LocationValueError:
            raise UnreachedError("it is no address", dead=True, network=False) from None
        except TimeoutError:
            raise UnreachedError("it did not answer in time") from None
        except HTTPError as error:
            timed_out = "Timeout" in type(error).__name__
            why = "it did not answer in time" if timed_out else "the connection failed"
            raise UnreachedError(why) from None
        return response.status, response.headers, ids


def _retry_after(headers: urllib3.HTTPHeaderDict) -> float | None:
    try:
        return urllib3.Retry().parse_retry_after(headers["retry-after"]) if "retry-after" in headers else None
    except InvalidHeader:
        return None


def _with_fragment(answer: Answer, fragment: str, ids: frozenset[str] | None) -> Answer:
    if answer.verdict not in verdicts.GOOD or not fragment:
        return answer
    if not anchors.has(ids, fragment):
        return Answer(ANCHOR, f'the page has no "{fragment}"')
    return replace(answer, moved=f"{answer.moved}#{fragment}") if answer.moved else answer
