"""What a client is sent of values: results in their richest form, and what cells show by display and tslab's functions."""

import base64
import os
import tempfile

from kernel import ROOT, Kernel, case, holds, main, same

DISPLAY = "[Symbol.for('Jupyter.display')]"


def start():
    """In a folder of this repository, so that its packages are there."""
    out = os.path.join(ROOT, "out")
    os.makedirs(out, exist_ok=True)
    kernel = Kernel(cwd=tempfile.mkdtemp(prefix="wire-display-", dir=out))
    stop = kernel.stop

    def stop_and_remove():
        stop()
        os.rmdir(kernel.cwd)

    kernel.stop = stop_and_remove
    return kernel


def forms(kernel, code):
    """The forms of a cell's result."""
    result = kernel.execute(code, timeout=60)
    assert result.status == "ok", result.reply["content"]
    (content,) = result.of("execute_result")
    return content["data"]


@case("plain values are text as Node.js writes it, without colours")
def plain(kernel):
    for code, text in (
        ("6", "6"),
        ("[1, 2]", "[ 1, 2 ]"),
        ("({ a: 1 })", "{ a: 1 }"),
        ("'ok'", "'ok'"),
        ("null", "null"),
        ("10n", "10n"),
        ("new Map([['a', new Set([1])]])", "Map(1) { 'a' => Set(1) { 1 } }"),
        ("new Date(0)", "1970-01-01T00:00:00.000Z"),
        ("new Float32Array(2)", "Float32Array(2) [ 0, 0 ]"),
        ("class Point { x = 1 }; new Point()", "Point { x: 1 }"),
    ):
        same(forms(kernel, code), {"text/plain": text})


@case("undefined is no result")
def nothing(kernel):
    for code in ("undefined", "void 0", f"({{ {DISPLAY}() {{}} }})", "display(1)"):
        same(kernel.execute(code).of("execute_result"), [])


@case("a promise is not awaited, and says how to")
def promise(kernel):
    holds(kernel.value("new Promise(() => {})"), "Promise { <pending> }\n", "await")
    holds(kernel.value("Promise.resolve(5)"), "Promise { 5 }\n", "await")
    same(kernel.value("await Promise.resolve(5)"), "5")


@case("objects show themselves by Jupyter's symbol, at once or later")
def symbol(kernel):
    body = "{ return { 'text/html': '<b>me</b>', 'text/plain': 'me' }; }"
    wanted = {"text/html": "<b>me</b>", "text/plain": "me"}
    same(forms(kernel, f"({{ {DISPLAY}() {body} }})"), wanted)
    same(forms(kernel, f"class Slow {{ async {DISPLAY}() {body} }}; new Slow()"), wanted)


@case("one that fails to is told of, and the cell is not lost")
def failing(kernel):
    for modifier in ("", "async "):
        text = forms(kernel, f"({{ rows: 3,\n {modifier}{DISPLAY}() {{ throw new RangeError('no rows'); }} }})")["text/plain"]
        holds(text, "RangeError: no rows", "line 2", "rows: 3")


@case("arrays of records are tables, in HTML and in text")
def records(kernel):
    shown = forms(kernel, "Array.from({ length: 1000 }, (_, id) => ({ id, name: '<b>' + id, half: id / 2 }))")
    same(list(shown), ["text/html", "text/plain"])
    holds(shown["text/html"], "1,000 rows × 3 columns", "&lt;b&gt;999", '<td style="text-align: right">499.5</td>')
    assert "<b>" not in shown["text/html"]
    holds(shown["text/plain"], "1,000 rows x 3 columns")


@case("danfo's data frames are tables")
def danfo(kernel):
    shown = forms(kernel, "import { DataFrame } from 'danfojs-node';\nnew DataFrame([{ a: 1, b: 'x' }, { a: 2, b: 'y' }])")
    holds(shown["text/html"], "<table", "2 rows × 2 columns")
    same(shown["text/plain"].splitlines(), ["   a  b", "0  1  x", "1  2  y", "2 rows x 2 columns"])


@case("tensors are their type, their shape and a corner of values")
def tensors(kernel):
    # danfo may have brought TensorFlow's native library, which newer versions of Node.js do not run with.
    kernel.value("import * as tf from '@tensorflow/tfjs';\nawait tf.setBackend('cpu');")
    text = kernel.value("const t = tf.range(0, 600).reshape([2, 300]); t")
    same(text.splitlines()[:2], ["Tensor float32 [2, 300]: 600 values", "  0    1    2    3    4    5    6    7  ..."])
    holds(kernel.value("t.dispose(); t"), "disposed")


