"""what messengers delivered: handled once, broken, groups that asked to be watched"""

from alembic import op
import sqlalchemy as sa

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'update_handled',
        sa.Column('channel', sa.String(64), primary_key=True),
        sa.Column('key', sa.String(128), primary_key=True),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index('update_handled_at', 'update_handled', ['at'])
    op.create_table(
        'update_broken',
        sa.Column('id', sa.Integer(), primary_key=True),
        sa.Column('channel', sa.String(64), nullable=False),
        sa.Column('key', sa.String(128), nullable=False),
        sa.Column('kind', sa.String(200), nullable=False),
        sa.Column('error', sa.String(200), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index('update_broken_at', 'update_broken', ['at'])
    op.create_table(
        'group_watched',
        sa.Column('channel', sa.String(64), primary_key=True),
        sa.Column('chat', sa.String(64), primary_key=True),
        sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table('group_watched')
    op.drop_index('update_broken_at', table_name='update_broken')
    op.drop_table('update_broken')
    op.drop_index('update_handled_at', table_name='update_handled')
    op.drop_table('update_handled')
