"""Figures over rows: counted right, left out where nothing is labelled, split by form and language."""

from bot.core.assessment import Assessment, RankedTypology
from bot.core.vocabulary import Language, Urgency
from bot.evaluation import Report, Row, Share, evaluate_rows


def found(urgency: str, typology: str = "none", *, second: str = "romance", scam: float = 0.0) -> Assessment:
    """An assessment as the recogniser would give it."""
    ranking = (RankedTypology(typology, 0.6), RankedTypology(second, 0.2))
    return Assessment(Language.ZH_HANS, Urgency(urgency), typology, ranking, scam_probability=scam)


def row(
    number: int,
    urgency: str | None = None,
    typology: str | None = None,
    *,
    is_scam: bool | None = None,
    form: str = "",
    lang: str = "",
) -> Row:
    """A labelled row."""
    return Row(f"r{number}", f"text {number}", lang, typology, urgency, is_scam, form)


def test_urgency_is_counted_and_confused_in_rising_order() -> None:
    report = evaluate_rows(
        [(row(1, "none"), found("none")), (row(2, "stop-now"), found("warn")), (row(3, "stop-now"), found("stop-now"))]
    )
    assert (report.urgency.hits, report.urgency.of) == (2, 3) if report.urgency else False
    assert report.confusion["stop-now"] == {"none": 0, "ask": 0, "warn": 1, "stop-now": 1, "already-paid": 0}
    assert [r.id for r, _ in report.misjudged] == ["r2"]


def test_flagging_counts_precision_recall_and_false_alarms() -> None:
    report = evaluate_rows(
        [
            (row(1, is_scam=True), found("warn", scam=0.9)),
            (row(2, is_scam=True), found("ask", scam=0.4)),
            (row(3, is_scam=False), found("stop-now", scam=0.8)),
            (row(4, is_scam=False), found("none", scam=0.1)),
            (row(5), found("warn")),
        ]
    )
    assert (report.precision, report.recall, report.false_alarms) == (Share(1, 2), Share(1, 2), Share(1, 2))
    assert report.f1 == 0.5
    assert report.brier == round((0.1**2 + 0.6**2 + 0.8**2 + 0.1**2) / 4, 4)


def test_what_has_no_labels_is_not_measured() -> None:
    report = evaluate_rows([(row(1), found("none"))])
    assert report.as_dict()["urgency_accuracy"] is None
    assert report.as_dict()["scam_f1"] is None
    assert report.reliability == []


def test_a_second_place_counts_as_second_place() -> None:
    judged = [(row(1, typology="romance"), found("warn", "crypto")), (row(2, typology="game"), found("warn", "crypto"))]
    report = evaluate_rows(judged)
    assert (report.typology, report.typology_rank2) == (Share(0, 2), Share(1, 2))
    assert [r.id for r, _ in report.confused] == ["r1", "r2"]


def test_figures_by_form_and_language() -> None:
    report = evaluate_rows(
        [
            (row(1, "warn", form="sms", lang="en"), found("warn")),
            (row(2, "warn", form="call", lang="zh-Hans"), found("none")),
        ]
    )
    assert {name: figures.urgency for name, figures in report.by_form.items()} == {
        "call": Share(0, 1),
        "sms": Share(1, 1),
    }
    assert set(report.by_language) == {"en", "zh-Hans"}
    assert "zh-Hans" in report.as_text("rows.jsonl")


def test_reliability_tells_how_often_it_was_a_scam() -> None:
    report: Report = evaluate_rows(
        [
            (row(1, is_scam=True), found("warn", scam=0.95)),
            (row(2, is_scam=False), found("warn", scam=0.91)),
            (row(3, is_scam=True), found("warn", scam=1.0)),
        ]
    )
    assert report.reliability == [{"from": 0.9, "to": 1.0, "n": 3, "share": 0.6667}]


def test_an_interval_is_wide_for_few_rows() -> None:
    low, high = Share(1, 1).interval
    assert low < 0.3
    assert high == 1.0
