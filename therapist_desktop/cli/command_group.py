"""A group of commands whose help lists them in the order of the work, not of the alphabet."""

from __future__ import annotations

import click


class CommandGroup(click.Group):
    """Lists its commands as they were defined."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of their definition."""
        return list(self.commands)
