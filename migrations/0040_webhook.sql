-- +goose Up

-- Subscribers are told of what is new by a signed message to an address of theirs. No secret stands here: each is made from the
-- server's own and the subscriber's turn. No personal data either: an address of a program, and events that name none.
CREATE SCHEMA webhook;

CREATE TABLE webhook.subscriber (
  community_id int         NOT NULL REFERENCES ledger.community (id),
  id           uuid        NOT NULL,
  url          text        NOT NULL CONSTRAINT subscriber_url_form CHECK (url LIKE 'https://%' AND length(url) <= 400),
  events       text[]      NOT NULL CONSTRAINT subscriber_wants_some CHECK (cardinality(events) > 0),
  state        text        NOT NULL DEFAULT 'active' CONSTRAINT subscriber_state_known CHECK (state IN ('active', 'paused', 'removed')),
  why          text        NOT NULL DEFAULT '' CONSTRAINT subscriber_why_known CHECK (why IN ('', 'hand', 'failures', 'gone')),
  turn         int         NOT NULL DEFAULT 1, -- of its secret
  turned_at    timestamptz NOT NULL,
  failures     int         NOT NULL DEFAULT 0, -- one after the other, up to now
  rests_until  timestamptz, -- nothing is tried before
  reached_at   timestamptz, -- the last time something arrived
  made_by      text        NOT NULL,
  made_at      timestamptz NOT NULL,
  CONSTRAINT subscriber_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT subscriber_paused_why CHECK ((state = 'paused') = (why <> ''))
);

CREATE TABLE webhook.event (
  community_id int         NOT NULL REFERENCES ledger.community (id),
  id           uuid        NOT NULL,
  kind         text        NOT NULL,
  at           timestamptz NOT NULL,
  data         jsonb       NOT NULL,
  CONSTRAINT event_pkey PRIMARY KEY (community_id, id)
);
CREATE INDEX event_old ON webhook.event (at);

-- What happens once is told once, however long ago.
CREATE TABLE webhook.told (
  community_id int  NOT NULL REFERENCES ledger.community (id),
  key          text NOT NULL,
  CONSTRAINT told_pkey PRIMARY KEY (community_id, key)
);

-- How far the books and the log were told; whoever looks for what is new holds this row.
CREATE TABLE webhook.heard (
  community_id int    NOT NULL REFERENCES ledger.community (id),
  seq          bigint NOT NULL DEFAULT 0,
  checkpoint   int    NOT NULL DEFAULT 0,
  CONSTRAINT heard_pkey PRIMARY KEY (community_id)
);

CREATE TABLE webhook.delivery (
  community_id  int         NOT NULL,
  id            uuid        NOT NULL, -- of the message in the outbox too
  subscriber_id uuid        NOT NULL,
  event_id      uuid        NOT NULL,
  state         text        NOT NULL DEFAULT 'waiting' CONSTRAINT delivery_state_known CHECK (state IN ('waiting', 'done', 'dropped')),
  tries         int         NOT NULL DEFAULT 0,
  status        int, -- of the latest answer; null where there was none
  problem       text        NOT NULL DEFAULT '', -- a word of ours, never what the other side said
  took_ms       int,
  tried_at      timestamptz,
  CONSTRAINT delivery_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT delivery_subscriber FOREIGN KEY (community_id, subscriber_id) REFERENCES webhook.subscriber (community_id, id),
  CONSTRAINT delivery_event FOREIGN KEY (community_id, event_id) REFERENCES webhook.event (community_id, id) ON DELETE CASCADE
);
CREATE INDEX delivery_of_subscriber ON webhook.delivery (community_id, subscriber_id, id DESC);
CREATE INDEX delivery_of_event ON webhook.delivery (community_id, event_id);

GRANT USAGE ON SCHEMA webhook TO fund_app;
GRANT SELECT, INSERT ON webhook.subscriber, webhook.event, webhook.told, webhook.heard, webhook.delivery TO fund_app;
GRANT UPDATE (events, state, why, turn, turned_at, failures, rests_until, reached_at) ON webhook.subscriber TO fund_app;
GRANT UPDATE (seq, checkpoint) ON webhook.heard TO fund_app;
GRANT UPDATE (state, tries, status, problem, took_ms, tried_at) ON webhook.delivery TO fund_app;
GRANT DELETE ON webhook.event, webhook.delivery TO fund_app;
