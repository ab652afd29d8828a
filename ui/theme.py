"""One theme for all pages: quiet chrome, one accent, an 8-pixel rhythm, system fonts."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

STATIC = Path(__file__).parent / "static"
# System fonts only: a theme's default would be fetched from the network.
SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "sans-serif")
MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "DejaVu Sans Mono", "monospace")


def theme() -> gr.themes.Base:
    """Return the theme of all pages."""
    return gr.themes.Base(
        primary_hue=gr.themes.colors.indigo,
        neutral_hue=gr.themes.colors.zinc,
        spacing_size=gr.themes.sizes.spacing_md,
        radius_size=gr.themes.sizes.radius_md,
        text_size=gr.themes.sizes.text_md,
        font=SANS,
        font_mono=MONO,
    ).set(
        body_background_fill="var(--pv-paper)",
        body_background_fill_dark="var(--pv-paper)",
        body_text_color="var(--pv-ink)",
        body_text_color_dark="var(--pv-ink)",
        body_text_size="16px",
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        block_border_width="0px",
        block_shadow="none",
        block_padding="0px",
        block_label_background_fill="transparent",
        block_label_background_fill_dark="transparent",
        block_title_text_weight="600",
        block_title_text_size="14px",
        block_title_text_color="var(--pv-ink)",
        block_title_text_color_dark="var(--pv-ink)",
        block_info_text_color="var(--pv-soft)",
        block_info_text_color_dark="var(--pv-soft)",
        input_background_fill="var(--pv-card)",
        input_background_fill_dark="var(--pv-card)",
        input_border_color="var(--pv-line)",
        input_border_color_dark="var(--pv-line)",
        input_border_color_focus="var(--pv-accent)",
        input_border_color_focus_dark="var(--pv-accent)",
        input_shadow="none",
        input_shadow_focus="none",
        input_text_size="16px",
        input_placeholder_color="var(--pv-soft)",
        input_placeholder_color_dark="var(--pv-soft)",
        button_primary_background_fill="var(--pv-accent)",
        button_primary_background_fill_dark="var(--pv-accent)",
        button_primary_background_fill_hover="var(--pv-accent-strong)",
        button_primary_background_fill_hover_dark="var(--pv-accent-strong)",
        button_primary_text_color="var(--pv-on-accent)",
        button_primary_text_color_dark="var(--pv-on-accent)",
        button_secondary_background_fill="var(--pv-card)",
        button_secondary_background_fill_dark="var(--pv-card)",
        button_secondary_background_fill_hover="var(--pv-hover)",
        button_secondary_background_fill_hover_dark="var(--pv-hover)",
        button_secondary_border_color="var(--pv-line)",
        button_secondary_border_color_dark="var(--pv-line)",
        button_secondary_text_color="var(--pv-ink)",
        button_secondary_text_color_dark="var(--pv-ink)",
        button_border_width="1px",
        button_large_text_weight="600",
        button_large_text_size="16px",
        button_small_text_size="14px",
        layout_gap="16px",
        form_gap_width="0px",
    )


def css() -> str:
    """Return the style sheets of all pages, the shared one first."""
    return _all("css")


def head(language: str) -> str:
    """Return what every page loads before anything else: its language, its icon, the screens' scripts."""
    return (
        f"<script>document.documentElement.lang = {language!r};</script>"
        '<link rel="icon" type="image/svg+xml" href="../favicon.ico">'
        # Gradio shows links of its own on every page of an application, even next to an invisible Navbar.
        "<style>.nav-holder { display: none !important; }</style>"
        f"<script>{_all('js')}</script>"
    )


def _all(ending: str) -> str:
    shared = STATIC / f"pv.{ending}"
    files = [shared, *sorted(p for p in STATIC.glob(f"*.{ending}") if p != shared)]
    return "\n".join(p.read_text(encoding="utf-8") for p in files)
