"""The whole calibration: read what one half shows, fit to it, ask the other half, compare."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from corpus.luck import Luck
from observability.statistics import NOTHING, Estimate
from services.foundation import Foundation
from services.lab.calibration import repeats, summaries
from services.lab.calibration.comparing import Compared
from services.lab.calibration.conditions import Condition, find_condition
from services.lab.calibration.curves import CLOSE, CURVES, KINDS, OTHERS, Answers, Curve
from services.lab.calibration.errors import NoPresets
from services.lab.calibration.estimates import estimate
from services.lab.calibration.expected import Batch, Reader, Seen
from services.lab.calibration.fitting import Fit, fit, presets
from services.lab.calibration.library import Library
from services.lab.calibration.published import BEFORE, ELSEWHERE, Cell, published
from services.lab.calibration.questions import Asked, Halves
from services.lab.calibration.reliability import Reliability, reliability
from services.lab.calibration.running import REMEMBERED, Answer, Models
from services.lab.calibration.shapes import Shape, shapes
from services.lab.calibration.trial import Trial
from services.llm.profiles import Catalogue, Profile, find_profile
from services.llm.reading import ReadingRoom
from services.llm.salience import learned
from services.virtual_time import run_virtual

Progress = Callable[[str, int, int], None]
_NEUTRAL = "sim-careful"
"""The profile whose manner of writing is judged where no preset is meant."""
SUMMARISED = 300
"""Documents that are summed up."""
REPEATED = 100
"""Prompts that are run again and again."""
_FEW = 32
"""Passages that are remembered where one is looked at at a time."""
_REPEATED_UNDER = "gold_at_9"


@dataclass(frozen=True, slots=True)
class Calibration:
    """Everything that a report tells."""

    seed: int
    questions: int
    compared: tuple[Compared, ...]
    shapes: tuple[Shape, ...]
    curves: tuple[Curve, ...]
    reliabilities: tuple[Reliability, ...]
    answers: Answers
    fits: tuple[Fit, ...]


class Experiment:
    """Runs conditions over the questions of a library."""

    def __init__(
        self,
        foundation: Foundation,
        library: Library,
        seed: int,
        progress: Progress,
        repeats: int = 1,
    ) -> None:
        """Take the means, and how often prompts of published cells are asked, with other luck."""
        self._repeats = repeats
        self._foundation = foundation
        self._library = library
        self._seed = seed
        self._progress = progress
        self._reader = self._new_reader(REMEMBERED)

    def _new_reader(self, blocks: int) -> Reader:
        room = ReadingRoom(self._foundation.token_store, blocks)
        return Reader(room, self._foundation.embedder.count_tokens, find_profile(_NEUTRAL))

    def fit(self, halves: Halves, catalogue: Catalogue) -> list[Fit]:
        """Return all presets fitted on the fitting half; held-out cells are not looked at."""
        cells = published()
        names = _unique(
            c.condition for c in cells if c.role != "held_out" and c.condition not in ELSEWHERE
        )
        # The held-out conditions themselves are not read, so that nothing can be fitted to them.
        names += [BEFORE[n] for n in names if n in BEFORE and BEFORE[n] not in names]
        seen: dict[str, list[Seen]] = {name: [] for name in names}
        for number, asked in enumerate(halves.fit, start=1):
            for name, trial in self._trials(asked, names):
                seen[name].append(self._reader.see(trial))
            self._progress("reading to fit", number, len(halves.fit))
        batches = {name: Batch.of(each, learned().nothing) for name, each in seen.items() if each}
        known = {profile.name: profile for profile in catalogue}
        fits = []
        for number, preset in enumerate(presets(), start=1):
            start = known.get(preset.name, known[find_profile(_NEUTRAL).name])
            fits.append(fit(preset, start, cells, batches, self._seed))
            self._progress("fitting", number, len(presets()))
        return fits

    def report(self, halves: Halves, catalogue: Catalogue, fits: Sequence[Fit]) -> Calibration:
        """Return what the catalogue's models answer to the reporting half, compared.

        Raises ``NoPresets`` if the catalogue lacks models of the table.
        """
        missing = {cell.preset for cell in published()} - {profile.name for profile in catalogue}
        if missing:
            raise NoPresets(
                f"the profiles file lacks {', '.join(sorted(missing))}: "
                "fit them with `stillgreen calibrate --fit --to FILE`"
            )
        wanted = _plan(catalogue)
        # From here on only single passages are looked at to see whether they answer.
        self._reader = self._new_reader(_FEW)
        noisy = [
            repeats.served(profile)
            for profile in catalogue
            if any(c.condition == "repeats" and c.preset == profile.name for c in published())
        ]
        models = Models(self._foundation, catalogue.with_profiles(*noisy))
        answers = Answers(self._ask(models, halves.report, wanted))
        elsewhere = self._elsewhere(models, halves.report)
        compared = [
            Compared(cell, elsewhere[cell] if cell in elsewhere else _ours(answers, cell))
            for cell in published()
        ]
        return Calibration(
            seed=self._seed,
            questions=len(halves.report),
            compared=tuple(compared),
            shapes=tuple(shapes(answers)),
            curves=tuple(answers.curve(kind, preset) for kind, preset in CURVES),
            reliabilities=tuple(
                reliability(preset, answers.all) for preset in _unique(p for _, p in wanted)
            ),
            answers=answers,
            fits=tuple(fits),
        )

    def _trials(self, asked: Asked, names: Sequence[str]) -> list[tuple[str, Trial]]:
        """Return a question's trials under those conditions that apply to it."""
        made = []
        solved: bool | None = None
        for name in names:
            condition: Condition = find_condition(name)
            trial = condition.build(self._library, asked)
            if trial is None:
                continue
            if condition.screened:
                if solved is None:
                    solved = self._reader.solves(replace(trial, passages=(asked.gold,)))
                if not solved:
                    continue
            made.append((name, trial))
        return made

    def _ask(
        self, models: Models, half: Sequence[Asked], wanted: Sequence[tuple[str, str]]
    ) -> list[Answer]:
        names = _unique(name for name, _ in wanted)
        counted = {(cell.condition, cell.preset) for cell in published()} | set(CLOSE)
        answers: list[Answer] = []
        # Question by question, as what a question finds in a passage is remembered for a while.
        for number, asked in enumerate(half, start=1):
            jobs = [
                (trial, preset)
                for name, trial in self._trials(asked, names)
                for condition, preset in wanted
                if condition == name
            ]
            for repeat in range(self._repeats):
                luck = Luck(self._seed).child("repeat", repeat)
                again = [job for job in jobs if not repeat or (job[0].condition, job[1]) in counted]
                answers += run_virtual(models.ask_all(again, luck.seed))
            self._progress("asking", number, len(half))
        return answers

    def _elsewhere(self, models: Models, half: Sequence[Asked]) -> dict[Cell, Estimate]:
        """Return the cells that are not about single questions."""
        found: dict[Cell, Estimate] = {}
        for cell in published():
            if cell.measure == "unsupported":
                found[cell] = run_virtual(
                    summaries.unsupported(
                        models, self._library, cell.preset, SUMMARISED, self._seed
                    )
                )
            elif cell.measure == "spread":
                trials = [
                    trial
                    for asked in half[:REPEATED]
                    for _, trial in self._trials(asked, (_REPEATED_UNDER,))
                ]
                found[cell] = run_virtual(
                    repeats.spread(
                        models,
                        cell.preset,
                        trials,
                        self._seed,
                        lambda done, total: self._progress("repeating", done, total),
                    )
                )
            elif cell.condition in ELSEWHERE:
                found[cell] = NOTHING
        return found


def _plan(catalogue: Catalogue) -> list[tuple[str, str]]:
    """Return the pairs of condition and preset that the table, the shapes and the curves need."""
    offered = {profile.name for profile in catalogue}
    pairs = [(c.condition, c.preset) for c in published() if c.condition not in ELSEWHERE]
    pairs += [(name, preset) for kind, preset in CURVES for name in KINDS[kind]]
    pairs += [*OTHERS, *(("store_filtered", profile.name) for profile in catalogue)]
    return [(name, preset) for name, preset in dict.fromkeys(pairs) if preset in offered]


def _ours(answers: Answers, cell: Cell) -> Estimate:
    if cell.measure == "order_loss":
        return answers.gap(cell.preset, BEFORE[cell.condition], cell.condition)
    return estimate(answers.of(cell.preset, cell.condition), cell.measure)


def _unique(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def with_fits(catalogue: Catalogue, fits: Sequence[Fit]) -> Catalogue:
    """Return a catalogue with the presets as they were fitted."""
    made: list[Profile] = [each.profile for each in fits]
    return catalogue.with_profiles(*made)
