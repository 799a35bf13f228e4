"""What a data set is on disk: stores, WebDataset shards, the manifest, verification."""
