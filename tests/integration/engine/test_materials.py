"""Materials as files and on paper: staged, named by a command, judged, corrected, used again, given out and swept away."""

from __future__ import annotations

import pytest
from obstore.store import MemoryStore
from sqlalchemy import text

from tests.integration.engine.window import Window, engine
from workflow import errors
from workflow.blobs.store import Blobs
from workflow.domain import events as e
from workflow.domain.commands import SubmitFiling
from workflow.domain.evolve import fold
from workflow.engine.handle import case_id_for, handle
from workflow.engine.materials import content, copy_offered, offers, stage
from workflow.storage.codec import encode_case
from workflow.testing import files


@pytest.fixture
def blobs():
    """A bucket, which memory stands for."""
    return Blobs(store=MemoryStore())


@pytest.fixture
def window(store, blobs):
    return Window(engine(store, blobs))


def test_a_file_is_handed_in_and_given_out_again(window):
    filed = window.file(materials=())
    assert window.case(filed).missing == ("charter", "funds")

    window.hand_in(filed, "charter", file_name="../章程\u202e.PDF", pages=12)

    case = window.case(filed)
    assert (case.materials, case.missing) == (("charter",), ("funds",))
    assert window.standing(filed) == {"charter": ("received", 1)}
    out = content(window.banjie, filed.case_id, "charter")
    assert (out.name, out.media_type, out.size) == ("章程.pdf", "application/pdf", len(files.PDF))
    assert b"".join(out.pieces) == files.PDF
    row = window.rows(filed)["charter", 1]
    assert (row.state, row.channel, row.pages, row.received_by, row.kind) == (
        "received",
        "online",
        12,
        "ella",
        "pdf",
    )


def test_the_name_of_a_file_is_a_personal_value(window):
    filed = window.file(materials=())
    window.hand_in(filed, "charter", file_name="王小明的章程.pdf")

    event = window.events(filed)[-1]
    assert set(event.file.name) == {"subject", "field", "commitment"}
    assert "王小明" not in encode_case(window.case(filed))
    with window.store.read() as connection:
        payloads = connection.execute(text("SELECT payload FROM events")).scalars()
        assert not any("王小明".encode() in bytes(payload) for payload in payloads)


def test_a_filing_comes_with_its_files_in_one_command(window):
    case_id = case_id_for("ella", "filing-1")
    digest = stage(window.banjie, case_id, window.definition, "charter", [files.PDF]).digest
    given = {
        "charter": {"digest": digest, "file_name": "章程.pdf"},
        "funds": {"channel": "paper", "copies": 2},
    }
    command = SubmitFiling(
        case_id=case_id,
        key="filing-1",
        actor="ella",
        matter="sample-licence",
        form={"name": "王小明"},
        files=given,
    )
    filed = handle(window.banjie, command)
    window.settle()

    case = window.case(filed)
    assert (set(case.materials), case.missing) == ({"charter", "funds"}, ())
    assert window.rows(filed)["funds", 1].copies == 2
    assert b"".join(content(window.banjie, case_id, "charter").pieces) == files.PDF
    assert handle(window.banjie, command).repeated
    window.act(filed, "clerk", "accept")


def test_paper_is_recorded_without_a_file_and_its_original_given_back(window):
    filed = window.file(materials=())
    window.act(
        filed, "clerk", "receive_material", material="charter", channel="paper", copies=3, original=True
    )

    assert window.rows(filed)["charter", 1].copies == 3
    with pytest.raises(errors.NoSuchVersion):
        content(window.banjie, filed.case_id, "charter")
    window.act(filed, "clerk", "return_original", material="charter")

    assert window.rows(filed)["charter", 1].original_returned_at is not None
    with pytest.raises(errors.MaterialRefused, match="original"):
        window.act(filed, "clerk", "return_original", key="again", material="charter")


def test_a_defective_material_is_missing_until_it_is_corrected(window):
    filed = window.file()
    window.act(filed, "clerk", "mark_defective", material="charter", reason="没有盖章")

    case = window.case(filed)
    assert (case.materials, case.missing) == (("funds",), ("charter",))
    with pytest.raises(errors.GuardRefused, match="materials_complete"):
        window.act(filed, "clerk", "accept")

    window.hand_in(filed, "charter", actor="clerk", action="replace_material", on_the_spot=True)

    assert window.standing(filed) == {"charter": ("corrected", 2)}
    replaced = window.events(filed)[-1]
    assert (replaced.corrects, replaced.on_the_spot) == (True, True)
    window.act(filed, "clerk", "accept", key="accept-2")


