"""A library of very many pictures, made by the database alone: `seed`.

Values are skewed as people's are: a few models made most, a few words are in most prompts and most words in few, most
pictures have no rating and no tag. A third of all belong to families of twenty, a few to some of a thousand; there are
projects and collections of all sizes.
"""

from __future__ import annotations

from hashlib import md5
from typing import Final
from uuid import UUID

import psycopg

from easel.base.db import conninfo

_STRETCH: Final = 50_000

# Version 7, as the studio's own: the newest come last in the order of ids.
_IDS: Final = """
CREATE FUNCTION pg_temp.picture_id(n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex(1800000000000 - n * 97000), 12, '0') || '7' || left(md5(n::text), 3)
            || '8' || substr(md5(n::text), 4, 15))::uuid
$$
"""
# Zipf: the n-th of a list comes 1/n as often as the first. Words 1 to 20,000, with some that are real. The larger the
# number, the older the picture; so a parent's number is larger than its child's.
_PICTURES: Final = """
INSERT INTO images (id, workspace_id, user_id, project_id, file_path, content_hash, format, width, height, file_size,
    rendered_at, thumbhash, perceptual_hash, colors, operation, prompt, negative_prompt, model_id, model_version,
    parameters, seed, generation_time, alt_text, title, notes, tags, rating, is_favorite, is_public, likes,
    parent_image_id, created_at, updated_at)
SELECT pg_temp.picture_id(n), %(workspace)s, %(user)s,
    CASE WHEN tenth THEN md5('project ' || floor(power(12, abs(hashint4(n)) %% 1000 / 1000.0)))::uuid END,
    'originals/' || md5(n::text), md5(n::text) || md5(n::text),
    'png', size[1], size[2], 900000 + n %% 700000, now(), decode(md5(n::text) || md5(n::text), 'hex'),
    ('x' || md5(n::text))::bit(64)::bigint, ARRAY['#' || left(md5(n::text), 6), '#222222'],
    CASE WHEN chance < 0.0002 THEN 'outpaint' WHEN chance < 0.01 THEN 'inpaint' WHEN chance < 0.12 THEN 'upscale'
         WHEN chance < 0.3 THEN 'variation' ELSE 'text-to-image' END,
    prompt || CASE WHEN n %% 65537 = 4711 THEN ' zeppelin' ELSE '' END, '',
    'provider' || (model %% 4) || '/model-' || model, '1', '{"steps": 20, "guidance": 7.5}', n, 2.5, prompt,
    CASE WHEN n %% 12 = 0 THEN initcap(split_part(prompt, ' ', 3)) || ' ' || n END,
    CASE WHEN n %% 200 = 0 THEN 'for the client' END, tags,
    stars, favorite, n %% 1013 = 0, (n %% 1013 = 0)::int * (n %% 50),
    CASE WHEN place > 0 THEN pg_temp.picture_id(n + place - (place - 1) / 3) END, at, at
FROM generate_series(%(first)s::int, %(last)s::int) AS n,
LATERAL (SELECT floor(1 + 5 * random() + 0 * n)::int AS kind) AS shaped,
LATERAL (
    SELECT now() - n * interval '97 seconds' AS at,
        floor(power(40, random() + 0 * n))::int AS model,
        (ARRAY[ARRAY[1024,1024], ARRAY[1344,768], ARRAY[768,1344], ARRAY[1024,1024], ARRAY[512,512]])
            [kind:kind] AS sizes,
        random() + 0 * n AS chance, random() + 0 * n < 0.1 AS tenth, random() + 0 * n < 0.04 AS favorite,
        CASE WHEN random() + 0 * n < 0.14 THEN floor(1 + 5 * random() + 0 * n)::int END AS stars,
        CASE WHEN (n - 1) / 1000 %% 50 = 0 THEN 999 - (n - 1) %% 1000
             WHEN (n - 1) / 20 %% 3 = 0 THEN 19 - (n - 1) %% 20 ELSE 0 END AS place
) AS made,
LATERAL (SELECT ARRAY[sizes[1][1], sizes[1][2]] || '{}'::int[] AS size) AS sized,
LATERAL (
    SELECT 'a ' || (ARRAY['photo', 'painting', 'drawing', 'portrait', 'render'])[floor(1 + 5 * random() + 0 * n)::int]
        || ' of ' || string_agg('word' || floor(power(20000, random() + 0 * n * w))::int, ' ') AS prompt
    FROM generate_series(1, 18) AS w
) AS said,
LATERAL (
    SELECT CASE WHEN n %% 3 = 0 THEN array_agg(DISTINCT 'tag' || floor(power(2000, random() + 0 * n * t))::int)
        || CASE WHEN n %% 50021 = 17 THEN ARRAY['rare'] ELSE '{}' END ELSE '{}' END AS tags
    FROM generate_series(1, 1 + n %% 4) AS t
) AS tagged
"""
_FAMILIES: Final = """
INSERT INTO lineage (image_id, parent_id, root_id, workspace_id, operation, created_at)
SELECT images.id, parent_image_id,
    pg_temp.picture_id(CASE WHEN (seed - 1) / 1000 %% 50 = 0 THEN ((seed - 1) / 1000 + 1) * 1000
                            ELSE ((seed - 1) / 20 + 1) * 20 END), workspace_id, operation, created_at
FROM images WHERE workspace_id = %(workspace)s AND ((seed - 1) / 1000 %% 50 = 0 OR (seed - 1) / 20 %% 3 = 0)
"""
_PLACES: Final = """
INSERT INTO projects (id, workspace_id, user_id, name)
SELECT md5('project ' || n)::uuid, %(workspace)s, %(user)s, 'Project ' || n FROM generate_series(1, 11) AS n
"""
_COLLECTIONS: Final = """
WITH made AS (
    INSERT INTO collections (id, workspace_id, user_id, name)
    SELECT md5('collection ' || n)::uuid, %(workspace)s, %(user)s, 'Collection ' || n FROM generate_series(1, 11) AS n
)
INSERT INTO collection_images (id, collection_id, image_id, position)
SELECT md5('place ' || seed)::uuid,
    md5('collection ' || floor(power(12, abs(hashint4(seed::int)) %% 1000 / 1000.0)))::uuid, id, seed * 1000
FROM images WHERE workspace_id = %(workspace)s AND seed %% 37 = 0
"""
# What triggers keep otherwise, for which each of the stretches would be looked through again.
_COUNTS: Final = """
WITH used AS (
    INSERT INTO storage_use (workspace_id, user_id, project, images, bytes)
    SELECT workspace_id, user_id, coalesce(project_id, '00000000-0000-0000-0000-000000000000'), count(*), sum(file_size)
    FROM images WHERE workspace_id = %(workspace)s GROUP BY 1, 2, 3
)
UPDATE projects SET image_count = counted.images, newest_image_id = counted.newest FROM (
    SELECT project_id, count(*) AS images, (array_agg(id ORDER BY created_at DESC))[1] AS newest
    FROM images WHERE workspace_id = %(workspace)s GROUP BY project_id
) AS counted WHERE projects.id = counted.project_id
"""


