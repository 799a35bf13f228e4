"""IAM as it is downloaded: records, transcriptions, writers, and which of its splits the lists are."""

from pathlib import Path

import pytest

from common.errors import DataError, UsageError
from corpora.handwriting.iam import read_iam
from corpora.handwriting.known_lists import KNOWN, list_hash, read_ids
from corpora.handwriting.policy import Policy
from corpora.handwriting.spec import read_lines
from tests.corpora.handwriting_files import picture, written

HEADER = """#--- lines.txt ---------------------------------------------------------------#
#
# iam database line information
#
# format: a01-000u-00 ok 154 19 408 746 1663 91 A|MOVE|to|stop|Mr.|Gaitskell|from
#
"""
RECORDS = """a01-000u-00 ok 154 19 408 746 1661 89 A|MOVE|to|stop|Mr.|Gaitskell|from
a01-000u-01 err 156 19 395 932 1850 105 nominating|any|more|Labour|M Ps|,|"|he|'s
a01-003-00 ok 156 19 395 932 1850 105 Peers
b02-001-00 ok 156 19 395 932 1850 105 is
"""
FORM = """<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE form SYSTEM "form-metadata.dtd">
<form id="{form}" writer-id="{writer}" height="3542"><machine-printed-part/><handwritten-part>
{lines}</handwritten-part></form>
"""
LINE = '<line id="{name}" text="{text}"><word id="{name}-00" text="A"><cmp x="1" y="2"/></word></line>\n'


@pytest.fixture
def iam(tmp_path: Path) -> Path:
    written(tmp_path / "ascii" / "lines.txt", HEADER + RECORDS)
    written(
        tmp_path / "ascii" / "forms.txt",
        "# forms\na01-000u 000 2 prt 7 5 52 36\nb02-001 010 2 all 7 5 52 36\n",
    )
    for name in ("a01/a01-000u/a01-000u-00", "a01/a01-000u/a01-000u-01", "a01/a01-003/a01-003-00"):
        picture(tmp_path / "lines" / f"{name}.png")
    picture(tmp_path / "lines" / "b02" / "b02-001" / "b02-001-00.png", 90)
    return tmp_path


@pytest.fixture
def with_xml(iam: Path) -> Path:
    texts = {
        "a01-000u": [
            ("a01-000u-00", "A MOVE to stop Mr. Gaitskell from"),
            ("a01-000u-01", "M Ps, &quot;he's &amp;"),
        ],
        "a01-003": [("a01-003-00", "Peers")],
        "b02-001": [("b02-001-00", "is")],
    }
    for number, (form, lines) in enumerate(texts.items()):
        inner = "".join(LINE.format(name=name, text=text) for name, text in lines)
        written(
            iam / "xml" / f"{form}.xml",
            FORM.format(form=form, writer=f"{number:03d}", lines=inner),
            "latin-1",
        )
    return iam


def own_lists(folder: Path) -> None:
    written(folder / "train.txt", "a01-000u-01\na01-000u-00\n")
    written(folder / "val.txt", "a01-003-00")
    written(folder / "test.txt", "b02-001-00\r\n")


def test_records_keep_blanks_in_words_and_lines_marked_err(iam, caplog):
    own_lists(iam)
    lines = read_lines(f"iam:{iam}")
    assert [(line.id, line.text, line.split, line.writer, line.page) for line in lines] == [
        ("a01-000u-00", "A MOVE to stop Mr. Gaitskell from", "train", "000", "a01-000u"),
        ("a01-000u-01", "nominating any more Labour M Ps , \" he 's", "train", "000", "a01-000u"),
        ("a01-003-00", "Peers", "validation", None, "a01-003"),
        ("b02-001-00", "is", "test", "010", "b02-001"),
    ]
    assert lines[-1].load()[0, 0] == 90
    assert "punctuation stands apart from words" in caplog.text


def test_the_text_of_the_xml_files_is_preferred_with_its_entities_and_writers(with_xml):
    own_lists(with_xml)
    lines = read_lines(f"iam:{with_xml}")
    assert [line.text for line in lines[:2]] == ["A MOVE to stop Mr. Gaitskell from", "M Ps, \"he's &"]
    assert [line.writer for line in lines] == ["000", "000", "001", "002"]
    ascii_lines = read_lines(f"iam:{with_xml}?text=ascii")
    assert ascii_lines[1].text.endswith("M Ps , \" he 's")


def test_lines_marked_err_are_left_out_only_where_asked(with_xml):
    own_lists(with_xml)
    policy = Policy()
    assert "a01-000u-01" not in {
        line.id for line in read_lines(f"iam:{with_xml}?wrong-words=skip", policy=policy)
    }
    assert policy.skipped == {"wrong-words": [f"{with_xml}/ascii/lines.txt line 8"]}
    with pytest.raises(DataError, match=r"lines\.txt line 8: the words of a01-000u-01 are marked"):
        read_lines(f"iam:{with_xml}?wrong-words=error")


def test_lists_of_forms_take_all_their_lines(with_xml, caplog):
    for name, forms in (("tr", "a01-000u"), ("va", "a01-003"), ("te", "b02-001")):
        written(with_xml / "lists" / f"{name}.lst", forms + "\n")
    splits = [line.split for line in read_lines(f"iam:{with_xml}?lists={with_xml}/lists")]
    assert splits == ["train", "train", "validation", "test"]


