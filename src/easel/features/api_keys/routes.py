"""HTTP of API keys: `/api/settings/api-keys`."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from easel.core.actor import Scope
from easel.core.http import problems
from easel.core.http.deps import Personal
from easel.features.workspaces.models import Workspace

from . import queries, service
from .errors import ApiKeyNotFound, TooManyApiKeys
from .models import ApiKey
from .schemas import ApiKeyIn, ApiKeyMade, ApiKeyOut, ApiKeyPage, ApiKeyWorkspace

router = APIRouter(prefix="/settings/api-keys", tags=["settings"])


@router.get("", operation_id="list_api_keys")
async def list_api_keys(work: Personal) -> ApiKeyPage:
    """Your API keys in all your workspaces, the newest first; all on one page."""
    items = [_shown(key, workspace) for key, workspace in await queries.keys_of(work, work.actor.user)]
    return ApiKeyPage(items=items, next_cursor=None, total=len(items))


@router.post("", status_code=201, operation_id="create_api_key", responses=problems.responses(TooManyApiKeys))
async def create_api_key(body: ApiKeyIn, work: Personal) -> ApiKeyMade:
    """Make an API key. It is shown this once, acts in one workspace, and never does more than you may there.

    Keys cannot manage the account, its passwords, sessions and keys, nor teams: that is for who is signed in.
    """
    key, given = await service.create(
        work,
        name=body.name,
        scopes=body.scopes,
        expires_at=body.expires_at,
        workspace_id=body.workspace_id,
    )
    workspace = await work.session.get_one(Workspace, key.workspace_id)
    return ApiKeyMade(**_shown(key, workspace).model_dump(), key=given)


@router.delete(
    "/{id:uuid}",
    status_code=204,
    operation_id="revoke_api_key",
    responses=problems.responses(ApiKeyNotFound),
)
async def revoke_api_key(id: Annotated[UUID, Path(description="The key's id.")], work: Personal) -> None:
    """Revoke one of your API keys; it ends at once."""
    await service.revoke(work, id)


def _shown(key: ApiKey, workspace: Workspace) -> ApiKeyOut:
    return ApiKeyOut(
        id=key.id,
        name=key.name,
        prefix=key.prefix,
        scopes=[Scope(scope) for scope in key.scopes],
        workspace=ApiKeyWorkspace(
            id=workspace.id, name=workspace.name, personal=workspace.kind == "personal"
        ),
        created_at=key.created_at,
        expires_at=key.expires_at,
        last_used_at=key.last_used_at,
    )
