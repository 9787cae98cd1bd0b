import math

from hypothesis import given, settings
from hypothesis import strategies as st

from handbook import units
from handbook.estimate import Model, facts
from tests.handbook.notebooks import run

PARTS = st.sampled_from(["member", "message", "byte", "second", "USD", "percent", "request/second", "kB/message", ""])
STEPS = st.lists(st.tuples(st.sampled_from("*/+-tcmM%pf"), st.integers(0, 99), st.integers(0, 99)), max_size=12)


def program(units_of, steps):
    """A straight-line program: assumptions, then arithmetic and the library's functions on what is above."""
    lines = [f"a{i} = assume('A', VALUE{i}, {unit!r}, because='b')" for i, unit in enumerate(units_of)]
    lines += ["def ratio(one, other):", "    return one / (one + 2 * other)"]
    names = [f"a{i}" for i in range(len(units_of))]
    for number, (step, i, j) in enumerate(steps):
        one, other = names[i % len(names)], names[j % len(names)]
        lines.append(f"x{number} = " + {
            "*": f"{one} * {other}", "/": f"{one} / {other}", "+": f"{one} + {one} * number({other} / {other})",
            "-": f"3 * {one} - {one}", "t": f"total({one}, {one}, 2 * {one})", "c": f"ceil(100 * {one} / {one} / 3)",
            "m": f"min({one}, 2 * {one}) * Q(1.5)", "M": f"max({one}, Q(50, 'percent') * {one}) / 7",
            "%": f"to(Q(1) - {one} / (3 * {one}), 'percent')", "p": f"number({one} / {one}) ** 0.5 * {other}",
            "f": f"ratio({one}, {one}) * {other} * Q(1, 'hour')",
        }[step])  # fmt: skip
        names.append(f"x{number}")
    return "\n".join(lines)


@settings(max_examples=40)
@given(st.lists(PARTS, min_size=1, max_size=4), STEPS, st.data())
def test_plain_numbers_and_units_agree_on_any_straight_line_program(units_of, steps, data):
    def filled(values):
        text = program(units_of, steps)
        for i, value in enumerate(values):
            text = text.replace(f"VALUE{i}", repr(value))
        return run(text)

    value = st.floats(0.5, 8.0)
    draw = [data.draw(st.tuples(*[value] * len(units_of))) for _ in range(2)]
    cells, namespace = filled(draw[0])
    model = Model(cells, namespace)
    assert model.disagreements() == {}
    assert len(facts(cells, namespace)) == len(units_of) + len(steps)
    _, elsewhere = filled(draw[1])
    moved = model(**{f"a{i}": units.base(elsewhere[f"a{i}"]) for i in range(len(units_of))})
    for name, found in moved.items():
        assert math.isclose(found, units.base(elsewhere[name]), rel_tol=1e-9)
