"""External links, asked of a loopback server; the clock is not the machine's, so nothing waits."""

from __future__ import annotations

import json
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from scripts.layout import Project
from scripts.links import collect, command, issue, report
from scripts.links.cache import DAY, Cache, Known
from scripts.links.fetch import PATIENCE, Fetcher
from scripts.links.pace import Clock, Pace
from scripts.links.run import OfflineError, refresh
from scripts.links.verdicts import ANCHOR, DEAD, FAILING, MOVED, OK, REFUSED, Answer
from tests.projects import ROOT

START = 1_800_000_000.0


class Still(Clock):
    """A clock that stands until somebody waits, and then is there at once."""

    def __init__(self) -> None:
        super().__init__()
        self.time, self.lock = START, threading.Lock()

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        with self.lock:
            self.time += max(seconds, 0.0)


class Host(ThreadingHTTPServer):
    """Answers by path: each a list of (status, headers, body), the last of which stays. Keeps who asked when."""

    daemon_threads = True

    def __init__(self, clock: Still) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.clock, self.answers, self.asked = clock, {}, []
        self.hanging = threading.Event()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"

    def says(self, path: str, *answers: tuple[int, dict[str, str], str]) -> str:
        self.answers[path] = list(answers)
        return self.url(path)


class _Handler(BaseHTTPRequestHandler):
    server: Host

    def do_GET(self) -> None:
        self.server.asked.append((self.server.clock.now(), self.command, self.path, self.headers["User-Agent"]))
        if self.path == "/hangs":
            self.server.hanging.wait(30)
            return
        left = self.server.answers.get(self.path.partition("?")[0], [(404, {}, "")])
        status, headers, body = left.pop(0) if len(left) > 1 else left[0]
        if status == 405 and self.command == "GET":
            status = 200
        self.send_response(status)
        for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body.encode())

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def clock() -> Still:
    return Still()


@pytest.fixture
def host(clock: Still) -> Iterator[Host]:
    server = Host(clock)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server
    server.hanging.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def ask(clock: Still) -> Fetcher:
    return Fetcher(Pace(clock, 1.0), "handbook-test/1 (+https://example.org)", timeout=5.0, seed=1)


def said(host: Host, path: str) -> list[str]:
    return [method for _, method, at, _ in host.asked if at == path]


@pytest.mark.parametrize(
    ("status", "verdict"),
    [(200, OK), (204, OK), (401, REFUSED), (403, REFUSED), (404, DEAD), (410, DEAD), (451, REFUSED), (999, REFUSED)],
)
def test_a_status_has_a_verdict(host: Host, ask: Fetcher, status: int, verdict: str) -> None:
    page = host.says("/page", (status, {}, ""))
    assert ask.check(page, [""])[""].verdict == verdict
    assert said(host, "/page") == (["HEAD"] if verdict == OK else ["HEAD", "GET"])
    assert host.asked[0][3] == "handbook-test/1 (+https://example.org)"


def test_head_refused_is_asked_again_with_get(host: Host, ask: Fetcher) -> None:
    page = host.says("/page", (405, {}, ""))
    assert ask.check(page, [""]) == {"": Answer(OK)}
    assert said(host, "/page") == ["HEAD", "GET"]


def test_permanent_redirects_name_the_new_address_up_to_the_first_that_is_not(host: Host, ask: Fetcher) -> None:
    page = host.says("/a", (301, {"Location": "/b"}, ""))
    host.says("/b", (308, {"Location": "/c"}, ""))
    host.says("/c", (302, {"Location": "/d"}, ""))
    host.says("/d", (200, {}, ""))
    assert ask.check(page, [""])[""] == Answer(MOVED, moved=host.url("/c"))
    assert ask.check(host.url("/c"), [""])[""] == Answer(OK)


def test_a_loop_and_an_endless_chain_end(host: Host, ask: Fetcher) -> None:
    loop = host.says("/loop", (302, {"Location": "/pool"}, ""))
    host.says("/pool", (302, {"Location": "/loop"}, ""))
    for number in range(30):
        host.says(f"/{number}", (302, {"Location": f"/{number + 1}"}, ""))
    assert ask.check(loop, [""])[""] == Answer(FAILING, "redirects in a loop")
    assert ask.check(host.url("/0"), [""])[""] == Answer(FAILING, "more than 10 redirects")


