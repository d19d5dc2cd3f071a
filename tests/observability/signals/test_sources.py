from __future__ import annotations

from textwrap import dedent

from observability.signals.sources import code_of, keys_in, signals_digest
from observability.telemetry import semconv

SIGNAL = dedent(
    """
    '''What it is.'''


    # Why it is so.
    LIMIT = 3


    def of(trace):
        '''Return it.

        In two paragraphs.
        '''
        return "as text"  # said beside
    """
).replace("'''", '"""')


def test_what_only_explains_is_no_code() -> None:
    assert code_of(SIGNAL).splitlines() == [
        "LIMIT = 3",
        "def of(trace):",
        '    return "as text"  # said beside',
    ]


def test_attributes_are_known_by_their_values() -> None:
    found = keys_in("semconv.ROUTE_NAME, other.ROUTE_NAME, semconv.NO_SUCH_NAME")
    assert found == {semconv.ROUTE_NAME}


def test_the_digest_is_of_the_signals_that_are_named_and_of_no_others() -> None:
    assert signals_digest(["cost", "latency"]) == signals_digest(["latency", "cost", "cost"])
    assert signals_digest(["cost"]) != signals_digest(["latency"])
    assert signals_digest(["cost", "no_such_signal"]) == signals_digest(["cost"])
    # All signals rest on the same reading of traces, which counts even where there is none.
    assert signals_digest(["reading"]) == signals_digest([])
