"""Opens what rules are to be run over: a run's folder, or a Collector's file of traces."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from observability.recording.importing import Imported, import_lines
from observability.recording.run_folder import RunFolder
from services.errors import ServicesError
from services.version import program_version

_LOOKED_AT = 200  # spans, to tell whose they are
_OURS = "stillgreen."
_THEIRS = (
    ("openllmetry", "traceloop."),
    ("openinference", "openinference."),
    ("openllmetry", "llm.request.type"),
    ("gen_ai_legacy", "gen_ai.usage.prompt_tokens"),
    ("gen_ai_legacy", "gen_ai.system"),
)
"""How keys begin that only spans of one kind have; the first that is found tells."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A recording; ``imported`` tells what came of an import, None for a run's own folder."""

    folder: RunFolder
    imported: Imported | None = None


@contextmanager
def opened(
    where: Path,
    progress: Callable[[int, int], None] | None = None,
    skip_bad_lines: bool = False,
) -> Iterator[Opened]:
    """Open a run's folder; a file is recorded in a temporary folder, gone at the end.

    Raises ``ServicesError`` if there is nothing, and what an import or an
    opening raises.
    """
    if where.is_dir():
        yield Opened(RunFolder.open(where))
        return
    if not where.is_file():
        raise ServicesError(
            f"there is no recording {where}: name a run's folder, or a file of OTLP/JSON lines"
        )
    with tempfile.TemporaryDirectory(prefix="stillgreen-detect-") as temporary:
        to = Path(temporary) / "run"
        versions = {"stillgreen": program_version()}
        report = import_lines(where, to, versions, skip_bad_lines, progress)
        yield Opened(RunFolder.open(to), report)


def fitting_mapping(folder: RunFolder) -> str | None:
    """Return the shipped mapping that the spans of a recording look like, None for our own."""
    keys: set[str] = set()
    for span in islice(folder.spans(), _LOOKED_AT):
        keys.update(span.attributes)
    if any(key.startswith(_OURS) for key in keys):
        return None
    return next(
        (name for name, begin in _THEIRS if any(key.startswith(begin) for key in keys)), None
    )


def is_ours(folder: RunFolder) -> bool:
    """Tell whether the spans of a recording are of this application."""
    return any(
        key.startswith(_OURS)
        for span in islice(folder.spans(), _LOOKED_AT)
        for key in span.attributes
    )
