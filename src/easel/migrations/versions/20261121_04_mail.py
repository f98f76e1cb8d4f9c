"""Mail: the outbox, the tokens that mails carry, and a key for addresses that look the same."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from easel.base.addresses import address_key

revision = "20261121_04"
down_revision = "20261121_03"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table('outbox',
    sa.Column('to', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('template', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('attempts', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('last_error', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("state IN ('pending', 'sent', 'kept', 'failed')", name=op.f('ck_outbox_state')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox'))
    )
    op.create_index('ix_outbox_created_at_id', 'outbox', ['created_at', 'id'], unique=False)
    op.create_table('mail_tokens',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('token', sa.LargeBinary(), nullable=False),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("purpose IN ('verify', 'change', 'reset')", name=op.f('ck_mail_tokens_purpose')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_mail_tokens_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_tokens')),
    sa.UniqueConstraint('token', name=op.f('uq_mail_tokens_token'))
    )
    op.create_index(op.f('ix_mail_tokens_user_id'), 'mail_tokens', ['user_id'], unique=False)
    op.create_index(op.f('ix_mail_tokens_expires_at'), 'mail_tokens', ['expires_at'], unique=False)
    op.add_column('users', sa.Column('pending_email', sa.Text(), nullable=True))
    op.add_column('users', sa.Column('email_key', sa.Text(), nullable=True))
    _fill_keys()
    op.alter_column('users', 'email_key', nullable=False)
    op.create_index('uq_users_email_key', 'users', ['email_key'], unique=True)
    op.drop_index('uq_users_email_lower', table_name='users')


def _fill_keys() -> None:
    connection = op.get_bind()
    taken = set()
    for id, email in connection.execute(sa.text("SELECT id, email FROM users ORDER BY created_at, id")).all():
        key = address_key(email)
        if key in taken:  # the younger of two that look the same; its owner logs in once an operator renamed it
            key = f"{key} {id}"
        taken.add(key)
        connection.execute(sa.text("UPDATE users SET email_key = :key WHERE id = :id"), {"key": key, "id": id})


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_index('uq_users_email_lower', 'users', [sa.text('lower(email)')], unique=True)
    op.drop_index('uq_users_email_key', table_name='users')
    op.drop_column('users', 'email_key')
    op.drop_column('users', 'pending_email')
    op.drop_index(op.f('ix_mail_tokens_expires_at'), table_name='mail_tokens')
    op.drop_index(op.f('ix_mail_tokens_user_id'), table_name='mail_tokens')
    op.drop_table('mail_tokens')
    op.drop_index('ix_outbox_created_at_id', table_name='outbox')
    op.drop_table('outbox')
