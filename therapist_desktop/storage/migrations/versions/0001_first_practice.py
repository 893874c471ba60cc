"""The schema of the first release: a new practice is created with it, so there is nothing to do."""

from __future__ import annotations

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Do nothing: no practice is older than this."""
