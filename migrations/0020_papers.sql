-- +goose Up

-- ── The papers of entries, and a second tree over them ───────────────

-- The papers' own tree: a leaf a paper, under the same signature as the entries'.
CREATE TABLE transparency.paper_leaf (
  community_id int    NOT NULL,
  leaf_index   bigint NOT NULL CHECK (leaf_index >= 0),
  hash         bytea  NOT NULL CONSTRAINT paper_leaf_hash_form CHECK (length(hash) = 32),
  CONSTRAINT paper_leaf_pkey PRIMARY KEY (community_id, leaf_index)
);
CREATE TABLE transparency.paper_hash (
  community_id int    NOT NULL,
  hash_index   bigint NOT NULL,
  hash         bytea  NOT NULL CONSTRAINT paper_hash_form CHECK (length(hash) = 32),
  CONSTRAINT paper_hash_pkey PRIMARY KEY (community_id, hash_index)
);
CREATE TRIGGER paper_leaf_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON transparency.paper_leaf FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER paper_hash_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON transparency.paper_hash FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- A checkpoint is made too when only papers came, so its size does not name it.
ALTER TABLE transparency.checkpoint
  ADD COLUMN papers bigint NOT NULL DEFAULT 0,
  ADD COLUMN papers_root bytea CONSTRAINT checkpoint_papers_root_form CHECK (length(papers_root) = 32),
  ADD CONSTRAINT checkpoint_papers_whole CHECK ((papers = 0) = (papers_root IS NULL)),
  DROP CONSTRAINT checkpoint_pkey,
  DROP CONSTRAINT checkpoint_number_key;
ALTER TABLE transparency.checkpoint
  ADD CONSTRAINT checkpoint_pkey PRIMARY KEY (community_id, number),
  ADD CONSTRAINT checkpoint_size_key UNIQUE (community_id, size, papers);

