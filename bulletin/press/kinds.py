"""What each kind of bulletin asks for."""

from __future__ import annotations

import dataclasses
import pathlib

BULLETINS = pathlib.Path(__file__).parents[2] / "templates" / "bulletins"


@dataclasses.dataclass(frozen=True)
class Question:
    """A question the writers put to themselves. Its answer is printed, or is for them alone."""

    text: str
    printed: bool


@dataclasses.dataclass(frozen=True)
class Kind:
    """One kind of bulletin. `name` is its folder under templates/bulletins; sizes are of the text, in points."""

    name: str
    title: str
    purpose: str
    questions: tuple[Question, ...]
    words: int  # what a full sheet of it holds, on both sides together
    sides_max: int = 2
    size_min_pt: float = 9.5
    size_max_pt: float = 12.0
    columns: int = 3
    headline_lines: int = 2
    headline_share: float = 0.21  # of the height of the paper, at most, unless there is room to fill
    headline_measure: float = 1.0  # the share of the measure that its widest line may take
    headline_leading: float = 0.91  # from line to line, in em; page.css says the same
    headline_justified: bool = False  # each line as wide as the measure, like a playbill

    @property
    def sample(self) -> str:
        """The manuscript of its sample."""
        return (BULLETINS / self.name / "sample.md").read_text(encoding="utf-8")


def _printed(text: str) -> Question:
    return Question(text, printed=True)


def _for_us(text: str) -> Question:
    return Question(text, printed=False)


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            name="regular",
            title="Regular bulletin",
            purpose="One sheet, both sides: what happened, what another shift does not know, what we do next.",
            questions=(
                _for_us("What is everybody talking about? Which of it does another shift not know yet?"),
                _printed("What happened, and what did people do about it? That is the lead."),
                _for_us("Has each person whose story it is said that we may print it?"),
                _printed("What came back on the last number?"),
                _printed("What do we do next, and when? Give the day, the hour and the place."),
                _printed("Which wider fight touches us?"),
            ),
            words=850,
        ),
        Kind(
            name="no-deal",
            title="We say no",
            purpose="For a vote on a bad offer: what it says, what it means, and what follows a No.",
            questions=(
                _printed("What does the offer say, word for word, and where is that written?"),
                _printed("What is missing from it? What is only a promise?"),
                _printed("What does each grade take home, before and after, at today’s prices?"),
                _printed("What is their best argument, and what do we answer?"),
                _printed("How does one vote, and until when?"),
                _printed("What follows a No, and who does it?"),
                _for_us("Who decided that we put this out, and how many were there?"),
            ),
            words=800,
            columns=2,
            headline_measure=0.95,
        ),
        Kind(
            name="meeting",
            title="Meeting call",
            purpose="One side, big enough to read from across the room: what will be decided, when and where.",
            questions=(
                _printed("What will be decided?"),
                _printed("When and where? Is there a second time for nights?"),
                _printed("Languages, children, steps, the bus home?"),
                _printed("What can somebody do who cannot come?"),
                _for_us("Who is not invited, and may the place be printed at all?"),
            ),
            words=110,
            sides_max=1,
            size_max_pt=24.0,
            columns=1,
            headline_lines=3,
            headline_leading=0.97,
            headline_share=0.27,
            headline_justified=True,
        ),
    )
}
