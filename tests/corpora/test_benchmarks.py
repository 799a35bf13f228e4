"""RIMES, READ 2016, Bentham, LAM and VNOnDB in their own formats, with the traps they are known for."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from common.errors import DataError, UsageError
from corpora.handwriting.ink import HEIGHT, LARGEST, MARGIN, draw
from corpora.handwriting.policy import Policy
from corpora.handwriting.spec import read_lines
from tests.corpora.handwriting_files import listed, picture, written

RIMES_PAGE = """<SinglePage FileName="images/{name}.png" Index="0">
\t<Paragraph Value="{paragraph}">{lines}</Paragraph>
</SinglePage>
"""


def rimes_line(text: str, left: int, top: int, right: int, bottom: int) -> str:
    return f'<Line Bottom="{bottom}" Left="{left}" Right="{right}" Top="{top}" Value="{text}" />'


def rimes_page(folder: Path, name: str, texts: list[str], paragraph: str | None = None) -> str:
    picture(folder / "images_gray" / f"{name}.png", size=(300, 200))
    lines = [rimes_line(text, 10, 20 + 40 * k, 250, 60 + 40 * k) for k, text in enumerate(texts)]
    return RIMES_PAGE.format(name=name, paragraph=paragraph or r"\n".join(texts), lines="".join(lines))


@pytest.fixture
def rimes(tmp_path: Path) -> Path:
    pages = [rimes_page(tmp_path, f"train2011-{k}", [f"ligne {k}"]) for k in range(101)]
    pages[0] = (
        rimes_page(tmp_path, "train2011-0", ["Je souhaiterais  vous ", "dont la &quot;référence&quot;"], None)
        .replace('Left="10"', 'Left="-10"')
        .replace('Top="20"', 'Top="-16"')
    )
    head = '<?xml version="1.0" encoding="utf-8"?>\n<DocumentList>\n'
    written(tmp_path / "training_2011.xml", head + "".join(pages) + "</DocumentList>")
    test = rimes_page(tmp_path, "eval2011-0", ["fin"])
    written(tmp_path / "eval_2011_annotated.xml", head + test + "</DocumentList>")
    return tmp_path


def with_first_page(folder: Path, page: str) -> None:
    path = folder / "training_2011.xml"
    first, rest = path.read_text(encoding="utf-8").split("</SinglePage>", 1)
    written(path, first.split("<SinglePage")[0] + page + rest)


def test_rimes_holds_the_last_hundred_training_pages_back(rimes):
    lines = read_lines(f"rimes:{rimes}")
    counts = {split: sum(line.split == split for line in lines) for split in ("train", "validation", "test")}
    assert counts == {"train": 2, "validation": 100, "test": 1}
    assert [line.id for line in lines[:3]] == ["train2011-0-01", "train2011-0-02", "train2011-1-01"]
    assert lines[0].page == "train2011-0"


def test_rimes_boxes_are_kept_on_the_page_and_blanks_and_entities_are_put_right(rimes):
    first, second = read_lines(f"rimes:{rimes}", "train")
    assert (first.text, second.text) == ("Je souhaiterais vous", 'dont la "référence"')
    assert first.load().shape == (61, 251)  # from -10, -16 to 250, 60


def test_rimes_doubtful_words_lose_their_marks(rimes, caplog):
    with_first_page(rimes, rimes_page(rimes, "train2011-0", ["un ¤mot¤ douteux"]))
    assert read_lines(f"rimes:{rimes}", "train")[0].text == "un mot douteux"
    assert "1 paragraphs with ¤doubtful¤ words" in caplog.text


def test_rimes_texts_that_an_empty_line_has_shifted_come_back_in_order(rimes, caplog):
    page = rimes_page(rimes, "train2011-0", ["un", " ", "deux"], r"un\ndeux\ntrois")
    with_first_page(rimes, page)
    assert [line.text for line in read_lines(f"rimes:{rimes}", "train")] == ["un", "deux", "trois"]
    assert "which an empty line had shifted" in caplog.text


def test_rimes_empty_lines_are_skipped_and_contradicted_ones_counted(rimes):
    with_first_page(rimes, rimes_page(rimes, "train2011-0", ["un", "", "deux"], r"un\ndeux"))
    policy = Policy()
    assert [line.text for line in read_lines(f"rimes:{rimes}", "train", policy)] == ["un", "deux"]
    assert list(policy.skipped) == ["empty-label"]
    with_first_page(rimes, rimes_page(rimes, "train2011-0", ["un", "deux"], r"un\ndeux\ntrois"))
    policy = Policy()
    with pytest.raises(DataError, match="no lines for train"):
        read_lines(f"rimes:{rimes}", "train", policy)
    assert len(policy.skipped["doubtful-label"]) == 2


READ_PAGE = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2013-07-15">
<Page imageFilename="{name}.JPG" imageWidth="200" imageHeight="150"><TextRegion id="r1">{lines}</TextRegion>
</Page></PcGts>"""
READ_LINE = """<TextLine id="{name}" custom="readingOrder {{index:{index};}}"><Coords points="{points}"/>
<TextEquiv><Unicode>{text}</Unicode></TextEquiv></TextLine>"""


