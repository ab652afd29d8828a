"""Choices made of the browser's own fields, quiet and known to every screen reader.

``choice`` is one among many, ``chips`` are several of which the rarer ones stay folded.
"""

from __future__ import annotations

import json
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

_CHIPS_ON_LOAD = """
const boxes = [...element.querySelectorAll("input")], rest = element.querySelector("details");
const known = (text) => (text || "").split(" ").filter((name) => boxes.some((box) => box.value === name));
const show = () => {
  const chosen = known(props.value);
  for (const box of boxes) box.checked = chosen.includes(box.value);
  if (rest && boxes.some((box) => box.checked && rest.contains(box))) rest.open = true;
};
element.addEventListener("change", () => {
  props.value = boxes.filter((box) => box.checked).map((box) => box.value).join(" ");
  localStorage.setItem(KEY, props.value);
});
watch("value", show);
show();
setTimeout(() => { // by then Gradio has set its first value
  const remembered = known(localStorage.getItem(KEY)).join(" ");
  if (remembered) props.value = remembered, show();
  element.querySelector("fieldset").dataset.ready = "1";
}, 200);
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


def chips(
    label: str,
    options: Sequence[tuple[str, str]],
    *,
    chosen: Sequence[str],
    first: int,
    more: str,
    elem_id: str,
) -> gr.HTML:
    """Return a component whose value are the keys chosen among ``(key, words)``, spaces between them.

    Those after the ``first`` fold under ``more``. What a person chooses is remembered in her browser.
    """
    rows = [
        f'<label><input type="checkbox" value="{escape(key)}"><span>{escape(words)}</span></label>'
        for key, words in options
    ]
    rest = ""
    if rows[first:]:
        folded = "".join(rows[first:])
        rest = f'<details><summary>{escape(more)}</summary><div class="pv-picks">{folded}</div></details>'
    shown = "".join(rows[:first])
    return gr.HTML(
        value=" ".join(chosen),
        html_template=_literal(
            f'<fieldset class="pv-picking"><legend class="pv-label">{escape(label)}</legend>'
            f'<div class="pv-picks">{shown}</div>{rest}</fieldset>'
        ),
        js_on_load=_CHIPS_ON_LOAD.replace("KEY", json.dumps(elem_id)),
        elem_id=elem_id,
    )


def _literal(html: str) -> str:
    """Escape what Gradio's template language would read as its own."""
    return html.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${").replace("{{", "&#123;{")