@case("the bytes of a picture are that picture")
def picture(kernel):
    png = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(40)).decode()
    same(forms(kernel, f"Buffer.from('{png}', 'base64')")["image/png"], png)
    same(list(forms(kernel, "Buffer.from('no picture at all')")), ["text/plain"])


@case("figures of Plotly and Vega-Lite are sent as such")
def figures(kernel):
    shown = forms(kernel, "({ data: [{ type: 'bar', y: new Float32Array([1, 2]) }], layout: {} })")
    same(shown["application/vnd.plotly.v1+json"], {"data": [{"type": "bar", "y": [1, 2]}], "layout": {}})
    spec = "{ $schema: 'https://vega.github.io/schema/vega-lite/v5.json', mark: 'bar', data: { values: [] } }"
    same(forms(kernel, f"({spec})")["application/vnd.vegalite.v5+json"]["mark"], "bar")


@case("a form that is too large is left out with a word on how to save it")
def large(kernel):
    shown = forms(kernel, f"({{ {DISPLAY}: () => ({{ 'text/html': 'x'.repeat(11_000_000) }}) }})")
    same(list(shown), ["text/plain"])
    holds(shown["text/plain"], "11.0 MB", "writeFileSync('value.html', ...)")


@case("display shows in order with what is printed, updates, and is known to the checker")
def display(kernel):
    result = kernel.execute("console.log('a');\nconst shown = display({ x: 1 });\nconsole.log('b');\nshown.update([{ x: 2 }]);")
    same(result.kinds, ["busy", "execute_input", "stream", "display_data", "stream", "update_display_data", "idle"])
    (first,), (second,) = result.of("display_data"), result.of("update_display_data")
    same(first["data"], {"text/plain": "{ x: 1 }"})
    holds(second["data"]["text/html"], "<table")
    same(first["transient"], second["transient"])
    assert first["transient"]["display_id"]
    holds(kernel.execute("display(1, { colour: 'red' })").error["evalue"], "TS2353")


@case("what is shown later goes to the cell that shows it")
def later(kernel):
    first = kernel.client.execute("setTimeout(() => display('late'), 300);")
    second = kernel.client.execute("await new Promise((resolve) => setTimeout(resolve, 600)); display('other');")
    kernel.finish(first)
    same([content["data"]["text/plain"] for content in kernel.finish(second).of("display_data")], ["'other'"])
    kernel.until(first, lambda message: message["msg_type"] == "display_data")


@case("html, markdown and their like, and clearOutput")
def content(kernel):
    result = kernel.execute(
        "import { clearOutput, html, latex, md, png } from 'model-types/display';\n"
        "display(md`*${1}*`);\ndisplay(latex`\\frac{1}{2}`);\ndisplay(png(new Uint8Array([1, 2, 3])), { metadata: { 'image/png': { width: 9 } } });\n"
        "clearOutput(true);\nhtml`<b>${'<i>'}</b>`"
    )
    assert result.status == "ok", result.reply["content"]
    markdown, formula, image = result.of("display_data")
    same(markdown["data"]["text/markdown"], "*1*")
    same(formula["data"]["text/latex"], "$$\\frac{1}{2}$$")
    same((image["data"]["image/png"], image["metadata"]), ("AQID", {"image/png": {"width": 9}}))
    same(result.of("clear_output"), [{"wait": True}])
    same(result.of("execute_result")[0]["data"]["text/html"], "<b>&lt;i&gt;</b>")


@case("displayOptions shows more of results and of what is printed")
def options(kernel):
    deep = "({ a: { b: { c: { d: { e: 1 } } } } })"
    holds(kernel.value(deep), "[Object]", "displayOptions({ depth: 6 })")
    result = kernel.execute(f"import {{ displayOptions }} from 'model-types/display';\ndisplayOptions({{ depth: 6 }});\nconsole.log({deep})")
    holds(result.stdout, "e: 1")
    holds(kernel.value(deep), "e: 1")
    kernel.execute("displayOptions({ depth: 2 });")


@case("tslab's functions send what tslab sends, imported and required")
def tslab(kernel):
    for head in ("import * as tslab from 'tslab';", "const tslab = require('tslab');"):
        result = kernel.execute(
            head
            + "\ntslab.display.html('<b>x</b>');\ntslab.display.png(new Uint8Array([1, 2, 3]));\n"
            "const one = tslab.newDisplay();\none.text('1');\none.text('2');\ntslab.versions.node"
        )
        assert result.status == "ok", result.reply["content"]
        same(
            [content["data"] for content in result.of("display_data")],
            [{"text/html": "<b>x</b>"}, {"image/png": "AQID"}, {"text/plain": "1"}],
        )
        same([content["data"] for content in result.of("update_display_data")], [{"text/plain": "2"}])
        assert result.text.startswith("'v"), result.text


main(start)
