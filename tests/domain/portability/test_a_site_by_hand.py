"""One site, written out, and every figure about it worked out by hand: chart, eddies, turnout and strength tests.

It is Sunday, 22 November 2026, at the Depot. The weeks that eddies are counted in begin on these Mondays:

    1: 31 Aug   2:  7 Sep   3: 14 Sep   4: 21 Sep    5: 28 Sep    6:  5 Oct
    7: 12 Oct   8: 19 Oct   9: 26 Oct  10:  2 Nov   11:  9 Nov   12: 16 Nov
"""

from __future__ import annotations

import datetime
from collections import Counter

import pytest

from bulletin.db import db
from bulletin.domain.actions import structure_tests, turnouts
from bulletin.domain.actions.actions import Action
from bulletin.domain.actions.structure_tests import StructureTest
from bulletin.domain.actions.turnouts import TurnoutCount
from bulletin.domain.people.chart import Chart
from bulletin.domain.people.contacts import Contact, Stand
from bulletin.domain.people.conversations import Conversation
from bulletin.domain.people.erasure import forget
from bulletin.domain.people.issue_trends import eddies_at
from bulletin.domain.people.units import NOWHERE, Department, Shift
from tests.homes import ON_SQLITE

pytestmark = ON_SQLITE

TODAY = datetime.date(2026, 11, 22)

# How many work there, the last in no particular shift; – where nobody has said.
HEADCOUNTS = """
          Early  Late  Night   –
Loading      12     8      –   –
Office        6     –      7   –
Packing      30    24     40   –
Picking       –     –      –  90    nobody has said how many in which shift
Yard         10     –      –  20    twenty in the other shifts
"""

# Who, where and when they work; – where it is not known.
PEOPLE = """
Amina    Packing  Early
Bruno    Packing  Early
Chidi    Packing  Early
Dara     Packing  Late
Elif     Packing  Late
Farid    Packing  –
Goran    Loading  Early
Halima   Loading  Early
Ines     Loading  Late
Jamal    Loading  Night
Kofi     Office   Early
Lena     Office   Late
Malik    –        –
Nadia    Packing  Night
Zoe      Packing  Late    has left since
Olga     Picking  Night
Piotr    Picking  Night
Quinn    Picking  Night
Rania    Picking  Night
Sami     Picking  –
Tomas    Yard     Late
Uma      Yard     Early
"""

# The day, with whom, where they stood, and what came up.
TALKS = """
2026-08-30  Kofi   3  safety             week 0: says where Kofi stands, and is in no eddy
2026-08-31  Amina  2  pay,staffing       week 1
2026-09-10  Bruno  3  pay                week 2
2026-09-16  Dara   3  hours              week 3
2026-09-25  Amina  –  staffing           week 4
2026-10-07  Goran  4  pay                week 6
2026-10-13  Jamal  2  safety,staffing    week 7
2026-10-19  Elif   5  –                  week 8
2026-10-21  Chidi  2  staffing           week 8
2026-10-28  Bruno  2  staffing,hours     week 9
2026-11-03  Goran  3  staffing,safety    week 10
2026-11-04  Ines   –  staffing           week 10
2026-11-10  Amina  1  staffing,pay       week 11
2026-11-12  Malik  3  staffing           week 11
2026-11-16  Dara   2  staffing,hours     week 12
2026-11-18  Farid  3  staffing           week 12
2026-11-19  Lena   2  staffing           week 12
2026-11-20  Bruno  –  safety,staffing    week 12
2026-11-21  Chidi  4  hours              withdrawn: it counts nowhere
2026-11-21  Zoe    2  staffing           week 12
2026-11-22  Ines   2  racism,safety      week 12
2026-11-20  Olga   2  –                  the pickers and those in the yard bring nothing up
2026-11-20  Piotr  1  –
2026-11-20  Quinn  2  –
2026-11-20  Rania  –  –
2026-11-20  Tomas  3  –
"""

# Two strength tests: who was asked, whether they committed, whether they came.
PETITION = """
Amina  committed  came
Bruno  committed  –
Chidi  –          came
Dara   committed  came
Goran  –          –
Jamal  committed  came
Zoe    committed  came
Olga   –          came
"""  # and 3 who are in no list
MARCH = """
Amina  committed  came
Bruno  committed  came
Chidi  committed  –
Dara   committed  came
Elif   –          came
Farid  committed  came
Goran  –          came
Ines   committed  came
Jamal  committed  came
Kofi   –          –
Lena   committed  came
Malik  committed  came
Olga   committed  came
Piotr  committed  came
Quinn  –          –
Sami   –          came
Tomas  committed  came
"""  # and 23 who are in no list: rounded down, 20


def rows(table: str) -> list[list[str]]:
    return [line.split() for line in table.strip().splitlines()]


