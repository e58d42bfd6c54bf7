"""What is said where something about people is refused."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from bulletin.domain.people.contact_fields import fields
from bulletin.domain.people.refusals import Field, NoBook, Why

from .marks import N_, Sentence

SENTENCES: Mapping[enum.Enum, Sentence] = {
    Why.LIST_FULL: N_("There are %(most)s people in the list already."),
    Why.NOT_THERE: N_("They are not in the list any more."),
    Why.NAME_NEEDED: N_("Give a name, or what people call them, of at most %(most)s letters."),
    Why.TOO_LONG_FOR: N_("What you wrote for “%(field)s” is too long: at most %(most)s letters."),
    Why.NOT_TWO_PEOPLE: N_("Choose two different people."),
    Why.NOTES_TOO_LONG: N_("Together they have more notes than there is room for: shorten them first."),
    Why.DAY_TO_COME: N_("That day is still to come: plan it as a follow-up."),
    Why.TWO_YEARS_AGO: N_("That is more than two years ago: look at the year."),
    Why.WITHDRAWN: N_("This was withdrawn: note the talk anew."),
    Why.TEXT_TOO_LONG: N_("Keep it to %(most)s letters."),
    Why.DAY_OVER: N_("That day is over: choose one that is still to come."),
    Why.A_YEAR_AWAY: N_("That is more than a year away: look at the year."),
    Why.REASON_NEEDED: N_("Say in a few words why: you will be glad of it on the day."),
    Why.NO_PHONE_NUMBER: N_(
        "That is no telephone number: type it as you would dial it, or put it below, with other ways."
    ),
    Why.SIGN_IN_NUMBER: N_(
        "There is “%(sign)s” in that telephone number: type it as you would dial it, or put it below, with other ways."
    ),
    Why.EXTENSION: N_("Leave the extension out here, and put it below, with other ways."),
    Why.UNITS_FULL: N_("There are %(most)s already: use one of them, or take one out."),
    Why.NO_ROOM: N_("There is room for %(room)s more: tick fewer."),
    Why.MANY_FORGOTTEN: N_(
        "No more than %(most)s are hidden in a week; who was put together with them counts. "
        "For more, everybody is asked."
    ),
    Why.DID_NOT_ASK: N_("Nobody has said that they asked for it themselves."),
    Why.FORGETTING_STANDS: N_("They asked for it, and two of you have said so: it cannot be stopped any more."),
    Why.NOT_FOR_YOU_YET: N_("You decide with the others when enough of them have met you."),
    Why.SAY_WHY: N_("Say in a few words why you stop it, at most %(most)s letters: the others read it."),
    NoBook.TOO_BIG: N_("This file is too big: choose one of less than %(mb)s MB."),
    NoBook.LONG_LIST: N_("This list is too big: divide it into lists of less than %(mb)s MB."),
    NoBook.SPREADSHEET: N_("This is a spreadsheet. Open it, save it as CSV, and choose that file."),
    NoBook.WEB_PAGE: N_("This is a web page. Open it in a spreadsheet, save it as CSV, and choose that file."),
    NoBook.PDF: N_("This is a PDF. Choose the file your phone made, which ends in .vcf, or a list that ends in .csv."),
    NoBook.PICTURE: N_("This is a picture. Choose the file your phone made, which ends in .vcf."),
    NoBook.EMPTY: N_("Choose the file your phone made, which ends in .vcf, or a list that ends in .csv."),
    **{Field(name): one.label or name.replace("_", " ") for name, one in fields().items()},
}
