"""Text and real handwriting in: sources, cleaning, alphabets, length targets, the length-matched sampler."""
