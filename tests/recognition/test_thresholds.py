"""How sure to be before flagging."""

import numpy as np

from bot.core.content import Example
from bot.core.vocabulary import Form, Language, Urgency
from bot.recognition.thresholds import ENOUGH, LEAST_SURE, MOST_SURE, USUALLY, key, thresholds


def examples(form: Form, language: Language, urgency: Urgency, count: int = ENOUGH) -> list[Example]:
    """Examples of one form and urgency."""
    return [Example(f"{form} {i}", "none", urgency, form, language) for i in range(count)]


def scores(*flagged: float) -> np.ndarray:
    """Scores of ENOUGH texts for each flagged probability."""
    p = np.repeat(np.array(flagged), ENOUGH)[:, None]
    rest = np.full_like(p, 1e-9)
    return np.log(np.hstack([1 - p, rest, p, rest, rest])).astype(np.float32)


def found(harmless: float, dangerous: float, *, form: Form = Form.SMS) -> float:
    """The threshold where all harmless and all dangerous texts look so likely to be a scam."""
    rows = [
        *examples(form, Language.EN, Urgency.NONE),
        *examples(form, Language.EN, Urgency.STOP_NOW),
    ]
    return thresholds(scores(harmless, dangerous), rows)[key(form, english=True)]


def test_harmless_texts_that_look_dangerous_ask_to_be_surer() -> None:
    assert found(0.63, 0.9) > 0.63
    assert found(0.1, 0.9) == LEAST_SURE


def test_dangers_are_not_given_up_for_it() -> None:
    assert found(0.99, 0.99) <= MOST_SURE


def test_too_few_texts_tell_nothing() -> None:
    rows = examples(Form.CALL, Language.ZH_HANS, Urgency.NONE, ENOUGH)
    assert thresholds(scores(0.69), rows)[key(Form.CALL, english=False)] == USUALLY


def test_languages_are_told_apart() -> None:
    rows = [
        *examples(Form.CALL, Language.EN, Urgency.NONE),
        *examples(Form.CALL, Language.EN, Urgency.WARN),
        *examples(Form.CALL, Language.ZH_HANS, Urgency.NONE),
        *examples(Form.CALL, Language.ZH_HANS, Urgency.WARN),
    ]
    both = thresholds(scores(0.65, 0.9, 0.1, 0.9), rows)
    assert both[key(Form.CALL, english=True)] > both[key(Form.CALL, english=False)]
