"""Text that can be stored: half a character, as a broken paste leaves it, is shown as � and stops nothing."""

from __future__ import annotations

import re

_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
REPLACEMENT = "\ufffd"


def whole_text(text: str) -> str:
    """Return ``text`` with U+FFFD in place of every lone surrogate, which UTF-8 cannot hold; mostly it has none."""
    return text if text.isascii() else _HALF_CHARACTER.sub(REPLACEMENT, text)
