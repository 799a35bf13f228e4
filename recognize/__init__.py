"""Reading: decoding, confidence, metrics, evaluation, reports."""
