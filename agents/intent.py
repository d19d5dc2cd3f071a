"""Finds out what a question is about: its subject, by the model, and what it names."""

from __future__ import annotations

from collections.abc import Sequence

from agents.calling import ModelCalls
from agents.classifying import Chosen, choice_schema, read_choice
from agents.parts import WorkflowParts
from agents.ports import Message
from agents.prompts import Choice, render_choices
from corpus.luck import Luck
from corpus.ports import Entity
from observability.telemetry import Telemetry, semconv
from observability.telemetry.telemetry import Value

OUT_OF_SCOPE = "out_of_scope"


class IntentReader:
    """Classifies questions among the intents."""

    def __init__(self, telemetry: Telemetry, intents: Sequence[Choice]) -> None:
        self._telemetry = telemetry
        self._choices = render_choices(intents)
        self._schema = choice_schema("intent", [intent.name for intent in intents])

    async def read(
        self,
        question: str,
        entities: Sequence[Entity],
        parts: WorkflowParts,
        calls: ModelCalls,
        luck: Luck,
    ) -> Chosen:
        """Return the intent, or raise ``ModelError``."""
        attributes: dict[str, Value | None] = {
            semconv.OPENINFERENCE_SPAN_KIND: semconv.OI_CHAIN,
            semconv.ENTITY_COUNT: len(entities),
            semconv.ENTITY_IDS: [entity.id for entity in entities],
            semconv.ENTITY_KINDS: [entity.kind for entity in entities],
        }
        with self._telemetry.span(semconv.SPAN_INTENT, attributes) as span:
            prompt = parts.prompts.render(
                "intent", luck, {"choices": self._choices, "question": question}
            )
            reply = await calls.chat(
                "intent",
                [Message("user", prompt)],
                schema=self._schema,
                schema_name="intent",
                max_tokens=150,
            )
            chosen = read_choice("intent", reply.content)
            span.set(semconv.INTENT_LABEL, chosen.name)
            span.set(semconv.INTENT_CONFIDENCE, chosen.confidence)
            span.set(semconv.INTENT_ALTERNATIVES, chosen.alternatives)
        return chosen
