"""What a scenario says: traffic, arms with their faults, and what is expected to stay steady."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from faults.plan import ActiveFault, FaultPlan, PlannedFault
from services.lab.runs.expecting import Expectation
from services.lab.runs.fields import SECOND_NS, Duration, Figure, Name, Part, Positive, Share
from services.lab.runs.overrides import Overrides

_START = dt.datetime(2026, 6, 30, 8, 0, tzinfo=dt.UTC)


_YEARS = (1970, 2200)
"""Times are kept as nanoseconds since 1970 in 64 bits, which are full in 2262."""


def _with_time(value: Any) -> Any:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        raise ValueError("is a day without a time; write e.g. 2026-06-30T08:00:00Z")
    return value


def _utc(value: dt.datetime) -> dt.datetime:
    """Return a time in UTC, which is what hours are counted in; without a zone it is UTC."""
    first, last = _YEARS
    if not first < value.year < last:
        raise ValueError(f"is not between {first} and {last}; write e.g. 2026-06-30T08:00:00Z")
    return value.replace(tzinfo=value.tzinfo or dt.UTC).astimezone(dt.UTC)


Rate = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
Weight = Annotated[float, Field(gt=0, le=1_000_000, allow_inf_nan=False)]
Start = Annotated[dt.datetime, BeforeValidator(_with_time), AfterValidator(_utc)]
Wording = Literal["w1", "w2", "w3", "w4"]


class Questions(Part):
    """Which questions are asked."""

    families: dict[str, Weight] = Field(
        default={},
        description="Families of questions with their weights; none: all alike.",
    )
    wordings: Annotated[tuple[Wording, ...], Field(min_length=1)] = Field(
        default=("w1", "w2"),
        description="Wordings that are used. w3 and w4 are kept for judging.",
    )
    facts: Annotated[int, Field(ge=1, le=10_000)] = Field(
        default=50, description="How many facts of each family are asked about."
    )
    answers: tuple[Annotated[str, Field(min_length=1)], ...] = Field(
        default=(),
        description="Only questions whose right answer holds one of these words; none: all.",
    )
    history: tuple[Annotated[str, Field(min_length=1)], ...] = Field(
        default=(),
        description="Only questions about vendors of whom another of the facts asked about, of "
        "another invoice or order, has one of these words in its right answer; none: all.",
    )


class Sessions(Part):
    """How people ask."""

    questions: Annotated[float, Field(ge=1, le=20)] = Field(
        default=1.6, description="Mean number of questions in a session."
    )
    follow_ups: Share = Field(
        default=0.5,
        description="Share of the further questions that lean on the one before, where one can "
        "(“And when is it due?”).",
    )
    pause: Duration = Field(
        default=40.0, description="Mean time from one question of a session to the next."
    )


class Traffic(Part):
    """Who asks what, when and how much."""

    start: Start = Field(
        default=_START,
        description="When the first hour begins, with a time zone (UTC without one).",
    )
    duration: Positive = Field(default=3600.0, description="How long people keep coming.")
    requests_per_hour: Rate | dict[Annotated[int, Field(ge=0, le=23)], Rate] = Field(
        default=600.0,
        description="One rate, or rates by hour (UTC); each holds until the next hour named.",
    )
    requests: Annotated[int, Field(ge=1, le=100_000_000)] | None = Field(
        default=None,
        description="Requests in all, spread as the rates are; without it the rates decide.",
    )
    sessions: Sessions = Sessions()
    users: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        default=40, description="How many different people ask."
    )
    questions: Questions = Questions()


class FaultUse(Part):
    """One fault in an arm. Times are counted from the start of the traffic."""

    id: str = Field(description="Its id, as `stillgreen faults` lists it.")
    severity: Share = 1.0
    onset: Duration = 0.0
    end: Duration | None = None
    ramp: Duration = Field(
        default=0.0,
        description="How long from the onset its severity takes to grow, in five steps.",
    )
    share: Share = Field(default=1.0, description="Share of the requests that it is in place for.")
    documents: Share = Field(
        default=1.0,
        description="Share of the documents that a fault of documents or of the chunker acts on.",
    )
    vendors: Share = Field(
        default=1.0,
        description="Share of the vendors whose documents a fault of documents or of the chunker"
        " acts on; with less than 1, documents without a vendor are left as they are.",
    )


class Arm(Part):
    """One way to run the whole traffic."""

    faults: tuple[FaultUse, ...] = ()

    def plan(self, start_ns: int) -> FaultPlan:
        """Return the arm's plan; ``start_ns`` is when the traffic starts."""
        return FaultPlan(
            tuple(
                PlannedFault(
                    ActiveFault(use.id, use.severity, use.documents, use.vendors),
                    use.share,
                    start_ns + round(use.onset * SECOND_NS),
                    None if use.end is None else start_ns + round(use.end * SECOND_NS),
                    round(use.ramp * SECOND_NS),
                )
                for use in self.faults
            )
        )


class Tolerance(Part):
    """What a probe may measure, as the Chaos Toolkit writes it."""

    type: Literal["range"] = "range"
    range: tuple[float | None, float | None] = Field(
        description="Lowest and highest value that is fine; null leaves a side open."
    )


class Probe(Part):
    """One number of the traffic that is expected to stay within a tolerance."""

    name: Annotated[str, Field(min_length=1)]
    measure: Figure
    tolerance: Tolerance


class Hypothesis(Part):
    """What is steady while the application is well, window by window."""

    title: str = "The application is well"
    window: Positive = Field(
        default=600.0, description="Length of the stretches of time that are looked at one by one."
    )
    probes: tuple[Probe, ...] = ()


class Scenario(Part):
    """A run as it is written down: everything but the number of workers."""

    title: str = ""
    description: str = ""
    seed: Annotated[int, Field(ge=0, lt=2**48)] = Field(
        default=7, description="Decides questions, times, people and all luck."
    )
    traffic: Traffic = Traffic()
    arms: Annotated[dict[Name, Arm], Field(min_length=1, max_length=100)] = Field(
        description="Each arm runs the same traffic with the same luck."
    )
    second_luck: Share = Field(
        default=0.1,
        description="Share of the sessions with a fault in place that are asked twice of the"
        " healthy application, the second time with other luck, to see what luck alone changes.",
    )
    steady_state: Hypothesis | None = None
    settings: Overrides = Overrides()
    expect: tuple[Expectation, ...] = Field(
        default=(), description="Numbers that are expected of the run, beside those published."
    )

    @property
    def start_ns(self) -> int:
        """Return when the traffic starts, in nanoseconds since the epoch."""
        return round(self.traffic.start.timestamp()) * SECOND_NS

    def plans(self) -> Mapping[str, FaultPlan]:
        """Return the plan of each arm, in the scenario's order."""
        return {name: arm.plan(self.start_ns) for name, arm in self.arms.items()}


def changed(scenario: Scenario, requests: int | None, seed: int | None) -> Scenario:
    """Return a scenario with another number of requests and another seed, where given."""
    traffic = scenario.traffic
    if requests is not None:
        traffic = traffic.model_copy(update={"requests": requests})
    return scenario.model_copy(
        update={"traffic": traffic, "seed": scenario.seed if seed is None else seed}
    )
