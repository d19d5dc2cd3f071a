"""``stillgreen ask``: one question, answered."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli._output import err, out, print_json, set_up_logging
from services.errors import ServicesError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx

    from services.client import Question
    from services.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "ask",
        epilog='Example: `stillgreen ask "Why is invoice INV-2026-0042 not paid?" --json`',
        short_help="Ask one question.",
    )(ask)


def ask(
    question: Annotated[str, typer.Argument(help="The question; - reads it from stdin.")],
    collection: Annotated[str, typer.Option(help="Documents to ask about.")] = "finance",
    session: Annotated[
        str | None, typer.Option(help="Questions of a session share memory.")
    ] = None,
    before: Annotated[
        str, typer.Option(help="What to ask first, for a question that leans on it.")
    ] = "",
    seed: Annotated[int | None, typer.Option(min=0, help="Makes the answer repeatable.")] = None,
    stream: Annotated[bool, typer.Option("--stream", help="Show steps as they happen.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    url: Annotated[
        str, typer.Option(help="A running gateway; by default all runs in this process.")
    ] = "",
    fault: Annotated[
        list[str] | None, typer.Option("--fault", help="ID or ID=SEVERITY; may be repeated.")
    ] = None,
    twin: Annotated[
        bool, typer.Option("--twin", help="Ask the healthy application too and compare.")
    ] = False,
) -> None:
    """Ask a question about the example company, or about your own documents."""
    from services.client import Question  # noqa: PLC0415
    from services.settings import load_settings  # noqa: PLC0415

    text = sys.stdin.read() if question == "-" else question
    if not text.strip():
        raise typer.BadParameter("the question is empty")
    settings = load_settings()
    set_up_logging(settings.log_level)
    asked = Question(text.strip(), collection, session, seed=seed)
    base = url or settings.gateway_url
    if fault or twin:
        if base:
            raise typer.BadParameter("--fault and --twin work without --url only")
        from services.cli._twin import ask_with_twin  # noqa: PLC0415 - that module imports this one

        ask_with_twin(settings, asked, before, fault or [], twin, as_json)
        return
    answer = _run(settings, base, asked, before, stream and not as_json)
    if as_json:
        print_json(answer)
    else:
        show(answer, text=not stream)


def _run(
    settings: Settings, base: str, asked: Question, before: str, stream: bool
) -> dict[str, Any]:
    import asyncio  # noqa: PLC0415
    import secrets  # noqa: PLC0415
    from dataclasses import replace  # noqa: PLC0415

    from services import client as gateway  # noqa: PLC0415

    if before and asked.session_id is None:
        asked = replace(asked, session_id=f"session-{secrets.token_hex(6)}")

    async def work(connect: AbstractAsyncContextManager[httpx.AsyncClient]) -> dict[str, Any]:
        async with connect as client:
            if before:
                await gateway.ask(client, replace(asked, text=before))
            if not stream:
                return await gateway.ask(client, asked)
            answer: dict[str, Any] = {}
            writing = False
            async for event in gateway.ask_streaming(client, asked):
                if event.name == "done":
                    answer = event.data
                else:
                    if writing and event.name != "delta":
                        out().print()
                    writing = event.name == "delta"
                    _show_event(event.name, event.data)
            if not answer:
                raise ServicesError("the answer broke off; the gateway's log says why")
            return answer

    if base:
        return asyncio.run(work(_remote(base)))
    return _embedded(settings, stream, work)


def _embedded(
    settings: Settings,
    stream: bool,
    work: Callable[[AbstractAsyncContextManager[httpx.AsyncClient]], Any],
) -> dict[str, Any]:
    import asyncio  # noqa: PLC0415
    import time  # noqa: PLC0415

    from observability.clock import RealClock  # noqa: PLC0415
    from services.virtual_time import VirtualClock, run_virtual  # noqa: PLC0415

    # Simulated latencies are waited for only when somebody watches, or when a
    # part of the system is a real process elsewhere.
    if stream or settings.remote:
        return dict(asyncio.run(work(_local(settings, RealClock()))))
    start_ns = time.time_ns()
    return dict(run_virtual(work(_local(settings, VirtualClock(start_ns))), start_ns))


@asynccontextmanager
async def _remote(base: str) -> AsyncIterator[httpx.AsyncClient]:
    import httpx  # noqa: PLC0415

    async with httpx.AsyncClient(base_url=base, timeout=300) as client:
        yield client


@asynccontextmanager
async def _local(settings: Settings, clock: Any) -> AsyncIterator[httpx.AsyncClient]:
    from services.cli._progress import counted_progress  # noqa: PLC0415
    from services.wiring import build_system  # noqa: PLC0415 - heavy import

    with counted_progress() as progress:
        async with build_system(settings, clock, progress=progress) as system:
            yield system.client


def _show_event(name: str, data: dict[str, Any]) -> None:
    if name == "delta":
        out().print(data["text"], end="", markup=False)
    else:
        err().print(f"[dim]{data['agent']}: {data['text']}[/dim]")


def show(answer: dict[str, Any], text: bool = True) -> None:
    """Print an answer for a person; ``text`` false leaves out what a stream has shown."""
    from rich.markup import escape  # noqa: PLC0415

    console = out()
    if text:
        console.print(answer["answer"], markup=False)
    console.print()
    for citation in answer["citations"]:
        quote = f": “{citation['quote']}”" if citation["quote"] else ""
        console.print(f"  [cyan]{citation['doc_id']}[/cyan] {escape(citation['title'] + quote)}")
    validation, usage = answer["validation"], answer["usage"]
    path = " → ".join(answer["agents"])
    console.print(
        f"[dim]route {answer['route']} ({path}) · validation {validation['verdict']} · "
        f"confidence {answer['confidence']:.2f} · {usage['input_tokens']} + "
        f"{usage['output_tokens']} tokens · ${usage['cost_usd']:.4f} · {answer['model']}[/dim]"
    )
    if answer["review"]["required"]:
        console.print(f"[yellow]A person should look at it: {answer['review']['reason']}[/yellow]")
    if answer["trace_id"]:
        console.print(f"[dim]stillgreen trace {answer['trace_id']}[/dim]")
