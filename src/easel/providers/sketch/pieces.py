"""Looks made of pieces: blocks of pixels, triangles, glass, paper, a model; and what some looks strew on top.

Each takes `Plates` and gives an RGB image of their size (or an RGBA one to lay over, where it says so).
"""

from __future__ import annotations

from pyvips import Image

from .paint import Plates, assembled, clipped, noise, over, render
from .palette import shift
from .shapes import glow, graded, polygon
from .words import dice


def _svg(p: Plates, body: str, width: int | None = None, height: int | None = None) -> Image:
    return render(p.picture, [(0.0, body)], width or p.width, height or p.height, 1.0)


def motes(p: Plates) -> Image:
    """Floating lights, RGBA."""
    rng, picture = dice(p.picture.seed + 17), p.picture
    parts = []
    for _ in range(min(160, int(34 * min(picture.width, 4000) / 1000 * picture.detail))):
        x, y, r = (
            rng.uniform(0, picture.width),
            rng.uniform(0.1, 1) * picture.height,
            3 + 15 * rng.random() ** 3,
        )
        parts.append(glow(x, y, r * 2.6, rng.choice(("#fff2b0", "#ffd0f2", "#c9f4ff")), 0.9))
    return _svg(p, "".join(parts))


def seal(image: Image, p: Plates) -> Image:
    """A red seal in a corner."""
    w, h = p.picture.width, p.picture.height
    x, y = w - 130, h - 140
    marks = (
        "M18 18h26v6h-26ZM28 14h6v34h-6ZM18 40h28v6h-28ZM54 14h6v34h-6ZM50 22h22v5h-22ZM64 26h6v24h-6Z"
        "M18 56h54v5h-54ZM26 61h6v14h-6ZM56 61h6v14h-6ZM40 52h6v24h-6Z"
    )
    stone = (
        f'<rect width="88" height="88" rx="9" fill="#b3261e" opacity=".9"/><path d="{marks}" fill="#f6e9d6"/>'
    )
    body = f'<g transform="translate({x:.0f} {y:.0f})">{stone}</g>'
    return over(image, _svg(p, body))


def border(p: Plates, inset: float, edge: Image, wander: float) -> Image:
    """1 inside, 0 in an irregular margin; one float band."""
    index = Image.xyz(p.width, p.height).cast("float")
    x, y = index.extract_band(0), index.extract_band(1)
    short = min(p.width, p.height)
    far_x, far_y = (p.width - 1) - x, (p.height - 1) - y
    near_x = (x < far_x).ifthenelse(x, far_x)
    near_y = (y < far_y).ifthenelse(y, far_y)
    near = (near_x < near_y).ifthenelse(near_x, near_y)
    field = (near / short - inset * 0.6 + edge * wander * 0.5) * 70
    return (field > 1).ifthenelse(1, (field < 0).ifthenelse(0, field))


