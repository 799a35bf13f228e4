"""Settings: validated, frozen, from shipped YAML presets plus ``key=value`` overrides.

A settings class derives from :class:`Settings`. Presets are YAML files in a folder of the package that owns
the class. An unknown key is refused with the nearest known one; the resolved settings are written beside
every output.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Self, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo

from common.errors import DataError, UsageError, nearest
from common.files import fingerprint, write_atomic


class Settings(BaseModel):
    """Base of every recipe and preset."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, allow_inf_nan=False)

    @property
    def fingerprint(self) -> str:
        """16 hex digits of the canonical form: equal settings, equal fingerprint."""
        return fingerprint(self.model_dump(mode="json"))

    def write(self, path: Path) -> None:
        """Write the resolved settings as YAML."""
        write_atomic(path, yaml.safe_dump(self.model_dump(mode="json"), sort_keys=False, allow_unicode=True))

    @classmethod
    def parse(cls, values: dict[str, Any], origin: str) -> Self:
        """Validate a tree of values; ``origin`` names where they come from in messages.

        Raises:
            UsageError: unknown key (with the nearest known one) or a value of the wrong kind or range.
        """
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise UsageError(
                f"{origin}: " + "; ".join(dict.fromkeys(_explain(cls, item) for item in error.errors()))
            ) from None


def ordered(bounds: tuple[float, float]) -> tuple[float, float]:
    """A check of settings that are bounds.

    Raises:
        ValueError: the greater one comes first.
    """
    if bounds[0] > bounds[1]:
        raise ValueError("the lower bound comes first")
    return bounds


T = TypeVar("T", bound=Settings)
_SHAPES = frozenset({"tuple_type", "missing", "too_long", "model_type", "model_attributes_type"})


def load(cls: type[T], name: str, presets: Path, overrides: Iterable[str] = ()) -> T:
    """Load a preset by name from ``presets``, or a YAML file by path, with ``a.b=value`` overrides (values
    are YAML)."""
    path = Path(name)
    if path.suffix not in (".yaml", ".yml"):
        path = presets / f"{name}.yaml"
        if not path.is_file():
            raise UsageError(
                f"There is no preset '{name}'", nearest(name, (p.stem for p in presets.glob("*.yaml")))
            )
    if not path.is_file():
        raise DataError(f"The settings file {path} does not exist", "a YAML file", "check the path")
    try:
        values = yaml.load(path.read_text(encoding="utf-8"), _OnceLoader) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DataError(f"{path} is not readable YAML: {_one_line(error)}") from None
    if not isinstance(values, dict):
        raise DataError(f"{path} holds {type(values).__name__}", "a mapping of settings")
    return cls.parse(apply_overrides(values, overrides), name)


def apply_overrides(
    values: dict[str, Any], overrides: Iterable[str], example: str = "height=64"
) -> dict[str, Any]:
    """A copy of ``values`` with every ``a.b.c=value`` set; ``example`` is shown where one has no ``=``."""
    result = _copy(values)
    for override in overrides:
        key, separator, text = override.partition("=")
        if not separator or not key.strip():
            raise UsageError(f"The override '{override}' has no '='", f"key=value, such as {example}")
        *parents, leaf = key.strip().split(".")
        node = result
        for parent in parents:
            child = node.setdefault(parent, {})
            if not isinstance(child, dict):
                raise UsageError(
                    f"The override '{override}' goes into '{parent}', which is not a group of settings"
                )
            node = child
        try:
            node[leaf] = yaml.load(text, _OnceLoader)
        except yaml.YAMLError as error:
            raise UsageError(f"The override '{override}' is not readable YAML: {_one_line(error)}") from None
    return result


def differences(there: dict[str, Any], now: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """Where two trees of settings differ, such as ``seed (1 there, 2 now)``."""
    for key in sorted(there.keys() | now.keys()):
        old, new = there.get(key), now.get(key)
        if isinstance(old, dict) and isinstance(new, dict):
            yield from differences(old, new, f"{prefix}{key}.")
        elif old != new:
            yield f"{prefix}{key} ({old} there, {new} now)"


class _OnceLoader(yaml.SafeLoader):
    """Refuses a key that stands twice in one mapping, of which YAML would keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.MarkedYAMLError(None, None, f"'{key.value}' stands there twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _one_line(error: yaml.YAMLError | UnicodeDecodeError) -> str:
    """What is wrong, and in which line."""
    if not isinstance(error, yaml.MarkedYAMLError) or not error.problem_mark:
        return " ".join(str(error).split())
    return f"line {error.problem_mark.line + 1}: {error.problem}"


def _copy(values: dict[str, Any]) -> dict[str, Any]:
    return {key: _copy(value) if isinstance(value, dict) else value for key, value in values.items()}


def _explain(cls: type[BaseModel], item: Any) -> str:
    where = [part for part in item["loc"] if isinstance(part, str)]
    if not where and item["type"] == "value_error":  # settings that do not go together
        return str(item["ctx"]["error"])
    owner, field = _owner(cls, where)
    if item["type"] == "extra_forbidden":
        return f"unknown setting '{'.'.join(where)}'; {nearest(where[-1], owner.model_fields)}"
    return f"'{'.'.join(where)}' = {item['input']!r}: {_wanted(field, item) or item['msg'].lower()}"


def _owner(cls: type[BaseModel], where: list[str]) -> tuple[type[BaseModel], FieldInfo | None]:
    """The settings that a name stands in, and its field."""
    owner = cls
    for part in where[:-1]:
        field = owner.model_fields.get(part)
        owner = _model_of(field.annotation) or owner if field else owner
    return owner, owner.model_fields.get(where[-1]) if where else None


def _wanted(field: FieldInfo | None, item: Any) -> str:
    """What a value of the wrong shape should have been; empty where pydantic says it well."""
    if not field or item["type"] not in _SHAPES:
        return ""
    if model := _model_of(field.annotation):
        braces = f"{{{', '.join(model.model_fields)}}}"
        return f"should be a list, [{braces}, ...]" if item["type"] == "tuple_type" else f"should be {braces}"
    pair = isinstance(field.default, tuple) and len(field.default) == 2
    return "should be two numbers, [least, greatest]" if pair else ""


def _model_of(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for arg in get_args(annotation) if (found := _model_of(arg))), None)