def test_a_redirect_to_what_is_gone_is_dead(host: Host, ask: Fetcher) -> None:
    assert ask.check(host.says("/a", (301, {"Location": "/gone"}, "")), [""])[""] == Answer(DEAD, "HTTP 404")


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_waited_for(host: Host, ask: Fetcher, status: int) -> None:
    page = host.says("/page", (status, {"Retry-After": "90"}, ""), *[(200, {}, "")] * 2)
    if status == 503:  # HEAD fails, so GET is asked in the second after
        page = host.says("/page", *[(status, {"Retry-After": "90"}, "")] * 2, (200, {}, ""))
    assert ask.check(page, [""])[""].verdict == OK
    times = [at for at, *_ in host.asked]
    assert times[-1] - times[-2] >= 90


def test_429_that_stays_or_asks_for_too_much_is_a_refusal(host: Host, ask: Fetcher, clock: Still) -> None:
    assert ask.check(host.says("/busy", (429, {}, "")), [""])[""] == Answer(REFUSED, "HTTP 429")
    assert said(host, "/busy") == ["HEAD"] * 3
    before = clock.now()
    later = host.says("/later", (429, {"Retry-After": "86400"}, ""))
    assert ask.check(later, [""])[""] == Answer(REFUSED, "HTTP 429")
    assert said(host, "/later") == ["HEAD"]
    assert clock.now() - before < PATIENCE


def test_500_then_200_is_ok_and_500_for_ever_fails(host: Host, ask: Fetcher) -> None:
    assert ask.check(host.says("/once", *[(500, {}, "")] * 2, (200, {}, "")), [""])[""].verdict == OK
    assert ask.check(host.says("/ever", (500, {}, "")), [""])[""] == Answer(FAILING, "HTTP 500")
    assert len(said(host, "/ever")) == 6  # three times HEAD, then GET


def test_a_page_that_never_answers_fails_in_time(host: Host, clock: Still, tmp_path: Path) -> None:
    ask = Fetcher(Pace(clock, 1.0), "test", timeout=0.05, seed=1)
    good = host.says("/good", (200, {}, ""))
    cache = run([good, host.url("/hangs")], tmp_path, ask, clock)
    assert cache.known[good].answer.verdict == OK
    assert cache.known[host.url("/hangs")].answer == Answer(FAILING, "it did not answer in time")


def test_anchors_of_a_page_are_looked_up_in_one_request(host: Host, ask: Fetcher, clock: Still, tmp_path: Path) -> None:
    page = host.says("/page", (200, {}, '<h2 id="a">A</h2><a name="b">B</a><p id="user-content-c"></p><i id="ü"></i>'))
    wanted = {"a": OK, "b": OK, "c": OK, "%C3%BC": OK, "L12": OK, ":~:text=A": OK, "missing": ANCHOR}
    cache = run([f"{page}#{fragment}" for fragment in wanted], tmp_path, ask, clock)
    assert {a.partition("#")[2]: k.answer.verdict for a, k in cache.known.items()} == wanted
    assert said(host, "/page") == ["GET"]


def test_what_is_no_html_has_no_anchors_to_miss(host: Host, ask: Fetcher) -> None:
    page = host.says("/paper.pdf", (200, {"Content-Type": "application/pdf"}, "%PDF"))
    assert ask.check(page, ["page=3"]) == {"page=3": Answer(OK)}


def test_a_host_is_asked_once_a_second_whatever_leads_to_it(host: Host, ask: Fetcher, clock: Still, tmp_path) -> None:
    pages = [host.says(f"/{n}", (302, {"Location": f"/to/{n}"}, "")) for n in range(10)]
    elsewhere = [page.replace("127.0.0.1", "localhost") for page in pages]  # another host, whose redirects stay there
    for n in range(10):
        host.says(f"/to/{n}", (200, {}, ""))
    run(pages + elsewhere, tmp_path, ask, clock)
    assert len(host.asked) == 40
    assert clock.now() - START >= 19  # 20 requests to each of two hosts
    assert len({path for _, _, path, _ in host.asked}) == 20


