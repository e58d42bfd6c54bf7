"""The body of a manuscript: what stands in its blocks, and on which side."""

from __future__ import annotations

import dataclasses
from collections.abc import Container, Sequence

from markdown_it.token import Token

from . import header, markdown, pictures
from .mistake import ManuscriptError, Wrong

TABLE_ROWS_MAX, TABLE_COLUMNS_MAX = 60, 6
BLOCKS = ("article", "editorial", "echo", "demands", "notice", "box", "quote", "image")
ALTERNATIVE_MAX = 400  # characters
PICTURES_MAX = 12
TITLE_MAX = header.HEADER["headline"]


@dataclasses.dataclass(frozen=True)
class Piece:
    """One block of a manuscript. `name` is one of BLOCKS, or "text" for what stands outside all blocks."""

    name: str
    title: str
    html: str
    text: str
    words: int
    line: int
    picture: str = ""  # the name of its picture; the text is then the caption
    alternative: str = ""  # what the picture shows, for those who do not see it


def read(
    body: str, offset: int, language: str, *, keep_lines: bool = False
) -> tuple[tuple[Piece, ...], tuple[Piece, ...] | None]:
    """The pieces of the front, and of the back where `::: side` begins one. `offset`: the line the body begins on."""
    tokens = markdown.reader(language, keep_lines=keep_lines).parse(body)
    lines = body.split("\n")
    sides: list[list[Piece]] = [[]]
    loose: list[Token] = []
    at = 0

    def close_loose() -> None:
        if loose:
            sides[-1].append(_piece("text", "", loose, offset, language))
            loose.clear()

    while at < len(tokens):
        token = tokens[at]
        if token.type == "side" and token.level == 0:
            close_loose()
            if len(sides) == 2:
                raise ManuscriptError(Wrong.TWO_SIDES, line=token.map[0] + offset)  # type: ignore[index]  # blocks have a map
            sides.append([])
        elif token.type == "container_piece_open" and token.level == 0:
            close_loose()
            end = next(
                i for i in range(at, len(tokens)) if tokens[i].type == "container_piece_close" and tokens[i].level == 0
            )
            sides[-1].append(_block(token, tokens[at + 1 : end], lines, offset, language))
            at = end
        else:
            loose.append(token)
        at += 1
    close_loose()
    front, *back = (tuple(side) for side in sides)
    return front, (back[0] if back else None)


def _block(opening: Token, inside: list[Token], lines: Sequence[str], offset: int, language: str) -> Piece:
    first, last = opening.map  # type: ignore[misc]  # blocks have a map
    line = first + offset
    name, _, title = opening.info.strip().partition(" ")
    title = title.strip().rstrip(":").rstrip()
    if name not in BLOCKS:
        known = ", ".join((*BLOCKS, "side"))
        raise ManuscriptError(Wrong.UNKNOWN_BLOCK, line=line, block=header.short(name), known=known)
    for token in inside:
        if token.level == opening.level + 1 and token.type in ("container_piece_open", "side"):
            raise ManuscriptError(Wrong.BLOCK_OPEN, line=line, block=name)
    if last >= len(lines) or not lines[last].strip().startswith(":::"):
        raise ManuscriptError(Wrong.BLOCK_ENDLESS, line=line, block=name)
    if len(title) > TITLE_MAX:
        raise ManuscriptError(Wrong.LONG_TITLE, line=line, characters=len(title), most=TITLE_MAX)
    if name == "image":
        return _image(title, inside, offset, language, line)
    if not inside:
        raise ManuscriptError(Wrong.BLOCK_EMPTY, line=line, block=name)
    return _piece(name, title, inside, offset, language, line)