class Depot:
    """The site as the tables have it."""

    def __init__(self, site) -> None:
        self.site, self.id = site, site.id
        shifts, *departments = rows(HEADCOUNTS)
        self.shifts = {name: Shift.add(site.id, name) for name in shifts if name != "–"}
        self.departments = {}
        for name, *counts in (line[:5] for line in departments):
            self.departments[name] = Department.add(site.id, name)
            known = {shift: int(count) for shift, count in zip(shifts, counts, strict=True) if count != "–"}
            self.departments[name].estimate({self.place("–", shift)[1]: count for shift, count in known.items()})
        self.people = {}
        for name, department, shift, *_ in rows(PEOPLE):
            place = dict(zip(("department", "shift"), self.place(department, shift), strict=True))
            self.people[name] = Contact.add(site.id, name, by="Rosa", **place)
        for day, name, stand, struggles, *remark in rows(TALKS):
            talk = Conversation.note(
                self.people[name],
                by="Rosa",
                day=datetime.date.fromisoformat(day),
                stand=None if stand == "–" else int(stand),
                struggles=[] if struggles == "–" else struggles.split(","),
            )
            if remark[:1] == ["withdrawn:"]:
                talk.withdraw(by="Rosa")
        self.petition = self.test("2026-10-01", PETITION, others=3)
        self.march = self.test("2026-11-17", MARCH, others=23)
        self.people["Zoe"].leave()
        db.session.commit()

    def test(self, day: str, table: str, others: int) -> Action:
        start = datetime.datetime.fromisoformat(f"{day}T12:00+00:00")
        action = Action.propose(self.id, start, start + datetime.timedelta(hours=2), by="Rosa", test=True)
        db.session.flush()
        for name, committed, came in rows(table):
            said, there = committed == "committed", came == "came"
            turnouts.note(action, [self.people[name]], by="Rosa", committed=said, came=there)
        action.note_outcome(by="Rosa", others=others)
        return action

    def place(self, department: str, shift: str) -> tuple[str, str]:
        return (
            NOWHERE if department == "–" else self.departments[department].id.hex,
            NOWHERE if shift == "–" else self.shifts[shift].id.hex,
        )

    def unit(self, named: str) -> str:
        return " ".join(self.place(*named.split()))

    def named(self, department: str, shift: str) -> str:
        known = {one.id.hex: name for name, one in (*self.departments.items(), *self.shifts.items())}
        return f"{known.get(department, '–')} {known.get(shift, '–')}"


@pytest.fixture
def site(here, stopped) -> Depot:
    stopped("2026-11-22T12:00:00+00:00")
    return Depot(here)


@pytest.fixture
def chart(site) -> Chart:
    return Chart.of(site.id)


# Where they stand: the last talk that says so. Amina 1 (10 Nov); Bruno 2 (28 Oct, the one of 20 Nov does not say);
# Chidi 2 (that of 21 Nov is withdrawn); Dara 2; Elif 5; Farid 3; Goran 3 (was 4); Ines 2; Jamal 2; Kofi 3; Lena 2;
# Malik 3; Olga 2, Piotr 1, Quinn 2, Rania: talked with, not said; Tomas 3.
# Halima, Nadia, Sami and Uma: nobody has talked with them.
# The ninety pickers are in no particular shift, so the four on nights are four of them, as Sami is one. Of the yard's
# twenty in other shifts Tomas is one; Uma is of the ten on earlies.
CELLS = """
Loading  Early  12  1  Goran=3,Halima=–
Loading  Late    8  1  Ines=2
Loading  Night   –  1  Jamal=2
Office   Early   6  1  Kofi=3
Office   Late    –  1  Lena=2
Office   Night   7  0  –
Packing  Early  30  3  Amina=1,Bruno=2,Chidi=2
Packing  Late   24  2  Dara=2,Elif=5
Packing  Night  40  0  Nadia=–
Packing  –       –  1  Farid=3
Picking  Night   –  4  Olga=2,Piotr=1,Quinn=2,Rania=–
Picking  –      90  4  Sami=–                           and the four on nights
Yard     Early  10  0  Uma=–
Yard     Late    –  1  Tomas=3
Yard     –      20  1  –                                and Tomas
–        –       –  1  Malik=3
"""


def test_the_chart_shows_everybody_who_is_here_in_their_place(site, chart):
    found = []
    for cell in chart.cells:
        stands = [f"{one.name}={one.brief.stand or '–'}" for one in cell.contacts]
        count = "–" if cell.whole is None else str(cell.whole)
        place = site.named(cell.department, cell.shift).split()
        found.append([*place, count, str(cell.talked), ",".join(stands) or "–"])
    assert found == [line[:5] for line in rows(CELLS)], (
        "in the order of departments, then shifts, those of none last; Zoe has left"
    )


