"""Nothing is changed: the healthy application under a name.

Mechanism: none. It touches no part.
Taxonomy: none.
A trace shows: what a healthy one shows.
Cannot show it: anything; whoever sees it is wrong.
"""

from faults.base import PartFault
from faults.fault import Kind, Layer, Seam

FAULT = PartFault(
    id="no_fault",
    seam=Seam.NONE,
    layer=Layer.NONE,
    summary="nothing is changed",
    taxonomy=(),
    shows_in=(),
    blind=(),
    kind=Kind.CONTROL,
    wrap=lambda part, severity: part,
)
