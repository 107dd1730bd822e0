"""Runs in Rasa's environment: [[intent, confidence, metadata], ...] in, the intents the gate decides out, as JSON."""

import json
import sys

from bot.engine.components.gate import AssessmentGate

gate = AssessmentGate(AssessmentGate.get_default_config())
print(json.dumps([gate.decide(*case) for case in json.load(sys.stdin)]))
