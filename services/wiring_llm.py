"""Wires the model server: how it serves, as the settings say."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from corpus.luck import Luck
from observability.clock import Clock
from services.foundation import Foundation
from services.llm.app import Serving, create_app

if TYPE_CHECKING:
    from fastapi import FastAPI


def llm_app(foundation: Foundation, clock: Clock) -> FastAPI:
    """Return the model server over the process's encoder."""
    settings = foundation.settings
    key = settings.llm_required_key
    return create_app(
        foundation.embedder,
        clock,
        token_store=foundation.token_store,
        serving=Serving(
            api_key=None if key is None else key.get_secret_value(),
            requests_per_minute=settings.llm_requests_per_minute,
            noise=settings.llm_serving_noise,
        ),
        # Only noise is drawn from it, and nothing repeats that.
        noise=Luck(secrets.randbits(48)),
    )
