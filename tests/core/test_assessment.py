"""The Assessment and its JSON shape."""

import json

from bot.core.assessment import (
    Assessment,
    Evidence,
    FoundFlag,
    Indicator,
    NextQuestion,
    RankedTypology,
    SimilarCase,
    nothing,
)
from bot.core.vocabulary import Language, Stage, Urgency

CONTRACT = {
    "language",
    "urgency",
    "typology",
    "ranking",
    "methods",
    "stage",
    "red_flags",
    "similar_cases",
    "indicators",
    "question",
    "content_version",
    "elapsed_ms",
}
FULL = Assessment(
    language=Language.ZH_HANS,
    urgency=Urgency.STOP_NOW,
    typology="police_gov",
    ranking=(RankedTypology("police_gov", 0.91234567), RankedTypology("phish_sms", 0.04)),
    methods=("screen_share",),
    stage=Stage.DEMAND,
    red_flags=(FoundFlag("safe_account", 12, 16, "安全账户", "police_gov", "没有安全账户。"),),
    similar_cases=(SimilarCase("case-0123", "一个案子", 0.7412345),),
    indicators=(Indicator("url", 3, 20, "hxxp://ic8c…", ("lookalike:icbc",)),),
    question=NextQuestion("screen_shared", "开共享了吗？"),
    content_version=17,
    elapsed_ms=3.21987,
    evidence=(Evidence("act_transfer", 1, 3, negated=True, tense="past"),),
)


def test_the_json_has_every_key_of_the_contract_and_only_adds_to_it() -> None:
    for assessment in (FULL, nothing(Language.EN)):
        assert set(assessment.as_dict()) >= CONTRACT


def test_the_parts_have_the_shapes_of_the_contract() -> None:
    body = FULL.as_dict()
    assert body["language"] == "zh-Hans"
    assert body["urgency"] == "stop-now"
    assert body["stage"] == "demand"
    assert body["methods"] == ["screen_share"]
    assert body["ranking"][0] == {"typology": "police_gov", "probability": 0.9123}
    assert body["red_flags"][0].items() >= {"id": "safe_account", "start": 12, "end": 16, "text": "安全账户"}.items()
    assert body["similar_cases"] == [{"id": "case-0123", "title": "一个案子", "similarity": 0.741}]
    assert body["indicators"] == [
        {"kind": "url", "start": 3, "end": 20, "masked": "hxxp://ic8c…", "findings": ["lookalike:icbc"]}
    ]
    assert body["question"] == {"id": "screen_shared", "text": "开共享了吗？", "options": ["yes", "no", "unsure"]}
    assert body["content_version"] == 17
    assert body["elapsed_ms"] == 3.22


def test_the_json_survives_being_written_and_read() -> None:
    assert json.loads(json.dumps(FULL.as_dict())) == FULL.as_dict()


def test_nothing_found_is_an_assessment_too() -> None:
    empty = nothing(Language.ZH_HANT, content_version=5)
    assert not empty.flagged
    body = empty.as_dict()
    assert (body["urgency"], body["typology"], body["language"]) == ("none", "none", "zh-Hant")
    assert body["question"] is None
    assert body["stage"] is None
    assert body["content_version"] == 5


def test_another_question_changes_nothing_else() -> None:
    asked = FULL.with_question(None)
    assert asked.question is None
    assert {**asked.as_dict(), "question": FULL.as_dict()["question"]} == FULL.as_dict()
    assert FULL.question is not None
