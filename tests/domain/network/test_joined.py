"""We join if so many join: the largest number of sites for whom that holds."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings, strategies as st

from bulletin.domain.network.answering.answers import joined


@pytest.mark.parametrize(
    ("if_n", "held"),
    [([], 0), ([1], 1), ([2], 0), ([2, 2], 2), ([3, 2, 1], 3), ([3, 3, 1], 3), ([4, 3, 1], 1), ([0, 2, 4, 4], 4)],
)
def test_the_largest_number_for_whom_it_holds(if_n, held):
    assert len(joined(dict(enumerate(if_n)))) == held


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 7), max_size=6))
def test_it_holds_for_each_of_them_and_for_no_larger_number(if_n):
    found = joined(dict(enumerate(if_n)))
    sets = itertools.chain.from_iterable(itertools.combinations(range(len(if_n)), size) for size in range(7))
    holds = [set(some) for some in sets if all(if_n[one] <= len(some) for one in some)]
    assert found == max(holds, key=len)
    assert all(one <= found for one in holds), "and whoever could be in is"
