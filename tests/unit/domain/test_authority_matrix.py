"""The matrix: every action and verb of every shipped matter × every role × relation to the case × state, held against
tables that were written without the engine (issue 5). No cell is without an expected answer.
"""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from tests.unit.domain import matrix
from tests.unit.domain.matrix import ADMINISTRATORS, ELSEWHERE, HANDLING, OVERSEERS, RELATIONS, YES, above
from workflow.catalog.loader import load
from workflow.domain import authority
from workflow.domain.authority import Allowed
from workflow.domain.desk import verbs
from workflow.domain.scene import Facts, Scene
from workflow.testing import sample

ACTIONS = matrix.table(matrix.ACTIONS)
OWN = matrix.table(matrix.ITEM_VERBS)
OTHERS = matrix.table(matrix.ITEM_VERBS_OF_OTHERS)
ITEM_VERBS = ("claim", *HANDLING, "hand_back")
OUTSIDERS = (
    "idle",
    "leaver",
    "stranger",
    f"{ELSEWHERE}/head/A",
    *(f"administration/{k}/A" for k in ADMINISTRATORS),
)


@cache
def matters():
    return load().matters


@cache
def world(code):
    return matrix.world(matters()[code].definition)


def cells(there):
    for state, waits in matrix.states(there):
        for role in there.roles:
            for relation in RELATIONS:
                case = matrix.case(there, state, role, relation, waits)
                if case is not None:
                    yield state, waits, role, relation, case


OF_ADMINISTRATION = {(verb, "security_administrator") for verb in ("pass_on", "give_back")}
"""A leaver's work is passed on by whoever administers persons (安全保密管理员); to decide anything he has no right."""


# --- what is expected of a declared action ----------------------------------------------------------------------------


def of_an_action(there, action, waits, role, relation):
    by = there.definition.actions[action].by
    if role.code == "system" or role.code.startswith("public"):
        name = "system" if role.code == "system" else "public"
        return YES if name in by else "post"
    if role.code == "stranger":
        return "known_person"
    answers = []
    for post in by:
        if holds(there, role, post):
            row = ACTIONS["principal" if role.full else "deputy", excused(there, post, relation)]
            answers.append(row["here" if post == waits else "there"])
    if YES in answers:
        return YES
    if answers:
        return answers[-1]
    return YES if "public" in by else "post"


def excused(there, post, relation):
    """To have acted in another role means nothing where no law asks for different persons."""
    return "nothing" if relation == "other_role" and there.other_role(post) is None else relation


def holds(there, role, post):
    return post in there.definition.posts and there.holds(role, post)


WITHOUT_THE_POST = ("nothing", "has_it", "other_role")
"""Relations in which an action is asked for by somebody who holds none of its posts: the rest is the same to him."""


# --- what is expected of a verb ---------------------------------------------------------------------------------------


def of_a_verb(there, verb, state, waits, role, relation):
    if there.definition.states[state].final and verb != "answer_order":
        return "over"
    if verb in ITEM_VERBS:
        return of_the_item(there, verb, waits, role, relation)
    return EXPECTED[verb](there, state, waits, role, relation)


def of_the_item(there, verb, waits, role, relation):
    column = "handle" if verb in HANDLING else verb
    if waits is None:
        return "work_item"
    if there.holds(role, waits):
        return OWN["principal" if role.full else "deputy", excused(there, waits, relation)][column]
    colleague = role.organ == there.organ(waits) and role.kind not in {"supervisor", "auditor"}
    known = role.code not in {"stranger", "system"} and not role.code.startswith("public")
    who = "colleague" if colleague and ("colleague", relation) in OTHERS else "known" if known else "unknown"
    return OTHERS[who, relation][column]


def offices(there):
    posts = there.definition.posts
    return [p for p in posts if p not in there.definition.filed_by or not posts[p].organ.startswith("@")]


def chain(there, posts):
    organs = {there.organ(post) for post in posts}
    return organs | {above(organ) for organ in organs} - {None}


def overseer(there, role, relation, posts, *, heads_only):
    if role.code in {"stranger", "system"} or role.code.startswith("public"):
        return "known_person"
    if "recused" in relation:
        return "recusal"
    kinds = ("head",) if heads_only else OVERSEERS
    independent = role.kind in {"supervisor", "auditor"} and role.organ and above(role.organ) is None
    there_too = role.organ in chain(there, posts) or (independent and not heads_only)
    return YES if role.kind in kinds and role.full and there_too else "over"


def head_of_the_post(there, state, waits, role, relation):
    return overseer(there, role, relation, [waits] if waits else offices(there), heads_only=True)


def head_of_an_office(there, state, waits, role, relation):
    return overseer(there, role, relation, offices(there), heads_only=True)


def supervising(there, state, waits, role, relation):
    return overseer(there, role, relation, offices(there), heads_only=False)


