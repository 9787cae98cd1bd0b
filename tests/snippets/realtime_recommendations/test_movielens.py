import subprocess
import sys
from random import Random

import pytest

from snippets.realtime_recommendations import movielens
from tests.projects import ROOT

FORMATS = {"u.data": "{}\t{}\t{}\t{}", "ratings.dat": "{}::{}::{}::{}", "ratings.csv": "{},{},{},{}"}


def ratings(members=30, items=40, each=20, seed=1):
    """Generated, in no way GroupLens' own: members of two tastes, each with its half of the items."""
    random = Random(seed)
    for member in range(1, members + 1):
        own = [item for item in range(1, items + 1) if item % 2 == member % 2 or random.random() < 0.1]
        for item in random.sample(own, min(each, len(own))):
            yield member, item, random.randint(1, 5), 880_000_000 + random.randrange(10**6)


def written(folder, name="u.data", rows=None, head=""):
    path = folder / name
    lines = (FORMATS[name].format(*row) for row in (rows or ratings()))
    path.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("name", FORMATS)
def test_all_formats_hold_the_same(tmp_path, name):
    head = "userId,movieId,rating,timestamp\n" if name == "ratings.csv" else ""
    acts = movielens.read(written(tmp_path, name, head=head))
    assert len(acts) == len(list(ratings()))
    assert acts == movielens.read(written(tmp_path))


def test_it_prints_the_published_row_beside_its_own(tmp_path, capsys):
    assert movielens.main([str(written(tmp_path))]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].split() == ["MAP", "nDCG@10", "P@10", "R@10"]
    ours = [float(value) for value in printed[1].split()[-4:]]
    assert printed[1].startswith("ours, seed 42") and all(0 < value <= 1 for value in ours)
    assert printed[2].split() == ["SAR,", "published", "0.110591", "0.382461", "0.330753", "0.176385"]
    assert "the rows do not compare" in printed[-1]


def test_as_a_program(tmp_path):
    command = [sys.executable, "-m", "snippets.realtime_recommendations.movielens", str(written(tmp_path))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert "SAR, published" in done.stdout


def test_taste_is_found(tmp_path):
    """Half of the items are a member's own. By chance, a list would hold fewer of them."""
    found = movielens.measure(movielens.read(written(tmp_path)))
    assert found["precision"] > 0.25 and found["recall"] > 0.5
    assert list(found) == ["MAP", "nDCG", "precision", "recall"]


@pytest.mark.parametrize(
    ("seed", "theirs"),
    [
        (1, (0.08763020833333333, 0.20214550013932656, 0.1775, 0.221875)),
        (2, (0.10008184523809524, 0.21103164124008789, 0.17375, 0.2171875)),
    ],
)
def test_the_authors_own_program_finds_the_same(tmp_path, seed, theirs):
    """Recommenders 1.2.1 on the same split (Jaccard, 30 days, seen items removed, k = 10), run on 2026-11-21."""
    rows = list(ratings(members=80, items=120, each=30, seed=seed))
    found = movielens.measure(movielens.read(written(tmp_path, rows=rows)), 42)
    assert tuple(found.values()) == pytest.approx(theirs, rel=1e-12)


def test_a_seed_gives_the_same_and_another_another(tmp_path):
    acts = movielens.read(written(tmp_path))
    assert movielens.measure(acts, 1) == movielens.measure(acts, 1) != movielens.measure(acts, 2)


def test_the_split_is_three_quarters_of_each_member_and_loses_nothing(tmp_path):
    acts = movielens.read(written(tmp_path))
    train, test = movielens.split(acts, 42)
    assert sorted(map(repr, train + test)) == sorted(map(repr, acts))
    for member in {act.member for act in acts}:
        own = [sum(act.member == member for act in part) for part in (train, test)]
        assert own[0] == round(0.75 * sum(own)) and own[1] > 0


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("1\t2\tthree\t4", "u.data:2: '1\\t2\\tthree\\t4' is no rating"), ("1\t2\t3", "is no rating"),
        ("1\t2\t3\t4\t5", "is no rating"), ("1\t2\t0\t4", "above 0 and at most 5"), ("1\t2\t7\t4", "at most 5"),
        ("1\t2\tnan\t4", "at most 5"), ("1\t2\t3\tinf", "in seconds"), ("hello", "as GroupLens publishes it"),
    ],
)  # fmt: skip
def test_a_broken_line_is_named(tmp_path, capsys, line, says):
    path = tmp_path / "u.data"
    path.write_text(f"1\t2\t3\t4\n{line}\n", encoding="utf-8")
    assert movielens.main([str(path)]) == 1
    said = capsys.readouterr()
    assert says in said.err and "u.data:2: " in said.err and said.out == ""


@pytest.mark.parametrize("content", [b"", b"\n\n", b"userId,movieId,rating,timestamp\n", b"\xff\xfe\x00"])
def test_a_file_without_ratings(tmp_path, capsys, content):
    path = tmp_path / "ratings.csv"
    path.write_bytes(content)
    assert movielens.main([str(path)]) == 1
    assert "ratings.csv:1: " in capsys.readouterr().err


def test_no_file(tmp_path, capsys):
    assert movielens.main([str(tmp_path / "missing")]) == 1
    assert "give the path of u.data" in capsys.readouterr().err


def test_one_rating_each_leaves_nothing_to_judge(tmp_path, capsys):
    assert movielens.main([str(written(tmp_path, rows=[(1, 2, 3, 4)]))]) == 1
    assert "no member has both" in capsys.readouterr().err


@pytest.mark.parametrize(("apart", "verdict"), [(0.049, "within"), (0.051, "OUTSIDE")])
def test_for_a_hundred_thousand_ratings_it_says_how_far_apart(apart, verdict):
    names = ("MAP", "nDCG", "precision", "recall")
    found = dict(zip(names, movielens.PUBLISHED["SAR"], strict=True))
    found["nDCG"] += apart
    said = list(movielens.table(found, 42, 100_000))
    assert f"{verdict} 0.05" in said[-2]
