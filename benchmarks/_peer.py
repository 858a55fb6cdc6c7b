"""The peer: SpiffWorkflow and one row per case, as its users keep their workflows: the whole instance as JSON in a row.

The same approval as a BPMN process with six user tasks one after the other. A step reads the row FOR UPDATE, restores the
instance, completes the task that is ready with the fields of the act, and writes the row back. It writes no audit, keeps
no period, asks for no right and fills no queue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import psycopg
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState

_ROWS = "CREATE TABLE IF NOT EXISTS peer_cases (id text PRIMARY KEY, state text NOT NULL, body text NOT NULL)"
_INSERT = b"INSERT INTO peer_cases (id, state, body) VALUES ($1, $2, $3)"
_READ = b"SELECT body FROM peer_cases WHERE id = $1 FOR UPDATE"
_WRITE = b"UPDATE peer_cases SET state = $2, body = $3 WHERE id = $1"


def create(connection: psycopg.Connection[Any]) -> None:
    with connection.transaction():
        connection.execute(_ROWS)


class Approval:
    """The process, read once, and the cases on one connection."""

    def __init__(self, connection: psycopg.Connection[Any], tasks: Sequence[str]) -> None:
        self._connection = connection
        self._cursor = psycopg.RawCursor(connection)
        parser = BpmnParser()
        parser.add_bpmn_str(_bpmn(tasks).encode())
        self._process = parser.get_spec("approval")
        self._serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())

    def file(self, case_id: str, form: Mapping[str, Any]) -> None:
        """A new case, whose first task is done."""
        workflow = BpmnWorkflow(self._process)
        workflow.do_engine_steps()
        state = self._complete(workflow, form)
        self._cursor.execute(_INSERT, (case_id, state, self._serializer.serialize_json(workflow)))
        self._connection.commit()

    def step(self, case_id: str, fields: Mapping[str, Any]) -> None:
        """Whatever task is ready is done."""
        row = self._cursor.execute(_READ, (case_id,)).fetchone()
        workflow = self._serializer.deserialize_json(row[0] if row else "")
        state = self._complete(workflow, fields)
        self._cursor.execute(_WRITE, (case_id, state, self._serializer.serialize_json(workflow)))
        self._connection.commit()

    @staticmethod
    def _complete(workflow: BpmnWorkflow, fields: Mapping[str, Any]) -> str:
        (task,) = workflow.get_tasks(state=TaskState.READY, manual=True)
        task.data[task.task_spec.name] = dict(fields)
        task.run()
        workflow.do_engine_steps()
        ready = workflow.get_tasks(state=TaskState.READY, manual=True)
        return str(ready[0].task_spec.name) if ready else "ended"


def _bpmn(tasks: Sequence[str]) -> str:
    way = ["start", *tasks, "end"]
    nodes = "".join(f'<userTask id="{name}" name="{name}"/>' for name in tasks)
    flows = "".join(
        f'<sequenceFlow id="flow{n}" sourceRef="{one}" targetRef="{next_}"/>'
        for n, (one, next_) in enumerate(pairwise(way))
    )
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="bench" id="bench">'
        f'<process id="approval" isExecutable="true"><startEvent id="start"/>{nodes}<endEvent id="end"/>{flows}'
        "</process></definitions>"
    )
