"""Alembic's entry: runs inside the connection and the transaction that `workflow.storage.schema` opened."""

from alembic import context

from workflow.storage.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
