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
