"""How a simulation is held against a closed form."""

from collections.abc import Callable

import pytest

from handbook.simulation import Interval, replicate


@pytest.fixture
def agrees() -> Callable[..., Interval]:
    """`agrees(model, value, within)`: the 99 % interval over the seeds covers the closed form, and is narrow.

    `model(seed)` returns the number. The half width must be at most `within` of the value: an interval so wide that
    it covers everything would show nothing. The seeds are fixed, so the answer is the same every time.
    """

    def check(model: Callable[[int], float], value: float, within: float, seeds: int = 20) -> Interval:
        interval = replicate(lambda seed: {"x": model(seed)}, seeds, level=0.99)["x"]
        assert interval.covers(value), f"{interval} does not cover {value}"
        assert interval.half_width <= within * value, f"{interval} is wider than {within:.1%} of {value}"
        return interval

    return check
