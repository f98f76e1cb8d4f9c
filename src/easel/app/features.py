"""The features, lowest rank first, and what each brings to every process: tasks, periodic work, subscribers.

Their routes are in `routers`, which only the web server loads, their commands in `cli`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from easel.core import audit, events
from easel.core.http import idempotency
from easel.core.jobs import Periodic, Task
from easel.core.mail import delivery, outbox
from easel.core.work import Subscriber
from easel.features.accounts import models as account_models
from easel.features.accounts import tasks as account_tasks
from easel.features.accounts.events import UserClosed, UserRegistered
from easel.features.activity import tasks as activity_tasks
from easel.features.api_keys import models as api_key_models
from easel.features.background import models as background_models
from easel.features.catalogue import models as catalogue_models
from easel.features.catalogue import tasks as catalogue_tasks
from easel.features.collections import models as collection_models
from easel.features.comparisons import models as comparison_models
from easel.features.connections import models as connection_models
from easel.features.credits import models as credit_models
from easel.features.credits import tasks as credit_tasks
from easel.features.credits.service import grants
from easel.features.exports import models as export_models
from easel.features.exports import tasks as export_tasks
from easel.features.generation import models as generation_models
from easel.features.generation import tasks as generation_tasks
from easel.features.generation.events import (
    GenerationCancelled,
    GenerationCompleted,
    GenerationFailed,
    GenerationQueued,
)
from easel.features.intake import models as intake_models
from easel.features.intake import tasks as intake_tasks
from easel.features.iteration.service import following
from easel.features.library import models as library_models
from easel.features.library import service as library
from easel.features.library import tasks as library_tasks
from easel.features.presets import models as preset_models
from easel.features.presets import service as presets
from easel.features.projects import models as project_models
from easel.features.projects.events import ProjectChanged, ProjectCreated
from easel.features.takeout import models as takeout_models
from easel.features.takeout import tasks as takeout_tasks
from easel.features.takeout.service import purge
from easel.features.upkeep import models as upkeep_models
from easel.features.upkeep import tasks as upkeep_tasks
from easel.features.workspaces import models as workspace_models
from easel.features.workspaces.events import TeamDeleted
from easel.features.workspaces.service import acting

TABLES = (
    events,
    idempotency,
    outbox,
    account_models,
    workspace_models,
    api_key_models,
    audit,
    connection_models,
    credit_models,
    background_models,
    catalogue_models,
    project_models,
    library_models,
    collection_models,
    intake_models,
    generation_models,
    comparison_models,
    export_models,
    upkeep_models,
    preset_models,
    takeout_models,
)
"""The modules that declare tables; migrations compare the database with all of them."""


@dataclass(frozen=True)
class Feature:
    """What a feature hands to the composition."""

    name: str
    tasks: tuple[Task, ...] = ()
    periodic: tuple[Periodic, ...] = ()
    subscribers: Mapping[type[events.Event], Subscriber] = field(default_factory=dict)


FEATURES = (
    Feature("accounts", tasks=account_tasks.TASKS, periodic=account_tasks.PERIODIC),
    Feature("workspaces", subscribers={UserRegistered: acting.add_personal}),
    Feature("api_keys"),
    Feature("connections"),
    Feature("credits", periodic=credit_tasks.PERIODIC, subscribers={UserRegistered: grants.welcome}),
    Feature("background"),
    Feature("catalogue", periodic=catalogue_tasks.PERIODIC),
    Feature("projects"),
    Feature(
        "library",
        tasks=library_tasks.TASKS,
        periodic=library_tasks.PERIODIC,
        subscribers={ProjectCreated: library.complete_project, ProjectChanged: library.check_cover},
    ),
    Feature("collections"),
    Feature("intake", periodic=intake_tasks.PERIODIC),
    Feature(
        "generation",
        tasks=generation_tasks.TASKS,
        periodic=generation_tasks.PERIODIC,
    ),
    Feature("provider_webhooks"),
    Feature(
        "iteration",
        subscribers={
            GenerationCompleted: following.completed,
            GenerationFailed: following.failed,
            GenerationCancelled: following.cancelled,
            GenerationQueued: following.queued,
        },
    ),
    Feature("comparisons"),
    Feature("exports", tasks=export_tasks.TASKS, periodic=export_tasks.PERIODIC),
    Feature("upkeep", periodic=upkeep_tasks.PERIODIC),
    Feature(
        "presets",
        subscribers={ProjectCreated: presets.check_project, ProjectChanged: presets.check_project},
    ),
    Feature("activity", periodic=activity_tasks.PERIODIC),
    Feature("admin"),
    Feature(
        "takeout",
        tasks=takeout_tasks.TASKS,
        periodic=takeout_tasks.PERIODIC,
        subscribers={UserClosed: purge.stop, TeamDeleted: purge.leave_no_file},
    ),
)


def all_tasks() -> tuple[Task, ...]:
    """Every job's implementation, the features' and those of the core."""
    return (*delivery.TASKS, *(task for feature in FEATURES for task in feature.tasks))


def all_periodic() -> tuple[Periodic, ...]:
    """What every worker looks after, for the features and for the core."""
    return (*delivery.PERIODIC, *(item for feature in FEATURES for item in feature.periodic))


def subscribers() -> dict[type[events.Event], tuple[Subscriber, ...]]:
    """Who hears of which event inside its transaction, in the order of ranks."""
    heard: dict[type[events.Event], tuple[Subscriber, ...]] = {}
    for feature in FEATURES:
        for kind, subscriber in feature.subscribers.items():
            heard[kind] = (*heard.get(kind, ()), subscriber)
    return heard