def read_page(folder: Path, name: str, texts: list[str]) -> None:
    picture(folder / "Images" / f"{name}.JPG", size=(200, 150))
    box = [(10, 20), (150, 25), (150, 60), (10, 55)]
    lines = "".join(
        READ_LINE.format(name=f"l{k}", index=9 - k, points=listed(box), text=text)
        for k, text in enumerate(texts)
    )
    written(folder / "page" / f"{name}.xml", READ_PAGE.format(name=name, lines=lines))


@pytest.fixture
def read2016(tmp_path: Path) -> Path:
    read_page(tmp_path / "PublicData" / "Training", "Seite0002", ["schafft. Au\u0304ch das"])
    read_page(tmp_path / "PublicData" / "Training", "Seite0001", ["erste", "", "zweite"])
    read_page(tmp_path / "PublicData" / "Validation", "Seite0003", ["dritte"])
    read_page(tmp_path / "Test-ICFHR-2016", "Seite0004", ["letzte"])
    picture(tmp_path / "Test-ICFHR-2016" / "Seite0004.JPG", size=(200, 150))
    return tmp_path


def test_read2016_is_numbered_as_its_loaders_do(read2016):
    lines = read_lines(f"read2016:{read2016}")
    assert [(line.id, line.text, line.split) for line in lines] == [
        ("train_0", "erste", "train"),
        ("train_1", "zweite", "train"),
        ("train_2", "schafft. A\u016bch das", "train"),
        ("valid_0", "dritte", "validation"),
        ("test_0", "letzte", "test"),
    ]
    assert lines[0].load().shape == (41, 141)
    assert lines[2].page == "Seite0002"


def test_read2016_without_its_test_set_says_so(read2016, caplog):
    (read2016 / "Test-ICFHR-2016").rename(read2016 / "elsewhere")
    assert {line.split for line in read_lines(f"read2016:{read2016}")} == {"train", "validation"}
    assert "there is no test split" in caplog.text


@pytest.fixture
def bentham(tmp_path: Path) -> Path:
    base, test = tmp_path / "contestHTRtS" / "BenthamData", tmp_path / "contestHTRtS-test"
    for name, text in (
        ("002_080_001_01_01", "Sect: <gap/> 1\nsecond line"),
        ("002_080_001_01_02", "of the Law"),
    ):
        picture(base / "Images" / "Lines" / f"{name}.png")
        written(base / "Transcriptions" / f"{name}.txt", text)
    picture(test / "Images" / "Lines-test" / "115_001_01.png")
    written(test / "Transcriptions" / "115_001_01.txt", "caf\xe9 \u2013 end\n", "cp1252")
    written(base / "Partitions" / "TrainLines.lst", "002_080_001_01_01\n")
    written(base / "Partitions" / "ValidationLines.lst", "002_080_001_01_02\n")
    written(test / "Partitions" / "TestLines.lst", "115_001_01\n")
    return tmp_path


def test_bentham_reads_the_first_line_and_writes_gaps_as_asked(bentham, caplog):
    spec = f"bentham:{bentham}?encoding=cp1252"
    assert [(line.text, line.split) for line in read_lines(spec)] == [
        ("Sect: ~ 1", "train"),
        ("of the Law", "validation"),
        ("café – end", "test"),
    ]
    assert "1 lines hold <gap/>, written as '~'" in caplog.text
    policy = Policy()
    assert len(read_lines(f"{spec}&gap=skip", policy=policy)) == 2
    assert list(policy.skipped) == ["doubtful-label"]


