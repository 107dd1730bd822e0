"""A reader of pictures that misbehaves as the picture says."""

import json
import os
import struct
import sys
import time


def main() -> None:
    """Speaks as the real one."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while head := source.read(4):
        wish = source.read(struct.unpack(">I", head)[0]).decode()
        if wish == "hang":
            time.sleep(600)
        if wish == "die":
            os._exit(9)
        if wish == "nonsense":
            sink.write(struct.pack(">I", 3) + b"{x}")
        elif wish == "endless":
            sink.write(struct.pack(">I", 2**31))
        else:
            body = json.dumps({"words": f"{wish} {os.getpid()}", "codes": []}).encode()
            sink.write(struct.pack(">I", len(body)) + body)
        sink.flush()


if __name__ == "__main__":
    main()
