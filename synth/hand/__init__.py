"""The hand: from a line of text to outlines and coverage in pixels."""
