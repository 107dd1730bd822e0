"""Makes `dots.bin` from the `unifont.hex` of GNU Unifont; how to run it stands in README.md beside this file."""

import sys
import zlib
from pathlib import Path

# 16 rows of 16 dots, four hexadecimal digits a row
FULL = 64


def gb2312() -> list[str]:
    """Every character of GB2312, in the order of its code."""
    found = []
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                found.append(bytes((row, cell)).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    return found


def packed(hex_lines: list[str]) -> bytes:
    """Code point (2 bytes) and rows (32 bytes) of each character that is 16 dots wide, compressed."""
    dots = dict(line.strip().split(":") for line in hex_lines if ":" in line)
    out = bytearray()
    for character in gb2312():
        rows = dots.get(f"{ord(character):04X}", "")
        if len(rows) == FULL:
            out += ord(character).to_bytes(2, "big") + bytes.fromhex(rows)
    return zlib.compress(bytes(out), 9)


if __name__ == "__main__":
    source = Path(sys.argv[1]).read_text(encoding="ascii").splitlines()
    (Path(__file__).parent / "dots.bin").write_bytes(packed(source))
