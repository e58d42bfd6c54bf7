"""Galleys are cut into columns that end level, whatever they hold. Unit: one line."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings, strategies as st

from bulletin.press import makeup
from bulletin.press.makeup import Strip


def galley(*heights: float, gap: float = 0.0, keep: tuple[int, ...] = ()) -> list[Strip]:
    strips, top = [], 0.0
    for i, height in enumerate(heights):
        strips.append(Strip(top, top + height, i in keep))
        top += height + gap
    return strips


@st.composite
def galleys(draw: st.DrawFn) -> list[Strip]:
    strips, top = [], 0.0
    for _ in range(draw(st.integers(1, 80))):
        top += draw(st.sampled_from((0.0, 0.0, 0.0, 0.6, 1.0)))
        height = draw(st.sampled_from((1.0, 1.0, 1.0, 1.0, 2.0, 4.5)))
        strips.append(Strip(top, top + height, draw(st.booleans()) and draw(st.booleans())))
        top += height
    return strips


OFTEN = pytest.mark.parametrize("examples", [30, pytest.param(1000, marks=pytest.mark.attack)])
rooms = st.lists(st.floats(8.0, 60.0), min_size=1, max_size=6)


def test_thirty_lines_make_three_columns_of_ten():
    assert makeup.level(galley(*[1.0] * 30), [40.0] * 3, 1.0) == [10, 20, 30]


def test_a_heading_is_never_at_a_columns_foot():
    strips = galley(*[1.0] * 30, keep=(9,))
    ends = makeup.level(strips, [40.0] * 3, 1.0)
    assert 10 not in ends
    assert ends[-1] == 30


def test_what_stands_above_the_first_piece_of_a_column_is_dropped():
    assert makeup.natural(galley(1.0, 1.0, gap=5.0), 1, 2) == 1.0


def test_a_column_that_is_short_by_a_line_is_filled_by_its_gaps():
    strips = [*galley(*[1.0] * 10), Strip(11.0, 12.0), Strip(13.0, 20.0)]
    columns = makeup.justify(strips, [0, 10, 12], 10.0, 1.0)
    bottoms = [column.tops[-1] + strips[column.end - 1].bottom - strips[column.end - 1].top for column in columns]
    assert bottoms == [10.0, 10.0]


def test_lines_are_driven_apart_to_fill_a_side_but_not_beyond_reason():
    [column] = makeup.justify(galley(*[1.0] * 10), [0, 10], 10.5, 1.0)
    assert column.height == 10.5
    [column] = makeup.justify(galley(*[1.0] * 10), [0, 10], 20.0, 1.0)
    assert column.height < 10 * makeup.LEADING_MAX


def test_a_galley_three_lines_too_long_is_said_to_be():
    strips = galley(*[1.0] * 33)
    assert makeup.excess(strips, [10.0] * 3, 1.0, range(33)) == 3


def test_a_box_that_does_not_go_in_costs_no_more_lines_than_make_it_fit():
    strips = galley(*[1.0] * 9, 7.0)  # sixteen lines for sixteen, but the box cannot be divided
    assert makeup.excess(strips, [8.0, 8.0], 1.0, range(9)) == 1


@OFTEN
def test_a_cut_keeps_every_strip_in_order_and_within_its_room(examples):
    @settings(max_examples=examples)
    @given(galleys(), rooms)
    def holds(strips, heights):
        ends = makeup.fill(strips, heights)
        assert ends == sorted(ends)
        for (start, end), height in zip(itertools.pairwise((0, *ends)), heights, strict=True):
            assert makeup.natural(strips, start, end) <= height + 1e-3
            assert end in (0, start, len(strips)) or not strips[end - 1].keep

    holds()


@OFTEN
def test_a_level_cut_loses_nothing_and_keeps_to_its_rooms(examples):
    @settings(max_examples=examples)
    @given(galleys(), rooms)
    def holds(strips, heights):
        if not makeup.fits(strips, heights):
            return
        ends = [0, *makeup.level(strips, heights, 1.0)]
        assert len(ends) == len(heights) + 1
        assert ends[-1] == len(strips)
        for (start, end), height in zip(itertools.pairwise(ends), heights, strict=True):
            assert start <= end
            assert makeup.natural(strips, start, end) <= height + 1e-3

    holds()


@OFTEN
def test_a_side_stays_within_its_room_and_its_strips_in_order(examples):
    @settings(max_examples=examples)
    @given(galleys(), st.integers(1, 4), st.floats(10.0, 60.0))
    def holds(strips, count, room):
        if not makeup.fits(strips, [room] * count):
            return
        ends = [0, *makeup.level(strips, [room] * count, 1.0)]
        for column in makeup.justify(strips, ends, room, 1.0):
            assert column.height <= room + 1e-3
            below = 0.0
            for top, strip in zip(column.tops, strips[column.start : column.end], strict=True):
                assert top >= below - 1e-6
                below = top + strip.bottom - strip.top
            assert below <= column.height + 1e-3

    holds()


@OFTEN
def test_columns_of_plain_lines_differ_by_less_than_a_line_each(examples):
    @settings(max_examples=examples)
    @given(st.integers(3, 200), st.integers(2, 4))
    def holds(lines, count):
        ends = [0, *makeup.level(galley(*[1.0] * lines), [float(lines)] * count, 1.0)]
        lengths = [end - start for start, end in itertools.pairwise(ends)]
        assert max(lengths) - min(lengths) <= count  # all that could be moved was

    holds()


@OFTEN
def test_cutting_the_excess_makes_it_fit(examples):
    @settings(max_examples=examples)
    @given(galleys(), rooms)
    def holds(strips, heights):
        lines = list(range(len(strips)))
        count = makeup.excess(strips, heights, 1.0, lines)
        assert makeup.fits(makeup.without(strips, lines[:count]), heights)

    holds()
