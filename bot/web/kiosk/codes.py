"""A QR code as one path, so that a page can draw it without fetching a picture that bears the token in its address."""

from typing import Any

import segno


def drawn(address: str) -> dict[str, Any]:
    """The dark modules as SVG path data, and how many modules wide it is, quiet zone included."""
    rows = [list(row) for row in segno.make(address, error="m", micro=False).matrix_iter(border=4)]
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return {"path": path, "size": len(rows)}
