"""The keys somebody holds after a slot was opened."""

from __future__ import annotations

from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class KeyBundle:
    """What a slot gives to whoever opened it. It lives in memory only and never shows its keys."""

    practice_key: bytes = field(repr=False)
    membership_key: bytes = field(repr=False)
    pending_key: bytes | None = field(default=None, repr=False)
    private_key: bytes | None = field(default=None, repr=False)
    person_id: str | None = None

    @property
    def practice_keys(self) -> tuple[bytes, ...]:
        """The keys to try on ``practice.db``: the current one, then that of a re-key not yet confirmed."""
        return (self.practice_key,) if self.pending_key is None else (self.practice_key, self.pending_key)

    def with_pending(self, new_key: bytes) -> KeyBundle:
        """Return the bundle as it is while ``new_key`` is being put in place."""
        return replace(self, pending_key=new_key)

    def settled_on(self, practice_key: bytes) -> KeyBundle:
        """Return the bundle after the re-key: ``practice_key`` opens the file, the other is forgotten."""
        if practice_key not in self.practice_keys:
            raise ValueError("this bundle does not hold that key")
        return replace(self, practice_key=practice_key, pending_key=None)
