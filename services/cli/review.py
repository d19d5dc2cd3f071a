"""``stillgreen review``: the answers that wait for a person."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli._output import err, out, print_json
from services.errors import ServicesError

if TYPE_CHECKING:
    import httpx

Url = Annotated[
    str, typer.Option("--url", help="A running gateway; by default the local queue is read.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    review = typer.Typer(
        no_args_is_help=True, help="The answers that wait for a person: list and resolve them."
    )
    review.command("list", epilog="Example: `stillgreen review list --all`")(list_reviews)
    review.command(
        "resolve", epilog='Example: `stillgreen review resolve req-4f1d approved --note "checked"`'
    )(resolve)
    app.add_typer(review, name="review")


def list_reviews(
    everything: Annotated[bool, typer.Option("--all", help="Resolved ones too.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    url: Url = "",
    as_json: AsJson = False,
) -> None:
    """List the answers that wait for a person, newest first."""
    items = _items(url, everything, limit)
    if as_json:
        print_json({"items": items, "count": len(items)})
        return
    if not items:
        err().print("Nothing waits for review.")
        return
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=None, pad_edge=False)
    for column in ("id", "reason", "question", "answer", "decision"):
        table.add_column(column, overflow="fold", no_wrap=column == "id")
    for item in items:
        table.add_row(
            item["id"], item["reason"], item["question"], item["answer"], item["decision"] or ""
        )
    out().print(table)


def resolve(
    review_id: Annotated[str, typer.Argument(help="Id as `review list` shows it.")],
    decision: Annotated[str, typer.Argument(help="approved, corrected or rejected")],
    note: Annotated[str, typer.Option(help="Why.")] = "",
    url: Url = "",
    as_json: AsJson = False,
) -> None:
    """Decide about an answer."""
    if decision not in {"approved", "corrected", "rejected"}:
        raise typer.BadParameter(f"{decision!r} is not one of approved, corrected, rejected")
    item = _resolve(url, review_id, decision, note)
    if as_json:
        print_json(item)
    else:
        out().print(f"{item['id']} is {item['decision']}.")


def _items(url: str, everything: bool, limit: int) -> list[dict[str, Any]]:
    from services.gateway.wire import ReviewOut  # noqa: PLC0415

    base = _url(url)
    if base:
        with closing(_client(base)) as client:
            parameters = {"open_only": str(not everything).lower(), "limit": str(limit)}
            body = _checked(client.get("/v1/reviews", params=parameters))
            return list(body["items"])
    with closing(_queue()) as queue:
        return [ReviewOut.of(item).model_dump() for item in queue.items(not everything, limit)]


def _resolve(url: str, review_id: str, decision: str, note: str) -> dict[str, Any]:
    from observability.clock import RealClock  # noqa: PLC0415
    from services.gateway.wire import ReviewOut  # noqa: PLC0415

    base = _url(url)
    if base:
        with closing(_client(base)) as client:
            body = {"decision": decision, "note": note}
            return _checked(client.post(f"/v1/reviews/{review_id}", json=body))
    with closing(_queue()) as queue:
        known = queue.get(review_id)
        if known is None:
            raise ServicesError(f"there is no review {review_id!r}; `stillgreen review list`")
        if known.decision is not None:
            raise ServicesError(f"review {review_id!r} is already {known.decision}")
        item = queue.resolve(review_id, decision, note, RealClock().now_ns())
        return ReviewOut.of(item or known).model_dump()


def _url(url: str) -> str:
    from services.settings import load_settings  # noqa: PLC0415

    return url or load_settings().gateway_url


def _queue() -> Any:
    from services.settings import load_settings  # noqa: PLC0415
    from services.wiring import open_review_queue  # noqa: PLC0415

    return open_review_queue(load_settings())


def _client(base: str) -> httpx.Client:
    import httpx  # noqa: PLC0415

    return httpx.Client(base_url=base, timeout=30)


def _checked(response: httpx.Response) -> dict[str, Any]:
    from services.client import checked  # noqa: PLC0415

    return checked(response)
