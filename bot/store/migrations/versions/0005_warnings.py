"""warnings that arrive: subscribers, broadcasts, the outbox"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def _body():
    return sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')


def _moment():
    return sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table('subscriber',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('channel', sa.String(length=16), nullable=False),
    sa.Column('address', sa.String(length=128), nullable=False),
    sa.Column('place', sa.String(length=64), nullable=False),
    sa.Column('language', sa.String(length=16), nullable=False),
    sa.Column('zone', sa.String(length=64), nullable=False),
    sa.Column('frequency', sa.String(length=16), nullable=False),
    sa.Column('quiet_start', sa.Integer(), nullable=True),
    sa.Column('quiet_end', sa.Integer(), nullable=True),
    sa.Column('urgent_anyway', sa.Boolean(), nullable=False),
    sa.Column('consent_release', sa.Integer(), nullable=True),
    sa.Column('consent_at', _moment(), nullable=True),
    sa.Column('left_at', _moment(), nullable=True),
    sa.Column('left_why', sa.String(length=16), nullable=False),
    sa.Column('created_at', _moment(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('channel', 'address', name='subscriber_channel_address')
    )
    op.create_table('subscriber_audience',
    sa.Column('subscriber_id', sa.Integer(), nullable=False),
    sa.Column('audience', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['subscriber_id'], ['subscriber.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('subscriber_id', 'audience')
    )
    op.create_table('kept_text',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subscriber_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=16), nullable=False),
    sa.Column('urgency', sa.String(length=16), nullable=False),
    sa.Column('release', sa.Integer(), nullable=False),
    sa.Column('until', _moment(), nullable=False),
    sa.ForeignKeyConstraint(['subscriber_id'], ['subscriber.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('kept_text_until', 'kept_text', ['until'])
    op.create_table('broadcast',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('key', sa.String(length=128), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('priority', sa.Integer(), nullable=False),
    sa.Column('channels', _body(), nullable=False),
    sa.Column('audiences', _body(), nullable=False),
    sa.Column('places', _body(), nullable=False),
    sa.Column('ends_at', _moment(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('corrects', sa.Integer(), nullable=True),
    sa.Column('reached', sa.Integer(), nullable=False),
    sa.Column('planned_at', _moment(), nullable=True),
    sa.Column('created_at', _moment(), nullable=False),
    sa.Column('changed_at', _moment(), nullable=False),
    sa.ForeignKeyConstraint(['corrects'], ['broadcast.id']),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('kind', 'key', 'revision', name='broadcast_kind_key_revision')
    )
    op.create_index('broadcast_state', 'broadcast', ['state'])
    op.create_table('broadcast_text',
    sa.Column('broadcast_id', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=16), nullable=False),
    sa.Column('place', sa.String(length=64), nullable=False),
    sa.Column('lead', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('foot', sa.Text(), nullable=False),
    sa.Column('buttons', _body(), nullable=False),
    sa.ForeignKeyConstraint(['broadcast_id'], ['broadcast.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('broadcast_id', 'language', 'place')
    )
    op.create_table('delivery',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('broadcast_id', sa.Integer(), nullable=False),
    sa.Column('subscriber_id', sa.Integer(), nullable=False),
    sa.Column('bundled', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('next_at', _moment(), nullable=False),
    sa.Column('worker', sa.String(length=64), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('done_at', _moment(), nullable=True),
    sa.Column('reason', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['broadcast_id'], ['broadcast.id'], ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['subscriber_id'], ['subscriber.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('broadcast_id', 'subscriber_id', name='delivery_broadcast_subscriber')
    )
    op.create_index('delivery_state', 'delivery', ['broadcast_id', 'state'])
    op.create_index('delivery_subscriber', 'delivery', ['subscriber_id', 'state'])
    waiting = sa.text("state = 'waiting'")
    op.create_index('delivery_due', 'delivery', ['broadcast_id', 'next_at', 'id'], sqlite_where=waiting, postgresql_where=waiting)
    op.create_table('pace',
    sa.Column('channel', sa.String(length=16), nullable=False),
    sa.Column('free_at', _moment(), nullable=False),
    sa.PrimaryKeyConstraint('channel')
    )


def downgrade() -> None:
    for table in ('pace', 'delivery', 'broadcast_text', 'broadcast', 'kept_text', 'subscriber_audience', 'subscriber'):
        op.drop_table(table)
