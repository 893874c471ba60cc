"""Kinds of notes, and templates: sets of sections as data, so that a practice can have its own (clinical.md 6.1)."""

from __future__ import annotations

import tomllib
from enum import StrEnum
from functools import cache

import msgspec

from therapist_desktop.models.errors import UserError
from therapist_desktop.paths import resources

DEFAULT_TEMPLATE = "DAP"


class NoteKind(StrEnum):
    """What a note is about; calls and missed sessions have notes of their own, many a day if need be."""

    PROGRESS = "progress"
    INTAKE = "intake"
    CONTACT = "contact"
    """A call, a message or a letter."""
    ABSENCE = "missed session"

    @property
    def is_session(self) -> bool:
        """Whether client and clinician met, so that times, place and diagnosis belong in it."""
        return self in (NoteKind.PROGRESS, NoteKind.INTAKE)


class TemplateSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A heading, and the prompt that an editor shows while nothing is written under it."""

    heading: str
    prompt: str = ""


class NoteTemplate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A set of sections under the name that is stored with each note."""

    name: str
    title: str
    section: tuple[TemplateSection, ...]

    @property
    def headings(self) -> tuple[str, ...]:
        """Its headings in order."""
        return tuple(section.heading for section in self.section)


class _TemplateFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    template: tuple[NoteTemplate, ...]


def read_note_templates(data: bytes) -> tuple[NoteTemplate, ...]:
    """Read templates from TOML; raises ``UserError`` if the file is not sound."""
    try:
        templates = msgspec.convert(tomllib.loads(data.decode()), _TemplateFile).template
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise UserError(f"The file of note templates cannot be read: {error}. Correct it.") from error
    names = [template.name.casefold() for template in templates]
    for template in templates:
        if names.count(template.name.casefold()) > 1:
            raise UserError(f"There are two note templates with the name {template.name}. Rename one of them.")
        if not template.section or not all(heading.strip() for heading in template.headings):
            raise UserError(f"The note template {template.name} has a section without a heading. Name it.")
        if len(set(template.headings)) < len(template.headings):
            raise UserError(f"The note template {template.name} has the same heading twice. Rename one of them.")
    return templates


@cache
def note_templates() -> tuple[NoteTemplate, ...]:
    """Return the templates that ship with the program, the usual one first."""
    return read_note_templates((resources() / "templates" / "notes.toml").read_bytes())


def note_template(name: str) -> NoteTemplate:
    """Return a template by its name in any case; raises ``UserError`` with the names there are."""
    for template in note_templates():
        if template.name.casefold() == name.strip().casefold():
            return template
    known = ", ".join(template.name for template in note_templates())
    raise UserError(f"There is no such note template. Choose one of these: {known}.")
