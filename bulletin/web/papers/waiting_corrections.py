"""What was corrected, and what corrections wait, as the page of a bulletin shows them."""

from __future__ import annotations

from typing import Any

from bulletin.domain.papers.approval import Correction
from bulletin.domain.site.governance import register
from bulletin.web.shared.diff import difference

from . import editor


def told(opened: editor.OpenBulletin) -> dict[str, Any]:
    """Both; of what waits both versions side by side, and what this member can do."""
    standing, mine = register.standing_of(opened.me.site), opened.me.member_id.hex
    shown = []
    for one in Correction.waiting(opened.bulletin, standing):
        differs = difference(one.what.before, one.what.after)
        shown.append(
            {
                "id": one.id,
                "by": one.what.by,
                "before": [piece for piece in differs if piece[0] != "in"],
                "after": [piece for piece in differs if piece[0] != "out"],
                "mine": one.what.member == mine,
                "asked": standing.decides(mine) and mine not in one.what.wanted_by,
            }
        )
    return {"corrections": Correction.of(opened.bulletin), "waiting": shown, "difference": difference}
