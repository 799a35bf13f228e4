"""Mutated files of every format: a fault is told as one, whatever is broken, and nothing hangs or crashes."""

import contextlib
import json
from pathlib import Path

import numpy as np
import pytest

from common.errors import InkmillError
from corpora.handwriting.policy import Policy
from corpora.handwriting.spec import read_lines
from tests.corpora.handwriting_files import around, listed, picture, ruled_page, written

MUTATIONS = 200
BASELINE = [(40, 100), (300, 104), (560, 100)]
LINE = (
    f'<TextLine id="l0" custom="readingOrder {{index:0;}}"><Coords points="{listed(around(BASELINE))}"/>'
    f'<Baseline points="{listed(BASELINE)}"/><TextEquiv index="0"><Unicode>word</Unicode></TextEquiv>'
    "</TextLine>"
)
STRING = '<String CONTENT="word"/><SP/><String CONTENT="other"/><HYP CONTENT="-"/>'
FILES = {
    "page": (
        "p1.xml",
        '<?xml version="1.0" encoding="UTF-8"?><PcGts><Page imageFilename="p1.png" imageWidth="600" '
        f'imageHeight="400"><TextRegion id="r1">{LINE}</TextRegion></Page></PcGts>',
    ),
    "alto": (
        "p1.xml",
        '<alto><Layout><Page WIDTH="600" HEIGHT="400"><TextLine ID="l0" HPOS="40" VPOS="62" WIDTH="520" '
        f'HEIGHT="56" BASELINE="40 100 560 100"><Shape><Polygon POINTS="{listed(around(BASELINE), " ")}"/>'
        f"</Shape>{STRING}</TextLine></Page></Layout></alto>",
    ),
    "vnondb": (
        "InkData_line/a.inkml",
        '<ink><traceGroup id="tg_0"><annotationXML><Tg_Truth>word</Tg_Truth></annotationXML>'
        '<trace id="1">0 0, 10 40,120 40</trace></traceGroup></ink>',
    ),
    "rimes": (
        "training_2011.xml",
        '<DocumentList><SinglePage FileName="images/p1.png"><Paragraph Value="un\\ndeux"><Line Bottom="140" '
        'Left="14" Right="223" Top="18" Value="un" /><Line Bottom="24" Left="19" Right="131" Top="7" '
        'Value="deux" /></Paragraph></SinglePage></DocumentList>',
    ),
    "iam": ("ascii/lines.txt", "# lines\na01-000u-00 ok 154 19 408 746 1661 89 A|MOVE|to\n"),
    "lam": ("lines/split/basic/train.json", json.dumps([{"img": "p1.png", "text": "word"}])),
    "tsv": ("train.tsv", "file\ttext\twriter\nimages/p1.png\tword\tw1\n"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    ruled_page(tmp_path / "p1.png", [BASELINE])
    for name in ("images", "lines/img"):
        ruled_page(tmp_path / name / "p1.png", [BASELINE])
    picture(tmp_path / "lines" / "a01-000u-00.png")
    return tmp_path


@pytest.mark.parametrize("kind", FILES)
def test_mutated_files_are_read_or_refused(folder, kind):
    name, content = FILES[kind]
    path = written(folder / name, content)
    whole = path.read_bytes()
    assert read_lines(f"{kind}:{folder}")
    rng = np.random.default_rng(77)
    for _ in range(MUTATIONS):
        path.write_bytes(_mutated(whole, rng))
        with contextlib.suppress(InkmillError):
            for line in read_lines(f"{kind}:{folder}", policy=Policy(missing_picture="skip")):
                assert line.load().size > 0


def _mutated(content: bytes, rng: np.random.Generator) -> bytes:
    """Bytes changed, numbers made absurd, pieces doubled or lost, or the end cut off."""
    way = rng.integers(5)
    at = int(rng.integers(len(content)))
    if way == 0:
        return content[:at]
    if way == 1:
        return content[:at] + bytes(rng.integers(0, 256, 3, dtype=np.uint8)) + content[at + 3 :]
    if way == 2:
        digits = [place for place, byte in enumerate(content) if chr(byte).isdigit()]
        at = digits[int(rng.integers(len(digits)))] if digits else at
        absurd = (b"-1", b"1e39", b"nan", b"", b"99999999999", b"0", b"inf")
        return content[:at] + absurd[int(rng.integers(len(absurd)))] + content[at + 1 :]
    end = min(at + int(rng.integers(1, 60)), len(content))
    return content[:at] + content[end:] if way == 3 else content[:end] + content[at:]
