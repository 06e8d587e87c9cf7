-- +goose Up

-- Mail: what became of each letter. Who got it is only hinted at, and it is forgotten after some months. No foreign key to
-- what a letter is about: a delivery outlives nothing it names.
CREATE SCHEMA mail;
GRANT USAGE ON SCHEMA mail TO fund_app;

CREATE TABLE mail.delivery (
  community_id int         NOT NULL REFERENCES ledger.community,
  id           uuid        NOT NULL, -- the letter's key, which its Message-ID is made of
  kind         text        NOT NULL CONSTRAINT delivery_kind_said CHECK (kind <> ''),
  recipient    text        NOT NULL, -- masked: z***@example.org
  state        text        NOT NULL CONSTRAINT delivery_state_known CHECK (state IN ('sent', 'waiting', 'refused')),
  reason       text        NOT NULL DEFAULT '' CONSTRAINT delivery_reason_short CHECK (length(reason) <= 500),
  attempts     int         NOT NULL DEFAULT 1,
  at           timestamptz NOT NULL, -- of the latest attempt
  CONSTRAINT delivery_pkey PRIMARY KEY (community_id, id)
);
COMMENT ON COLUMN mail.delivery.state IS 'waiting: a later attempt may help; refused: none will';
CREATE INDEX delivery_latest ON mail.delivery (community_id, at DESC, id);
CREATE INDEX delivery_old ON mail.delivery (at);

-- The demo sends nothing: its letters are kept here, so that a visitor may read them and follow their links.
CREATE TABLE mail.kept (
  community_id int         NOT NULL,
  id           uuid        NOT NULL,
  recipient    text        NOT NULL,
  subject      text        NOT NULL,
  plain        text        NOT NULL,
  html         text        NOT NULL,
  raw          bytea       NOT NULL,
  CONSTRAINT kept_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT kept_delivery FOREIGN KEY (community_id, id) REFERENCES mail.delivery ON DELETE CASCADE
);

-- Where answers to a community's letters go; without a row they go to the sender.
CREATE TABLE mail.reply_to (
  community_id int  NOT NULL REFERENCES ledger.community,
  address      text NOT NULL CONSTRAINT reply_to_form CHECK (address ~ '^[^[:space:]<>@]+@[^[:space:]<>@]+$'),
  CONSTRAINT reply_to_pkey PRIMARY KEY (community_id)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON mail.delivery, mail.kept, mail.reply_to TO fund_app;

-- A password that somebody asked to choose anew, by mail. The link is signed with the installation's secret, so nothing in this
-- table lets anybody in.
CREATE TABLE auth.reset (
  id         uuid PRIMARY KEY,
  user_id    uuid NOT NULL REFERENCES auth.user (id),
  lang       text NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at    timestamptz
);
CREATE INDEX reset_by_user ON auth.reset (user_id);
CREATE INDEX reset_old ON auth.reset (expires_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON auth.reset TO fund_app;
