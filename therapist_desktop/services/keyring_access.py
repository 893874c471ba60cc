"""Remembering a practice in this computer’s keyring: a comfort, never the only way in."""

from __future__ import annotations

from pathlib import Path

from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person
from therapist_desktop.services.audit_trail import Action, record_event
from therapist_desktop.services.keys import require_signed_in
from therapist_desktop.storage.key_file_store import read_key_file
from therapist_desktop.storage.practice import Practice
from therapist_desktop.system import keyring_slot


def remember_here(practice: Practice, person: Person) -> None:
    """Let this computer’s keyring open the practice for whoever signed in."""
    require_signed_in(practice, person)
    with practice.writing() as session:
        record_event(session, practice, person.id, Action.CHANGE_KEYS, detail="remember-on-this-computer")
    secret = keyring_slot.remember(practice.key_file.vault_id, str(person.id))
    practice.keep(practice.ways_in.with_keyring(person.id, secret))


def recall(folder: Path, person_id: int) -> bytes:
    """Return the secret that the keyring holds for a person."""
    secret = keyring_slot.recall(read_key_file(folder).vault_id, str(person_id))
    if secret is None:
        raise UserError("This computer does not remember this practice. Sign in with your password.")
    return secret
