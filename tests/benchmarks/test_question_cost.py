"""CPU of a question from end to end, by stage, and what its instrumentation costs.

Run with ``pytest tests/benchmarks/test_question_cost.py -s``. The same questions
are asked in turns of one system that records telemetry and of one whose SDK is
off (``OTEL_SDK_DISABLED``), in one process and in virtual time; passages and
questions have been read before. Imports and the index are apart.
"""

from __future__ import annotations

import cProfile
import pstats
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median

import pytest

from corpus.questions import build_questions
from services.client import Question, ask
from services.settings import Settings
from services.virtual_time import VirtualClock, run_virtual
from services.wiring import System, build_system

START = 1_782_813_600_000_000_000
ROUNDS = 5
STAGES = {
    "reading (the models)": ("simulator.py", "complete"),
    "the index's query": ("index.py", "search"),
    "reranking": ("reranking.py", "rerank"),
    "claims and citations (evaluation)": ("validation.py", "_evaluate"),
    "token counts": ("embedding.py", "count_tokens"),
}
"""Stages by the function that does them, callees included."""


def test_a_question(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    measured, bare, stages = run_virtual(_measure(tmp_path), START)
    cost = measured - bare
    lines = [
        f"\n{measured:.1f} ms CPU a question with the SDK, {bare:.1f} ms without it",
        f"instrumentation: {cost:.1f} ms, {cost / bare:.1%} (at most 20 % is the aim)",
        *(f"  {stage:36} {ms:6.1f} ms" for stage, ms in stages.items()),
    ]
    with capsys.disabled():
        sys.stdout.write("\n".join(lines) + "\n")
    assert bare > 0


async def _measure(home: Path) -> tuple[float, float, dict[str, float]]:
    async with AsyncExitStack() as stack:
        systems = []
        for disabled in (False, True):
            settings = Settings(home=home, vendors=10, invoices=60, OTEL_SDK_DISABLED=disabled)
            opened = build_system(settings, VirtualClock(START))
            systems.append(await stack.enter_async_context(opened))
        world = systems[0].foundation.world.world()
        texts = [question.text for question in build_questions(world, per_family=2)][:80]
        for system in systems:
            await _round(system, texts)
        rounds = [[await _round(system, texts) for system in systems] for _ in range(ROUNDS)]
        profile = cProfile.Profile()
        profile.enable()
        await _round(systems[0], texts)
        profile.disable()
    with_sdk, without = (median(times) for times in zip(*rounds, strict=True))
    return with_sdk, without, _by_stage(profile, len(texts))


async def _round(system: System, texts: Sequence[str]) -> float:
    """Ask all questions and return the CPU of one, in ms."""
    began = time.process_time()
    for number, text in enumerate(texts):
        await ask(system.client, Question(text, seed=number))
    return (time.process_time() - began) * 1000 / len(texts)


def _by_stage(profile: cProfile.Profile, questions: int) -> dict[str, float]:
    # A profile makes everything slower, so its shares are right and its sums too high.
    calls = pstats.Stats(profile).stats.items()  # type: ignore[attr-defined]
    return {
        stage: 1000
        / questions
        * sum(
            cumulative
            for (path, _, name), (_, _, _, cumulative, _) in calls
            if (Path(path).name, name) == function
        )
        for stage, function in STAGES.items()
    }
