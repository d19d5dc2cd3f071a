import threading
from functools import partial

import httpx
import pytest

from faults.current import CurrentPlan
from faults.plan import HEALTHY, ActiveFault, FaultPlan, parse_plan
from services.lab.control import create_app, is_loopback
from services.lab.errors import ControlError
from services.lab.placing import check_placed
from services.lab.switching import Progress, Switch
from services.settings import Settings

TOKEN = "a-token-of-enough-characters"


def client(current: CurrentPlan, token: str | None = TOKEN, prepare=lambda plan: None):
    app = create_app(Switch(current, prepare), TOKEN, "1")
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://lab", headers=headers
    )


async def test_a_plan_is_put_into_force_read_and_taken_back() -> None:
    current = CurrentPlan()
    async with client(current) as lab:
        body = {"faults": [{"id": "misroute", "severity": 0.5}]}
        assert (await lab.put("/v1/plan", json=body)).status_code == 200
        assert current.plan == parse_plan(["misroute=0.5"])
        shown = (await lab.get("/v1/plan")).json()["faults"]
        assert [(fault["id"], fault["severity"]) for fault in shown] == [("misroute", 0.5)]
        assert (await lab.delete("/v1/plan")).json() == {"faults": []}
        assert current.plan == HEALTHY


async def test_a_fault_for_a_share_of_the_vendors_is_put_into_force_and_shown() -> None:
    current = CurrentPlan()
    async with client(current) as lab:
        body = {"faults": [{"id": "chunks_tiny", "documents": 0.5, "vendors": 0.3}]}
        assert (await lab.put("/v1/plan", json=body)).status_code == 200
        (shown,) = (await lab.get("/v1/plan")).json()["faults"]
    assert current.plan.everything() == (ActiveFault("chunks_tiny", documents=0.5, vendors=0.3),)
    assert (shown["documents"], shown["vendors"]) == (0.5, 0.3)


@pytest.mark.parametrize("token", [None, "another-token-entirely"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_without_the_token_nothing_is_told_or_changed(method: str, token) -> None:
    current = CurrentPlan(parse_plan(["misroute"]))
    async with client(current, token) as lab:
        response = await lab.request(method, "/v1/plan", json={"faults": []})
    assert response.status_code == 401
    assert response.headers["content-type"] == "application/problem+json"
    assert current.plan == parse_plan(["misroute"])


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ({"id": "misrout"}, "did you mean misroute"),
        ({"id": "misroute", "severity": 1.5}, "/faults/0/severity"),
        ({"id": "misroute", "begins_ns": 2, "ends_ns": 1}, "ends before it begins"),
        ({"id": "misroute", "strength": 1}, "/faults/0/strength"),
        ({"id": "misroute", "vendors": 0.3}, "a share of documents or vendors is for faults of"),
        ({"id": "placebo", "documents": 0.3}, "give others a share of the requests"),
        ({"id": "chunks_tiny", "vendors": 1.3}, "/faults/0/vendors"),
    ],
)
async def test_a_bad_plan_is_refused_and_the_old_one_stays(fault, says: str) -> None:
    current = CurrentPlan(parse_plan(["placebo"]))
    async with client(current) as lab:
        response = await lab.put("/v1/plan", json={"faults": [fault]})
    assert response.status_code == 422
    assert says in response.json()["detail"]
    assert not response.json()["detail"].endswith("?.")
    assert current.plan == parse_plan(["placebo"])


async def test_what_a_plan_needs_is_prepared_before_it_comes_into_force() -> None:
    current = CurrentPlan()
    seen: list[tuple[FaultPlan, FaultPlan]] = []
    async with client(current, prepare=lambda plan: seen.append((plan, current.plan))) as lab:
        await lab.put("/v1/plan", json={"faults": [{"id": "chunks_tiny"}]})
    assert seen == [(parse_plan(["chunks_tiny"]), HEALTHY)]


async def test_the_catalogue_is_listed() -> None:
    async with client(CurrentPlan()) as lab:
        ids = [item["id"] for item in (await lab.get("/v1/faults")).json()["items"]]
    assert ids == sorted(ids)
    assert "misroute" in ids


def test_a_short_token_is_refused() -> None:
    with pytest.raises(ControlError, match="STILLGREEN_LAB_TOKEN"):
        create_app(Switch(CurrentPlan(), lambda plan: None), "short", "1")


def test_loopback_is_told_from_other_addresses() -> None:
    assert [is_loopback(host) for host in ("127.0.0.1", "::1", "localhost")] == [True] * 3
    assert [is_loopback(host) for host in ("0.0.0.0", "192.168.1.4", "example.test")] == [False] * 3


async def test_a_plan_that_needs_an_index_is_accepted_and_shown_as_pending() -> None:
    may_go = threading.Event()

    def build(plan: FaultPlan, tell: Progress) -> None:
        tell(3, 10)
        may_go.wait(5)

    current = CurrentPlan()
    switch = Switch(current, lambda plan: None, build)
    transport = httpx.ASGITransport(create_app(switch, TOKEN, "1"))
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://lab", headers=headers
    ) as lab:
        response = await lab.put("/v1/plan", json={"faults": [{"id": "chunks_tiny"}]})
        assert response.status_code == 202
        assert response.json()["faults"] == []
        assert response.json()["pending"]["faults"][0]["id"] == "chunks_tiny"
        may_go.set()
        await switch.settled()
        state = (await lab.get("/v1/plan")).json()
    assert [fault["id"] for fault in state["faults"]] == ["chunks_tiny"]
    assert "pending" not in state


async def test_faults_that_contradict_each_other_are_refused_before_anything_is_built() -> None:
    current, built = CurrentPlan(), []
    faults = [{"id": "chunks_tiny"}, {"id": "chunks_oversized", "severity": 0.2}]
    async with client(current, prepare=built.append) as lab:
        response = await lab.put("/v1/plan", json={"faults": faults})
    assert response.status_code == 422
    assert "nothing is left of chunks_oversized" in response.json()["detail"]
    assert (current.plan, built) == (HEALTHY, [])


async def test_a_plan_for_parts_that_are_elsewhere_is_refused_where_it_is_asked_for() -> None:
    current, built = CurrentPlan(), []
    settings = Settings(llm_base_url="http://127.0.0.1:9/v1")
    app = create_app(
        Switch(current, built.append), TOKEN, "1", check=partial(check_placed, settings=settings)
    )
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://lab",
        headers={"Authorization": f"Bearer {TOKEN}"},
    ) as lab:
        body = {"faults": [{"id": "overconfident"}]}
        response = await lab.put("/v1/plan", json=body)
    assert response.status_code == 422
    assert "STILLGREEN_LLM_BASE_URL" in response.json()["detail"]
    assert built == []