def test_bentham_in_another_encoding_says_how_to_name_it(bentham):
    with pytest.raises(DataError, match=r"115_001_01\.txt is not UTF-8 at byte 3.*\?encoding=cp1252"):
        read_lines(f"bentham:{bentham}")


@pytest.fixture
def lam(tmp_path: Path) -> Path:
    for split, name in (("train", "002_02_00"), ("val", "003_38_00"), ("test", "002_07_00")):
        picture(tmp_path / "LAM" / "lines" / "img" / f"{name}.jpg")
        entries = [{"img": f"{name}.jpg", "text": f"testo  {split}", "decade_id": 3}]
        written(tmp_path / "LAM" / "lines" / "split" / "basic" / f"{split}.json", json.dumps(entries))
    return tmp_path


def test_lam_reads_its_json_whatever_else_is_in_it(lam):
    assert [(line.id, line.text, line.split) for line in read_lines(f"lam:{lam}")] == [
        ("002_02_00", "testo train", "train"),
        ("003_38_00", "testo val", "validation"),
        ("002_07_00", "testo test", "test"),
    ]
    assert len(read_lines(f"lam:{lam}/LAM")) == 3


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            '[{"img": "../../../../secret.jpg", "text": "x"}]',
            r"train\.json entry 1: .* leads out of the folder",
        ),
        ('[{"img": "002_02_00.jpg"}]', r"train\.json entry 1 is .*an object with \"img\" and \"text\""),
        (
            '[{"img": "none.jpg", "text": "x"}]',
            r"train\.json entry 1: the picture .*none\.jpg does not exist",
        ),
        ("[", r"train\.json is no JSON"),
    ],
)
def test_lam_faults_are_told_by_entry(lam, content, message):
    written(lam / "LAM" / "lines" / "split" / "basic" / "train.json", content)
    with pytest.raises(DataError, match=message):
        read_lines(f"lam:{lam}")
    with pytest.raises(DataError, match="a split that is there: basic"):
        read_lines(f"lam:{lam}?split=decades")


INKML = """<?xml version="1.0" encoding="utf-8"?>
<ink><annotationXML><Date>2014</Date></annotationXML>
<traceGroup id="tg_0_0"><annotationXML><Tg_Truth>{text}</Tg_Truth></annotationXML>
<trace id="t0">{first}</trace><trace id="t1">{dot}</trace></traceGroup>
<traceGroup id="tg_0_1"><annotationXML><Tg_Truth>dòng hai</Tg_Truth></annotationXML>
<trace id="t2">{second}</trace></traceGroup></ink>"""
ANGLE = [(0, 0), (0, 40), (120, 40)]  # an L: down, then to the right


def inkml(path: Path, sign: int = 1, timed: bool = False) -> None:
    def trace(points: list[tuple[int, int]]) -> str:
        return ",".join(
            f" {k} {x} {sign * y}" if timed else f"{x} {sign * y}" for k, (x, y) in enumerate(points)
        )

    lower = [(x, y + 100) for x, y in ANGLE]
    text = "ti\u1ebfng Vi\u1ec7t".replace("\u1ec7", "e\u0323\u0302")
    written(path, INKML.format(text=text, first=trace(ANGLE), dot=trace([(60, 0)]), second=trace(lower)))


@pytest.fixture
def vnondb(tmp_path: Path) -> Path:
    for split, stem in (("train", "20140603_0003_BCCTC"), ("validation", "b"), ("test", "c")):
        inkml(tmp_path / "InkData_line" / f"{stem}.inkml", timed=split == "test")
        written(tmp_path / "VNOnDB_ICFHR2018_dataSplit" / f"{split}_set.txt", f"{stem}.inkml")
    return tmp_path


def test_vnondb_ids_texts_and_splits(vnondb):
    lines = read_lines(f"vnondb:{vnondb}")
    assert [(line.id, line.text, line.split) for line in lines][:3] == [
        ("20140603_0003_BCCTC_tg_0_0", "tiếng Việt", "train"),
        ("20140603_0003_BCCTC_tg_0_1", "dòng hai", "train"),
        ("b_tg_0_0", "tiếng Việt", "validation"),
    ]
    assert {line.split for line in lines} == {"train", "validation", "test"}


