"""Writes papermill's parameters in TypeScript, for every kernel whose language is TypeScript.

papermill NOTEBOOK OUT -p rate 0.1 -y '{layers: [64, 32]}' injects, after the cell tagged "parameters":

    // Parameters
    let rate = 0.1;
    let layers = [64, 32];

The cell tagged "parameters" gives the values that hold without papermill: `let rate = 0.01; let layers = [32];`. A name
may be declared again in a TypeScript notebook, so both stand.
"""

import json
import re

from papermill.engines import NBClientEngine
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators

# let rate: number = 0.01;  // how fast it learns
DECLARATION = re.compile(r"^(?:let|var|const)\s+([\w$]+)\s*(?::\s*([^=]+?))?\s*=\s*(.*?);?\s*(?://\s*(.*))?$")


class TypeScriptTranslator(Translator):
    """A value of JSON or YAML as an expression of TypeScript; a parameter as a declaration."""

    @classmethod
    def translate_escaped_str(cls, str_val):
        return json.dumps(str_val if isinstance(str_val, str) else str(str_val), ensure_ascii=False)

    @classmethod
    def translate_none(cls, val):
        return "null"

    @classmethod
    def translate_int(cls, val):
        # Larger ones would be rounded.
        return str(val) if abs(val) < 2**53 else f"{val}n"

    @classmethod
    def translate_float(cls, val):
        if val != val:
            return "NaN"
        if val in (float("inf"), float("-inf")):
            return "Infinity" if val > 0 else "-Infinity"
        return repr(val)

    @classmethod
    def translate_dict(cls, val):
        pairs = ", ".join(f"{json.dumps(str(k))}: {cls.translate(v)}" for k, v in val.items())
        return f"{{ {pairs} }}" if pairs else "{}"

    @classmethod
    def translate_list(cls, val):
        return f"[{', '.join(cls.translate(v) for v in val)}]"

    @classmethod
    def comment(cls, cmt_str):
        return f"// {cmt_str}".strip()

    @classmethod
    def assign(cls, name, str_val):
        # Nothing says of what kind these will be, and TypeScript wants to know.
        kind = {"null": ": any", "[]": ": any[]"}.get(str_val, "")
        return f"let {name}{kind} = {str_val};"

    @classmethod
    def inspect(cls, parameters_cell):
        """What `papermill --help-notebook` lists: one declaration a line."""
        found = (DECLARATION.match(line.strip()) for line in parameters_cell["source"].splitlines())
        return [
            Parameter(name=m[1], inferred_type_name=m[2] or "None", default=m[3], help=m[4] or "") for m in found if m
        ]


papermill_translators.register("typescript", TypeScriptTranslator)


class Engine(NBClientEngine):
    """papermill's own engine under another name: naming it loads this module."""
