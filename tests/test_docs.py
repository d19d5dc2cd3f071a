"""What the documentation shows works: its commands, examples, links and variables."""

import importlib.util
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer

from agents.ports import BuiltContext, Evidence
from agents.tools.spec import ErpTool, ToolSpec
from corpus.luck import Luck
from faults.fault import Severity
from faults.registry import collect
from services.cli.main import build_app
from services.settings import Settings, variable_of
from tests.project import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
# Set for others than the program itself, or the names of a family.
FOREIGN = {"OTEL_EXPORTER_OTLP_", "STILLGREEN_"}


def _shell_lines() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        for block in re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
            for line in block.replace("\\\n", " ").splitlines():
                if line.strip():
                    yield page.name, line.strip()


def _program_calls() -> list[str]:
    found = set()
    for _, line in _shell_lines():
        words = shlex.split(line, comments=True)
        while words and re.match(r"^[A-Z_]+=", words[0]):
            words.pop(0)
        if words and words[0] == "stillgreen":
            found.add(shlex.join(words))
    return sorted(found)


@pytest.mark.parametrize("call", _program_calls())
def test_a_command_in_the_documentation_is_accepted(call: str) -> None:
    command: Any = typer.main.get_command(build_app())
    words = shlex.split(call)[1:]
    name = "stillgreen"
    while words and words[0] in getattr(command, "commands", {}):
        name = words.pop(0)
        command = command.commands[name]
    if hasattr(command, "commands"):
        assert not words or words[0].startswith("-"), f"there is no command {words[0]!r}"
    else:
        command.make_context(name, words)


def test_a_wrong_command_would_be_noticed() -> None:
    command: Any = typer.main.get_command(build_app())
    with pytest.raises(Exception, match=r"[Nn]o such option"):
        command.commands["ask"].make_context("ask", ["question", "--no-such-option"])


def test_make_targets_in_the_documentation_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = {
        shlex.split(line, comments=True)[1]
        for _, line in _shell_lines()
        if line.startswith("make ")
    }
    assert named
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in named)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_to_files_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_variables_in_the_documentation_are_settings(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"\b(?:STILLGREEN|OTEL)_[A-Z_]+", text)) - FOREIGN
    assert named <= {variable_of(field) for field in Settings.model_fields}


def _example(path: str, folder: Path) -> ModuleType:
    """Return the module that CONTRIBUTING.md shows under a path."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    match = re.search(rf"`{re.escape(path)}`:\n\n```python\n(.*?)```", text, re.DOTALL)
    assert match is not None, path
    return _module(match[1], folder / Path(path).name)


def _module(text: str, file: Path) -> ModuleType:
    file.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(f"example.{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up by name
    try:
        spec.loader.exec_module(module)
    finally:
        del sys.modules[spec.name]
    return module


class Builder:
    """Keeps everything."""

    def build(self, question: str, evidence: Any, luck: Luck) -> BuiltContext:
        return BuiltContext(tuple(evidence), len(evidence), 10, 100, False)


def test_the_fault_in_the_documentation_works(tmp_path: Path) -> None:
    module = _example("faults/catalogue/best_passage_last.py", tmp_path)
    fault = collect([module]).get("best_passage_last")
    healthy = Builder()
    assert fault.degrade(healthy, Severity(0.0)) is healthy
    shown = [Evidence(str(n), f"DOC-{n}", "", "") for n in range(3)]
    worse = fault.degrade(healthy, Severity(1.0)).build("?", shown, Luck(1))
    assert [evidence.id for evidence in worse.kept] == ["2", "1", "0"]


def test_the_outline_of_a_fault_in_the_documentation_is_whole(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
    (outline,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    fault = collect([_module(outline, tmp_path / "ID.py")]).get("ID")
    assert fault.find.endswith(".")
    assert fault.fix.endswith(".")


class Erp:
    """Answers with what it was asked."""

    async def get(self, path: str, parameters: Any, luck: Luck) -> Any:
        return {"items": [{"path": path, **parameters}], "count": 1}


async def test_the_tool_in_the_documentation_works(tmp_path: Path) -> None:
    module = _example("agents/tools/find_vendor.py", tmp_path)
    spec: ToolSpec = module.SPEC
    assert spec.definition.name == "find_vendor"
    tool = ErpTool(spec, Erp())
    result = await tool.call({"name": "Hartmann"}, Luck(1))
    assert result.found
    assert result.content["items"] == [{"path": "/vendors", "name": "Hartmann"}]
    refused = await tool.call({"nam": "Hartmann"}, Luck(1))
    assert not refused.found
