"""The chart: who works where, with whom somebody has talked, and where nobody is yet."""

from __future__ import annotations

import dataclasses
import uuid
from collections import Counter

from flask import Blueprint, render_template, request
from flask_babel import format_percent

from bulletin.db import today
from bulletin.domain.people.chart import Cell, Chart
from bulletin.domain.people.contacts import Stand
from bulletin.web.guard import identity
from bulletin.web.shared.labels import STANDS, unit_name

pages = Blueprint("chart", __name__, url_prefix="/sites/<uuid:site_id>/chart")


@dataclasses.dataclass(frozen=True)
class ChartRow:
    """One department in one shift, as the page shows it. `share`: of those who work there, somebody has talked with."""

    name: str
    cell: Cell
    share: str

    @property
    def parts(self) -> list[tuple[int, int]]:
        """For the bar: where each stand begins and how many have it, from who organises to who is not known yet."""
        return parts(self.cell.stands)

    @property
    def length(self) -> int:
        """Of the whole bar: all who work there, or all who are in the list where more are."""
        return max(self.cell.whole or 0, self.cell.known)

    @property
    def names(self) -> list[tuple[str, str]]:
        """Who is in the list just here, and where they stand: nobody is named twice."""
        return [(contact.name, str(STANDS[contact.stand])) for contact in self.cell.contacts]


@pages.get("")
def show(site_id: uuid.UUID) -> str:
    """The chart as it is now; with names only for who asks for them."""
    me = identity.open_site(site_id)
    chart = Chart.of(site_id)
    departments = {unit.id.hex: unit.name for unit in chart.departments}
    shifts = {unit.id.hex: unit.name for unit in chart.shifts}

    def row(cell: Cell) -> ChartRow:
        rest = chart.counted.is_rest((cell.department, cell.shift))
        name = unit_name(departments.get(cell.department, ""), shifts.get(cell.shift, ""), rest=rest)
        return ChartRow(name, cell, share(cell.coverage))

    rows = [row(cell) for cell in chart.cells]
    return render_template(
        "people/chart/show.html",
        site=me.site,
        chart=chart,
        share=share(chart.coverage),
        rows=rows,
        gaps=[row(cell) for cell in chart.gaps],
        longest=max((row.length for row in rows), default=0),
        stands=STANDS,
        named="names" in request.args,
        today=today(me.site.zone),
    )


def share(part: float | None) -> str:
    """A share in percent; empty where it is not known."""
    return "" if part is None else format_percent(part, "#,##0 %")


def parts(stands: Counter[Stand | None]) -> list[tuple[int, int]]:
    """Where each stand begins in a bar, and how many have it; in the order of names.STANDS."""
    found, start = [], 0
    for stand in STANDS:
        found.append((start, stands[stand]))
        start += stands[stand]
    return found
