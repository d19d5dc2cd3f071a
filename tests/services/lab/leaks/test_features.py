from corpus.luck import Luck
from services.lab.leaks.features import features, matrix
from tests.services.lab.leaks.fakes import START, trace


def test_shape_values_and_times_are_told() -> None:
    found = features(trace(Luck(1), "s", START))
    assert found["spans"] == 2
    assert found["POST > retrieval policy"] == 1
    assert found["POST . gen_ai.conversation.id = 's'"] == 1
    assert found["retrieval . text has 'terms'"] == 1
    assert found["mean of retrieval: begins after"] == 1000
    assert found["POST of gateway is SERVER UNSET"] == 1


def test_a_time_of_day_is_not_told() -> None:
    assert features(trace(Luck(1), "s", START)) == features(trace(Luck(1), "s", START + 77))


def test_what_is_rare_is_left_out() -> None:
    traces = [trace(Luck(number), f"s{number}", START) for number in range(20)]
    found = matrix(traces)
    assert found.values.shape == (20, len(found.names))
    assert "spans" in found.names
    assert not [name for name in found.names if "conversation" in name and "= 's1'" in name]
