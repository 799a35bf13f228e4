"""Recipes that match real lines: what is measured on a line, what is matched, and who judges."""