def test_versions_are_kept(window):
    filed = window.file(materials=())
    bodies = [files.PDF + bytes([10, number]) + b"%%EOF" for number in range(65, 68)]
    window.hand_in(filed, "charter", bodies[0])
    for body in bodies[1:]:
        window.hand_in(filed, "charter", body, action="replace_material")

    for number, body in enumerate(bodies, 1):
        assert b"".join(content(window.banjie, filed.case_id, "charter", number).pieces) == body
    with pytest.raises(errors.NoSuchVersion):
        content(window.banjie, filed.case_id, "charter", 4)
    assert list(window.rows(filed)) == [("charter", 1), ("charter", 2), ("charter", 3)]


def test_the_notice_is_the_sum_of_all_and_only_what_comes_again_is_cured(window):
    filed = window.file(materials=("charter", "extra"))
    window.act(filed, "clerk", "mark_defective", material="extra", reason="不清晰")
    window.act(filed, "clerk", "request_supplement", defects=["charter", "第三页缺签名"])

    case = window.case(filed)
    assert case.defects == ("funds", "extra", "charter", "第三页缺签名")
    assert window.standing(filed) == {"extra": ("defective", 1), "charter": ("defective", 1)}
    window.act(filed, "ella", "supplement", materials=["charter"])

    case = window.case(filed)
    assert case.defects == ("funds", "extra")
    assert case.missing == ("funds",)
    assert window.standing(filed)["charter"] == ("corrected", 2)
    with pytest.raises(errors.GuardRefused):
        window.act(filed, "clerk", "accept")


def test_what_was_handed_in_since_the_notice_counts_as_well(window):
    filed = window.file(materials=("charter",))
    window.act(filed, "clerk", "request_supplement", defects=["charter"])
    window.hand_in(filed, "charter", action="replace_material")
    window.act(filed, "ella", "supplement", materials=["funds"])

    case = window.case(filed)
    assert (case.defects, case.missing) == ((), ())
    window.act(filed, "clerk", "accept")


def test_waived_and_taken_back(window):
    filed = window.file()
    window.act(filed, "ella", "withdraw_material", material="funds", reason="拿错了")
    assert window.case(filed).missing == ("funds",)
    window.act(filed, "clerk", "waive_material", material="funds", reason="电子证照库已有")

    assert window.case(filed).missing == ()
    assert window.standing(filed) == {"funds": ("waived", 2)}
    window.act(filed, "clerk", "accept")
    with pytest.raises(errors.VerbRefused, match="not_accepted_yet"):
        window.act(filed, "ella", "withdraw_material", key="later", material="charter")


def test_the_case_is_what_its_events_say(window):
    filed = window.file(materials=("charter",))
    window.act(filed, "clerk", "mark_defective", material="charter", reason="没有盖章")
    window.hand_in(filed, "charter", action="replace_material", file_name="章程.pdf")
    window.hand_in(filed, "funds", files.TXT, original=False)
    window.act(filed, "clerk", "issue_receipt")

    history = [(event, envelope.actor) for envelope, event in window.store.history(filed.case_id)]
    assert encode_case(fold(history, case_id=filed.case_id)) == encode_case(window.case(filed))


@pytest.mark.parametrize(
    ("actor", "action", "fields", "refusal"),
    [
        ("ella", "receive_material", {"material": "diploma", "channel": "paper"}, errors.UnknownMaterial),
        ("ella", "receive_material", {"material": "charter", "channel": "paper"}, errors.MaterialRefused),
        ("ella", "replace_material", {"material": "charter", "channel": "online"}, errors.BadFields),
        ("ella", "replace_material", {"material": "charter", "digest": "00" * 32}, errors.NotStaged),
        (
            "ella",
            "replace_material",
            {"material": "charter", "channel": "paper", "copies": 0},
            errors.BadFields,
        ),
        ("ella", "replace_material", {"material": "extra", "channel": "paper"}, errors.MaterialRefused),
        ("ella", "mark_defective", {"material": "charter", "reason": "x"}, errors.NotAuthorised),
        ("clerk", "mark_defective", {"material": "charter"}, errors.BadFields),
        ("clerk", "mark_defective", {"material": "extra", "reason": "x"}, errors.MaterialRefused),
        ("clerk", "waive_material", {"material": "charter", "reason": "x"}, errors.MaterialRefused),
        ("clerk", "withdraw_material", {"material": "charter"}, errors.NotAuthorised),
        ("ella", "withdraw_material", {"material": "extra"}, errors.MaterialRefused),
        ("ella", "issue_receipt", {}, errors.NotAuthorised),
        ("public", "receive_material", {"material": "extra", "channel": "paper"}, errors.NotAuthorised),
        (
            "ella",
            "reuse_material",
            {"material": "extra", "from_case": "SL-2026-99999", "version": 1},
            errors.NothingOffered,
        ),
    ],
)
def test_what_is_refused(window, actor, action, fields, refusal):
    filed = window.file()
    named = window.act(filed, "ella", "replace_material", material="charter", channel="paper")

    with pytest.raises(refusal) as refused:
        window.act(filed, actor, action, key="refused", **fields)

    assert type(refused.value) is refusal
    assert window.case(filed).seq == named.seq


