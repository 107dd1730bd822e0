"""the language a kiosk begins in"""

from alembic import op
import sqlalchemy as sa

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('device', sa.Column('language', sa.String(16), nullable=False, server_default='zh-Hans'))


def downgrade() -> None:
    op.drop_column('device', 'language')
