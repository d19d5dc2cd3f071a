"""One question, end to end."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from agents.answer import (
    Answer,
    AskRequest,
    Listener,
    Progress,
    ReviewNote,
    Usage,
    Validation,
)
from agents.calling import ModelCalls
from agents.case import Case, Work
from agents.classifying import Chosen
from agents.entities import EntityFinder
from agents.escalation import Situation
from agents.evaluation import load_checks
from agents.finance import Finance
from agents.guarding import Guard
from agents.handoff import Draft
from agents.intent import OUT_OF_SCOPE, IntentReader
from agents.memory import carried_over, standalone, vendors_met
from agents.parts import PartsProvider, WorkflowParts
from agents.ports import ReviewQueue, Turn
from agents.prompts import load_intents
from agents.response import Responder, citations
from agents.retriever import Retriever
from agents.roll_up import roll_up
from agents.safety import OUT_OF_SCOPE as OUT_OF_SCOPE_ANSWER
from agents.safety import SafetyReport, check_answer, check_text, refusal
from agents.spans import agent_span
from agents.supervisor import Supervisor
from agents.validation import Validator
from corpus.ports import Entity
from observability.clock import Clock
from observability.telemetry import SpanHandle, Telemetry, semconv

_TRUST = {"supported": 1.0, "partly_supported": 0.7, "unsupported": 0.4}
"""What a verdict leaves of the confidence that the model states."""


@dataclass(frozen=True, slots=True)
class WorkflowSettings:
    """The workflow's limits. Confidences are 0 to 1.

    Below ``plan_floor`` the widest route is taken; from ``scope_floor`` on a
    question that names nothing known is refused as out of scope.
    """

    plan_floor: float = 0.5
    scope_floor: float = 0.85
    top_k: int = 5
    tool_turns: int = 4
    tool_calls: int = 5
    max_steps: int = 8
    max_answer_tokens: int = 400
    simulated_provider: str = "stillgreen"


class Workflow:
    """Answers questions. Everything that it needs is passed in; it opens nothing.

    ``clock`` is the time that it lives by.
    """

    def __init__(
        self,
        parts: PartsProvider,
        finder: EntityFinder,
        reviews: ReviewQueue,
        telemetry: Telemetry,
        clock: Clock,
        settings: WorkflowSettings | None = None,
    ) -> None:
        settings = settings or WorkflowSettings()
        self.clock = clock
        self._parts = parts
        self._telemetry = telemetry
        self._settings = settings
        self._finder = finder
        self._intents = IntentReader(telemetry, load_intents())
        self._guard = Guard(telemetry, clock, reviews)
        self._supervisor = Supervisor(
            telemetry,
            Retriever(telemetry, settings.top_k),
            Finance(telemetry, finder.names, settings.tool_turns, settings.tool_calls),
            Responder(telemetry, settings.max_answer_tokens),
            Validator(telemetry, load_checks()),
            settings.plan_floor,
            settings.max_steps,
        )

    async def ask(self, request: AskRequest, listener: Listener | None = None) -> Answer:
        """Return the answer; ``listener`` hears of steps and of the text as it is written.

        Raises ``QuestionError`` for a question that is no text, another
        ``AgentError`` when a service that it needs has failed.
        """
        check_text(request.question)
        parts = self._parts(request)
        fictional = (
            request.collection == "finance"
            and parts.model.provider == self._settings.simulated_provider
        )
        attributes = {
            semconv.GEN_AI_OPERATION_NAME: semconv.OP_INVOKE_WORKFLOW,
            semconv.GEN_AI_WORKFLOW_NAME: semconv.WORKFLOW_FINANCE_QA,
            semconv.OPENINFERENCE_SPAN_KIND: semconv.OI_CHAIN,
            semconv.GEN_AI_CONVERSATION_ID: request.session_id,
            semconv.SESSION_ID: request.session_id,
            semconv.USER_ID: pseudonym(request.user_id),
            semconv.REQUEST_ID: request.request_id,
            semconv.QUESTION_LENGTH: len(request.question),
        }
        name = f"{semconv.SPAN_INVOKE_WORKFLOW} {semconv.WORKFLOW_FINANCE_QA}"
        with (
            self._telemetry.fictional(fictional),
            self._telemetry.span(name, attributes) as span,
        ):
            span.content(semconv.INPUT_VALUE, request.question)
            answer = await self._work(request, parts, listener, span)
            span.content(semconv.OUTPUT_VALUE, answer.answer)
        return answer

    async def _work(
        self,
        request: AskRequest,
        parts: WorkflowParts,
        listener: Listener | None,
        span: SpanHandle,
    ) -> Answer:
        calls = ModelCalls(parts.model, self._telemetry, request.luck)
        case = self._open(request, parts, calls, listener)
        refused = refusal(request.question)
        if refused is not None:
            return await self._refuse(case, refused, span)
        intent = await self._intents.read(case.question, case.entities, parts, calls, case.luck)
        await case.tell("intent", intent.name)
        if (
            intent.name == OUT_OF_SCOPE
            and intent.confidence >= self._settings.scope_floor
            and case.company
            and not case.entities
        ):
            report = SafetyReport(OUT_OF_SCOPE_ANSWER, ("language", "scope"), ("scope",), "block")
            return await self._refuse(case, report, span)
        work = Work()
        answer = await self._supervise(case, intent, work, span)
        if request.session_id is not None:
            met = vendors_met(case.entities, work.tool_results, self._finder.names)
            turn = Turn(request.question, answer.answer, (*case.entities, *met))
            parts.memory.remember(request.session_id, turn)
        return answer

    def _open(
        self,
        request: AskRequest,
        parts: WorkflowParts,
        calls: ModelCalls,
        listener: Listener | None,
    ) -> Case:
        """Find what the question names, and what it takes over from the conversation."""
        found: Sequence[Entity] = ()
        if request.collection == "finance":
            found = self._finder.find(request.question)
        carried: Sequence[Entity] = ()
        if request.session_id is not None:
            attributes = {semconv.OPENINFERENCE_SPAN_KIND: semconv.OI_CHAIN}
            with self._telemetry.span(semconv.SPAN_MEMORY, attributes) as span:
                turns = parts.memory.recall(request.session_id, request.luck)
                carried = carried_over(request.question, found, turns)
                span.set(semconv.MEMORY_TURNS, len(turns))
                span.set(semconv.MEMORY_ENTITIES, [entity.id for entity in carried])
                span.set(semconv.MEMORY_USED, bool(carried))
        question = standalone(" ".join(request.question.split()), carried)
        return Case(request, question, (*found, *carried), parts, calls, listener)

    async def _supervise(self, case: Case, intent: Chosen, work: Work, span: SpanHandle) -> Answer:
        with agent_span(self._telemetry, "supervisor") as supervising:
            plan = await self._supervisor.plan(case)
            route = await self._supervisor.run(case, plan, work, supervising)
            draft = work.draft
            assert draft is not None  # noqa: S101 - the supervisor returns only with a draft
            report = self._guard.safety(lambda: check_answer(draft.text, draft.shown))
            confidence = draft.confidence * _TRUST.get(work.verdict.verdict, 1.0)
            situation = Situation(
                answer=report.answer,
                intent=intent.name,
                abstained=draft.abstained,
                verdict=work.verdict.verdict,
                confidence=confidence,
                figures_differ=work.verdict.figures_differ,
                failed_agents=[agent for agent in work.failed if agent not in work.path],
                safety_failed=report.failed,
            )
            review = self._guard.escalate(case, situation, span.trace_id)
            supervising.set(semconv.DECISION_CONFIDENCE, plan.confidence)
            supervising.set(semconv.AGENT_STEPS, len(work.path) + len(work.failed))
            supervising.set(semconv.STEP_LIMIT_REACHED, work.step_limit_reached)
        answer = self._answer(case, span, draft, report, confidence, route.name, work, review)
        roll_up(span, case, answer, work)
        return answer

    async def _refuse(self, case: Case, report: SafetyReport, span: SpanHandle) -> Answer:
        """Answer with the reason why the question is not worked on."""
        self._guard.safety(lambda: report)
        if case.listener is not None:
            await case.listener(Progress("delta", "safety", report.answer))
        draft = Draft(report.answer, (), abstained=True, confidence=1.0)
        review = ReviewNote(False, None)
        answer = self._answer(case, span, draft, report, 1.0, "refused", Work(), review)
        roll_up(span, case, answer, Work())
        return answer

    def _answer(
        self,
        case: Case,
        span: SpanHandle,
        draft: Draft,
        report: SafetyReport,
        confidence: float,
        route: str,
        work: Work,
        review: ReviewNote,
    ) -> Answer:
        spent = case.calls.spent()
        verdict = work.verdict
        return Answer(
            request_id=case.request.request_id,
            trace_id=span.trace_id,
            answer=report.answer,
            abstained=draft.abstained,
            confidence=round(confidence, 4),
            route=route,
            agents=tuple(work.path),
            citations=tuple(citations(draft)),
            validation=Validation(
                verdict.verdict, verdict.groundedness, verdict.hallucination_risk
            ),
            review=review,
            usage=Usage(spent.input_tokens, spent.output_tokens, spent.cost_usd),
            model=case.calls.model,
        )


def pseudonym(user_id: str | None) -> str | None:
    """Return a stable stand-in for a user's id, which does not tell who it is."""
    if user_id is None:
        return None
    return f"user-{hashlib.blake2b(user_id.encode(), digest_size=6).hexdigest()}"
