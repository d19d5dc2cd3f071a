"""Imports go down only, and a violation is seen."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.project import PACKAGES, ROOT


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy")
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__", "*.md")
        )
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    # The working directory comes first on the path, so that the copy is what is looked at.
    command = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"
    return subprocess.run(
        [sys.executable, "-c", command],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_packages_keep_the_import_rules(copy: Path) -> None:
    result = _lint(copy)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("module", "line", "broken"),
    [
        ("corpus/planted.py", "import agents.ports", "imports go down only"),
        ("agents/planted.py", "import faults.fault", "imports go down only"),
        ("observability/planted.py", "import corpus.ports", "imports go down only"),
        (
            "observability/recording/planted.py",
            "import observability.telemetry.semconv",
            "whoever judges a trace stands above whoever records it",
        ),
        (
            "faults/planted.py",
            "import observability.detectors",
            "the application does not know how it is judged",
        ),
    ],
)
def test_a_planted_violation_is_seen(copy: Path, module: str, line: str, broken: str) -> None:
    planted = copy / module
    planted.write_text(f'"""Planted."""\n\n{line}\n', encoding="utf-8")
    try:
        result = _lint(copy)
    finally:
        planted.unlink()
    assert result.returncode != 0
    assert f"{broken} BROKEN" in " ".join(result.stdout.split())
