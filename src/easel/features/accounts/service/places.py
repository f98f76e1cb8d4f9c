"""Where people sign in from. The first time from a new place the account's owner gets a mail."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

from sqlalchemy import exists, literal_column, select
from sqlalchemy.dialects.postgresql import insert

from easel.base.clock import now
from easel.base.networks import network_of
from easel.core import mail
from easel.core.actor import Client
from easel.core.work import Work

from ..models import SignInPlace, User

_KNOWN_FOR = timedelta(days=365)
_UNKNOWN = "unknown"

# The first that a program calls itself: most browsers call themselves several others' names too.
_PROGRAMS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Vivaldi", "Vivaldi"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)


def network(client: Client) -> str:
    """The network that a client is in, as large as one connection's usually is: /24, or /48 of IPv6."""
    return network_of(client.ip, four=24, six=48) or _UNKNOWN


def program(client: Client) -> str:
    """What kind of program a client is, without versions: ``Firefox on Linux``, ``curl``."""
    said = client.user_agent or ""
    if "Mozilla/" in said:
        name = next((name for token, name in _PROGRAMS if f"{token}/" in said), "A browser")
        system = next((name for token, name in _SYSTEMS if token in said), None)
        return f"{name} on {system}" if system else name
    match = re.match(r"[A-Za-z0-9._ -]{1,50}", said)
    return match[0].strip() or _UNKNOWN if match else _UNKNOWN


async def is_known(work: Work, user_id: UUID | None, client: Client) -> bool:
    """Whether a user has signed in from a client's network in the last year; takes the same time for no user."""
    where = network(client)
    known = exists().where(
        SignInPlace.user_id == user_id,
        SignInPlace.network == where,
        SignInPlace.last_seen_at > now() - _KNOWN_FOR,
    )
    return bool(await work.session.scalar(select(known))) and where != _UNKNOWN


async def arrive(work: Work, user: User, client: Client) -> bool:
    """Note that a user signs in from a place; whether it is a new one, of which they have been told by mail.

    The first place of all is none to tell of.
    """
    earlier = bool(await work.session.scalar(select(exists().where(SignInPlace.user_id == user.id))))
    moment = now()
    kind = program(client)
    fresh = await work.session.scalar(
        insert(SignInPlace)
        .values(user_id=user.id, network=network(client), program=kind, last_seen_at=moment)
        .on_conflict_do_update(
            index_elements=[SignInPlace.user_id, SignInPlace.network, SignInPlace.program],
            set_={"last_seen_at": moment},
        )
        .returning(literal_column("xmax = 0"))
    )
    if not fresh or not earlier:
        return False
    await mail.send(
        work,
        to=user.email,
        template="new-sign-in",
        program=kind,
        address=client.ip or "an unknown address",
        when=f"{moment:%-d %B %Y, %H:%M} UTC",
    )
    return True
