"""One listener's stream: what was missed, the present state, then what happens."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from dataclasses import replace

from easel.core import events
from easel.core.actor import Actor
from easel.core.events import Message
from easel.core.work import Studio, Work
from easel.features.generation import queries as generations
from easel.features.generation.events import PROGRESS
from easel.features.generation.service import show
from easel.features.workspaces.events import MembershipEnded

HEARTBEAT_SECONDS = 15.0
LONGEST_SECONDS = 600.0
"""Streams end after ten minutes and clients come back with their last id: so nothing grows for ever."""
_RUNNING_SHOWN = 50


async def stream(studio: Studio, actor: Actor, last_id: int | None) -> AsyncIterator[str]:
    """Server-sent events (WHATWG HTML, section 9.2) for an actor, from after `last_id` if it is given.

    They are those of the acting workspace and those for the user alone. The stream ends with the membership.

    Lifecycle events carry their id; progress carries none. A listener that missed too much, or reads too
    slowly, gets `reset`: fetch the present state and go on.
    """
    actor = replace(actor, elsewhere=frozenset())
    async with studio.work(actor) as work:
        begins = await events.newest(work.session) if last_id is None else last_id

    def wants(message: Message) -> bool:
        if message.workspace_id is not None:
            return message.workspace_id == actor.workspace_id
        return message.user_id == actor.user_id

    with studio.hub.subscribe(wants) as heard:
        # The id alone is no event: it says where a connection that breaks before the first one goes on.
        yield f"retry: 1000\nid: {begins}\n\n"
        async with studio.work(actor) as work:
            newest = await events.newest(work.session)
            # An id from the future: the database is another one than when it was given out.
            missed = None if begins > newest else await _missed(work, begins)
            running = await generations.page(
                work, generations.Filter(statuses=("processing",)), limit=_RUNNING_SHOWN, after=None
            )
            shown = await show.show(work, running)
        seen = begins
        if missed is None:
            # With an id, so that the listener's next try begins here and not where it was lost.
            seen = newest
            yield _frame("reset", "{}", newest)
        for message in missed or ():
            seen = message.id or seen
            yield _frame(message.type, message.text, message.id)
        for generation in shown:
            state = {
                "id": str(generation.id),
                "status": generation.status,
                "progress": generation.progress.model_dump(),
            }
            yield _frame(PROGRESS, json.dumps(state, separators=(",", ":")))
        ends = time.monotonic() + LONGEST_SECONDS
        while (left := ends - time.monotonic()) > 0:
            try:
                heard_message = await heard.next(min(HEARTBEAT_SECONDS, left))
            except TimeoutError:
                yield ": still here\n\n"
                continue
            if heard_message is None:
                return
            if heard.lost:
                yield _frame("reset", "{}")
                return
            if heard_message.id is not None:
                if heard_message.id <= seen:
                    continue
                seen = heard_message.id
            yield _frame(heard_message.type, heard_message.text, heard_message.id)
            if _ends_membership(heard_message, actor):
                return


async def _missed(work: Work, last_id: int) -> list[Message] | None:
    return await events.since(
        work.session, last_id, workspace_ids=[work.actor.workspace], user_id=work.actor.user_id
    )


def _ends_membership(message: Message, actor: Actor) -> bool:
    return message.type == MembershipEnded.type and message.data["user_id"] == str(actor.user_id)


def _frame(type: str, data: str, id: int | None = None) -> str:
    number = "" if id is None else f"id: {id}\n"
    return f"{number}event: {type}\ndata: {data}\n\n"
