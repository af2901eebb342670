"""Executes a notebook without a browser: a line of progress for each cell, and a table of seconds and peak memory.

usage: python execute_notebook.py NOTEBOOK OUT_DIR --kernel NAME --plotly plotly.js

Writes OUT_DIR/NAME.ipynb and OUT_DIR/NAME.html, each under a temporary name that is then renamed; where a cell failed,
NAME.failed.ipynb and NAME.failed.html instead, and the exit status is 1.

Works with any kernel; --kernel names it. What counts as a failed cell: a reply whose status is not "ok" (tslab sends no
`error` message, so looking for one misses failures), an `error` output (ours also sends one for a promise nobody awaited
that was rejected), a kernel that died, or a stray failure that tslab only reports on stderr. Other words on stderr are
warnings and do not fail.
"""

import argparse
import os
import re
import sys
import threading
import time
from pathlib import Path

import nbformat
import psutil
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

from export_html import export_html

ANSI = re.compile(r"\x1b\[[0-9;]*m")
STRAY = re.compile(r"^(UnhandledPromiseRejection|UncaughtException):", re.MULTILINE)


class Memory(threading.Thread):
    """Samples the resident memory of the kernel and the processes it started, and keeps the peak since the last reset."""

    def __init__(self):
        super().__init__(daemon=True)
        self.process = None
        self.peak = 0

    def reset(self):
        self.peak = 0

    def run(self):
        while True:
            if self.process is not None:
                self.peak = max(self.peak, tree_bytes(self.process))
            time.sleep(0.5)


def tree_bytes(process):
    total = 0
    try:
        for each in [process, *process.children(recursive=True)]:
            total += each.memory_info().rss
    except psutil.Error:
        pass  # A process that ended meanwhile holds nothing.
    return total


class Lesson(NotebookClient):
    """A notebook client that shows, at once, what cells write to stderr, and errors with where they happened."""

    def output(self, outs, msg, display_id, cell_index):
        content = msg["content"]
        if msg["msg_type"] == "stream" and content["name"] == "stderr":
            sys.stderr.write(content["text"])
            sys.stderr.flush()
        elif msg["msg_type"] == "error":
            text = "\n".join(content["traceback"])
            print(text if sys.stderr.isatty() else ANSI.sub("", text), file=sys.stderr, flush=True)
        return super().output(outs, msg, display_id, cell_index)


def failure_of(cell, reply):
    """What went wrong in a cell that nbclient took for done, or None."""
    status = (reply or {}).get("content", {}).get("status", "ok")
    if status != "ok":
        return f"the kernel replied {status!r}"
    if "raises-exception" in cell.metadata.get("tags", []):
        return None
    for output in cell.outputs:
        if output.output_type == "error":
            return f"{output.ename}: {output.evalue}"
        if output.output_type == "stream" and output.name == "stderr" and STRAY.search(output.text):
            return "a promise that nobody awaited was rejected, or an error was thrown outside of the cell (above)"
    return None


def first_line(cell):
    lines = [line.strip() for line in cell.source.splitlines() if line.strip()]
    return lines[0][:70] if lines else ""


def execute(notebook, folder, kernel):
    """Runs the cells in order up to the first that fails. Returns rows of (number, seconds, bytes, words) and the failure."""
    cells = [(i, cell) for i, cell in enumerate(notebook.cells) if cell.cell_type == "code" and cell.source.strip()]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    client = Lesson(notebook, kernel_name=kernel, timeout=None, resources={"metadata": {"path": str(folder)}})
    memory = Memory()
    rows, failure = [], None
    replies = []
    client.on_cell_executed = lambda cell, cell_index, execute_reply: replies.append(execute_reply)
    start = time.monotonic()
    with client.setup_kernel():
        memory.process = psutil.Process(client.km.provisioner.pid)
        memory.start()
        print(f"kernel started in {time.monotonic() - start:.1f} s; {len(cells)} cells to run", flush=True)
        for number, (index, cell) in enumerate(cells, 1):
            place = f"[{number}/{len(cells)}]"
            if sys.stdout.isatty():
                print(f"{place} ... {first_line(cell)}", end="\r", flush=True)
            memory.reset()
            start = time.monotonic()
            try:
                client.execute_cell(cell, index)
                failure = failure_of(cell, replies[-1] if replies else None)
            except CellExecutionError as error:
                failure = reason(error, cell)
            except DeadKernelError:
                failure = "the kernel died"
            seconds = time.monotonic() - start
            peak = max(memory.peak, tree_bytes(memory.process))
            rows.append((number, seconds, peak, first_line(cell)))
            words = "FAILED" if failure else f"{seconds:7.1f} s {peak / 1e6:6.0f} MB"
            print(f"{place} {words}  {first_line(cell)}", flush=True)
            if failure:
                print(f"\nCell {number} failed: {failure}\n\n{indent(cell.source)}\n", file=sys.stderr, flush=True)
                break
    return rows, failure


def reason(error, cell):
    """tslab gives no name, message or trace with a failure, only words on stderr; other kernels do."""
    if error.ename and error.ename != "<Error>":
        return f"{error.ename}: {error.evalue}"
    words = "".join(o.text for o in cell.outputs if o.output_type == "stream" and o.name == "stderr")
    lines = [line for line in words.splitlines() if line.strip()]
    named = [line for line in lines if re.search(r"^\w*Error\b|^\d+:\d+ - ", line)]
    return (named or lines or ["the kernel gave no reason"])[0]


def indent(text):
    return "\n".join(f"    {line}" for line in text.splitlines())


def print_table(rows):
    print("\ncell   seconds   peak MB   first line")
    for number, seconds, peak, words in rows:
        print(f"{number:4d} {seconds:9.1f} {peak / 1e6:9.0f}   {words}")
    total = sum(row[1] for row in rows)
    print(f" all {total:9.1f} {max((row[2] for row in rows), default=0) / 1e6:9.0f}   {len(rows)} cells", flush=True)


def write_whole(path, text):
    """The file appears under its name only once it is whole."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("notebook", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--kernel", required=True)
    parser.add_argument("--plotly", type=Path, required=True)
    options = parser.parse_args()
    notebook = nbformat.read(options.notebook, as_version=4)
    rows, failure = execute(notebook, options.notebook.resolve().parent, options.kernel)
    print_table(rows)
    name = options.notebook.stem + (".failed" if failure else "")
    options.out.mkdir(parents=True, exist_ok=True)
    write_whole(options.out / f"{name}.ipynb", nbformat.writes(notebook) + "\n")
    page = options.out / f"{name}.html"
    write_whole(page, export_html(notebook, options.notebook.stem, options.plotly.read_text(encoding="utf-8")))
    print(f"written: {page}")
    return 1 if failure else 0


if __name__ == "__main__":
    sys.exit(main())
