"""Mistakes in what proves, hides and shows: the chain, the verifier, commitments, masks, small counts."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

_DOMAIN = "tests/unit/domain"
_VERIFY = "tests/unit/evidence/test_verify.py"
_EVIDENCE = "tests/integration/evidence"

MUTATIONS = (
    Mutation(
        id="payload-not-hashed",
        file="workflow/domain/chain.py",
        old="    payload, before = envelope.payload, envelope.prev_hash\n",
        new='    payload, before = b"", envelope.prev_hash\n',
        breaks="I6: what an event says can be altered under its hash",
        caught_by=(f"{_DOMAIN}/test_chain.py::test_changing_any_field_changes_the_hash",),
    ),
    Mutation(
        id="hash-without-lengths",
        file="workflow/domain/chain.py",
        old='    return len(part).to_bytes(8, "big") + part\n',
        new="    return part\n",
        breaks="I6: letters can be moved from one field to the next",
        caught_by=(
            f"{_DOMAIN}/test_chain.py::test_moving_a_letter_from_one_field_to_the_next_changes_the_hash",
        ),
    ),
    Mutation(
        id="commitment-without-salt",
        file="workflow/domain/chain.py",
        old="for part in (salt, field.encode(), value.encode()):",
        new="for part in (field.encode(), value.encode()):",
        breaks="I9: a name can be guessed from the record after it was erased",
        caught_by=(f"{_DOMAIN}/test_chain.py::test_a_commitment_depends_on_salt_field_and_value",),
    ),
    Mutation(
        id="gap-not-seen",
        file="workflow/evidence/verify.py",
        old="if envelope.seq != place:",
        new="if envelope.seq < place:",
        breaks="I6: an event that was taken out is not missed",
        caught_by=(f"{_VERIFY}::test_a_gap_is_named_by_the_number_that_is_missing",),
    ),
    Mutation(
        id="links-not-compared",
        file="workflow/evidence/verify.py",
        old="return Flaw.UNLINKED if envelope.prev_hash != head else None",
        new="return None",
        breaks="I6: an event written anew, with a hash that fits it, passes",
        caught_by=(f"{_VERIFY}::test_an_event_written_anew_no_longer_fits_what_follows",),
    ),
    Mutation(
        id="tail-not-seen",
        file="workflow/evidence/verify.py",
        old="    return _row(record, case, head)\n\n\ndef _flaw",
        new="    return None\n\n\ndef _flaw",
        breaks="I6: the last events can be cut off, or the row altered",
        caught_by=(f"{_VERIFY}::test_a_gap_is_named_by_the_number_that_is_missing",),
    ),
    Mutation(
        id="impossible-act-believed",
        file="workflow/evidence/verify.py",
        old="if (event.source, event.target) != (here, target):",
        new="if False:",
        breaks="I3: an act that leads where the definition does not is believed",
        caught_by=(f"{_VERIFY}::test_an_act_that_leads_elsewhere_than_the_definition_says_is_impossible",),
    ),
    Mutation(
        id="row-beside-its-body",
        file="workflow/evidence/verify.py",
        old="beside = {name for name, value in record.columns.items() if value != getattr(case, name)}",
        new="beside = set[str]()",
        breaks="I3: a column that says otherwise than the events is not noticed",
        caught_by=(f"{_EVIDENCE}/test_walk.py::test_a_row_that_says_otherwise_beside_its_body",),
    ),
    Mutation(
        id="kept-head-not-compared",
        file="workflow/evidence/heads.py",
        old="if now == head.hash:",
        new="if now is not None:",
        breaks="I6: a whole chain written anew passes beside the head that was kept",
        caught_by=(f"{_EVIDENCE}/test_heads.py::test_a_whole_chain_rewritten_with_its_row",),
    ),
    Mutation(
        id="cut-file-of-heads",
        file="workflow/evidence/heads.py",
        old='    raise BadEvidence(path=path, reason="has no last line, it was cut short")',
        new="    return",
        breaks="I6: a file of heads that was cut short is taken for evidence",
        caught_by=(f"{_EVIDENCE}/test_heads.py::test_a_file_that_was_altered_itself_is_no_evidence",),
    ),
    Mutation(
        id="removed-row-not-missed",
        file="workflow/evidence/derived.py",
        old="        for key, kept in wanted.items():\n",
        new="        for key, kept in dict(list(wanted.items())[:0]).items():\n",
        breaks="I3: a derived row that was removed is not missed",
        caught_by=(f"{_EVIDENCE}/test_derived.py::test_whatever_is_removed_is_named",),
    ),
    Mutation(
        id="name-left-in-the-event",
        file="workflow/engine/personal.py",
        old='        kept[name] = {"subject": subject, "field": field, "commitment": commitment(salt, field, value)}\n',
        new="",
        breaks="I9: a name stands in the record, which nobody can erase",
        caught_by=(
            "tests/integration/engine/test_handle.py::test_personal_values_stand_apart_and_events_hold_commitments",
        ),
    ),
    Mutation(
        id="list-opens-what-is-closed",
        file="workflow/domain/publication.py",
        old="if field in known and field not in closed)",
        new="if field in known)",
        breaks="I9: a notice shows a personal field because its list names it",
        caught_by=(f"{_DOMAIN}/test_publication.py::test_a_list_cannot_open_what_is_personal",),
    ),
    Mutation(
        id="name-without-mask",
        file="workflow/queries/public.py",
        old="value=masked(found.name)",
        new="value=found.name",
        breaks="I9: a look-up shows the whole name",
        caught_by=(
            "tests/integration/portal/test_lookup.py::test_the_slips_holder_sees_where_the_case_is_and_who_holds_it",
        ),
    ),
    Mutation(
        id="any-code-opens",
        file="workflow/queries/public.py",
        old="if row is None or not row.value or not right:",
        new="if row is None or not row.value:",
        breaks="I9: whoever knows a case's number reads the case",
        caught_by=(
            "tests/integration/portal/test_lookup.py::test_a_wrong_code_and_an_unknown_number_are_answered_alike",
        ),
    ),
    Mutation(
        id="held-back-count-by-subtraction",
        file="workflow/queries/statistics.py",
        old="return None if None in counts else sum(counts)",
        new="return sum(count or 0 for count in counts)",
        breaks="I9: a total beside a count that is held back",
        caught_by=(
            "tests/integration/portal/test_api.py::test_figures_are_held_back_where_they_would_point_at_persons",
        ),
    ),
    Mutation(
        id="small-counts-alone-held-back",
        file="workflow/domain/figures/suppression.py",
        old="while exposed := next(_exposed(table, hidden), None):",
        new="while exposed := None:",
        breaks="I9: a count that is held back can be reckoned from its line",
        caught_by=(
            f"{_DOMAIN}/figures/test_suppression.py::test_no_subtraction_brings_a_held_back_count_back",
        ),
    ),
    Mutation(
        id="count-of-four-shown",
        file="workflow/domain/publication.py",
        old="return None if 0 < count < SMALL else count",
        new="return None if 0 < count < SMALL - 1 else count",
        breaks="I9: a published count below five points at persons",
        caught_by=(f"{_DOMAIN}/test_publication.py::test_a_count_that_points_at_persons_is_held_back",),
    ),
    Mutation(
        id="code-in-the-log",
        file="portal/access_log.py",
        old='log.info("request", method=method, route=route,',
        new='log.info("request", method=method, route=str(scope["query_string"]),',
        breaks="I9: whoever reads the log of requests can open cases",
        caught_by=("tests/unit/portal/test_access_log.py::test_a_request_is_told_once_by_its_pattern",),
    ),
)
