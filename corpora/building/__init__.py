"""The stages of building a corpus: clean, mark duplicates, join; each a pure function per piece."""
