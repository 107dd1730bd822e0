"""Long texts cut into pieces a sentence encoder can hold in mind."""

CHUNK_CHARS = 600


def split(text: str) -> list[str]:
    """Chunks of at most about 600 characters, cut at line or sentence ends where there are any."""
    chunks: list[str] = []
    rest = text
    while len(rest) > CHUNK_CHARS:
        cut = max(rest.rfind(mark, CHUNK_CHARS // 2, CHUNK_CHARS) for mark in "\n。!?;,. ")
        cut = cut + 1 if cut > 0 else CHUNK_CHARS
        chunks.append(rest[:cut])
        rest = rest[cut:]
    return [*chunks, rest] if rest.strip() or not chunks else chunks
