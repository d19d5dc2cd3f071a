"""The retrieval service: embeds a query, searches, filters and reranks."""

from services.retrieval.app import Engines, create_app

__all__ = ["Engines", "create_app"]
