"""`wearable-gateway demo` plays both situations, says that all went as promised, and leaves nothing behind."""

from pathlib import Path

import pytest

from tests.fakes.processes import finished, no_postgres_below

pytestmark = pytest.mark.processes


async def test_the_demo_holds_what_it_promises_and_leaves_nothing_behind(tmp_path: Path) -> None:
    demo = await finished("demo", TMPDIR=str(tmp_path))
    assert demo.process.returncode == 0, demo.said
    assert not demo.errors, demo.said
    assert demo.output[-1].startswith("All "), demo.said
    assert demo.output[-1].endswith("expectations held. Nothing was left behind.\n")
    assert "✗" not in demo.said
    assert demo.said.count("✓") == int(demo.output[-1].split()[1])
    for title in ("One person, several wearables\n", "Two companies, one wearable account\n"):
        assert title in demo.output
    assert not list(tmp_path.iterdir()), "its temporary folder stayed"
    await no_postgres_below(tmp_path)
    assert not _processes_about(tmp_path)


def _processes_about(folder: Path) -> list[str]:
    """Command lines that name `folder`: the demo's gateway is told it as its data directory."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            words = (process / "cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if str(folder) in words:
            found.append(words)
    return found
