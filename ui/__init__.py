"""The screens. ``launch(copilot)`` serves them; ``ui.server.build`` only makes the application."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from copilot import Copilot


def launch(copilot: Copilot, **options: Any) -> None:
    """Serve the screens until the process is stopped; see ``ui.server.launch``."""
    import click

    from ui.words import Words

    # Gradio takes seconds to load: whoever waits is told what for.
    click.echo(Words(options.get("language", "en"))("opening"), err=True)

    from ui.server import launch as serve

    serve(copilot, **options)
