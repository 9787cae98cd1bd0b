import pytest

from handbook import netflix, number, rounding, to
from handbook.assumptions import declaration


def test_mean_streams_follow_from_hours_viewed():
    streams = to(netflix.viewing_half_year / netflix.half_year, "stream")
    assert streams.magnitude == pytest.approx(96e9 / (184 * 24))
    assert rounding.full(streams) == "21.7 million streams"


def test_daily_actives_are_the_share_of_memberships_that_their_reason_tells():
    share = number(netflix.daily_active / netflix.members)
    assert share == pytest.approx(0.31, abs=0.005)
    assert "31%" in declaration(netflix.daily_active).because


@pytest.mark.parametrize("name", [n for n in vars(netflix) if not n.startswith("_") and n not in ("assume",)])
def test_each_is_declared_once_under_its_name(name):
    declared = declaration(getattr(netflix, name))
    assert declared.quantity is getattr(netflix, name)
    assert declared.source or declared.because


def test_sources_stand_in_the_bibliography():
    from pathlib import Path

    bibliography = Path("sources.yml").read_text("utf-8")
    for value in vars(netflix).values():
        declared = declaration(value)
        if declared and declared.source:
            assert f"{declared.source}" in bibliography
