"""The sealed part of a run's folder: what the run was made from, and what is true of it.

It can be moved away and put back. Its checksums lie within it, so that nothing
outside tells what was in it. While it is hidden, ordinary readers are refused it:
somebody is looking for what it holds, and may not come across it by chance.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from observability.recording import parts
from observability.recording.errors import DamagedRunError, TruthHiddenError, TruthMissingError

SEALED = "sealed"
TRUTH = f"{SEALED}/truth"
TWINS = f"{SEALED}/twins"
_SCENARIO, _SEAL, _CHECKSUMS = "scenario.yml", "seal.json", "checksums.json"
_HIDDEN = "hidden"  # within the sealed part, so that it goes where that goes


@dataclass(frozen=True, slots=True)
class Seal:
    """What a run was made from: its scenario as it was written, its seed and its arms.

    ``settings`` are those of the application that decide what it answers.
    """

    scenario: str
    seed: int
    arms: tuple[str, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)


def write(run: Path, run_id: str, seal: Seal, hide: bool = False) -> None:
    """Lay the seal down in a run's folder; ``DiskFullError`` or ``RunFolderError``.

    With ``hide`` it is hidden until ``reveal``.
    """
    sealed = run / SEALED
    try:
        sealed.mkdir(exist_ok=True)
    except OSError as error:
        raise parts.cannot_write(sealed, error) from error
    plain: dict[str, Any] = {"run_id": run_id, "seed": seal.seed, "arms": list(seal.arms)}
    if seal.settings:
        plain["settings"] = dict(seal.settings)
    if hide:
        parts.write_atomically(sealed / _HIDDEN, b"Until `stillgreen incident reveal`.\n")
    parts.write_atomically(sealed / _SCENARIO, seal.scenario.encode())
    parts.write_atomically(sealed / _SEAL, _json(plain))


def is_hidden(run: Path) -> bool:
    """Tell whether the sealed part is there, and hidden."""
    return (run / SEALED / _HIDDEN).is_file()


def reveal(run: Path) -> None:
    """Hide the sealed part no longer; ``RunFolderError`` where nothing can be written."""
    path = run / SEALED / _HIDDEN
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise parts.cannot_write(path, error) from error


def read(run: Path) -> Seal:
    """Return the seal of a run's folder, be it hidden or not.

    ``TruthMissingError`` or ``DamagedRunError``.
    """
    sealed = run / SEALED
    if not (sealed / _SEAL).is_file() or not (sealed / _SCENARIO).is_file():
        raise missing(run)
    try:
        plain = json.loads(parts.read_bytes(sealed / _SEAL))
        scenario = parts.read_bytes(sealed / _SCENARIO).decode()
        settings = dict(plain.get("settings", {}))
        return Seal(scenario, int(plain["seed"]), tuple(plain["arms"]), settings)
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedRunError(f"{sealed / _SEAL} is damaged ({error})") from error


def write_checksums(run: Path, truth: Iterable[Path], twins: Iterable[Path] = ()) -> None:
    """Keep the checksums of the seal and of the parts with the truth and the twins."""
    sealed = run / SEALED
    truth, twins = list(truth), list(twins)
    files = [path for name in (_SCENARIO, _SEAL) if (path := sealed / name).is_file()]
    checksums = {
        "truth": sum(map(parts.rows, truth)),
        "content": parts.total_digest(truth),
        "files": {
            path.relative_to(run).as_posix(): parts.file_checksum(path)
            for path in (*files, *truth, *twins)
        },
    }
    parts.write_atomically(sealed / _CHECKSUMS, _json(checksums))


def checksums(run: Path) -> dict[str, str]:
    """Return the checksums by file; none where there is no seal, or while the run goes on."""
    path = run / SEALED / _CHECKSUMS
    if not path.is_file():
        return {}
    try:
        return dict(json.loads(parts.read_bytes(path))["files"])
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedRunError(f"{path} is damaged ({error})") from error


def missing(run: Path) -> TruthMissingError:
    """Return the error for a sealed part that is not there."""
    return TruthMissingError(
        f"{run / SEALED} is not there or not whole: the truth was moved away or deleted, or never"
        " recorded. Put it back to compare with it."
    )


def hidden(run: Path) -> TruthHiddenError:
    """Return the error for a sealed part that is hidden."""
    return TruthHiddenError(
        f"{run} is an incident that has not been revealed: its truth and twins are hidden until"
        f" `stillgreen incident reveal {run}`. Everything else in it can be read."
    )


def _json(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()
