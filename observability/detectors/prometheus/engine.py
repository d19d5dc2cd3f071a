"""Prometheus as a process of our own: nothing scraped, loopback only, gone at the end."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import httpx

from observability.detectors.errors import EngineMissing, RuleFailed
from observability.detectors.prometheus import remote_write
from observability.detectors.prometheus.remote_write import Numbers, Times
from observability.detectors.prometheus.translation import Labels

_START_SECONDS = 15.0
_PAUSE_SECONDS = 0.02
_TRIES = 3
_STEPS = 10_000
"""Prometheus answers at most 11,000 moments of a series at once."""


@dataclass(frozen=True, slots=True)
class Programs:
    """Where Prometheus' programs are, names or paths, and how long a query may take (seconds)."""

    prometheus: str = "prometheus"
    promtool: str = "promtool"
    query_seconds: float = 10.0

    def find(self, program: str) -> str:
        """Return the path of ``prometheus`` or ``promtool``; ``EngineMissing`` without it."""
        wanted = str(getattr(self, program))
        found = shutil.which(wanted)
        if found is None:
            raise EngineMissing(
                f"{wanted} was not found, and Prometheus rule files need it. Install it with"
                f" `apt install prometheus`, or set STILLGREEN_{program.upper()} to its path."
            )
        return found


class QueryFailed(RuleFailed):
    """Prometheus answered that it cannot evaluate an expression."""


class QueryTooLong(RuleFailed):
    """An expression took longer, or would take more samples, than it may."""


@dataclass(frozen=True, slots=True)
class Found:
    """One series of an answer: its labels, and its value at each moment (ms) that it has one."""

    labels: Mapping[str, str]
    at_ms: Mapping[int, float]


class Engine:
    """A running Prometheus with an empty store; a context manager that ends it."""

    def __init__(self, programs: Programs) -> None:
        self._programs = programs
        self._program = programs.find("prometheus")
        self._folder = tempfile.TemporaryDirectory(prefix="stillgreen-prometheus-")
        self._process: subprocess.Popen[bytes] | None = None
        self._client: httpx.Client | None = None

    def __enter__(self) -> Self:
        try:
            for _ in range(_TRIES):
                # The port may be taken between asking for a free one and using it.
                if self._start(_free_port()):
                    return self
        except BaseException:
            self.close()
            raise
        said = self._log().read_text(errors="replace").strip().splitlines()[-1:]
        self.close()
        raise RuleFailed(f"Prometheus did not start: {' '.join(said) or 'it said nothing'}")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process and remove its folder; to be called again does no harm."""
        if self._client is not None:
            self._client.close()
        self._stop()
        self._folder.cleanup()

    def write(self, series: Iterable[tuple[Labels, Times, Numbers]]) -> None:
        """Store samples; the times of a series ascend, over all calls as well."""
        for body in remote_write.messages(series):
            answer = self._ask("POST", "/api/v1/write", content=body, headers=remote_write.HEADERS)
            if answer.status_code >= 300:
                raise RuleFailed(f"Prometheus did not take samples: {answer.text.strip()}")

    def query(
        self,
        expression: str,
        first_ms: int,
        last_ms: int,
        step_ms: int,
        seconds: float | None = None,
    ) -> list[Found]:
        """Evaluate an expression at each step from the first to the last moment.

        ``seconds`` is how long it may take, if that is shorter than set. Raises
        ``QueryFailed`` with Prometheus' message, or ``QueryTooLong``.
        """
        found: dict[tuple[tuple[str, str], ...], dict[int, float]] = {}
        for begin in range(first_ms, last_ms + 1, step_ms * _STEPS):
            end = min(last_ms, begin + step_ms * (_STEPS - 1))
            for labels, values in self._range(expression, begin, end, step_ms, seconds):
                found.setdefault(tuple(sorted(labels.items())), {}).update(values)
        return [Found(dict(labels), values) for labels, values in found.items()]

    def _range(
        self, expression: str, first_ms: int, last_ms: int, step_ms: int, seconds: float | None
    ) -> Iterable[tuple[dict[str, str], dict[int, float]]]:
        data = {
            "query": expression,
            "start": f"{first_ms / 1000:.3f}",
            "end": f"{last_ms / 1000:.3f}",
            "step": f"{step_ms / 1000:.3f}",
            "timeout": f"{seconds or self._programs.query_seconds:.3f}",
        }
        answer = self._ask("POST", "/api/v1/query_range", data=data)
        try:
            body: dict[str, Any] = answer.json()
        except ValueError:
            raise QueryFailed(f"Prometheus answered {answer.status_code}") from None
        if body.get("status") != "success":
            message = str(body.get("error", answer.status_code))
            if body.get("errorType") in {"timeout", "canceled"} or "too many samples" in message:
                raise QueryTooLong(message)
            raise QueryFailed(message)
        for one in body["data"]["result"]:
            yield (
                one["metric"],
                {round(float(at) * 1000): float(value) for at, value in one.get("values", ())},
            )

    def _ask(self, method: str, path: str, **content: Any) -> httpx.Response:
        if self._client is None:
            raise RuleFailed("Prometheus has not been started")
        try:
            return self._client.request(method, path, **content)
        except httpx.TimeoutException:
            limit = self._programs.query_seconds
            raise QueryTooLong(f"no answer in {limit:g} s") from None
        except httpx.HTTPError as error:
            raise RuleFailed(f"Prometheus has ended: {error}") from error

    def _start(self, port: int) -> bool:
        folder = Path(self._folder.name)
        config = folder / "prometheus.yml"
        config.write_text("{}\n")
        address = f"127.0.0.1:{port}"
        command = [
            *_with_parent(),
            self._program,
            f"--config.file={config}",
            f"--storage.tsdb.path={folder / 'data'}",
            # One block for all times: everything stays writable, and nothing is rewritten.
            "--storage.tsdb.min-block-duration=20y",
            "--storage.tsdb.max-block-duration=20y",
            "--storage.tsdb.retention.time=100y",
            f"--query.timeout={round(self._programs.query_seconds * 1000)}ms",
            "--query.max-samples=20000000",
            f"--web.listen-address={address}",
            "--web.enable-remote-write-receiver",
            "--log.level=warn",
        ]
        with self._log().open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - arguments are ours, no shell
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder, env={}
            )
        self._client = httpx.Client(
            base_url=f"http://{address}",
            timeout=self._programs.query_seconds + 5,
            trust_env=False,
        )
        for _ in range(round(_START_SECONDS / _PAUSE_SECONDS)):
            if self._process.poll() is not None:
                break
            if self._ready(self._client):
                return True
            time.sleep(_PAUSE_SECONDS)
        self._client.close()
        self._stop()
        return False

    def _ready(self, client: httpx.Client) -> bool:
        """Tell whether ours answers, and not another that took the port before it."""
        try:
            if client.get("/-/ready").status_code != 200:
                return False
            flags = client.get("/api/v1/status/flags").json()["data"]
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            return False
        return str(flags.get("storage.tsdb.path")) == str(Path(self._folder.name) / "data")

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        # Nothing that it keeps is needed again.
        process.kill()
        process.wait()

    def _log(self) -> Path:
        return Path(self._folder.name) / "log"


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def _with_parent() -> list[str]:
    """Return what makes a program end with us, however we end, where Linux has it."""
    found: Final = shutil.which("setpriv")
    return [found, "--pdeathsig", "KILL", "--"] if found else []