def test_the_pace_holds_across_threads(clock: Still) -> None:
    pace, turns = Pace(clock, 1.0), []
    clock.sleep = turns.append  # a clock that stands: each is told how long to wait
    threads = [threading.Thread(target=pace.wait, args=("host",)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(turns) == [float(n) for n in range(20)]


def run(addresses: list[str], folder: Path, ask, clock: Clock, archive: str = "") -> Cache:
    cache = Cache(folder / "links.json")
    refresh(addresses, cache, ask, clock, fresh_days=7.0, archive=archive)
    assert Cache(cache.path).known == {a: k for a, k in cache.known.items() if a in addresses}
    return cache


def test_good_answers_hold_for_a_week_and_bad_ones_are_asked_at_once(
    host: Host, ask: Fetcher, clock: Still, tmp_path: Path
) -> None:
    good, bad = host.says("/good", (200, {}, "")), host.says("/bad", (404, {}, ""))
    run([good, bad], tmp_path, ask, clock)
    host.asked.clear()
    run([good, bad], tmp_path, ask, clock)
    assert {path for _, _, path, _ in host.asked} == {"/bad"}
    host.asked.clear()
    run([good], tmp_path, ask, clock)
    assert host.asked == []
    clock.time += 7 * DAY
    run([good], tmp_path, ask, clock)
    assert said(host, "/good") == ["HEAD"]


def test_an_archived_copy_is_suggested_for_dead_links_only(
    host: Host, ask: Fetcher, clock: Still, tmp_path: Path
) -> None:
    copy = {"archived_snapshots": {"closest": {"available": True, "url": "https://web.archive.org/web/1/x"}}}
    archive = host.says("/wayback", (200, {}, json.dumps(copy)))
    dead, shut = host.says("/dead", (410, {}, "")), host.says("/shut", (403, {}, ""))
    known = run([dead, shut], tmp_path, ask, clock, archive).known
    assert known[dead].answer.archived == "https://web.archive.org/web/1/x"
    assert len([path for _, _, path, _ in host.asked if path.startswith("/wayback")]) == 1
    for answer in ((200, {}, "not JSON"), (500, {}, ""), (200, {}, "[]")):
        host.says("/wayback", answer)
        assert ask.archived(dead, archive) == ""


def test_failing_counts_as_an_error_after_three_days_of_runs(
    host: Host, ask: Fetcher, clock: Still, tmp_path: Path
) -> None:
    page = host.says("/page", (500, {}, ""))
    errors, days = [], []
    for _ in range(4):
        for _ in range(2):  # twice a day counts once
            known = run([page], tmp_path, ask, clock).known[page]
        errors.append(known.is_error)
        days.append(known.days)
        clock.time += DAY
    assert (errors, days) == ([False, False, True, True], [1, 2, 3, 4])
    assert known.since == "2027-01-15"
    host.says("/page", (200, {}, ""))
    assert run([page], tmp_path, ask, clock).known[page] == Known(Answer(OK), clock.now())


def test_no_network_teaches_nothing(ask: Fetcher, clock: Still, tmp_path: Path) -> None:
    with socket.socket() as closed:  # bound, not listening: every connection is refused
        closed.bind(("127.0.0.1", 0))
        nobody = [f"http://127.0.0.1:{closed.getsockname()[1]}/{n}" for n in range(3)]
        with pytest.raises(OfflineError):
            refresh(nobody, Cache(tmp_path / "links.json"), ask, clock, 7.0, "")
    assert Cache(tmp_path / "links.json").known == {}


def test_one_host_that_is_down_is_no_missing_network(host: Host, ask: Fetcher, clock: Still, tmp_path: Path) -> None:
    good = host.says("/good", (200, {}, ""))
    run([good], tmp_path, ask, clock)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        down = f"http://127.0.0.1:{closed.getsockname()[1]}/"
        known = run([good, down], tmp_path, ask, clock).known  # only the second is asked, then a witness
    assert known[down].answer == Answer(FAILING, "the connection failed")


class Counting:
    """Says yes to everything, or is interrupted."""

    def __init__(self, interrupted_at: int = 0) -> None:
        self.asked, self.interrupted_at = 0, interrupted_at

    def check(self, page: str, fragments) -> dict[str, Answer]:
        self.asked += 1
        if self.asked == self.interrupted_at:
            raise KeyboardInterrupt
        return dict.fromkeys(fragments, Answer(OK))


def test_ten_thousand_links_are_one_pass(clock: Still, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved = []
    monkeypatch.setattr(Cache, "save", lambda cache, kept: saved.append(len(kept)))
    ask, cache = Counting(), Cache(tmp_path / "links.json")
    addresses = [f"https://{n % 100}.example/{n // 100}" for n in range(10_000)]
    assert refresh(addresses, cache, ask, clock, 7.0, "") == 10_000
    assert (ask.asked, len(cache.known), saved) == (10_000, 10_000, [10_000])


def test_an_interrupted_run_keeps_what_it_learned(clock: Still, tmp_path: Path) -> None:
    addresses = [f"https://host.example/{n}" for n in range(50)]
    with pytest.raises(KeyboardInterrupt):
        refresh(addresses, Cache(tmp_path / "links.json"), Counting(interrupted_at=20), clock, 7.0, "")
    assert len(Cache(tmp_path / "links.json").known) == 19


def test_a_write_that_is_killed_leaves_the_old_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path / "links.json")
    cache.learn("https://a.example/", Answer(OK), START)
    cache.save({"https://a.example/"})
    cache.learn("https://b.example/", Answer(OK), START)
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        cache.save(set(cache.known))
    assert list(Cache(cache.path).known) == ["https://a.example/"]


def test_a_broken_cache_counts_as_empty(tmp_path: Path) -> None:
    for text in ("", "{", "[]", '{"https://a.example/": {"answer": {"wrong": 1}}}'):
        (tmp_path / "links.json").write_text(text, encoding="utf-8")
        assert Cache(tmp_path / "links.json").known == {}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("See [a](https://a.org/x_(y)) and <https://b.org>.", ["https://a.org/x_(y)", "https://b.org"]),
        ("(https://a.org/b), https://a.org/c.", ["https://a.org/b", "https://a.org/c"]),
        ("  address: https://a.org/b?c=d#e", ["https://a.org/b?c=d#e"]),
        ("`https://a.org/<slug>/` https://a.org/{{ name }}", []),
        ("no address: https:// or http", []),
    ],
)
def test_addresses_in_a_line(line: str, found: list[str]) -> None:
    assert list(collect.in_line(line)) == found


