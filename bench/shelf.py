"""A large library to measure: a few real pictures with thumbnails, and as many rows as are wanted that show them."""

from __future__ import annotations

import pyvips
from sqlalchemy import text

from bench.studio import ORIGIN
from easel.core.actor import Actor
from easel.core.work import Studio
from easel.features.library import service as library

_SIZES = ((768, 768), (1024, 640), (640, 1024), (900, 600), (576, 1024), (1024, 576))
_PICTURES = 48

# What rows differ in is made from their number, so that every run measures the same library.
_COPIES = """
INSERT INTO images (
    id, workspace_id, user_id, file_path, content_hash, format, width, height, file_size, rendered_at, thumbhash,
    perceptual_hash, colors, operation, prompt, negative_prompt, model_id, model_version, parameters, seed,
    cost_credits, title, alt_text, tags, rating, is_favorite, created_at, updated_at
)
SELECT
    gen_random_uuid(), i.workspace_id, i.user_id, i.file_path, i.content_hash, i.format, i.width, i.height,
    i.file_size, i.rendered_at, i.thumbhash, i.perceptual_hash, i.colors, i.operation,
    (ARRAY['a red fox in the snow', 'a lighthouse at dusk', 'a bowl of lemons', 'a city made of glass',
           'an old map of the moon', 'two herons by a river'])[1 + n % 6]
        || (ARRAY[', oil on canvas', ', watercolour', ', studio light', ', 35 mm film'])[1 + n / 6 % 4],
    '', (ARRAY['sketch/sketch-1', 'fal/flux-dev', 'openai/gpt-image-2'])[1 + n % 3], '1', i.parameters, n,
    0, CASE WHEN n % 5 = 0 THEN 'Picture ' || n END, i.alt_text,
    CASE n % 4 WHEN 0 THEN ARRAY['animals'] WHEN 1 THEN ARRAY['animals', 'winter'] WHEN 2 THEN ARRAY['still life']
               ELSE ARRAY[]::text[] END,
    NULLIF(n % 6, 0), n % 11 = 0, moment, moment
FROM (SELECT n, now() - n * interval '11 minutes' AS moment FROM generate_series(1, :number) AS n) AS numbers
JOIN (SELECT *, row_number() OVER (ORDER BY id) AS place FROM images WHERE user_id = :user) AS i
  ON i.place = 1 + numbers.n * 7 % :pictures
"""


async def fill(studio: Studio, actor: Actor, number: int) -> None:
    """Make someone's library hold `number` pictures and a few more, their thumbnails there."""
    originals = [await library.keep(studio, _picture(seed)) for seed in range(_PICTURES)]
    async with studio.work(actor) as work:
        images = [
            await library.add_image(work, original, ORIGIN, seed=seed, facts={})
            for seed, original in enumerate(originals)
        ]
    for image in images:
        await library.make_renditions(studio, image.id)
    async with studio.work(Actor.system()) as work:
        wanted = {"number": number, "user": actor.user, "pictures": _PICTURES}
        await work.session.execute(text(_COPIES), wanted)
        await work.session.execute(text("ANALYZE images"))


def _picture(seed: int) -> bytes:
    """A picture of two colours that run into each other, unlike any of another seed."""
    width, height = _SIZES[seed % len(_SIZES)]
    noise = pyvips.Image.perlin(width, height, cell_size=width // (2 + seed % 4), seed=seed + 1)
    parts = [noise * (40 + seed * band % 60) + (60 + (seed * 53 * band) % 150) for band in (1, 2, 3)]
    picture = parts[0].bandjoin(parts[1:]).cast("uchar").copy(interpretation="srgb")
    data: bytes = picture.webpsave_buffer(Q=80)
    return data
