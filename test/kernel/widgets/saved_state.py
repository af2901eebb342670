"""Runs cells by nbclient, as nbconvert, papermill and CI do, and prints the notebook that is left, as JSON.

saved_state.py MAIN FOLDER < cells.json
"""

import json
import os
import sys
import tempfile

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

main, folder = sys.argv[1:]
with tempfile.TemporaryDirectory() as specs:
    os.mkdir(os.path.join(specs, "widgets"))
    with open(os.path.join(specs, "widgets", "kernel.json"), "w") as file:
        spec = {
            "argv": [os.environ["TEST_NODE"], main, "{connection_file}"],
            "display_name": "TypeScript",
            "language": "typescript",
            "interrupt_mode": "message",
        }
        json.dump(spec, file)
    manager = AsyncKernelManager(
        kernel_name="widgets", kernel_spec_manager=KernelSpecManager(kernel_dirs=[specs], ensure_native_kernel=False)
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in json.load(sys.stdin)])
    NotebookClient(notebook, km=manager, timeout=60, resources={"metadata": {"path": folder}}).execute()
print(json.dumps(notebook))
