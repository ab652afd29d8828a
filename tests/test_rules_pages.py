"""The pages of the rules say what the packs say."""

from __future__ import annotations

from pathlib import Path

import pytest

from copilot.rules.pack import load_pack
from copilot.rules.pages import documented_packs, page

DOCS = Path(__file__).resolve().parent.parent / "docs"


@pytest.mark.parametrize("name", documented_packs())
def test_page_is_current(name: str) -> None:
    shown = (DOCS / "rules" / f"{name}.md").read_text(encoding="utf-8")
    assert shown == page(load_pack(name)), "run: python -m copilot.rules.pages"


def test_the_overview_links_every_pack() -> None:
    overview = (DOCS / "rules.md").read_text(encoding="utf-8")
    assert all(f"(rules/{name}.md)" in overview for name in documented_packs())
