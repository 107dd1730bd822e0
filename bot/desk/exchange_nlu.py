"""Rasa's NLU YAML as a table of examples: the intent tells kind and urgency, or what the caller says it stands for."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from bot.core.errors import DeskError
from bot.desk.exchange_columns import COLUMNS, Row
from bot.desk.exchange_files import Table, decoded

# [the words](entity) and [the words]{"entity": "..."}: only the words count.
ANNOTATION = re.compile(r"\[([^\[\]]+)\](?:\([^()]*\)|\{[^{}]*\})")
CHINESE = re.compile(r"[\u3400-\u9fff]")

Labels = Mapping[str, Mapping[str, str]]


def nlu_table(data: bytes, intents: Labels) -> Table:
    """The examples of a file; synonyms, regexes and lookup tables are passed over.

    Args:
        data: the file.
        intents: intent -> typology, urgency, form, language, for intents that do not tell by their name.

    Raises:
        DeskError: it is not YAML, or holds no `nlu`.
    """
    try:
        node = yaml.compose(decoded(data), Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = str(mark.line + 1) if mark else "1"
        raise DeskError(f"line {line} is not YAML: {error}", code="not_yaml", number=line) from error
    listed = _child(node, "nlu")
    if not isinstance(listed, yaml.SequenceNode):
        raise DeskError("no `nlu:` in this file: it is not Rasa's training data", code="not_nlu")
    rows = [row for entry in listed.value for row in _entry(entry, intents)]
    return Table(tuple(c.id for c in COLUMNS["examples"]), iter(rows), len(rows))


def _entry(entry: yaml.Node, intents: Labels) -> Iterator[tuple[int, Row | str]]:
    name = _child(entry, "intent")
    if name is None:
        return
    labels = {**_by_name(str(name.value)), **intents.get(str(name.value), {}), **_metadata(entry)}
    examples = _child(entry, "examples")
    if isinstance(examples, yaml.ScalarNode):
        for line, text in _lines(examples):
            yield line, _row(text, labels)
    elif isinstance(examples, yaml.SequenceNode):
        for one in examples.value:
            text = _child(one, "text") if isinstance(one, yaml.MappingNode) else one
            line = one.start_mark.line + 1
            if text is None:
                yield line, "an example without text"
            else:
                yield line, _row(str(text.value).strip(), {**labels, **_metadata(one)})


def _by_name(intent: str) -> dict[str, str]:
    typology, _, urgency = intent.partition("/")
    return {"typology": typology, "urgency": urgency}


def _row(text: str, labels: Mapping[str, str]) -> Row:
    said = ANNOTATION.sub(r"\1", text)
    language = "zh" if CHINESE.search(said) else "en"
    return {"language": language, "form": "first", **labels, "text": said}


def _lines(examples: yaml.ScalarNode) -> Iterator[tuple[int, str]]:
    """(line in the file, text) of the lines of a block that begin with a dash."""
    first = examples.start_mark.line + (2 if examples.style in {"|", ">"} else 1)
    for offset, line in enumerate(str(examples.value).split("\n")):
        text = line.strip()
        if text.startswith("- "):
            yield first + offset, text[2:].strip()


def _metadata(node: yaml.Node) -> dict[str, str]:
    found = _child(node, "metadata")
    if not isinstance(found, yaml.MappingNode):
        return {}
    known = {c.id for c in COLUMNS["examples"]} - {"text"}
    return {str(k.value): str(v.value) for k, v in found.value if k.value in known}


def _child(node: Any, key: str) -> Any:
    if isinstance(node, yaml.MappingNode):
        return next((value for name, value in node.value if name.value == key), None)
    return None
