"""Saving a document of a client: where, with a password if wanted, and noted in the log of disclosures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from therapist_desktop.cli.desk import Desk, Setup
from therapist_desktop.cli.printing import check_target, save_document, say

F = TypeVar("F", bound=Callable[..., Any])

OUTPUT_FILE = click.Path(path_type=Path)


@dataclass(frozen=True)
class Delivery:
    """Where a document goes, and to whom."""

    output: Path
    protect: bool
    replace: bool
    recipient: str | None
    purpose: str


def delivery_options(command: F) -> F:
    """Add the options every command has that saves a document; ``delivery_from`` takes them."""
    for option in reversed(
        (
            click.option("-o", "--output", type=OUTPUT_FILE, required=True, help="Where to save the PDF."),
            click.option("--protect", is_flag=True, help="Ask for a password and encrypt the PDF with AES-256."),
            click.option("--replace", is_flag=True, help="Replace the file if it is there."),
            click.option("--to", "recipient", help="Who gets it; noted in the log of disclosures."),
            click.option("--purpose", default="at the request of the client", show_default=True, help="With --to."),
        )
    ):
        command = option(command)
    return command


def delivery_from(options: Mapping[str, Any]) -> Delivery:
    """Return where a document goes; raises ``UserError`` if it could not be saved there."""
    delivery = Delivery(**options)
    check_target(delivery.output, replace=delivery.replace)
    return delivery


def deliver(desk: Desk, data: bytes, delivery: Delivery, *, client_id: int, what: str) -> None:
    """Save a document as its options say."""
    from therapist_desktop.services.disclosures import log_disclosure

    if delivery.protect:
        data = protected(desk.setup, data)
    if delivery.recipient is not None:
        # Logged before it is saved: better an entry too many than a document that nobody knows of.
        log_disclosure(
            desk.practice,
            desk.person,
            client_id,
            recipient=delivery.recipient,
            what=what,
            purpose=delivery.purpose,
            method="file",
        )
        say("Noted in the log of disclosures.")
    save_document(data, delivery.output, replace=delivery.replace)


def protected(setup: Setup, data: bytes) -> bytes:
    """Encrypt a PDF with a password that is asked for; through a descriptor it is the next line."""
    from therapist_desktop.reports.protect import with_password

    return with_password(data, setup.another_secret("Password of the document", twice=True))
