"""Run by Alembic: applies the migrations on the connection that `mou.storage.database.migrate` hands over."""

from alembic import context

from mou.storage.tables import workflow_metadata
from signatures.ledger.store import ledger_metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=[workflow_metadata, ledger_metadata],
)
with context.begin_transaction():
    context.run_migrations()
