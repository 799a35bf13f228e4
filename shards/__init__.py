"""Stores, WebDataset shards and the manifest that proves them whole; none knows how a line is made."""
