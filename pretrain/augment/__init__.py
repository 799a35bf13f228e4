"""Augmentation of training pictures: other frames, planned with the epoch; other strokes and paper."""
