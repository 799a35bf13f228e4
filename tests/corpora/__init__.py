"""Text and real handwriting in: sources, cleaning, lengths, sampling, readers."""