def test_what_this_material_may_not_be_is_refused_at_the_door_and_at_the_command(window):
    filed = window.file(materials=())
    with pytest.raises(errors.FileKindRefused):
        window.stage(filed, "charter", files.TXT)
    with pytest.raises(errors.FileTooLarge):
        window.stage(filed, "funds", files.PDF + bytes(2 << 20) + b"%%EOF")
    with pytest.raises(errors.UnknownMaterial):
        window.stage(filed, "diploma")
    # What lies ready for one material need not do for another.
    text_file = window.stage(filed, "extra", files.TXT)
    with pytest.raises(errors.FileKindRefused):
        window.act(filed, "ella", "receive_material", material="charter", digest=text_file)
    large = window.stage(filed, "extra", files.PDF + bytes(2 << 20) + b"%%EOF")
    with pytest.raises(errors.FileTooLarge):
        window.act(filed, "ella", "receive_material", material="funds", digest=large)


def test_a_file_of_another_family_cannot_be_named(window):
    one, other = window.file("one", materials=()), window.file("other", materials=())
    digest = window.stage(one, "charter")

    assert window.stage(other, "charter") != digest
    with pytest.raises(errors.NotStaged):
        window.act(other, "ella", "receive_material", material="charter", digest=digest)


def test_the_same_file_lies_once_in_a_family(window, blobs):
    filed = window.file(materials=())
    window.hand_in(filed, "charter")
    window.hand_in(filed, "extra")

    assert len(blobs.addresses()) == 1


# --- offers ---------------------------------------------------------------------------------------------------------


def test_another_case_of_the_applicant_is_offered_and_used_only_when_accepted(window):
    person = {"name": "王小明", "id_number": "11010519491231002X"}
    old = window.file("old", materials=(), form=person)
    window.hand_in(old, "charter", file_name="章程.pdf")
    new = window.file("new", materials=(), form=person)

    [offer] = offers(window.banjie, window.case(new), window.definition)
    assert (offer.material, offer.from_case, offer.version) == ("charter", old.no, 1)
    assert window.case(new).missing == ("charter", "funds")

    kept = window.store.material(old.case_id, "charter", 1)
    copied = copy_offered(window.banjie, window.case(new), kept)
    assert copied.digest != kept.digest
    window.act(
        new, "ella", "reuse_material", material="charter", from_case=old.no, version=1, digest=copied.digest
    )

    assert window.standing(new) == {"charter": ("held", 1)}
    taken = window.events(new)[-1]
    assert (taken.consent, taken.source.no, taken.file.family) == (True, old.no, new.case_id)
    out = content(window.banjie, new.case_id, "charter")
    assert (out.name, b"".join(out.pieces)) == ("章程.pdf", files.PDF)


def test_nothing_is_offered_that_is_about_another_person(window, monkeypatch):
    old = window.file("old", materials=(), form={"name": "王小明", "id_number": "11010519491231002X"})
    window.hand_in(old, "charter")
    namesake = window.file("new", materials=(), form={"name": "王小明"})

    assert offers(window.banjie, window.case(namesake), window.definition) == []
    with pytest.raises(errors.NothingOffered):
        window.act(namesake, "ella", "reuse_material", material="charter", from_case=old.no, version=1)


# --- the receipt ----------------------------------------------------------------------------------------------------


def test_the_receipt_is_issued_and_handed_over_at_once(window):
    filed = window.file(materials=())
    with pytest.raises(errors.VerbRefused):
        window.act(filed, "clerk", "issue_receipt")
    window.act(filed, "clerk", "receive_material", material="charter", channel="paper")
    window.act(filed, "clerk", "issue_receipt", key="receipt")

    assert [type(event) for event in window.events(filed)[-2:]] == [e.DocumentIssued, e.DocumentsDelivered]
    assert window.case(filed).delivered == ("materials_receipt",)
