"""The key file of a practice: every way in, kept in two copies beside the database."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from typing import Any

from therapist_desktop.models.errors import UserError
from therapist_desktop.storage.audit_anchor import BEGINNING, Anchor, AnchorTag
from therapist_desktop.storage.cipher_profile import STANDARD_CIPHER, CipherProfile
from therapist_desktop.storage.key_bundle import KeyBundle
from therapist_desktop.storage.key_derivation import STANDARD_KDF, KdfParameters, password_bytes
from therapist_desktop.storage.key_json import LONGEST_TEXT, KeyFileDamagedError
from therapist_desktop.storage.key_sealing import KEY_BYTES, WrongKeyError, key_id
from therapist_desktop.storage.key_slots import Purpose, Slot, SlotKind
from therapist_desktop.storage.recovery_key import RecoveryKey

VAULT_ID_BYTES = 16


class WrongSecretError(UserError):
    """What was typed opens nothing: it is wrong, or this way in is closed."""


@dataclass(frozen=True)
class KeyFile:
    """One generation of the key file. It never changes: every ``with_…`` returns the next generation.

    Nothing is on the disk until ``write_key_file``. The generation only grows, so that of two whole
    copies the newer one is known. ``used_backup`` and ``needs_repair`` are set by ``read_key_file``.
    """

    vault_id: str
    generation: int
    key_id: str
    pending_key_id: str | None = None
    anchor: Anchor = BEGINNING
    anchor_tags: tuple[AnchorTag, ...] = ()
    slots: tuple[Slot, ...] = ()
    cipher: CipherProfile = STANDARD_CIPHER
    used_backup: bool = field(default=False, compare=False)
    needs_repair: bool = field(default=False, compare=False)

    @classmethod
    def create(cls, vault_id: str | None = None, practice_key: bytes | None = None) -> tuple[KeyFile, KeyBundle]:
        """Return a key file without any slot, and the bundle that adds the first ones.

        ``vault_id`` and ``practice_key`` are drawn at random unless they are those of an existing practice.
        """
        bundle = KeyBundle(
            practice_key=secrets.token_bytes(KEY_BYTES) if practice_key is None else practice_key,
            membership_key=secrets.token_bytes(KEY_BYTES),
        )
        vault_id = secrets.token_hex(VAULT_ID_BYTES) if vault_id is None else vault_id
        key_file = cls(vault_id=vault_id, generation=0, key_id=key_id(bundle.practice_key))
        return key_file.with_anchor(BEGINNING, bundle.practice_key), bundle

    def slot(self, kind: SlotKind, person_id: str | None = None) -> Slot | None:
        """Return the one slot of this kind and person, if there is one."""
        return next((s for s in self.slots if s.kind is kind and s.person_id == person_id), None)

    @property
    def password_slots(self) -> tuple[Slot, ...]:
        """Who can sign in: the slots with ``person_id`` and ``label``, known before anything is opened."""
        return tuple(slot for slot in self.slots if slot.kind is SlotKind.PASSWORD)

    @property
    def people(self) -> tuple[tuple[int, str], ...]:
        """Number and shown name of everybody who can sign in; raises ``KeyFileDamagedError``."""
        numbers = [slot.person_id or "" for slot in self.password_slots]
        if not all(number.isascii() and number.isdecimal() and len(number) < 19 for number in numbers):
            raise KeyFileDamagedError.standard()
        return tuple((int(slot.person_id or ""), slot.label or "") for slot in self.password_slots)

    def unlock_with_password(self, person_id: str, password: str) -> KeyBundle:
        """Open a person's slot; takes as long as Argon2id does, about 150 ms."""
        return self._open(
            SlotKind.PASSWORD,
            person_id,
            password_bytes(password),
            missing="This person cannot sign in to this practice. Choose another name.",
            wrong="That password is not right. Check Caps Lock and the keyboard language, and try again.",
        )

    def unlock_with_recovery_key(self, recovery_key: RecoveryKey, person_id: str | None = None) -> KeyBundle:
        """Open with the printed key of the practice, or with a person's own one."""
        return self._open(
            SlotKind.RECOVERY,
            person_id,
            recovery_key.secret,
            missing="There is no recovery key for this. Sign in with a password.",
            wrong="This recovery key belongs to another practice, or a newer one was printed since.",
        )

    def unlock_with_keyring(self, person_id: str, secret: bytes) -> KeyBundle:
        """Open with the secret this computer keeps for the person."""
        sentence = "This computer no longer remembers the key of this practice. Sign in with your password."
        return self._open(SlotKind.KEYRING, person_id, secret, missing=sentence, wrong=sentence)

    def unlock_with_passphrase(self, passphrase: str) -> KeyBundle:
        """Open the key file of a copy that left the house with a passphrase of its own."""
        return self._open(
            SlotKind.PASSPHRASE,
            None,
            password_bytes(passphrase),
            missing="This copy has no passphrase of its own. Open it with a password of the practice.",
            wrong="That passphrase is not right. Check Caps Lock and the keyboard language, and try again.",
        )

    def _open(self, kind: SlotKind, person_id: str | None, secret: bytes, *, missing: str, wrong: str) -> KeyBundle:
        slot = self.slot(kind, person_id)
        if slot is None:
            raise WrongSecretError(missing)
        try:
            return slot.open(secret, self.key_id, self.pending_key_id)
        except WrongKeyError:
            raise WrongSecretError(wrong) from None

    def with_password_slot(
        self, bundle: KeyBundle, person_id: str, label: str, password: str, kdf: KdfParameters = STANDARD_KDF
    ) -> KeyFile:
        """Let a person sign in; ``label`` is the name shown before anything is unlocked."""
        if self.slot(SlotKind.PASSWORD, person_id) is not None:
            raise ValueError("this person already has a password")
        return self._with_slot(bundle, SlotKind.PASSWORD, person_id, _secret(password), kdf, label=_label(label))

    def with_password_changed(
        self, person_id: str, old_password: str, new_password: str, kdf: KdfParameters = STANDARD_KDF
    ) -> KeyFile:
        """Replace a password by its owner.

        The slot gets a new key pair, so that the old password with an old copy of this file opens no key
        that is sealed later. With such a copy it still opens the practice until that is re-keyed.
        """
        bundle = self.unlock_with_password(person_id, old_password)
        return self.with_password_reset(bundle, person_id, new_password, kdf)

    def with_password_reset(
        self,
        bundle: KeyBundle,
        person_id: str,
        new_password: str,
        kdf: KdfParameters = STANDARD_KDF,
        *,
        discard_private_key: bool = False,
    ) -> KeyFile:
        """Give a person a new password without the old one, for instance after the recovery key was used.

        The key of the person's private notes survives only if ``bundle`` holds it. Raises ``UserError``
        if it would be lost and the caller did not say that it may be.
        """
        slot = self._slot_of(SlotKind.PASSWORD, person_id)
        return self._with_slot(
            bundle,
            SlotKind.PASSWORD,
            person_id,
            _secret(new_password),
            kdf,
            label=slot.label,
            discard_private_key=discard_private_key,
        )

    def with_label(self, person_id: str, label: str) -> KeyFile:
        """Change the name a person is shown with before anything is unlocked."""
        slot = self._slot_of(SlotKind.PASSWORD, person_id)
        return self._next(slots=tuple(replace(s, label=_label(label)) if s is slot else s for s in self.slots))

    def with_recovery_key(
        self,
        bundle: KeyBundle,
        recovery_key: RecoveryKey,
        person_id: str | None = None,
        kdf: KdfParameters = STANDARD_KDF,
    ) -> KeyFile:
        """Set the printed key of the practice, or a person's own one, in place of any earlier one.

        With an old copy of this file the earlier one still opens the practice until that is re-keyed.
        """
        return self._with_slot(bundle, SlotKind.RECOVERY, person_id, recovery_key.secret, kdf)

    def with_keyring_slot(
        self, bundle: KeyBundle, person_id: str, secret: bytes, kdf: KdfParameters = STANDARD_KDF
    ) -> KeyFile:
        """Let this computer's keyring open the practice for a person; never the person's private notes."""
        if len(secret) != KEY_BYTES:
            raise ValueError(f"a keyring secret has {KEY_BYTES} bytes")
        return self._with_slot(bundle, SlotKind.KEYRING, person_id, secret, kdf)

    def with_passphrase(self, bundle: KeyBundle, passphrase: str, kdf: KdfParameters = STANDARD_KDF) -> KeyFile:
        """Let a passphrase open this key file, for a copy that leaves the house."""
        return self._with_slot(bundle, SlotKind.PASSPHRASE, None, _secret(passphrase), kdf)

    def without_slot(self, slot_id: str, *, discard_private_key: bool = False) -> KeyFile:
        """Close one way in. To shut out somebody who has used it, re-key as well."""
        gone = [slot for slot in self.slots if slot.slot_id == slot_id]
        if not gone:
            raise ValueError("there is no such slot")
        return self._without(gone, discard_private_key)

    def without_person(self, person_id: str, *, discard_private_key: bool = False) -> KeyFile:
        """Close every way in of a person. To shut the person out, re-key as well.

        Raises ``UserError`` if nobody could sign in any more, or if the key of the person's private notes
        would be lost and the caller did not say that it may be.
        """
        return self._without([slot for slot in self.slots if slot.person_id == person_id], discard_private_key)

    def with_private_key(self, bundle: KeyBundle, private_key: bytes) -> KeyFile:
        """Store the key of the private notes of the person whose bundle this is, in that person's own slots.

        The keyring's slot is left out: whoever sits down at a signed-in computer is asked for the password.
        """
        mine = [s for s in self.slots if s.person_id == bundle.person_id and s.kind is not SlotKind.KEYRING]
        if bundle.person_id is None or bundle.private_key is not None or any(s.holds_private_key for s in mine):
            raise ValueError("a private key is set once, by its own person")
        self._check(bundle)
        self._check_slots(bundle)
        slots = (
            s.with_key(Purpose.PRIVATE, private_key, bundle.membership_key) if s in mine else s for s in self.slots
        )
        return self._next(slots=tuple(slots))

    def with_pending_rekey(self, bundle: KeyBundle, new_key: bytes) -> KeyFile:
        """Seal ``new_key`` for every slot beside the current key; write this before re-keying the database.

        No password of anybody is needed. Raises ``KeyFileDamagedError`` if a slot was not made by a
        member: nothing is ever sealed for a slot that a stranger has put into the file.
        """
        if self.pending_key_id is not None:
            raise ValueError("a re-key is already under way")
        if len(new_key) != KEY_BYTES:
            raise ValueError(f"a practice key has {KEY_BYTES} bytes")
        self._check(bundle)
        self._check_slots(bundle)
        resealed = tuple(s.with_key(Purpose.PRACTICE, new_key, bundle.membership_key) for s in self.slots)
        tags = self.anchor_tags
        if self.anchor_is_vouched_for(bundle.practice_key):
            tags = (*tags, AnchorTag.made(self.anchor, self.vault_id, new_key))
        return self._next(pending_key_id=key_id(new_key), slots=resealed, anchor_tags=tags)

    def with_rekey_confirmed(self, practice_key: bytes) -> KeyFile:
        """Keep only the key that was seen to open the database: the new one, or the old if that failed."""
        identifier = key_id(practice_key)
        if identifier not in (self.key_id, self.pending_key_id):
            raise ValueError("this is neither the current nor the pending key")
        kept = tuple(slot.with_practice_key_only(identifier) for slot in self.slots)
        tags = tuple(tag for tag in self.anchor_tags if tag.key_id == identifier)
        return self._next(key_id=identifier, pending_key_id=None, slots=kept, anchor_tags=tags)

    def with_anchor(self, anchor: Anchor, *practice_keys: bytes) -> KeyFile:
        """Note how far the audit chain reaches, vouched for with each key in force."""
        tags = tuple(AnchorTag.made(anchor, self.vault_id, key) for key in practice_keys)
        return self._next(anchor=anchor, anchor_tags=tags)

    def anchor_is_vouched_for(self, practice_key: bytes) -> bool:
        """Tell whether somebody who holds ``practice_key`` wrote the anchor."""
        expected = AnchorTag.made(self.anchor, self.vault_id, practice_key)
        return any(tag.equals(expected) for tag in self.anchor_tags)

    @property
    def is_consistent(self) -> bool:
        """Whether there is a way in, each once, and each with exactly the keys in force."""
        places = {(slot.kind, slot.person_id) for slot in self.slots}
        identifiers = {slot.slot_id for slot in self.slots}
        whole = all(slot.key_ids(Purpose.PRACTICE) == set(self._key_ids) for slot in self.slots)
        return len(places) == len(identifiers) == len(self.slots) > 0 and whole

    def _next(self, **changes: Any) -> KeyFile:
        return replace(self, generation=self.generation + 1, used_backup=False, needs_repair=False, **changes)

    def _with_slot(
        self,
        bundle: KeyBundle,
        kind: SlotKind,
        person_id: str | None,
        secret: bytes,
        kdf: KdfParameters,
        *,
        label: str | None = None,
        discard_private_key: bool = False,
    ) -> KeyFile:
        """Put a new slot in the place of the one of the same kind and person, with all it should hold."""
        self._check(bundle)
        slot = Slot.new(self.vault_id, kind, secret, bundle.membership_key, person_id=person_id, label=label, kdf=kdf)
        for practice_key in bundle.practice_keys:
            slot = slot.with_key(Purpose.PRACTICE, practice_key, bundle.membership_key)
        if kind is not SlotKind.KEYRING and bundle.private_key is not None and bundle.person_id == person_id:
            slot = slot.with_key(Purpose.PRIVATE, bundle.private_key, bundle.membership_key)
        left = tuple(s for s in self.slots if (s.kind, s.person_id) != (kind, person_id))
        return self._with_slots((*left, slot), discard_private_key)

    def _without(self, gone: list[Slot], discard_private_key: bool) -> KeyFile:
        left = tuple(slot for slot in self.slots if slot not in gone)
        if not any(slot.kind in (SlotKind.PASSWORD, SlotKind.PASSPHRASE) for slot in left):
            raise UserError("Nobody could open this practice any more. Let another person sign in first.")
        return self._with_slots(left, discard_private_key)

    def _with_slots(self, slots: tuple[Slot, ...], discard_private_key: bool) -> KeyFile:
        if not discard_private_key and _private_key_ids(self.slots) - _private_key_ids(slots):
            raise UserError(
                "This would make this person's private psychotherapy notes unreadable for ever. "
                "Export them first, or say that they may be lost."
            )
        return self._next(slots=slots)

    def _slot_of(self, kind: SlotKind, person_id: str) -> Slot:
        slot = self.slot(kind, person_id)
        if slot is None:
            raise ValueError("this person has no such slot")
        return slot

    def _check(self, bundle: KeyBundle) -> None:
        """Refuse a bundle of another practice, or one from before or after a re-key."""
        if [key_id(key) for key in bundle.practice_keys] != self._key_ids:
            raise ValueError("this bundle does not hold the keys that are in force")

    def _check_slots(self, bundle: KeyBundle) -> None:
        if not all(slot.is_vouched_for(bundle.practice_key, bundle.membership_key) for slot in self.slots):
            raise KeyFileDamagedError(
                "Somebody has put a way in into the key file of this practice without having a key. "
                "Restore the practice from a backup."
            )

    @property
    def _key_ids(self) -> list[str]:
        return [self.key_id] if self.pending_key_id is None else [self.key_id, self.pending_key_id]


def _private_key_ids(slots: tuple[Slot, ...]) -> set[str]:
    return {identifier for slot in slots for identifier in slot.key_ids(Purpose.PRIVATE)}


def _label(text: str) -> str:
    return " ".join(text.split())[:LONGEST_TEXT]


def _secret(password: str) -> bytes:
    if not password:
        raise ValueError("an empty password opens nothing")
    return password_bytes(password)
