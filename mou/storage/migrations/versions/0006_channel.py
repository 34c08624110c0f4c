"""The channel of each signature."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the column; of signatures that are there already the channel is not known."""
    with op.batch_alter_table("signature_request") as table:
        table.add_column(sa.Column("channel", sa.String(), nullable=True))
