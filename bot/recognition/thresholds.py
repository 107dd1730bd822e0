"""How sure to be before flagging, by form and language of a text."""

from collections.abc import Sequence

import numpy as np

from bot.core.content import Example
from bot.core.vocabulary import Form, Language, Urgency
from bot.recognition.model import FORMS, URGENCIES, softmax
from bot.recognition.ngrams import Array

# A share of false alarms costs this many times the same share of dangers missed: far more texts are harmless, and most
# of those are questions and accounts of a customer's own.
FALSE_ALARM_COST, OFTEN_HARMLESS_COST = 2.0, 3.0
OFTEN_HARMLESS = frozenset({Form.QUESTION, Form.FIRST})
# The cost is flat in the middle and jumps about with every learning: within these bounds, and no further.
LEAST_SURE, USUALLY, MOST_SURE = 0.6, 0.65, 0.7
STEP = 0.025
ENOUGH = 40


def key(form: Form, *, english: bool) -> str:
    """The name of a threshold."""
    return f"{form.value}:{'en' if english else 'zh'}"


def thresholds(scores: Array, examples: Sequence[Example]) -> dict[str, float]:
    """Where misses and false alarms together cost least among texts of strangers, within bounds.

    `scores` are urgency scores of each example by a reader that saw nothing of its source.
    """
    flagged = softmax(scores)[:, [u.flagged for u in URGENCIES]].sum(axis=1)
    harmless = np.array([e.urgency is Urgency.NONE for e in examples])
    dangerous = np.array([e.urgency.flagged for e in examples])
    speaks_english = np.array([e.language is Language.EN for e in examples])
    forms = np.array([FORMS.index(e.form) for e in examples])
    found = {}
    for form in FORMS:
        for english in (False, True):
            own = (forms == FORMS.index(form)) & (speaks_english == english)
            cost = OFTEN_HARMLESS_COST if form in OFTEN_HARMLESS else FALSE_ALARM_COST
            found[key(form, english=english)] = _cheapest(flagged[own & dangerous], flagged[own & harmless], cost)
    return found


def _cheapest(dangerous: Array, harmless: Array, cost: float) -> float:
    if len(dangerous) < ENOUGH or len(harmless) < ENOUGH:
        return USUALLY
    steps = np.arange(LEAST_SURE, MOST_SURE + STEP / 2, STEP)
    costs = [np.mean(dangerous < s) + cost * np.mean(harmless >= s) for s in steps]
    return round(float(steps[int(np.argmin(costs))]), 3)
