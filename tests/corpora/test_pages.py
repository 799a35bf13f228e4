"""Pages in PAGE and ALTO XML: what is read from the files, and what a line looks like when it is cut out."""

import pickle
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from common.errors import DataError, UsageError
from corpora.handwriting.crop import Shape, cut, frame_of
from corpora.handwriting.policy import Policy
from corpora.handwriting.spec import read_lines
from tests.corpora.handwriting_files import around, listed, ruled_page, written

PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/{version}">
<Page imageFilename="{picture}" imageWidth="{width}" imageHeight="{height}">{content}</Page></PcGts>"""
LEVEL = [[(40, 100), (560, 100)], [(40, 180), (560, 180)], [(40, 260), (560, 260)], [(40, 340), (560, 340)]]


def text_line(name: str, baseline, text: str | None = "word", polygon=None, attributes: str = "") -> str:
    equivalent = "" if text is None else f"<TextEquiv><Unicode>{text}</Unicode></TextEquiv>"
    coords = f'<Coords points="{listed(polygon or around(baseline))}"/>'
    shape = f'{coords}<Baseline points="{listed(baseline)}"/>'
    return f'<TextLine id="{name}" {attributes}>{shape}{equivalent}</TextLine>'


def page_xml(
    path: Path, content: str, picture: str = "p1.png", size=(600, 400), version: str = "2019-07-15"
) -> Path:
    width, height = size
    return written(
        path, PAGE.format(version=version, picture=picture, width=width, height=height, content=content)
    )


def region(lines: str, name: str = "r1", attributes: str = "") -> str:
    return f'<TextRegion id="{name}" {attributes}><Coords points="0,0 9,0 9,9"/>{lines}</TextRegion>'


@pytest.fixture
def page(tmp_path: Path) -> Path:
    ruled_page(tmp_path / "p1.png", LEVEL)
    lines = "".join(text_line(f"l{k}", baseline, f"line {k}") for k, baseline in enumerate(LEVEL))
    page_xml(tmp_path / "p1.xml", region(lines))
    return tmp_path


def ink(picture: np.ndarray) -> np.ndarray:
    return picture < 100


@pytest.mark.parametrize("version", ["2013-07-15", "2019-07-15"])
@pytest.mark.parametrize("folder", [".", "page"])
def test_lines_of_both_schemas_with_the_picture_beside_or_one_folder_up(tmp_path, version, folder):
    ruled_page(tmp_path / "p 1.png", LEVEL)
    page_xml(tmp_path / folder / "p 1.xml", region(text_line("l0", LEVEL[0])), "p 1.png", version=version)
    [line] = read_lines(f"page:{tmp_path}")
    assert (line.text, line.page) == ("word", "p 1" if folder == "." else "page/p 1")
    picture = line.load()
    assert picture.shape == (57, 521)
    assert ink(picture).sum() == ink(np.asarray(Image.open(tmp_path / "p 1.png"))[62:119, 40:561]).sum()


def test_the_picture_is_found_by_the_name_of_the_file_where_the_told_one_is_not_there(tmp_path):
    ruled_page(tmp_path / "jpg" / "page104_UV.png", LEVEL)
    page_xml(
        tmp_path / "xml" / "page104_UV.xml", region(text_line("l0", LEVEL[0])), "page104_UV.pdf_page_1.png"
    )
    assert read_lines(f"page:{tmp_path}")[0].load().shape == (57, 521)


def test_pages_without_a_picture_are_refused_or_counted_as_chosen(page):
    (page / "p1.png").unlink()
    with pytest.raises(DataError, match=r"p1\.xml: the picture p1\.png is not found"):
        read_lines(f"page:{page}")
    with pytest.raises(DataError, match="no line that can be used"):
        read_lines(f"page:{page}?missing-picture=skip")


def test_a_picture_is_never_taken_from_outside(page):
    (page / "p1.png").rename(page.parent / "secret.png")
    content = (page / "p1.xml").read_text().replace('"p1.png"', '"../secret.png"')
    written(page / "inner" / "deep" / "p1.xml", content)
    with pytest.raises(DataError, match=r"secret\.png is not found"):
        read_lines(f"page:{page / 'inner'}")


def test_regions_and_lines_come_in_reading_order(tmp_path):
    ruled_page(tmp_path / "p1.png", LEVEL)
    custom = 'custom="readingOrder {{index:{};}}"'
    second = text_line("b2", LEVEL[3], "4", attributes=custom.format(1)) + text_line(
        "b1", LEVEL[2], "3", attributes=custom.format(0)
    )
    first = text_line("a2", LEVEL[1], "2", attributes='index="1"') + text_line(
        "a1", LEVEL[0], "1", attributes='index="0"'
    )
    order = (
        '<ReadingOrder><OrderedGroup id="g"><OrderedGroupIndexed id="h" index="1">'
        '<RegionRefIndexed index="0" regionRef="rb"/></OrderedGroupIndexed>'
        '<RegionRefIndexed index="0" regionRef="ra"/></OrderedGroup></ReadingOrder>'
    )
    page_xml(tmp_path / "p1.xml", order + region(second, "rb") + region(first, "ra"))
    assert [line.text for line in read_lines(f"page:{tmp_path}")] == ["1", "2", "3", "4"]


def test_nested_regions_and_table_cells_are_read_once(tmp_path):
    ruled_page(tmp_path / "p1.png", LEVEL)
    cell = (
        f'<TableRegion id="t"><TableCell id="c">{text_line("l1", LEVEL[1], "cell")}</TableCell></TableRegion>'
    )
    inner = region(text_line("l2", LEVEL[2], "inner"), "r2")
    page_xml(tmp_path / "p1.xml", region(text_line("l0", LEVEL[0], "outer") + inner) + cell)
    assert [line.text for line in read_lines(f"page:{tmp_path}")] == ["outer", "inner", "cell"]


def told(text: str, attributes: str = "") -> str:
    return f"<TextEquiv {attributes}><Unicode>{text}</Unicode></TextEquiv>"


def word(text: str) -> str:
    return f'<Word id="{text}">{told(text)}</Word>'


@pytest.mark.parametrize(
    ("equivalents", "text"),
    [
        (told("second", 'index="1"') + told("best", 'index="0"'), "best"),
        (told("first", 'conf="0.2"') + told("other"), "first"),
        (told("unranked") + told("ranked", 'index="3"'), "ranked"),
        ("<TextEquiv><PlainText>plain</PlainText></TextEquiv>", "plain"),
        (word("two") + word("words"), "two words"),
        (word("part") + told("whole &amp; e\u0301"), "whole & \u00e9"),
    ],
)
def test_the_transcription_of_a_line(tmp_path, equivalents, text):
    ruled_page(tmp_path / "p1.png", LEVEL)
    content = text_line("l0", LEVEL[0], None).replace("</TextLine>", equivalents + "</TextLine>")
    page_xml(tmp_path / "p1.xml", region(content))
    assert [line.text for line in read_lines(f"page:{tmp_path}")] == [text]


def test_lines_without_text_or_shape_are_counted(page):
    bare = '<TextLine id="bare"><TextEquiv><Unicode>word</Unicode></TextEquiv></TextLine>'
    page_xml(page / "p1.xml", region(text_line("l0", LEVEL[0]) + text_line("l1", LEVEL[1], None) + bare))
    policy = Policy()
    assert [line.id for line in read_lines(f"page:{page}", policy=policy)] == ["p1/l0"]
    assert policy.skipped == {"empty-label": [f"{page}/p1.xml l1"], "missing-shape": [f"{page}/p1.xml bare"]}


def test_points_as_elements_as_they_were_before_2013(page):
    content = (page / "p1.xml").read_text()
    points = "".join(f'<Point x="{x}" y="{y}"/>' for x, y in around(LEVEL[0]))
    old = text_line("l0", LEVEL[0]).replace(
        f'<Coords points="{listed(around(LEVEL[0]))}"/>', f"<Coords>{points}</Coords>"
    )
    written(page / "p1.xml", content[: content.index("<TextRegion")] + region(old) + "</Page></PcGts>")
    assert read_lines(f"page:{page}")[0].load().shape == (57, 521)


def test_a_sloping_and_bent_baseline_becomes_straight_and_level(tmp_path):
    sloping = [(40, 260), (170, 215), (300, 185), (430, 165), (560, 160)]
    image = Image.new("L", (600, 400), 220)
    ImageDraw.Draw(image).line(sloping, fill=20, width=4)
    image.save(tmp_path / "p1.png")
    page_xml(tmp_path / "p1.xml", region(text_line("l0", sloping)))
    picture = read_lines(f"page:{tmp_path}")[0].load()
    assert picture.shape[0] < 80
    assert np.ptp(np.flatnonzero(ink(picture).any(axis=1))) <= 6
    box = read_lines(f"page:{tmp_path}?crop=box")[0].load()
    assert box.shape == (157, 521)


def test_lines_that_run_up_the_page_are_turned(tmp_path):
    ruled_page(tmp_path / "flat.png", LEVEL[:1])
    Image.open(tmp_path / "flat.png").rotate(90, expand=True).save(tmp_path / "p1.png")
    (tmp_path / "flat.png").unlink()
    upwards = [(y, 600 - x) for x, y in LEVEL[0]]
    polygon = [(y, 600 - x) for x, y in around(LEVEL[0])]
    page_xml(tmp_path / "p1.xml", region(text_line("l0", upwards, polygon=polygon)), size=(400, 600))
    picture = read_lines(f"page:{tmp_path}")[0].load()
    assert 55 <= picture.shape[0] <= 59 and 519 <= picture.shape[1] <= 523
    assert 25 < np.median(ink(picture).sum(axis=0)[ink(picture).any(axis=0)]) < 45


def test_a_baseline_drawn_from_right_to_left_does_not_turn_the_line_over(page):
    reversed_baseline = list(reversed(LEVEL[0]))
    page_xml(page / "p1.xml", region(text_line("l0", reversed_baseline, polygon=around(LEVEL[0]))))
    picture = read_lines(f"page:{page}")[0].load()
    assert np.array_equal(ink(picture), ink(np.asarray(Image.open(page / "p1.png"))[62:119, 40:561]))


def test_what_is_outside_the_polygon_becomes_paper(page):
    triangle = [(40, 120), (300, 60), (560, 120)]
    page_xml(page / "p1.xml", region(text_line("l0", LEVEL[0], polygon=triangle)))
    shape = Shape(np.array(triangle, np.float32), None)
    picture = cut(np.asarray(Image.open(page / "p1.png")), shape, "polygon")
    assert not ink(picture[:20, :120]).any() and abs(int(picture[3, 3]) - 220) <= 2
    assert ink(picture[:, 200:320]).any()


def test_paper_follows_the_light_of_the_page():
    light = np.tile(np.linspace(240, 90, 600).astype(np.uint8), (200, 1))
    diamond = np.array([(0, 100), (300, 40), (599, 100), (300, 160)], np.float32)
    picture = cut(light, Shape(diamond, None), "polygon")
    assert np.abs(picture.astype(int) - light[40:161].astype(int)).max() <= 20


def test_thin_polygons_are_widened_to_what_is_usual_on_the_page(tmp_path, caplog):
    ruled_page(tmp_path / "p1.png", LEVEL)
    pinched = [(40, 330), (200, 338), (360, 332), (560, 330), (560, 345), (360, 338), (200, 341), (40, 345)]
    lines = [text_line(f"l{k}", baseline) for k, baseline in enumerate(LEVEL[:3])]
    page_xml(tmp_path / "p1.xml", region("".join([*lines, text_line("l3", LEVEL[3], polygon=pinched)])))
    found = read_lines(f"page:{tmp_path}")
    assert [line.origin["mended"] for line in found] == [False, False, False, True]
    assert ink(found[3].load()).sum() > 0.95 * ink(found[0].load()).sum()
    assert "1 of 4 polygons are thin or missing" in caplog.text


def test_a_line_without_a_polygon_gets_the_usual_one(page):
    bare = f'<TextLine id="l9"><Baseline points="40,340 560,340"/>{told("x")}</TextLine>'
    page_xml(page / "p1.xml", region("".join(text_line(f"l{k}", b) for k, b in enumerate(LEVEL[:3])) + bare))
    found = read_lines(f"page:{page}")
    assert ink(found[3].load()).sum() == ink(found[0].load()).sum()


def test_coordinates_of_a_scan_of_another_size_are_scaled(page):
    Image.open(page / "p1.png").resize((300, 200)).save(page / "p1.png")
    assert read_lines(f"page:{page}")[0].load().shape == (29, 261)


def test_a_picture_of_other_proportions_is_refused(page):
    ruled_page(page / "p1.png", LEVEL, size=(600, 500))
    with pytest.raises(DataError, match="600 x 500 pixels, its page 600 x 400"):
        read_lines(f"page:{page}")[0].load()


def test_coordinates_of_a_picture_before_its_exif_rotation(page):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.open(page / "p1.png").save(page / "p1.jpg", exif=exif, quality=95)
    (page / "p1.png").unlink()
    picture = read_lines(f"page:{page}")[0].load()
    assert picture.shape == (57, 521) and ink(picture).any()


def test_a_polygon_outside_the_page_is_told_with_file_and_line(page):
    far = [(9000, 100), (9500, 100)]
    page_xml(page / "p1.xml", region(text_line("l0", far)))
    with pytest.raises(DataError, match=r"p1\.xml l0: A polygon from .* lies outside its page"):
        read_lines(f"page:{page}")[0].load()


def test_lines_reach_workers(page):
    line = pickle.loads(pickle.dumps(read_lines(f"page:{page}")[0]))
    assert line.load().shape == (57, 521)


def test_types_of_lines_are_chosen(page):
    kinds = 'custom="structure {{type:{};}}"'
    lines = [
        text_line(f"l{k}", LEVEL[k], attributes=kinds.format(kind))
        for k, kind in enumerate(("body", "number"))
    ]
    page_xml(page / "p1.xml", region("".join(lines)))
    assert [line.origin["type"] for line in read_lines(f"page:{page}?types=body,other")] == ["body"]


def test_split_folders_and_drawn_pages(tmp_path, caplog):
    for k in range(40):
        ruled_page(tmp_path / "all" / f"p{k}.png", LEVEL[:2])
        lines = text_line("a", LEVEL[0]) + text_line("b", LEVEL[1])
        page_xml(tmp_path / "all" / f"p{k}.xml", region(lines), f"p{k}.png")
    drawn = read_lines(f"page:{tmp_path}/all")
    assert {line.split for line in drawn} == {"train", "validation", "test"}
    assert len({(line.page, line.split) for line in drawn}) == 40
    assert "every page is drawn" in caplog.text
    for name in ("train", "val"):
        (tmp_path / "told" / name).mkdir(parents=True)
        for ending in (".png", ".xml"):
            source = tmp_path / "all" / f"p{len(name)}{ending}"
            source.rename(tmp_path / "told" / name / source.name)
    assert {(line.page, line.split) for line in read_lines(f"page:{tmp_path}/told")} == {
        ("train/p5", "train"),
        ("val/p3", "validation"),
    }


def test_other_xml_between_the_pages_is_left_out_with_a_note(page, caplog):
    written(page / "mets.xml", "<mets xmlns='http://www.loc.gov/METS/'/>")
    assert len(read_lines(f"page:{page}")) == 4
    assert "1 XML files of another kind are left out" in caplog.text
    (page / "p1.xml").unlink()
    with pytest.raises(DataError, match=r"mets\.xml is XML of another kind, with the root <mets>"):
        read_lines(f"page:{page}")


def test_unknown_ways_to_crop_are_told(page):
    with pytest.raises(UsageError, match="no way to crop called 'round'"):
        read_lines(f"page:{page}?crop=round")


def test_a_frame_maps_its_own_baseline_to_zero():
    baseline = np.array([(10, 50), (60, 44), (200, 20)], np.float32)
    straight = frame_of(baseline).straight(baseline)
    assert np.abs(straight[:, 1]).max() < 1e-3 and np.all(np.diff(straight[:, 0]) > 0)


ALTO = """<?xml version="1.0" encoding="UTF-8"?>
<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Description><MeasurementUnit>{unit}</MeasurementUnit>
<sourceImageInformation><fileName>{picture}</fileName></sourceImageInformation></Description>
<Tags><OtherTag ID="LT1" LABEL="Main"/><OtherTag ID="LT2" LABEL="Numbering"/></Tags>
<Layout><Page WIDTH="{width}" HEIGHT="{height}"><PrintSpace><TextBlock ID="b">{lines}
</TextBlock></PrintSpace></Page></Layout></alto>"""


def alto(
    path: Path, lines: str, width: int = 600, height: int = 400, unit: str = "pixel", picture: str = "p1.png"
) -> None:
    written(path, ALTO.format(lines=lines, width=width, height=height, unit=unit, picture=picture))


def alto_line(strings: str, shape: str = "", attributes: str = "") -> str:
    box = 'HPOS="40" VPOS="62" WIDTH="520" HEIGHT="56"'
    return f'<TextLine ID="l0" {box} {attributes}>{shape}{strings}</TextLine>'


POLYGON = f'<Shape><Polygon POINTS="{listed(around(LEVEL[0]), " ")}"/></Shape>'
WHOLE = '<String CONTENT="one &quot;line&quot;"/>'


@pytest.fixture
def alto_page(tmp_path: Path) -> Path:
    ruled_page(tmp_path / "p1.png", LEVEL)
    return tmp_path


@pytest.mark.parametrize(
    "baseline", ["40 100 560 100", "40,100 560,100", "100", "40.0 100.0 560.0 100.0", ""]
)
@pytest.mark.parametrize("shape", [POLYGON, POLYGON.replace(" 62", ",62").replace(" 118", ",118"), ""])
def test_alto_shapes_and_baselines_in_all_their_forms(alto_page, baseline, shape):
    alto(alto_page / "p1.xml", alto_line(WHOLE, shape, f'BASELINE="{baseline}"' if baseline else ""))
    [line] = read_lines(f"alto:{alto_page}")
    assert line.text == 'one "line"'
    assert line.load().shape == (57, 521)


@pytest.mark.parametrize(
    ("strings", "text"),
    [
        ('<String CONTENT="one"/><SP/><String CONTENT="two"/>', "one two"),
        ('<String CONTENT="one"/><String CONTENT="two"/>', "one two"),
        ('<String CONTENT="one"/><SP WIDTH="9"/><String CONTENT="tw"/><String CONTENT="o"/>', "one two"),
        (
            '<String CONTENT="hyphen" SUBS_TYPE="HypPart1" SUBS_CONTENT="hyphenated"/><HYP CONTENT="-"/>',
            "hyphen-",
        ),
        ('<String CONTENT="hyphen"/><HYP CONTENT="\u00ad"/>', "hyphen-"),
        ('<String CONTENT=""/>', None),
        ("", None),
    ],
)
def test_alto_joins_strings(alto_page, strings, text):
    other = alto_line(WHOLE, POLYGON).replace('"l0"', '"l1"')
    alto(alto_page / "p1.xml", alto_line(strings, POLYGON) + other)
    assert [line.text for line in read_lines(f"alto:{alto_page}")] == [
        *([text] if text else []),
        'one "line"',
    ]


def test_alto_in_tenths_of_millimetres_and_with_another_file_name(alto_page):
    points = " ".join(f"{4 * x} {4 * y}" for x, y in around(LEVEL[0]))
    lines = alto_line(WHOLE, f'<Shape><Polygon POINTS="{points}"/></Shape>', 'BASELINE="160 400 2240 400"')
    alto(alto_page / "p1.xml", lines, 2400, 1600, "mm10", "elsewhere.pdf_page_1.png")
    assert read_lines(f"alto:{alto_page}")[0].load().shape == (57, 521)


def test_alto_types_of_lines_are_chosen(alto_page):
    number = alto_line(WHOLE, POLYGON, 'TAGREFS="LT2"').replace('"l0"', '"l1"')
    alto(alto_page / "p1.xml", alto_line(WHOLE, POLYGON, 'TAGREFS="LT1"') + number)
    assert [line.id for line in read_lines(f"alto:{alto_page}?types=Main")] == ["p1/l0"]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("spec", "lines", "mended", "text"),
    [
        ("page:{}/page2013_transkribus_en_hooker", 38, (20, 34), "not necessary in the case of the walls"),
        ("page:{}/page2019_escriptorium_fr_timeus", 17, (0, 1), None),
        ("alto:{}/alto4_fr_copiste", 49, (0, 4), "Nom de référence : imp_wikitexte_0184"),
        ("alto:{}/alto4_it_astori", 17, (0, 3), None),
    ],
)
def test_real_pages_are_cut_into_lines(shared, spec, lines, mended, text):
    found = read_lines(spec.format(shared / "data" / "pages"))
    assert len(found) == lines
    assert text is None or found[0].text == text
    assert mended[0] <= sum(line.origin["mended"] for line in found) <= mended[1]
    for line in found[::6]:
        picture = line.load()
        assert picture.shape[0] < 260 and len(line.text) * 5 < picture.shape[1]
        assert picture[[0, -1]].mean() > picture.mean()  # paper at the border, ink within
