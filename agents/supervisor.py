"""The supervisor agent: plans the way to an answer and sends the agents on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agents.case import Case, Work
from agents.classifying import choice_schema, read_choice
from agents.errors import AgentError, RetrievalError, ToolError, WorkflowError
from agents.finance import Finance, known_line
from agents.handoff import Handover
from agents.ports import Message, Route
from agents.prompts import render_choices
from agents.response import Responder
from agents.retriever import Retriever
from agents.validation import Validator
from observability.telemetry import SpanHandle, Telemetry, semconv

FALLBACK_ROUTE = "documents_and_ledger"
_GATHERERS = ("retriever", "finance")


@dataclass(frozen=True, slots=True)
class Plan:
    """The chosen route with the model's confidence in it, 0 to 1."""

    route: Route
    confidence: float


class Supervisor:
    """Chooses a route, runs its agents, and goes another way once when that one fails.

    ``confidence_floor`` is the confidence below which the widest route is
    taken; ``max_steps`` bounds how many agents run for one question.
    """

    def __init__(
        self,
        telemetry: Telemetry,
        retriever: Retriever,
        finance: Finance,
        responder: Responder,
        validator: Validator,
        confidence_floor: float,
        max_steps: int,
    ) -> None:
        self._telemetry = telemetry
        self._retriever = retriever
        self._finance = finance
        self._responder = responder
        self._validator = validator
        self._floor = confidence_floor
        self._max_steps = max_steps

    async def plan(self, case: Case) -> Plan:
        """Return the model's choice of a route, or raise ``ModelError``."""
        attributes = {
            semconv.GEN_AI_OPERATION_NAME: semconv.OP_PLAN,
            semconv.GEN_AI_AGENT_NAME: "supervisor",
            semconv.OPENINFERENCE_SPAN_KIND: semconv.OI_CHAIN,
        }
        routes = self._offered(case)
        with self._telemetry.span(f"{semconv.SPAN_PLAN} supervisor", attributes) as span:
            prompt = case.parts.prompts.render(
                "plan",
                case.luck,
                {
                    "choices": render_choices(routes),
                    "known": known_line(case.entities),
                    "question": case.question,
                },
            )
            reply = await case.calls.chat(
                "supervisor",
                [Message("user", prompt)],
                schema=choice_schema("route", [route.name for route in routes]),
                schema_name="plan",
                max_tokens=150,
            )
            chosen = read_choice("route", reply.content)
            route = next(route for route in routes if route.name == chosen.name)
            span.update(
                {
                    semconv.ROUTE_NAME: route.name,
                    semconv.ROUTE_CONFIDENCE: chosen.confidence,
                    semconv.ROUTE_ALTERNATIVES: chosen.alternatives,
                    semconv.ROUTE_AGENTS: list(route.agents),
                    semconv.ROUTE_THOROUGH: route.thorough,
                    semconv.ROUTE_SHORT: "validation" not in route.agents,
                }
            )
        return Plan(route, chosen.confidence)

    async def run(self, case: Case, plan: Plan, work: Work, span: SpanHandle) -> Route:
        """Fill ``work`` by the plan's route and return the route that was taken in the end.

        Raises ``AgentError`` when an agent fails and no other way is left.
        """
        route = plan.route
        if plan.confidence < self._floor:
            route = self._other_way(case, route, "low_confidence", work, span) or route
        await case.tell("supervisor", f"route {route.name}")
        # Without a name or a number the ledger may still count and sum, but a rule is as likely
        # to be what was asked for.
        reason = (
            "nothing_to_look_up"
            if "retriever" not in route.agents and not case.entities
            else await self._gather(case, route, work, tolerant=False)
        )
        if reason is not None:
            other = self._other_way(case, route, reason, work, span)
            if other is not None:
                route = other
                await self._gather(case, route, work, tolerant=True)
        for agent in route.agents:
            if agent not in _GATHERERS and self._may_step(work):
                await self._conclude(case, agent, work)
        if work.draft is None:
            raise WorkflowError(f"the route {route.name} ended without an answer")
        return route

    def _offered(self, case: Case) -> Sequence[Route]:
        routes = case.parts.routes.offered(case.luck)
        if not case.company:
            # The ledger knows nothing of somebody's own documents.
            routes = [route for route in routes if "finance" not in route.agents]
        if not routes:
            raise WorkflowError("no route is offered for this collection")
        return routes

    def _other_way(
        self, case: Case, route: Route, reason: str, work: Work, span: SpanHandle
    ) -> Route | None:
        """Return the widest route, noted as a fallback, or None when that is no other way."""
        other = next((r for r in self._offered(case) if r.name == FALLBACK_ROUTE), None)
        if other is None or (other.name == route.name and not work.failed):
            return None
        work.fallback = reason
        span.event(
            semconv.EVENT_FALLBACK,
            {semconv.FALLBACK_REASON: reason, semconv.ROUTE_NAME: other.name},
        )
        return other

    async def _gather(self, case: Case, route: Route, work: Work, tolerant: bool) -> str | None:
        """Run the agents that gather evidence; return why they are not enough, or None.

        An agent that did its work on an earlier route is not run again, and
        room is left for those that answer. With ``tolerant`` a failure is
        passed over as long as another agent has found something.
        """
        failure: AgentError | None = None
        done = frozenset(work.path)
        room = sum(agent not in _GATHERERS for agent in route.agents)
        for agent in route.agents:
            if agent not in _GATHERERS or agent in done or not self._may_step(work, room):
                continue
            try:
                await self._find(case, route, agent, work)
                work.path.append(agent)
            except (RetrievalError, ToolError) as error:
                work.failed.append(agent)
                failure = error
                if not tolerant and FALLBACK_ROUTE in {r.name for r in self._offered(case)}:
                    return f"{agent}_failed"
        if failure is not None and not (tolerant and (work.passages or work.records)):
            raise failure
        return None

    async def _find(self, case: Case, route: Route, agent: str, work: Work) -> None:
        given = self._hand(case, agent, work)
        if agent == "retriever":
            work.passages.extend(await self._retriever.run(case, given))
            return
        records = await self._finance.run(case, given, route.thorough)
        work.records.extend(records.evidence)
        work.tool_results.extend(records.results)
        work.tool_limit_reached = records.limit_reached

    async def _conclude(self, case: Case, agent: str, work: Work) -> None:
        given = self._hand(case, agent, work)
        work.path.append(agent)
        if agent == "response":
            work.draft = await self._responder.run(case, given)
        elif agent == "validation" and work.draft is not None:
            work.verdict = await self._validator.run(case, given)
            await case.tell("validation", work.verdict.verdict)

    def _hand(self, case: Case, agent: str, work: Work) -> Handover:
        """Return what an agent is given of the case and of what was found for it."""
        known = Handover(
            question=case.question,
            entities=tuple(case.entities),
            passages=tuple(work.passages),
            records=tuple(work.records),
            draft=work.draft,
        )
        return case.parts.handoff.hand(agent, known, case.luck)

    def _may_step(self, work: Work, room: int = 0) -> bool:
        """Tell whether another agent may run with so many more to follow."""
        if len(work.path) + len(work.failed) + room >= self._max_steps:
            work.step_limit_reached = True
            return False
        return True
