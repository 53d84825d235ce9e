"""Pictures as small as they can be."""

import struct
import zlib


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\x00\xc2\x18\x5b"))
    + _chunk(b"IEND", b"")
)
JPEG = b"\xff\xd8\xff\xe0" + bytes(20)
WEBP = b"RIFF" + struct.pack("<I", 20) + b"WEBPVP8L" + bytes(8)
