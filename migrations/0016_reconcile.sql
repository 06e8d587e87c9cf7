-- +goose Up

CREATE SCHEMA statement;
CREATE SCHEMA reconcile;
GRANT USAGE ON SCHEMA statement, reconcile TO fund_app;

-- ── What the bank says ───────────────────────────────────────────────

-- An imported statement. It stays as it came: a line is never changed.
CREATE TABLE statement.statement (
  community_id int   NOT NULL,
  id           int   NOT NULL,
  account_id   int   NOT NULL,
  name         text  NOT NULL,
  format       text  NOT NULL,
  layout       text  NOT NULL,
  label        text  NOT NULL DEFAULT '',
  opening      numeric(18,2),
  closing      numeric(18,2),
  first_day    date,
  last_day     date,
  lines        int   NOT NULL,
  fresh        int   NOT NULL,
  warnings     jsonb NOT NULL DEFAULT '[]',
  digest       bytea NOT NULL CONSTRAINT statement_digest_form CHECK (length(digest) = 32),
  imported_by  text  NOT NULL,
  imported_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT statement_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT statement_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account (community_id, id)
);
COMMENT ON COLUMN statement.statement.label IS 'the account as the file names it, often masked';
COMMENT ON COLUMN statement.statement.fresh IS 'how many of its lines no earlier file had';

CREATE TABLE statement.line (
  community_id int    NOT NULL,
  account_id   int    NOT NULL,
  id           bigint NOT NULL,
  statement_id int    NOT NULL,
  row          int    NOT NULL,
  day          date   NOT NULL,
  clock        text   NOT NULL DEFAULT '',
  amount       numeric(18,2) NOT NULL,
  number       text   NOT NULL DEFAULT '',
  reference    text   NOT NULL DEFAULT '',
  counterparty text   NOT NULL DEFAULT '',
  memo         text   NOT NULL DEFAULT '',
  balance      numeric(18,2),
  key          text   NOT NULL,
  CONSTRAINT line_pkey PRIMARY KEY (community_id, account_id, id),
  CONSTRAINT line_once UNIQUE (community_id, account_id, key),
  CONSTRAINT line_statement FOREIGN KEY (community_id, statement_id) REFERENCES statement.statement (community_id, id)
);
CREATE INDEX line_day ON statement.line (community_id, account_id, day, id);

-- How the columns of an account's own tables are read: made once in the preview.
CREATE TABLE statement.profile (
  community_id int   NOT NULL,
  account_id   int   NOT NULL,
  profile      jsonb NOT NULL,
  saved_by     text  NOT NULL,
  saved_at     timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT profile_pkey PRIMARY KEY (community_id, account_id),
  CONSTRAINT profile_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account (community_id, id)
);

-- A file between its preview and its import. It is kept for an hour, and never
-- on a disk of the server: any process may answer the next press of a button.
CREATE TABLE statement.upload (
  community_id int   NOT NULL,
  id           uuid  NOT NULL,
  account_id   int   NOT NULL,
  name         text  NOT NULL,
  packed       bytea NOT NULL,
  digest       bytea NOT NULL CONSTRAINT upload_digest_form CHECK (length(digest) = 32),
  uploaded_by  text  NOT NULL,
  uploaded_at  timestamptz NOT NULL,
  CONSTRAINT upload_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT upload_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account (community_id, id)
);
COMMENT ON COLUMN statement.upload.packed IS 'the file, by gzip';
CREATE INDEX upload_age ON statement.upload (community_id, uploaded_at);
ALTER TABLE statement.upload ALTER COLUMN packed SET STORAGE EXTERNAL;

CREATE TRIGGER line_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON statement.line FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER statement_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON statement.statement FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- ── How the books agree with it ──────────────────────────────────────

-- A match of lines and postings. Undoing it leaves it standing, dead.
CREATE TABLE reconcile.match (
  community_id int  NOT NULL,
  id           uuid NOT NULL,
  account_id   int  NOT NULL,
  because      jsonb NOT NULL,
  by_itself    boolean NOT NULL,
  entry_seq    bigint,
  rule_id      int,
  made_by      text NOT NULL,
  made_at      timestamptz NOT NULL DEFAULT now(),
  undone_by    text,
  undone_at    timestamptz,
  CONSTRAINT match_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT match_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account (community_id, id),
  CONSTRAINT match_undone_whole CHECK ((undone_by IS NULL) = (undone_at IS NULL))
);
CREATE INDEX match_made ON reconcile.match (community_id, account_id, made_at DESC);
COMMENT ON COLUMN reconcile.match.entry_seq IS 'the entry that was posted for it, reversed when it is undone';

CREATE TABLE reconcile.match_line (
  community_id int    NOT NULL,
  match_id     uuid   NOT NULL,
  account_id   int    NOT NULL,
  line_id      bigint NOT NULL,
  live         boolean NOT NULL DEFAULT true,
  CONSTRAINT match_line_pkey PRIMARY KEY (community_id, match_id, line_id),
  CONSTRAINT match_line_match FOREIGN KEY (community_id, match_id) REFERENCES reconcile.match (community_id, id),
  CONSTRAINT match_line_line FOREIGN KEY (community_id, account_id, line_id) REFERENCES statement.line (community_id, account_id, id)
);
-- Two people at once: the second is refused.
CREATE UNIQUE INDEX match_line_once ON reconcile.match_line (community_id, account_id, line_id) WHERE live;

