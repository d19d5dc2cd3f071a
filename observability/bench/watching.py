"""Lets rules watch an episode, and puts what they say of it in one form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from observability.bench.episode import Episode
from observability.detectors.errors import RuleFailed
from observability.detectors.rule import Rule, Track


@dataclass(frozen=True, slots=True)
class Watched:
    """An episode and what each rule said of it, by the rule's id.

    ``failures`` holds the rules that failed on it, with the reason; they have
    no track.
    """

    episode: Episode
    tracks: Mapping[str, Track]
    failures: Mapping[str, str] = field(default_factory=dict)


def watch(
    rules: Mapping[str, Rule], episode: Episode, others: Mapping[str, Track] | None = None
) -> Watched:
    """Return what rules say of an episode; each starts with nothing remembered.

    ``others`` are tracks that were made elsewhere, e.g. by ``track_of_alarms``.
    A rule that fails, or says nothing of some requests, is named in
    ``failures`` and the rest goes on.
    """
    tracks: dict[str, Track] = dict(others or {})
    failures: dict[str, str] = {}
    for name, rule in rules.items():
        rule.reset()
        try:
            track = rule.feed(episode.signals)
        except RuleFailed as failed:
            failures[name] = str(failed)
            continue
        if len(track.flagged) != episode.requests:
            failures[name] = f"it spoke of {len(track.flagged)} of {episode.requests} requests"
            continue
        tracks[name] = track
    return Watched(episode, tracks, failures)


def track_of_alarms(places: Iterable[int], requests: int) -> Track:
    """Return the track of a rule of which nothing is known but where its alarms begin."""
    return Track(
        flagged=np.zeros(requests, dtype=np.bool_),
        score=np.full(requests, np.nan),
        statistic=np.full(requests, np.nan),
        threshold=float("nan"),
        alarms=tuple(sorted({place for place in places if 0 <= place < requests})),
    )


def track_of_times(times_ns: Iterable[int], episode: Episode) -> Track:
    """Return the track of a rule whose alarms are known by their time, e.g. one of Prometheus.

    An alarm belongs to the last request that had begun; one that comes before
    the first request tells nothing about the episode and is left out.
    """
    starts = np.asarray(episode.signals.column("start_ns").to_numpy())
    places = np.searchsorted(starts, np.fromiter(times_ns, dtype=np.int64), side="right") - 1
    return track_of_alarms((int(place) for place in places), episode.requests)


def alarms_of(watched: Watched, rules: Sequence[str]) -> tuple[int, ...]:
    """Return where alarms of any of some rules begin: the alarms of a set of rules.

    Rules that alarm at the same request raise one alarm together, otherwise
    each alarm counts, so that a set pays for all of its rules.
    """
    tracks = (watched.tracks[name] for name in rules if name in watched.tracks)
    return tuple(sorted({place for track in tracks for place in track.alarms}))


@dataclass(frozen=True, slots=True)
class Stretch:
    """The requests of an episode from ``start`` up to ``end``."""

    watched: Watched
    start: int
    end: int

    @property
    def requests(self) -> int:
        """How many requests these are."""
        return self.end - self.start

    def alarms(self, rules: Sequence[str]) -> int:
        """Return how many alarms of a set of rules begin here."""
        return sum(self.start <= place < self.end for place in alarms_of(self.watched, rules))

    def alarming(self, rules: Sequence[str]) -> frozenset[str]:
        """Return those of some rules that begin an alarm here."""
        tracks = self.watched.tracks
        return frozenset(
            name
            for name in rules
            if name in tracks
            and any(self.start <= place < self.end for place in tracks[name].alarms)
        )


def healthy_stretches(watched: Iterable[Watched]) -> tuple[Stretch, ...]:
    """Return all healthy traffic once: requests before an onset, and healthy episodes.

    Episodes of one seed share the traffic before their onset, and it would be
    counted over and over; traffic is the same if its first request is. The
    longest stretch of each is kept.
    """
    longest: dict[str, Stretch] = {}
    for each in watched:
        end = each.episode.healthy
        if not end:
            continue
        first = str(each.episode.signals.column("trace_id")[0])
        if first not in longest or longest[first].end < end:
            longest[first] = Stretch(each, 0, end)
    return tuple(longest.values())


def stretches_after_onset(watched: Iterable[Watched]) -> tuple[Stretch, ...]:
    """Return the requests from the onset on of the episodes that have one."""
    return tuple(
        Stretch(each, each.episode.onset, each.episode.requests)
        for each in watched
        if each.episode.kind != "healthy" and each.episode.onset < each.episode.requests
    )
