"""The composition root: builds the parts, puts faults in place and hands parts to the apps."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from agents.reviews import SqliteReviewQueue
from corpus.luck import Luck
from faults.current import CurrentPlan
from faults.plan import HEALTHY, FaultPlan
from observability.clock import Clock
from observability.recording import SpanRecord
from services.app_client import AppClient, client_of
from services.changes import NO_CHANGES, Changes
from services.foundation import Foundation, IndexProgress
from services.identity import Identity
from services.random_questions import RandomQuestions
from services.settings import Settings
from services.span_store import SpanStore
from services.telemetries import Sink, Telemetries
from services.version import program_version
from services.wiring_gateway import Upstreams, gateway_parts
from services.wiring_retrieval import RetrievalService

if TYPE_CHECKING:
    from fastapi import FastAPI

    from services.gateway.app import RandomQuestion
    from services.wiring_gateway import WorkflowAssembly


@dataclass(frozen=True)
class Service:
    """One service of the application, open for use as a process of its own."""

    app: FastAPI
    plan: CurrentPlan
    prepare: Callable[[FaultPlan], None]


@dataclass(frozen=True)
class System:
    """The whole application in this process, open for use.

    ``client`` asks the gateway as somebody outside would. ``retrieval``,
    ``llm`` and ``erp`` are None where a setting names another process.
    """

    settings: Settings
    clock: Clock
    plan: CurrentPlan
    client: httpx.AsyncClient
    gateway: FastAPI
    retrieval: FastAPI | None
    llm: FastAPI | None
    erp: FastAPI | None
    foundation: Foundation
    store: SpanStore
    telemetries: Telemetries
    workflow: WorkflowAssembly
    searching: RetrievalService | None
    questions: RandomQuestions

    def prepare(self, plan: FaultPlan) -> None:
        """Build what a plan needs, e.g. an index, ahead of its first request."""
        self.workflow.prepare(plan)
        if self.searching is not None:
            self.searching.prepare(plan)

    def spans(self, trace_id: str) -> Sequence[SpanRecord]:
        """Return the finished spans of one of the last traces."""
        return self.store.spans(trace_id)

    def random_question(self, luck: Luck) -> RandomQuestion:
        """Return a question that somebody might ask of the company."""
        return self.questions(luck)


@asynccontextmanager
async def build_system(
    settings: Settings,
    clock: Clock,
    plan: FaultPlan | CurrentPlan = HEALTHY,
    *,
    progress: IndexProgress | None = None,
    sinks: Sequence[Sink] | None = None,
    identity: Identity | None = None,
    kept_traces: int = 256,
    changes: Changes = NO_CHANGES,
) -> AsyncIterator[System]:
    """Open the whole application; services that a setting places elsewhere are called there.

    ``sinks`` get every finished span, by default the local recording does.
    ``progress`` hears of the first build of the index. The spans of the last
    ``kept_traces`` traces stay in memory. ``changes`` are made to what the settings say.
    """
    identity = identity or Identity()
    opening = _Opened(
        settings, clock, plan, progress, sinks, identity, SpanStore(kept_traces), changes=changes
    )
    async with opening as opened:
        erp = None if settings.erp_url else opened.erp()
        llm = None if settings.llm_base_url else opened.llm()
        searching = None if settings.retrieval_url else opened.searching()
        retrieval = None if searching is None else opened.retrieval(searching)
        clients = {
            "retrieval": opened.client("retrieval", retrieval or settings.retrieval_url),
            "erp": opened.client("erp", erp or settings.erp_url),
            "llm": opened.client("llm", llm or settings.llm_base_url),
        }
        gateway, workflow = opened.gateway(clients)
        yield System(
            settings=settings,
            clock=clock,
            plan=opened.plan,
            client=opened.outside(gateway),
            gateway=gateway,
            retrieval=retrieval,
            llm=llm,
            erp=erp,
            foundation=opened.foundation,
            store=opened.store,
            telemetries=opened.telemetries,
            workflow=workflow,
            searching=searching,
            questions=opened.questions,
        )


@asynccontextmanager
async def build_service(
    name: str,
    settings: Settings,
    clock: Clock,
    plan: FaultPlan = HEALTHY,
    *,
    progress: IndexProgress | None = None,
    sinks: Sequence[Sink] | None = None,
) -> AsyncIterator[Service]:
    """Open one service (gateway, retrieval, llm or erp) as a process of its own.

    Services that no setting places are expected at their ports on this machine.
    """
    part_only = name != "gateway"
    opening = _Opened(settings, clock, plan, progress, sinks, Identity(), SpanStore(1), part_only)
    async with opening as opened:
        if name == "erp":
            yield Service(opened.erp(), opened.plan, _nothing)
        elif name == "llm":
            opened.warm_up()
            yield Service(opened.llm(), opened.plan, _nothing)
        elif name == "retrieval":
            searching = opened.searching()
            searching.prepare(HEALTHY)  # the first caller does not wait for the index
            yield Service(opened.retrieval(searching), opened.plan, searching.prepare)
        else:
            here = "http://127.0.0.1"
            urls = {
                "retrieval": settings.retrieval_url or f"{here}:{settings.retrieval_port}",
                "erp": settings.erp_url or f"{here}:{settings.erp_port}",
                "llm": settings.llm_base_url or f"{here}:{settings.llm_port}/v1",
            }
            clients = {service: opened.client(service, url) for service, url in urls.items()}
            gateway, workflow = opened.gateway(clients)
            opened.warm_up()
            yield Service(gateway, opened.plan, workflow.prepare)


def _nothing(plan: FaultPlan) -> None:
    """Prepare nothing: what this service needs is there at once."""


def open_review_queue(settings: Settings) -> SqliteReviewQueue:
    """Open the queue of answers that wait for a person; the caller closes it."""
    return SqliteReviewQueue(settings.home / "review.sqlite")


class _Opened:
    """Builds services one by one and closes all that it has opened."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        plan: FaultPlan | CurrentPlan,
        progress: IndexProgress | None,
        sinks: Sequence[Sink] | None,
        identity: Identity,
        store: SpanStore,
        part_only: bool = False,
        changes: Changes = NO_CHANGES,
    ) -> None:
        self._part_only = part_only
        self._changes = changes
        self._settings = settings
        self._clock = clock
        self._identity = identity
        self._given_sinks = sinks
        self._version = program_version()
        self._exits = AsyncExitStack()
        self.plan = plan if isinstance(plan, CurrentPlan) else CurrentPlan(plan)
        self.foundation = Foundation(settings, progress, identity.experiment, changes.world)
        self.questions = RandomQuestions(self.foundation)
        self.store = store

    async def __aenter__(self) -> _Opened:
        self._exits.callback(self.foundation.close)
        sinks: list[Sink] = [self.store.add]
        if self._given_sinks is not None:
            sinks.extend(self._given_sinks)
        else:
            recording = self.foundation.recording(every_request=self._part_only)
            sinks.append(self._exits.enter_context(recording))
        who = self._identity
        self.telemetries = Telemetries(
            self._settings, self._version, self._clock, sinks, who.run, who.experiment
        )
        self._exits.callback(self.telemetries.shutdown)
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._exits.aclose()

    def warm_up(self) -> None:
        """Load the encoder now, so that a service that says it is ready answers at once."""
        self.foundation.embedder.embed(["ready"])

    def erp(self) -> FastAPI:
        from services.erp.app import create_app  # noqa: PLC0415 - heavy import

        telemetry = self.telemetries.of("erp")
        app = create_app(
            self.foundation.ledger,
            telemetry,
            self._clock,
            self._version,
            median_seconds=self.foundation.settings.lookup_seconds,
        )
        telemetry.instrument_app(app)
        return app

    def llm(self) -> FastAPI:
        from services.wiring_llm import llm_app  # noqa: PLC0415 - heavy import

        app = llm_app(self.foundation, self._clock, self.plan, self._identity.run)
        self.telemetries.of("llm").instrument_app(app)
        return app

    def searching(self) -> RetrievalService:
        return RetrievalService(
            self.foundation, self.telemetries.of("retrieval"), self._clock, self.plan
        )

    def retrieval(self, searching: RetrievalService) -> FastAPI:
        app = searching.app(self._version)
        self.telemetries.of("retrieval").instrument_app(app)
        return app

    def gateway(self, clients: Mapping[str, httpx.AsyncClient]) -> tuple[FastAPI, WorkflowAssembly]:
        from services.gateway.app import create_app  # noqa: PLC0415 - heavy import

        telemetry = self.telemetries.of("gateway")
        for client in clients.values():
            telemetry.instrument_client(client)
        parts, workflow = gateway_parts(
            self.foundation,
            Upstreams(clients["retrieval"], clients["erp"], clients["llm"]),
            telemetry,
            self._clock,
            self.plan,
            self._identity.seed,
            self._identity.request_id,
            self.questions,
            self._changes,
        )
        app = create_app(parts, self._version)
        telemetry.instrument_app(app)
        return app, workflow

    def client(self, service: str, where: FastAPI | str) -> httpx.AsyncClient:
        """Return a client of a service in this process or at a URL."""
        client = client_of(service, where, self._settings)
        self._exits.push_async_callback(client.aclose)
        return client

    def outside(self, gateway: FastAPI) -> httpx.AsyncClient:
        """Return a client that calls the gateway from outside, without a span of its own."""
        client = AppClient(gateway, "http://gateway", 900)
        self._exits.push_async_callback(client.aclose)
        return client
