"""A day: the browser's own field, known to every screen reader."""

from __future__ import annotations

from html import escape

import gradio as gr

_ON_LOAD = """
const field = element.querySelector("input");
field.value = props.value || "";
field.addEventListener("change", () => { props.value = field.value; });
watch("value", () => { if (field.value !== (props.value || "")) field.value = props.value || ""; });
"""


def day(label: str, *, elem_id: str) -> gr.HTML:
    """Return a component whose value is ``YYYY-MM-DD`` or an empty string."""
    name = f"{elem_id}-field"
    return gr.HTML(
        value="",
        html_template=(
            f'<label class="pv-label" for="{name}">{escape(label)}</label>'
            f'<span class="pv-moment"><input type="date" id="{name}"></span>'
        ),
        js_on_load=_ON_LOAD,
        elem_id=elem_id,
    )
