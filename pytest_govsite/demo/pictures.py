"""Landscapes drawn by rule, as PNG. What can be written down is SVG, in templates/pictures."""
import math
import struct
import zlib
from functools import cache

WIDTH, HEIGHT = 960, 560
SCENES = 4
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
    chunks = {
        b"IHDR": struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0),
        b"PLTE": b"".join(bytes(tone) for tone in _TONES[number]),
        b"IDAT": zlib.compress(bytes(rows), 6),
        b"IEND": b"",
    }
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks.items())


def _ridge(number: int, depth: int) -> dict[int, list[int]]:
    """Row -> columns where the hills of this depth begin."""
    base, swing = HEIGHT * (0.36 + 0.17 * depth), HEIGHT * 0.1 / (1 + depth * 0.4)
    slow = (0.0042 + 0.0022 * depth, number * 1.7 + depth)
    wave = [slow, (0.014, number * 0.9 + 2.1 * depth), (0.031, number + depth)]
    begins: dict[int, list[int]] = {}
    for x in range(WIDTH):
        y = base - swing * sum(math.sin(x * step + shift) / (n + 1) for n, (step, shift) in enumerate(wave))
        begins.setdefault(int(y), []).append(x)
    return begins


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
