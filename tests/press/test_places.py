"""Who has a place at the press: nobody waits for a clock here."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Hashable, Iterator

import pytest

from bulletin.press import places
from bulletin.press.mistake import Busy
from bulletin.press.places import Places


class At:
    """People at the press, each in a thread of their own until they are let go."""

    def __init__(self, places: Places) -> None:
        self.places, self.log = places, list[str]()
        self.over: dict[str, threading.Event] = {}

    def comes(self, name: str, whose: Hashable) -> threading.Thread:
        self.over[name] = threading.Event()

        def go() -> None:
            with self.places.place(whose):
                self.log.append(name)
                self.over[name].wait(20)

        thread = threading.Thread(target=go)
        thread.start()
        until(lambda: name in self.log or len(self.places._waiting) > 0)
        return thread

    @contextlib.contextmanager
    def here(self, *people: tuple[str, Hashable]) -> Iterator[list[threading.Thread]]:
        threads = [self.comes(*one) for one in people]
        try:
            yield threads
        finally:
            for over in self.over.values():
                over.set()
            for thread in threads:
                thread.join(20)


def until(true: Callable[[], bool]) -> None:
    for _ in range(2000):
        if true():
            return
        time.sleep(0.002)
    raise AssertionError("it never came true")


@pytest.fixture
def at() -> At:
    return At(Places(at_once=2, wait_s=20))


def test_two_that_are_hard_to_print_hold_one_press_and_not_both(at: At) -> None:
    with at.here(("bomb", "Mallory"), ("bomb 2", "Mallory"), ("Rosa's", "Rosa"), ("Bill's", "Bill")):
        assert at.log == ["bomb", "Rosa's"]
        at.over["Rosa's"].set()
        until(lambda: len(at.log) == 3)
        assert at.log[-1] == "Bill's", "who came before him has a press already"
        at.over["bomb"].set()
        until(lambda: len(at.log) == 4)
    assert at.log[-1] == "bomb 2"


def test_one_person_has_one_place_in_line(at: At) -> None:
    with at.here(("one", "Mallory"), ("two", "Mallory")):
        with pytest.raises(Busy), at.places.place("Mallory"):
            raise AssertionError("a third one")
        with at.places.place("Rosa"):
            pass


def test_the_line_is_short_so_that_pages_have_threads(at: At) -> None:
    with at.here(*((f"{number}", number) for number in range(2 + places.WAITING))):
        until(lambda: len(at.places._waiting) == places.WAITING)
        with pytest.raises(Busy), at.places.place("Rosa"):
            raise AssertionError("one too many")


def test_whoever_is_nobodys_shares_no_count(at: At) -> None:
    with at.here(("one", None), ("two", None)):
        assert at.log == ["one", "two"]


def test_a_member_has_so_many_a_minute_and_others_have_theirs() -> None:
    now = 1000.0
    counted = Places(clock=lambda: now)
    for _ in range(places.A_MINUTE):
        with counted.place("Rosa"):
            pass
    with pytest.raises(Busy), counted.place("Rosa"):
        raise AssertionError("one too many")
    with counted.place("Bill"):
        pass
    now += places.MINUTE_S + 1
    with counted.place("Rosa"):
        pass
    assert len(counted._times) == 1, "nobody is remembered for longer"


def test_a_stumble_at_the_press_leaves_the_place(at: At) -> None:
    for _ in range(3):
        with pytest.raises(MemoryError), at.places.place("Rosa"):
            raise MemoryError
    assert not at.places._at_work
