import pytest

from handbook.cells import Cell, formula, statements
from handbook.errors import EstimateError


def the(source, line=1):
    [statement] = statements([Cell(source, line)])
    return statement


@pytest.mark.parametrize(
    ("source", "binds", "reads"),
    [
        ("a = b + c", "a", "b c"),
        ("a: float = b", "a", "b float"),
        ("a += b", "a", "a b"),
        ("a, (b, *c) = d", "a b c", "d"),
        ("costs['disk'] = a", "costs", "a costs"),
        ("x.y = a", "", "a x"),
        ("f(a := b)", "a", "b f"),
        ("for i in a: b = b + i", "b i", "a b i"),
        ("while a: b = c", "b", "a c"),
        ("if a: b = c\nelse: d = e", "b d", "a c e"),
        ("with a as b: c = d", "b c", "a d"),
        ("try: a = b\nexcept E: a = c", "a", "E b c"),
        ("import a.b, c as d", "a d", ""),
        ("from a import b, c as d", "b d", ""),
        ("a = [i * b for i in c if i > d]", "a", "b c d"),
        ("a = {k: v for k, v in b}", "a", "b"),
        ("a = sum(i for i in b)", "a", "b sum"),
        ("a = lambda b, *c, d=e, **f: b + g", "a", "e g"),
        ("def f(a, b=c):\n    d = a + e\n    return d", "f", "c e"),
        ("def f(n):\n    return f(n - 1)", "f", "f"),
        ("class A(B):\n    c = d", "A", "B d"),
        ("a == b", "", "a b"),
    ],
)
def test_what_a_statement_binds_and_reads(source, binds, reads):
    statement = the(source)
    assert statement.binds == set(binds.split())
    assert statement.reads == set(reads.split())


@pytest.mark.parametrize(
    ("source", "target"),
    [("a = 1", "a"), ("a: int = 1", "a"), ("a = b = 1", None), ("a, b = 1, 2", None), ("a += 1", None),
     ("a.b = 1", None), ("a[0] = 1", None), ("for a in b: pass", None), ("def a(): pass", None), ("a", None),
     ("(a := 1)", None), ("import a", None)],
)  # fmt: skip
def test_only_a_plain_assignment_has_a_target(source, target):
    assert the(source).target == target


@pytest.mark.parametrize(
    ("source", "comment"),
    [
        ("a = 1  # Beside", "Beside"),
        ("# Above\na = 1", "Above"),
        ("#: Above\na = 1", "Above"),
        ("# In two\n# lines\na = 1", "In two lines"),
        ("# Above\na = 1  # Beside", "Beside"),
        ("a = (  # At the start\n    1\n)", "At the start"),
        ("a = (\n    1\n)  # At the end", "At the end"),
        ("# Not directly above\n\na = 1", ""),
        ("b = 0  # Of another\na = 1", ""),
        ('b = """\n# no comment\n"""\na = 1', ""),
        ("a = '# in a text'", ""),
        ("# Above\na = 1  # noqa: E501", "Above"),
        ("# Above\na = assume(\n    1,\n)  # fmt: skip", "Above"),
        ("a = 1  # type: ignore[x]", ""),
        ("# no invariant: b: why\n# Above\na = 1", "Above"),
        ("# Above\n# no invariant: a: why\na = 1", "Above"),
    ],
)
def test_the_comment_of_a_statement(source, comment):
    assert statements([Cell(source)])[-1].comment == comment


def test_lines_are_those_of_the_file():
    found = statements([Cell("a = 1\n\nb = 2", line=10), Cell("c = 3", line=20)])
    assert [s.node.lineno for s in found] == [10, 12, 20]


@pytest.mark.parametrize("source", ["a = 1\n%time b", "a = 1\n!ls", "a = 1\n(b", "a = 1\nb ="])
def test_a_cell_that_is_not_python_alone_is_found_with_its_line(source):
    with pytest.raises(EstimateError, match="magics") as caught:
        statements([Cell("ok = 1"), Cell(source, line=40)])
    assert caught.value.line == 41
    assert caught.value.value in source.splitlines()[1]


def test_a_formula_is_on_one_line():
    assert formula(the("a = (b +\n     c)  # Sum")) == "b + c"
    assert formula(the("def f(): pass")) == ""
