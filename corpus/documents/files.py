"""Documents as files: Markdown with YAML front matter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import yaml

from corpus.documents.errors import DocumentFileError
from corpus.ports import Document

_FENCE = "---\n"
# libyaml reads a thousand files in a tenth of the time, but not every platform has it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def to_text(document: Document) -> str:
    """Return the file content: front matter with id, title and metadata, then the text."""
    front = {"id": document.id, "title": document.title, **document.metadata}
    head = yaml.dump(front, Dumper=_DUMPER, sort_keys=False, allow_unicode=True, width=1000)
    return f"{_FENCE}{head}{_FENCE}\n{document.text}"


def from_text(content: str, name: str) -> Document:
    """Return the document of a file's content, or raise ``DocumentFileError``."""
    if not content.startswith(_FENCE) or f"\n{_FENCE}" not in content[4:]:
        raise DocumentFileError(f"{name} has no front matter between two lines of ---")
    head, _, text = content[len(_FENCE) :].partition(f"\n{_FENCE}")
    try:
        front = yaml.load(head, Loader=_LOADER)  # noqa: S506 - safe in both forms
    except yaml.YAMLError as error:
        raise DocumentFileError(f"{name} has front matter that is not YAML: {error}") from error
    if not isinstance(front, dict) or "id" not in front or "title" not in front:
        raise DocumentFileError(f"{name} has front matter without id and title")
    metadata = {
        str(key): _scalar(value)
        for key, value in front.items()
        if key not in ("id", "title") and value is not None
    }
    return Document(str(front["id"]), str(front["title"]), text.lstrip("\n"), metadata)


def _scalar(value: object) -> str | int | float | bool:
    if isinstance(value, (str, int, float, bool)):
        return value
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def write_documents(documents: Iterable[Document], folder: Path) -> int:
    """Write each document as ``<id>.md`` into a folder, and return how many."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for document in documents:
        (folder / f"{document.id}.md").write_text(to_text(document), encoding="utf-8")
        count += 1
    return count


def read_documents(folder: Path) -> list[Document]:
    """Return the documents of a folder's ``.md`` files by name, or raise ``DocumentFileError``."""
    if not folder.is_dir():
        raise DocumentFileError(f"{folder} is not a folder of documents")
    documents = []
    for path in sorted(folder.glob("*.md")):
        try:
            content = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise DocumentFileError(f"{path.name} cannot be read: {error}") from error
        documents.append(from_text(content, path.name))
    return documents


def load_policies() -> list[Document]:
    """Return the company's policies, which are the same in every world."""
    return read_documents(Path(__file__).parent / "policies")
