"""Memory while much is built at once."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collection_paused() -> Iterator[None]:
    """Keep the cycle collector still inside, and start it again if it ran before.

    For bulk work on values that hold no cycles: the collector would walk all of them each time some thousands more
    were made, and find nothing. What is no longer referenced is freed as always.
    """
    was_running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_running:
            gc.enable()
