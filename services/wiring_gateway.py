"""Builds what the gateway works with: the workflow with its parts, and the questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import httpx
from opentelemetry.instrumentation.utils import suppress_http_instrumentation

from agents.answer import Answer, AskRequest, Listener
from agents.clients import HttpErp, HttpModel, HttpSearch, ModelSettings, Price
from agents.context import BudgetedContext
from agents.entities import EntityFinder, Gazetteer
from agents.errors import RetrievalError
from agents.memory import SessionMemory
from agents.parts import WorkflowParts
from agents.prompts import FilePrompts, FileRoutes
from agents.tools import load_tools
from agents.workflow import Workflow
from corpus.ledger import Ledger
from corpus.luck import Luck
from corpus.ports import Entity
from faults.apply import apply, degrade_part
from faults.current import Assemblies, CurrentPlan
from faults.fault import Seam
from faults.plan import ActiveFault, FaultPlan
from observability.clock import Clock
from observability.telemetry import Telemetry
from services.changes import NO_CHANGES, Changes
from services.foundation import Foundation
from services.gateway.app import Asker, GatewayParts, RandomQuestion
from services.health import Check
from services.settings import Settings

SEAMS = (
    Seam.SEARCH,
    Seam.CONTEXT,
    Seam.PROMPTS,
    Seam.MODEL,
    Seam.ROUTES,
    Seam.HANDOFF,
    Seam.ESCALATION,
    Seam.TOOLS,
    Seam.MEMORY,
)
"""The seams of the parts that a workflow is made of."""


@dataclass(frozen=True, slots=True)
class Upstreams:
    """Clients of the services that the gateway calls; the model's ends in ``/v1/``."""

    retrieval: httpx.AsyncClient
    erp: httpx.AsyncClient
    llm: httpx.AsyncClient


class WorkflowAssembly:
    """The workflow's parts for each set of active faults."""

    def __init__(self, healthy: WorkflowParts, current: CurrentPlan, clock: Clock) -> None:
        def build(active: tuple[ActiveFault, ...]) -> WorkflowParts:
            return apply(healthy, active)

        self._assemblies = Assemblies(build, SEAMS, current)
        self._clock = clock
        self._memory = healthy.memory

    def parts(self, request: AskRequest) -> WorkflowParts:
        """Return the parts for one question."""
        return self._assemblies.for_request(request.luck, self._clock.now_ns())

    def prepare(self, plan: FaultPlan) -> None:
        """Build the parts that a plan calls for."""
        self._assemblies.prepare(plan)

    def forget(self) -> None:
        """Forget what was said in every session."""
        self._memory.forget()


class AskerByPlan:
    """Hands each question to the workflow as the plan has it for that question."""

    def __init__(self, workflow: Workflow, current: CurrentPlan, clock: Clock) -> None:
        def build(active: tuple[ActiveFault, ...]) -> Asker:
            return degrade_part(Seam.ASKER, workflow, active)

        self._assemblies: Assemblies[Asker] = Assemblies(build, (Seam.ASKER,), current)
        self._clock = clock

    async def ask(self, request: AskRequest, listener: Listener | None = None) -> Answer:
        asker = self._assemblies.for_request(request.luck, self._clock.now_ns())
        return await asker.ask(request, listener)


def gateway_parts(
    foundation: Foundation,
    upstreams: Upstreams,
    telemetry: Telemetry,
    clock: Clock,
    plan: CurrentPlan,
    seed: Callable[[], int],
    request_id: Callable[[], str],
    questions: Callable[[Luck], RandomQuestion],
    changes: Changes = NO_CHANGES,
) -> tuple[GatewayParts, WorkflowAssembly]:
    """Return the gateway's parts, and the assembly that decides the workflow's."""
    settings = foundation.settings
    healthy = WorkflowParts(
        prompts=FilePrompts(),
        routes=FileRoutes(),
        context=BudgetedContext(foundation.embedder.count_tokens),
        memory=SessionMemory(),
        tools=load_tools(HttpErp(upstreams.erp, clock)),
        model=HttpModel(upstreams.llm, clock, model_settings(settings)),
        search=HttpSearch(upstreams.retrieval, clock),
    )
    assembly = WorkflowAssembly(changes.adapt(healthy), plan, clock)
    workflow = Workflow(
        parts=assembly.parts,
        finder=EntityFinder(gazetteer(foundation.ledger)),
        reviews=foundation.reviews,
        telemetry=telemetry,
        clock=clock,
    )

    async def collections() -> Sequence[str]:
        try:
            response = await upstreams.retrieval.get("/collections")
            response.raise_for_status()
            return [str(item["name"]) for item in response.json()["items"]]
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise RetrievalError("the collections cannot be listed") from error

    parts = GatewayParts(
        asker=AskerByPlan(workflow, plan, clock),
        reviews=foundation.reviews,
        random_question=questions,
        collections=collections,
        clock=clock,
        seed=seed,
        request_id=request_id,
        checks=_checks(upstreams, settings),
        max_question_chars=settings.max_question_chars,
    )
    return parts, assembly


def model_settings(settings: Settings) -> ModelSettings:
    """Return how the model is asked, with the prices that are known."""
    if not settings.simulated_model:
        price = Price(settings.llm_price_input, settings.llm_price_output)
        return ModelSettings(
            settings.llm_model,
            provider="openai",
            logprobs=settings.llm_logprobs,
            token_limit=settings.llm_token_limit,
            prices={"": price},
        )
    from services.llm.profiles import profiles  # noqa: PLC0415 - only for our own models

    prices = {p.name: Price(p.input_price, p.output_price) for p in profiles()}
    return ModelSettings(settings.llm_model, tells_question=True, prices=prices)


def gazetteer(ledger: Ledger) -> Gazetteer:
    """Return the names and ids that the company knows."""
    invoices = ledger.invoices()
    return Gazetteer(
        vendors=[Entity("vendor", vendor.id, vendor.full_name) for vendor in ledger.vendors()],
        invoices=[invoice.id for invoice in invoices],
        purchase_orders=sorted({invoice.po_id for invoice in invoices if invoice.po_id}),
    )


def _checks(upstreams: Upstreams, settings: Settings) -> Mapping[str, Check]:
    async def probe(client: httpx.AsyncClient, path: str) -> None:
        with suppress_http_instrumentation():  # a health check is no request of anybody's
            response = await client.get(path)
        response.raise_for_status()

    return {
        "retrieval": lambda: probe(upstreams.retrieval, "/health/ready"),
        "erp": lambda: probe(upstreams.erp, "/health/ready"),
        "llm": lambda: probe(upstreams.llm, "models"),
    }
