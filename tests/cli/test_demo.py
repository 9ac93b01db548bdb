"""`papertakes demo` where it cannot go on: what happened is shown, and why in a line."""

from __future__ import annotations

import socket
from pathlib import Path

from tests.cli.command import papertakes_process

STEPS = """
[[step]]
who = "Ada"
where = "#papers"
command = "/paper add"
options = { reference = "2007.10909" }
[[step]]
command = "/paper list"
expect = "words that nobody says"
"""


def test_a_script_that_fails_prints_what_happened_so_far(tmp_path: Path) -> None:
    (tmp_path / "script.toml").write_text(STEPS)
    ended = papertakes_process("demo", "--script", "script.toml", cwd=tmp_path)
    assert ended.returncode == 1
    assert "#papers" in ended.stdout
    assert "SliceOut" in ended.stdout
    assert "words that nobody says" in ended.stderr.splitlines()[-1]
    assert "Traceback" not in ended.stderr


def test_a_port_in_use_is_told_in_a_line(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ended = papertakes_process("demo", "--empty", "--port", str(port), cwd=tmp_path)
    assert ended.returncode == 1
    [line] = ended.stderr.strip().splitlines()
    assert f"--port: port {port} is in use" in line


def test_a_script_nested_too_deep_is_told_in_one_line(tmp_path: Path) -> None:
    script = tmp_path / "deep.toml"
    script.write_text("step = " + "[" * 10_000 + "]" * 10_000)
    done = papertakes_process("demo", "--script", str(script), cwd=tmp_path)
    assert (done.returncode, done.stderr) == (
        1,
        f"papertakes: {script}: nested too deep for a script\n",
    )
