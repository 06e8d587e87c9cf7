-- +goose Up

-- ── Entries that come again ──────────────────────────────────────────

-- What an entry starts from: a form filled in once and kept under a name. It is
-- no entry, and posts nothing by itself.
CREATE TABLE ledger.template (
  community_id int  NOT NULL,
  id           int  NOT NULL,
  name         text NOT NULL CONSTRAINT template_has_a_name CHECK (length(name) BETWEEN 1 AND 60),
  memo         text NOT NULL DEFAULT '',
  detail       text NOT NULL DEFAULT '',
  made_by      text NOT NULL,
  made_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT template_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT template_name_once UNIQUE (community_id, name),
  CONSTRAINT template_community FOREIGN KEY (community_id) REFERENCES ledger.community (id)
);

CREATE TABLE ledger.template_line (
  community_id int NOT NULL,
  template_id  int NOT NULL,
  line         int NOT NULL,
  account_id   int NOT NULL,
  fund_id      int NOT NULL,
  debit        boolean NOT NULL,
  amount       numeric(18,2) CONSTRAINT template_amount_positive CHECK (amount > 0),
  CONSTRAINT template_line_pkey PRIMARY KEY (community_id, template_id, line),
  CONSTRAINT template_line_template FOREIGN KEY (community_id, template_id) REFERENCES ledger.template (community_id, id) ON DELETE CASCADE,
  CONSTRAINT template_line_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account (community_id, id),
  CONSTRAINT template_line_fund FOREIGN KEY (community_id, fund_id) REFERENCES ledger.fund (community_id, id)
);
COMMENT ON COLUMN ledger.template_line.amount IS 'NULL where it is another every time';

GRANT SELECT, INSERT, UPDATE (name), DELETE ON ledger.template TO fund_app;
GRANT SELECT, INSERT, DELETE ON ledger.template_line TO fund_app;

-- ── Tables of other programs ─────────────────────────────────────────

CREATE SCHEMA journalfile;
GRANT USAGE ON SCHEMA journalfile TO fund_app;

-- A file between its preview and its import. It is kept for an hour.
CREATE TABLE journalfile.upload (
  community_id int   NOT NULL,
  id           uuid  NOT NULL,
  name         text  NOT NULL,
  packed       bytea NOT NULL,
  uploaded_by  text  NOT NULL,
  uploaded_at  timestamptz NOT NULL,
  CONSTRAINT upload_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT upload_community FOREIGN KEY (community_id) REFERENCES ledger.community (id)
);
COMMENT ON COLUMN journalfile.upload.packed IS 'the file, by gzip';
CREATE INDEX upload_age ON journalfile.upload (community_id, uploaded_at);
ALTER TABLE journalfile.upload ALTER COLUMN packed SET STORAGE EXTERNAL;

GRANT SELECT, INSERT, DELETE ON journalfile.upload TO fund_app;
