"""Speed and size, measured: one module an area, each with `measure() -> list[Figure]`."""

AREAS = ("corpus", "fonts", "render", "effects", "mill", "decode", "load", "train")
