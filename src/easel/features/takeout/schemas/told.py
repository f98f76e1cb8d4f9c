"""Records for people, which an import leaves alone."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from .fields import Record


class LedgerRecord(Record):
    """A movement of a workspace's credits; for reading: credits cannot be carried from one studio to another."""

    id: UUID
    workspace_id: UUID
    cause: str
    available: Decimal
    reserved: Decimal
    available_after: Decimal | None
    generation_id: UUID | None
    reason: str | None
    created_at: datetime


class UsageRecord(Record):
    """One generation that ran to its end: what it made, took and cost; for reading, as the ledger is."""

    id: UUID
    workspace_id: UUID
    image_id: UUID | None
    generation_id: UUID | None
    project_id: UUID | None
    action: str
    model_id: str
    images: int
    credits_used: Decimal
    provider_cost_usd: Decimal | None
    generation_time: float | None
    success: bool
    error_code: str | None
    error_message: str | None
    created_at: datetime


class AuditRecord(Record):
    """What happened to the account that matters to security, and whether its owner did it; for reading."""

    id: UUID
    workspace_id: UUID | None
    action: str
    actor_kind: str
    by_you: bool
    details: dict[str, Any]
    ip_address: str | None
    user_agent: str | None
    created_at: datetime


class ApiKeyRecord(Record):
    """An API key; for reading: of the key itself only a hash is kept, and that is not told."""

    id: UUID
    workspace_id: UUID
    name: str
    prefix: str
    scopes: list[str]
    expires_at: datetime | None
    last_used_at: datetime | None
    created_at: datetime


class WorkspaceRecord(Record):
    """A workspace that the user belongs to, and their level there."""

    id: UUID
    name: str
    kind: str
    level: int
    created_at: datetime


class ProfileRecord(Record):
    """The account. It is for the reader: an import leaves the account that it goes into as it is."""

    id: UUID
    email: str
    name: str
    role: str
    subscription_tier: str
    email_verified: bool
    preferences: dict[str, Any]
    created_at: datetime
    last_login: datetime | None
