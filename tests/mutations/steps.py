"""Mistakes in the one write path and in what cases, letters and quotas do to each other."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

_ENGINE = "tests/integration/engine"
_DOMAIN = "tests/unit/domain"

MUTATIONS = (
    Mutation(
        id="key-means-anything",
        file="workflow/engine/handle.py",
        old="if request_hash(command, salt) != remembered.request_hash:",
        new="if False:",
        breaks="I2: another command under a used key is answered as if it had been done",
        caught_by=(f"{_ENGINE}/test_handle.py::test_the_same_key_with_another_body_is_refused",),
    ),
    Mutation(
        id="key-not-looked-up",
        file="workflow/engine/handle.py",
        old="if opened.remembered is not None:\n        return _repeated",
        new="if False:\n        return _repeated",
        breaks="I2: the same command sent again is done, or refused, a second time",
        caught_by=(
            f"{_ENGINE}/test_handle.py::test_the_same_key_and_body_give_the_same_case_and_write_nothing_more",
        ),
    ),
    Mutation(
        id="one-key-for-all-filers",
        file="workflow/engine/handle.py",
        old='uuid5(_CASES, f"{actor}\\n{key}")',
        new="uuid5(_CASES, key)",
        breaks="I1: who files under a key that another filer has used gets that one's case",
        caught_by=(f"{_ENGINE}/test_handle.py::test_the_id_of_a_case_is_made_of_its_filer_and_his_key",),
    ),
    Mutation(
        id="vote-among-what-is-remembered",
        file="workflow/engine/remembering.py",
        old="command = without_the_vote(command)",
        new="command = command",
        breaks="I9: the hash of a command tells which of three votes it was",
        caught_by=(
            "tests/integration/engine/test_signing.py::test_the_memory_of_a_ballot_does_not_tell_the_vote",
        ),
    ),
    Mutation(
        id="chain-not-linked",
        file="workflow/engine/handle.py",
        old="prev_hash=head,",
        new='prev_hash=b"",',
        breaks="I6: each event stands alone, so one can be taken out",
        caught_by=(f"{_ENGINE}/test_handle.py::test_every_event_is_chained_and_says_on_what_it_rests",),
    ),
    Mutation(
        id="commands-tried-once",
        file="workflow/engine/handle.py",
        old="if attempt == ATTEMPTS - 1:",
        new="if attempt == 0:",
        breaks="I12: a command that lost a race is given up at its first try",
        caught_by=(f"{_ENGINE}/test_handle.py::test_twenty_twins_at_once_make_one_case",),
    ),
    Mutation(
        id="job-of-another-visit",
        file="workflow/domain/decide.py",
        old="scene.here.visit == command.visit and not",
        new="not",
        breaks="I2: a job that came too late takes the automatic step of a later visit",
        caught_by=(f"{_DOMAIN}/test_decide.py::test_a_job_for_a_visit_that_is_over_means_nothing",),
    ),
    Mutation(
        id="version-not-compared",
        file="workflow/domain/decide.py",
        old="command.seen_version != case.version",
        new="command.seen_version > case.version",
        breaks="I11: somebody acts on a case that is no longer what he saw (If-Match)",
        caught_by=(f"{_DOMAIN}/test_decide.py::test_a_stale_version_is_refused",),
    ),
    Mutation(
        id="childs-end-counted-twice",
        file="workflow/domain/decide.py",
        old="if told is None or told.outcome is not None:",
        new="if told is None:",
        breaks="I2: a child's end, told twice, counts twice",
        caught_by=(f"{_ENGINE}/test_family.py::test_an_end_told_twice_counts_once",),
    ),
    Mutation(
        id="joined-by-the-first-child",
        file="workflow/domain/decide.py",
        old="if waits and all(child.outcome",
        new="if waits and any(child.outcome",
        breaks="I3: the parent moves on before its last child has ended",
        caught_by=(f"{_ENGINE}/test_family.py::test_the_last_child_to_end_moves_the_parent_on",),
    ),
    Mutation(
        id="settled-before-it-is-said",
        file="workflow/engine/family.py",
        old="    if job.kind.startswith(CHILD):\n        _open_child(banjie, case, job)\n",
        new=(
            "    with banjie.store.write() as tx:\n"
            '        tx.open_case(case_id, actor=SYSTEM, key="")\n'
            "        early = (DoneJob(job=job.job, kind=job.kind),)\n"
            "        tx.write(Step(before=case, after=case, events=(), actor=SYSTEM,\n"
            '            key="", request_hash=b"", done=early))\n'
            "    if job.kind.startswith(CHILD):\n        _open_child(banjie, case, job)\n"
        ),
        breaks="I1: commit before effect: the job is done though the other case was never told",
        caught_by=(
            f"{_ENGINE}/test_family.py::test_a_child_that_could_not_be_opened_is_opened_at_the_next_look",
        ),
    ),
    Mutation(
        id="child-of-an-earlier-round",
        file="workflow/engine/family.py",
        old='key = f"child:{case.id}:{job.action}:{round_}:{name}"',
        new='key = f"child:{case.id}:{job.action}:{name}"',
        breaks="I2: a second round of joint handling finds the children of the first",
        caught_by=(f"{_ENGINE}/test_family.py::test_each_round_has_children_of_its_own",),
    ),
    Mutation(
        id="letter-answered-twice",
        file="workflow/engine/letters.py",
        old="if not open_ or tx.letters.waits(letter):",
        new="if tx.letters.waits(letter):",
        breaks="I10: a filing letter (申报函) is answered by two replies with two numbers",
        caught_by=(f"{_ENGINE}/test_letters.py::test_a_look_at_an_answered_letter_takes_no_number",),
    ),
    Mutation(
        id="letter-answered-on-the-day",
        file="workflow/engine/letters.py",
        old=">= today:",
        new="> today:",
        breaks="I3: the reply goes out while cases of the same letter may still come",
        caught_by=(
            f"{_ENGINE}/test_letters.py::test_on_the_day_of_the_last_filing_the_reply_waits_for_midnight",
        ),
    ),
    Mutation(
        id="answered-letter-joined",
        file="workflow/storage/letter_register.py",
        old="return row is None or row[2] is None",
        new="return True",
        breaks="I1: a case comes under a letter after its reply, and is never answered",
        caught_by=(
            f"{_ENGINE}/test_letters.py::test_a_case_after_the_reply_is_refused_and_leaves_nothing_behind",
        ),
    ),
    Mutation(
        id="quota-oversold",
        file="workflow/domain/quota/course.py",
        old="if places > balance.left:",
        new="if places > balance.places:",
        breaks="more places of a quota (进京指标) are reserved than there are",
        caught_by=(
            f"{_DOMAIN}/quota/test_course.py::test_no_place_left_refuses_the_report_and_says_what_there_is",
        ),
    ),
    Mutation(
        id="quota-read-without-lock",
        file="workflow/storage/quota_register.py",
        old="    .order_by(q.quotas.c.year)\n    .with_for_update()",
        new="    .order_by(q.quotas.c.year)",
        breaks="two reports at once take the same last place",
        caught_by=(f"{_ENGINE}/test_quota.py::test_a_hundred_at_once_for_the_last_ten_places",),
    ),
    Mutation(
        id="place-kept-after-the-end",
        file="workflow/domain/quota/course.py",
        old="not case.quota.reserved or case.concluded_at is None:",
        new="not case.quota.reserved or case.concluded_at is None or scene.decided:",
        breaks="a case that came to nothing keeps its place for ever",
        caught_by=(
            f"{_ENGINE}/test_quota.py::test_a_case_that_ends_without_a_word_about_its_place_gives_it_back",
        ),
    ),
    Mutation(
        id="quota-after-number",
        file="workflow/engine/advance.py",
        old="    if opened.case is not None and needs(",
        new="    if opened.case is None and needs(",
        breaks="the order of locks: a quota is locked after a number counter, and two batches wait for each other",
        caught_by=(f"{_ENGINE}/test_quota.py::test_periods_that_end_at_one_midnight_release_each_its_place",),
    ),
    Mutation(
        id="bulk-runs-share-their-keys",
        file="workflow/engine/bulk.py",
        old='key=f"{of.kind}:{of.id}:{case_id}"',
        new='key=f"{of.kind}:{case_id}"',
        breaks="I2: a second run on the same cases is answered with what the first one did",
        caught_by=(
            f"{_ENGINE}/test_bulk.py::test_another_run_on_the_same_cases_is_done_and_not_taken_for_the_first",
        ),
    ),
    Mutation(
        id="facts-of-the-catalogue",
        file="workflow/engine/banjie.py",
        old="directory = self.directory(directory_revision)\n        return Facts",
        new="directory = self.catalog.directory\n        return Facts",
        breaks="I8: the right to act is not that of the directory in force when the command runs",
        caught_by=(
            f"{_ENGINE}/test_directory_changes.py::test_a_running_case_uses_the_new_directory_at_its_next_step",
        ),
    ),
)
