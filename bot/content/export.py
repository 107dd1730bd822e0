"""A release as the folder of YAML files that would seed it again."""

from collections.abc import Iterable
from typing import Any

LISTED = {"answer": ("answers", "topic"), "case": ("cases", "typology")}
IN_ONE_FILE = {
    "reply": ("replies/replies.yml", "replies"),
    "frame": ("frames/frames.yml", "frames"),
    "question": ("questions/questions.yml", "questions"),
    "hotline": ("hotlines.yml", "hotlines"),
    "place": ("hotlines.yml", "places"),
}


def as_files(pieces: Iterable[tuple[str, str, dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    """Relative path -> document, readable by `bot.content.files.read_folder`."""
    files: dict[str, dict[str, Any]] = {}
    for kind, key, body in pieces:
        if kind == "typology":
            files[f"typologies/{key}.yml"] = body
        elif kind == "examples":
            folder, name = ("benign", key.removeprefix("benign_")) if key.startswith("benign_") else ("examples", key)
            files[f"{folder}/{name}.yml"] = body
        elif kind in LISTED:
            folder, group = LISTED[kind]
            files.setdefault(f"{folder}/{body[group]}.yml", {folder: []})[folder].append(body)
        elif kind in IN_ONE_FILE:
            path, name = IN_ONE_FILE[kind]
            files.setdefault(path, {}).setdefault(name, []).append(body)
        else:
            files[f"{kind}.yml"] = body
    return files
