"""What is said where a manuscript, a picture or a sheet cannot be."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from bulletin.press.mistake import Form, Named, NoSheet, OneSided, Unfit, Wrong
from bulletin.press.sandbox import Wall

from .marks import N_, Sentence, plural

SENTENCES: Mapping[enum.Enum, Sentence] = {
    Wrong.NO_TEXT_FILE: N_("This is not a text file: save it again as plain text."),
    Wrong.NOT_UTF8: N_("This is not UTF-8: save the text again as plain text in UTF-8."),
    Wrong.TOO_LONG: N_(
        "The text has %(characters)s characters: a sheet holds about 8,000, and no more than %(most)s are read."
    ),
    Wrong.MANY_ACCENTS: N_("There are more than %(most)s accents on one letter: leave some out."),
    Wrong.NOTHING: N_("There is no text yet: start with the header, a line of three dashes."),
    Wrong.NO_BODY: N_("There is no text below the header yet."),
    Wrong.SCRIPT: N_(
        "The script of ‘%(letter)s’ cannot be set yet: Latin, Greek and Cyrillic can be, most of their letters."
    ),
    Wrong.LONG_WORD: N_("There is a word of %(characters)s characters: put spaces in it."),
    Wrong.LONG_PARAGRAPH: N_("This paragraph is longer than a side of paper: cut it, and divide it by empty lines."),
    Wrong.MANY_LINES: N_("The text goes on past line %(number)s, and no more are read: shorten it."),
    Wrong.MANY_SIGNS: N_("There are more than %(most)s of ‘%(mark)s’ and its like in the text: leave some out."),
    Wrong.MANY_MARKS: N_(
        "This paragraph has ‘%(mark)s’ and its like %(count)s times: leave some out, or divide it by empty lines."
    ),
    Wrong.HEADER_MISSING: N_(
        "The header is missing: begin with a line of three dashes, a line ‘kind: regular’, a line ‘headline: …’, and a"
        " line of three dashes."
    ),
    Wrong.HEADER_OPEN: N_("The header does not end: put a line of three dashes behind it."),
    Wrong.NO_COLON: N_("‘%(typed)s’ has no colon: write ‘key: text’."),
    Wrong.UNKNOWN_KEY: N_("The header has no ‘%(key)s’. It may have: %(known)s."),
    Wrong.KEY_TWICE: N_("‘%(key)s’ stands twice in the header: keep one of them."),
    Wrong.KEY_MISSING: N_("The header has no %(key)s: add a line ‘%(key)s: …’."),
    Wrong.LONG_VALUE: N_("‘%(key)s’ has %(characters)s characters: there is room for %(most)s. Shorten it."),
    Wrong.UNKNOWN_KIND: N_("There is no kind ‘%(kind)s’: it is one of %(known)s."),
    Wrong.NO_DATE: N_("‘%(typed)s’ is not a date: write year-month-day, such as 2026-11-23."),
    Wrong.UNKNOWN_LANGUAGE: N_("We do not know the language ‘%(typed)s’: write its code, such as en, es or pl."),
    Wrong.RIGHT_TO_LEFT: N_("Right-to-left scripts cannot be set yet; Latin, Greek and Cyrillic can."),
    Wrong.NO_LINES: N_("‘%(typed)s’ is nothing that lines can do: it is one of %(known)s."),
    Wrong.NO_ADDRESS: N_(
        "This is not a web address: write it out, with https:// at its start. Mail and numbers go in the text."
    ),
    Wrong.ONE_SIDE: N_("A %(kind)s has one side: leave out the line ‘::: side’."),
    Wrong.TWO_SIDES: N_("A sheet has two sides: ‘::: side’ stands twice."),
    Wrong.UNKNOWN_BLOCK: N_("There is no block ‘%(block)s’: it is one of %(known)s."),
    Wrong.BLOCK_OPEN: N_("The block ‘%(block)s’ is still open: close it with a line ‘:::’ before the next one begins."),
    Wrong.BLOCK_ENDLESS: N_("The block ‘%(block)s’ does not end: close it with a line ‘:::’."),
    Wrong.BLOCK_EMPTY: N_("The block ‘%(block)s’ is empty: write something in it, or leave it out."),
    Wrong.BLOCK_INSIDE: N_("A block cannot stand in a list or a quotation: begin its line with the ‘:::’."),
    Wrong.LONG_TITLE: N_("This title has %(characters)s characters: there is room for %(most)s."),
    Wrong.DEEP: N_("Lists and quotations go three deep at most: flatten this one."),
    Wrong.ROWS: N_("A table has at most %(most)s rows here: shorten this one."),
    Wrong.COLUMNS: N_("A table has at most %(most)s columns here: this one has more."),
    Wrong.PICTURE_UNNAMED: N_("Which picture is it? Write its name: ‘::: image gate.jpg’."),
    Wrong.PICTURE_NAME: N_("‘%(typed)s’ is not the name of a picture: write that of the file alone, such as gate.jpg."),
    Wrong.PICTURE_UNTOLD: N_(
        "Say in a line below ‘::: image %(picture)s’ what the picture shows, for those who cannot see it."
    ),
    Wrong.PICTURE_PARAGRAPHS: N_(
        "Below a picture stand a paragraph that says what it shows and, if you like, one that is printed under it."
    ),
    Wrong.PICTURE_TOLD_LONG: N_("Say what the picture shows in at most %(most)s characters."),
    Wrong.PICTURE_INSIDE: N_("A picture is a block of its own: ‘::: image NAME’ instead of ‘![…](…)’."),
    Wrong.PICTURES: N_("A sheet has at most %(most)s pictures: leave this one out."),
    Wrong.PICTURE_MISSING: N_("There is no picture ‘%(picture)s’ here: add it, or leave the block out."),
    OneSided.MEETING: N_("meeting call"),
    OneSided.RIGHTS: N_("rights at work"),
    OneSided.REPORT: N_("report back"),
    OneSided.POSTER: N_("poster"),
    Unfit.EMPTY: N_("This file is empty: send it again."),
    Unfit.BIG: N_("This picture has more than %(mb)s MB: save it smaller."),
    Unfit.HEIC: N_(
        "This is a HEIC picture, which not every program can read: send it to yourself in a message and take the"
        " JPEG that arrives, or have the camera make JPEGs (iPhone: Settings, Camera, Formats, Most Compatible)."
    ),
    Unfit.OTHER_FORM: N_("This is %(form)s: save it as JPEG, PNG or WebP."),
    Unfit.NO_PICTURE: N_("This file is no picture that we can read: save it as JPEG, PNG or WebP."),
    Unfit.DAMAGED: N_("This picture is damaged or ends too early: send the file again."),
    Unfit.MANY_DOTS: N_("This picture has %(millions)s million dots: save it with less than %(most)s million."),
    Unfit.SMALL: N_("This picture is too small to be printed: %(width)s by %(height)s dots."),
    Unfit.NARROW: N_("This picture is too long and narrow: cut a piece out of it."),
    Unfit.TOO_MUCH: N_("This picture takes too long to read: save it smaller, as a plain JPEG."),
    Unfit.STUMBLED: N_(
        "This picture could not be read, which is our mistake and not yours: save it anew, as a plain JPEG."
    ),
    Unfit.ENDED: N_(
        "This machine has too little memory free to read a picture, which is not the picture’s fault: try again in a"
        " moment."
    ),
    Form.GIF: N_("a GIF"),
    Form.BMP: N_("a BMP"),
    Form.TIFF: N_("a TIFF"),
    Form.PDF: N_("a PDF"),
    Form.SVG: N_("an SVG"),
    Form.AVIF: N_("an AVIF"),
    Form.JPEG_XL: N_("a JPEG XL"),
    Form.FILM: N_("a film"),
    # What a print job that is taken over could do where a wall is lacking, and what would put that up.
    Wall.ENVIRONMENT: N_("one that is taken over could read the settings in the environment: report this to us."),
    Wall.DESCRIPTORS: N_("one that is taken over could use what the server has open: report this to us."),
    Wall.LIMITS: N_("not every limit of memory, time and files holds around one on this system."),
    Wall.FILES: N_(
        "one that is taken over could read whatever Bulletin can read: that takes Linux 5.13 or newer, with Landlock"
        " switched on, and a container that allows it."
    ),
    Wall.NETWORK: N_(
        "one that is taken over could use the network: that takes Linux, the package libseccomp2, and a container that"
        " allows seccomp."
    ),
    Wall.PROGRAMS: N_(
        "one that is taken over could start programs: that takes Linux, the package libseccomp2 or Landlock, and a"
        " container that allows one of them."
    ),
    NoSheet.NO_ROOM: N_("%(side)s has no room left under its headline and above its foot: shorten %(them)s."),
    NoSheet.LINES: plural(
        "%(side)s is %(lines)s line too long: shorten %(piece)s, or cut about %(words)s words.",
        "%(side)s is %(lines)s lines too long: shorten %(piece)s, or cut about %(words)s words.",
        by="count",
    ),
    NoSheet.PICTURE_OUT: N_("%(side)s is too long: leave out %(piece)s, or a good part of the text."),
    NoSheet.PICTURE_TALL: N_("The picture ‘%(picture)s’ is taller than its column: leave it out."),
    NoSheet.TITLED_TALL: N_("‘%(title)s’ has a part that is taller than the sheet: divide it."),
    NoSheet.BEGINNING_TALL: N_("The text at the beginning has a part that is taller than the sheet: divide it."),
    NoSheet.ON_LINE_TALL: N_("The text on line %(number)s has a part that is taller than the sheet: divide it."),
    NoSheet.CARD_HEADLINE: N_("The headline and the line below it are too long for a card: shorten them."),
    NoSheet.CARD_TITLED: N_("‘%(title)s’ is too long for a card: shorten it to about %(words)s words."),
    NoSheet.CARD_TEXT: N_("This text is too long for a card: shorten it to about %(words)s words."),
    NoSheet.TOO_MUCH: N_("The text is too long or its lists too deep to be printed: make it shorter and plainer."),
    NoSheet.STUMBLED: N_(
        "The press stumbled over this text, which is its mistake and not yours: take out what you added last, and try"
        " again."
    ),
    NoSheet.ENDED: N_(
        "This machine has too little memory free to print, which is not your text’s fault: try again in a moment."
    ),
    NoSheet.BUSY: N_("Every press is taken: try again in a moment."),
    Named.LINE: N_("Line %(number)s: %(sentence)s"),
    Named.IN_PICTURE: N_("‘%(picture)s’: %(sentence)s"),
    Named.SIDE: N_("Side %(number)s"),
    Named.WHOLE_TEXT: N_("The text"),
    Named.ONLY_SIDE: N_("The side"),
    Named.PICTURE: N_("the picture ‘%(picture)s’"),
    Named.TITLED: N_("‘%(title)s’"),
    Named.BEGINNING: N_("the text at the beginning"),
    Named.ON_LINE: N_("the text on line %(number)s"),
    Named.HEADLINE_AND_FOOT: N_("those"),
    Named.LEFT_OUT: N_("None of our typefaces has %(signs)s: that is left out, and the rest is printed."),
    Named.AND_SO_ON: N_("%(these)s, %(more)s"),
    Named.OR: N_("%(these)s or %(last)s"),
}
