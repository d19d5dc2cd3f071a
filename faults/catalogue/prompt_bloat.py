"""The instructions have grown: house rules, their history, and all of it many times over.

Mechanism: a preamble on how to write is put before the instructions of those who
write answers and of those who check them; every department appends the copy that it
adopted and nobody takes one out. The model reads all of it in each call and the
provider bills all of it. Answers stay as they are, at first. Severity is the share of
the preamble that has grown in, paragraph by paragraph.
Taxonomy: OWASP LLM10 (unbounded consumption).
A trace shows: input tokens and cost of the model calls of response and validation,
many times what they were; output tokens that stay; time to the first token, and with
it latency: from about half severity on reading alone prolongs a request by a quarter.
Cannot show it: answers, groundedness, anything in retrieval; context tokens, which
count the evidence alone; status codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from agents.ports import Prompts
from corpus.luck import Luck
from faults.base import PartFault, StandsIn
from faults.fault import Claim, Layer, Seam, Severity

DEPARTMENTS = (
    "Accounts Payable",
    "Treasury",
    "Procurement",
    "Tax",
    "Controlling",
    "Internal Audit",
    "Payroll",
    "Human Resources",
    "Legal",
    "Data Protection",
    "Vendor Master Data",
    "IT Operations",
    "Travel Management",
    "Facility Management",
    "Sales Operations",
    "Corporate Communications",
)
"""Those who have appended their copy at severity 1, in the order in which they did."""

WRITERS = ("response", "validation")
"""The prompts that hold instructions on writing and on checking what was written."""


@dataclass(frozen=True, slots=True)
class PutsRulesBefore(StandsIn):
    """Renders the writers' instructions below as much of the preamble as severity says."""

    healthy: Prompts
    severity: Severity

    def render(self, name: str, luck: Luck, values: Mapping[str, str]) -> str:
        prompt = self.healthy.render(name, luck, values)
        return f"{preamble(self.severity.value)}{prompt}" if name in WRITERS else prompt


@cache
def preamble(share: float) -> str:
    """Return the first paragraphs of all copies, as many as the share says, at least one."""
    text = (resources.files(__package__) / "prompt_bloat.md").read_text("utf-8")
    rules = [piece.strip() for piece in text.split("\n\n") if piece.strip()]
    copies = [
        piece for department in DEPARTMENTS for piece in (f"# As adopted by {department}", *rules)
    ]
    return "\n\n".join([*copies[: max(1, round(share * len(copies)))], ""])


FAULT = PartFault(
    id="prompt_bloat",
    seam=Seam.PROMPTS,
    layer=Layer.CONTEXT,
    summary="house rules, repeated many times, stand before what the writing agents are told",
    taxonomy=("OWASP LLM10",),
    shows_in=("input tokens", "cost", "time to the first token"),
    blind=("answers", "groundedness", "retrieval scores", "context tokens", "status codes"),
    claim=Claim("cost", "higher"),
    wrap=PutsRulesBefore,
    find="Input tokens of the calls of response and validation drift up while context tokens and "
    "output tokens stay; the captured instructions hold the same paragraphs many times.",
    fix="Cut the instructions back to what the agent needs, and watch input tokens per call.",
)
