"""Writes ipywidgets-states.json: what ipywidgets itself says each control's state is at first.

.venv/bin/python test/kernel/widgets/ipywidgets_states.py
"""

import json
import pathlib

import comm
import ipywidgets


class SilentComm:
    """A comm to nobody."""

    comm_id = "id"
    kernel = None

    def __init__(self, **_):
        pass

    def on_msg(self, _):
        pass

    def send(self, *_, **__):
        pass

    def close(self, *_, **__):
        pass


comm.create_comm = SilentComm

NAMES = """Accordion BoundedFloatText BoundedIntText Button Checkbox Dropdown FloatProgress FloatSlider FloatText HBox HTML IntProgress
IntSlider IntText Label Layout Output Password RadioButtons Select SelectMultiple SelectionSlider Tab Text Textarea ToggleButton
ToggleButtons VBox""".split()


def state_of(widget):
    state = widget.get_state()
    for part in ("layout", "style"):
        if isinstance(state.get(part), str):
            state[part] = getattr(widget, part).get_state()["_model_name"]
    return state


states = {"version": ipywidgets.__version__}
for name in NAMES:
    widget = getattr(ipywidgets, name)(**({"options": ["a"]} if name == "SelectionSlider" else {}))
    states[name] = state_of(widget)
    if hasattr(widget, "style"):
        states[type(widget.style).__name__] = state_of(widget.style)
path = pathlib.Path(__file__).with_name("ipywidgets-states.json")
path.write_text(json.dumps(states, indent=1, sort_keys=True, default=list) + "\n")
