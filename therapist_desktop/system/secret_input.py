"""Reading a password that another program hands over, without it ever being an argument."""

from __future__ import annotations

import os

from therapist_desktop.models.errors import UserError

LONGEST_SECRET_BYTES = 4096


def read_secret(descriptor: int) -> str:
    """Return the next line of an open file descriptor, without its end.

    Only that line is read, so that two passwords may come one after the other through the same descriptor.
    Raises ``UserError`` for a descriptor that cannot be read, an empty or overlong line, or text that is not UTF-8.
    """
    line = bytearray()
    try:
        while (byte := os.read(descriptor, 1)) not in (b"", b"\n"):
            line += byte
            if len(line) > LONGEST_SECRET_BYTES:
                raise UserError(f"The password from file descriptor {descriptor} is too long.")
    except OSError as error:
        raise UserError(
            f"No password can be read from file descriptor {descriptor}. Check that it is open for reading."
        ) from error
    try:
        secret = line.removesuffix(b"\r").decode("utf-8")
    except UnicodeDecodeError:
        # Without the cause: the exception would carry the password.
        raise UserError(f"The password from file descriptor {descriptor} is not UTF-8 text.") from None
    if not secret:
        raise UserError(f"The password from file descriptor {descriptor} is empty.")
    return secret
