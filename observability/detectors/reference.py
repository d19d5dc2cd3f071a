"""What is known of a value from healthy requests alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

POINTS = 101
_SMALLEST_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class Reference:
    """How a value is spread on healthy requests.

    ``quantiles`` are at 0, 1, …, 100 % for numbers, ``shares`` by label for
    labels. ``count`` is how many values there were.
    """

    count: int
    mean: float = 0.0
    sd: float = 0.0
    quantiles: tuple[float, ...] = ()
    shares: Mapping[str, float] = field(default_factory=dict)

    @property
    def spread(self) -> float:
        """The standard deviation, or 1 % of the mean's size where it is smaller.

        A value that never moved has no spread to measure a change with; then
        a change of one in a hundred is taken for one standard deviation.
        """
        return max(self.sd, _SMALLEST_SHARE * abs(self.mean), 1e-9 if self.mean else 0.01)


def of_numbers(values: npt.NDArray[np.float64]) -> Reference:
    """Return the reference of some numbers; undefined ones are left out."""
    kept = values[np.isfinite(values)]
    if not kept.size:
        return Reference(0)
    quantiles = np.quantile(kept, np.linspace(0.0, 1.0, POINTS))
    return Reference(
        int(kept.size),
        float(kept.mean()),
        float(kept.std()),
        tuple(float(each) for each in quantiles),
    )


def of_labels(values: Sequence[str | None]) -> Reference:
    """Return the reference of some labels; undefined ones are left out."""
    counts = Counter(each for each in values if each is not None)
    total = sum(counts.values())
    shares = {label: count / total for label, count in sorted(counts.items())}
    return Reference(total, shares=shares)
