"""Rules for what prose lacks."""
