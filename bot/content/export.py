"""A release as the folder of YAML files that would seed it again."""

from collections.abc import Iterable
from typing import Any

LISTED = {"answer": ("answers", "topic"), "case": ("cases", "typology")}
ONE_FILE_EACH = {"typology": "typologies", "template": "templates"}
IN_ONE_FILE = {
    "reply": ("replies/replies.yml", "replies"),
    "frame": ("frames/frames.yml", "frames"),
    "question": ("questions/questions.yml", "questions"),
    "hotline": ("hotlines.yml", "hotlines"),
    "place": ("hotlines.yml", "places"),
    "audience": ("audiences.yml", "audiences"),
    "warning": ("warnings/warnings.yml", "warnings"),
    "screen": ("screens/screens.yml", "screens"),
    "led": ("led/led.yml", "led"),
    "prompt_card": ("prompt_cards/prompt_cards.yml", "prompt_cards"),
    "leaflet": ("leaflets/leaflets.yml", "leaflets"),
    "handbook": ("handbook/handbook.yml", "handbook"),
    "quiz": ("quiz/quiz.yml", "quiz"),
    "film": ("films/films.yml", "films"),
    "campaign": ("calendar.yml", "campaigns"),
    "checklist": ("checklists/checklists.yml", "checklists"),
    "tap": ("kiosk/choices.yml", "choices"),
    "picture": ("kiosk/pictures.yml", "pictures"),
    "drill": ("kiosk/drills.yml", "drills"),
}


def as_files(pieces: Iterable[tuple[str, str, dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    """Relative path -> document, readable by `bot.content.files.read_folder`."""
    files: dict[str, dict[str, Any]] = {}
    for kind, key, body in pieces:
        if kind in ONE_FILE_EACH:
            files[f"{ONE_FILE_EACH[kind]}/{key}.yml"] = body
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
