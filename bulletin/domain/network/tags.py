"""By what a told thing is counted: words beside its body, as clear as it is, so that no body is opened to count.

A week has the struggles that its site says come up; those that it had not said in the weeks before, or says are there
more than before, once more with a mark. A deed has its form, its struggles and what came of it.
"""

from __future__ import annotations

import enum
import functools
from collections.abc import Collection, Iterable

from bulletin.domain.actions.actions import Motion
from bulletin.domain.site.struggles import Struggle

from .week_told import WeekTold


class Mark(enum.StrEnum):
    """What a tag says beside its word."""

    NEW = "new"  # a struggle: the site told weeks before, and none of them said it
    MORE = "more"  # a struggle: more than before, as the site says itself
    FORM = "form"  # the form of action of what was done; "paper" for a bulletin
    RESULT = "result"  # what came of it
    PASSED = "passed"  # a motion that was


PAPER = "paper"


def tag(mark: Mark, value: str) -> str:
    """A word with a mark."""
    return f"{mark}:{value}"


def joined(tags: Iterable[str]) -> str:
    """As they are stored: each between blanks, so that one is found by comparing text."""
    return "".join(f" {tag.replace(' ', '_')}" for tag in sorted(set(tags))) + " "


def pattern(tag: str) -> str:
    """What SQL's LIKE finds one by."""
    return f"% {tag.replace(' ', '_')} %"


@functools.lru_cache(maxsize=4096)
def split(stored: str) -> frozenset[str]:
    """The tags that were stored together."""
    return frozenset(tag.replace("_", " ") for tag in stored.split())


@functools.lru_cache(maxsize=4096)
def forms(stored: str) -> frozenset[str]:
    """The forms of what was done, among those that were stored together."""
    marks = (one.partition(":") for one in split(stored))
    return frozenset(word for mark, _colon, word in marks if mark == Mark.FORM)


def of_week(said: WeekTold, before: Collection[str]) -> str:
    """Those of a week. `before`: what is stored of the weeks that the site told lately."""
    known = frozenset().union(*map(split, before))
    found = [tag(Mark.FORM, one.form or PAPER) for one in said.done]
    found += [Mark.PASSED for one in said.done if one.motion is Motion.PASSED]
    for topic in said.topics:
        if topic.struggle is Struggle.OTHER:
            continue  # in the site's own words: nothing to count it by
        found.append(topic.struggle)
        if before and topic.struggle not in known:
            found.append(tag(Mark.NEW, topic.struggle))
        if topic.more:
            found.append(tag(Mark.MORE, topic.struggle))
    return joined(found)


def of_deed(form: str, struggles: Iterable[str], result: str | None) -> str:
    """Those of something that was done."""
    return joined([tag(Mark.FORM, form), *struggles, *([tag(Mark.RESULT, result)] if result else [])])
