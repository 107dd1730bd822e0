"""Stock Rasa with DIET, run by the dialogue engine's own Python: `python diet.py IN OUT`.

An intent is a typology and an urgency together, for DIET knows one label. Nothing of this project is imported.
"""

import asyncio
import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

EPOCHS = int(os.environ.get("DIET_EPOCHS", "8"))
CONFIG = f"""\
recipe: default.v1
assistant_id: peer
language: zh
pipeline:
  - name: JiebaTokenizer
  - name: CountVectorsFeaturizer
  - name: CountVectorsFeaturizer
    analyzer: char_wb
    min_ngram: 1
    max_ngram: 4
    min_df: 2
  - name: DIETClassifier
    epochs: {EPOCHS}
    batch_size: [64, 256]
    entity_recognition: false
    random_seed: 0
policies: []
"""


def training_file(train):
    """The examples as Rasa's own YAML; one line each, for a line break would begin another."""
    intents = {}
    for example in train:
        text = " ".join(example["text"].split())
        intents.setdefault(f"{example['typology']}+{example['urgency']}", []).append(text)
    lines = ['version: "3.1"', "nlu:"]
    for intent, texts in sorted(intents.items()):
        lines += [f"- intent: {intent}", "  examples: |"]
        # brackets would be read as entities
        lines += ["    - " + text.translate(str.maketrans("[]{}()", "      ")) for text in texts]
    return "\n".join(lines)


def main(given: Path, out: Path) -> None:
    """Learn, read every row, and write what was read and what it took."""
    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu

    task = json.loads(given.read_text())
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        (project / "config.yml").write_text(CONFIG)
        (project / "nlu.yml").write_text(training_file(task["train"]))
        started = time.perf_counter()
        model = train_nlu(str(project / "config.yml"), str(project / "nlu.yml"), str(project / "models"))
        learning = time.perf_counter() - started
        agent = Agent.load(model)
        found, times = asyncio.run(read(agent, task["read"]))
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    out.write_text(json.dumps({"found": found, "times": times, "learning": learning, "megabytes": megabytes}))


async def read(agent, texts):
    """(typology, urgency) of each text and the milliseconds it took."""
    for text in texts[:10]:
        await agent.parse_message(text)
    found, times = [], []
    for text in texts:
        started = time.perf_counter()
        parsed = await agent.parse_message(text)
        times.append((time.perf_counter() - started) * 1000)
        typology, _, urgency = (parsed["intent"]["name"] or "none+none").partition("+")
        found.append((typology, urgency or "none"))
    return found, times


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
