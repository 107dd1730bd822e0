"""When Python looks for garbage. What a release is made of stays for days: looking through it makes customers wait."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def making_what_stays() -> Iterator[None]:
    """Nothing is looked for while what stays is made, and what is there at the end is not looked through again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()


def settle() -> None:
    """Something new has replaced what was to stay: look once through everything, and keep what is left."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
