"""Mistakes of the hands that do automatic work: hints, relay, pulse, tasks, watchdog, notifications."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

_WORKERS = "tests/unit/workers"
_STORAGE = "tests/integration/storage"
_NOTIFY = "tests/integration/notify"

MUTATIONS = (
    Mutation(
        id="hint-never-taken-back",
        file="workflow/storage/hints.py",
        old="    .values(hinted_at=None)\n",
        new="    .values(hinted_at=RealNow())\n",
        breaks="I7: what could not be sent counts as told",
        caught_by=(f"{_STORAGE}/test_hints.py::test_a_hint_that_could_not_be_sent_is_taken_back",),
    ),
    Mutation(
        id="polled-by-cursor",
        file="workflow/storage/hints.py",
        old="    return and_(waits, table.c.hinted_at.is_(None), due <= PresentTime())",
        new=(
            "    told = table.alias()\n"
            "    cursor = select(told.c.case_id).where(told.c.hinted_at.is_not(None), told.c[due.name] >= due)\n"
            "    return and_(waits, table.c.hinted_at.is_(None), due <= PresentTime(), ~cursor.exists())"
        ),
        breaks="I7: what commits behind the cursor is never looked for (rows become visible out of order)",
        caught_by=(f"{_STORAGE}/test_hints.py::test_a_failure_is_counted_and_the_fifth_parks",),
    ),
    Mutation(
        id="told-before-it-is-due",
        file="workflow/storage/statements.py",
        old='t.jobs.c.due_at <= bindparam("now")',
        new='t.jobs.c.due_at >= bindparam("now")',
        breaks="I4: a job is done before it is due",
        caught_by=(
            f"{_STORAGE}/test_rows.py::test_a_job_is_on_the_agenda_from_when_it_is_due_until_it_is_done",
        ),
    ),
    Mutation(
        id="overlooked-work-not-counted",
        file="workflow/storage/hints.py",
        old="            attempts=tried,",
        new="            attempts=table.c.attempts,",
        breaks="I12: what kills whoever looks at it is tried for ever",
        caught_by=(f"{_STORAGE}/test_overlooked.py::test_what_kills_whoever_looks_is_set_aside_in_the_end",),
    ),
    Mutation(
        id="parked-one-too-late",
        file="workflow/storage/parking.py",
        old="tried >= attempts",
        new="tried > attempts",
        breaks="I12: a failing case is tried once more than was said",
        caught_by=(f"{_STORAGE}/test_hints.py::test_a_failure_is_counted_and_the_fifth_parks",),
    ),
    Mutation(
        id="relay-forgets-what-it-could-not-send",
        file="workers/relay.py",
        old="                self._due.unhint(case_ids)\n                raise",
        new="                raise",
        breaks="I7: hints that were not sent stay marked as sent",
        caught_by=(f"{_WORKERS}/test_relay.py::test_what_could_not_be_sent_is_given_back",),
    ),
    Mutation(
        id="relay-looks-only-after-commits",
        file="workers/relay.py",
        old=" or self._clock() - self._looked >= IDLE",
        new="",
        breaks="I4: a period that ends while nobody works is not noticed",
        caught_by=(
            f"{_WORKERS}/test_relay.py::test_nothing_changed_means_no_question_to_the_database_until_time_itself_may_have_brought_work",
        ),
    ),
    Mutation(
        id="relay-floods-the-broker",
        file="workers/relay.py",
        old="room = IN_FLIGHT - self._backlog()",
        new="room = IN_FLIGHT",
        breaks="I12: what waits lies in the broker in the order of sending, not in the database in that of its due dates",
        caught_by=(
            f"{_WORKERS}/test_relay.py::test_few_messages_lie_in_the_broker_and_the_rest_waits_in_the_database",
        ),
    ),
    Mutation(
        id="pulse-waits-for-the-broker",
        file="workers/pulse.py",
        old="if backlog is None or (backlog == 0 and self._relay_sleeps()):",
        new="if backlog == 0 and self._relay_sleeps():",
        breaks="I12: with the broker down nothing is done",
        caught_by=(f"{_WORKERS}/test_pulse.py::test_all_work_is_taken_at_once_when_the_broker_is_down",),
    ),
    Mutation(
        id="pulse-forgets-since-when",
        file="workers/pulse.py",
        old="self._first_seen.get(case_id, now)",
        new="now",
        breaks="I12: a relay that sleeps is never noticed",
        caught_by=(f"{_WORKERS}/test_pulse.py::test_work_that_no_relay_takes_is_taken_after_a_while",),
    ),
    Mutation(
        id="pulse-ends-with-the-first-fault",
        file="workers/pulse.py",
        old='log.exception("pulse_failed")\n                pause = IDLE',
        new='log.exception("pulse_failed")\n                return',
        breaks="I12: one fault ends the only thing that notices what all else forgot",
        caught_by=(f"{_WORKERS}/test_pulse.py::test_the_thread_outlives_faults_and_stops_when_told",),
    ),
    Mutation(
        id="failure-not-counted",
        file="workers/looking.py",
        after='log.exception("look_failed"',
        old="self._note(",
        new="(lambda *_: None)(",
        breaks="I12: a case that always fails is tried for ever and shown to nobody",
        caught_by=("tests/unit/workers/test_looking.py::test_a_failure_is_noted_and_ends_nothing",),
    ),
    Mutation(
        id="absent-database-blamed-on-the-case",
        file="workers/looking.py",
        old="        except Unavailable as error:\n            # The database is away",
        new="        except ZeroDivisionError as error:\n            # The database is away",
        breaks="I12: an outage of minutes parks every case that was due in it",
        caught_by=(f"{_WORKERS}/test_looking.py::test_a_database_that_is_away_says_nothing_about_the_case",),
    ),
    Mutation(
        id="broker-trusted",
        file="workers/looking.py",
        old="yield checked(case_id)",
        new="yield str(case_id)",
        breaks="ASVS 1.5.2: whatever lies in the broker reaches the engine",
        caught_by=(f"{_WORKERS}/test_looking.py::test_what_is_no_case_id_is_refused_and_ends_nothing",),
    ),
    Mutation(
        id="pickles-accepted",
        file="workers/celery_settings.py",
        old='"accept_content": ["json"]',
        new='"accept_content": ["json", "pickle"]',
        breaks="ASVS 1.5.2: a message is code",
        caught_by=(
            f"{_WORKERS}/test_celery_settings.py::test_only_json_is_read_and_nobody_is_commanded_by_message",
        ),
    ),
    Mutation(
        id="acknowledgement-made-to-matter",
        file="workers/celery_settings.py",
        old='"task_acks_late": False',
        new='"task_acks_late": True',
        breaks="I12: undone work is left to the broker's second delivery, which takes minutes and repeats itself",
        caught_by=(f"{_WORKERS}/test_celery_settings.py::test_the_broker_is_trusted_with_nothing",),
    ),
    Mutation(
        id="endless-patience-with-the-broker",
        file="workers/celery_settings.py",
        old='TRANSPORT | {"socket_timeout": 1}',
        new='TRANSPORT | {"socket_timeout": None}',
        breaks="I12: a relay hangs on a broker that is half there",
        caught_by=(f"{_WORKERS}/test_celery_settings.py::test_no_socket_is_waited_on_for_long",),
    ),
    Mutation(
        id="standstill-not-reported",
        file="workers/relaying.py",
        old="return now - self._done[1] >= STALLED_AFTER - SUSPECT",
        new="return False",
        breaks="I12: processes are alive and do nothing",
        caught_by=(
            f"{_WORKERS}/test_relaying.py::test_it_says_that_work_stands_still_when_nothing_is_done_for_long",
        ),
    ),
    Mutation(
        id="watchdog-deaf",
        file="workers/watchdog.py",
        old='report.get("stalled")',
        new='report.get("ready")',
        breaks="I12: frozen workers are left as they are",
        caught_by=(
            f"{_WORKERS}/test_watchdog.py::test_work_that_stands_still_restarts_all_workers_once_and_then_gives_them_time",
        ),
    ),
    Mutation(
        id="fence-open",
        file="workflow/storage/notification_register.py",
        old='_n.epoch == bindparam("k_epoch"),',
        new='_n.epoch >= bindparam("k_epoch"),',
        breaks="I5: whoever lost his lease settles what another has claimed",
        caught_by=(
            f"{_NOTIFY}/test_mail.py::test_whose_lease_is_over_records_nothing_while_another_is_at_it",
        ),
    ),
    Mutation(
        id="lease-ignored",
        file="workflow/storage/notification_register.py",
        old="return and_(_WAITS, _n.due_at <= now, or_(_n.leased_until.is_(None), _n.leased_until <= now))",
        new="return and_(_WAITS, _n.due_at <= now)",
        breaks="I5: a message that somebody is sending is sent by another too",
        caught_by=(f"{_NOTIFY}/test_mail.py::test_hints_without_end_send_once",),
    ),
    Mutation(
        id="intent-not-recorded",
        file="workflow/engine/notifying.py",
        old="store.move(call.claims, sending=True,",
        new="store.move(call.claims, sending=False,",
        breaks="I2: after a kill in the call nobody knows that the message may be out",
        caught_by=(f"{_NOTIFY}/test_hooks.py::test_a_worker_killed_between_sending_and_recording",),
    ),
    Mutation(
        id="uncertain-sent-again",
        file="workflow/engine/notifying.py",
        old="if answer.outcome is Outcome.UNCERTAIN and not channel.repeats:",
        new="if False:",
        breaks="I2: a channel that cannot tell copies apart is called again on an unknown result",
        caught_by=(f"{_NOTIFY}/test_hooks.py::test_a_robot_is_not_asked_twice_when_nobody_knows",),
    ),
    Mutation(
        id="killer-message-never-dead",
        file="workflow/engine/notifying.py",
        old="if first.attempts > notifier.attempts:",
        new="if first.attempts < 0:",
        breaks="I12: what kills whoever sends it is tried for ever",
        caught_by=(f"{_NOTIFY}/test_mail.py::test_who_kills_whoever_tries_it_is_dead_in_the_end",),
    ),
    Mutation(
        id="signature-without-time",
        file="workflow/exchange/notify/webhook.py",
        old='f"{delivery}.{stamp}."',
        new='f"{delivery}."',
        breaks="Standard Webhooks: an old event can be played again under a new time",
        caught_by=(
            f"{_NOTIFY}/test_hooks.py::test_a_red_card_is_a_whole_cloud_event_that_the_receiver_can_verify",
        ),
    ),
    Mutation(
        id="redirect-followed",
        file="workflow/exchange/notify/webhook.py",
        old="allow_redirects=False",
        new="allow_redirects=True",
        breaks="ASVS 15.3.2: a receiver leads us to an address inside",
        caught_by=(f"{_NOTIFY}/test_hooks.py::test_an_event_does_not_follow_a_redirect",),
    ),
)
