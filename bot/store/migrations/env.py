"""Alembic environment: the engine comes from `bot.store.database`."""

from alembic import context

from bot.store import (  # noqa: F401  # their tables belong to the metadata
    branch_tables,
    delivery_tables,
    subscription_tables,
    taught_tables,
    update_tables,
)
from bot.store.tables import Base

engine = context.config.attributes["engine"]
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
