"""Clients of the services that the agents talk to over HTTP."""

from agents.clients.erp import HttpErp
from agents.clients.model import HttpModel, ModelSettings, Price
from agents.clients.retrying import RetryPolicy
from agents.clients.search import HttpSearch

__all__ = ["HttpErp", "HttpModel", "HttpSearch", "ModelSettings", "Price", "RetryPolicy"]
