"""Saving a document of a client: where, with a password if wanted, and noted in the log of disclosures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from therapist_desktop.cli.desk import Desk
from therapist_desktop.cli.printing import save_document

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Delivery:
    """Where a document goes, and to whom."""

    output: Path
    protect: bool
    replace: bool
    recipient: str | None
    purpose: str


def delivery_options(command: F) -> F:
    """Add the options every command has that saves a document; they arrive as ``output``, ``protect``, …"""
    for option in reversed(
        (
            click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True),
            click.option("--protect", is_flag=True, help="Ask for a password and encrypt the PDF with AES-256."),
            click.option("--replace", is_flag=True, help="Replace the file if it is there."),
            click.option("--to", "recipient", help="Who gets it; noted in the log of disclosures."),
            click.option("--purpose", default="at the request of the client", show_default=True),
        )
    ):
        command = option(command)
    return command


def deliver(desk: Desk, data: bytes, delivery: Delivery, *, client_id: int, what: str) -> None:
    """Save a document as its options say."""
    from therapist_desktop.services.disclosures import log_disclosure

    if delivery.protect:
        from therapist_desktop.reports.protect import with_password

        data = with_password(data, desk.setup.another_secret("Password of the document", twice=True))
    save_document(data, delivery.output, replace=delivery.replace)
    if delivery.recipient:
        log_disclosure(
            desk.practice,
            desk.person,
            client_id,
            recipient=delivery.recipient,
            what=what,
            purpose=delivery.purpose,
            method="file",
        )
