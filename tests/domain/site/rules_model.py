"""The rules among people as they were first tried: small, without a database, with numbers for people. An oracle.

It was tried with adversaries, with slow honest people, and in every order of deeds; the real rules must say the same.
Since then: a lock that was lifted comes back by somebody who had not said yes while it held, and by nobody else.
Times are hours. A deed returns whether the rules allow it.
"""

from __future__ import annotations

import dataclasses
from itertools import count
from math import ceil

DAY = 24.0
SHORT, LONG, AWAY = 3 * DAY, 14 * DAY, 60 * DAY
UNDECIDED_MAX = FLOOR = 3


@dataclasses.dataclass
class Person:
    id: int
    seen: float
    decides: bool = True
    locked: bool = False
    barred: float = -1e9


@dataclasses.dataclass(eq=False)
class Question:
    kind: str  # removal, export, deletion, newcomer
    target: int | None
    at: float
    by: list[int]
    yes: set[int] = dataclasses.field(default_factory=set)
    no: set[int] = dataclasses.field(default_factory=set)
    held: bool = False
    lock_at: float = 0.0
    lock_by: set[int] = dataclasses.field(default_factory=set)


class Model:
    def __init__(self) -> None:
        self.people: dict[int, Person] = {}
        self.questions: list[Question] = []
        self.ids = count()
        self.t = 0.0
        self.done: list[tuple[str, int | None]] = []

    def add(self, *, decides: bool = True) -> int:
        i = next(self.ids)
        self.people[i] = Person(i, self.t, decides)
        return i

    def come(self, i: int) -> None:
        self.people[i].seen = self.t

    def deciders(self) -> list[Person]:
        flagged = [x for x in self.people.values() if x.decides]
        if any(not x.locked for x in flagged):
            return flagged
        return [x for x in self.people.values() if x.decides or not x.locked]

    def counted(self) -> list[Person]:
        return [x for x in self.deciders() if x.locked or self.t // DAY - x.seen // DAY < AWAY // DAY]

    def free(self) -> set[int]:
        return {x.id for x in self.deciders() if not x.locked}

    def open_on(self, kind: str, target: int | None) -> Question | None:
        return next((q for q in self.questions if (q.kind, q.target) == (kind, target)), None)

    def invite(self, *yes: int) -> bool:
        """By the first, with the word of the others."""
        if self.people[yes[0]].locked:
            return False
        agreed = [i for i in yes if i in self.free()]
        if len(agreed) < (2 if len(self.counted()) > 2 else 1):
            return False
        if len(self.deciders()) > 2 and any(self.undecided(i) >= UNDECIDED_MAX for i in agreed):
            return False
        i = self.add(decides=False)
        self.questions.append(Question("newcomer", i, self.t, sorted(agreed), set(agreed)))
        self.settle()
        return True

    def undecided(self, i: int) -> int:
        return sum(q.kind == "newcomer" and i in q.by and self.t - q.at < AWAY for q in self.questions)

    def may_begin(self, i: int, but: Question | None = None) -> bool:
        others = (q for q in self.questions if q is not but and q.kind != "newcomer")
        return self.t >= self.people[i].barred and not any(i in q.by for q in others)

    def ask(self, kind: str, by: int, target: int | None = None) -> bool:
        if by not in self.free() or by == target or (target is not None and target not in self.people):
            return False
        q = self.open_on(kind, target)
        if q is None:
            if not self.may_begin(by):
                return False
            q = Question(kind, target, self.t, [by])
            self.questions.append(q)
        return self.answer(q, by, yes=True)

    def answer(self, q: Question, by: int, *, yes: bool) -> bool:
        if by not in self.free() or by == q.target:
            return False
        (q.yes if yes else q.no).add(by)
        (q.no if yes else q.yes).discard(by)
        self.settle()
        return True

    def withdraw(self, q: Question, by: int) -> bool:
        if self.people[by].locked:
            return False
        q.yes.discard(by)
        q.no.discard(by)
        self.settle()
        return True

    def leave(self, i: int) -> None:
        del self.people[i]
        for q in self.questions:
            q.yes.discard(i)
            q.no.discard(i)
        self.settle()

    def voices(self, q: Question) -> tuple[set[int], set[int]]:
        locked = {x.id for x in self.deciders() if x.locked}
        come = {x.id for x in self.counted()}
        return q.yes & self.free() & come, (q.no & self.free()) | (locked - {q.target})

    def passes(self, q: Question) -> bool:
        yes, no = self.voices(q)
        y, every, age = len(yes), len(self.counted()), self.t - q.at
        n = len([x for x in self.counted() if x.id != q.target])
        if q.kind != "removal" and len(self.deciders()) == 1 and y == 1:
            return True
        if q.kind == "newcomer" and y * 2 > n > 1 and y >= min(3, n):
            return True
        if q.kind != "newcomer" and y * 2 > n and y >= 2 and age >= SHORT:
            return True
        if q.kind == "deletion" and n > 1:
            return False
        low = 2 if q.kind == "removal" else 1
        return age >= LONG and y > len(no) and y >= max(low, ceil(every / 3), min(FLOOR, n))

    def settle(self) -> None:
        again = True
        while again:
            again = False
            for q in list(self.questions):
                if q.target is not None and q.target not in self.people:
                    if q in self.questions:
                        self.questions.remove(q)
                    continue
                too_old = q.kind != "newcomer" and self.t - q.at >= AWAY
                if self.passes(q) and not too_old:
                    self.questions.remove(q)
                    again = True
                    self.done.append((q.kind, q.target))
                    if q.kind == "newcomer":
                        self.people[q.target].decides = True
                    elif q.kind == "removal":
                        del self.people[q.target]
                elif q.kind != "newcomer":
                    again |= self.hold(q)
        if self.people and all(x.locked for x in self.people.values()):
            self.questions = [q for q in self.questions if q.kind != "removal"]
            for x in self.people.values():
                x.locked = False

    def hold(self, q: Question) -> bool:
        yes, no = self.voices(q)
        changed = False
        if q.kind == "removal":
            x = self.people[q.target]
            if not q.held:
                for b in sorted(yes):
                    if len(yes.intersection(q.by)) < 2 and b not in q.by and self.may_begin(b, but=q):
                        q.by.append(b)
            begun = len(yes.intersection(q.by)) >= 2 or (q.held and len(yes) >= 2)
            against = {i for i in no if i != q.target and not self.people[i].locked}
            lock = begun and len(yes) > len(against) and self.t - (q.lock_at if q.held else self.t) < LONG
            if q.held and not x.locked:
                lock = lock and bool(yes - q.lock_by)  # by somebody new, or it is not locked again
            if lock:
                q.lock_by |= yes
            if lock != x.locked:
                x.locked = changed = True
                if lock and not q.held:
                    q.held, q.lock_at = True, self.t
                    for other in self.questions:
                        if other is not q:
                            other.yes.discard(x.id)
                x.locked = lock
        since = (q.lock_at if q.held else q.at) if q.kind == "removal" else q.at
        if not self.voices(q)[0] or self.t - since >= (LONG if q.kind == "removal" else AWAY):
            self.questions.remove(q)
            changed = True
            if q.kind == "removal":
                self.people[q.target].locked = False
            for b in q.by:
                if b in self.people:
                    self.people[b].barred = self.t + AWAY
        return changed
