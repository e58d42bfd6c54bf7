"""Old code pages: what the letters of a list are that is not Unicode. Nothing in it says so; the language may."""

from __future__ import annotations

from collections.abc import Iterable

# By what people call them; the commonest first.
CODINGS = (
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874"),
    *("cp932", "gb18030", "big5", "cp949", "mac_roman", "cp850", "cp866", "koi8_r"),
)
_BY_LANGUAGE = {
    **dict.fromkeys(("pl", "cs", "sk", "hu", "sl", "hr", "bs", "ro", "sq"), "cp1250"),
    **dict.fromkeys(("ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "mn", "tg"), "cp1251"),
    **dict.fromkeys(("tr", "az", "ku"), "cp1254"),
    **dict.fromkeys(("he", "yi"), "cp1255"),
    **dict.fromkeys(("ar", "fa", "ur", "ps"), "cp1256"),
    **dict.fromkeys(("et", "lv", "lt"), "cp1257"),
    **{"el": "cp1253", "vi": "cp1258", "th": "cp874", "ja": "cp932", "zh": "gb18030", "ko": "cp949"},
}
_OFTEN = ("cp1252", "cp1250", "mac_roman")
LOOKED_AT = 20_000  # letters


def guess(data: bytes, language: str) -> str:
    """One of CODINGS for bytes that are no UTF-8: that of a language, or else one by which more of it is letters."""
    expected = _BY_LANGUAGE.get(language.partition("-")[0].lower(), "cp1252")
    likely = dict.fromkeys((expected, *_OFTEN))
    return max(likely, key=lambda coding: _fits(decoded(data[:LOOKED_AT], coding)))  # the first of the best


def decoded(data: bytes, coding: str) -> str:
    """Its letters; where a byte has none, a sign that says so."""
    return data.decode(coding, "replace")


def _fits(text: str) -> float:
    """How much of what is not ASCII may stand where it stands, 0 to 1."""
    at = [index for index, sign in enumerate(text) if not sign.isascii()]
    return sum(_is_at_home(text[max(index - 1, 0) : index + 2], index > 0) for index in at) / max(len(at), 1)


def _is_at_home(around: Iterable[str], has_before: bool) -> bool:
    """Is it a letter, and no capital one within a word?"""
    before, sign, after = [*([] if has_before else [""]), *around, "", ""][:3]
    return sign.isalpha() and not (sign.isupper() and before.isalpha() and after.islower())
