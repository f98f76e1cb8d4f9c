"""What administrators change: whether a model is on, whether it is featured, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from easel.core import audit
from easel.core.work import Work

from .. import queries
from ..errors import ModelNotFound
from ..models import ModelRow
from . import synchronise


async def switch(work: Work, model_id: str, active: bool) -> None:
    """Switch a model on or off, from this moment on. Raises `ModelNotFound`."""
    row = await _locked(work, model_id)
    before = row.set_active is not False
    # On is the declaration's word: nothing of one's own is needed for it.
    row.set_active = None if active else False
    if before != active:
        action = "model.switched_on" if active else "model.switched_off"
        await audit.record(work, action, details={"model": model_id})


async def change(work: Work, model_id: str, wanted: Mapping[str, Any]) -> None:
    """Set the `featured` and `price` that `wanted` names; None goes back to the provider's word.

    Raises `ModelNotFound`.
    """
    row = await _locked(work, model_id)
    changed = {name: value for name, value in wanted.items() if getattr(row, f"set_{name}") != value}
    for name, value in changed.items():
        setattr(row, f"set_{name}", value)
    if changed:
        if (price := changed.get("price")) is not None:
            changed["price"] = str(price)
        await audit.record(work, "model.changed", details={"model": model_id, **changed})


async def _locked(work: Work, model_id: str) -> ModelRow:
    if await queries.find(work, model_id) is None:
        raise ModelNotFound(f"There is no model {model_id} in this studio; GET /api/models lists them.")
    wanted = select(ModelRow).where(ModelRow.id == model_id).with_for_update()
    row: ModelRow | None = await work.session.scalar(wanted)
    if row is None:
        # The database was away when this process began.
        await synchronise.write(work)
        row = (await work.session.scalars(wanted)).one()
    return row