def on_the_case(there, state, waits, role, relation):
    if role.code.startswith("public"):
        return YES if "public" in there.definition.filed_by else "party"
    files = any(holds(there, role, post) for post in there.definition.filed_by)
    if files or role.organ in there.parties.values():
        return YES
    if supervising(there, state, waits, role, relation) == YES:
        return YES
    return "known_person" if role.code in {"stranger", "system"} else "party"


def of_himself(there, state, waits, role, relation):
    if role.code in {"stranger", "system"} or role.code.startswith("public"):
        return "known_person"
    return YES if any(there.holds(role, post) for post in offices(there)) else "himself"


def answering(there, state, waits, role, relation):
    own = of_the_item(there, "release", waits, role, relation)
    over = head_of_the_post(there, state, waits, role, relation)
    return YES if YES in (own, over) else own


EXPECTED = {
    "assign": head_of_the_post,
    "order_recusal": head_of_an_office,
    "decide_recusal": head_of_an_office,
    "recuse": of_himself,
    "ask_recusal": on_the_case,
    "urge": on_the_case,
    "order": supervising,
    "answer_order": answering,
    "take_back": lambda *_: "move",
    "hand_over": lambda there, state, waits, role, relation: YES if role.code == "system" else "system",
}
OF_THE_DESK = (*ITEM_VERBS, *EXPECTED)
BESIDE_THE_ITEM = ("nothing", "has_it", "recused", "other_role")
"""Relations that can matter to a verb that is not about the work item itself."""


def told(answer):
    if isinstance(answer, Allowed):
        return YES
    return answer.rule.partition(".")[2]


def full_rule(answer):
    return YES if isinstance(answer, Allowed) else answer.rule


# --- the comparison ---------------------------------------------------------------------------------------------------

COUNTED = Counter()
"""How many cells were compared in this process, by their answer: about two million in all."""


@pytest.mark.parametrize("code", sorted(load().matters))
def test_every_action_by_everybody_in_every_relation_and_state(code):
    there = world(code)
    wrong = []
    for state, waits, role, relation, case in cells(there):
        directory = there.with_absences if role.away else there.everybody
        for action, spec in there.definition.actions.items():
            if relation not in WITHOUT_THE_POST and not any(holds(there, role, post) for post in spec.by):
                continue
            answer = authority.may(
                there.definition, case, action, actor=role.code, directory=directory, on=matrix.TODAY
            )
            expected = of_an_action(there, action, waits, role, relation)
            COUNTED[expected] += 1
            if told(answer) != expected:
                wrong.append((state, role, relation, action, expected, full_rule(answer)))
    assert wrong[:5] == []


@pytest.mark.parametrize("code", sorted(load().matters))
def test_every_verb_by_everybody_in_every_relation_and_state(code):
    there = world(code)
    facts = {away: facts_with(there.with_absences if away else there.everybody) for away in (False, True)}
    wrong = []
    for state, waits, role, relation, case in cells(there):
        scene = Scene(
            definition=there.definition, case_id="c", case=case, facts=facts[role.away], now=matrix.NOW, actor=role.code
        )  # fmt: skip
        for verb in OF_THE_DESK if relation in BESIDE_THE_ITEM else ITEM_VERBS:
            answer = verbs.right_to(scene, verb)
            expected = of_a_verb(there, verb, state, waits, role, relation)
            COUNTED[expected] += 1
            if told(answer) != expected:
                wrong.append((state, role, relation, verb, expected, full_rule(answer)))
    assert wrong[:5] == []


def facts_with(directory):
    plain = sample.facts()
    return Facts(calendar=plain.calendar, law=plain.law, directory=directory)


@pytest.mark.parametrize("code", sorted(load().matters))
def test_no_verb_whatever_lets_in_somebody_who_has_no_business_with_the_case(code):
    """Holds for verbs that come later too, without a line in any table: default deny."""
    there = world(code)
    facts = facts_with(there.everybody)
    let_in = []
    for state, waits in matrix.states(there):
        for role in there.roles:
            if role.code not in OUTSIDERS:
                continue
            case = matrix.case(there, state, role, "nothing", waits)
            scene = Scene(
                definition=there.definition, case_id="c", case=case, facts=facts, now=matrix.NOW, actor=role.code
            )  # fmt: skip
            let_in += [
                (state, role.code, verb)
                for verb in verbs.VERBS
                if isinstance(verbs.right_to(scene, verb), Allowed)
                and (verb, role.kind) not in OF_ADMINISTRATION
            ]
    assert let_in == []


def test_the_tables_leave_no_cell_open_and_both_answers_occur():
    """Every row of the tables, every verb of the desk, and enough cells to mean something."""
    desk_modules = (verbs.assigning, verbs.recusing, verbs.returning, verbs.ordering)
    assert {name for module in desk_modules for name in module.VERBS} == set(OF_THE_DESK)
    assert {relation for _, relation in ACTIONS} == set(RELATIONS) == {relation for _, relation in OWN}
    there = world("transfer-into-beijing")
    cases = sum(1 for _ in cells(there))
    assert cases * (len(there.definition.actions) + len(OF_THE_DESK)) > 50_000
