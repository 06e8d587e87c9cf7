-- +goose Up

-- The papers of an entry as everybody may see them: photographs on which names,
-- telephone numbers and accounts are covered. What was shown by mistake is
-- withdrawn: the picture goes, and that there was one stays.
CREATE TABLE campaigns.evidence (
  community_id int    NOT NULL,
  entry_seq    bigint NOT NULL,
  picture_id   uuid   NOT NULL,
  caption      text   NOT NULL CONSTRAINT evidence_has_a_caption CHECK (length(caption) BETWEEN 1 AND 120),
  digest       bytea  NOT NULL CONSTRAINT evidence_digest_form CHECK (length(digest) = 32),
  added_by     text   NOT NULL,
  added_at     timestamptz NOT NULL DEFAULT now(),
  withdrawn_by text,
  withdrawn_at timestamptz,
  CONSTRAINT evidence_pkey PRIMARY KEY (community_id, entry_seq, picture_id),
  CONSTRAINT evidence_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry (community_id, seq),
  CONSTRAINT evidence_withdrawn_whole CHECK ((withdrawn_by IS NULL) = (withdrawn_at IS NULL))
);
COMMENT ON COLUMN campaigns.evidence.digest IS 'SHA-256 of the picture as it was shown';
GRANT SELECT, INSERT, UPDATE (withdrawn_by, withdrawn_at) ON campaigns.evidence TO fund_app;
