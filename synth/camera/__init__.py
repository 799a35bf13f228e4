"""The camera: what light, lens, scanner and file do to a written page."""
