"""PDFs written by hand, object by object, for what no program of ours writes."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence

_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def pdf_of(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    out = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (len(objects) + 1, trailer)
    return out + b"startxref\n%d\n%%%%EOF" % start


def stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), more, content)


def packed(content: bytes) -> bytes:
    return stream(zlib.compress(content, 9), b"/Filter /FlateDecode")


FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def one_page(content: bytes, page: bytes = b"", trailer: bytes = b"") -> bytes:
    """A page with a content stream, given as an object; its font is F."""
    return pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R %s"
            b" /Resources << /Font << /F 5 0 R >> >> >>" % page,
            content,
            FONT,
        ],
        trailer,
    )


def text_page(text: str = "Hello", page: bytes = b"") -> bytes:
    return one_page(stream(b"BT /F 20 Tf 72 700 Td (%s) Tj ET" % text.encode()), page)


def many_pages(count: int, claimed: int | None = None) -> bytes:
    """Pages that share one content. claimed: how many the file says it has."""
    kids = b" ".join(b"%d 0 R" % number for number in range(5, count + 5))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R"
    page += b" /Resources << /Font << /F 4 0 R >> >> >>"
    return pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, claimed or count),
            stream(b"BT /F 20 Tf 72 700 Td (A page with some words on it) Tj ET"),
            FONT,
            *[page] * count,
        ]
    )


def _rc4(key: bytes, data: bytes) -> bytes:
    box = list(range(256))
    j = 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)


def encrypted(password: str, owner: str = "owner") -> bytes:
    """A page that opens with a password; "" = anybody opens it, as where only changes are forbidden."""

    def padded(word: str) -> bytes:
        return (word.encode() + _PADDING)[:32]

    identity = b"0123456789abcdef"
    owner_entry = _rc4(hashlib.md5(padded(owner)).digest()[:5], padded(password))
    rights = -4
    key = hashlib.md5(
        padded(password) + owner_entry + rights.to_bytes(4, "little", signed=True) + identity
    ).digest()[:5]
    user_entry = _rc4(key, _PADDING)
    of_content = hashlib.md5(key + (4).to_bytes(3, "little") + b"\0\0").digest()[:10]
    content = _rc4(of_content, b"BT /F 20 Tf 72 700 Td (Secret words) Tj ET")
    encryption = (
        b"/Encrypt << /Filter /Standard /V 1 /R 2 /P %d /O <%s> /U <%s> >> /ID [<%s> <%s>]"
        % (
            rights,
            owner_entry.hex().encode(),
            user_entry.hex().encode(),
            identity.hex().encode(),
            identity.hex().encode(),
        )
    )
    return one_page(stream(content), trailer=encryption)
