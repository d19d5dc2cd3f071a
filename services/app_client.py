"""An httpx client of an ASGI application in this process, without what only a network needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
from starlette.types import ASGIApp

from services.settings import Settings
from services.transport import AppTransport

_KNOWN_URLS = 1_024


class AppClient(httpx.AsyncClient):
    """Calls one application through ``AppTransport``.

    Requests, responses and the way through the transport are httpx's own, so
    that an instrumentation finds what it knows. Cookies, redirects, proxies,
    authentication flows and event hooks are left out: none of them has a part
    to play here, and together they cost as much as all the rest of a call.
    """

    def __init__(
        self,
        app: ASGIApp,
        base_url: str,
        timeout: httpx.Timeout | float,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        transport = AppTransport(app)
        super().__init__(
            transport=transport,
            base_url=base_url,
            timeout=timeout,
            headers=headers,
            trust_env=False,
        )
        self._here = transport
        self._urls: dict[str, httpx.URL] = {}

    def build_request(self, method: str, url: httpx.URL | str, **options: Any) -> httpx.Request:
        """Return a request; the parts of an address that was called before are known."""
        if not isinstance(url, str):
            return super().build_request(method, url, **options)
        known = self._urls.get(url)
        if known is not None:
            return super().build_request(method, known, **options)
        request = super().build_request(method, url, **options)
        if not options.get("params") and len(self._urls) < _KNOWN_URLS:
            self._urls[url] = request.url
        return request

    async def send(
        self, request: httpx.Request, *, stream: bool = False, **_options: Any
    ) -> httpx.Response:
        """Send a request; options of redirects and authentication have no effect."""
        if self.is_closed:
            raise RuntimeError("the client has been closed")
        response = await self._here.handle_async_request(request)
        response.request = request
        if not stream:
            try:
                await response.aread()
            except BaseException:
                await response.aclose()
                raise
        return response


def client_of(service: str, where: ASGIApp | str, settings: Settings) -> httpx.AsyncClient:
    """Return a client of a service in this process or at a URL, as the settings say."""
    is_model = service == "llm"
    wait = settings.llm_timeout if is_model else settings.upstream_timeout
    timeout = httpx.Timeout(wait, connect=min(wait, 5.0))
    key = settings.llm_api_key.get_secret_value()
    headers = {"Authorization": f"Bearer {key}"} if is_model else None
    if not isinstance(where, str):
        return AppClient(where, f"http://{service}{'/v1/' if is_model else ''}", timeout, headers)
    # Our own services are never behind a proxy.
    return httpx.AsyncClient(base_url=where, timeout=timeout, headers=headers, trust_env=is_model)
