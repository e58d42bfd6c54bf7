"""The rules among people: who decides, what is asked of everybody, what passes, who is locked out.

Pure: no database, no key, no clock of its own. The idea: a say is given by people who have met somebody, and nothing
final happens without a share of those who come, for long enough that they come. docs/rules.md has it in words.
"""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterable
from datetime import datetime

from bulletin.domain.site.refusals import NotAllowed, Why

from .outcomes import Outcome, What
from .roll import Ids, Invited, Matter, Passed, Person, Question, Roll
from .standing import (
    AWAY,
    FETCH,
    LAPSE,
    LAPSE_NOTICE,
    LONG,
    OPEN_MAX,
    UNDECIDED_MAX,
    Standing,
    day_of,
    moment_of,
)


class Rules(Standing):
    """The rules at one moment. Deeds change it, and settle(): what comes of them is in `outcomes`, in order.

    Deeds raise NotAllowed.
    """

    def __init__(self, roll: Roll, at: datetime) -> None:
        super().__init__(roll, at)
        self.outcomes: list[Outcome] = []

    # Coming and going

    def add(self, person: Person, by: Iterable[str] = ()) -> None:
        """Somebody who is in the site from now on. Who does not decide is a newcomer, brought by these."""
        by = tuple(sorted(by))
        self.people[person.member] = dataclasses.replace(person, brought_by=person.brought_by or by)
        if not person.decides:
            self._open(Matter.NEWCOMER, person.member, by)
        self.settle()

    def see(self, member: str) -> None:
        """They have opened the site."""
        self._change(member, seen_on=self._today().isoformat(), lapses_on="")

    def know(self, member: str, public_key: str) -> None:
        """They have another key, of which this is the digest."""
        self._change(member, public_key=public_key)

    def begin_anew(self) -> None:
        """After a restore: what was being asked is asked no more, since nobody can tell what was stopped since."""
        kept = (Matter.NEWCOMER, Matter.REMOVAL)
        self.questions = {id_: one for id_, one in self.questions.items() if one.matter in kept}
        self.passed, self.invited = (), {}
        self._roll = dataclasses.replace(self._roll, begun_at=self.at.isoformat())

    def keep_out(self, member: str, until: datetime) -> None:
        """They were found locked out, and nobody knows any more what is said of it: they are, no longer than this."""
        self._change(member, kept_out_until=until.isoformat())

    def miss(self, member: str) -> bool:
        """Their place is not there any more: they count as locked out for two weeks, so that nobody gains by it. True
        when those are over, and they have gone.
        """
        person = self.people[member]
        if not person.missing_since:
            self._change(member, missing_since=self.at.isoformat())
            for question in list(self.questions.values()):
                self._void(question, member)
            self._void_invitations(member)
        elif self.at - moment_of(person.missing_since) >= LONG:
            self.leave(member)
            return True
        return False

    def leave(self, member: str) -> None:
        """They are in the site no more: nothing that they have asked or answered counts."""
        self._take_out(member)
        self.settle()

    def _take_out(self, member: str) -> None:
        del self.people[member]
        for question in list(self.questions.values()):
            if question.about == member:
                del self.questions[question.id]
            else:
                self._void(question, member, also_no=True)
        self._void_invitations(member)
        for person in self.people.values():
            if person.was == member:
                self._change(person.member, was="")

    def _void(self, question: Question, member: str, *, also_no: bool = False) -> None:
        yes = tuple(one for one in question.yes if one != member)
        no = tuple(one for one in question.no if one != member) if also_no else question.no
        begun = tuple(one for one in question.begun_by if one != member) if also_no else question.begun_by
        self.questions[question.id] = dataclasses.replace(question, yes=yes, no=no, begun_by=begun)

    def _void_invitations(self, member: str) -> None:
        for invited in list(self.invited.values()):
            if invited.by == member:
                del self.invited[invited.id]
            else:
                self.invited[invited.id] = dataclasses.replace(
                    invited, yes=tuple(one for one in invited.yes if one != member)
                )

    # Bringing somebody in

    def propose(self, invitation_id: str, by: str, *, was: str = "", founds: bool = False, note: str = "") -> Invited:
        """Anybody may propose somebody; who decides has said yes with it. `founds`: to found another site."""
        self._check_free(by)
        if was and was not in self.people:
            raise NotAllowed(Why.NOT_HERE)
        decides, known = self.decides(by), self.invited.get(invitation_id)
        if known is not None and (known.by, known.founds) != (by, founds):
            raise NotAllowed(Why.ANOTHERS_FORM)
        if known is None and sum(one.by == by for one in self.invited.values()) >= OPEN_MAX:
            raise NotAllowed(Why.MANY_OPEN, most=OPEN_MAX)
        if decides:
            self._check_room(by)
        yes = (by,) if decides else ()
        at = self.at.isoformat()
        invited = Invited(id=invitation_id, by=by, asked_at=at, yes=yes, was=was, founds=founds, note=note)
        self.invited[invitation_id] = invited
        return invited

    def confirm(self, invitation_id: str, by: str) -> None:
        """Another one who decides says that it is fine."""
        invited = self.invited[invitation_id]
        if not self.decides(by):
            raise NotAllowed(Why.DOES_NOT_DECIDE)
        if by in invited.yes:
            raise NotAllowed(Why.NOT_BY_YOURSELF)
        self._check_room(by)
        self.invited[invitation_id] = dataclasses.replace(invited, yes=(*invited.yes, by))

    def found(self, by: str) -> bool:
        """Take the word that they may have another site founded; False where it must be asked for first."""
        self._check_free(by)
        ready = next((one for one in self.invited.values() if one.founds and one.by == by and self.is_ready(one)), None)
        if ready is not None:
            del self.invited[ready.id]
        elif len(self.counted()) > 2:
            if not self.may_found_alone(by):
                return False
            self._change(by, founded_at=self.at.isoformat())
        return True

    def answer_invitation(self, invited: Invited, person: Person) -> None:
        """Somebody comes by it. It must be ready."""
        yes = [member for member in invited.yes if self.decides(member)]
        del self.invited[invited.id]
        was = invited.was if invited.was in self.people and invited.was != person.member else ""
        self.add(dataclasses.replace(person, was=was, decides=False), yes)

    def _check_room(self, member: str) -> None:
        if not self._has_room(member):
            raise NotAllowed(Why.THREE_UNDECIDED, most=UNDECIDED_MAX)

    # Asking and answering

    def ask(self, matter: Matter, by: str, about: str = "") -> Question:
        """Ask everybody; where it is asked already, say yes to it."""
        self._check_decides(by)
        if matter in (Matter.REMOVAL, Matter.NEWCOMER):
            if about == by:
                raise NotAllowed(Why.LEAVE_YOURSELF)
            if about not in self.people:
                raise NotAllowed(Why.NOT_HERE)
        if matter is Matter.NUMBER and about not in map(str, range(1, self.number_most() + 1)):
            raise NotAllowed(Why.NUMBER_TOO_HIGH, most=self.number_most())
        question = self.open_on(matter, about)
        if question is None:
            if matter is Matter.NEWCOMER:
                raise NotAllowed(Why.NOBODY_ASKS)
            self._check_may_begin(by)
            question = self._open(matter, about, (by,))
        return self.answer(question.id, by, yes=True) or question

    def answer(self, question_id: str, by: str, *, yes: bool) -> Question | None:
        """Say yes or no; the question as it stands then, None where that ended it."""
        question = self._open_question(question_id)
        if question.about == by:
            raise NotAllowed(Why.ABOUT_YOU)
        if not yes and self._is_their_place(question, by):
            self._change(question.about, was="")  # they have their words: nobody takes their place
            if not self.decides(by):
                return question
        self._check_decides(by)
        said = {"yes": set(question.yes) - {by}, "no": set(question.no) - {by}}
        said["yes" if yes else "no"].add(by)
        self.questions[question_id] = dataclasses.replace(
            question, yes=tuple(sorted(said["yes"])), no=tuple(sorted(said["no"]))
        )
        self.settle()
        return self.questions.get(question_id)

    def withdraw(self, question_id: str, by: str) -> None:
        """Take an answer back."""
        question = self._open_question(question_id)
        self._check_free(by)
        yes, no = (tuple(one for one in said if one != by) for said in (question.yes, question.no))
        self.questions[question_id] = dataclasses.replace(question, yes=yes, no=no)
        self.settle()

    # What comes of it

    def settle(self) -> None:
        """Bring about what is due: what passes, who is locked out or let in, what ends, whose place lapses."""
        self.passed = tuple(one for one in self.passed if self.at - moment_of(one.at) < FETCH)
        self.invited = {id_: one for id_, one in self.invited.items() if self.is_fresh(one)}
        self._let_time_pass()
        changed = True
        while changed:
            changed = False
            for question_id in list(self.questions):
                changed |= self._settle(question_id)
        self._let_all_in_where_nobody_is_free()

    def _settle(self, question_id: str) -> bool:
        """Look at one question; did anything change that others may hang on?"""
        question = self.questions.get(question_id)
        if question is None:
            return False
        too_old = question.matter is not Matter.NEWCOMER and self._age(question) >= AWAY
        if self.passes(question) and not too_old:
            self._pass(question)
            return True
        if question.matter is Matter.NEWCOMER:
            return False
        changed = False
        if question.matter is Matter.REMOVAL:
            changed = self._lock_or_let_in(self._with_beginners(question))
            question = self.questions[question_id]
        ends = self.ends_at(question)
        if not self.voices(question)[0] or (ends is not None and self.at >= ends):
            self._end(question)
            changed = True
        return changed

    def _pass(self, question: Question) -> None:
        del self.questions[question.id]
        person = self.people.get(question.about)
        self.outcomes.append(Outcome(What.PASSED, question, person))
        if question.matter is Matter.NEWCOMER and person is not None:
            self._change(person.member, decides=True)
        elif question.matter is Matter.REMOVAL:
            self._take_out(question.about)
        elif question.matter is Matter.NUMBER:
            self.number = int(question.about)
        else:
            self.passed = (*self.passed, Passed(matter=question.matter, at=self.at.isoformat()))

    def _with_beginners(self, question: Question) -> Question:
        """With two of those who say yes now as its beginners, where there are two who may begin one.

        Were the first two fixed, an accomplice could ask, go back, and stand in the way. Who was one stays answerable.
        """
        if question.locked_at:
            return question
        yes, begun = self.voices(question)[0], list(question.begun_by)
        for member in sorted(yes):
            if len(yes.intersection(begun)) >= 2:
                break
            if member not in begun and self.may_begin(member):
                begun.append(member)
        self.questions[question.id] = dataclasses.replace(question, begun_by=tuple(begun))
        return self.questions[question.id]

    def _lock_or_let_in(self, question: Question) -> bool:
        person, (yes, no) = self.people[question.about], self.voices(question)
        against = {member for member in no if member != question.about and not self.people[member].is_locked}
        held = bool(question.locked_at)
        begun = len(yes & set(question.begun_by)) >= 2 or (held and len(yes) >= 2)
        since = moment_of(question.locked_at) if held else self.at
        locked = begun and len(yes) > len(against) and self.at - since < LONG
        if held and not person.locked:  # or else two could go back and forth, and give the site a new key each time
            locked = locked and not yes <= set(question.locked_by)
        if locked:
            question = dataclasses.replace(question, locked_by=tuple(sorted(yes.union(question.locked_by))))
            self.questions[question.id] = question
        if locked == person.locked:
            return False
        if locked and not held:
            self.questions[question.id] = dataclasses.replace(question, locked_at=self.at.isoformat())
            for other in list(self.questions.values()):
                if other.id != question.id:
                    self._void(other, person.member)
            self._void_invitations(person.member)
        self._change(person.member, locked=locked)
        what = What.LOCKED if locked else What.LET_IN
        self.outcomes.append(Outcome(what, self.questions[question.id], self.people[person.member]))
        return True

    def _end(self, question: Question) -> None:
        del self.questions[question.id]
        self.outcomes.append(Outcome(What.ENDED, question, self.people.get(question.about)))
        until = (self.at + AWAY).isoformat()
        for member in question.begun_by:
            if member in self.people:
                self._change(member, barred_until=until)
        person = self.people.get(question.about)
        if question.matter is Matter.REMOVAL and person is not None and person.locked:
            self._change(person.member, locked=False)
            self.outcomes.append(Outcome(What.LET_IN, question, self.people[person.member]))

    def _let_time_pass(self) -> None:
        for person in list(self.people.values()):
            if person.member not in self.people:
                continue
            if person.was:
                self._end_old_place(person)
            if person.kept_out_until and self.at >= moment_of(person.kept_out_until):
                self._let_in(person)
            if person.lapses_on and self._today() >= day_of(person.lapses_on):
                self.outcomes.append(Outcome(What.LAPSED, None, person))
                self._take_out(person.member)
            elif not person.lapses_on and self._today() - day_of(person.seen_on) >= LAPSE and not person.is_locked:
                self._change(person.member, lapses_on=(self._today() + LAPSE_NOTICE).isoformat())
                self.outcomes.append(Outcome(What.LAPSES, None, self.people[person.member]))

    def _end_old_place(self, person: Person) -> None:
        """Whose place somebody has come back to: it ends two weeks after they came, if they decide and nobody has
        opened the site there since. Or else two could put out by it whom they like.
        """
        old, came = self.people.get(person.was), moment_of(person.joined_at)
        if old is None or day_of(old.seen_on) > came.date():
            self._change(person.member, was="")
        elif person.decides and self.at - came >= LONG and not old.is_locked:
            theirs = {"wrote_as": old.handle, "wrote_from": old.joined_at, "wrote_until": self.at.isoformat()}
            self._change(person.member, was="", **theirs)
            self.outcomes.append(Outcome(What.LAPSED, None, old))
            self._take_out(old.member)

    def _let_all_in_where_nobody_is_free(self) -> None:
        if self.people and all(person.is_locked for person in self.people.values()):
            for question in [q for q in self.questions.values() if q.matter is Matter.REMOVAL]:
                del self.questions[question.id]
                self.outcomes.append(Outcome(What.ENDED, question, self.people.get(question.about)))
            for person in list(self.people.values()):
                self._let_in(person)

    def _let_in(self, person: Person) -> None:
        self._change(person.member, locked=False, kept_out_until="")
        self.outcomes.append(Outcome(What.LET_IN, None, self.people[person.member]))

    # Small things

    def _open(self, matter: Matter, about: str, by: Ids) -> Question:
        id_ = uuid.uuid4().hex
        asked = Question(id=id_, matter=matter, about=about, asked_at=self.at.isoformat(), begun_by=by, yes=by)
        self.questions[id_] = asked
        return asked

    def _open_question(self, question_id: str) -> Question:
        if (question := self.questions.get(question_id)) is None:
            raise NotAllowed(Why.NOBODY_ASKS)
        return question

    def _change(self, member: str, **said: object) -> None:
        self.people[member] = dataclasses.replace(self.people[member], **said)  # type: ignore[arg-type]

    def _check_free(self, member: str) -> None:
        if not self.is_free(member):
            raise NotAllowed(Why.NOT_HERE)

    def _check_decides(self, member: str) -> None:
        if not self.decides(member):
            raise NotAllowed(Why.DOES_NOT_DECIDE)

    def _check_may_begin(self, member: str) -> None:
        if self._is_barred(member):
            raise NotAllowed(Why.ASKED_AND_LOST, until=moment_of(self.people[member].barred_until).date())
        if not self.may_begin(member):
            raise NotAllowed(Why.ASKS_ALREADY)
