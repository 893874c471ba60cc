"""What the practice remembers of its backups."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from therapist_desktop.models.record import Numbered


class BackupRecord(Numbered, kw_only=True):
    """A backup that was made and verified, and when it was last proven to restore."""

    __tablename__ = "backup_record"

    file_name: Mapped[str]
    sha256: Mapped[str] = mapped_column(index=True)
    made_at: Mapped[datetime]
    verified_at: Mapped[datetime]
    proven_at: Mapped[datetime | None] = mapped_column(default=None)
    own_passphrase: Mapped[bool] = mapped_column(default=False)
