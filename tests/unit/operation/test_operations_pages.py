"""The pages for operators name every alarm and every metric there is, and none that is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from workflow.engine.alarms import ALARMS, STANDING
from workflow.operation.exposition import families
from workflow.operation.metrics import OWN
from workflow.queries.gauges import Gauges

PAGES = Path(__file__).resolve().parents[3] / "docs" / "operations"

NOW = Gauges(
    oldest_due_seconds=1.0,
    relay_lag_seconds=1.0,
    queue_depth={"rungs": 1, "jobs": 2, "notifications": 3},
    clocks_provisional=1,
    work_parked=1,
    notifications_dead=1,
    outcomes_withheld=1,
    outcomes_frozen=True,
    reconciled_seconds=1.0,
)
UP = {"banjie_database_up", "banjie_broker_up"}


def told():
    """Every metric by the name under which Prometheus sees it."""
    own = {one.name + "_total" if one.type == "counter" else one.name for one in OWN.collect()}
    return own | {one.name for one in families(NOW, hints=0)} | UP


def page(name):
    return (PAGES / name).read_text("utf-8")


def section(name):
    return re.search(rf"^### {name}\n(.*?)(?=^##|\Z)", page("alarms.md"), re.MULTILINE | re.DOTALL)[1]


def test_every_alarm_has_a_section_and_every_section_an_alarm():
    assert sorted(re.findall(r"^### (\w+)$", page("alarms.md"), re.MULTILINE)) == sorted(ALARMS)


@pytest.mark.parametrize("name", sorted(ALARMS))
def test_an_alarm_says_what_it_means_what_to_do_and_when_it_is_over(name):
    for part in ("**Means:**", "**Do:**", "**Over when:**"):
        assert section(name).count(part) == 1


def test_alarms_that_stand_come_before_those_that_are_logged():
    standing, logged = page("alarms.md").split("## Alarms that are logged")

    assert set(re.findall(r"^### (\w+)$", standing, re.MULTILINE)) == set(STANDING)
    assert set(re.findall(r"^### (\w+)$", logged, re.MULTILINE)) == set(ALARMS) - set(STANDING)


def test_every_metric_is_in_the_table_and_nothing_else_is():
    assert set(re.findall(r"^\| `(banjie_\w+)`", page("metrics.md"), re.MULTILINE)) == told()


def test_labels_are_few():
    labels = {
        name for one in [*OWN.collect(), *families(NOW, hints=0)] for x in one.samples for name in x.labels
    }

    assert labels <= {"what", "result", "hand", "route", "status", "part", "queue", "colour", "alarm", "le"}


def rules():
    (group,) = yaml.safe_load(page("alerts.yml"))["groups"]
    return group["rules"]


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_a_rule_for_prometheus_is_whole(rule):
    assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
    assert re.fullmatch(r"Banjie[A-Za-z]+", rule["alert"])
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"]["summary"]
    assert re.fullmatch(r"\d+[smh]", rule.get("for", "1m"))
    assert rule["expr"].count("(") == rule["expr"].count(")")
    named = {re.sub(r"_(bucket|count|sum)$", "", name) for name in re.findall(r"banjie_\w+", rule["expr"])}
    assert named
    assert named <= told()
    runbook = rule["annotations"].get("runbook", "alarms.md#work_overdue")
    assert runbook.partition("#")[2] in ALARMS


def test_alarms_named_in_rules_are_alarms():
    (listed,) = re.findall(r'alarm=~"([\w|]+)"', page("alerts.yml"))

    assert set(listed.split("|")) <= set(STANDING)


def test_links_between_the_pages_lead_somewhere():
    for file in PAGES.glob("*.md"):
        for link in re.findall(r"\]\(([^)#:]+?)(?:#\w+)?\)", file.read_text("utf-8")):
            assert (PAGES / link).is_file(), f"{file.name}: {link}"
