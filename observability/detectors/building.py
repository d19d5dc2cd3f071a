"""Makes a checked rule of a rule file: all mistakes at once, each with its place."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from rapidfuzz import process

from observability.detectors.detector import DetectorKind, Setup, Window, detector_kinds
from observability.detectors.expressions import Checker, Expression, Kind, unknown_signal
from observability.detectors.plan import LEARNED, Plan, Threshold
from observability.detectors.rule import RuleInfo
from observability.detectors.rule_file import DetectorPart, RuleFile
from observability.yaml_source import Place

TABLE_LABELS = ("user", "session")
_ONE_HEALTHY = 0.5
_SECOND_NS = 1_000_000_000


class Builder:
    """Builds one rule; ``mistakes`` holds what is wrong with it afterwards."""

    def __init__(self, kinds: Mapping[str, str], checker: Checker) -> None:
        """Take the signals by name, each ``number`` or ``label``, and a checker for them."""
        self._kinds = kinds
        self._checker = checker
        self.mistakes: list[tuple[Place, str]] = []

    def build(self, rule_id: str, file: RuleFile, source: str) -> Plan | None:
        """Return the checked rule, or None when there are mistakes."""
        condition = self._expression(file.condition, "boolean", ("condition",))
        score = self._expression(file.score, "number", ("score",))
        where = self._expression(file.where, "boolean", ("where",))
        kind, value, label = self._detector(file)
        parameters = self._parameters(file.detector, kind)
        self._fitting(file, kind)
        threshold = self._threshold(file, kind)
        if file.group_by is not None:
            self._group_by(file.group_by)
        self._example_names(file)
        if self.mistakes:
            return None
        window = _window(file)
        direction = file.detector.direction if file.detector else "up"
        used = {name for each in (condition, score, where, value) if each for name in each.signals}
        used |= {
            each for each in (label, file.group_by) if each is not None and each in self._kinds
        }
        info = RuleInfo(
            id=rule_id,
            title=file.title,
            severity=file.severity,
            description=file.description,
            runbook=file.runbook,
            layer=file.layer,
            agent=file.agent,
            spans=file.spans,
            group=file.group,
            judges=condition is not None or score is not None,
            source=source,
        )
        return Plan(
            info=info,
            condition=condition,
            score=score,
            where=where,
            value=value,
            label=label,
            group_by=file.group_by,
            detector=kind,
            setup=Setup(direction, window, parameters=parameters),
            minimum=file.minimum or _minimum(kind, window),
            threshold=threshold,
            lasting=file.lasting,
            cooldown=file.cooldown if file.cooldown is not None else _cooldown(kind, window),
            signals={name: self._kinds[name] for name in sorted(used)},
            examples=file.examples,
        )

    def _expression(self, text: str | None, kind: Kind, place: Place) -> Expression | None:
        if text is None:
            return None
        found = self._checker.check(text, kind)
        if isinstance(found, str):
            self.mistakes.append((place, found))
            return None
        return found

    def _detector(
        self, file: RuleFile
    ) -> tuple[DetectorKind | None, Expression | None, str | None]:
        """Return the detector's kind, and the number or the label that it watches."""
        kinds = detector_kinds()
        part = file.detector
        if part is None:
            if file.condition is None and file.score is None:
                self._wrong((), "watches nothing; give it `condition:`, `detector:` or `score:`")
            shared = file.share is not None or file.window is not None
            return (kinds["mean"] if shared else None), None, None
        kind = kinds.get(part.kind)
        if kind is None:
            self._wrong(("detector", "kind"), f"can be {', '.join(kinds)} (it is {part.kind!r})")
        if part.signal is not None and part.expression is not None:
            self._wrong(("detector",), "has both signal and expression; keep one")
        if part.signal is None:
            text = part.expression
            if text is None and file.condition is None:
                self._wrong(("detector",), "watches nothing; add signal, expression or condition")
            return kind, self._expression(text, "number", ("detector", "expression")), None
        place = ("detector", "signal")
        if part.signal not in self._kinds:
            self._wrong(place, unknown_signal(part.signal, self._kinds))
        elif self._kinds[part.signal] == "label":
            if kind is not None and not kind.labels:
                able = ", ".join(name for name, each in kinds.items() if each.labels)
                self._wrong(place, f"is a label, which only {able} can watch")
            return kind, None, part.signal
        else:
            return kind, self._expression(f'"{part.signal}"', "number", place), None
        return kind, None, None

    def _parameters(self, part: DetectorPart | None, kind: DetectorKind | None) -> dict[str, float]:
        if part is None or kind is None:
            return {}
        given: dict[str, Any] = dict(part.model_extra or {})
        for name, value in given.items():
            parameter = kind.parameters.get(name)
            place = ("detector", name)
            if parameter is None:
                near = process.extractOne(name, [*kind.parameters, "signal", "direction"])
                hint = f"did you mean {near[0]}?" if near and near[1] >= 60 else "remove it"
                self._wrong(place, f"is no parameter of {kind.name}; {hint}")
            elif isinstance(value, bool) or not isinstance(value, int | float):
                self._wrong(place, f"is a number (it is {value!r})")
            elif not parameter.low <= value <= parameter.high:
                low, high = parameter.low, parameter.high
                self._wrong(place, f"is between {low:g} and {high:g} (it is {value:g})")
        if self.mistakes:
            return {}
        filled = kind.filled(given)
        if wrong := kind.unfit(filled):
            self._wrong(("detector",), wrong)
        return filled

    def _fitting(self, file: RuleFile, kind: DetectorKind | None) -> None:
        """Note parts that do not go together."""
        window = file.window
        if window is not None and (window.requests is None) == (window.time is None):
            self._wrong(("window",), "is either {requests: 100} or {time: 10m}")
        elif window is not None and file.minimum and file.minimum > (window.requests or math.inf):
            self._wrong(
                ("minimum",),
                f"is {file.minimum}, and the window holds {window.requests}: it would never speak",
            )
        if file.detector is None:
            if window is not None and file.condition is None:
                self._wrong(("window",), "needs a `condition:` or a `detector:` to look at")
            if window is None and file.share is not None:
                self._wrong(("share",), "needs a `window:`, e.g. {requests: 100}")
            if window is not None and file.share is None:
                self._wrong(("share",), "is missing: from which share of the window on it alarms")
            return
        if file.share is not None:
            self._wrong(("share",), "goes with `condition:` alone; a detector has `threshold:`")
        if kind is None:
            return
        if window is None and kind.windowed:
            self._wrong(("window",), f"is missing; {kind.name} needs one, e.g. {{requests: 100}}")
        if window is not None and not kind.windowed:
            self._wrong(("window",), f"is of no use to {kind.name}, which forgets by itself")

    def _threshold(self, file: RuleFile, kind: DetectorKind | None) -> Threshold:
        down = file.detector is not None and file.detector.direction == "down"
        if file.share is not None:
            if file.threshold is not None:
                self._wrong(("threshold",), "stands beside `share:`, which is one; keep one")
            elif file.share != LEARNED and not 0 < float(file.share) <= 1:
                self._wrong(("share",), f"is above 0 and at most 1 (it is {file.share:g})")
            return file.share
        if file.detector is None and file.condition is not None:
            if file.threshold is not None:
                self._wrong(("threshold",), "is of no use beside a condition; put it there")
            return _ONE_HEALTHY
        if kind is not None and kind.decides:
            if file.threshold is not None:
                self._wrong(("threshold",), f"is of no use: {kind.name} decides by itself")
            return _ONE_HEALTHY
        if file.threshold is None:
            self._wrong(("threshold",), "is missing: a number, or `learned`")
            return LEARNED
        if file.threshold != LEARNED and down and kind is not None and kind.name == "mean":
            return -float(file.threshold)
        return file.threshold

    def _group_by(self, name: str) -> None:
        if name not in TABLE_LABELS and self._kinds.get(name) != "label":
            labels = [*TABLE_LABELS, *(each for each, k in self._kinds.items() if k == "label")]
            self._wrong(("group_by",), f"can be {', '.join(labels)} (it is {name!r})")

    def _example_names(self, file: RuleFile) -> None:
        for kind in ("positive", "negative"):
            for number, example in enumerate(getattr(file.examples, kind)):
                place: Place = ("examples", kind, number)
                if (example.row is None) == (example.rows is None):
                    self._wrong(place, "has either `row:` or `rows:`")
                rows = [*(example.rows or ()), *([example.row] if example.row else ())]
                rows += example.before.rows if example.before else ()
                for name, value in {(name, value) for row in rows for name, value in row.items()}:
                    if name not in self._kinds and name not in TABLE_LABELS:
                        self._wrong(place, unknown_signal(name, self._kinds))
                    elif self._kinds.get(name) == "number" and isinstance(value, str):
                        self._wrong(place, f"gives {name} the text {value!r}; it is a number")

    def _wrong(self, place: Place, text: str) -> None:
        self.mistakes.append((place, text))


def _window(file: RuleFile) -> Window:
    if file.window is None:
        return Window(100)
    if file.window.time is not None:
        return Window(time_ns=int(file.window.time * _SECOND_NS))
    return Window(file.window.requests)


def _minimum(kind: DetectorKind | None, window: Window) -> int:
    if kind is None:
        return 1
    return max(2, window.size // 2) if kind.windowed else 30


def _cooldown(kind: DetectorKind | None, window: Window) -> int:
    return 0 if kind is None else window.size
