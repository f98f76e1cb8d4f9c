"""The features' routes, lowest rank first; only the web server loads them."""

from __future__ import annotations

from easel.features.accounts import routes as accounts
from easel.features.activity import routes as activity
from easel.features.admin import routes as admin
from easel.features.api_keys import routes as api_keys
from easel.features.background import routes as background
from easel.features.catalogue import routes as catalogue
from easel.features.collections import routes as collections
from easel.features.comparisons import routes as comparisons
from easel.features.connections import routes as connections
from easel.features.credits import routes as credit
from easel.features.exports import routes as exports
from easel.features.generation import routes as generation
from easel.features.intake import routes as intake
from easel.features.iteration import routes as iteration
from easel.features.library import routes as library
from easel.features.presets import routes as presets
from easel.features.projects import routes as projects
from easel.features.provider_webhooks import routes as provider_webhooks
from easel.features.takeout import routes as takeout
from easel.features.upkeep import routes as upkeep
from easel.features.workspaces import routes as workspaces

ROUTERS = (
    accounts.router,
    accounts.users,
    workspaces.router,
    api_keys.router,
    connections.router,
    credit.router,
    background.router,
    catalogue.router,
    catalogue.admin,
    projects.router,
    library.router,
    collections.router,
    intake.router,
    generation.router,
    generation.usage,
    provider_webhooks.router,
    iteration.router,
    comparisons.router,
    exports.router,
    upkeep.router,
    presets.router,
    activity.router,
    admin.router,
    takeout.router,
)
