"""Who counts among people, and what passes, at one moment. See rules for what changes it."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime, timedelta
from math import ceil

from .roll import Invited, Matter, Person, Question, Roll

SHORT = timedelta(days=3)  # nothing final is sooner
LONG = timedelta(days=14)  # then a third is enough; no lock is longer
AWAY = timedelta(days=60)  # whoever has not been here for so long is not counted until they are back
RECENT = timedelta(days=30)  # of these must more than half be enough to agree to a paper
LAPSE, LAPSE_NOTICE = timedelta(days=365), timedelta(days=30)
FETCH = timedelta(days=7)  # after an export, or a forgetting of many, has passed
CHECK = timedelta(days=14)  # so long everybody is asked to check a register that was put together
FOUND_AFTER, FOUND_EACH = timedelta(days=30), timedelta(days=90)  # who may found a site alone, and how often
# An invitation lasts so long: after two weeks one alone may be enough, and a week is left to answer it.
ANSWERED_WITHIN = timedelta(days=21)
OPEN_MAX = 10  # invitations of one member that nobody has answered
UNDECIDED_MAX = 3  # newcomers whom one has brought, and who do not decide yet
FLOOR = 3  # a third is never fewer than so many, where there are so many


class Standing:
    """The roll of a site at one moment: who decides, who counts, what passes. Members are named by their ids in hex."""

    def __init__(self, roll: Roll, at: datetime) -> None:
        self.at = at
        self.people = {person.member: person for person in roll.people}
        self.questions = {question.id: question for question in roll.questions}
        self.invited = {invited.id: invited for invited in roll.invited}
        self.number = roll.number
        self.passed = roll.passed
        self._roll = roll

    def roll(self) -> Roll:
        """All of it as it stands now, to be kept."""
        return dataclasses.replace(
            self._roll,
            people=tuple(self.people.values()),
            questions=tuple(self.questions.values()),
            invited=tuple(self.invited.values()),
            passed=self.passed,
            number=self.number,
        )

    # Who counts

    def deciders(self) -> list[Person]:
        """Those who decide, also while they are locked out. Where none of them is free, all who are free decide."""
        flagged = [person for person in self.people.values() if person.decides]
        if any(not person.is_locked or person.missing_since for person in flagged):
            return flagged
        return [person for person in self.people.values() if person.decides or not person.is_locked]

    def counted(self, within: timedelta = AWAY) -> list[Person]:
        """Those who decide and have been here lately, and those who cannot come because they are locked out."""
        return [person for person in self.deciders() if person.is_locked or self._seen_within(person, within)]

    def decides(self, member: str) -> bool:
        """Does this member decide now?"""
        return any(person.member == member and not person.is_locked for person in self.deciders())

    def is_free(self, member: str) -> bool:
        """Are they in the site, and not locked out of it?"""
        person = self.people.get(member)
        return person is not None and not person.is_locked

    def number_in_force(self) -> int:
        """How many must agree to a paper: never more than more than half of those who come."""
        come = [person for person in self.deciders() if self._seen_within(person, RECENT)]
        return max(1, min(self.number, len(come) // 2 + 1))

    def number_most(self) -> int:
        """The highest number that can be asked for."""
        return len(self.counted()) // 2 + 1

    def voices(self, question: Question) -> tuple[set[str], set[str]]:
        """Who says yes and who no, of those who decide now. Who is locked out counts as no, but about themselves.

        A yes counts as long as whoever said it comes: or few would be enough once many are away.
        """
        free = {person.member for person in self.deciders() if not person.is_locked}
        locked = {person.member for person in self.deciders() if person.is_locked}
        come = {person.member for person in self.counted()}
        return set(question.yes) & free & come, (set(question.no) & free) | (locked - {question.about})

    def asked_of(self, question: Question) -> list[Person]:
        """Those who count in a question: who it is about does not."""
        return [person for person in self.counted() if person.member != question.about]

    def waits_for(self, member: str) -> list[Question]:
        """The questions that this member can answer and has not, the first first."""
        mine = (question for question in self.questions.values() if self.may_answer(question, member))
        return [question for question in mine if member not in (*question.yes, *question.no)]

    def may_answer(self, question: Question, member: str) -> bool:
        """Can this member answer it? Who it is about cannot; whose place is asked for can say no."""
        if question.about == member:
            return False
        return self.decides(member) or self._is_their_place(question, member)

    def _is_their_place(self, question: Question, member: str) -> bool:
        newcomer = self.people.get(question.about) if question.matter is Matter.NEWCOMER else None
        return newcomer is not None and newcomer.was == member and self.is_free(member)

    def is_ready(self, invited: Invited) -> bool:
        """Have enough said yes to an invitation, who decide now? Two; one where there are only one or two."""
        yes = [member for member in invited.yes if self.decides(member) and self._has_room(member)]
        return len(yes) >= (1 if len(self.counted()) <= 2 or self._nobody_else_came(invited) else 2)

    def is_stuck(self, invited: Invited) -> bool:
        """Does it wait for nobody's word, but because somebody has brought as many as one may?"""
        return any(self.decides(member) and not self._has_room(member) for member in invited.yes)

    def _nobody_else_came(self, invited: Invited) -> bool:
        asked = moment_of(invited.asked_at)
        if self.at - asked < LONG:
            return False
        others = (person for person in self.deciders() if person.member not in invited.yes and not person.is_locked)
        return all(day_of(person.seen_on) <= asked.date() for person in others)

    def _has_room(self, member: str) -> bool:
        if len(self.deciders()) <= 2:
            return True
        newcomers = (question for question in self.questions.values() if question.matter is Matter.NEWCOMER)
        theirs = (question for question in newcomers if member in question.begun_by)
        return sum(self._age(question) < AWAY for question in theirs) < UNDECIDED_MAX

    def open_on(self, matter: Matter, about: str = "") -> Question | None:
        """The open question of this kind about this."""
        alike = (q for q in self.questions.values() if q.matter is matter and q.about == about)
        return next(alike, None)

    def may_begin(self, member: str) -> bool:
        """Can they begin a question? Not while another of theirs is open, nor for a while after one that was lost."""
        if self._is_barred(member):
            return False
        return not any(member in q.begun_by for q in self.questions.values() if q.matter is not Matter.NEWCOMER)

    def may_found_alone(self, member: str) -> bool:
        """Can they have a site founded without anybody's word? Whoever has been here for a month, now and then."""
        person = self.people[member]
        lately = person.founded_at and self.at - moment_of(person.founded_at) < FOUND_EACH
        return self.at - moment_of(person.joined_at) >= FOUND_AFTER and not lately

    def is_deleted(self) -> bool:
        """Has it passed that all is deleted?"""
        return any(one.matter is Matter.DELETION for one in self.passed)

    def to_check(self) -> bool:
        """Was the register put together from the database lately, so that everybody should look whether it is right?"""
        return bool(self._roll.begun_at) and self.at - moment_of(self._roll.begun_at) < CHECK

    def may_export(self) -> bool:
        """Has it passed that everything may be taken along, no longer than a week ago?"""
        return self._passed_lately(Matter.EXPORT)

    def may_forget(self) -> bool:
        """Has it passed that any number may be forgotten, no longer than a week ago?"""
        return self._passed_lately(Matter.FORGETTING)

    def _passed_lately(self, matter: Matter) -> bool:
        return any(one.matter is matter and self.at - moment_of(one.at) < FETCH for one in self.passed)

    def passes(self, question: Question) -> bool:
        """Is it answered with yes now?"""
        yes, no = self.voices(question)
        n, every, age = len(self.asked_of(question)), len(self.counted()), self._age(question)
        removal = question.matter is Matter.REMOVAL
        if not removal and len(self.deciders()) == 1 and len(yes) == 1:
            return True  # there is nobody else
        if question.matter is Matter.NEWCOMER:
            if 2 * len(yes) > n > 1 and len(yes) >= min(FLOOR, n):
                return True
        elif 2 * len(yes) > n and len(yes) >= 2 and age >= SHORT:
            return True
        if question.matter is Matter.DELETION and n > 1:
            return False  # never by fewer than half
        # The third is one of all, so that fewer than a third are never enough.
        least = max(2 if removal else 1, ceil(every / 3), min(FLOOR, n))
        return age >= LONG and len(yes) > len(no) and len(yes) >= least

    def ends_at(self, question: Question) -> datetime | None:
        """When it ends if it has not passed; a newcomer's never does."""
        if question.matter is Matter.NEWCOMER:
            return None
        if question.matter is Matter.REMOVAL:
            return moment_of(question.locked_at or question.asked_at) + LONG
        return moment_of(question.asked_at) + AWAY

    def _is_barred(self, member: str) -> bool:
        until = self.people[member].barred_until
        return bool(until) and self.at < moment_of(until)

    def is_fresh(self, invited: Invited) -> bool:
        """Has an invitation not run out?"""
        return self.at - moment_of(invited.asked_at) < ANSWERED_WITHIN

    def _seen_within(self, person: Person, span: timedelta) -> bool:
        return self._today() - day_of(person.seen_on) < span

    def _age(self, question: Question) -> timedelta:
        return self.at - moment_of(question.asked_at)

    def _today(self) -> date:
        return self.at.date()


def moment_of(iso: str) -> datetime:
    return datetime.fromisoformat(iso)


def day_of(iso: str) -> date:
    return date.fromisoformat(iso)