CREATE TABLE reconcile.match_posting (
  community_id int      NOT NULL,
  match_id     uuid     NOT NULL,
  seq          bigint   NOT NULL,
  posting      smallint NOT NULL,
  live         boolean  NOT NULL DEFAULT true,
  CONSTRAINT match_posting_pkey PRIMARY KEY (community_id, match_id, seq, posting),
  CONSTRAINT match_posting_match FOREIGN KEY (community_id, match_id) REFERENCES reconcile.match (community_id, id),
  CONSTRAINT match_posting_posting FOREIGN KEY (community_id, seq, posting) REFERENCES ledger.posting (community_id, seq, line)
);
CREATE UNIQUE INDEX match_posting_once ON reconcile.match_posting (community_id, seq, posting) WHERE live;

-- What a line is by its words, learnt from what was accepted.
CREATE TABLE reconcile.rule (
  community_id  int     NOT NULL,
  id            int     NOT NULL,
  account_id    int     NOT NULL,
  words         text    NOT NULL CONSTRAINT rule_has_words CHECK (length(words) BETWEEN 2 AND 100),
  money_in      boolean NOT NULL,
  to_account_id int     NOT NULL,
  fund_id       int     NOT NULL,
  memo          text    NOT NULL CONSTRAINT rule_memo_form CHECK (length(memo) BETWEEN 1 AND 200),
  used          int     NOT NULL DEFAULT 0,
  active        boolean NOT NULL DEFAULT true,
  changed_by    text    NOT NULL,
  changed_at    timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT rule_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT rule_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account (community_id, id),
  CONSTRAINT rule_to_account FOREIGN KEY (community_id, to_account_id) REFERENCES ledger.account (community_id, id),
  CONSTRAINT rule_fund FOREIGN KEY (community_id, fund_id) REFERENCES ledger.fund (community_id, id)
);
CREATE UNIQUE INDEX rule_words_once ON reconcile.rule (community_id, account_id, words, money_in) WHERE active;

-- A posting that the bank has not seen yet, and why that is all right.
CREATE TABLE reconcile.transit (
  community_id int      NOT NULL,
  seq          bigint   NOT NULL,
  posting      smallint NOT NULL,
  note         text     NOT NULL CONSTRAINT transit_has_a_note CHECK (length(note) BETWEEN 1 AND 200),
  noted_by     text     NOT NULL,
  noted_at     timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT transit_pkey PRIMARY KEY (community_id, seq, posting),
  CONSTRAINT transit_posting FOREIGN KEY (community_id, seq, posting) REFERENCES ledger.posting (community_id, seq, line)
);

-- A completed reconciliation of an account at the end of a day, with the
-- figures that it was completed with. Undoing it leaves it standing.
CREATE TABLE reconcile.reconciliation (
  community_id int  NOT NULL,
  id           int  NOT NULL,
  account_id   int  NOT NULL,
  through      date NOT NULL,
  closing      numeric(18,2) NOT NULL,
  booked       numeric(18,2) NOT NULL,
  in_transit   numeric(18,2) NOT NULL,
  sheet        jsonb NOT NULL,
  last_seq     bigint NOT NULL,
  completed_by text NOT NULL,
  completed_at timestamptz NOT NULL DEFAULT now(),
  undone_by    text,
  undone_at    timestamptz,
  undone_why   text NOT NULL DEFAULT '',
  CONSTRAINT reconciliation_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT reconciliation_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account (community_id, id),
  CONSTRAINT reconciliation_agrees CHECK (closing + in_transit = booked),
  CONSTRAINT reconciliation_undone_whole CHECK ((undone_by IS NULL) = (undone_at IS NULL) AND (undone_by IS NULL OR undone_why <> ''))
);
CREATE UNIQUE INDEX reconciliation_once ON reconcile.reconciliation (community_id, account_id, through) WHERE undone_at IS NULL;
COMMENT ON COLUMN reconcile.reconciliation.in_transit IS 'postings that the bank has not seen: closing + in_transit = booked';

GRANT SELECT ON ALL TABLES IN SCHEMA statement, reconcile TO fund_app;
GRANT INSERT ON statement.statement, statement.line TO fund_app;
GRANT INSERT, UPDATE ON statement.profile TO fund_app;
GRANT INSERT, DELETE ON statement.upload TO fund_app;
GRANT INSERT, UPDATE (undone_by, undone_at) ON reconcile.match TO fund_app;
GRANT INSERT, UPDATE (live) ON reconcile.match_line, reconcile.match_posting TO fund_app;
GRANT INSERT, UPDATE ON reconcile.rule TO fund_app;
GRANT INSERT, DELETE ON reconcile.transit TO fund_app;
GRANT INSERT, UPDATE (undone_by, undone_at, undone_why) ON reconcile.reconciliation TO fund_app;