def _image(name: str, inside: list[Token], offset: int, language: str, line: int) -> Piece:
    """A picture: in its first paragraph what it shows, in a second what is printed below it."""
    if not name:
        raise ManuscriptError(Wrong.PICTURE_UNNAMED, line=line)
    if not pictures.NAME.fullmatch(name):
        raise ManuscriptError(Wrong.PICTURE_NAME, line=line, typed=header.short(name))
    if not inside:
        raise ManuscriptError(Wrong.PICTURE_UNTOLD, line=line, picture=name)
    opened = [token.type for token in inside if token.level == inside[0].level and token.nesting >= 0]
    if opened not in (["paragraph_open"], ["paragraph_open"] * 2):
        raise ManuscriptError(Wrong.PICTURE_PARAGRAPHS, line=line)
    end = next(at for at, token in enumerate(inside) if token.type == "paragraph_close") + 1
    _check_structure(inside, offset)
    alternative = " ".join(markdown.plain(inside[:end]).split())
    if len(alternative) > ALTERNATIVE_MAX:
        raise ManuscriptError(Wrong.PICTURE_TOLD_LONG, line=line, most=ALTERNATIVE_MAX)
    caption = _piece("image", "", inside[end:], offset, language, line) if inside[end:] else None
    return Piece(
        name="image",
        title="",
        html=caption.html if caption else "",
        text=caption.text if caption else "",
        words=caption.words if caption else 0,
        line=line,
        picture=name,
        alternative=alternative,
    )


def check_pictures(found: Sequence[Piece], known: Container[str] | None) -> None:
    """Refuse more pictures than a sheet holds, and those that are not among the known; None: any may be."""
    named = [piece for piece in found if piece.picture]
    if len(named) > PICTURES_MAX:
        raise ManuscriptError(Wrong.PICTURES, line=named[PICTURES_MAX].line, most=PICTURES_MAX)
    for piece in named:
        if known is not None and piece.picture not in known:
            raise ManuscriptError(Wrong.PICTURE_MISSING, line=piece.line, picture=piece.picture)


def _piece(name: str, title: str, tokens: list[Token], offset: int, language: str, line: int | None = None) -> Piece:
    _check_structure(tokens, offset)
    reader = markdown.reader(language)
    text = markdown.plain(tokens)
    return Piece(
        name=name,
        title=markdown.with_quotation_marks(title, language),
        html=reader.renderer.render(tokens, reader.options, {}),
        text=text,
        words=len(text.split()) + len(title.split()),
        line=line or (tokens[0].map or [0])[0] + offset,
    )


def _check_structure(tokens: Sequence[Token], offset: int) -> None:
    """Refuse by line what would only be refused by the clock once it is laid out."""
    base = min(token.level for token in tokens)
    line, rows, cells = offset, 0, 0
    for token in tokens:
        line = token.map[0] + offset if token.map else line
        if token.type in ("container_piece_open", "side"):
            raise ManuscriptError(Wrong.BLOCK_INSIDE, line=line)
        if token.level - base > markdown.NESTING_MAX:
            raise ManuscriptError(Wrong.DEEP, line=line)
        match token.type:
            case "table_open":
                rows = 0
            case "tr_open":
                rows, cells = rows + 1, 0
            case "td_open" | "th_open":
                cells += 1
        if rows > TABLE_ROWS_MAX:
            raise ManuscriptError(Wrong.ROWS, line=line, most=TABLE_ROWS_MAX)
        if cells > TABLE_COLUMNS_MAX:
            raise ManuscriptError(Wrong.COLUMNS, line=line, most=TABLE_COLUMNS_MAX)
        for child in token.children or ():
            if child.type == "image":
                raise ManuscriptError(Wrong.PICTURE_INSIDE, line=line)


def without_reply_box(
    front: tuple[Piece, ...], back: tuple[Piece, ...] | None
) -> tuple[tuple[Piece, ...], tuple[Piece, ...] | None, Piece | None]:
    """The last `box` is the text of the reply block, wherever it stands."""
    for side in (back or (), front):
        for piece in reversed(side):
            if piece.name == "box":
                rest = tuple(other for other in side if other is not piece)
                return (front, rest, piece) if side is back else (rest, back, piece)
    return front, back, None
