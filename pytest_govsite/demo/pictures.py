"""Pictures drawn by rule: landscapes as PNG, signs and banners as SVG."""
import math
import struct
import zlib
from functools import cache

SVG = "image/svg+xml"
WIDTH, HEIGHT = 960, 560
_TONES = (
    ((246, 219, 168), (235, 170, 120), (150, 110, 120), (96, 84, 112), (58, 62, 84)),
    ((188, 220, 240), (140, 190, 214), (106, 158, 140), (76, 126, 92), (52, 92, 66)),
    ((214, 232, 236), (170, 206, 222), (128, 170, 190), (90, 136, 150), (176, 150, 84)),
    ((250, 232, 190), (224, 196, 120), (196, 160, 70), (128, 132, 62), (84, 98, 52)),
)


@cache
def scene(number: int) -> bytes:
    """A landscape: sky and four ranges of hills, as PNG."""
    ridges = [_ridge(number, depth) for depth in range(4)]
    rows, row = bytearray(), bytearray(WIDTH)
    for y in range(HEIGHT):
        for x in (x for ridge in ridges for x in ridge.get(y, ())):
            row[x] += 1
        rows += b"\0" + row
    palette = b"".join(bytes(tone) for tone in _TONES[number % len(_TONES)])
    return b"\x89PNG\r\n\x1a\n" + b"".join((
        _chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)),
        _chunk(b"PLTE", palette),
        _chunk(b"IDAT", zlib.compress(bytes(rows), 6)),
        _chunk(b"IEND", b""),
    ))


def _ridge(number: int, depth: int) -> dict[int, list[int]]:
    """Row -> columns where the hills of this depth begin."""
    base, swing = HEIGHT * (0.36 + 0.17 * depth), HEIGHT * 0.1 / (1 + depth * 0.4)
    wave = [(0.0042 + 0.0022 * depth, number * 1.7 + depth), (0.014, number * 0.9 + 2.1 * depth), (0.031, number + depth)]
    begins: dict[int, list[int]] = {}
    for x in range(WIDTH):
        y = base - swing * sum(math.sin(x * step + shift) / (n + 1) for n, (step, shift) in enumerate(wave))
        begins.setdefault(int(y), []).append(x)
    return begins


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def banner(words: str, left: str, right: str) -> str:
    """A banner for a topic, as SVG."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="370" height="92" viewBox="0 0 370 92"><defs><linearGradient id="g">'
        f'<stop stop-color="{left}"/><stop offset="1" stop-color="{right}"/></linearGradient></defs><rect width="370" height="92" '
        f'fill="url(#g)"/><circle cx="330" cy="20" r="70" fill="#fff" opacity=".12"/><circle cx="300" cy="90" r="50" fill="#fff" '
        f'opacity=".1"/><text x="28" y="58" font-size="30" font-weight="bold" fill="#fff" font-family="sans-serif">{words}</text></svg>'
    )


def sign(words: str, second: str, colour: str) -> str:
    """A sign of two lines under a star, as those at the bottom of pages, as SVG."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="104" height="58" viewBox="0 0 104 58"><rect x="1" y="1" width="102" '
        f'height="56" rx="6" fill="#fff" stroke="{colour}" stroke-width="2"/><path d="M20 13l3.6 11h11.600l-9.400 6.800 3.600 11L20 35'
        f'l-9.400 6.800 3.600-11L4.800 24h11.600z" fill="{colour}"/><g font-size="15" font-family="sans-serif" fill="{colour}">'
        f'<text x="39" y="26">{words}</text><text x="39" y="46">{second}</text></g></svg>'
    )


def logo(name: str) -> str:
    """Name of the site beside an emblem, as SVG."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="430" height="72" viewBox="0 0 430 72"><circle cx="36" cy="36" r="34" '
        f'fill="#f7d154"/><circle cx="36" cy="36" r="29" fill="#c8161d"/><path d="M36 14l5 15.500h16L44 39l5 15.500L36 45l-13 9.500L28 39'
        f'l-13-9.500h16z" fill="#f7d154"/><text x="86" y="50" font-size="38" font-weight="bold" letter-spacing="4" fill="#fff" '
        f'font-family="sans-serif">{name}</text></svg>'
    )


SHIELD = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" viewBox="0 0 20 20"><path d="M10 1l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V4z" '
    'fill="#2c5aa0"/><path d="M10 5l1.500 4h4l-3.200 2.500 1.200 4L10 13l-3.500 2.500 1.200-4L4.500 9h4z" fill="#f7d154"/></svg>'
)
PORTRAIT = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="110" height="140" viewBox="0 0 110 140"><rect width="110" height="140" fill="#dfe6ee"/>'
    '<circle cx="55" cy="54" r="26" fill="#9fb2c6"/><path d="M12 140c4-38 24-50 43-50s39 12 43 50z" fill="#7e95ad"/></svg>'
)
