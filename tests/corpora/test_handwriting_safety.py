"""Data sets of strangers: hostile XML, names that lead elsewhere, encodings, pictures of every kind."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from common.errors import DataError, UsageError
from corpora.handwriting.pictures import MOST_PIXELS, load_grey
from corpora.handwriting.spec import read_lines
from corpora.handwriting.xml_file import parse_xml
from tests.corpora.handwriting_files import picture, written

LAUGHS = "".join(f'<!ENTITY l{k} "{f"&l{k - 1};" * 10}">' for k in range(1, 10))


@pytest.mark.parametrize(
    "declared",
    [
        f'<!ENTITY l0 "ha">{LAUGHS}',
        '<!ENTITY secret SYSTEM "file:///etc/passwd">',
        '<!ENTITY % outside SYSTEM "http://example.invalid/evil.dtd"> %outside;',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_of_a_document_are_refused_before_they_can_do_anything(tmp_path, declared, encoding):
    head = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE root [{declared}]>'
    path = written(tmp_path / "a.xml", head + "<root>&l9;&secret;</root>", encoding)
    with pytest.raises(DataError, match=r"a\.xml declares the entity '(l0|secret|outside)'"):
        parse_xml(path, "root")


def test_a_dtd_that_is_only_named_is_not_fetched(tmp_path):
    head = '<!DOCTYPE root SYSTEM "http://example.invalid/root.dtd">'
    path = written(tmp_path / "a.xml", head + "<root><a b='&quot;&#233;&amp;'/></root>")
    assert parse_xml(path, "root").find("a").get("b") == '"é&'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_xml_in_the_encoding_it_names(tmp_path, encoding):
    path = written(tmp_path / "a.xml", f'<?xml version="1.0" encoding="{encoding}"?><root>é</root>', encoding)
    assert parse_xml(path, "root").text == "é"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<root><a></root>", r"a\.xml is no well-formed XML: mismatched tag: line 1"),
        ("", "no element found"),
        (
            '<?xml version="1.0" encoding="no-such"?><root/>',
            r"a\.xml (cannot be decoded|is no well-formed XML)",
        ),
        ("<html/>", r"another kind, with the root <html>. Expected: <root>"),
        ("<root>&nbsp;</root>", "undefined entity"),
    ],
)
def test_faulty_xml_is_told(tmp_path, content, message):
    with pytest.raises(DataError, match=message):
        parse_xml(written(tmp_path / "a.xml", content), "root")


def test_xml_without_end_is_refused_by_its_size(tmp_path):
    with (tmp_path / "a.xml").open("wb") as file:
        file.truncate(257 * 2**20)
    with pytest.raises(DataError, match="at most 268,435,456 bytes of XML"):
        parse_xml(tmp_path / "a.xml", "root")


@pytest.mark.parametrize("name", ["../secret.png", "lines/../../secret.png", "{outside}/secret.png"])
@pytest.mark.parametrize("kind", ["tsv", "ln"])
def test_names_that_lead_out_of_the_folder_are_refused(tmp_path, name, kind):
    picture(tmp_path / "secret.png")
    written(tmp_path / "secret.txt", "word")
    name = name.format(outside=tmp_path)
    rows = f"file\ttext\n{name}\tword\n" if kind == "tsv" else f"{name}\n"
    path = written(tmp_path / "mine" / f"train.{kind}", rows)
    with pytest.raises(DataError, match=rf"train\.{kind} line \d: .* leads out of the folder"):
        read_lines(f"{kind}:{path}")


def test_pictures_elsewhere_are_read_where_their_folder_is_named_or_linked(tmp_path):
    picture(tmp_path / "store" / "a.png")
    path = written(tmp_path / "mine" / "train.tsv", "file\ttext\na.png\tword\n")
    assert read_lines(f"tsv:{path}?pictures={tmp_path}/store")[0].load().shape == (20, 40)
    written(path, f"file\ttext\n{tmp_path}/store/a.png\tword\n")
    assert len(read_lines(f"tsv:{path}?pictures={tmp_path}/store")) == 1
    written(path, "file\ttext\na.png\tword\n")
    (tmp_path / "mine" / "a.png").symlink_to(tmp_path / "store" / "a.png")
    assert read_lines(f"tsv:{path}")[0].load().shape == (20, 40)


@pytest.mark.parametrize("kind", ["tsv", "ln", "pairs"])
def test_fault_95_texts_in_an_old_encoding_are_read_where_it_is_named(tmp_path, kind):
    picture(tmp_path / "train" / "a.png")
    written(tmp_path / "train" / "a.txt", "  caf\xe9 \u20ac  \r\n", "cp1252")
    written(tmp_path / "train.tsv", "file\ttext\ntrain/a.png\t caf\xe9  \u20ac \n", "cp1252")
    written(tmp_path / "train.ln", "train/a.png\n")
    spec = f"{kind}:{tmp_path}"
    with pytest.raises(DataError, match=r"not UTF-8 at byte \d+\..*\?encoding=cp1252"):
        read_lines(spec)
    assert [line.text for line in read_lines(f"{spec}?encoding=cp1252")] == ["café €"]
    with pytest.raises(UsageError, match="no encoding 'cp12520'"):
        read_lines(f"{spec}?encoding=cp12520")


def test_utf_16_tells_itself_by_its_mark(tmp_path):
    picture(tmp_path / "a.png")
    written(tmp_path / "train.tsv", "file\ttext\na.png\tcafé\n", "utf-16")
    assert read_lines(f"tsv:{tmp_path}")[0].text == "café"


def test_options_are_checked_and_a_question_mark_may_stand_in_a_path(tmp_path):
    picture(tmp_path / "why?" / "a.png")
    written(tmp_path / "why?" / "train.tsv", "file\ttext\na.png\tword\nb.png\tother\n")
    assert len(read_lines(f"tsv:{tmp_path}/why??missing-picture=skip")) == 1
    with pytest.raises(
        UsageError, match=r"no option 'pictures'|no option 'encodin'.*did you mean 'encoding'"
    ):
        read_lines(f"tsv:{tmp_path}/why??encodin=cp1252")
    with pytest.raises(
        UsageError, match=r"'keep' is no choice for missing-picture. Expected: one of: error, skip"
    ):
        read_lines(f"tsv:{tmp_path}/why??missing-picture=keep")


def test_huge_pictures_are_refused_before_they_are_decoded(tmp_path):
    side = int(MOST_PIXELS**0.5) + 10
    Image.new("1", (side, side)).save(tmp_path / "a.png")
    with pytest.raises(DataError, match=rf"a\.png has {side} x {side} pixels. Expected: at most 89,000,000"):
        load_grey(tmp_path / "a.png")


def test_of_a_tiff_of_two_pages_the_first_is_read(tmp_path):
    first, second = Image.new("L", (8, 4), 10), Image.new("L", (9, 5), 20)
    first.save(tmp_path / "a.tif", save_all=True, append_images=[second])
    assert load_grey(tmp_path / "a.tif").tolist() == np.full((4, 8), 10).tolist()


@pytest.mark.parametrize("ending", ["tif", "png"])
def test_sixteen_bits_become_the_upper_eight(tmp_path, ending):
    ramp = (np.arange(256, dtype=np.uint16) * 257).reshape(16, 16)
    Image.fromarray(ramp).save(tmp_path / f"a.{ending}")
    assert np.array_equal(load_grey(tmp_path / f"a.{ending}").ravel(), np.arange(256))


def test_a_picture_can_be_read_as_it_was_stored(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("L", (8, 4), 9).save(tmp_path / "a.png", exif=exif)
    assert load_grey(tmp_path / "a.png").shape == (8, 4)
    assert load_grey(tmp_path / "a.png", upright=False).shape == (4, 8)


def parquet(
    folder: Path, split: str, rows: list[tuple[str, int, str]], image: str = "image", text: str = "text"
) -> None:
    import datasets

    def png(shade: int) -> dict[str, object]:
        file = io.BytesIO()
        Image.new("L", (30, 10), shade).save(file, "PNG")
        return {"bytes": file.getvalue(), "path": None}

    columns = {
        image: [png(shade) for _, shade, _ in rows],
        text: [t for t, _, _ in rows],
        "writer": [w for *_, w in rows],
    }
    kinds = datasets.Features(
        {image: datasets.Image(), text: datasets.Value("string"), "writer": datasets.Value("string")}
    )
    folder.mkdir(parents=True, exist_ok=True)
    datasets.Dataset.from_dict(columns, features=kinds).to_parquet(folder / f"{split}-00000-of-00001.parquet")


@pytest.fixture
def hub(tmp_path, monkeypatch):
    import datasets

    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    parquet(tmp_path / "set", "train", [("one", 10, "w1"), ("tw\u006f\u0301", 20, "w2"), ("", 30, "w2")])
    parquet(tmp_path / "set", "validation", [("three", 40, "w3")])
    return tmp_path


@pytest.mark.parametrize("options", ["", "?limit=5"])
def test_a_data_set_of_hugging_face_is_read_from_a_folder(hub, options, caplog):
    lines = read_lines(f"hf:{hub}/set{options}")
    assert [(line.id, line.text, line.split, line.writer) for line in lines] == [
        ("train-000000", "one", "train", "w1"),
        ("train-000001", "twó", "train", "w2"),
        ("validation-000000", "three", "validation", "w3"),
    ]
    assert [int(line.load()[0, 0]) for line in lines] == [10, 20, 40]
    assert "1 line skipped, empty-label" in caplog.text


def test_columns_of_other_names_are_named_in_the_spec(hub):
    parquet(hub / "other", "test", [("one", 10, "w1")], image="scan", text="words")
    with pytest.raises(
        UsageError, match=r"no column looks like the text. Expected: name it: \?text=; one of: scan, words"
    ):
        read_lines(f"hf:{hub}/other")
    assert [line.text for line in read_lines(f"hf:{hub}/other?text=words&image=scan&limit=1")] == ["one"]
    with pytest.raises(UsageError, match=r"no column 'word'.*did you mean 'words'"):
        read_lines(f"hf:{hub}/other?text=word")


def test_a_data_set_that_is_not_there(hub):
    with pytest.raises(DataError, match="does not exist"):
        read_lines(f"hf:{hub}/none")
    with pytest.raises(UsageError, match="limit 'ten' is no number"):
        read_lines(f"hf:{hub}/set?limit=ten")
