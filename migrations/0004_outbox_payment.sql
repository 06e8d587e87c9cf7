-- +goose Up

-- Outbox: work remembered in the transaction that caused it, done after the commit. No foreign key: this is the hot path, and a
-- message outlives nothing it names.
CREATE SCHEMA outbox;

CREATE TABLE outbox.message (
  community_id int         NOT NULL,
  id           uuid        NOT NULL, -- the idempotency key its handler is given
  kind         text        NOT NULL CONSTRAINT message_kind_said CHECK (kind <> ''),
  payload      jsonb       NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  not_before   timestamptz NOT NULL, -- nobody may take it earlier; taking it moves this to the end of the lease
  attempts     int         NOT NULL DEFAULT 0, -- counted when taken, so it also fences off a worker whose lease ran out
  last_error   text        NOT NULL DEFAULT '',
  done_at      timestamptz,
  dead_at      timestamptz, -- given up; staff see it and may retry
  CONSTRAINT message_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT message_done_or_dead CHECK (done_at IS NULL OR dead_at IS NULL)
);

CREATE INDEX message_due ON outbox.message (not_before) WHERE done_at IS NULL AND dead_at IS NULL;
CREATE INDEX message_dead ON outbox.message (community_id, id) WHERE dead_at IS NOT NULL;
CREATE INDEX message_done ON outbox.message (done_at) WHERE done_at IS NOT NULL;

GRANT USAGE ON SCHEMA outbox TO fund_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON outbox.message TO fund_app;

-- Payment: nothing but the memory of the sandbox's pretend company. Real providers keep their own.
CREATE SCHEMA payment;

CREATE TABLE payment.sandbox_order (
  community_id  int           NOT NULL REFERENCES ledger.community (id),
  order_id      uuid          NOT NULL,
  community     text          NOT NULL, -- slug, echoed in notifications
  amount        numeric(18,2) NOT NULL CONSTRAINT sandbox_order_amount_positive CHECK (amount > 0),
  currency      char(3)       NOT NULL,
  payee         text          NOT NULL CONSTRAINT sandbox_order_payee_said CHECK (payee <> ''),
  description   text          NOT NULL,
  return_url    text          NOT NULL,
  notify_url    text          NOT NULL,
  client        text          NOT NULL,
  expires_at    timestamptz   NOT NULL,
  state         text          NOT NULL DEFAULT 'pending'
    CONSTRAINT sandbox_order_state_known CHECK (state IN ('pending', 'paid', 'failed', 'refunded')),
  reference     text          NOT NULL DEFAULT '',
  paid_amount   numeric(18,2), -- what really came, which a scenario may make differ from what was asked
  paid_currency char(3),
  paid_payee    text,
  paid_at       timestamptz,
  refunded      numeric(18,2) NOT NULL DEFAULT 0
    CONSTRAINT sandbox_order_refunded_within_paid CHECK (refunded BETWEEN 0 AND coalesce(paid_amount, 0)),
  created_at    timestamptz   NOT NULL DEFAULT now(),
  CONSTRAINT sandbox_order_pkey PRIMARY KEY (community_id, order_id)
);

CREATE TABLE payment.sandbox_refund (
  community_id int           NOT NULL,
  order_id     uuid          NOT NULL,
  refund_id    uuid          NOT NULL,
  amount       numeric(18,2) NOT NULL CONSTRAINT sandbox_refund_amount_positive CHECK (amount > 0),
  reference    text          NOT NULL,
  refunded_at  timestamptz   NOT NULL,
  CONSTRAINT sandbox_refund_pkey PRIMARY KEY (community_id, order_id, refund_id),
  CONSTRAINT sandbox_refund_of_order FOREIGN KEY (community_id, order_id) REFERENCES payment.sandbox_order (community_id, order_id)
);

GRANT USAGE ON SCHEMA payment TO fund_app;
GRANT SELECT, INSERT, UPDATE ON payment.sandbox_order TO fund_app;
GRANT SELECT, INSERT ON payment.sandbox_refund TO fund_app;
