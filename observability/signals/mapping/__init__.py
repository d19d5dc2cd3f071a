"""Turns the spans of another application into spans with our names.

A mapping file says which of its attributes and spans are which of ours, so
that no signal has to know whose traces it reads.
"""

from observability.signals.mapping.applying import SpanMapping, is_request
from observability.signals.mapping.reading import load_mapping, parse_mapping, shipped_mappings

__all__ = ["SpanMapping", "is_request", "load_mapping", "parse_mapping", "shipped_mappings"]
