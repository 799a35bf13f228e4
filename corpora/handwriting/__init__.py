"""Real handwriting: every data set, whatever its layout, becomes a stream of one record."""
