from dataclasses import replace

from observability.recording.record_tables import METRICS
from tests.observability.recording import run_sample as sample

OLD_DIGEST = 176577884145713939585284939822343686941
"""Of ``sample.metric(1)``, from before a metric said whether it only grows."""


def test_a_recording_from_before_a_field_was_kept_opens_with_its_default() -> None:
    grows = replace(sample.metric(1), kind="sum", monotonic=True)
    table = METRICS.to_table([grows])
    assert list(METRICS.from_table(table)) == [grows]
    older = table.drop_columns(["monotonic"])
    assert list(METRICS.from_table(older)) == [replace(grows, monotonic=False)]


def test_a_later_field_changes_the_digest_of_those_records_alone_that_have_it() -> None:
    metric = sample.metric(1)
    assert METRICS.digest([metric]) == OLD_DIGEST
    assert METRICS.digest([replace(metric, monotonic=True)]) != OLD_DIGEST