def seed(url: str, workspace: UUID, user: UUID, rows: int) -> None:
    """So many pictures in a workspace, which is the first to have any; indexes are made again at the end."""
    whose = {"workspace": workspace, "user": user}
    with psycopg.connect(conninfo(url), autocommit=True) as connection:
        connection.execute("SET maintenance_work_mem = '256MB'")
        connection.execute("SET session_replication_role = replica")
        gone = connection.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'images' AND indexname <> 'pk_images'"
        ).fetchall()
        for name, _ in gone:
            connection.execute(f'DROP INDEX "{name}"'.encode())
        connection.execute(_IDS)
        connection.execute(_PLACES, whose)
        for first in range(1, rows + 1, _STRETCH):
            values = {**whose, "first": first, "last": min(first + _STRETCH - 1, rows)}
            connection.execute(_PICTURES, values)
        for statement in (_FAMILIES, _COLLECTIONS, _COUNTS):
            connection.execute(statement, whose)
        for _, definition in gone:
            connection.execute(definition.encode())
        connection.execute("VACUUM (ANALYZE) images, lineage, collection_images, projects")


def collection(n: int) -> UUID:
    """The n-th collection's id; the first is the largest."""
    return _id(f"collection {n}")


def project(n: int) -> UUID:
    """The n-th project's id; the first is the largest."""
    return _id(f"project {n}")


def picture(n: int) -> UUID:
    """The id of the n-th picture from the newest."""
    random = md5(str(n).encode(), usedforsecurity=False).hexdigest()
    return UUID(f"{1_800_000_000_000 - n * 97_000:012x}7{random[:3]}8{random[3:18]}")


def _id(name: str) -> UUID:
    return UUID(md5(name.encode(), usedforsecurity=False).hexdigest())
