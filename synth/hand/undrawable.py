"""The refusal of a line that a font cannot show, or that nobody would know how to."""

from __future__ import annotations


class Undrawable(Exception):
    """The line cannot be shown; the message is a rejection's reason."""