@pytest.fixture
def content(tmp_path: Path) -> Project:
    """A project with links in each kind of source."""
    for name, text in {
        "mkdocs.yml": "site_url: https://us.org/handbook/\nrepo_url: https://git.org/us\n",
        "sources.yml": "- id: a\n  address: https://a.org/\n",
        "README.md": "https://a.org/ http://localhost:8000/ https://us.org/handbook/designs/\n",
        "docs/page.md": "one\n[b](https://b.org/)\n[made]({{ macro }})\n",
        "handbook/part.py": '"""One.\n\nSource: https://c.org/.\n"""\nDATA = "https://data.org/"  # https://d.org/\n',
        "site/page/index.html": '<a href="https://b.org/"></a><a href="https://git.org/us/edit/main/x"></a>'
        '<a href="https://made.org/"></a>',
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return Project(tmp_path)


def test_every_address_has_all_its_places_the_bibliography_first(content: Project) -> None:
    assert collect.addresses(content, content.site) == {
        "https://a.org/": [("sources.yml", 2), ("README.md", 1)],
        "https://b.org/": [("docs/page.md", 2)],
        "https://c.org/": [("handbook/part.py", 3)],
        "https://d.org/": [("handbook/part.py", 5)],
        "https://git.org/us": [("mkdocs.yml", 2)],
        "https://made.org/": [("docs/page.md", 1)],
    }


def test_what_is_told_and_what_fails(content: Project, capsys: pytest.CaptureFixture[str]) -> None:
    cache = Cache(content.build / "cache/links.json")
    for name, answer in {
        "a": Answer(DEAD, "HTTP 404", archived="https://web.archive.org/web/1/https://a.org/"),
        "b": Answer(MOVED, moved="https://b.org/new"),
        "c": Answer(REFUSED, "HTTP 403"),
        "d": Answer(FAILING, "HTTP 500"),
    }.items():
        cache.learn(f"https://{name}.org/", answer, START)
    cache.save(set(cache.known))
    assert command.main(content, command.Settings(offline=True), print) == 1
    out, err = capsys.readouterr()
    assert err == (
        "sources.yml:2: https://a.org/ is dead: HTTP 404, first seen 2027-01-15 (and 1 more); "
        "cite https://web.archive.org/web/1/https://a.org/\n"
    )
    assert out.splitlines() == [
        "docs/page.md:2: https://b.org/ has moved for good; write https://b.org/new",
        "handbook/part.py:3: https://c.org/ is refused to programs: HTTP 403, first seen 2027-01-15; "
        "look at it in a browser",
        "handbook/part.py:5: https://d.org/ fails: HTTP 500, first seen 2027-01-15; nothing yet: day 1 of 3",
        "1 to mend, 3 hints; the report is in build/links.md",
    ]
    text = (content.build / "links.md").read_text(encoding="utf-8")
    assert text.startswith("<!-- links to mend: 1 -->\n4 external links, 1 to mend.")
    assert "## Dead: 1" in text
    assert "- <https://b.org/> → <https://b.org/new>: `docs/page.md:2`" in text
    assert "(HTTP 404, first seen 2027-01-15): `sources.yml:2`, `README.md:1`" in text


FAKE_GH = """#!{python}
import json, pathlib, sys
here = pathlib.Path(__file__).parent
with (here / "said").open("a") as said:
    said.write(" ".join(sys.argv[1:]) + "\\n")
(here / "body").write_text(sys.stdin.read())
if sys.argv[1:3] == ["issue", "list"]:
    print((here / "open.json").read_text())
if (here / "broken").exists():
    sys.exit("no permission")
"""


@pytest.mark.parametrize(
    ("to_mend", "issues", "told"),
    [
        (2, [], ["issue list", "label create links", "issue create --title External links to mend --label links"]),
        (2, [{"number": 7, "title": issue.TITLE}], ["issue list", "issue edit 7 --body-file"]),
        (0, [{"number": 7, "title": issue.TITLE}], ["issue list", "issue close 7"]),
        (0, [{"number": 8, "title": "Links are ugly"}], ["issue list"]),
    ],
)
def test_there_is_one_issue_while_links_are_dead(tmp_path: Path, to_mend: int, issues: list, told: list[str]) -> None:
    gh, text = tmp_path / "gh", tmp_path / "links.md"
    gh.write_text(FAKE_GH.replace("{python}", sys.executable), encoding="utf-8")
    gh.chmod(gh.stat().st_mode | stat.S_IXUSR)
    (tmp_path / "open.json").write_text(json.dumps(issues), encoding="utf-8")
    text.write_text(report.TO_MEND.format(to_mend) + "\n", encoding="utf-8")

    def update() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "scripts.links.issue", str(text)], cwd=ROOT, env={"PATH": str(tmp_path)},
            capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip

    assert update().returncode == 0
    said = (tmp_path / "said").read_text(encoding="utf-8").splitlines()
    assert len(said) == len(told)
    assert all(line.startswith(start) for line, start in zip(said, told, strict=True))
    assert (tmp_path / "body").read_text(encoding="utf-8") == (text.read_text(encoding="utf-8") if to_mend else "")
    (tmp_path / "broken").touch()
    assert (update().returncode, update().stderr) == (1, "gh failed: no permission\n")
    text.write_text("anything\n", encoding="utf-8")
    assert update().returncode == 1


def test_a_report_that_is_too_long_for_an_issue_ends_with_a_whole_line() -> None:
    lines = [f"- <https://a.org/{number}>: `sources.yml:{number}`" for number in range(3_000)]
    told = issue.fitting("\n".join(lines))
    assert 64_000 < len(told) <= issue.ROOM
    kept = told.removesuffix(issue.CUT).split("\n")
    assert kept == lines[: len(kept)]
    assert issue.fitting("short\n") == "short\n"
