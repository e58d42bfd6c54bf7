"""What is said where something about papers is refused."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from bulletin.domain.papers.advice.imprints import ImprintLaw, ImprintRule
from bulletin.domain.papers.refusals import Why

from .marks import N_, Sentence

SENTENCES: Mapping[enum.Enum, Sentence] = {
    Why.PROPOSED_ALREADY: N_("This has been proposed already."),
    Why.NOT_TO_TAKE_BACK: N_("Only what is proposed, and not yet agreed, can be taken back."),
    Why.STILL_WRITTEN: N_("This is not proposed: it is still being written."),
    Why.CHANGED_BEFORE_PROPOSED: N_("Somebody has changed it while you read. Read it again, then propose it."),
    Why.CHANGED_BEFORE_SPOKEN: N_("Somebody has changed it while you read. Read it again, then say what you think."),
    Why.OBJECTION_NEEDED: N_("Say why you object, so that it can be mended."),
    Why.TEXT_TOO_LONG: N_("Say it in at most %(most)s letters."),
    Why.ANOTHER_KIND: N_("What kind of piece it is, is no correction: ask the others again."),
    Why.ANOTHER_HEADER: N_(
        "Here only the line below the headline, and the number, can be corrected. Of all else, ask the others again."
    ),
    Why.CORRECTION_GONE: N_("This correction does not wait any more. Look at how the paper reads now."),
    Why.CORRECTION_ANOTHERS: N_("Only whoever made a correction can take it back."),
    Why.TOO_MANY_WORDS: N_(
        "That makes more than %(most)s words since it was agreed, so it is no correction: ask the others again."
    ),
    Why.SAY_WHETHER: N_("This is agreed. Say whether you correct something, or change what it says."),
    Why.NOTHING_AGREED: N_("Nothing is agreed yet, so there is nothing to correct: change it."),
    Why.NOT_AGREED: N_("These words are not agreed: ask the others first."),
    Why.ARTICLES_FULL: N_("A bulletin holds a hundred pieces at most, deleted ones counted: begin another."),
    Why.ARTICLE_TOO_LONG: N_("This is too long for any sheet: it may have %(most)s characters."),
    Why.ANOTHERS_FORM: N_("Open the page again, and send it from there."),
    Why.PICTURES_USED_UP: N_("Too many pictures were put in and taken out here: begin another number."),
    Why.PICTURES_FULL: N_("A bulletin holds %(most)s pictures: take one out first."),
    Why.COPIES_NEEDED: N_("Give the number of copies, at most %(most)s."),
    Why.PRINTED_OFTEN: N_("It has been printed often enough: get the same sheet again."),
    Why.PLACE_NEEDED: N_("Say where it is handed out, in a few words."),
    Why.ENDS_TOO_EARLY: N_("The end must be after the beginning."),
    Why.LASTS_TOO_LONG: N_("One hand-out lasts two days at most: make another for the next."),
    Why.A_YEAR_AWAY: N_("That is more than a year away: look at the year."),
    Why.A_YEAR_AGO: N_("That is more than a year ago: look at the year."),
    Why.HAND_OUT_OVER: N_("This hand-out is over: plan another."),
    Why.TICKETS_FULL: N_("There are enough tickets for this hand-out: use one of them, or end one."),
    Why.NOT_PRINTED: N_("Print it once first: a ticket gives that very sheet."),
    ImprintRule.AT: N_(
        "Every printed sheet names its publisher and its printer, and the places where it was published and printed;"
        " one that appears at least four times a year adds the addresses of the publisher and the editors."
    ),
    ImprintRule.CH: N_(
        "Newspapers and periodicals name the seat of their publisher and the editor responsible; of single leaflets"
        " this section says nothing."
    ),
    ImprintRule.DE: N_(
        "Every printed sheet gives the name and address of its printer and of its publisher or, if you publish it"
        " yourselves, of its author or editor; a periodical adds those of the editor responsible. Each Land has its"
        " own law: look at yours."
    ),
    ImprintRule.ES: N_(
        "Every printed sheet gives the place and year of printing and the name and address of its printer; a"
        " periodical also the day and month, its director, and the name and address of its publisher."
    ),
    ImprintRule.FR: N_(
        "Every sheet given out in public gives the name and address of its printer; without them it may not be"
        " handed out."
    ),
    ImprintRule.GB: N_(
        "Every sheet meant to be given out gives the name and address of its printer; at elections also those of"
        " whoever promotes it. Northern Ireland has an Act of its own."
    ),
    ImprintRule.IT: N_(
        "Every printed sheet gives the place and year of publication, and the name and address of its printer and,"
        " if there is one, its publisher; a periodical also its owner and the director responsible."
    ),
    ImprintRule.PL: N_(
        "A periodical gives the name and address of its publisher, the address of its editors and the name of the"
        " editor-in-chief, the place and date of issue, its number, and the name of the printing house; of single"
        " leaflets this article says nothing."
    ),
    ImprintRule.US: N_(
        "A leaflet may be anonymous, even one about a vote on a local tax; what is paid for in election campaigns"
        " can have rules of its own."
    ),
    ImprintLaw.AT: N_("Mediengesetz, § 24 (1) and (2)"),
    ImprintLaw.CH: N_("Schweizerisches Strafgesetzbuch, Art. 322 (2)"),
    ImprintLaw.DE: N_(
        "The press laws of the Länder, such as Landespressegesetz Nordrhein-Westfalen, § 8; Berliner Pressegesetz, § 7"
    ),
    ImprintLaw.ES: N_("Ley 14/1966, de Prensa e Imprenta, artículo 11"),
    ImprintLaw.FR: N_("Loi du 29 juillet 1881 sur la liberté de la presse, article 3"),
    ImprintLaw.GB: N_(
        "Newspapers, Printers, and Reading Rooms Repeal Act 1869, Schedule 2, with the Printer’s Imprint Act 1961;"
        " Printed Documents Act (Northern Ireland) 1970, section 1; Electoral Commission, guidance on imprints"
    ),
    ImprintLaw.IT: N_("Legge 8 febbraio 1948, n. 47, articolo 2"),
    ImprintLaw.PL: N_("Prawo prasowe, art. 27"),
    ImprintLaw.US: N_(
        "McIntyre v. Ohio Elections Commission, 514 U.S. 334 (1995); Talley v. California, 362 U.S. 60 (1960)"
    ),
}