-- Papers as they came: photographs made anew and PDF files that were looked
-- through, for the staff alone. What must not be kept is deleted here; that it
-- was there stands in campaigns.paper.
CREATE TABLE campaigns.original (
  community_id int   NOT NULL REFERENCES ledger.community,
  id           uuid  NOT NULL,
  media        text  NOT NULL CONSTRAINT original_media_known CHECK (media IN ('image/jpeg', 'application/pdf')),
  caption      text  NOT NULL CONSTRAINT original_has_a_caption CHECK (length(caption) BETWEEN 1 AND 120),
  pages        int   NOT NULL CONSTRAINT original_has_pages CHECK (pages > 0),
  bytes        bytea NOT NULL,
  digest       bytea NOT NULL,
  added_by     text  NOT NULL,
  added_at     timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT original_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT original_digest_of_its_bytes CHECK (digest = sha256(bytes))
);
ALTER TABLE campaigns.original ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- The list of papers, only ever longer: what came to which entry, and what was
-- taken away. log_paper is its only door.
CREATE TABLE campaigns.paper (
  community_id int    NOT NULL,
  number       bigint NOT NULL CONSTRAINT paper_number_positive CHECK (number > 0),
  entry_seq    bigint NOT NULL,
  what         text   NOT NULL CONSTRAINT paper_what_known CHECK (what IN ('original', 'public', 'withdrawn')),
  file_id      uuid   NOT NULL,
  media        text   NOT NULL CONSTRAINT paper_media_known CHECK (media IN ('image/jpeg', 'application/pdf')),
  digest       bytea  NOT NULL CONSTRAINT paper_digest_form CHECK (length(digest) = 32),
  added_by     text   NOT NULL CONSTRAINT paper_added_by_form CHECK (added_by ~ '^[!-~]+$'),
  added_at     timestamptz NOT NULL,
  CONSTRAINT paper_pkey PRIMARY KEY (community_id, number),
  CONSTRAINT paper_once UNIQUE (community_id, entry_seq, file_id, what),
  CONSTRAINT paper_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry (community_id, seq)
);
CREATE INDEX paper_file ON campaigns.paper (community_id, file_id);
COMMENT ON COLUMN campaigns.paper.what IS 'original: kept for the staff; public: shown, names covered; withdrawn: one of these was taken away';
CREATE TRIGGER paper_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON campaigns.paper FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- paper_record is the text whose hash is a paper's leaf, as campaigns.Paper.Record writes it.
-- +goose StatementBegin
CREATE FUNCTION campaigns.paper_record(p campaigns.paper, slug text) RETURNS bytea LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT convert_to('fund paper v1' || E'\n' || slug || E'\n' || p.number || E'\n' || p.entry_seq || E'\n' || p.what || E'\n' || p.file_id || E'\n' || p.media || E'\n' ||
    encode(p.digest, 'hex') || E'\n' || p.added_by || E'\n' || to_char(p.added_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || E'\n', 'UTF8')
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION campaigns.log_paper(community int, entry bigint, kind text, file uuid, of_media text, of_digest bytea, who text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  p campaigns.paper;
BEGIN
  PERFORM FROM ledger.book b WHERE b.community_id = community FOR UPDATE; -- gapless, in commit order
  SELECT coalesce(max(x.number), 0) + 1 INTO p.number FROM campaigns.paper x WHERE x.community_id = community;
  p.community_id := community; p.entry_seq := entry; p.what := kind; p.file_id := file; p.media := of_media;
  p.digest := of_digest; p.added_by := who; p.added_at := clock_timestamp();
  INSERT INTO campaigns.paper SELECT p.*;
  INSERT INTO transparency.paper_leaf (community_id, leaf_index, hash)
  SELECT community, p.number - 1, sha256(decode('00', 'hex') || campaigns.paper_record(p, c.slug)) FROM ledger.community c WHERE c.id = community;
  RETURN p.number;
END $$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION campaigns.log_paper FROM PUBLIC;
GRANT EXECUTE ON FUNCTION campaigns.log_paper, campaigns.paper_record TO fund_app;

-- Papers that were shown before there was a list come into it in the order in which they came.
INSERT INTO campaigns.paper (community_id, number, entry_seq, what, file_id, media, digest, added_by, added_at)
SELECT e.community_id, row_number() OVER (PARTITION BY e.community_id ORDER BY e.at, e.what, e.picture_id), e.entry_seq, e.what, e.picture_id, 'image/jpeg', e.digest, e.who, e.at
  FROM (SELECT community_id, entry_seq, picture_id, digest, 'public' AS what, added_by AS who, added_at AS at FROM campaigns.evidence
        UNION ALL
        SELECT community_id, entry_seq, picture_id, digest, 'withdrawn', withdrawn_by, withdrawn_at FROM campaigns.evidence WHERE withdrawn_at IS NOT NULL) e;
INSERT INTO transparency.paper_leaf (community_id, leaf_index, hash)
SELECT p.community_id, p.number - 1, sha256(decode('00', 'hex') || campaigns.paper_record(p, c.slug))
  FROM campaigns.paper p JOIN ledger.community c ON c.id = p.community_id;

GRANT SELECT ON transparency.paper_leaf, transparency.paper_hash, campaigns.paper, campaigns.original TO fund_app;
GRANT INSERT ON transparency.paper_hash TO fund_app;
GRANT INSERT, DELETE ON campaigns.original TO fund_app;

-- ── Payment requests ─────────────────────────────────────────────────

CREATE SCHEMA spending;
GRANT USAGE ON SCHEMA spending TO fund_app;

-- One row a community: its rule, and the lock that puts approvals and payments into one order.
CREATE TABLE spending.rule (
  community_id int NOT NULL REFERENCES ledger.community,
  second_above numeric(18,2) NOT NULL DEFAULT 2000 CONSTRAINT rule_second_above_not_negative CHECK (second_above >= 0),
  last_number  int NOT NULL DEFAULT 0,
  last_batch   int NOT NULL DEFAULT 0,
  changed_by   text NOT NULL DEFAULT '',
  changed_at   timestamptz,
  CONSTRAINT rule_pkey PRIMARY KEY (community_id)
);
COMMENT ON COLUMN spending.rule.second_above IS 'a request for more than this is approved by two people';

-- A file of transfers for the bank.
CREATE TABLE spending.batch (
  community_id int  NOT NULL,
  number       int  NOT NULL,
  account_id   int  NOT NULL,
  made_by      text NOT NULL,
  made_at      timestamptz NOT NULL,
  CONSTRAINT batch_pkey PRIMARY KEY (community_id, number),
  CONSTRAINT batch_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account (community_id, id)
);

CREATE TABLE spending.request (
  community_id     int  NOT NULL,
  id               uuid NOT NULL,
  number           int  NOT NULL CONSTRAINT request_number_positive CHECK (number > 0),
  fund_id          int  NOT NULL,
  account_id       int  NOT NULL,
  year             int  NOT NULL,
  amount           numeric(18,2) NOT NULL CONSTRAINT request_amount_positive CHECK (amount > 0),
  purpose          text NOT NULL CONSTRAINT request_purpose_form CHECK (length(purpose) BETWEEN 1 AND 120 AND purpose !~ '[[:cntrl:]]'),
  method           text NOT NULL CONSTRAINT request_method_known CHECK (method IN ('cash', 'transfer')),
  asked_by         text NOT NULL CONSTRAINT request_asked_by_somebody CHECK (asked_by <> ''),
  asked_at         timestamptz NOT NULL,
  payee_user       text NOT NULL DEFAULT '',
  approvals_needed int  NOT NULL CONSTRAINT request_approvals_range CHECK (approvals_needed BETWEEN 1 AND 2),
  state            text NOT NULL DEFAULT 'asked' CONSTRAINT request_state_known CHECK (state IN ('asked', 'approved', 'declined', 'withdrawn', 'paid')),
  payments         int  NOT NULL DEFAULT 0,
  entry_seq        bigint,
  batch            int,
  confirmed_by     text,
  confirmed_at     timestamptz,
  CONSTRAINT request_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT request_number_key UNIQUE (community_id, number),
  CONSTRAINT request_people_key UNIQUE (community_id, id, asked_by, payee_user),
  CONSTRAINT request_fund FOREIGN KEY (community_id, fund_id) REFERENCES ledger.fund (community_id, id),
  CONSTRAINT request_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account (community_id, id),
  CONSTRAINT request_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry (community_id, seq),
  CONSTRAINT request_batch FOREIGN KEY (community_id, batch) REFERENCES spending.batch (community_id, number),
  CONSTRAINT request_paid_by_an_entry CHECK ((state = 'paid') = (entry_seq IS NOT NULL)),
  CONSTRAINT request_batch_is_paid CHECK (batch IS NULL OR state = 'paid'),
  CONSTRAINT request_confirmed_whole CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL) AND (confirmed_at IS NULL OR state = 'paid'))
);
CREATE INDEX request_open ON spending.request (community_id, fund_id, account_id) WHERE state IN ('asked', 'approved');
CREATE UNIQUE INDEX request_entry_once ON spending.request (community_id, entry_seq) WHERE entry_seq IS NOT NULL;
COMMENT ON COLUMN spending.request.payee_user IS 'who of the staff gets the money, if it is one of them: they do not approve';
COMMENT ON COLUMN spending.request.payments IS 'how often it was paid: a payment that was undone is paid again under another source';

