"""A rule written in Python, made to work like every other."""

from __future__ import annotations

import contextlib
import copy
import hashlib
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, Protocol, runtime_checkable

import numpy as np
import pyarrow as pa

from observability.detectors.errors import DetectorError, RuleFailed
from observability.detectors.learned import Learned, Need
from observability.detectors.rule import RuleInfo, Track
from observability.detectors.stream import NAN, Edges, undefined

LEARNED: Final = "learned"
Cell = float | str | None
Request = Mapping[str, Cell]

_BLOCK = 200


@runtime_checkable
class PythonRule(Protocol):
    """What a file of Python must offer as ``RULE``.

    ``update`` takes a request's signals and says yes or no, or a number that
    is compared with ``threshold``, or None where it cannot tell. It may also
    have ``threshold`` (a number, 0.5 by default, or "learned"), ``block`` (how
    many healthy requests its highest number is taken of, 200), ``floor`` (the
    least threshold), ``cooldown``, and ``learn(requests)``, which returns named
    numbers that it finds again in its attribute ``learned``.
    """

    info: RuleInfo

    def update(self, request: Request) -> bool | float | None: ...

    def reset(self) -> None: ...


class ClassRule:
    """Feeds requests one by one to a rule written in Python."""

    def __init__(
        self, rule: PythonRule, code: str, known: Iterable[str], learned: Learned | None = None
    ) -> None:
        """Take the rule, the code that it is of, and the names of all signals."""
        learned = learned or Learned()
        self._rule = copy.deepcopy(rule)
        if hasattr(self._rule, "learn"):
            setattr(self._rule, "learned", dict(learned.parameters))  # noqa: B010 - it may lack it
        self._code = code
        self._known = frozenset(known)
        own = getattr(rule, "threshold", 0.5)
        self._learns = own == LEARNED
        given = learned.threshold if learned.threshold is not None else NAN
        self.threshold = given if self._learns else float(own)
        self._edges = Edges(self.threshold, 1, int(getattr(rule, "cooldown", 0)))
        self._failure: RuleFailed | None = None
        self._rule.reset()

    @property
    def info(self) -> RuleInfo:
        return self._rule.info

    @property
    def need(self) -> Need:
        """What must be learned before it can raise alarms."""
        return Need(
            threshold=self._learns,
            healthy=hasattr(self._rule, "learn"),
            digest=hashlib.sha256(self._code.encode()).hexdigest()[:16],
            block=int(getattr(self._rule, "block", _BLOCK)),
            # It does not say what it reads, so whatever its code names is taken for that.
            reads=self._known.intersection(re.findall(r"\w+", self._code)),
        )

    def study(self, healthy: Sequence[pa.Table]) -> Learned:
        """Return what the rule itself wants to know of healthy requests."""
        learn = getattr(self._rule, "learn", None)
        if learn is None:
            return Learned(digest=self.need.digest)
        requests = (request for table in healthy for request in _requests(table, self._known))
        with others_code(
            lambda said: RuleFailed(
                f"{self.info.id}: learn() failed: {said}; it returns numbers by name"
            )
        ):
            found = {str(name): float(value) for name, value in learn(requests).items()}
        return Learned(digest=self.need.digest, parameters=found)

    def with_learned(self, learned: Learned) -> ClassRule:
        """Return the same rule with what was learned."""
        return ClassRule(self._rule, self._code, self._known, learned)

    def floor(self) -> float:
        """Return the least threshold that is worth having."""
        return float(getattr(self._rule, "floor", -np.inf))

    def reset(self) -> None:
        self._failure = None
        self._edges.reset()
        try:
            with others_code(lambda said: RuleFailed(f"{self.info.id}: reset() failed: {said}")):
                self._rule.reset()
        except RuleFailed as failure:
            # Whoever feeds it next is told; the other rules begin anew.
            self._failure = failure

    def feed(self, requests: pa.Table) -> Track:
        with _own_words():
            return self._fed(requests)

    def _fed(self, requests: pa.Table) -> Track:
        if self._failure is not None:
            raise self._failure
        statistic = np.full(requests.num_rows, NAN)
        alarms = []
        for row, request in enumerate(_requests(requests, self._known)):
            try:
                said = self._rule.update(request)
                # A request that it cannot tell anything of changes nothing.
                if said is None or undefined(said):
                    continue
                statistic[row] = float(said)
            except (Exception, SystemExit) as error:
                self._failure = RuleFailed(
                    f"{self.info.id}: failed at request {request['trace_id']}:"
                    f" {type(error).__name__}: {error}"
                )
                raise self._failure from error
            if self._edges.begins(statistic[row]):
                alarms.append(row)
        judges = self.info.judges
        flagged = (statistic >= self.threshold) & judges
        score = statistic.copy() if judges else np.full(requests.num_rows, NAN)
        return Track(flagged, score, statistic, self.threshold, tuple(alarms))


@contextlib.contextmanager
def others_code(failure: Callable[[str], DetectorError]) -> Iterator[None]:
    """Run a rule's own code; what it raises, its own exit too, is raised as a failure of ours."""
    try:
        with _own_words():
            yield
    except (Exception, SystemExit) as error:
        raise failure(f"{type(error).__name__}: {error}") from error


@contextlib.contextmanager
def _own_words() -> Iterator[None]:
    """Let what a rule prints go to stderr: stdout is the command's, and may be JSON."""
    with contextlib.redirect_stdout(sys.stderr):
        yield


class _Row(Mapping[str, Cell]):
    """One request of a table; columns are unpacked when they are first asked for."""

    __slots__ = ("_columns", "_known", "_row", "_table")

    def __init__(
        self, table: pa.Table, columns: dict[str, list[Cell]], known: frozenset[str], row: int
    ) -> None:
        self._table = table
        self._columns = columns
        self._known = known
        self._row = row

    def __getitem__(self, name: str) -> Cell:
        found = self._columns.get(name)
        if found is None:
            if name in self._table.column_names:
                found = self._table.column(name).to_pylist()
            elif name in self._known:
                found = [None] * self._table.num_rows
            else:
                raise KeyError(f"{name!r} is no signal; `stillgreen signals` lists them")
            self._columns[name] = found
        return found[self._row]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._known | set(self._table.column_names)))

    def __len__(self) -> int:
        return len(self._known | set(self._table.column_names))


def _requests(table: pa.Table, known: frozenset[str]) -> Iterator[Request]:
    columns: dict[str, list[Cell]] = {}
    for row in range(table.num_rows):
        yield _Row(table, columns, known, row)
