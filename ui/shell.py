"""What surrounds every page: skip link, navigation, brand, language switch and the sheet of keys."""

from __future__ import annotations

import re
from html import escape

import gradio as gr

from copilot import Copilot
from ui.pages import Page
from ui.words import LANGUAGES, Words

_JOINTS = (" + ", " ou ", " or ")
_JOINT = re.compile(f"({'|'.join(map(re.escape, _JOINTS))})")


def build(copilot: Copilot, page: Page, pages: tuple[Page, ...], language: str) -> None:
    """Lay out the head of a page inside an open ``gr.Blocks``."""
    say = Words(language, page.name)
    gr.HTML(
        header(copilot.brand.name, page, pages, say),
        elem_id="pv-header",
        js_on_load="window.pvShell(element)",
    )


def header(brand: str, page: Page, pages: tuple[Page, ...], say: Words) -> str:
    """Return the head of a page; its links are relative, so that the screens can live below any address."""
    links = "".join(_link(item, page, say.language) for item in pages)
    keys = "".join(_key(text) for text in say.all("shortcut_"))
    others = "".join(_language(code, page, say) for code in LANGUAGES if code != say.language)
    title = f"{say('page')} · {brand} · {say('title')}"
    return f"""
<a class="pv-skip" href="#pv-content">{say("skip")}</a>
<header class="pv-header" data-title="{escape(title)}" data-lost="{escape(say("lost"))}"
  data-back="{escape(say("back"))}" data-close="{escape(say("close"))}" data-out="{escape(say("sign_out"))}"
  data-ended="{escape(say("ended"))}" data-again="{escape(say("sign_in_again"))}">
  <a class="pv-word" href="./"><span aria-hidden="true">◗</span> {say("title")}</a>
  <nav aria-label="{say("pages")}">{links}</nav>
  <span class="pv-brand">{escape(brand)}</span>
  <button type="button" class="pv-help" data-help aria-label="{say("help")}">?</button>
  {others}
</header>
<h1 class="pv-unseen" id="pv-content" tabindex="-1">{escape(say("page"))}</h1>
<div class="pv-connection pv-foot" role="status" aria-live="polite"></div>
<div class="pv-ended pv-foot" role="alert"></div>
<dialog class="pv-sheet" aria-label="{say("help")}"><h2>{say("help")}</h2><dl>{keys}</dl>
<form method="dialog"><button>{say("close")}</button></form></dialog>"""


def _link(item: Page, current: Page, language: str) -> str:
    here = ' aria-current="page"' if item == current else ""
    return f'<a href="./{item.slug}"{here}>{escape(Words(language, item.name)("page"))}</a>'


def _language(code: str, page: Page, say: Words) -> str:
    name = escape(say(f"language_{code}"))
    return f'<a class="pv-lang" lang="{code}" href="../{code}/{page.slug}" data-language="{code}">{name}</a>'


def _key(text: str) -> str:
    keys, _, meaning = text.partition(" — ")
    named = "".join(part if part in _JOINTS else f"<kbd>{escape(part)}</kbd>" for part in _JOINT.split(keys))
    return f"<div><dt>{named}</dt><dd>{escape(meaning)}</dd></div>"