-- To whom: personal data, emptied once the money is there.
CREATE TABLE spending.payee (
  community_id int  NOT NULL,
  request_id   uuid NOT NULL,
  name         text NOT NULL,
  bank         text NOT NULL DEFAULT '',
  number       text NOT NULL DEFAULT '',
  erased_at    timestamptz,
  CONSTRAINT payee_pkey PRIMARY KEY (community_id, request_id),
  CONSTRAINT payee_request FOREIGN KEY (community_id, request_id) REFERENCES spending.request (community_id, id),
  CONSTRAINT payee_erased_whole CHECK (erased_at IS NULL OR (name = '' AND bank = '' AND number = ''))
);

-- What somebody else said to it. The keys carry who asked and who gets the
-- money, so that a plain CHECK refuses them.
CREATE TABLE spending.decision (
  community_id int     NOT NULL,
  request_id   uuid    NOT NULL,
  decided_by   text    NOT NULL,
  asked_by     text    NOT NULL,
  payee_user   text    NOT NULL,
  verdict      text    NOT NULL CONSTRAINT decision_verdict_known CHECK (verdict IN ('approved', 'declined', 'recused')),
  conflict     boolean NOT NULL,
  reason       text    NOT NULL DEFAULT '' CONSTRAINT decision_reason_length CHECK (length(reason) <= 200),
  decided_at   timestamptz NOT NULL,
  CONSTRAINT decision_pkey PRIMARY KEY (community_id, request_id, decided_by),
  CONSTRAINT decision_request FOREIGN KEY (community_id, request_id, asked_by, payee_user) REFERENCES spending.request (community_id, id, asked_by, payee_user),
  CONSTRAINT decision_by_somebody_else CHECK (decided_by <> asked_by AND decided_by <> payee_user),
  CONSTRAINT decision_recused_by_conflict CHECK ((verdict = 'recused') = conflict),
  CONSTRAINT decision_declined_why CHECK (verdict <> 'declined' OR reason <> '')
);
COMMENT ON COLUMN spending.decision.conflict IS 'what they declared: something ties them to who gets the money';

