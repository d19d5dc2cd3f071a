"""Reference-free checks on an answer, one file each."""

from agents.evaluation.check import Check, Evaluation, Judged, load_checks

__all__ = ["Check", "Evaluation", "Judged", "load_checks"]
