"""HTML -> PDF. Imports WeasyPrint, so it is imported in the press's own process only (see jobs)."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from . import faces

# Before the import: fontconfig reads it once, and our faces must be the only ones it ever sees.
os.environ["FONTCONFIG_FILE"] = str(faces.FONTS / "fonts.conf")

import pydyf
import weasyprint
from weasyprint.pdf.metadata import NS
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcherResponse

from . import pictures, typesetting
from .galley import Galley
from .kinds import KINDS
from .manuscript import Manuscript
from .paper import GUTTER_MM, Paper
from .typesetting import Setting

GALLEY_MM = 1_000_000  # longer than any text that is read


class NothingFetched(weasyprint.URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """A sheet is made of the bytes it was given: no file, no address, no data: URL is ever opened."""

    def fetch(self, url: str, headers: Any = None) -> Any:
        """Refuse."""
        raise ValueError("nothing is fetched for a sheet")


class PicturesFetched(NothingFetched):
    """… but the pictures it was given, by the names it gave them."""

    def __init__(self, pictures: Mapping[str, bytes]) -> None:
        super().__init__()
        self._pictures = pictures

    def fetch(self, url: str, headers: Any = None) -> Any:
        """The picture, or refuse."""
        if url in self._pictures:
            return URLFetcherResponse(url, self._pictures[url], {"Content-Type": "image/png"})
        return super().fetch(url, headers)


@functools.cache
def _faces() -> FontConfiguration:
    return FontConfiguration()


@functools.cache
def styles(kind: str, paper: Paper) -> list[weasyprint.CSS]:
    """The style sheets of a kind, parsed once, and what turns its columns into a galley."""
    width = _column_mm(kind, paper)
    galley = f"""
    @page {{ size: {paper.width_mm}mm {GALLEY_MM}mm }}
    @page letter {{ size: {paper.width_mm}mm {GALLEY_MM}mm }}
    .side {{ height: auto; min-height: 0 }}
    .columns {{ columns: auto !important; width: {width}mm; padding-left: {GUTTER_MM / 2}mm;
      margin-left: -{GUTTER_MM / 2}mm; border-left: .2mm solid }}
    .foot {{ position: static }}
    """
    sources = [*(typesetting.asset(name).decode() for name in ("sheet.css", "steps.css", f"{kind}.css")), galley]
    return [css(source) for source in sources]


def _column_mm(kind: str, paper: Paper) -> float:
    columns = KINDS[kind].columns
    return (paper.measure_mm - (columns - 1) * GUTTER_MM) / columns


@functools.cache
def css(source: str) -> weasyprint.CSS:
    """A style sheet, parsed once, whoever shares it; it fetches nothing."""
    return weasyprint.CSS(string=source, font_config=_faces(), url_fetcher=NothingFetched())


def lay_out(
    manuscript: Manuscript, paper: Paper, setting: Setting, kept: Mapping[str, bytes] | None = None
) -> tuple[weasyprint.Document, Galley]:
    """Set the type of a sheet: the document, whose pages are galleys, and the galley to make up.

    `kept` are its pictures as `pictures.prepare` made them, by their names.
    """
    kept = kept or {}
    used = [name for piece in manuscript.pieces if (name := piece.picture) in kept]
    addresses = {name: f"picture:{number}" for number, name in enumerate(used)}
    width_mm = _column_mm(manuscript.kind, paper)
    document = set_type(
        typesetting.typeset(manuscript, paper=paper.name, setting=setting, pictures=addresses),
        styles(manuscript.kind, paper),
        {addresses[name]: pictures.dots(kept[name], width_mm) for name in used},
    )
    kind = KINDS[manuscript.kind]
    return document, Galley(document.pages, paper, kind.columns, flows=manuscript.back is None)


def set_type(source: str, styles: Sequence[weasyprint.CSS], images: Mapping[str, bytes]) -> weasyprint.Document:
    """Lay out HTML with these style sheets and the images at these addresses; nothing else is fetched."""
    html = weasyprint.HTML(string=source, base_url="press:", url_fetcher=PicturesFetched(images))
    # The style sheets it links to are passed in, parsed already.
    head = html.etree_element.find("head")
    for link in head.findall("link"):
        head.remove(link)
    return html.render(font_config=_faces(), stylesheets=list(styles))


def write(document: weasyprint.Document, pages: list[Any]) -> bytes:
    """The finished PDF: black only, tagged (PDF/UA-1), and without a trace of when and where it was made."""
    document.metadata.generate_rdf_metadata = functools.partial(_metadata, document.metadata.title)
    return bytes(document.copy(pages).write_pdf(finisher=_finish, pdf_variant="pdf/ua-1"))


def _metadata(title: str, _variant: str, version: int, _conformance: str | None) -> bytes:
    """What PDF/UA asks for, nothing else: no producer, no date."""
    rdf = Element(f"{{{NS['rdf']}}}RDF")
    about = {f"{{{NS['rdf']}}}about": ""}
    SubElement(rdf, f"{{{NS['rdf']}}}Description", {**about, f"{{{NS['pdfuaid']}}}part": str(version)})
    description = SubElement(rdf, f"{{{NS['rdf']}}}Description", about)
    alternatives = SubElement(SubElement(description, f"{{{NS['dc']}}}title"), f"{{{NS['rdf']}}}Alt")
    item = SubElement(alternatives, f"{{{NS['rdf']}}}li", {"{http://www.w3.org/XML/1998/namespace}lang": "x-default"})
    item.text = title
    return bytes(tostring(rdf, encoding="utf-8"))


def _finish(_document: weasyprint.Document, pdf: pydyf.PDF) -> None:
    pdf.info.clear()
    for item in pdf.objects:
        if isinstance(item, pydyf.Stream):
            _blacken(item)
        elif isinstance(item, pydyf.Dictionary) and "lab-d50" in item:
            item.clear()  # colour spaces, which a black sheet has no use for


def _blacken(stream: pydyf.Stream) -> None:
    """Gray operators in place of RGB ones: a printer then uses black ink alone. ValueError for a colour."""
    for at, line in enumerate(stream.stream):
        if isinstance(line, bytes) and line[-3:] in (b" rg", b" RG"):
            red, green, blue, operator = line.split()
            if not red == green == blue:
                raise ValueError(f"a sheet has a colour: {line!r}")
            stream.stream[at] = red + (b" g" if operator == b"rg" else b" G")
