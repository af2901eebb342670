"""Memory of a process and all its descendants, from Linux' /proc: resident (RSS) and, shared pages divided (PSS)."""

import os

import psutil


def memory(pid: int) -> list[dict]:
    """One entry a process, the first one's first, in bytes; PSS is what it would give back if it alone ended, about."""
    if not os.path.exists("/proc/self/smaps_rollup"):
        raise RuntimeError("memory is read from /proc, which is Linux' own")
    parent = psutil.Process(pid)
    return [_one(each) for each in [parent, *parent.children(recursive=True)]]


def _one(process: psutil.Process) -> dict:
    sizes = {"Rss": 0, "Pss": 0, "Private_Dirty": 0}
    with open(f"/proc/{process.pid}/smaps_rollup") as file:
        for line in file:
            name, _, rest = line.partition(":")
            if name in sizes:
                sizes[name] = 1024 * int(rest.split()[0])
    command = " ".join(os.path.basename(part) for part in process.cmdline()[:4])
    return {"command": command, "rss": sizes["Rss"], "pss": sizes["Pss"], "dirty": sizes["Private_Dirty"]}
