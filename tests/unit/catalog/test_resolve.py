"""Sugar written out: limits become step clocks, asked fields are copied in, ladders become rungs."""

from __future__ import annotations

from workflow.domain.definition import Colour, Expiry, OnRestart, Rung, Trigger


def test_a_limit_becomes_a_clock_of_the_step(catalog):
    clock = catalog.matter("transfer-into-beijing").definition.clocks["step_under_review"]

    assert (clock.rule, clock.promise, clock.scope) == ("cn.promise.working_days", "8wd", "step")
    assert clock.start == Trigger(enter=("under_review",))
    assert clock.end == Trigger(leave=("under_review",))
    assert clock.on_restart is OnRestart.RESTART
    assert clock.expiry is Expiry.ALERT
    assert clock.rungs == (
        Rung(name="one_day_left", offset=-1, colour=Colour.REMINDER),
        Rung(name="overdue", offset=0, colour=Colour.YELLOW),
        Rung(name="uncured", offset=3, colour=Colour.RED),
    )


def test_a_reminder_that_would_come_before_the_start_is_left_out(plant, catalog):
    definition = catalog.matter("transfer-into-beijing").definition
    names = [rung.name for rung in definition.clocks["handling"].rungs]

    assert names == ["three_days_left", "one_day_left", "overdue", "uncured"]
    assert [rung.name for rung in definition.clocks["arrival"].rungs] == ["overdue"]
    short = definition.clocks["step_to_be_reported"]
    assert short.promise == "2wd"
    assert all(-rung.offset < 2 for rung in short.rungs)


def test_a_broken_promise_is_yellow_and_a_broken_statute_red(catalog):
    clocks = catalog.matter("talent-agency-licence").definition.clocks

    def at_the_end(name: str) -> list[Colour]:
        return [rung.colour for rung in clocks[name].rungs if rung.offset == 0]

    assert at_the_end("decision") == at_the_end("acceptance") == at_the_end("delivery") == [Colour.RED]
    assert at_the_end("decision_promise") == at_the_end("step_under_check") == [Colour.YELLOW]
    assert [rung.offset for rung in clocks["decision_promise"].rungs if rung.colour is Colour.RED] == [3]


def test_each_rung_has_words_a_broken_promise_is_never_called_unlawful(catalog):
    matter = catalog.matter("talent-agency-licence")

    for name, clock in matter.definition.clocks.items():
        for rung in clock.rungs:
            assert matter.text(f"clocks.{name}.ladder.{rung.name}", "en")
            if clock.rule.startswith("cn.promise."):
                assert "违法" not in matter.text(f"clocks.{name}.ladder.{rung.name}", "zh-CN")
    assert matter.text("clocks.decision_promise.ladder.overdue", "zh-CN") == "承诺超时"
    assert matter.text("clocks.step_under_check.ladder.overdue", "zh-CN") == "环节超时"


def test_asked_fields_are_the_common_ones(catalog):
    matter = catalog.matter("transfer-into-beijing")
    fields = matter.definition.actions["propose"].fields

    assert set(fields) == {"opinion", "text", "joint_reply"}
    assert fields["opinion"].choices == ("agree", "disagree")
    assert matter.text("actions.propose.fields.opinion", "zh-CN") == "意见"
    assert matter.text("actions.propose.fields.opinion.choices.agree", "en") == "Agree"


def test_texts_are_found_by_the_place_they_belong_to(catalog):
    matter = catalog.matter("transfer-into-beijing")

    assert matter.title("zh-CN") == "京外调干审批"
    assert matter.text("states.publicity", "zh-CN") == "公示"
    assert matter.text("clocks.handling.note", "zh-CN") == "自受理之日起至作出决定之日止，公示时间不计入。"
    assert matter.text("clocks.step_under_check", "zh-CN") == "审核环节时限"
    assert matter.text("guide.conditions.0", "en") == "The receiving unit has a vacant establishment post"
    assert matter.text("outcomes.agreed", "zh-CN") == "同意调入"
    assert matter.text("no.such.place", "en", default="-") == "-"


def test_both_languages_have_the_same_texts(catalog):
    for matter in catalog.matters.values():
        assert matter.texts["zh-CN"].keys() == matter.texts["en"].keys()
        assert all(words.strip() for texts in matter.texts.values() for words in texts.values())


def test_people_read_in_the_order_of_the_file(catalog):
    matter = catalog.matter("transfer-into-beijing")

    assert matter.order("states")[:3] == ("internal_review", "returned_to_unit", "internal_approval")
    assert set(matter.order("states")) == set(matter.definition.states)
    assert matter.order("form")[0] == "name"
    assert matter.order("actions", "propose", "fields") == ("opinion", "text", "joint_reply")
    assert matter.order("nothing", "here") == ()
