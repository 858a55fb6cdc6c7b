"""The demonstration played through: every case ends as its fate says, by acts of persons and of nobody else."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

import pytest

from tests.integration.demo.conftest import CASES, SMALL, played_on
from workflow.cli.demo_story import story_lines
from workflow.demo.filings import filings
from workflow.demo.hours import SLOTS
from workflow.demo.stage import SCRIPTS, demo_settings, fresh_database
from workflow.demo.story import tell
from workflow.domain import events as e
from workflow.domain.evolve import fold
from workflow.domain.reckoning import zone_info
from workflow.texts import LANGUAGES

ENDS = {
    "not_accepted": "not_accepted",
    "still_incomplete": "not_accepted",
    "not_reported": "not_reported",
    "never_supplemented": "withdrawn",
    "withdrawn": "withdrawn",
    "withdrawn_by_unit": "withdrawn",
    "handler_disagrees": ("disagreed", "refused"),
    "checker_disagrees": ("disagreed", "refused"),
    "approver_disagrees": ("disagreed", "refused"),
    "objection_upheld": "disagreed",
    "heard_and_refused": "refused",
}
"""What a fate comes to; every other one to agreement or a licence."""


def plain(figures):
    return {name: value for name, value in figures.plain().items() if name != "seconds"}


def test_every_case_ends(played):
    assert played.figures.cases == played.figures.ended == CASES
    assert all(case.archived_at and case.concluded_at and not case.open_clocks() for case in played.cases())


def test_every_case_ends_as_its_fate_says(played, catalog):
    ends = {case.id: case.outcome for case in played.cases()}
    for script in SCRIPTS:
        share = played.figures.by_matter[script.matter].cases
        made = filings(
            script,
            share,
            seed="7",
            definition=catalog.matter(script.matter).definition,
            directory=catalog.directory,
            on=date(2026, 9, 14),
        )
        for filing in made:
            assert ends[filing.case_id] in ENDS.get(filing.fate, ("agreed", "granted")), filing.fate


def test_people_act_in_office_hours_at_most_once_a_slot_on_a_case(played):
    acts = defaultdict(set)
    calendar = played.stage.hours.calendar
    for case in played.cases():
        for envelope, _ in played.banjie.store.history(case.id):
            if envelope.actor != "system":
                acts[case.id, envelope.recorded_at].add(envelope.command_id)

    for (_, moment), commands in acts.items():
        local = moment.astimezone(zone_info(calendar.zone))
        assert local.time() in SLOTS
        assert calendar.is_working(local.date())
        # The head's giving the work to a deputy goes before the act; what is said of cards is beside the matter.
        own = {one for one in commands if not one.endswith("/assign") and not one.startswith("answer/")}
        assert len(own) <= 1


def test_whatever_is_automatic_was_done_by_the_machine(played):
    for case in played.cases():
        for envelope, event in played.banjie.store.history(case.id):
            if isinstance(event, e.ActionTaken):
                assert (envelope.actor == "system") == (event.post == "system")
    assert played.figures.work["task"] > 3 * CASES
    assert played.figures.work["pulse"] == 0


def test_replaying_the_events_of_a_case_gives_its_row(played):
    for case in played.cases():
        history = played.banjie.store.history(case.id)
        assert fold([(event, envelope.actor) for envelope, event in history], case_id=case.id) == case


def test_the_letter_of_a_case_is_on_it(played):
    reported = [case for case in played.cases() if case.matter == SCRIPTS[0].matter and case.accepted_at]

    assert all("函〔2026〕" in case.letter for case in reported)


def test_the_figures_add_up(played):
    figures = played.figures
    for of in figures.by_matter.values():
        assert sum(of.outcomes.values()) == of.concluded == of.cases
    late = sum(
        any(clock.late for clock in case.clocks if (case.matter, clock.clock) in figures.periods)
        for case in played.cases()
    )
    assert figures.kept.late == late
    assert figures.kept.all == sum(case.accepted_at is not None for case in played.cases())
    assert sum(figures.findings.values()) == sum(len(case.findings) for case in played.cases())
    assert figures.events == sum(case.seq for case in played.cases())


def test_the_story_is_of_a_case_with_much_to_tell(played):
    story = played.figures.story

    assert story.moments[0].at == story.case.received_at
    assert len(story.dates) == len(story.case.clocks)
    assert any(reason.name == "国庆节" and reason.days == 7 for row in story.dates for reason in row.reasons)
    assert all(row.due_on and row.planned_on <= row.due_on for row in story.dates)
    moved = [row for row in story.dates if row.due_on != row.planned_on]
    assert all(any(reason.kind in ("excluded", "extended") for reason in row.reasons) for row in moved)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_case_can_be_told_in_both_languages(played, catalog, language, monkeypatch):
    monkeypatch.setenv("BANJIE_LANG", language)
    for case in played.cases():
        definition = catalog.matter(case.matter).definition
        story = tell(case, played.banjie.store.history(case.id), definition, played.banjie.facts(definition))
        lines = list(story_lines(played.banjie, story))

        assert len(lines) == len(story.moments) + len(story.dates) + 7
        assert not any("{" in line or "None" in line for line in lines)


@pytest.mark.parametrize("order", [lambda ids: ids[::-1], sorted], ids=["backwards", "by id"])
def test_the_order_in_which_the_machine_works_changes_no_figure(catalog, tmp_path, played, order):
    settings = demo_settings({"BANJIE_HOME": str(tmp_path)})
    with fresh_database(settings, played.stage.hours.at(0)) as store:
        again = played_on(store, catalog, cases=CASES, order=order)

        assert plain(again.figures) == plain(played.figures)


def test_2007_is_played_with_the_law_and_the_holidays_of_2007(catalog, tmp_path):
    settings = demo_settings({"BANJIE_HOME": str(tmp_path)})
    start = datetime.fromisoformat("2007-09-03T01:00:00+00:00")
    with fresh_database(settings, start) as store:
        then = played_on(store, catalog, cases=CASES, start="2007-09-03")

        assert then.figures.ended == CASES
        assert then.figures.last < date(2008, 1, 31)
        remedies = [case.record["remedies"] for case in then.cases() if case.outcome == "refused"]
        assert remedies
        assert all("三个月" in told for told in remedies)
        rules = {clock.rule_version for case in then.cases() for clock in case.clocks}
        assert all(not version.startswith("2019") for version in rules)


def test_both_databases_give_the_same_figures(store, catalog, small):
    assert plain(played_on(store, catalog, cases=SMALL).figures) == plain(small.figures)
