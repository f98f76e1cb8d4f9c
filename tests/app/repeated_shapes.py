"""A hook of schemathesis: what many operations share is tried at the first of them, not at each.

Nearly all take the same `X-Workspace`, lists the same `limit` and `cursor`, and what generates the same fields: of
16,600 boundary cases 14,000 repeat one that another operation had. Each operation still gets one of each kind.
`make test-faults` tries them all.
"""

from __future__ import annotations

from typing import Any

import schemathesis
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import CoveragePhaseData

_SHAPES: set[tuple[object, ...]] = set()
_KINDS: set[tuple[object, ...]] = set()


@schemathesis.hook
def filter_case(context: schemathesis.HookContext, case: schemathesis.Case[Any]) -> bool:
    """Whether to try a case: any of another phase, and of the boundaries those that are new."""
    meta = case.meta
    if meta is None or not isinstance(meta.phase.data, CoveragePhaseData):
        return True
    about = meta.phase.data
    in_body = about.parameter_location == ParameterLocation.BODY
    named = case.media_type if in_body else about.parameter
    mode = meta.generation.mode
    shape = (about.parameter_location, named, mode, about.scenario, about.description, about.location)
    kind = (case.operation.label, about.parameter_location, mode)
    new = shape not in _SHAPES or kind not in _KINDS
    _SHAPES.add(shape)
    _KINDS.add(kind)
    return new