-- What happened otherwise: who, when and why.
CREATE TABLE spending.step (
  community_id int  NOT NULL,
  request_id   uuid NOT NULL,
  number       int  NOT NULL,
  what         text NOT NULL CONSTRAINT step_what_known CHECK (what IN ('withdrawn', 'sent', 'paid', 'confirmed', 'undone', 'erased')),
  done_by      text NOT NULL,
  done_at      timestamptz NOT NULL,
  why          text NOT NULL DEFAULT '' CONSTRAINT step_why_length CHECK (length(why) <= 200),
  entry_seq    bigint,
  CONSTRAINT step_pkey PRIMARY KEY (community_id, request_id, number),
  CONSTRAINT step_request FOREIGN KEY (community_id, request_id) REFERENCES spending.request (community_id, id)
);

-- The papers it came with, in campaigns.original; paid, they are the entry's.
CREATE TABLE spending.paper (
  community_id int  NOT NULL,
  request_id   uuid NOT NULL,
  original_id  uuid NOT NULL,
  CONSTRAINT paper_pkey PRIMARY KEY (community_id, request_id, original_id),
  CONSTRAINT paper_request FOREIGN KEY (community_id, request_id) REFERENCES spending.request (community_id, id),
  CONSTRAINT paper_original FOREIGN KEY (community_id, original_id) REFERENCES campaigns.original (community_id, id) ON DELETE CASCADE
);

CREATE TRIGGER decision_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON spending.decision FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER step_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON spending.step FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER request_stays BEFORE DELETE OR TRUNCATE ON spending.request FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- A request begins as asked, goes its way in order, and is approved or paid only
-- with as many approvals as it needs, whoever writes.
-- +goose StatementBegin
CREATE FUNCTION spending.request_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  free text[] := ARRAY['state', 'payments', 'entry_seq', 'batch', 'confirmed_by', 'confirmed_at'];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'asked' OR NEW.payments <> 0 OR NEW.approvals_needed < 1 + (NEW.amount > coalesce(
         (SELECT r.second_above FROM spending.rule r WHERE r.community_id = NEW.community_id), 2000))::int THEN
      RAISE EXCEPTION 'a payment request begins as asked, with the approvals its amount needs' USING ERRCODE = 'FU030';
    END IF;
    RETURN NEW;
  END IF;
  IF (to_jsonb(OLD) - free) IS DISTINCT FROM (to_jsonb(NEW) - free) THEN
    RAISE EXCEPTION 'what was asked for stays' USING ERRCODE = 'FU002', HINT = 'withdraw it and ask again';
  END IF;
  IF NEW.state <> OLD.state AND OLD.state || ' ' || NEW.state <> ALL (ARRAY[
       'asked approved', 'asked declined', 'asked withdrawn', 'approved withdrawn', 'approved paid', 'paid approved', 'paid withdrawn']) THEN
    RAISE EXCEPTION 'a payment request that is % does not become %', OLD.state, NEW.state USING ERRCODE = 'FU031';
  END IF;
  IF NEW.state IN ('approved', 'paid') AND NEW.approvals_needed > (
       SELECT count(*) FROM spending.decision d WHERE d.community_id = NEW.community_id AND d.request_id = NEW.id AND d.verdict = 'approved') THEN
    RAISE EXCEPTION 'the payment request needs % approvals by others', NEW.approvals_needed USING ERRCODE = 'FU030';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER request_guard BEFORE INSERT OR UPDATE ON spending.request FOR EACH ROW EXECUTE FUNCTION spending.request_guard();

GRANT SELECT ON ALL TABLES IN SCHEMA spending TO fund_app;
GRANT INSERT, UPDATE (second_above, last_number, last_batch, changed_by, changed_at) ON spending.rule TO fund_app;
GRANT INSERT ON spending.batch, spending.decision, spending.step, spending.paper, spending.payee TO fund_app;
GRANT UPDATE (name, bank, number, erased_at) ON spending.payee TO fund_app;
GRANT INSERT, UPDATE (state, payments, entry_seq, batch, confirmed_by, confirmed_at) ON spending.request TO fund_app;
