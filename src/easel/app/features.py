"""The features, lowest rank first, and what each brings: routes, tasks, periodic work, commands, subscribers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import typer
from fastapi import APIRouter

from easel.core import events
from easel.core.http import idempotency
from easel.core.jobs import Periodic, Task
from easel.core.work import Subscriber
from easel.features.accounts import models as account_models
from easel.features.accounts import routes as account_routes
from easel.features.accounts.events import UserRegistered
from easel.features.activity import routes as activity_routes
from easel.features.activity import tasks as activity_tasks
from easel.features.catalogue import routes as catalogue_routes
from easel.features.generation import commands as generation_commands
from easel.features.generation import models as generation_models
from easel.features.generation import routes as generation_routes
from easel.features.generation import tasks as generation_tasks
from easel.features.library import models as library_models
from easel.features.library import routes as library_routes
from easel.features.library import tasks as library_tasks
from easel.features.workspaces import models as workspace_models
from easel.features.workspaces import service as workspaces

TABLES = (
    events,
    idempotency,
    account_models,
    workspace_models,
    library_models,
    generation_models,
)
"""The modules that declare tables; migrations compare the database with all of them."""


@dataclass(frozen=True)
class Feature:
    """What a feature hands to the composition."""

    name: str
    router: APIRouter | None = None
    tasks: tuple[Task, ...] = ()
    periodic: tuple[Periodic, ...] = ()
    commands: typer.Typer | None = None
    subscribers: Mapping[type[events.Event], Subscriber] = field(default_factory=dict)


FEATURES = (
    Feature("accounts", router=account_routes.router),
    Feature("workspaces", subscribers={UserRegistered: workspaces.add_personal}),
    Feature("catalogue", router=catalogue_routes.router),
    Feature(
        "library",
        router=library_routes.router,
        tasks=library_tasks.TASKS,
        periodic=library_tasks.PERIODIC,
    ),
    Feature(
        "generation",
        router=generation_routes.router,
        tasks=generation_tasks.TASKS,
        periodic=generation_tasks.PERIODIC,
        commands=generation_commands.app,
    ),
    Feature("activity", router=activity_routes.router, periodic=activity_tasks.PERIODIC),
)


def subscribers() -> dict[type[events.Event], tuple[Subscriber, ...]]:
    """Who hears of which event inside its transaction, in the order of ranks."""
    heard: dict[type[events.Event], tuple[Subscriber, ...]] = {}
    for feature in FEATURES:
        for kind, subscriber in feature.subscribers.items():
            heard[kind] = (*heard.get(kind, ()), subscriber)
    return heard