def test_the_chart_counts_where_they_stand_cell_by_cell(site, chart):
    def stands(named):
        return chart.cell(*site.place(*named.split())).stands

    assert stands("Packing Early") == {Stand.ORGANISES: 1, Stand.WITH_US: 2}
    assert stands("Packing Late") == {Stand.WITH_US: 1, Stand.CAREFUL: 1}
    assert stands("Loading Early") == {Stand.UNDECIDED: 1, None: 1}
    assert stands("Office Night") == {}
    assert stands("Picking Night") == {Stand.ORGANISES: 1, Stand.WITH_US: 2, None: 1}
    assert stands("Picking –") == {Stand.ORGANISES: 1, Stand.WITH_US: 2, None: 2}, "and Sami"
    assert stands("Yard –") == {Stand.UNDECIDED: 1}, "Tomas, on lates; not Uma, whose shift has its own number"


def test_the_chart_adds_up(chart):
    assert chart.whole == 247  # 12 + 8 + 6 + 7 + 30 + 24 + 40 = 127, + 90 + 10 + 20
    assert chart.contacts == 21  # twenty-two in the list, without Zoe
    assert chart.talked == 17  # without Halima, Nadia, Sami and Uma: everybody once, whatever number covers them
    assert chart.stands == Counter(
        {
            Stand.ORGANISES: 2,  # Amina, Piotr
            Stand.WITH_US: 8,  # Bruno, Chidi, Dara, Ines, Jamal, Lena, Olga, Quinn
            Stand.UNDECIDED: 5,  # Farid, Goran, Kofi, Malik, Tomas
            Stand.CAREFUL: 1,  # Elif
            None: 5,  # Halima, Nadia, Rania, Sami, Uma
        }
    )


def test_coverage_is_the_share_of_those_who_were_counted(site, chart):
    # Of the seventeen talked with, Jamal and Lena work where nobody has said how many there are: fifteen of 247.
    # Farid is in Packing and Malik somewhere: among those who were counted, as far as anybody knows. The four pickers
    # on nights are of the ninety, and Tomas is of the twenty.
    assert chart.coverage == 15 / 247
    assert chart.cell(*site.place("Picking", "–")).coverage == 4 / 90
    assert chart.cell(*site.place("Picking", "Night")).coverage is None
    assert chart.cell(*site.place("Yard", "–")).coverage == 1 / 20
    assert chart.cell(*site.place("Packing", "Early")).coverage == 3 / 30
    assert chart.cell(*site.place("Packing", "Night")).coverage == 0
    assert chart.cell(*site.place("Loading", "Night")).coverage is None


def test_gaps_are_where_nobody_was_talked_with_most_people_first(site, chart):
    # Nadia and Uma are in the list, but nobody has talked with them. Loading at night: nobody knows how many.
    # With four of the ninety pickers somebody has talked, and with one of the twenty in the yard's other shifts.
    assert [(site.named(cell.department, cell.shift), cell.whole) for cell in chart.gaps] == [
        ("Packing Night", 40),
        ("Yard Early", 10),
        ("Office Night", 7),
    ]
    assert chart.maybe_in_gaps == 2, "Farid, in Packing on some shift, and Malik, anywhere"


#               week  1  2  3  4  5  6  7  8  9 10 11 12   lately   before
EDDIES = """
staffing              1  0  0  1  0  0  1  1  1  2  2  5   9        3
safety                0  0  0  0  0  0  1  0  0  1  0  2   3        1
pay                   1  1  0  0  0  1  0  0  0  0  1  0   1        0
racism                0  0  0  0  0  0  0  0  0  0  0  1   1        0
hours                 0  0  1  0  0  0  0  0  1  0  0  1   1        1
"""
# Staffing, week by week: Amina; Amina; Jamal; Chidi; Bruno; Goran, Ines; Amina, Malik; Dara, Farid, Lena, Bruno, Zoe.
# Safety without Kofi's of 30 August: Jamal; Goran; Bruno, Ines. Hours without Chidi's, withdrawn: Dara; Bruno; Dara.


def test_eddies_are_counted_by_week_rising_ones_first(site):
    # They rise by 6, 2, 1, 1 and 0; of two that rise alike, pay comes before racism in the list of struggles.
    found = [
        [eddy.struggle.value, *map(str, eddy.weeks), str(eddy.lately), str(eddy.before)]
        for eddy in eddies_at(site.id, TODAY)
    ]
    assert found == rows(EDDIES)
    assert [eddy.rises for eddy in eddies_at(site.id, TODAY)] == [
        True,
        True,
        False,
        False,
        False,
    ]  # once is nothing yet


