"""Running cases moved to another version in the database: a dry run that tells the same, and a record that stays sound."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.conftest import START
from workflow.catalog.canonical import sealed
from workflow.catalog.plans import Plan
from workflow.domain.events import CaseMigrated, ClockMigrated
from workflow.domain.evolve import fold
from workflow.engine.migrations import migrate, stored_hash, undo
from workflow.engine.versions import publish
from workflow.errors import BadInput, MigrationRefused, NotFound, UnknownPerson
from workflow.evidence.walk import walk

CODE, PERSON = "sample-licence", "dong"
TOMORROW = START.date() + timedelta(days=1)
PLAN = Plan(
    matter=CODE,
    reason="承诺时限缩短",
    hash="b" * 64,
    states={"review": "examine"},
    clocks={"decision": "deciding"},
    work={"handler": "examiner"},
)


def new_version(office) -> str:
    """The matter with a step, a post and a period under new names and a shorter promise; published from tomorrow on."""
    matter = office.banjie.catalog.matter(CODE)
    old = matter.definition

    def name(word):
        return {"review": "examine"}.get(word, word)

    actions = {
        key: replace(
            action,
            sources=tuple(name(source) for source in action.sources),
            to=name(action.to),
            by=tuple("examiner" if post == "handler" else post for post in action.by),
            effects=tuple(
                replace(effect, clock="deciding" if effect.clock == "decision" else effect.clock)
                for effect in action.effects
            ),
        )
        for key, action in old.actions.items()
    }
    definition, content = sealed(
        replace(
            old,
            actions=actions,
            states={
                name(key): replace(state, post="examiner" if state.post == "handler" else state.post)
                for key, state in old.states.items()
            },
            posts={("examiner" if key == "handler" else key): post for key, post in old.posts.items()},
            clocks={
                ("deciding" if key == "decision" else key): replace(spec, promise="15wd")
                if key == "decision"
                else spec
                for key, spec in old.clocks.items()
            },
            distinct=(("examiner", "checker", "approver"),),
        )
    )
    catalog = office.banjie.catalog
    changed = replace(matter, definition=definition, canonical=content)
    office.banjie.catalog = replace(catalog, matters={**catalog.matters, CODE: changed})
    return publish(office.banjie, CODE, since=TOMORROW, until=None, by=PERSON).hash


@pytest.fixture
def filed(office):
    """One case at the window, one under review, one withdrawn."""
    receipts = [office.file(key=f"filing-{number}") for number in range(3)]
    office.act(receipts[1], "clerk", "accept")
    office.act(receipts[2], "ella", "withdraw")
    office.until(START + timedelta(hours=2))
    return receipts


def rows(office):
    """Everything that a dry run might have touched."""
    with office.store.read() as connection:
        return {
            table: connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
            for table in ("cases", "clocks", "rungs", "work_items", "jobs", "events", "commands")
        }


def told(results):
    return [(one.no, one.source, one.target, one.moves, type(one.error)) for one in results]


def test_a_dry_run_tells_what_would_happen_and_writes_nothing(office, filed):
    to = new_version(office)
    before = rows(office)

    dry = list(migrate(office.banjie, PLAN, to[:10], by=PERSON, dry_run=True))

    assert rows(office) == before
    assert told(dry) == told(migrate(office.banjie, PLAN, to, by=PERSON, dry_run=False))
    at_window, in_review, withdrawn = (office.case(receipt) for receipt in filed)
    assert (at_window.state, in_review.state) == ("received", "examine")
    assert (at_window.definition, in_review.definition) == (to, to)
    # The withdrawn case is over; it is told so and stays as it was.
    assert withdrawn.definition != to
    by_no = {one.no: one for one in dry}
    assert isinstance(by_no[withdrawn.no].error, MigrationRefused)
    (move,) = by_no[in_review.no].moves
    assert (move.clock, move.to_clock) == ("decision", "deciding")
    assert move.new < move.old
    assert by_no[at_window.no].moves == ()


def test_the_record_stays_sound_across_the_change_of_definition(office, filed):
    to = new_version(office)
    list(migrate(office.banjie, PLAN, to, by=PERSON, dry_run=False))
    office.act(filed[0], "clerk", "accept")
    office.act(filed[1], "anna", "review", inspectors=["anna", "bo"])

    report = walk(office.store)

    assert (report.cases, report.broken) == (3, [])
    for receipt in filed:
        history = office.store.history(receipt.case_id)
        happened = [(event, envelope.actor) for envelope, event in history]
        assert fold(happened, case_id=receipt.case_id) == office.case(receipt)
    migrated = next(event for event in office.events(filed[1]) if isinstance(event, CaseMigrated))
    assert (migrated.new, migrated.plan, migrated.reason) == (to, PLAN.hash, PLAN.reason)
    # The case that was at the window goes on by the words of the new version.
    assert office.case(filed[0]).state == "examine"
    assert office.case(filed[0]).clock("deciding").period == "15wd"


def test_what_waited_under_the_old_name_no_longer_fires_and_the_new_does(office, filed):
    to = new_version(office)
    list(migrate(office.banjie, PLAN, to, by=PERSON, dry_run=False))

    office.until(START + timedelta(days=40))

    fired = [finding.clock for finding in office.case(filed[1]).findings]
    assert fired == ["deciding", "deciding", "explanation#2"], "nobody explained the red card"
    assert office.store.parked() == []
    assert walk(office.store).broken == []


def test_open_work_goes_to_the_new_post_and_the_old_is_closed(office, filed):
    to = new_version(office)
    list(migrate(office.banjie, PLAN, to, by=PERSON, dry_run=False))

    with office.store.read() as connection:
        items = connection.exec_driver_sql(
            "SELECT visit, post, state FROM work_items WHERE closed_at IS NULL ORDER BY post"
        ).fetchall()
    assert [(post, state) for _, post, state in items] == [("examiner", "examine"), ("window", "received")]


def test_a_second_run_finds_nothing_to_do_and_undo_brings_everything_back(office, filed):
    before = [office.case(receipt) for receipt in filed]
    to = new_version(office)
    list(migrate(office.banjie, PLAN, to, by=PERSON, dry_run=False))
    assert told(migrate(office.banjie, PLAN, to, by=PERSON, dry_run=False)) == told(
        migrate(office.banjie, PLAN, to, by=PERSON, dry_run=True)
    )

    dry = told(undo(office.banjie, CODE, by=PERSON, reason="方案有误", dry_run=True))
    assert told(undo(office.banjie, CODE, by=PERSON, reason="方案有误", dry_run=False)) == dry

    after = [office.case(receipt) for receipt in filed]
    for old, new in zip(before, after, strict=True):
        assert (new.definition, new.state, new.acts) == (old.definition, old.state, old.acts)
        assert [(c.clock, c.due) for c in new.open_clocks()] == [(c.clock, c.due) for c in old.open_clocks()]
    assert walk(office.store).broken == []
    assert list(undo(office.banjie, CODE, by=PERSON, reason="再来一次", dry_run=False)) == []
    # And forward again, by the same plan.
    assert sum(one.error is None for one in migrate(office.banjie, PLAN, to, by=PERSON, dry_run=False)) == 2


def test_once_somebody_has_acted_the_way_back_is_closed(office, filed):
    to = new_version(office)
    list(migrate(office.banjie, PLAN, to, by=PERSON, dry_run=False))
    office.act(filed[1], "anna", "review", inspectors=["anna", "bo"])

    back = list(undo(office.banjie, CODE, by=PERSON, reason="方案有误", dry_run=False))

    assert [one.no for one in back] == [office.case(filed[0]).no]


def test_each_due_date_that_moved_is_an_event_with_both_dates(office, filed):
    to = new_version(office)
    results = list(migrate(office.banjie, PLAN, to, by=PERSON, dry_run=False))

    events = [event for event in office.events(filed[1]) if isinstance(event, ClockMigrated)]
    moves = next(one.moves for one in results if one.case_id == filed[1].case_id)
    assert [(event.old.on, event.due.on) for event in events] == [(move.old, move.new) for move in moves]


def test_a_version_is_named_by_how_its_hash_begins(office, filed):
    to = new_version(office)

    assert stored_hash(office.banjie, CODE, to[:12]) == to
    with pytest.raises(NotFound):
        stored_hash(office.banjie, CODE, "0000")
    with pytest.raises(BadInput):
        stored_hash(office.banjie, CODE, "")
    with pytest.raises(UnknownPerson):
        list(migrate(office.banjie, PLAN, to, by="nobody", dry_run=True))
