"""What each kind of bulletin asks for."""

from __future__ import annotations

import dataclasses
import pathlib

PLAIN_SIZE_PT = 10.0
BULLETINS = pathlib.Path(__file__).parents[2] / "templates" / "bulletins"


@dataclasses.dataclass(frozen=True)
class Question:
    """A question the writers put to themselves. Its answer is printed, as a piece of its own, or is for them alone.

    `piece`: the block it goes into, "text" for none; `heading`: what stands above it until somebody writes another.
    """

    text: str
    printed: bool
    piece: str = "article"
    heading: str = ""
    side: int = 1


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
    grid_pt: float = 0.25  # from one size to the next
    columns: int = 3
    lead_words: int = 0  # a text of no more words that begins the sheet goes across all columns
    headline_lines: int = 2
    headline_share: float = 0.21  # of the height of the paper, at most, unless there is room to fill
    headline_share_max: float = 0.38  # … and where there is
    headline_measure: float = 1.0  # the share of the measure that its widest line may take
    headline_leading: float = 0.91  # from line to line, in em, where letters of two lines do not meet
    headline_justified: bool = False  # each line as wide as the measure, like a playbill
    headline_capitals: bool = False  # page.css sets it in capitals
    across: tuple[str, ...] = ()  # blocks that stand across the whole measure of the front: the first of each
    slip_lines: int = 0  # lines to write on under a notice that ends it, which is torn off; 0: none is

    @property
    def plain_size_pt(self) -> float:
        """The size of a text that is not fitted: ten points, or the smallest of its kind."""
        return max(PLAIN_SIZE_PT, self.size_min_pt)

    @property
    def sample(self) -> str:
        """The manuscript of its sample."""
        return (BULLETINS / self.name / "sample.md").read_text(encoding="utf-8")

    @property
    def samples(self) -> dict[str, str]:
        """The manuscripts of its samples by language, English first: `sample.es.md` is the one in Spanish."""
        others = sorted((BULLETINS / self.name).glob("sample.*.md"))
        return {"en": self.sample} | {
            path.name.split(".", 1)[1].removesuffix(".md"): path.read_text(encoding="utf-8") for path in others
        }


