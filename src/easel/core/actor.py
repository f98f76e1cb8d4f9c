"""Who is acting, and what they may do.

An actor is resolved once per request, task or command, and then passed; nothing looks it up again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Literal, TypeAlias
from uuid import UUID

from easel.base.errors import EaselError


class NotSignedIn(EaselError):
    """Sign in first: this needs a session cookie, an access token or an API key."""

    status = 401
    code = "not_signed_in"

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": 'Bearer realm="easel"'})


class NotAllowed(EaselError):
    """You may not do this."""

    status = 403
    code = "not_allowed"


class WorkspaceNotFound(EaselError):
    """There is no such workspace, or you are not a member of it."""

    status = 404
    code = "workspace_not_found"


class Scope(StrEnum):
    """What a credential may be used for. A browser's session may do all three."""

    READ = "read"
    GENERATE = "generate"
    MANAGE = "manage"


class Level(IntEnum):
    """A member's level in a workspace; each includes those below it."""

    VIEW = 1
    EDIT = 2
    ADMIN = 3


ALL_SCOPES = frozenset(Scope)


Role: TypeAlias = Literal["member", "admin"]
"""What an account is to the studio."""


@dataclass(frozen=True, slots=True)
class Client:
    """Where a request comes from; both None for what Easel does by itself."""

    ip: str | None = None
    user_agent: str | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request says of who sends it, and of where they act.

    With `everywhere` the actor may read in all workspaces of the person, when none is named.
    """

    cookie: str | None = field(default=None, repr=False)
    bearer: str | None = field(default=None, repr=False)
    api_key: str | None = field(default=None, repr=False)
    workspace: UUID | None = None
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """The person or process on whose behalf a transaction runs.

    `user_id` and `workspace_id` are None for the system and for someone who is not signed in.
    """

    kind: Literal["user", "system", "anonymous"]
    user_id: UUID | None = None
    workspace_id: UUID | None = None
    level: Level | None = None
    role: Role = "member"
    scopes: frozenset[Scope] = frozenset()
    session_id: UUID | None = None
    api_key_id: UUID | None = None
    elsewhere: frozenset[UUID] = frozenset()
    """Other workspaces that this request may read in; empty but for what a browser fetches by itself."""
    client: Client = field(default_factory=Client)

    @classmethod
    def system(cls) -> Actor:
        """Easel itself: tasks, migrations, operators' commands."""
        return cls(kind="system", role="admin", scopes=ALL_SCOPES)

    @classmethod
    def anonymous(cls, client: Client | None = None) -> Actor:
        """Someone who is not signed in, at `client` if that is known."""
        return cls(kind="anonymous", client=client or Client())

    @property
    def user(self) -> UUID:
        """The user's id. Raises `NotSignedIn` when nobody is."""
        if self.user_id is None:
            raise NotSignedIn
        return self.user_id

    @property
    def workspace(self) -> UUID:
        """The acting workspace's id. Raises `NotSignedIn` when nobody is signed in."""
        if self.workspace_id is None:
            raise NotSignedIn
        return self.workspace_id

    @property
    def readable(self) -> frozenset[UUID]:
        """The workspaces that this actor may read in now. Raises `NotSignedIn` when nobody is signed in."""
        return self.elsewhere | {self.workspace}

    def require_person(self) -> None:
        """Raises `NotSignedIn`, or `NotAllowed` for an API key: what is a person's own is for them alone."""
        if self.kind == "anonymous":
            raise NotSignedIn
        if self.api_key_id is not None:
            raise NotAllowed("An API key may not do this: sign in.")

    def require(self, scope: Scope) -> None:
        """Raises `NotSignedIn`, or `NotAllowed` when the credential or the membership is too weak."""
        if self.kind == "anonymous":
            raise NotSignedIn
        if scope not in self.scopes:
            raise NotAllowed(f"This credential lacks the scope {scope.value}.")
        needed = Level.VIEW if scope is Scope.READ else Level.EDIT
        if self.kind == "user" and (self.level is None or self.level < needed):
            raise NotAllowed("Your level in this workspace allows looking, not changing.")
