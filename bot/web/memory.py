"""Giving memory back after work that takes much of it for a while."""

import ctypes
import gc
import sys


def give_back() -> None:
    """Drop what nobody refers to any more, and have the C library return what it keeps for itself, in every thread."""
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
