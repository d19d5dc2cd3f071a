"""Rules that hold for every module, checked by reading or importing all of them."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.project import PACKAGES, ROOT, modules, relative

# The parts that must work the same whether or not something is wrong with one of them.
INNOCENT = ("corpus", "agents", "services/retrieval", "services/llm", "services/erp")
GUILTY_WORDS = re.compile(
    r"\b(faults?|faulty|severit(y|ies)|degrad(e|es|ed|ing|ation)|inject(s|ed|ing)?|sabotage\w*"
    r"|placebo|misroute\w*)\b",
    re.IGNORECASE,
)
LONGEST_MODULE = 300
# A module that may be longer, and why.
LONG = {"observability/telemetry/semconv.py": "one list of names, each on its line"}
# A module other than the settings that touches the environment, and why.
ENVIRONMENT = {
    "services/settings.py": "it is the one reader",
    "observability/telemetry/http.py": "the instrumentations have no other switch; it only writes",
}


def _words(text: str) -> Iterator[str]:
    """Yield the guilty words of a text, also those inside names."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    return (match.group(0) for match in GUILTY_WORDS.finditer(spaced.replace("_", " ")))


def _prompts_and_profiles() -> Iterator[Path]:
    # Documents are left out, the company's and those to practise reading on: goods may be faulty.
    for folder in ("agents", "services/llm", "services/retrieval", "services/erp"):
        yield from (p for p in sorted((ROOT / folder).rglob("*.*")) if p.suffix in {".md", ".yml"})


def _environment_uses(tree: ast.AST) -> bool:
    return any(
        (isinstance(node, ast.Attribute) and node.attr in {"environ", "environb", "getenv"})
        or (
            isinstance(node, ast.ImportFrom)
            and node.module == "os"
            and any(name.name in {"environ", "getenv"} for name in node.names)
        )
        for node in ast.walk(tree)
    )


def test_the_application_knows_nothing_of_what_can_be_wrong_with_it() -> None:
    found = {
        relative(path): sorted(words)
        for path in [*modules(*INNOCENT), *_prompts_and_profiles()]
        if (words := set(_words(path.read_text(encoding="utf-8"))))
    }
    assert found == {}


@pytest.mark.parametrize("text", ["if fault_active:", "class DegradedChunker:", "SEVERITY = 1"])
def test_the_search_for_such_words_finds_them_inside_names(text: str) -> None:
    assert list(_words(text))


def test_innocent_words_are_left_alone() -> None:
    assert not list(_words("a default value, an injection of prompts, FaultlessName, gradual"))


def test_no_module_is_longer_than_can_be_read_at_once() -> None:
    lengths = {
        relative(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()
    }
    assert {name: n for name, n in lengths.items() if n > LONGEST_MODULE and name not in LONG} == {}
    assert all(lengths[name] > LONGEST_MODULE for name in LONG), "an exception is not needed"


def test_only_the_settings_read_the_environment() -> None:
    found = {
        relative(path)
        for path in modules()
        if _environment_uses(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert found == set(ENVIRONMENT)


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        relative(path)
        for path in modules()
        if path.read_text(encoding="utf-8").strip()
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc"}
    assert [relative(path) for path in modules() if path.stem in empty] == []


# Imports all modules and prints what was opened on the way by the project's own code. An
# event belongs to an import, and is fine, if the import machinery lies between it and us.
_WATCH = """
import importlib, pkgutil, sys
root, packages = sys.argv[1], sys.argv[2:]
# The packages' folders and not the root, below which a virtual environment may lie.
ours = tuple(f"{root}/{package}/" for package in packages)
seen = []
def watch(event, arguments):
    if event not in WATCHED and not event.startswith("socket."):
        return
    frame = sys._getframe(1)
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith("<frozen importlib"):
            return
        if name.startswith(ours):
            seen.append(f"{name}:{frame.f_lineno} {event} {arguments[:1]}")
            return
        frame = frame.f_back
WATCHED = {"open", "sqlite3.connect", "subprocess.Popen", "os.listdir", "os.scandir", "os.mkdir"}
sys.addaudithook(watch)
def load(name):
    module = importlib.import_module(name)
    for info in pkgutil.iter_modules(getattr(module, "__path__", [])):
        load(f"{name}.{info.name}")
for package in packages:
    load(package)
print("\\n".join(sorted(set(seen))))
print(len([name for name in sys.modules if name.split(".")[0] in packages]), "modules")
"""


def _opened_by_importing(root: Path, packages: tuple[str, ...]) -> list[str]:
    result = subprocess.run(
        [sys.executable, "-c", _WATCH, str(root), *packages],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    *seen, count = result.stdout.splitlines()
    assert int(count.split()[0]) > 0
    return [line for line in seen if line]


def test_importing_a_module_opens_nothing() -> None:
    assert _opened_by_importing(ROOT, PACKAGES) == []


def test_a_module_that_reads_a_file_when_it_is_imported_is_seen(tmp_path: Path) -> None:
    (tmp_path / "planted").mkdir()
    (tmp_path / "planted" / "__init__.py").write_text("")
    (tmp_path / "planted" / "bad.py").write_text("TEXT = open(__file__).read()\n")
    (seen,) = _opened_by_importing(tmp_path, ("planted",))
    assert "bad.py:1 open" in seen
