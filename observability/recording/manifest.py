"""The manifest of a run's folder: what is in it, openly, and how to tell that nothing changed.

It holds nothing of what the run was made from; that lies in the sealed part.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from observability.recording.errors import DamagedRunError, ForeignVersionError, NotARunError
from observability.recording.parts import checksum, read_bytes, write_atomically

FILE = "manifest.json"
FORMAT = "stillgreen-run"
FORMAT_VERSION = 1

State = Literal["running", "complete", "interrupted"]

Value = str | bool | int | float | list[str] | list[bool] | list[int] | list[float]


class Manifest(BaseModel):
    """The open description of a recording.

    ``files`` maps each part to the checksum of its bytes. ``content`` maps
    spans, requests, metrics and logs to a digest that does not depend on how
    they are cut into parts. Both are empty while the run goes on.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    format: Literal["stillgreen-run"] = "stillgreen-run"
    format_version: int = FORMAT_VERSION
    run_id: str
    state: State
    versions: dict[str, str] = {}
    resources: dict[str, dict[str, Value]] = {}
    counts: dict[str, int] = {}
    content: dict[str, str] = {}
    files: dict[str, str] = {}


def write(folder: Path, manifest: Manifest) -> None:
    """Write a folder's manifest in place of the one that is there; ``DiskFullError``."""
    plain = manifest.model_dump()
    plain["checksum"] = checksum(_canonical(plain))
    text = json.dumps(plain, indent=1, ensure_ascii=False) + "\n"
    write_atomically(folder / FILE, text.encode())


def read(folder: Path) -> Manifest:
    """Return a folder's manifest.

    Raises ``NotARunError``, ``ForeignVersionError`` or ``DamagedRunError``.
    """
    path = folder / FILE
    if not folder.is_dir():
        raise NotARunError(f"{folder} is no folder; name the folder of a recorded run")
    if not path.is_file():
        raise NotARunError(
            f"{folder} holds no {FILE}, so it is no recorded run; name the folder that does"
        )
    try:
        plain: Any = json.loads(read_bytes(path))
    except ValueError as error:
        raise _damaged(path, str(error)) from error
    if not isinstance(plain, dict) or plain.get("format") != FORMAT:
        raise NotARunError(f"{path} is not the manifest of a recorded run")
    if plain.get("format_version") != FORMAT_VERSION:
        raise ForeignVersionError(
            f"{path} has format version {plain.get('format_version')!r}, and this program reads"
            f" version {FORMAT_VERSION}. Read it with the version that wrote it"
            f" ({_writer(plain)}), export it there, and import it here."
        )
    if plain.pop("checksum", None) != checksum(_canonical(plain)):
        raise _damaged(path, "its checksum differs")
    try:
        return Manifest.model_validate(plain)
    except ValidationError as error:
        raise _damaged(path, str(error)) from error


def _canonical(plain: dict[str, Any]) -> bytes:
    return json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()


def _damaged(path: Path, why: str) -> DamagedRunError:
    return DamagedRunError(
        f"{path} is damaged ({why}). Take it from a copy, or make the recording again."
    )


def _writer(plain: dict[str, Any]) -> str:
    versions = plain.get("versions")
    version = versions.get("stillgreen") if isinstance(versions, dict) else None
    return f"stillgreen {version}" if version else "unknown"
