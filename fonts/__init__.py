"""Hands in: supply of open-licensed fonts, probe, catalogue, selection, contact sheet."""
