"""What of a page a browser hands to a service that translates."""

from __future__ import annotations

import html.parser


class Untranslated(html.parser.HTMLParser):
    """The texts of a page that a browser would hand to a service that translates, if it were asked to."""

    EMPTY = ("br", "img", "input", "link", "meta", "meter", "wbr", "hr", "source", "path", "rect", "circle", "use")

    def __init__(self, source: str) -> None:
        super().__init__()
        self.stack: list[tuple[str, bool]] = []
        self.handed_out: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.EMPTY:
            kept = (self.stack[-1][1] if self.stack else False) or tag in ("script", "style", "textarea", "title")
            self.stack.append((tag, {"no": True, "yes": False}.get(dict(attrs).get("translate") or "", kept)))

    def handle_endtag(self, tag: str) -> None:
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not (self.stack and self.stack[-1][1]):
            self.handed_out.append(" ".join(data.split()))