@pytest.mark.parametrize("sign", [1, -1])
def test_vnondb_ink_stands_upright_whichever_way_y_counts(tmp_path, sign):
    for stem in "abcdefghijklmno":
        inkml(tmp_path / "InkData_line" / f"{stem}.inkml", sign)
    line = next(line for line in read_lines(f"vnondb:{tmp_path}") if line.id == "a_tg_0_0")
    ink = line.load()
    assert ink.shape == (int(HEIGHT) + 2 * MARGIN + 1, 3 * int(HEIGHT) + 2 * MARGIN + 1)
    assert ink[-MARGIN - 5 :].min() == 0  # the foot of the L is below
    assert (ink[-MARGIN - 1] < 128).sum() > 250
    assert (
        ink[MARGIN - 4 : MARGIN + 5, ink.shape[1] // 2 - 6 : ink.shape[1] // 2 + 6].min() < 40
    )  # the dot above
    assert 0 < (ink > 0).sum() - (ink == 255).sum() < 0.1 * ink.size  # soft edges
    turned = read_lines(f"vnondb:{tmp_path}?y={'up' if sign == 1 else 'down'}")
    assert not np.array_equal(next(line for line in turned if line.id == "a_tg_0_0").load(), ink)


def test_vnondb_points_with_time_are_drawn_alike(vnondb):
    lines = read_lines(f"vnondb:{vnondb}")
    assert np.array_equal(lines[0].load(), lines[4].load())


def test_ink_without_bounds_is_drawn_smaller():
    far = np.array([(0, 0), (10**6, 0), (10**6, 10**6)], np.float32)
    assert max(draw([far], 1.0).shape) <= LARGEST[1] + 2 * MARGIN + 2


def test_vnondb_faults_are_told(vnondb):
    written(vnondb / "VNOnDB_ICFHR2018_dataSplit" / "test_set.txt", "c.inkml\nnone.inkml\n")
    with pytest.raises(DataError, match=r"test_set\.txt line 2: .*none\.inkml does not exist"):
        read_lines(f"vnondb:{vnondb}")
    with pytest.raises(UsageError, match="no unit 'page'"):
        read_lines(f"vnondb:{vnondb}?unit=page")
    with pytest.raises(DataError, match=r"holds no VNOnDB ink: there are .*InkData_line/.*InkData_word/"):
        read_lines(f"vnondb:{vnondb}?unit=word")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("iam", r"ascii/lines\.txt or lines\.txt"),
        ("rimes", r"training_2011\.xml"),
        ("read2016", "Training/ or PublicData/Training/"),
        ("bentham", "BenthamData/ or contestHTRtS/BenthamData/"),
        ("lam", "lines/ or LAM/lines/"),
        ("vnondb", "InkData_line/"),
    ],
)
def test_fault_93_a_folder_of_another_layout_is_told_what_was_found_and_expected(tmp_path, kind, expected):
    picture(tmp_path / "something.png")
    with pytest.raises(DataError, match=rf"there are something\.png\. Expected: .*{expected}"):
        read_lines(f"{kind}:{tmp_path}")
    with pytest.raises(DataError, match="does not exist"):
        read_lines(f"{kind}:{tmp_path}/none")


@pytest.mark.parametrize("kind", ["rimes", "read2016", "bentham", "lam", "vnondb"])
def test_fault_93_a_benchmark_is_found_one_folder_deeper_too(kind, request):
    folder = request.getfixturevalue(kind)
    outer = folder.with_name(f"{folder.name}-outer")
    outer.mkdir()
    folder.rename(outer / "download")
    options = "?encoding=cp1252" if kind == "bentham" else ""
    assert {line.split for line in read_lines(f"{kind}:{outer}{options}")} == {"train", "validation", "test"}


def test_a_picture_that_is_damaged_is_named_when_it_is_asked_for(bentham):
    line = read_lines(f"bentham:{bentham}?encoding=cp1252")[0]
    Path(line.origin["file"]).write_bytes(b"no picture")
    with pytest.raises(DataError, match=r"002_080_001_01_01\.png is no picture or is damaged"):
        line.load()
    assert Image.open(bentham / "contestHTRtS-test" / "Images" / "Lines-test" / "115_001_01.png").size == (
        40,
        20,
    )
