"""What an editor says before a bulletin is printed, in sentences."""

from __future__ import annotations

from flask_babel import gettext as _, lazy_gettext as _l

from bulletin.domain.papers.advice.rules import Advice, Rule

RULE_SENTENCES = {
    Rule.PATIENTS: _l(
        "Could somebody in your care be recognised? In many places that is a reason to sack you:"
        " leave out who, where and when."
    ),
    Rule.NAMED: _l("This is somebody’s name in your notebook: have they agreed to be printed?"),
    Rule.ONLY_ONE: _l("Only one person in your notebook does this: everybody will know who it is."),
    Rule.ACCUSATION: _l("An accusation. Who saw it; can two say so? Say what happened, and leave out who did it."),
    Rule.CALLING_OUT: _l("This calls people out. Has someone who knows your law read this?"),
    Rule.NO_REPLY: _l("Nobody can answer this sheet: add an address for replies, or a box that says whom to ask."),
    Rule.PRIVATE_NUMBER: _l("Is this somebody’s own number? Paper goes on for years: give one that is the group’s."),
    Rule.HOME_ADDRESS: _l("Does somebody live there? Then leave it out, and name a place where all can come."),
    Rule.PICTURE: _l("Has everybody in this picture agreed to be printed? Ask them and note it, or leave it out."),
    Rule.IMPRINT: _l("Nothing says who published and printed this: look whether the law where you are asks for it."),
    Rule.IMPRINT_ADDRESS: _l(
        "The law may ask for an address here: keep one. If somebody lives at this one, ask whether an organisation’s"
        " or a postal address will do."
    ),
    Rule.LONG_HEADLINE: _l("The headline has more than 7 words: shorten it until it can be read from the next table."),
    Rule.LONG_SENTENCE: _l("This sentence has more than 30 words: make two of it."),
    Rule.LONG_PARAGRAPH: _l("This paragraph has more than 60 words: divide it, or cut."),
    Rule.LONG_QR_ADDRESS: _l(
        "This address has more than 25 characters in its code, and may not outlive the photocopier: find a shorter one."
    ),
}


def told(advice: Advice) -> str:
    """An advice in a sentence, with the words that it is about."""
    sentence = str(RULE_SENTENCES[advice.rule])
    return _("‘%(words)s’: %(sentence)s", words=advice.words, sentence=sentence) if advice.words else sentence
