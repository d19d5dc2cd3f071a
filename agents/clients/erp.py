"""The ledger service over HTTP."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from agents.clients.retrying import SEED_HEADER, CallFailed, RetryPolicy, send
from agents.errors import ErpError
from agents.ports import JsonValue
from corpus.luck import Luck
from observability.clock import Clock


class HttpErp:
    """Reads records from the ledger service."""

    def __init__(
        self, client: httpx.AsyncClient, clock: Clock, policy: RetryPolicy | None = None
    ) -> None:
        """Take a client whose base URL is the service's."""
        self._client = client
        self._clock = clock
        self._policy = policy or RetryPolicy(first_wait=0.2)

    async def get(self, path: str, query: Mapping[str, str], luck: Luck) -> JsonValue:
        headers = {SEED_HEADER: str(luck.seed)}
        try:
            response, _ = await send(
                lambda: self._client.get(path, params=dict(query), headers=headers),
                self._policy,
                self._clock,
                "the ledger service",
            )
        except CallFailed as error:
            raise ErpError(str(error)) from error
        if response.status_code == httpx.codes.NOT_FOUND:
            return None
        if not response.is_success:
            raise ErpError(f"the ledger service refused {path} (status {response.status_code})")
        try:
            body: JsonValue = response.json()
        except ValueError as error:
            raise ErpError(f"the ledger service did not answer {path} with JSON") from error
        return body
