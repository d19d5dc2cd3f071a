"""What a bench does before it scores: healthy traffic to learn from, episodes, watching them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.cli._output import err
from services.cli._progress import counted_progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.lab.bench.campaign import Campaign
    from services.lab.bench.recording import Recording
    from services.lab.bench.watching import LabelledRun, Seen, Source
    from services.settings import Settings

BUDGET = 1.0
"""False alarms per 1,000 healthy requests that all rules of a set may raise together."""


def let_learn(settings: Settings, sources: Sequence[Source], workers: int, quick: bool) -> None:
    """Let each set of rules learn on healthy traffic that no episode has.

    Those that are shipped have learned from more of it, and what they learned
    is everybody's: they learn anew only where it is kept apart.
    """
    from services.cli.rules import let_learn as let_rules_learn  # noqa: PLC0415 - heavy imports
    from services.lab.bench.campaign import HEALTHY_SEEDS, Stretch  # noqa: PLC0415
    from services.lab.bench.home import bench_home  # noqa: PLC0415
    from services.lab.bench.recording import healthy_recording  # noqa: PLC0415

    learning = [each for each in sources if each.folder or each.thresholds]
    if len(learning) < len(sources):
        err().print(
            "The shipped rules keep their thresholds; --thresholds FILE lets them learn others."
        )
    if not learning:
        return
    home = bench_home(settings)
    seeds = HEALTHY_SEEDS[:2] if quick else HEALTHY_SEEDS
    wanted = [healthy_recording(settings, Stretch(each), home) for each in seeds]
    _make(wanted, workers, "Recording healthy traffic to learn from")
    paths = [each.path for each in wanted]
    for source in learning:
        # A rule that cannot learn is named, and left out when the rules are loaded.
        let_rules_learn(
            paths, BUDGET, source.folder, source.thresholds, allow_code=source.allow_code
        )


def record_all(
    settings: Settings, campaign: Campaign, workers: int, quick: bool
) -> Sequence[Recording]:
    from services.lab.bench.campaign import QUIET_SEEDS, Stretch  # noqa: PLC0415
    from services.lab.bench.home import bench_home  # noqa: PLC0415
    from services.lab.bench.recording import healthy_recording, recordings  # noqa: PLC0415

    home = bench_home(settings)
    wanted = list(recordings(settings, campaign, home))
    if not quick:
        stretches = [Stretch(each, campaign.requests, campaign.requests) for each in QUIET_SEEDS]
        wanted += [healthy_recording(settings, each, home) for each in stretches]
    _make(wanted, workers, "Recording episodes")
    return wanted


def _make(wanted: Sequence[Recording], workers: int, what: str) -> None:
    from services.lab.bench.recording import record  # noqa: PLC0415 - heavy import

    with counted_progress(what) as tell:
        for _ in record(wanted, workers, tell):
            pass


def let_watch(
    settings: Settings, recordings: Sequence[Recording], sources: Sequence[Source], workers: int
) -> Sequence[Seen]:
    from observability.detectors.prometheus.engine import Programs  # noqa: PLC0415 - heavy imports
    from services.lab.bench.watching import watch_all  # noqa: PLC0415

    programs = Programs(settings.prometheus, settings.promtool)
    with counted_progress("Watching episodes") as tell:
        return watch_all(recordings, sources, programs, workers, tell)


def let_watch_runs(
    settings: Settings, runs: Sequence[LabelledRun], sources: Sequence[Source]
) -> Sequence[Seen]:
    """Let all sets of rules watch runs that no bench made."""
    from observability.detectors.prometheus.engine import Programs  # noqa: PLC0415 - heavy imports
    from services.lab.bench.watching import watch_runs  # noqa: PLC0415

    programs = Programs(settings.prometheus, settings.promtool)
    with counted_progress("Watching recordings") as tell:
        return watch_runs(runs, sources, programs, tell)
