"""How much more memory a process comes to hold than it held when asked: the Python side of bench/ours/peak-memory.ts."""

import gc
import re
import resource
import sys
from collections.abc import Callable
from pathlib import Path

STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def field(name: str) -> int:
    return 1024 * int(re.search(rf"{name}:\s+(\d+)", STATUS.read_text()).group(1))


def highest() -> int:
    """Of the whole life of the process, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak


def watch_memory() -> Callable[[], int]:
    """Starts watching. What it returns says by how many bytes resident memory has been above what it is now, at most."""
    gc.collect()
    if not CLEAR.exists():
        start = highest()
        return lambda: max(0, highest() - start)
    start = field("VmRSS")
    CLEAR.write_text("5")
    return lambda: max(0, field("VmHWM") - start)