def test_a_week_later_everything_has_moved_on_by_one(site):
    (staffing, *_) = (eddy for eddy in eddies_at(site.id, TODAY + datetime.timedelta(days=1)))
    assert staffing.weeks == (0, 0, 1, 0, 0, 1, 1, 1, 2, 2, 5, 0), "it is Monday"
    assert (staffing.lately, staffing.before) == (7, 4)


#               asked committed came
PETITION_BY_UNIT = """
Loading Early       1  0  0   Goran
Loading Night       1  1  1   Jamal
Packing Early       3  2  2   Amina and Chidi came, Amina and Bruno had said so
Packing Late        2  2  2   Dara, Zoe
Picking Night       1  0  1   Olga
"""
MARCH_BY_UNIT = """
Loading Early       1  0  1   Goran
Loading Late        1  1  1   Ines
Loading Night       1  1  1   Jamal
Office  Early       1  0  0   Kofi
Office  Late        1  1  1   Lena
Packing Early       3  3  2   Amina and Bruno came; Chidi did not
Packing Late        2  1  2   Dara, Elif
Packing –           1  1  1   Farid
–       –           1  1  1   Malik
Picking Night       3  2  2   Olga, Piotr; Quinn did not come
Picking –           1  0  1   Sami
Yard    Late        1  1  1   Tomas
"""


def by_unit(site: Depot, table: str) -> dict[str, TurnoutCount]:
    return {
        " ".join(site.place(department, shift)): TurnoutCount(*map(int, counts[:3]))
        for department, shift, *counts in rows(table)
    }


def check_turnout(site: Depot) -> None:
    assert turnouts.by_unit(site.petition) == by_unit(site, PETITION_BY_UNIT)
    assert turnouts.by_unit(site.march) == by_unit(site, MARCH_BY_UNIT)
    assert turnouts.count_turnout(site.petition) == TurnoutCount(asked=8, committed=5, came=6, others=3)
    assert turnouts.count_turnout(site.petition).all_who_came == 9
    assert turnouts.count_turnout(site.march) == TurnoutCount(asked=17, committed=12, came=14, others=20)
    assert turnouts.count_turnout(site.march).all_who_came == 34


def test_turnout_adds_up_place_by_place(site):
    check_turnout(site)


#                came of   more than at the petition
STRENGTH = """
Loading Early    1  12    1
Loading Late     1   8    1
Loading Night    1   –    0
Office  Early    0   6    0
Office  Late     1   –    1
Office  Night    0   7    0
Packing Early    2  30    0
Packing Late     2  24    0
Packing Night    0  40    0
Packing –        1   –    1
–       –        1   –    1
Picking Night    2   –    1
Picking –        3  90    2    Sami, and the two on nights; one from nights the last time
Yard    Early    0  10    0
Yard    Late     1   –    1
Yard    –        1  20    1    Tomas
"""


def check_strength(site: Depot) -> None:
    test = StructureTest.of(site.march)
    assert test.before is site.petition
    found = {}
    for place in test.places:
        whole = "–" if place.whole is None else str(place.whole)
        found[site.named(place.department, place.shift)] = [str(place.turnout.came), whole, str(place.change)]
        assert place.share == (place.turnout.came / place.whole if place.whole else None)
    assert found == {f"{department} {shift}": figures[:3] for department, shift, *figures in rows(STRENGTH)}
    # Everybody: 14 in the list and 20 others, of 247; but Jamal and Lena come from where nobody was counted.
    assert (test.total.turnout.all_who_came, test.total.whole, test.total.share) == (34, 247, 32 / 247)
    assert test.total.change == 25  # 34 now; 6 in the list and 3 others then


def test_the_march_is_measured_against_the_whole_and_the_petition(site):
    check_strength(site)


def test_the_first_test_is_compared_with_none(site):
    test = StructureTest.of(site.petition)
    assert test.before is None
    assert {place.change for place in test.places} == {None}
    assert test.total.change is None
    assert test.total.share == 8 / 247  # nine came; Jamal is from where nobody was counted
    assert structure_tests.tests_at(site.id) == [site.march, site.petition]


def test_figures_stay_when_names_become_counts_and_zoe_and_amina_are_forgotten(site):
    assert site.petition.names_until == datetime.date(2026, 10, 31)
    assert turnouts.become_counts(site.id) == 1, "the petition; the march was five days ago"
    for name in ("Zoe", "Amina"):
        forget(site.people[name])
    db.session.commit()
    check_turnout(site)
    check_strength(site)
    assert turnouts.Turnout.all_for(site.petition) == {}
    assert len(turnouts.Turnout.all_for(site.march)) == 16, "without Amina"
    chart = Chart.of(site.id)
    assert (chart.contacts, chart.talked, chart.stands[Stand.ORGANISES]) == (20, 16, 1)
    staffing = eddies_at(site.id, TODAY)[0]
    assert staffing.weeks == (0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 1, 4), "what those two said is gone with them"
