"""Commands that ``copilot.cli`` takes up, one module an area."""
