"""The review queue over HTTP, readiness, and the API's description."""

from __future__ import annotations

from agents.ports import ReviewItem
from tests.services.fakes import FakeReviews, gateway_client


def _queue() -> FakeReviews:
    return FakeReviews([ReviewItem("req-1", "a" * 32, "What?", "It is 42.", "low confidence", 1)])


async def test_an_open_review_is_listed_and_leaves_the_list_once_resolved() -> None:
    async with gateway_client(reviews=_queue()) as client:
        before = (await client.get("/v1/reviews")).json()
        decided = await client.post(
            "/v1/reviews/req-1", json={"decision": "approved", "note": "ok"}
        )
        after = (await client.get("/v1/reviews")).json()
        every = (await client.get("/v1/reviews", params={"open_only": False})).json()
    assert [item["id"] for item in before["items"]] == ["req-1"]
    assert decided.json()["decision"] == "approved"
    assert after == {"items": [], "count": 0}
    assert every["count"] == 1


async def test_a_review_is_decided_once() -> None:
    async with gateway_client(reviews=_queue()) as client:
        await client.post("/v1/reviews/req-1", json={"decision": "approved"})
        again = await client.post("/v1/reviews/req-1", json={"decision": "rejected"})
    assert again.status_code == 409


async def test_an_unknown_review_and_an_unknown_decision_are_problems() -> None:
    async with gateway_client(reviews=_queue()) as client:
        missing = await client.post("/v1/reviews/req-9", json={"decision": "approved"})
        unread = await client.get("/v1/reviews/req-9")
        wrong = await client.post("/v1/reviews/req-1", json={"decision": "perhaps"})
    assert (missing.status_code, unread.status_code, wrong.status_code) == (404, 404, 422)
    assert wrong.json()["errors"][0]["pointer"] == "/decision"


async def test_readiness_names_each_dependency_and_what_is_wrong_with_it() -> None:
    async def works() -> None:
        return

    async def fails() -> None:
        raise ConnectionError("connection refused")

    async with gateway_client(checks={"retrieval": works, "llm": fails}) as client:
        live = await client.get("/health/live")
        ready = await client.get("/health/ready")
    assert live.status_code == 200
    assert ready.status_code == 503
    assert ready.json()["dependencies"] == {"retrieval": "ok", "llm": "connection refused"}


async def test_an_unknown_path_and_a_wrong_method_are_problems() -> None:
    async with gateway_client() as client:
        for reply in (await client.get("/nowhere"), await client.get("/v1/ask")):
            assert reply.status_code in {404, 405}
            assert reply.headers["content-type"] == "application/problem+json"


async def test_the_api_describes_each_endpoint_with_its_problems_and_an_example() -> None:
    async with gateway_client() as client:
        api = (await client.get("/openapi.json")).json()
    ask = api["paths"]["/v1/ask"]["post"]
    assert {"200", "400", "413", "422", "502", "503", "504"} <= set(ask["responses"])
    assert "application/problem+json" in ask["responses"]["422"]["content"]
    assert "text/event-stream" in ask["responses"]["200"]["content"]
    assert api["components"]["schemas"]["AskBody"]["example"]["question"]
    for path, methods in api["paths"].items():
        for method in methods.values():
            assert method.get("summary"), path
