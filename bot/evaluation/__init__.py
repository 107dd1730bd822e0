"""How good the recogniser is on labelled rows: figures with intervals, calibration, and what was confused with what."""

from bot.evaluation.report import Report, evaluate_rows
from bot.evaluation.rows import Row, read_rows
from bot.evaluation.shares import Share

__all__ = ["Report", "Row", "Share", "evaluate_rows", "read_rows"]
