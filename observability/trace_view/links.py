"""Addresses of traces in Jaeger's web interface."""

from __future__ import annotations


def trace_link(jaeger_url: str, trace_id: str) -> str:
    """Return the address of one trace."""
    return f"{jaeger_url.rstrip('/')}/trace/{trace_id}"


def compare_link(jaeger_url: str, left_id: str, right_id: str) -> str:
    """Return the address of the comparison of two traces."""
    return f"{jaeger_url.rstrip('/')}/trace/{left_id}...{right_id}"
