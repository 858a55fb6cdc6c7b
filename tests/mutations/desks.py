"""Mistakes about persons: who may act, whose work it is, who signs, who votes."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

_DOMAIN = "tests/unit/domain"
_DESK = "tests/unit/domain/desk"

MUTATIONS = (
    Mutation(
        id="four-eyes-closed",
        file="workflow/domain/authority.py",
        old="if act.person == actor and act.post != post and act.post in group:",
        new="if act.person == actor and act.post != post and act.post in group[:1]:",
        breaks="I8: handler, checker and approver are pairwise different persons, not only the first from the rest",
        caught_by=(f"{_DOMAIN}/test_authority.py::test_the_three_roles_are_apart_pairwise",),
    ),
    Mutation(
        id="deputy-beside-his-principal",
        file="workflow/domain/authority.py",
        old="if standing is Standing.DEPUTY and assignment is None:",
        new="if False:",
        breaks="I8: a deputy (B岗) acts only while the principal is away",
        caught_by=(
            f"{_DOMAIN}/test_authority_matrix.py::test_every_action_by_everybody_in_every_relation_and_state",
        ),
    ),
    Mutation(
        id="recusal-ignored",
        file="workflow/domain/authority.py",
        old="    if case.desk.recused(actor):\n        error: BanjieError",
        new="    if False:\n        error: BanjieError",
        breaks="Civil Servants Law art. 76: who stands aside acts no more",
        caught_by=(f"{_DESK}/test_recusing.py::test_who_stands_aside_acts_no_more_whatever_he_has",),
    ),
    Mutation(
        id="leaver-reaches-back",
        file="workflow/domain/decide.py",
        old="for on in dict.fromkeys((scene.civil(scene.now), scene.civil(at)))",
        new="for on in (scene.civil(at),)",
        breaks="I8: somebody who has left dates an act back into the time when he was there",
        caught_by=(
            f"{_DOMAIN}/test_decide.py::test_who_has_left_does_not_reach_back_nor_who_has_come_to_before_he_was_there",
        ),
    ),
    Mutation(
        id="work-of-another",
        file="workflow/domain/authority.py",
        old="if assignment is not None and (assignment.person != actor or lent is not None):",
        new="if assignment is not None and lent is not None:",
        breaks="I8: somebody acts on what another has claimed",
        caught_by=(f"{_DESK}/test_assigning.py::test_nobody_else_acts_on_what_one_has",),
    ),
    Mutation(
        id="claimed-over-a-claim",
        file="workflow/domain/desk/assigning.py",
        old="    if held is not None:\n        if held.person == scene.actor:",
        new="    if held is not None and held.person == scene.actor:\n        if held.person == scene.actor:",
        breaks="I2: of two who claim the second takes it away",
        caught_by=(
            f"{_DESK}/test_assigning.py::test_the_first_who_claims_has_it_and_the_next_is_told_who_and_since_when",
        ),
    ),
    Mutation(
        id="given-to-whoever-is-away",
        file="workflow/domain/desk/ownership.py",
        old="    if directory.absent(person, on):\n        raise cannot_hold",
        new="    if False:\n        raise cannot_hold",
        breaks="work is given to somebody who is not there, and waits",
        caught_by=(f"{_DESK}/test_assigning.py::test_work_goes_only_to_somebody_who_can_do_it",),
    ),
    Mutation(
        id="recused-head-gets-it",
        file="workflow/domain/desk/ownership.py",
        old="head not in told and not case.desk.recused(head):",
        new="head not in told:",
        breaks="Civil Servants Law art. 76: the work of who stands aside goes to the head, who stands aside too",
        caught_by=(f"{_DESK}/test_ownership.py::test_a_head_who_stands_aside_is_not_next_in_line",),
    ),
    Mutation(
        id="deputy-head-beside-the-head",
        file="workflow/domain/desk/rights.py",
        old="return away and scene.actor in",
        new="return scene.actor in",
        breaks="I8: the deputy of a head acts only while the head is away",
        caught_by=(f"{_DESK}/test_rights.py::test_a_deputy_head_acts_only_while_the_head_is_away",),
    ),
    Mutation(
        id="judge-of-himself",
        file="workflow/domain/desk/recusing.py",
        old="    if request.person == scene.actor:\n",
        new="    if False:\n",
        breaks="Civil Servants Law art. 78: nobody decides on his own recusal",
        caught_by=(f"{_DESK}/test_recusing.py::test_nobody_decides_about_himself",),
    ),
    Mutation(
        id="gate-open-while-others-are-asked",
        file="workflow/domain/desk/gate.py",
        old="    if asked is not None:\n        missing",
        new="    if asked is None and False:\n        missing",
        breaks="I3: a case goes ahead of those who were asked to countersign (会签)",
        caught_by=(f"{_DESK}/test_signing.py::test_while_signatures_are_missing_the_case_goes_no_further",),
    ),
    Mutation(
        id="round-ends-on-hope",
        file="workflow/domain/desk/tally.py",
        old="return best if best == worst else None",
        new="return best",
        breaks="I3: a round of signatures ends while votes are out that could change it",
        caught_by=(f"{_DESK}/test_tally.py::test_the_early_end_is_the_end_with_all_votes_in_whatever_order",),
    ),
    Mutation(
        id="turn-not-kept",
        file="workflow/domain/desk/signing.py",
        old="    if awaited:\n        raise",
        new="    if False:\n        raise",
        breaks="I3: in a sequential round somebody signs before his turn",
        caught_by=(f"{_DESK}/test_signing.py::test_in_a_sequence_each_waits_for_his_turn",),
    ),
    Mutation(
        id="urn-kept-after-the-count",
        file="workflow/domain/desk/urn.py",
        old="    e.BallotsCounted: (URN,),\n",
        new="    e.BallotsCounted: (),\n",
        breaks="I9: the secret of a ballot outlives it",
        caught_by=(
            "tests/integration/engine/test_signing.py::test_five_vote_at_once_and_only_the_counts_are_there",
        ),
    ),
    Mutation(
        id="ballot-in-the-open",
        file="workflow/domain/desk/urn.py",
        old='command = replace(command, fields={**command.fields, "vote": vote})',
        new='command = replace(command, fields={**command.fields, "vote": {**vote, "as": str(command.fields["vote"])}})',
        breaks="I9: the event of a ballot says how somebody voted",
        caught_by=(f"{_DESK}/test_panel.py::test_the_record_never_says_how_somebody_voted",),
    ),
    Mutation(
        id="seed-changed-before-the-draw",
        file="workflow/domain/desk/panel.py",
        old="if urn.sealed(seed) != panel.seal:",
        new="if urn.sealed(seed) == seed:",
        breaks="the draw of experts is not the one that was bound before",
        caught_by=(f"{_DESK}/test_panel.py::test_a_seed_that_was_changed_draws_nobody",),
    ),
    Mutation(
        id="own-notice-published",
        file="workflow/engine/calendar_notices.py",
        old="if kept.proposed_by == by:",
        new="if False:",
        breaks="design 6: a notice on holidays counts when a second person has confirmed it",
        caught_by=("tests/integration/engine/test_calendar_notices.py::test_only_another_keeper_publishes",),
    ),
)
