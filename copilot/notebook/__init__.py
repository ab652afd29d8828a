"""Porte-voix in a notebook: ``%load_ext copilot.notebook``.

Gives ``%%reply`` (draft a reply to the text of the cell), ``%%prompt`` (try the text of the cell as a
prompt) and ``%lab`` (run, compare, gate), and shows records as HTML, in JupyterLab's light and dark themes,
or as plain text where there is no browser. The shell that loads it hands itself over: none is imported.
"""

from __future__ import annotations

from typing import Any

PLOTS: dict[str, Any] = {
    "figure.facecolor": "none",
    "savefig.facecolor": "none",
    "axes.facecolor": "none",
    "axes.edgecolor": "#77777f",
    "axes.labelcolor": "#77777f",
    "axes.titlecolor": "#77777f",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "legend.frameon": False,
    "legend.labelcolor": "#77777f",
    "text.color": "#77777f",
    "xtick.color": "#77777f",
    "ytick.color": "#77777f",
    "figure.figsize": (7.5, 3.2),
    "figure.dpi": 110,
    "svg.fonttype": "none",
}
"""Settings for matplotlib (``plt.rcParams.update(PLOTS)``): no background, and one grey that reads on white
and on black alike."""

ACCENT = "#7478e8"
QUIET = "#a9a9b2"
"""Colours for plots: what the eye should go to, and the rest."""


def load_ipython_extension(ipython: Any) -> None:
    """Add the magics and the displays to a shell; ``%load_ext`` calls it."""
    from copilot.notebook import displays
    from copilot.notebook.magics import Session

    session = Session(ipython)
    session.register()
    displays.register(ipython.display_formatter, lambda: session.language)
