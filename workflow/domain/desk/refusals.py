"""What stands in the way of a verb, each by its name: the English words here, the other languages in the catalogues under
`refusals.<name>`.
"""

from __future__ import annotations

from typing import Any

from workflow.errors import CannotHold, CannotTakeBack, NotOnThisCase, VerbRefused

WORDS = {
    # whose work it is
    "nobody_has_it": "a work item that somebody has",
    "has_it_already": "another person: {person} has the work item already",
    "claim_it": "another person; to take the work item yourself, claim it",
    "lent_already": "work that is not lent out; it is with {person}, call it back first",
    "nothing_lent": "work that is lent out",
    "opinion_needed": "an opinion, in the field `opinion`, of whoever returns the work",
    # who can have it
    "holds_the_post": "whoever holds the post {post} at {organ} on the day, for this matter",
    "not_recused": "somebody who is not recused (回避) on this case",
    "no_other_role": "somebody who has not acted on this case as {role}",
    "is_there": "somebody who is not recorded as absent on {on}",
    "of_the_organ": "another person who holds a post at {organ} from which somebody examines",
    # whose right it is
    "has_the_item": "{holder}, who has the work item",
    "head": "the head of the organ, or of one above it",
    "supervisor": "a head, supervisor or auditor of the organ, or of one above it",
    "party": "a party of the case",
    "own_post": "somebody who holds a post of the case",
    "system": "the system, which does it by itself",
    "stands_in": "an absence of whoever is responsible, or the work item from him",
    "mover": "{holder}, whose act it was",
    # recusals
    "not_yet_recused": "somebody who is not recused already, and no open request about him",
    "open_request": "an open request; there is none with the number {number}",
    "not_oneself": "somebody else than the person in question",
    "heads_the_person": "the head of an organ at which {person} holds a post, or of one above it",
    # words to the desk
    "not_concluded": "a case that is not concluded (办结) yet",
    "later_day": "a day after {on}, on which it is given",
    "open_order": "an open order; there is none with the number {number}",
    "not_ones_own": "somebody else than whoever gave the order",
    # filing letters
    "under_a_letter": "a case that stands under a filing letter (申报函)",
    "not_replied": "a letter that has not been answered",
    # countersigning
    "open_round": "a countersign (会签) that is open",
    "no_open_round": "that the open countersign has ended, or is called off",
    "post_with_somebody": "a post whose holder may sign and is there; at {signer} there is nobody",
    "not_of_the_filers": "a signer who is not of the side that filed; {signer} is",
    "signer_there": "a signer who is there on {on}, or whose deputy is; {signer} is away",
    "signer": "one of those who are still to sign: {signers}",
    "signs_once": "a signature of somebody who has not signed in this round",
    "not_signed_yet": "a signature that is not given yet; {person} has signed",
    "that_signer": "a signature that is yours to give; {signer} is none",
    "ones_turn": "the signatures that come before: {signers}",
    "after_being_asked": "a time that is not before you were asked",
    "words_of_disagreement": "what you disagree with and why, in the field `words`",
    "beside_oneself": "the signer at whose side you sign yourself, with the weight 1",
    "new_signer": "somebody who is not a signer already; {signer} is",
    "beside_unsigned": "a signer who has not signed yet, in the field `beside`; {signer} is none",
    "unsigned_signer": "a signer who has not signed yet; {signer} is none",
    "own_addition": "a signer whom you added yourself; {signer} is none",
    "removal_decides_nothing": "that the round stays open without {signer}; let the signer sign, or call the round off",
    "opener_or_signer": "whoever has the work item, or a signer who has not signed yet",
    "signed_by_all": "the end of the countersign (会签); still to sign: {signers}",
    # expert panels
    "open_panel": "a panel (专家评审) that is convened",
    "no_open_panel": "that the panel which is convened is done, or dissolved",
    "experts_enough": "{size} experts of the pool {pool} who may judge this case; there are {found}",
    "seed_as_sealed": "the seed that was sealed at the convening; dissolve the panel and convene it again",
    "seat_of_the_panel": "a member of the panel; {person} has no seat",
    "not_voted_yet": "a member who has not voted yet; {person} has",
    "quorum_of_the_panel": "{quorum} members who have voted; {voted} have",
    "urn_as_bound": "an urn that is as the record binds it; dissolve the panel and vote again",
    "attendees_of_the_panel": "all who voted, and only members of the panel and its chair; look at {persons}",
    "chair_of_the_panel": "{person}, who chairs the panel",
    "not_counted_yet": "a panel whose ballots are not counted yet; give its minutes",
    "panel_convened": "a panel whose members are to be drawn",
    "panel_drawn": "a panel that is drawn and votes",
    "panel_counted": "a panel whose ballots are counted",
    "count_of_the_panel": "the count and the minutes of panel {number}",
    "minutes_of_the_panel": "the minutes of panel {number}",
    # work passed on
    "somebody_else": "somebody else than {person}, who leaves",
    "his_work": "a case on which something waits for {person}",
    "somebody_to_have_it": "somebody else who may have the work item",
    "signer_named": "the name of whoever is to sign in the place of {person}",
    "untouched": "a work item that was passed on and that nobody has touched since",
    # the window
    "at_reception": "a case at reception that has not been accepted yet",
    "something_new": "something that is not in the form already",
    "paper_waiting": "a paper that has not been delivered yet",
    "these_papers": "papers that wait ({waiting}); {unknown} is none of them",
    "day_of_delivery": "a day of delivery from {first} to {last}",
    "tracking_number": "the tracking number of the post",
    "witnesses": "witnesses of a paper that was left (留置送达)",
    "consent": "the consent of the recipient to electronic delivery",
    "announced": "a public announcement that has stood long enough (to {until})",
    # an act taken back
    "own_last_move": "that your own act was the last that moved the case",
    "no_effects": "an act without effects; {name} issued, published or decided something",
    "no_machine": "a case on which the system is not at work",
    "after_the_act": "a time that is not before the act itself",
    "next_waits": "that the next has not acted yet",
    # materials
    "not_handed_in": "one that is not handed in yet; a new version is handed in with replace_material",
    "handed_in": "one that has been handed in",
    "found_sound": "one that is handed in and has not been found defective",
    "wanting": "one that is not handed in, or defective",
    "original_here": "one whose original is in the office's hands",
    "not_accepted_yet": "a filing that is not accepted (受理) yet; replace the material, or withdraw the case",
    "something_received": "at least one material that has been received",
    # findings and audits
    "auditor": "an auditor of the organ, of one above it, or of the organ of supervision",
    "respondent": "whoever answers for the finding {number}: its person, a holder of its post, the head of its organ",
    "open_finding": "an open finding; there is none with the number {number}",
    "finding_stands": "a finding that stands at {wanted}; it stands at {now}",
    "respondent_heard": "that the respondent has explained, or that his time to explain is over",
    "not_yet_proposed": "a finding that nobody has proposed to cancel; {person} has",
    "proposed_first": "that another has proposed to cancel it",
    "concluded": "a case that is concluded",
    "not_yet_rated": "a case that has not been rated; the rating stands",
    "no_open_appeal": "a finding without an open appeal",
    "open_appeal": "a finding with an open appeal",
    "not_frozen": "a case that is not frozen; {person} has frozen it",
    "frozen": "a case that is frozen",
    "unfrozen": "a case that is not frozen (冻结); {person} has frozen it for an audit",
}


def refused(action: str, rule: str, **values: Any) -> VerbRefused:
    """The verb is not possible now, by the rule of that name."""
    return VerbRefused(action=action, rule=rule, needed=WORDS[rule].format(**values), **values)


def cannot_hold(person: str, rule: str, **values: Any) -> CannotHold:
    """The work item cannot go to that person, by the rule of that name."""
    return CannotHold(person=person, rule=rule, needed=WORDS[rule].format(**values), **values)


def cannot_take_back(rule: str, **values: Any) -> CannotTakeBack:
    """The act cannot be taken back, by the rule of that name."""
    return CannotTakeBack(rule=rule, needed=WORDS[rule].format(**values), **values)


def not_on_this_case(actor: str, action: str, rule: str, **values: Any) -> NotOnThisCase:
    """The actor has no right to the verb here, by the rule of that name."""
    return NotOnThisCase(actor=actor, action=action, rule=rule, needed=WORDS[rule].format(**values), **values)
