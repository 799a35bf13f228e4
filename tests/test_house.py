"""The architecture as tests: who may know whom, what loads fast, what ships, what the README promises."""

from __future__ import annotations

import ast
import importlib
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement

from common.settings import Settings
from pipelines import ROOMS
from pipelines.cli import VERBS, load

ROOT = Path(__file__).resolve().parent.parent
MAY_KNOW = {
    "common": set(),
    "corpora": {"common"},
    "fonts": {"common"},
    "synth": {"common", "corpora", "fonts"},
    "shards": {"common", "corpora", "fonts", "synth"},
    "models": {"common"},
    "recognize": {"common", "corpora", "fonts", "synth", "shards", "models"},
    "pretrain": {"common", "corpora", "fonts", "synth", "shards", "models", "recognize"},
    "pipelines": set(ROOMS) - {"pipelines"},
}
HEAVY = {
    "torch",
    "ray",
    "datasets",
    "augraphy",
    "cv2",
    "sklearn",
    "pyarrow",
    "numpy",
    "PIL",
    "pydantic",
    "rich",
}
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
COMMANDS = sorted(
    path.stem for path in (ROOT / "pipelines" / "commands").glob("*.py") if path.stem != "__init__"
)
# In pieces, so that this file does not find itself.
HOSTS = ("py" + r"pi\.org", "python" + r"hosted\.", r"registry\." + "npm", "anaconda" + r"\.org")
REGISTRY = re.compile("|".join(HOSTS))
TABLES = {
    "corpora/presets/repairs.yaml",
    "fonts/families.yaml",
    "fonts/kinds.yaml",
    "fonts/languages.yaml",
    "fonts/refusals.yaml",
}  # data, not settings; their rooms test them


def tracked() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        pytest.skip("not a git checkout")
    return [path for name in done.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." * node.level + (node.module or "")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_only_downwards(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    wrong = [
        f"line {line}: {module}"
        for line, module in imports(path)
        if module.startswith(".") or module.partition(".")[0] in set(ROOMS) - MAY_KNOW[room] - {room}
    ]
    assert not wrong, f"{room} may know {sorted(MAY_KNOW[room])} and itself, by absolute names"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_module_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", sorted((ROOT / "models").rglob("*.py")), ids=name_of)
def test_the_networks_know_neither_files_nor_the_command_line(path: Path) -> None:
    tops = {module.partition(".")[0] for _, module in imports(path)} | {module for _, module in imports(path)}
    assert not tops & {
        "typer",
        "argparse",
        "rich",
        "tarfile",
        "zipfile",
        "fsspec",
        "webdataset",
        "PIL",
        "common.files",
    }


@pytest.mark.parametrize("verb", COMMANDS)
def test_a_command_module_imports_nothing_heavy(verb: str) -> None:
    code = f"import sys, pipelines.commands.{verb}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not HEAVY & set(done.stdout.split())


def test_the_table_of_verbs_is_the_folder_of_commands() -> None:
    assert set(COMMANDS) == set(VERBS)


def test_no_tracked_file_names_a_package_registry() -> None:
    found = [
        name_of(path)
        for path in tracked()
        if REGISTRY.search(path.read_bytes().decode("utf-8", "replace"))
        and path.suffix not in (".png", ".jpg")
    ]
    assert not found


def test_the_shared_data_stay_where_they_are() -> None:
    named = re.compile("/work" + "/")
    assert not [
        name_of(path) for path in tracked() if named.search(path.read_bytes().decode("utf-8", "replace"))
    ]


def presets() -> list[Path]:
    every = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.yaml"))
    return [path for path in every if name_of(path) not in TABLES]


def every_settings_class() -> set[type[Settings]]:
    for path in MODULES:
        if re.search(
            r"^from common\.settings import .*Settings", path.read_text(encoding="utf-8"), re.MULTILINE
        ):
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    known, new = set(), [Settings]
    while new:
        known.update(new := [kind for parent in new for kind in parent.__subclasses__()])
    return {kind for kind in known if kind.__module__.partition(".")[0] in ROOMS}


@pytest.mark.parametrize("path", presets(), ids=name_of)
def test_every_shipped_preset_is_accepted_by_a_settings_class_of_its_room(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    values = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(values, dict)
    accepted = [
        kind for kind in every_settings_class() if kind.__module__.startswith(room) and _fits(kind, values)
    ]
    assert accepted, "no settings class of this room takes all its keys and values"


def _fits(kind: type[Settings], values: dict[str, Any]) -> bool:
    try:
        kind.model_validate(values)
    except ValueError:
        return False
    return True


def readme_commands() -> list[str]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```(?:sh|console)?\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    return [line.split("#")[0].strip() for line in lines if re.match(r"(\.venv/bin/)?inkmill\b", line)]


@pytest.mark.parametrize("line", readme_commands())
def test_every_command_of_the_readme_exists_with_its_options(line: str) -> None:
    _, verb, *words = shlex.split(line)
    assert verb in VERBS
    command: Any = load(verb)
    if hasattr(command, "commands"):
        command = command.commands[words[0]]
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word.partition("=")[0] for word in words if word.startswith("-")} <= known


def test_the_readme_shows_every_station() -> None:
    shown = {shlex.split(line)[1] for line in readme_commands()}
    assert set(VERBS) - {"demo"} <= shown


def test_the_lock_satisfies_every_requirement_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    locked = dict(
        line.lower().replace("_", "-").split("==") for line in lines if line and not line.startswith("#")
    )
    locked["opencv-python"] = locked["opencv-python-headless"]
    needs = map(Requirement, [*project["dependencies"], *project["optional-dependencies"]["dev"]])
    assert not [str(need) for need in needs if locked.get(need.name.lower(), "") not in need.specifier]


@pytest.mark.parametrize(
    "name",
    re.findall(r"`([a-z_]+(?:\.[A-Za-z_]+)+)`", (ROOT / "docs" / "python.md").read_text(encoding="utf-8")),
)
def test_functions_named_in_the_documentation_exist(name: str) -> None:
    if "AREA" in name:
        pytest.skip("stands for every area")
    parts = name.split(".")
    module = next(k for k in range(len(parts), 0, -1) if _is_module(parts[:k]))
    found: object = importlib.import_module(".".join(parts[:module]))
    for attribute in parts[module:]:
        found = getattr(found, attribute)
    assert found.__doc__


def _is_module(parts: list[str]) -> bool:
    path = ROOT.joinpath(*parts)
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()
