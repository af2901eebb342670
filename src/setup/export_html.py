"""Turns an executed notebook into one HTML page that needs nothing else: no other file, no other origin.

Figures are drawn by plotly.js, which is in the page once. Each has its alt text, and its numbers as a table that opens.
"""

import json
import re
from pathlib import Path

from nbconvert import HTMLExporter
from traitlets.config import Config

PLOTLY = "application/vnd.plotly.v1+json"
HERE = Path(__file__).parent


def alt_text(output):
    """What a figure shows, in a sentence: from its layout.meta.alt, else its title."""
    layout = output["data"][PLOTLY].get("layout") or {}
    meta = layout.get("meta")
    if isinstance(meta, dict) and meta.get("alt"):
        return str(meta["alt"])
    title = layout.get("title")
    words = title.get("text") if isinstance(title, dict) else title
    return re.sub(r"<[^>]*>", "", words) if words else "A figure without a description."


def json_for_script(value):
    """JSON that cannot end the <script> element it stands in, whatever text is in it."""
    return json.dumps(value).replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def export_html(notebook, title, plotly_js):
    """The page's text. `plotly_js` is the library's source; it is left out where there is no figure."""
    figures = any(PLOTLY in o.get("data", {}) for c in notebook.cells for o in c.get("outputs", []))
    config = Config()
    config.HTMLExporter.template_name = "lesson"
    config.HTMLExporter.extra_template_basedirs = [str(HERE / "html")]
    config.NbConvertBase.display_data_priority = [
        PLOTLY, "text/html", "text/markdown", "image/svg+xml", "image/png", "image/jpeg", "text/plain",
    ]
    exporter = HTMLExporter(config=config, embed_images=True)
    exporter.register_filter("alt_text", alt_text)
    exporter.register_filter("json_for_script", json_for_script)
    page, _ = exporter.from_notebook_node(
        notebook,
        resources={
            "metadata": {"name": title},
            "plotly_js": re.sub(r"</(script)", r"<\\/\1", plotly_js, flags=re.IGNORECASE) if figures else "",
        },
    )
    return page