def _printed(text: str, piece: str = "article", heading: str = "", side: int = 1) -> Question:
    return Question(text, printed=True, piece=piece, heading=heading, side=side)


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
                _printed("What happened, and what did people do about it? That is the lead.", "text"),
                _for_us("Has each person whose story it is said that we may print it?"),
                _printed("What came back on the last number?", "echo", side=2),
                _printed(
                    "What do we do next, and when? Give the day, the hour and the place.", "notice", "What we do next"
                ),
                _printed("Which wider fight touches us?", "article", side=2),
            ),
            words=850,
        ),
        Kind(
            name="strike",
            title="We stop",  # what stands on a phone, beside which somebody sits
            purpose="For when work stops: when and where, what ends it, and answers for those who hesitate.",
            questions=(
                _for_us("Is it official or not, and may that be printed? Who has read this who knows your law?"),
                _printed("Which days, which shifts, which gates?", "text"),
                _printed("What do we demand, and why now?", "demands", "What we demand"),
                _printed("What ends it, who decides that, and where do we meet?", "notice", "What ends it"),
                _printed("Which emergency cover is there, and who agreed to it?", "article", side=2),
                _printed("Agency, visa, probation: what about them?", "article", side=2),
                _printed("Whom does one call if threatened?", "article", side=2),
                _printed("Where is there money, for whom, and who counts it?", "article", side=2),
            ),
            words=815,
            columns=2,
            lead_words=40,
            headline_share=0.2,
            across=("demands",),
        ),
        Kind(
            name="no-deal",
            title="We say no",
            purpose="For a vote on a bad offer: what it says, what it means, and what follows a No.",
            questions=(
                _printed("What does the offer say, word for word, and where is that written?", "text"),
                _printed("What is missing from it? What is only a promise?"),
                _printed("What does each grade take home, before and after, at today’s prices?", "article", side=2),
                _printed("What is their best argument, and what do we answer?", "article", side=2),
                _printed("How does one vote, and until when?", "notice", "How to vote"),
                _printed("What follows a No, and who does it?", "article", side=2),
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
                _printed("What will be decided?", "demands", "We decide"),
                _printed("When and where? Is there a second time for nights?", "notice", "When and where"),
                _printed("Languages, children, steps, the bus home?"),
                _printed("What can somebody do who cannot come?", "box", "Cannot come?"),
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
        Kind(
            name="rights",
            title="Rights at work",
            purpose="One side to fold into a pocket: the situation, the rule, what to say, what to write down.",
            questions=(
                _printed("Which situation is it about? Tell it as it happens here.", "text"),
                _printed(
                    "Which law or agreement, which clause, which country? From when is the text?", "article", "The rule"
                ),
                _printed("What can somebody say, word for word, when it happens?", "article", "What to say"),
                _printed("What should be written down, and where should it be kept?", "article", "Write down"),
                _printed("Does it hold for agency staff, in probation, on a visa?"),
                _printed(
                    "What is the risk of using it alone? Whom to ask first?", "article", "Before you use it alone"
                ),
                _printed(
                    "Who checked it, and when? Say it without a name: “two of us and an adviser”.", "notice", "Checked"
                ),
                _for_us("Who looks at it again, and on which day?"),
            ),
            words=250,
            sides_max=1,
            columns=2,
            lead_words=90,
            headline_share=0.1,
            headline_share_max=0.2,
        ),
        Kind(
            name="solidarity",
            title="Solidarity",
            purpose="For people elsewhere who are in a fight: their own words, why it is ours too, a slip to tear off.",
            questions=(
                _for_us("Did they agree to the text, and to their name under it?"),
                _printed("What do they say, in their own words?", "quote"),
                _printed("What do they ask for?", "demands", "What they ask for"),
                _printed("Same owner, same agency, same supplier: why is it ours too?"),
                _printed("What can be done in five minutes, and what at work?", "article", side=2),
                _printed("Is there money, and who accounts for it?", "article", side=2),
                _printed(
                    "What should the slip at the end say? The last notice is torn off and handed in.", "notice", side=2
                ),
            ),
            words=560,
            columns=2,
            lead_words=40,
            headline_share=0.19,
            across=("quote", "demands"),
            slip_lines=3,
        ),
        Kind(
            name="report",
            title="Report back",
            purpose="One side, afterwards: what we tried, what came of it, what did not, and the next step.",
            questions=(
                _printed("What did we try?", "article", "What we tried"),
                _printed("How many took part? Round down."),
                _printed("What did management, or the landlord, answer?", "article", "What they answered"),
                _printed("What is won, and what is not?"),
                _printed("What would we do again, and what not?", "article", "What we would do again, and what not"),
                _for_us("Who could be recognised in this, and do they know?"),
                _printed("What comes next, and when? Let that be the last block.", "notice", "Next"),
            ),
            words=420,
            sides_max=1,
            columns=2,
            lead_words=40,
            headline_share=0.1,
        ),
        Kind(
            name="poster",
            title="Poster",
            purpose="For a wall, readable at ten metres: one sentence, what to do, by when. At most 25 words.",
            questions=(
                _printed("What is the one sentence?", "text"),
                _printed("Do what, and by when?", "notice"),
                _for_us("Who reads it, and from how far? Stand there and look at the wall first."),
                _for_us("Where may it hang? Who puts it up, and who takes it down again?"),
            ),
            words=25,
            sides_max=1,
            size_min_pt=60.0,  # capitals of 15 mm, which good eyes read at ten metres
            size_max_pt=96.0,
            grid_pt=1.0,
            columns=1,
            headline_lines=5,
            headline_capitals=True,
            headline_leading=0.86,
            headline_share=0.5,
            headline_share_max=0.72,
        ),
    )
}
