#!/usr/bin/env python3
"""The commands of this project, for people and for CI: it prepares the environment and starts the tools.

Only the standard library, and only words that Python 3.8 can read: an older Python must get as far as the
sentence that asks for a newer one.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "prepared.json"
RUNTIME_LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"
OLDEST_PYTHON = (3, 11)
WINDOWS = os.name == "nt"
SCRIPTS = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = SCRIPTS / ("python.exe" if WINDOWS else "python")
LEFTOVERS = (
    ".venv",
    "build",
    "dist",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
    ".import_linter_cache",
)
LOCK_HEADER = "# Made by `make lock` from pyproject.toml: every version and every file's hash. Do not edit.\n"


class Stop(Exception):  # noqa: N818 - not an error of the program but a sentence for its user
    """Ends the program with a sentence."""


def main(arguments: list[str]) -> int:
    commands = {
        "run": run,
        "demo": demo,
        "test": test,
        "check": check,
        "bench": bench,
        "chaos": chaos,
        "format": format_code,
        "lock": lock,
        "clean": clean,
        "help": show_help,
    }
    name = arguments[0] if arguments else "help"
    if name in ("-h", "--help"):
        name = "help"
    command = commands.get(name)
    if command is None:
        print(f"There is no command {name!r}. Known are: {', '.join(commands)}.", file=sys.stderr)
        return 2
    try:
        require_python()
        return command(arguments[1:])
    except Stop as stop:
        print(stop, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def require_python() -> None:
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(map(str, sys.version_info[:2]))
        raise Stop(
            f"This is Python {found}; the gateway needs 3.11 or newer. "
            "Install one and name it, for example: make PYTHON=python3.13 run"
        )


def run(arguments: list[str]) -> int:
    """Start the gateway with a database of its own (PORT, 8000 unless set)"""
    prepare(RUNTIME_LOCK)
    port = (
        []
        if any(word.split("=")[0] == "--port" for word in arguments)
        else ["--port", os.environ.get("PORT", "8000")]
    )
    return become([PYTHON, "-m", "wearable_gateway", "run", *port, *arguments], compiled_modules())


def demo(arguments: list[str]) -> int:
    """The same with a made-up tenant and made-up wearables to look at"""
    prepare(RUNTIME_LOCK)
    return become([PYTHON, "-m", "wearable_gateway", "demo", *arguments], compiled_modules())


def test(arguments: list[str]) -> int:
    """All checks and all tests; words after -- go to pytest"""
    prepare(DEV_LOCK)
    pytest: list[str | Path] = [PYTHON, "-m", "pytest"]
    # Beside the checks, which keep one core busy: else each of the four would compile every module anew.
    compiling = subprocess.Popen(
        [*pytest, "--collect-only", "--quiet"],
        cwd=ROOT, env=compiled_modules(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    checked = check([])
    compiling.wait()
    words = arguments[1:] if arguments[:1] == ["--"] else arguments
    say("pytest")
    # Four at a time, a file as a whole: what a test waits for, others compute meanwhile. In the order of their names,
    # because the longest, of processes and browsers, come first then, and nobody waits for one of them at the end.
    how = ("-n", "4", "--dist", "loadfile", "--no-loadscope-reorder")
    return call([*pytest, *how, *words], compiled_modules()) or checked


def compiled_modules() -> dict[str, str]:
    """The environment for programs that start over and over: with their modules compiled once.

    Who wants no compiled modules beside the source gets none there.
    """
    environment = dict(os.environ)
    if environment.pop("PYTHONDONTWRITEBYTECODE", ""):
        environment["PYTHONPYCACHEPREFIX"] = str(VENV / "compiled")
    return environment


def check(arguments: list[str]) -> int:
    """Lint, format, types and import rules, without the tests"""
    prepare(DEV_LOCK)
    tools = (
        ["ruff", "check", *arguments],
        ["ruff", "format", "--check"],
        ["mypy"],
        ["lint-imports"],
    )
    # All of them, even after one has failed: one look then shows everything there is to mend.
    results = []
    for tool in tools:
        say(" ".join(tool))
        results.append(call([SCRIPTS / tool[0], *tool[1:]]))
    return next((result for result in results if result != 0), 0)


def bench(arguments: list[str]) -> int:
    """Measure against ceilings of the same run; --help for its options"""
    prepare(RUNTIME_LOCK)
    return call([PYTHON, "-m", "bench", *arguments], compiled_modules())


def chaos(arguments: list[str]) -> int:
    """Kill everything by turns and see whether every event arrives; --help for its options"""
    prepare(RUNTIME_LOCK)
    return call([PYTHON, "-m", "bench.chaos", *arguments], compiled_modules())


def format_code(arguments: list[str]) -> int:
    """Format the code and mend what the linter can mend by itself"""
    prepare(DEV_LOCK)
    return call([SCRIPTS / "ruff", "format", *arguments]) or call(
        [SCRIPTS / "ruff", "check", "--fix", *arguments]
    )


def lock(arguments: list[str]) -> int:
    """Resolve pyproject.toml into the two lock files; --upgrade for newer versions"""
    prepare(DEV_LOCK)
    for target, inputs in (
        (RUNTIME_LOCK, []),
        # Held to the runtime's versions; uv itself is locked too, since it does the installing.
        (DEV_LOCK, ["--extra", "dev", "--constraint", RUNTIME_LOCK.name, "-"]),
    ):
        say(f"resolving {target.name}")
        command = [SCRIPTS / "uv", "pip", "compile", "pyproject.toml", *inputs, "--output-file", target.name]
        # No settings of this machine: its mirrors and folders of wheels would add addresses and foreign hashes.
        command += [
            "--universal",
            "--python-version",
            "3.11",
            "--generate-hashes",
            "--no-config",
            "--no-header",
        ]
        command += ["--no-annotate", "--quiet", *arguments]
        settings = {key: value for key, value in os.environ.items() if not key.startswith(("UV_", "PIP_"))}
        done = subprocess.run(
            [str(word) for word in command], cwd=ROOT, env=settings, input="uv\n", text=True, check=False
        )
        if done.returncode != 0:
            return done.returncode
        target.write_text(LOCK_HEADER + target.read_text(encoding="utf-8"), encoding="utf-8")
    return 0


def clean(_arguments: list[str]) -> int:
    """Remove the environment and all caches; data in .data stays"""
    for name in LEFTOVERS:
        shutil.rmtree(ROOT / name, ignore_errors=True)
    for top in ("src", "tests", "bench", "migrations"):
        for cache in (ROOT / top).rglob("__pycache__"):
            shutil.rmtree(cache, ignore_errors=True)
    return 0


def show_help(_arguments: list[str]) -> int:
    """This list"""
    for command in (run, demo, test, check, bench, chaos, format_code, lock, clean, show_help):
        name = {"format_code": "format", "show_help": "help"}.get(command.__name__, command.__name__)
        print(f"  {name:<8} {command.__doc__}")
    return 0


def prepare(lock_file: Path) -> None:
    """Makes .venv hold what the lock file says; takes no time when it already does."""
    wanted = {path.name: fingerprint(path) for path in (RUNTIME_LOCK, DEV_LOCK)}
    present = read_stamp()
    if PYTHON.exists() and present.get(lock_file.name) == wanted[lock_file.name]:
        return
    started = time.monotonic()
    print("preparing the environment in .venv (about 20 s, once) …", flush=True)
    make_environment()
    STAMP.unlink(missing_ok=True)
    install(lock_file)
    link_project()
    # Whatever is for development includes what is for running.
    done = (RUNTIME_LOCK, DEV_LOCK) if lock_file == DEV_LOCK else (RUNTIME_LOCK,)
    STAMP.write_text(json.dumps({path.name: wanted[path.name] for path in done}), encoding="utf-8")
    print(f"done in {time.monotonic() - started:.0f} s", flush=True)


def fingerprint(lock_file: Path) -> str:
    # With the place, since the link to the source is absolute: a moved folder is prepared again.
    about = f"{sys.version_info[:2]} {ROOT}"
    return hashlib.sha256(lock_file.read_bytes() + about.encode()).hexdigest()


def read_stamp() -> dict[str, str]:
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def make_environment() -> None:
    if PYTHON.exists() and same_python():
        return
    shutil.rmtree(VENV, ignore_errors=True)
    with_pip = shutil.which("uv") is None
    if with_pip and not can_import("ensurepip"):
        raise Stop(
            "This Python cannot make environments with pip. On Debian and Ubuntu: apt install python3-venv. "
            "Or install uv; then it is used instead."
        )
    command = [sys.executable, "-m", "venv", str(VENV)] + ([] if with_pip else ["--without-pip"])
    if subprocess.call(command) != 0:
        raise Stop("The environment could not be made in .venv; the lines above say why.")


def same_python() -> bool:
    asked = subprocess.run(
        [str(PYTHON), "-c", "import sys; print(sys.version_info[:2])"],
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.strip() == str(tuple(sys.version_info[:2]))


def can_import(module: str) -> bool:
    return subprocess.call([sys.executable, "-c", f"import {module}"], stderr=subprocess.DEVNULL) == 0


def install(lock_file: Path) -> None:
    """With uv, which is several times quicker; with pip where uv is not to be had or does not get through."""
    wanted = ["--require-hashes", "--requirement", str(lock_file)]
    uv = find_uv()
    if uv is not None:
        # The certificates of the system: behind a company's proxy uv's own list does not do.
        environment = {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1", **os.environ}
        done = subprocess.run(
            [uv, "pip", "install", "--quiet", "--python", str(PYTHON), *wanted],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            return
        print("uv did not get through, trying pip …", flush=True)
    if (
        subprocess.call(
            [str(PYTHON), "-m", "pip", "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        != 0
    ):
        subprocess.call([str(PYTHON), "-m", "ensurepip"], stdout=subprocess.DEVNULL)
    if (
        subprocess.call(
            [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted]
        )
        != 0
    ):
        raise Stop(f"The packages of {lock_file.name} could not be installed; the lines above say why.")


def find_uv() -> str | None:
    """From PATH, from the environment, or put there by pip with the hashes of the lock file; None if all that fails."""
    own = SCRIPTS / ("uv.exe" if WINDOWS else "uv")
    found = str(own) if own.exists() else shutil.which("uv")
    if found:
        return found
    locked = re.search(r"^uv==.*?(?=^\S|\Z)", DEV_LOCK.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    if locked is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        only_uv = Path(folder) / "uv.lock"
        only_uv.write_text(locked.group(), encoding="utf-8")
        command = [
            str(PYTHON),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
        ]
        failed = subprocess.call(
            [*command, "--requirement", str(only_uv)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    return None if failed else str(own)


def link_project() -> None:
    """Makes `import wearable_gateway` and the command work from the source tree, with nothing built or downloaded."""
    asked = subprocess.run(
        [str(PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    )
    (Path(asked.stdout.strip()) / "wearable_gateway_source.pth").write_text(
        f"{ROOT / 'src'}\n", encoding="utf-8"
    )
    if WINDOWS:
        (SCRIPTS / "wearable-gateway.cmd").write_text(
            f'@"{PYTHON}" -m wearable_gateway %*\n', encoding="utf-8"
        )
        return
    command = SCRIPTS / "wearable-gateway"
    # Through sh: a `#!` line may be no longer than 127 bytes and must hold no space.
    command.write_text(
        '#!/bin/sh\nexec "$(dirname "$0")/python" -m wearable_gateway "$@"\n', encoding="utf-8"
    )
    command.chmod(0o755)


def say(what: str) -> None:
    print(f"== {what}", flush=True)


def call(command: list[str | Path], environment: dict[str, str] | None = None) -> int:
    return subprocess.call([str(word) for word in command], cwd=ROOT, env=environment)


def become(command: list[str | Path], environment: dict[str, str]) -> int:
    """Replaces this process, so that signals reach the gateway itself."""
    words = [str(word) for word in command]
    sys.stdout.flush()
    if not WINDOWS:
        os.execve(words[0], words, environment)  # noqa: S606 - no shell is the point
    return subprocess.call(words, env=environment)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
