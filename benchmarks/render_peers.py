"""The peers of `benchmarks/render.py`; each is run by the Python that has it.

Reads JOBS (JSON: texts and font files) once; then, for every line on standard input, makes that many pictures
and answers with a line of JSON: the CPU seconds and how many pictures came out. Imports nothing of ours.
"""

from __future__ import annotations

import contextlib
import json
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any

Job = tuple[str, str]  # text, font file


def trdg(jobs: list[Job], _: str) -> Callable[[], Any]:
    """TextRecognitionDataGenerator: one straight line on a clean background, 64 pixels high, grey."""
    import trdg.utils
    from trdg.data_generator import FakeTextDataGenerator

    # Pillow has dropped getsize(); its height was the lower edge of the box.
    trdg.utils.get_text_height = lambda font, text: font.getbbox(text)[3]
    trdg.computer_text_generator.get_text_height = trdg.utils.get_text_height
    rest = cycle(jobs)

    def make() -> Any:
        text, font = next(rest)
        return FakeTextDataGenerator.generate(
            0, text, font, None, 64, None, 0, False, 0, False, 1, 0, 0, False, 0, -1, 1, "#282828", 0, 1.0, 0,
            (5, 5, 5, 5), False, False, False, "", image_mode="L",
        )  # fmt: skip

    return make


def synthtiger(jobs: list[Job], template: str) -> Callable[[], Any]:
    """SynthTIGER's horizontal template as it is shipped, with our texts and fonts and stand-in pictures."""
    import numpy as np
    import yaml
    from PIL import Image
    from synthtiger.gen import read_template

    folder = Path(tempfile.mkdtemp())
    config = yaml.safe_load((Path(template) / "config_horizontal.yaml").read_text())
    for number, font in enumerate(sorted({font for _, font in jobs})):
        (folder / f"{number}.ttf").symlink_to(font)
        characters = {character for text, path in jobs if path == font for character in text}
        (folder / f"{number}.txt").write_text("".join(sorted(characters)))
    (folder / "texts.txt").write_text("\n".join(text for text, _ in jobs))
    (folder / "colours.txt").write_text("40 10 210 10\n40 10 120 10 210 10\n")
    noise = np.random.default_rng(0).integers(0, 255, (512, 512, 3), np.uint8)
    Image.fromarray(noise).save(folder / "texture.png")
    config["corpus"]["args"][0] |= {
        "paths": [str(folder / "texts.txt")], "weights": [1], "max_length": None, "textcase": None,
        "augmentation": 0,
    }  # fmt: skip
    config["font"]["paths"] = [str(folder)]
    config["texture"]["args"]["paths"] = [str(folder / "texture.png")]
    config["colormap2"]["paths"] = config["colormap3"]["paths"] = [str(folder / "colours.txt")]
    made = read_template(str(Path(template) / "template.py"), "SynthTiger", config)

    def make() -> Any:
        try:
            return made.generate()
        except RuntimeError:  # its own check of visibility; it would be drawn again
            return None

    return make


def main() -> None:
    name, path, template = sys.argv[1:4]
    with contextlib.redirect_stdout(sys.stderr):  # some talk while they are imported
        make = {"trdg": trdg, "synthtiger": synthtiger}[name](json.loads(Path(path).read_text()), template)
        make()
    for count in sys.stdin:
        begin = time.process_time()
        made = sum(make() is not None for _ in range(int(count)))
        sys.stdout.write(json.dumps({"seconds": time.process_time() - begin, "made": made}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
