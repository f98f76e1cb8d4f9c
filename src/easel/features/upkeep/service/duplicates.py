"""Groups of duplicates, page by page.

The hashes of a workspace are walked in the order of the index, a stretch in each request. Around each hash that
something is near to, its whole cluster is found, and the cluster is shown where its first hash stands: so every
page is made without knowing the others, and no group comes twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from easel.core.http.paging import BadCursor, decode_key, encode_key
from easel.core.work import Work
from easel.features.library import queries as library
from easel.features.library import service as library_service
from easel.features.library.errors import ImageNotFound
from easel.features.library.models import Image

from ..models import DuplicateDismissal
from ..policy import Clusters, flips, place, probes, share
from ..queries import duplicates as queries
from ..schemas import MOST_SHOWN, DuplicateGroup, DuplicatePage

_PROBES: Final = 150_000
_STRETCH: Final = 4_000
"""So often the index is asked in one request, and so many hashes are walked at most."""
_PARTS: Final = 8
"""In as many parts, for the groups that were asked for may be found sooner."""
_MOST_HASHES: Final = 200
"""A cluster of more different hashes is not followed further: it is shown in parts, which shrink as it is cleared."""
_MOST_FOLLOWED: Final = 5_000
_BATCH: Final = 20
_EXACT: Final = "duplicates.bytes"


async def exact(work: Work, *, limit: int, cursor: str | None) -> DuplicatePage:
    """Groups of pictures of the very same bytes. Raises `BadCursor`."""
    after = _digest(cursor) if cursor else None
    found = await queries.bytes_twice(work, after=after, limit=limit + 1)
    more = len(found) > limit
    found = found[:limit]
    groups = [
        await _group(work, digest, await queries.of_bytes(work, digest, limit=MOST_SHOWN)) for digest in found
    ]
    return DuplicatePage(
        items=[group for group in groups if group],
        next_cursor=encode_key(_EXACT, found[-1]) if more else None,
        total=None,
        progress=int(found[-1][:8], 16) / 2**32 if more else 1.0,
        dismissed=await queries.count_dismissals(work),
    )


async def near(work: Work, distance: int, *, limit: int, cursor: str | None) -> DuplicatePage:
    """Groups of pictures whose perceptual hashes differ in at most `distance` bits, from one to the next.

    Raises `BadCursor`, also for another distance's.
    """
    kind = f"duplicates.{distance}"
    after = _hash(kind, cursor) if cursor else None
    left = min(_STRETCH, _PROBES // probes(distance))
    part = max(1, left // _PARTS)
    found: list[set[int]] = []
    ended = False
    while left > 0 and len(found) < limit and not ended:
        stretch = min(left, part)
        walked = await queries.hashes(work, after=after, limit=stretch)
        clusters, last = await _clusters(work, walked, distance, limit - len(found))
        found += clusters
        left = left - len(walked) if last is None else 0
        ended = last is None and len(walked) < stretch
        after = last if last is not None else walked[-1][0] if walked else after
    groups = []
    for cluster in found:
        first = min(cluster, key=place)
        members = await queries.of_looks(work, cluster, limit=MOST_SHOWN)
        all_ = len(cluster) <= _MOST_HASHES
        groups.append(await _group(work, f"{place(first):016x}", members, all_=all_))
    return DuplicatePage(
        items=[group for group in groups if group],
        next_cursor=None if ended or after is None else encode_key(kind, str(after)),
        total=None,
        progress=1.0 if ended or after is None else share(after),
        dismissed=await queries.count_dismissals(work),
    )


async def dismiss(work: Work, image_ids: Sequence[UUID]) -> None:
    """Leave a group of these pictures out of account from now on. Raises `ImageNotFound`."""
    mine = library.visible_to(work.actor).where(
        Image.workspace_id == work.actor.workspace, Image.id.in_(image_ids)
    )
    known = set(await work.session.scalars(mine.with_only_columns(Image.id)))
    if len(known) < len(image_ids):
        raise ImageNotFound
    if not await queries.is_dismissed(work, image_ids):
        work.session.add(
            DuplicateDismissal(
                workspace_id=work.actor.workspace, user_id=work.actor.user_id, image_ids=list(image_ids)
            )
        )
        await work.session.flush()


async def _clusters(
    work: Work, walked: Sequence[tuple[int, int]], distance: int, limit: int
) -> tuple[list[set[int]], int | None]:
    """The clusters that begin in a stretch, and after which hash to go on; None where its end was reached."""
    clusters = Clusters()
    followed: set[int] = set()
    await _follow(work, clusters, followed, [hash for hash, _ in walked], distance)
    alike = [hash for hash, number in walked if number > 1 or len(clusters.of(hash)) > 1]
    found: list[set[int]] = []
    last: int | None = None
    for start in range(0, len(alike), _BATCH):
        batch = alike[start : start + _BATCH]
        if len(followed) > len(walked) + _MOST_FOLLOWED:
            return found, last
        await _close(work, clusters, followed, batch, distance)
        for hash in batch:
            if min(clusters.of(hash), key=place) == hash:
                if len(found) == limit:
                    return found, last
                found.append(clusters.of(hash))
            last = hash
    return found, None


async def _close(
    work: Work, clusters: Clusters, followed: set[int], around: Sequence[int], distance: int
) -> None:
    """Follow what is near to these hashes until nothing new comes, or too much has come."""
    while True:
        open_ = {
            hash
            for seed in around
            if len(clusters.of(seed)) <= _MOST_HASHES
            for hash in clusters.of(seed)
            if hash not in followed
        }
        if not open_:
            return
        await _follow(work, clusters, followed, sorted(open_), distance)


async def _follow(
    work: Work, clusters: Clusters, followed: set[int], hashes: Sequence[int], distance: int
) -> None:
    if hashes:
        clusters.join(await queries.near(work, hashes, distance, flips(distance)))
        followed.update(hashes)


async def _group(
    work: Work, key: str, members: queries.Members, *, all_: bool = True
) -> DuplicateGroup | None:
    """A group as the API shows it; None where it is dismissed, or no group any more."""
    if members.total < 2:
        return None
    whole = all_ and members.total == len(members.images)
    if whole and await queries.is_dismissed(work, [image.id for image in members.images]):
        return None
    return DuplicateGroup(
        key=key,
        images=[library_service.show(image) for image in members.images],
        total=members.total,
        whole=whole,
    )


def _hash(kind: str, cursor: str) -> int:
    words = decode_key(kind, cursor)
    try:
        (word,) = words
        hash = int(word)
    except ValueError as error:
        raise BadCursor from error
    if not -(2**63) <= hash < 2**63:
        raise BadCursor
    return hash


def _digest(cursor: str) -> str:
    words = decode_key(_EXACT, cursor)
    if len(words) != 1 or "\0" in words[0] or len(words[0]) > 64:
        raise BadCursor
    return words[0]
