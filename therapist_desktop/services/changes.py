"""What a verb changed: kinds and ids, for whoever shows them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """One record that was made or changed."""

    kind: str
    """The table word: “client”, “session note”, “charge” …"""
    record_id: int
    client_id: int | None = None


Changes = tuple[Change, ...]
