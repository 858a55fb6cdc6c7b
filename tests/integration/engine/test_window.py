"""The window: a filing taken in by a clerk, after closing, corrected on the spot, papers handed out for a receipt."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.integration.engine.conftest import Office
from workflow.catalog.canonical import sealed
from workflow.catalog.loader import Catalog, Matter
from workflow.domain.commands import SubmitFiling
from workflow.domain.events import (
    DeliveryRecorded,
    DocumentIssued,
    DocumentsDelivered,
    FormCorrected,
    ReceivedAtWindow,
)
from workflow.domain.law import LawParameters
from workflow.engine.banjie import Banjie
from workflow.engine.handle import case_id_for, handle
from workflow.errors import BadFields, NotAtWindow, NotAuthorised, VerbRefused
from workflow.testing import sample
from workflow.testing.sample import at

FORM = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "minLength": 1},
        "place": {"type": "string", "minLength": 1},
        "staff": {"type": "integer"},
    },
}


class Window(Office):
    def bring(
        self, key="one", *, by="clerk", channel="window", effective_at=None, materials=("charter", "funds")
    ):
        receipt = handle(
            self.banjie,
            SubmitFiling(
                case_id=case_id_for("ella", key),
                key=key,
                actor="ella",
                matter="sample-licence",
                form={"name": "王小明", "place": "东城区"},
                materials=materials,
                channel=channel,
                received_by=by,
                effective_at=effective_at,
            ),
        )
        self.settle()
        return receipt

    def granted(self):
        """A case that came in at the window and is granted: its papers wait to be handed out."""
        filed = self.bring()
        self.act(filed, "clerk", "accept")
        self.act(filed, "anna", "review", inspectors=["anna", "bo"])
        self.act(filed, "chen", "agree")
        self.until(at("2026-09-15"))
        self.act(filed, "dong", "sign")
        return filed

    def kinds(self, receipt, kind):
        return [event for event in self.events(receipt) if isinstance(event, kind)]


@pytest.fixture
def window(store):
    definition, content = sealed(
        replace(sample.definition(), form=FORM, closing_time="17:00", personal=("name",))
    )
    matter = Matter(
        definition=definition, canonical=content, texts={"zh-CN": {}, "en": {}}, tree={}, path=Path("-")
    )
    facts = sample.facts()
    announced = sample.rule("cn.delivery.announcement", 30)
    law = LawParameters(
        version="law-1",
        rules={**facts.law.rules, "cn.delivery.announcement": (announced,)},
        grounds=facts.law.grounds,
    )
    catalog = Catalog(
        matters={definition.code: matter},
        directory=facts.directory,
        law=law,
        calendars={"cn": facts.calendar},
    )
    return Window(Banjie(store=store, catalog=catalog))


# --- taking in ----------------------------------------------------------------------------------------------------------


def test_who_took_it_in_is_its_first_contact_and_the_receipt_has_a_number(window):
    first, second = window.bring("one"), window.bring("two")

    case = window.case(first)
    assert (case.channel, case.desk.first_contact, case.window.clerk) == ("window", "clerk", "clerk")
    assert window.kinds(first, ReceivedAtWindow)[0].counts_on == date(2026, 9, 7)
    papers = [window.kinds(one, DocumentIssued)[0] for one in (first, second)]
    assert [(paper.document, paper.series, paper.number) for paper in papers] == [
        ("materials_receipt", "收件", 1),
        ("materials_receipt", "收件", 2),
    ]
    assert window.case(first).delivered == ("materials_receipt",)


def test_only_a_clerk_of_the_window_takes_in_and_only_at_the_window(window):
    with pytest.raises(NotAtWindow):
        window.bring(by="anna")
    with pytest.raises(BadFields, match="window"):
        window.bring(channel="online")


@pytest.mark.parametrize(
    ("brought", "counts", "due"),
    [
        ("2026-09-07 09:00", date(2026, 9, 7), date(2026, 9, 14)),
        ("2026-09-07 16:59", date(2026, 9, 7), date(2026, 9, 14)),
        ("2026-09-07 17:00", date(2026, 9, 8), date(2026, 9, 15)),
        ("2026-09-05 10:00", date(2026, 9, 7), date(2026, 9, 14)),
        ("2026-09-04 20:00", date(2026, 9, 7), date(2026, 9, 14)),
    ],
)
def test_after_closing_it_counts_as_received_on_the_next_working_day(window, brought, counts, due):
    moment = at(*brought.split())
    window.store.advance(max(moment, window.store.clock().now))

    filed = window.bring(effective_at=moment)

    case = window.case(filed)
    assert case.received_at == moment
    assert case.window.counts_on == counts
    acceptance = case.clock("acceptance")
    assert (acceptance.entries[0].on, acceptance.due.on) == (counts, due)


# --- correcting ---------------------------------------------------------------------------------------------------------


def test_corrected_on_the_spot_with_the_old_value_on_record_and_personal_values_sealed(window):
    filed = window.bring()

    window.act(
        filed, "clerk", "correct_on_the_spot", form={"name": "王晓明", "place": "西城区"}, reason="笔误"
    )

    case = window.case(filed)
    assert case.form["place"] == "西城区"
    assert set(case.form["name"]) == {"subject", "field", "commitment"}
    assert window.store.personal_values(filed.case_id)["form.name"] == "王晓明"
    event = window.kinds(filed, FormCorrected)[0]
    assert (event.old["place"], event.new["place"]) == ("东城区", "西城区")
    assert event.old["name"]["commitment"] != event.new["name"]["commitment"]
    assert "王晓明" not in repr(event)
    assert case.state == "received"
    assert case.clock("acceptance").generation == 1


def test_a_correction_is_checked_with_the_whole_form(window):
    filed = window.bring()

    with pytest.raises(BadFields, match="colour"):
        window.act(filed, "clerk", "correct_on_the_spot", form={"colour": "red"})
    with pytest.raises(BadFields, match="name"):
        window.act(filed, "clerk", "correct_on_the_spot", form={"name": ""})
    with pytest.raises(VerbRefused, match="not in the form"):
        window.act(filed, "clerk", "correct_on_the_spot", form={"place": "东城区"})
    with pytest.raises(NotAuthorised):
        window.act(filed, "anna", "correct_on_the_spot", form={"place": "西城区"})

    window.act(filed, "clerk", "accept")
    with pytest.raises(VerbRefused, match="reception"):
        window.act(filed, "clerk", "correct_on_the_spot", form={"place": "西城区"})


# --- handing out ----------------------------------------------------------------------------------------------------------


def test_the_system_does_not_deliver_what_is_handed_out_at_the_window(window):
    filed = window.granted()

    case = window.case(filed)
    assert case.state == "granted"
    assert case.concluded_at is not None
    assert "licence" not in case.delivered


def test_handed_out_against_a_receipt_the_case_goes_on(window):
    filed = window.granted()

    window.act(filed, "clerk", "record_delivery", recipient="李四", how="in_person")

    case = window.case(filed)
    assert case.state == "archived"
    receipt = window.kinds(filed, DeliveryRecorded)[0]
    assert (receipt.receipt, receipt.how, receipt.on) == (1, "in_person", date(2026, 9, 15))
    assert set(receipt.documents) == {"notice", "licence"}
    assert set(receipt.recipient) == {"subject", "field", "commitment"}
    assert "李四" in window.store.personal_values(filed.case_id).values()


def test_paper_by_paper_the_last_one_is_the_delivery(window):
    filed = window.granted()
    before = len(window.kinds(filed, DocumentsDelivered))

    window.act(filed, "clerk", "record_delivery", recipient="李四", how="in_person", documents=["notice"])
    assert len(window.kinds(filed, DocumentsDelivered)) == before
    assert window.case(filed).state == "granted"

    window.act(
        filed,
        "clerk",
        "record_delivery",
        key="2",
        recipient="李四",
        how="post",
        tracking="EMS 1",
        documents=["licence"],
    )
    assert len(window.kinds(filed, DocumentsDelivered)) == before + 1
    assert window.case(filed).state == "archived"
    assert [event.receipt for event in window.kinds(filed, DeliveryRecorded)] == [1, 2]


@pytest.mark.parametrize(
    ("fields", "needed"),
    [
        ({"how": "post"}, "tracking"),
        ({"how": "left"}, "witnesses"),
        ({"how": "electronic"}, "consent"),
        ({"how": "electronic", "consent": False}, "consent"),
        ({"how": "announcement"}, "announcement"),
        ({"how": "announcement", "published_on": "2026-09-14"}, "announcement"),
        ({"how": "in_person", "on": "2026-09-16"}, "day of delivery"),
        ({"how": "in_person", "on": "2026-09-01"}, "day of delivery"),
        ({"how": "in_person", "documents": ["letter"]}, "papers that wait"),
    ],
)
def test_each_way_of_delivery_needs_its_proof(window, fields, needed):
    filed = window.granted()

    with pytest.raises(VerbRefused, match=needed):
        window.act(filed, "clerk", "record_delivery", recipient="李四", **fields)


def test_an_announcement_delivers_when_it_has_stood_long_enough(window):
    filed = window.granted()
    window.until(at("2026-11-10"))

    window.act(
        filed, "clerk", "record_delivery", recipient="李四", how="announcement", published_on="2026-09-16"
    )

    assert window.case(filed).state == "archived"


def test_what_was_delivered_before_it_was_written_down_ends_its_period_on_that_day(window):
    filed = window.granted()
    window.until(at("2026-09-18"))

    window.act(
        filed, "clerk", "record_delivery", recipient="李四", how="post", tracking="EMS 1", on="2026-09-16"
    )

    delivered = window.kinds(filed, DocumentsDelivered)[-1]
    assert delivered.at < at("2026-09-17", "00:00")
    assert delivered.at >= at("2026-09-16", "00:00")


def test_only_the_window_hands_out(window):
    filed = window.granted()

    with pytest.raises(NotAuthorised):
        window.act(filed, "anna", "record_delivery", recipient="李四", how="in_person")


def test_who_saw_that_a_paper_was_left_is_sealed(window):
    filed = window.granted()
    witnesses = ["王五", "赵六"]
    window.act(filed, "clerk", "record_delivery", recipient="李四", how="left", witnesses=witnesses)

    (receipt,) = window.kinds(filed, DeliveryRecorded)
    assert set(receipt.witnesses) == {"subject", "field", "commitment"}
    kept = window.banjie.store.personal_values(filed.case_id)
    assert json.loads(kept["record_delivery.witnesses"]) == witnesses
    assert "王五" not in str(window.events(filed))


@pytest.mark.parametrize(
    "wrong",
    [
        {"recipient": ["李四"]},
        {"recipient": {"subject": "s", "field": "f", "commitment": "c"}},
        {"how": "left", "witnesses": "王五"},
        {"note": {"subject": "s", "field": "f", "commitment": "c"}},
    ],
)
def test_what_would_be_sealed_is_of_its_type_and_comes_open(window, wrong):
    filed = window.granted()

    with pytest.raises(BadFields):
        window.act(filed, "clerk", "record_delivery", **{"recipient": "李四", "how": "in_person", **wrong})


def test_a_paper_is_not_left_before_nobody(window):
    filed = window.granted()

    with pytest.raises(VerbRefused):
        window.act(filed, "clerk", "record_delivery", recipient="李四", how="left", witnesses=[])