def pixel_art(p: Plates) -> Image:
    """Large pixels in few colours, dithered by a fixed pattern, the subject outlined."""
    cell = max(2, round(p.px(1000 / 112)))
    w, h = max(4, -(-p.width // cell)), max(4, -(-p.height // cell))
    image = assembled(p, None, 0.5)
    small = image.resize(w / p.width, vscale=h / p.height, kernel="linear" if cell < 3 else "cubic").gravity(
        "centre", w, h, extend="copy"
    )
    bayer = [[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]
    pattern = Image.new_from_array([[(v - 7.5) / 16 * 22 for v in row] for row in bayer])
    pattern = pattern.replicate(-(-w // 4), -(-h // 4)).crop(0, 0, w, h)
    lively = (small - 128) * 1.22 + 132
    levels = 7
    table = [round(round(v / 255 * (levels - 1)) * 255 / (levels - 1)) for v in range(256)]
    few = clipped(lively + pattern).maplut(Image.new_from_array([table]).cast("uchar"))
    alpha = (
        p.cast.extract_band(3)
        .resize(w / p.width, vscale=h / p.height, kernel="linear")
        .gravity("centre", w, h)
    )
    solid = clipped((alpha > 110).ifthenelse(255, 0))
    ring = clipped(solid.rank(3, 3, 8) - solid)
    few = clipped(ring.ifthenelse([34, 24, 48], few)).copy(interpretation="srgb")
    return few.zoom(cell, cell).crop(0, 0, p.width, p.height)


def low_poly(p: Plates) -> Image:
    """Triangles whose corners have moved to where colours meet."""
    image = assembled(p, None, 0.5)
    cells = 34
    short = min(p.width, p.height)
    nx = max(3, min(170, round(cells * p.width / short)))
    ny = max(3, min(170, round(cells * p.height / short)))
    k = 5
    w, h = nx * k, ny * k
    small = image.resize(w / p.width, vscale=h / p.height, kernel="linear").gravity(
        "centre", w, h, extend="copy"
    )
    small = clipped(small).copy_memory()
    strength = small.gaussblur(0.7).sobel()
    edge = bytes(clipped(strength.bandmean()).write_to_memory())
    pixels = bytes(small.gaussblur(0.8).write_to_memory())
    rng = dice(p.picture.seed + 23)
    points: list[list[tuple[float, float]]] = []
    for j in range(ny + 1):
        row = []
        for i in range(nx + 1):
            x, y = i * k, j * k
            if 0 < i < nx and 0 < j < ny:
                best, at = 14.0, (x + rng.uniform(-1.5, 1.5), y + rng.uniform(-1.5, 1.5))
                for dy in range(-2, 3):
                    base = (y + dy) * w + x
                    for dx in range(-2, 3):
                        value = edge[base + dx]
                        if value > best:
                            best, at = value, (x + dx + 0.5, y + dy + 0.5)
                row.append(at)
            else:
                row.append((float(x), float(y)))
        points.append(row)

    def tone(x: float, y: float) -> tuple[int, int, int]:
        at = (min(h - 1, max(0, int(y))) * w + min(w - 1, max(0, int(x)))) * 3
        return pixels[at], pixels[at + 1], pixels[at + 2]

    sx, sy = p.picture.width / w, p.picture.height / h
    parts = []
    for j in range(ny):
        for i in range(nx):
            a, b, c, d = points[j][i], points[j][i + 1], points[j + 1][i + 1], points[j + 1][i]
            ta, tb, tc, td = tone(*a), tone(*b), tone(*c), tone(*d)
            main = sum(abs(u - v) for u, v in zip(ta, tc, strict=True)) <= sum(
                abs(u - v) for u, v in zip(tb, td, strict=True)
            )
            for number, corners in enumerate(((a, b, c), (a, c, d)) if main else ((a, b, d), (b, c, d))):
                cx, cy = sum(q[0] for q in corners) / 3, sum(q[1] for q in corners) / 3
                colour = tone(cx, cy)
                lift = (10 if number else -8) + rng.uniform(-7, 7)
                red, green, blue = (min(255, max(0, int(v * 1.06 + lift))) for v in colour)
                data = "L".join(f"{q[0] * sx:.1f} {q[1] * sy:.1f}" for q in corners)
                fill = f"#{red:02x}{green:02x}{blue:02x}"
                parts.append(f'<path d="M{data}Z" fill="{fill}" stroke="{fill}"/>')
    mosaic = _svg(p, f'<g stroke-width="1.2" stroke-linejoin="round">{"".join(parts)}</g>')
    return mosaic.flatten(background=[0, 0, 0])


def _cells(p: Plates, count: int, seed: int) -> list[tuple[float, float, list[tuple[float, float]]]]:
    """Voronoi cells over the picture: the seed point and the polygon, in units."""
    rng = dice(seed)
    w, h = p.picture.width, p.picture.height
    nx, ny = max(2, min(60, round(count * w / 1000))), max(2, min(60, round(count * h / 1000)))
    dots = {
        (i, j): ((i + 0.5 + rng.uniform(-0.44, 0.44)) * w / nx, (j + 0.5 + rng.uniform(-0.44, 0.44)) * h / ny)
        for i in range(nx)
        for j in range(ny)
    }
    cells = []
    for (i, j), (x, y) in dots.items():
        shape = [(-9.0, -9.0), (w + 9, -9.0), (w + 9, h + 9), (-9.0, h + 9)]
        for di in range(-2, 3):
            for dj in range(-2, 3):
                other = dots.get((i + di, j + dj))
                if other is None or (di == 0 and dj == 0):
                    continue
                mx, my, nxv, nyv = (x + other[0]) / 2, (y + other[1]) / 2, other[0] - x, other[1] - y
                kept: list[tuple[float, float]] = []
                sides = [(q[0] - mx) * nxv + (q[1] - my) * nyv for q in shape]
                for n, q in enumerate(shape):
                    r, s, t = shape[n - 1], sides[n - 1], sides[n]
                    if (s <= 0) != (t <= 0):
                        f = s / (s - t)
                        kept.append((r[0] + (q[0] - r[0]) * f, r[1] + (q[1] - r[1]) * f))
                    if t <= 0:
                        kept.append(q)
                shape = kept
                if not shape:
                    break
        if shape:
            cells.append((x, y, shape))
    return cells


def stained_glass(p: Plates) -> Image:
    """Panes of one colour each behind, the subject in its own panes, all in lead, light coming through."""
    k = 4
    w, h = max(2, p.width // k), max(2, p.height // k)
    small = clipped(p.back.resize(w / p.width, vscale=h / p.height, kernel="linear")).gravity(
        "centre", w, h, extend="copy"
    )
    pixels = bytes(clipped(small.gaussblur(1.5)).write_to_memory())
    rng = dice(p.picture.seed + 41)
    panes, lead = [], []
    for x, y, shape in _cells(p, 13, p.picture.seed + 40):
        at = (min(h - 1, int(y * p.unit / k)) * w + min(w - 1, int(x * p.unit / k))) * 3
        tone = "#" + "".join(f"{v:02x}" for v in pixels[at : at + 3])
        tone = shift(tone, chroma=1.7, light=rng.uniform(-0.07, 0.08), turn=rng.uniform(-9, 9))
        panes.append(graded(shape, shift(tone, light=0.06), shift(tone, light=-0.05)))
        lead.append(polygon(shape, "none"))
    glass = _svg(p, "".join(panes)).flatten(background=[20, 20, 26])
    leads = _svg(p, f'<g stroke="#17141c" stroke-width="9" stroke-linejoin="round">{"".join(lead)}</g>')
    base = over(glass, leads)
    own = p.cast.extract_band(0, n=3)
    rich = clipped((own - 128) * 1.4 + 116)
    strength = p.cast_on_grey().gaussblur(p.px(0.6, 0.3)).sobel()
    seams = clipped(strength.bandmean() * 3).gaussblur(p.px(2.6, 0.6))
    alpha = p.cast.extract_band(3)
    ring = clipped(alpha.gaussblur(p.px(5, 0.8)) * 4)
    black = Image.black(p.width, p.height, bands=3).linear(1, [23, 20, 28]).cast("uchar")
    base = over(base, black.bandjoin(clipped((ring > 60).ifthenelse(255, ring))).copy(interpretation="srgb"))
    base = over(base, rich.bandjoin(alpha).copy(interpretation="srgb"))
    base = over(base, black.bandjoin(clipped(seams * 2.6)).copy(interpretation="srgb"))
    ripple = noise(p.width, p.height, max(2.0, 30 * p.unit), p.picture.seed + 44, 3)
    through = _svg(p, glow(p.picture.width * 0.5, p.picture.height * 0.38, 780, "#fff6d8", 0.3))
    return clipped(over(base, through) * (1.02 + ripple * 0.22))


def paper_cut(p: Plates) -> Image:
    """Sheets of coloured paper, each with its shadow on the one behind."""
    picture = p.picture
    sheets: list[list[tuple[float, str]]] = []
    last = -1.0
    for start, svg in picture.behind:
        if abs(start - last) > 0.001 or not sheets:
            sheets.append([])
            last = start
        sheets[-1].append((start, svg))
    while len(sheets) > 4:
        index = min(
            range(len(sheets) - 1),
            key=lambda i: sum(len(t) for _, t in sheets[i]) + sum(len(t) for _, t in sheets[i + 1]),
        )
        sheets[index : index + 2] = [sheets[index] + sheets[index + 1]]
    sheets += [[*picture.floor, *picture.shore], picture.cast, picture.front]
    base = render(picture, [*picture.sky, *picture.heaped], p.width, p.height, p.finish).flatten(
        background=[240, 236, 228]
    )
    base = _flat(base)
    for number, sheet in enumerate(sheets):
        if not sheet:
            continue
        top = render(picture, sheet, p.width, p.height, p.finish)
        alpha = top.extract_band(3)
        alpha = clipped((alpha > 96).ifthenelse(255, alpha * 0.5)) if number < len(sheets) - 1 else alpha
        shade = alpha.shrink(2, 2).gaussblur(p.px(7, 0.6)) if min(p.width, p.height) > 64 else alpha
        shade = shade.resize(p.width / shade.width, vscale=p.height / shade.height, kernel="linear").gravity(
            "centre", p.width, p.height, extend="copy"
        )
        away = max(1, round(p.px(11)))
        shade = shade.embed(away // 2, away, p.width, p.height, extend="copy") if away else shade
        base = clipped(base * (1 - shade.cast("float") / 255 * 0.5))
        base = over(base, _flat(top.extract_band(0, n=3)).bandjoin(alpha).copy(interpretation="srgb"))
    fibre = noise(p.width, p.height, max(2.0, 4 * p.unit), picture.seed + 51, 2)
    return clipped(base * (fibre * 0.075 + 1.03))


def _flat(image: Image) -> Image:
    """Gradients cut to a few tones, as paper has no gradients."""
    table = [min(255, round(v / 28) * 28 + 8) for v in range(256)]
    return image.maplut(Image.new_from_array([table]).cast("uchar"))
