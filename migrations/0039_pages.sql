-- +goose Up

-- ── What the books say, to be found ──────────────────────────────────

-- Behind the posting path: a worker reads new entries and notes which have what in them. Entries stand in blocks of 4,096
-- by seq; a term's row says which entries of its block have it. A term is one or two letters of what an entry says, an
-- account, a fund, the first figures of an amount, or a way the money went (ledger/search knows them).
CREATE SCHEMA search;
GRANT USAGE ON SCHEMA search TO fund_app;

CREATE TABLE search.block (
  community_id int    NOT NULL REFERENCES ledger.community,
  block        int    NOT NULL CONSTRAINT block_from_zero CHECK (block >= 0),
  through      bigint NOT NULL,
  first_day    date   NOT NULL,
  last_day     date   NOT NULL,
  CONSTRAINT block_pkey PRIMARY KEY (community_id, block),
  CONSTRAINT block_days_in_order CHECK (first_day <= last_day)
);
COMMENT ON COLUMN search.block.through IS 'the seq of the last entry that is noted; later ones are read as they are';

CREATE TABLE search.term (
  community_id int   NOT NULL,
  block        int   NOT NULL,
  term         text  COLLATE "C" NOT NULL CONSTRAINT term_form CHECK (length(term) BETWEEN 1 AND 24),
  entries      bytea NOT NULL CONSTRAINT term_entries_form CHECK (length(entries) BETWEEN 2 AND 512 AND length(entries) % 2 = 0),
  CONSTRAINT term_pkey PRIMARY KEY (community_id, block, term),
  CONSTRAINT term_block FOREIGN KEY (community_id, block) REFERENCES search.block (community_id, block)
);
COMMENT ON COLUMN search.term.entries IS 'places in the block, two bytes each, ascending; where that would take 512 bytes or more, 4,096 bits';

GRANT SELECT, INSERT, UPDATE, DELETE ON search.block, search.term TO fund_app;

-- ── Questions about an entry ─────────────────────────────────────────

-- A question is about a campaign or about an entry. It is to be answered by a day, and all can see when it was not.
ALTER TABLE voice.question
  ALTER COLUMN campaign_id DROP NOT NULL,
  ADD COLUMN entry_seq bigint,
  ADD COLUMN due_on date,
  ADD CONSTRAINT question_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry (community_id, seq),
  ADD CONSTRAINT question_of_one CHECK (num_nonnulls(campaign_id, entry_seq) = 1),
  ADD CONSTRAINT question_of_entry_due CHECK (entry_seq IS NULL OR due_on IS NOT NULL);
CREATE INDEX question_of_entry ON voice.question (community_id, entry_seq, asked_at) WHERE entry_seq IS NOT NULL;

CREATE TABLE voice.setting (
  community_id int NOT NULL REFERENCES ledger.community,
  answer_days  int NOT NULL CONSTRAINT setting_answer_days CHECK (answer_days BETWEEN 1 AND 60),
  CONSTRAINT setting_pkey PRIMARY KEY (community_id)
);
COMMENT ON COLUMN voice.setting.answer_days IS 'within so many days a question about an entry is answered; without a row within 7';
GRANT SELECT, INSERT, UPDATE ON voice.setting TO fund_app;