def test_lines_in_no_list_are_left_out_and_counted(with_xml, caplog):
    own_lists(with_xml)
    (with_xml / "val.txt").unlink()
    assert len(read_lines(f"iam:{with_xml}")) == 3
    assert "1 of 4 lines are in no list" in caplog.text


def test_lists_that_overlap_or_are_no_whole_split_are_told(with_xml):
    own_lists(with_xml)
    written(with_xml / "test.txt", "b02-001\na01-000u-00\n")
    with pytest.raises(DataError, match=r"names a01-000u-00, which is in (train|test) too"):
        read_lines(f"iam:{with_xml}")
    (with_xml / "train.txt").unlink()
    with pytest.raises(DataError, match=r"holds lists, but all of no split: test\.txt, val\.txt"):
        read_lines(f"iam:{with_xml}")


def test_without_lists_writers_are_drawn_into_splits(with_xml, caplog):
    assert len(read_lines(f"iam:{with_xml}")) == 4
    assert "names no splits" in caplog.text and "?lists=DIR" in caplog.text


def test_published_lists_are_known_by_their_content_whatever_name_order_and_ending(
    tmp_path, monkeypatch, with_xml
):
    parts = {"train": ["a01-000u-00", "a01-000u-01"], "validation": ["a01-003-00"], "test": ["b02-001-00"]}
    for split, ids in parts.items():
        known = KNOWN[
            next(key for key, value in KNOWN.items() if value.split == split and "rwth" in value.variants)
        ]
        monkeypatch.setitem(KNOWN, list_hash(ids), known)
        content = "".join(f"{name}.png\r\n" for name in reversed(ids))
        written(with_xml / "partition" / f"list-of-{split[::-1]}.ln", content)
    lines = read_lines(f"iam:{with_xml}?split=rwth")
    assert [line.split for line in lines] == ["train", "train", "validation", "test"]
    assert [line.split for line in read_lines(f"iam:{with_xml}")] == [line.split for line in lines]
    with pytest.raises(DataError, match=r"all lists of the split 'official': none.*whole is here: rwth"):
        read_lines(f"iam:{with_xml}?split=official")


def test_lists_of_two_splits_ask_which(with_xml, monkeypatch):
    for variant, ids in (("aachen", "a01-000u-00"), ("rwth", "a01-000u-01")):
        for split, extra in (("train", ""), ("validation", "a01-003-00\n"), ("test", "b02-001-00\n")):
            path = written(with_xml / variant / f"{split}.txt", f"{ids}\n{extra}")
            known = next(v for v in KNOWN.values() if v.split == split and variant in v.variants)
            monkeypatch.setitem(KNOWN, list_hash(read_ids(path)), known.__class__((variant,), split))
    with pytest.raises(DataError, match=r"lists of 2 splits: aachen, rwth.*\?split=aachen"):
        read_lines(f"iam:{with_xml}")


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("?split=aachn", "IAM has no split 'aachn'"),
        ("?text=words", "no text"),
        ("?splits=aachen", "no option 'splits'"),
    ],
)
def test_unknown_choices_are_told(with_xml, spec, message):
    with pytest.raises(UsageError, match=message):
        read_lines(f"iam:{with_xml}{spec}")


def test_fault_93_the_database_is_found_one_folder_deeper_and_with_all_pictures_in_one_folder(iam, caplog):
    own_lists(iam)
    for path in list((iam / "lines").rglob("*.png")):
        path.rename(iam / "lines" / path.name)
    outer = iam.with_name("outer")
    outer.mkdir()
    iam.rename(outer / "iam")
    assert [line.writer for line in read_lines(f"iam:{outer}")] == ["000", "000", None, "010"]


def test_faults_name_file_and_line(iam):
    own_lists(iam)
    (iam / "lines" / "a01" / "a01-003" / "a01-003-00.png").unlink()
    with pytest.raises(DataError, match=r"lines\.txt line 9: the picture .*a01-003-00\.png does not exist"):
        read_iam(iam, Policy())
    written(iam / "test.txt", "z99-000-00\n")
    with pytest.raises(DataError, match=r"test\.txt names z99-000-00, which lines\.txt does not have"):
        read_iam(iam, Policy())
    written(iam / "ascii" / "lines.txt", "a01-000u-00 good 1 2 3 4 5 6 A\n")
    with pytest.raises(DataError, match=r"lines\.txt line 1 is no record"):
        read_iam(iam, Policy())


@pytest.mark.shared
def test_the_published_lists_are_recognised(shared):
    formats = shared / "data" / "formats"
    found = {
        path.relative_to(formats).as_posix(): KNOWN.get(list_hash(read_ids(path)))
        for path in sorted([*formats.rglob("*.lst"), *formats.rglob("*.ln")])
        if "forms_original" not in path.name
    }
    assert len(found) == 22 and all(found.values())
    assert found["laia_iam_splits/lines_aachen_te.lst"] == found["htr_ln/iam/test.ln"]
    assert len(read_ids(formats / "htr_ln" / "vnondb" / "train.ln")) == 4433
