"""The whole line, small but real: fonts, text, shards, pretraining, fine-tuning, reading, report."""
