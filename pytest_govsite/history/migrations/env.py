"""Alembic runs this for every migration; the connection, in a transaction of its own, comes from migrating.py."""
from alembic import context

from pytest_govsite.history.schema import METADATA, VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"], target_metadata=METADATA, version_table=VERSION_TABLE
)
with context.begin_transaction():
    context.run_migrations()
