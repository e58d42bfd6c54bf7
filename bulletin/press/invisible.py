"""Signs that nobody sees, by what they do: the one list, for every room that has to do with what people type or paste.

They stand as between the brackets of a regular expression. What becomes of them is said where a text is read: one that
is pasted in pasted.py, one for paper in signs.py, names and notes in domain/site/signs.py.
"""

from __future__ import annotations

ENDS_LINE = "\x0b\x85\u2028"  # in Word, in old terminals and in some messengers, besides \n and \r
ENDS_PARAGRAPH = "\x0c\u2029"
WORDS_HYPHENS = {0x1E: "-", 0x1F: None}  # Word's: one that does not divide a line, and one that is seen where it does

BYTE_ORDER = "\ufeff"
MARKS = "\u061c\u200e\u200f"  # of direction, which messengers put around names and numbers
TURNING = "\u202a-\u202e\u2066-\u2069"  # what follows stands the other way round: a name could show as another
JOINER = "\u200d"  # of letters in some scripts, and of emoji
JOINERS = f"\u200c{JOINER}"  # and what keeps letters apart
AS_EMOJI = "\ufe0e\ufe0f"  # or as text: how the sign before them looks
DRESS = "\ufe00-\ufe0f"  # the same, with those of other signs
TAGS = "\U000e0000-\U000e0fff"  # of a flag; elsewhere nothing
DIVIDERS = "\u200b\u2060"  # here a line may be divided, or not
SOFT_HYPHEN = "\xad"
BLANKS = "\u2800\u3164\uffa0"  # take the room of a letter, and have nothing in it
FILLERS = "\u115f\u1160\u17b4\u17b5"  # letters of Korean and Khmer with nothing in them
NOTHING = "\u034f\u180b-\u180f\u2061-\u2065\u206a-\u206f\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"

ALL = "".join(
    (BYTE_ORDER, MARKS, TURNING, JOINERS, DRESS, TAGS, DIVIDERS, SOFT_HYPHEN, BLANKS, FILLERS, NOTHING)
)  # Unicode's Default_Ignorable_Code_Point and Cf, but for signs of those that are seen
