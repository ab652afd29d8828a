"""A choice among many: the browser's own ``<select>``, quiet and known to every screen reader."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import gradio as gr

_ON_LOAD = """
const select = element.querySelector("select");
const show = () => { if (props.value) select.value = props.value; };
select.addEventListener("change", () => { props.value = select.value; trigger("change"); });
watch("value", show);
show();
setTimeout(() => { select.dataset.ready = "1"; }, 200); // by then Gradio has set its first value
"""


def choice(label: str, options: Sequence[tuple[str, str]], *, elem_id: str, **params: Any) -> gr.HTML:
    """Return a component whose value is the key chosen among ``(key, words)``."""
    rows = "".join(f'<option value="{escape(key)}">{escape(words)}</option>' for key, words in options)
    name = f"{elem_id}-select"
    return gr.HTML(
        value=options[0][0],
        html_template=(
            f'<label class="pv-label" for="{name}">{escape(label)}</label>'
            f'<span class="pv-choice"><select id="{name}">{_literal(rows)}</select></span>'
        ),
        js_on_load=_ON_LOAD,
        elem_id=elem_id,
        **params,
    )


def _literal(html: str) -> str:
    """Escape what Gradio's template language would read as its own."""
    return html.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${").replace("{{", "&#123;{")
