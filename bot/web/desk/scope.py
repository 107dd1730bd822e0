"""What a release at the desk is about: everything approved, one case with all that was made from it, or one piece."""

from dataclasses import dataclass
from urllib.parse import urlencode

from bot.core.errors import FlowError
from bot.store.views import Name
from bot.web.desk.visit import Visit


@dataclass(frozen=True, slots=True)
class Scope:
    """A case by its key, or a piece as `kind/key`; neither means everything."""

    case: str = ""
    piece: str = ""

    @property
    def address(self) -> str:
        """The release page about just this."""
        asked = {name: value for name, value in (("case", self.case), ("piece", self.piece)) if value}
        return f"/desk/release?{urlencode(asked)}" if asked else "/desk/release"

    def names(self, visit: Visit) -> list[Name] | None:
        """(kind, key) of what may change; `None` for everything."""
        if self.case:
            return [("case", self.case), *visit.desk.flow.pieces.made_from(self.case)]
        if self.piece:
            kind, _, key = self.piece.partition("/")
            return [(kind, key)]
        return None


def scope_of(visit: Visit) -> Scope:
    """What the address or the form names.

    Raises:
        FlowError: there is no such case or piece.
    """
    found = Scope(visit.form.text("case") or visit.query("case"), visit.form.text("piece") or visit.query("piece"))
    for kind, key in found.names(visit) or []:
        if visit.desk.flow.pieces.piece(kind, key) is None:
            raise FlowError(f"{kind}/{key}: no such piece", code="no_piece", piece=f"{kind}/{key}")
    return found
