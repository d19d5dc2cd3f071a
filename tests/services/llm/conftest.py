from collections.abc import Callable

import pytest

from corpus.embedding import SentenceTransformerEmbedder
from corpus.luck import Luck
from services.llm.profiles import find_profile
from services.llm.simulator import Completion, Simulator
from services.llm.wire import ChatCompletionRequest

GROUNDING = (
    "Answer only from the documents. Cite like [D1]. If the documents do not contain the answer, "
    'reply exactly "I could not find this in the available documents."'
)
Ask = Callable[..., Completion]


@pytest.fixture(scope="session")
def simulator() -> Simulator:
    encoder = SentenceTransformerEmbedder()
    return Simulator(encoder, encoder)


@pytest.fixture
def ask(simulator: Simulator) -> Ask:
    def _ask(
        question: str,
        *documents: str,
        system: str = GROUNDING,
        model: str = "sim-careful",
        seed: int = 1,
        **more: object,
    ) -> Completion:
        shown = "\n".join(
            # A title, as the application gives one with every document.
            f'<document id="D{i}" source="S{i}" title="{text.partition(chr(10))[0][:60]}">\n'
            f"{text}\n</document>"
            for i, text in enumerate(documents, start=1)
        )
        request = ChatCompletionRequest.model_validate(
            {
                "model": model,
                "messages": [
                    {"role": "system", "content": system},
                    {"role": "user", "content": f"{shown}\nQuestion: {question}"},
                ],
                **more,
            }
        )
        return simulator.complete(request, find_profile(model), Luck(seed))

    return _ask
