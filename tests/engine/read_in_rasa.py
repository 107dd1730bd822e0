"""Runs in Rasa's environment: {"model", "texts"} in, [[intent, confidence], ...] of the trained model out, as JSON."""

import asyncio
import json
import sys

from rasa.core.agent import load_agent


async def read(given: dict) -> list:
    """What the model makes of each text, without an assessment beside it."""
    agent = await load_agent(model_path=given["model"])
    found = [(await agent.parse_message(text))["intent"] for text in given["texts"]]
    return [[intent["name"], intent["confidence"]] for intent in found]


print(json.dumps(asyncio.run(read(json.load(sys.stdin)))))
