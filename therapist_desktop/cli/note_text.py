"""The plain form of a note on standard input: each section under its heading.

    # Data
    What happened and was said.

    # Plan
    Next steps.

A line that begins with “# ” is a heading; “\\# ” at the beginning of a line is text that begins with “# ”.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from therapist_desktop.models.errors import UserError

if TYPE_CHECKING:
    from therapist_desktop.services.note_draft import DraftSection


def parse_sections(text: str, headings: tuple[str, ...]) -> tuple[DraftSection, ...]:
    """Read sections; those of the template come in its order, others after them. Text is never dropped."""
    from therapist_desktop.services.note_draft import DraftSection

    written: dict[str, list[str]] = {}
    current: str | None = None
    known = {heading.casefold(): heading for heading in headings}
    for line in text.splitlines():
        if line.startswith("# "):
            name = line[2:].strip()
            current = known.get(name.casefold(), name)
            written.setdefault(current, [])
        elif current is not None:
            written[current].append(line.removeprefix("\\") if line.startswith("\\# ") else line)
        elif line.strip():
            if len(headings) != 1:
                names = ", ".join(headings)
                raise UserError(
                    f"The text does not say which section it belongs to. Begin with “# ” and one of: {names}."
                )
            current = headings[0]
            written.setdefault(current, []).append(line)
    order = [*headings, *(name for name in written if name not in headings)]
    return tuple(DraftSection(heading=name, text="\n".join(written.get(name, ())).strip()) for name in order)


def sections_text(sections: tuple[DraftSection, ...]) -> str:
    """Return sections in the form ``parse_sections`` reads."""
    parts = []
    for section in sections:
        lines = [f"\\{line}" if line.startswith("# ") else line for line in section.text.splitlines()]
        parts.append("\n".join([f"# {section.heading}", *lines, ""]))
    return "\n".join(parts)
