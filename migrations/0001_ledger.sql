-- +goose Up

-- The role the server connects as. It may read the books and call the verbs
-- below; it may not write the books' tables.
-- +goose StatementBegin
DO $$ BEGIN
  CREATE ROLE fund_app LOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
-- +goose StatementEnd

CREATE SCHEMA ledger;
CREATE SCHEMA transparency;
GRANT USAGE ON SCHEMA ledger, transparency TO fund_app;

-- What is written once stays written. One function for every such table.
-- +goose StatementBegin
CREATE FUNCTION ledger.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of %.% is refused: what is posted stays', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'FU002', HINT = 'post a reversal instead';
END $$;
-- +goose StatementEnd

-- ── Communities, accounts, funds, periods ────────────────────────────

CREATE TABLE ledger.community (
  id         int PRIMARY KEY CONSTRAINT community_id_positive CHECK (id > 0),
  slug       text NOT NULL CONSTRAINT community_slug_key UNIQUE
             CONSTRAINT community_slug_form CHECK (slug ~ '^[a-z][a-z0-9-]{1,39}$'),
  name_zh    text NOT NULL,
  name_en    text NOT NULL,
  place_zh   text NOT NULL DEFAULT '',
  place_en   text NOT NULL DEFAULT '',
  address_zh text NOT NULL DEFAULT '',
  address_en text NOT NULL DEFAULT '',
  phone      text NOT NULL DEFAULT '',
  currency   char(3) NOT NULL DEFAULT 'CNY',
  standard   text NOT NULL,
  timezone   text NOT NULL DEFAULT 'Asia/Shanghai',
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE ledger.account (
  community_id int  NOT NULL REFERENCES ledger.community,
  id           int  NOT NULL,
  code         text NOT NULL CONSTRAINT account_code_form CHECK (code ~ '^[0-9A-Za-z][0-9A-Za-z.-]{0,19}$'),
  name_zh      text NOT NULL,
  name_en      text NOT NULL,
  type         text NOT NULL CONSTRAINT account_type_known CHECK (type IN ('asset', 'liability', 'net_assets', 'income', 'expense')),
  purpose      text CONSTRAINT account_purpose_form CHECK (purpose ~ '^[a-z][a-z_]*$'),
  closed_at    timestamptz,
  CONSTRAINT account_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT account_code_key UNIQUE (community_id, code),
  CONSTRAINT account_purpose_key UNIQUE (community_id, purpose)
);
COMMENT ON COLUMN ledger.account.purpose IS 'how verbs find the account: cash, bank, sandbox_clearing, donation_income, …; one account each';

CREATE TABLE ledger.fund (
  community_id int  NOT NULL REFERENCES ledger.community,
  id           int  NOT NULL,
  code         text NOT NULL CONSTRAINT fund_code_form CHECK (code ~ '^[0-9A-Za-z][0-9A-Za-z._-]{0,59}$'),
  name_zh      text NOT NULL,
  name_en      text NOT NULL,
  kind         text NOT NULL CONSTRAINT fund_kind_known CHECK (kind IN ('general', 'campaign', 'project', 'venture')),
  restricted   boolean NOT NULL,
  closed_at    timestamptz,
  CONSTRAINT fund_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT fund_code_key UNIQUE (community_id, code),
  CONSTRAINT fund_restriction_key UNIQUE (community_id, id, restricted)
);

-- The journal's leaves name the community by slug, accounts and funds by code:
-- neither ever changes.
-- +goose StatementBegin
CREATE FUNCTION ledger.keep_identity() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  free text[] := ARRAY['name_zh', 'name_en', 'place_zh', 'place_en', 'address_zh', 'address_en', 'phone', 'purpose', 'closed_at'];
BEGIN
  IF (to_jsonb(OLD) - free) IS DISTINCT FROM (to_jsonb(NEW) - free) THEN
    RAISE EXCEPTION '%: only names, places, purpose and closing may change', TG_TABLE_NAME USING ERRCODE = 'FU002';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER community_identity BEFORE UPDATE ON ledger.community FOR EACH ROW EXECUTE FUNCTION ledger.keep_identity();
CREATE TRIGGER account_identity BEFORE UPDATE ON ledger.account FOR EACH ROW EXECUTE FUNCTION ledger.keep_identity();
CREATE TRIGGER fund_identity BEFORE UPDATE ON ledger.fund FOR EACH ROW EXECUTE FUNCTION ledger.keep_identity();

-- A month. No row means open.
CREATE TABLE ledger.period (
  community_id int  NOT NULL REFERENCES ledger.community,
  month        date NOT NULL CONSTRAINT period_is_a_month CHECK (extract(day FROM month) = 1),
  closed_at    timestamptz,
  closed_by    text,
  note         text NOT NULL DEFAULT '',
  CONSTRAINT period_pkey PRIMARY KEY (community_id, month)
);

-- ── The journal ──────────────────────────────────────────────────────

-- One row a community: the lock that puts its entries into one order.
CREATE TABLE ledger.book (
  community_id int PRIMARY KEY REFERENCES ledger.community,
  last_seq     bigint NOT NULL DEFAULT 0,
  net_assets   numeric(18,2) NOT NULL DEFAULT 0
);

CREATE TABLE ledger.book_year (
  community_id int NOT NULL REFERENCES ledger.community,
  year         int NOT NULL,
  last_number  int NOT NULL,
  CONSTRAINT book_year_pkey PRIMARY KEY (community_id, year)
);

CREATE TABLE ledger.journal_entry (
  community_id    int      NOT NULL,
  seq             bigint   NOT NULL,
  year            int      NOT NULL,
  number          int      NOT NULL,
  entry_date      date     NOT NULL,
  posted_at       timestamptz NOT NULL,
  kind            text     NOT NULL CONSTRAINT entry_kind_form CHECK (kind ~ '^[a-z][a-z_]+$' AND length(kind) <= 31),
  source          text     NOT NULL CONSTRAINT entry_source_form CHECK (source ~ '^[a-z_]+:[!-~]+$' AND length(source) <= 120),
  memo            text     NOT NULL CONSTRAINT entry_memo_form CHECK (length(memo) BETWEEN 1 AND 200 AND memo !~ '[[:cntrl:]]'),
  detail          text     NOT NULL CONSTRAINT entry_detail_form CHECK (length(detail) <= 200 AND detail !~ '[[:cntrl:]]'),
  posted_by       text     NOT NULL CONSTRAINT entry_posted_by_form CHECK (posted_by ~ '^[!-~]+$' AND length(posted_by) <= 60),
  reverses_seq    bigint,
  commitment      bytea    CONSTRAINT entry_commitment_form CHECK (length(commitment) = 32),
  posting_count   smallint NOT NULL CONSTRAINT entry_has_two_postings CHECK (posting_count >= 2),
  income          numeric(18,2) NOT NULL,
  expense         numeric(18,2) NOT NULL,
  net_after       numeric(18,2) NOT NULL,
  CONSTRAINT entry_pkey PRIMARY KEY (community_id, seq),
  CONSTRAINT entry_number_key UNIQUE (community_id, year, number),
  CONSTRAINT entry_source_key UNIQUE (community_id, source),
  CONSTRAINT entry_date_key UNIQUE (community_id, entry_date, seq),
  CONSTRAINT entry_seq_positive CHECK (seq > 0 AND number > 0),
  CONSTRAINT entry_year_of_date CHECK (year = extract(year FROM entry_date) AND year BETWEEN 1900 AND 9999),
  CONSTRAINT entry_reverses FOREIGN KEY (community_id, reverses_seq) REFERENCES ledger.journal_entry (community_id, seq)
);
CREATE UNIQUE INDEX entry_reversed_once ON ledger.journal_entry (community_id, reverses_seq) WHERE reverses_seq IS NOT NULL;
COMMENT ON TABLE ledger.journal_entry IS '记账凭证: dated, numbered without gaps within a community and year, immutable once posted';
COMMENT ON COLUMN ledger.journal_entry.seq IS 'position in the order of posting; its leaf in the Merkle log has index seq - 1';
COMMENT ON COLUMN ledger.journal_entry.commitment IS 'salted hash of the donor, never the name';
COMMENT ON COLUMN ledger.journal_entry.net_after IS 'net assets of the whole book after this entry, in posting order';

-- A posting is complete with its entry: lines are 1..posting_count, inserted by
-- one statement (posting_guard), so nothing can be added to an entry later.
CREATE TABLE ledger.posting (
  community_id  int      NOT NULL,
  seq           bigint   NOT NULL,
  line          smallint NOT NULL,
  posting_count smallint NOT NULL,
  entry_date    date     NOT NULL,
  account_id    int      NOT NULL,
  fund_id       int      NOT NULL,
  amount        numeric(18,2) NOT NULL CONSTRAINT posting_not_zero CHECK (amount <> 0),
  CONSTRAINT posting_pkey PRIMARY KEY (community_id, seq, line),
  CONSTRAINT posting_line_in_count CHECK (line BETWEEN 1 AND posting_count)
);
CREATE INDEX posting_account ON ledger.posting (community_id, account_id, seq);
CREATE INDEX posting_fund ON ledger.posting (community_id, fund_id, seq);
COMMENT ON COLUMN ledger.posting.amount IS 'signed: a debit is positive, a credit negative';

-- The planner's first idea of these tables: one community has many rows. With
-- no idea at all it takes any index that begins with community_id to be as good
-- as the right one, and a session keeps such a plan while the books grow.
INSERT INTO ledger.journal_entry
SELECT 1, n, 2000, n, date '2000-01-01' + (n / 10)::int, now(), 'manual', 'first:' || n, '-', '', '-', NULL, NULL, 2, n, 0, n
  FROM generate_series(1, 1000) n;
INSERT INTO ledger.posting
SELECT 1, n, line, 2, date '2000-01-01' + (n / 10)::int, n % 10 + line, n % 20 + 1, 3 - 2 * line
  FROM generate_series(1, 1000) n, generate_series(1, 2) line;
ANALYZE ledger.journal_entry, ledger.posting;
TRUNCATE ledger.journal_entry, ledger.posting;

-- Rollups, kept by posting_guard. Accounts and funds are checked here, once a
-- month and pair instead of once a posting.
CREATE TABLE ledger.balance (
  community_id int  NOT NULL,
  account_id   int  NOT NULL,
  fund_id      int  NOT NULL,
  month        date NOT NULL,
  debit        numeric(18,2) NOT NULL,
  credit       numeric(18,2) NOT NULL,
  CONSTRAINT balance_pkey PRIMARY KEY (community_id, account_id, fund_id, month),
  CONSTRAINT balance_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account (community_id, id),
  CONSTRAINT balance_fund FOREIGN KEY (community_id, fund_id) REFERENCES ledger.fund (community_id, id)
);

CREATE TABLE ledger.fund_balance (
  community_id int NOT NULL,
  fund_id      int NOT NULL,
  restricted   boolean NOT NULL,
  net_assets   numeric(18,2) NOT NULL,
  CONSTRAINT fund_balance_pkey PRIMARY KEY (community_id, fund_id),
  CONSTRAINT fund_balance_fund FOREIGN KEY (community_id, fund_id, restricted) REFERENCES ledger.fund (community_id, id, restricted),
  CONSTRAINT fund_not_overspent CHECK (NOT restricted OR net_assets >= 0)
);

-- Entries a month, so that a page can say how many without counting.
CREATE TABLE ledger.month_tally (
  community_id int  NOT NULL REFERENCES ledger.book,
  month        date NOT NULL,
  entries      int  NOT NULL,
  CONSTRAINT month_tally_pkey PRIMARY KEY (community_id, month)
);

-- ── The Merkle log ───────────────────────────────────────────────────

CREATE TABLE transparency.leaf (
  community_id int    NOT NULL,
  leaf_index   bigint NOT NULL CHECK (leaf_index >= 0),
  hash         bytea  NOT NULL CONSTRAINT leaf_hash_form CHECK (length(hash) = 32),
  CONSTRAINT leaf_pkey PRIMARY KEY (community_id, leaf_index)
);
COMMENT ON TABLE transparency.leaf IS 'SHA-256 of 0x00 and the record (RFC 6962), written by the verb that writes the record';

-- The tree's stored hashes in the order of golang.org/x/mod/sumdb/tlog, written by the sealer.
CREATE TABLE transparency.hash (
  community_id int    NOT NULL,
  hash_index   bigint NOT NULL,
  hash         bytea  NOT NULL CONSTRAINT hash_form CHECK (length(hash) = 32),
  CONSTRAINT hash_pkey PRIMARY KEY (community_id, hash_index)
);

CREATE TABLE transparency.checkpoint (
  community_id int    NOT NULL,
  size         bigint NOT NULL,
  number       int    NOT NULL,
  root         bytea  NOT NULL CONSTRAINT checkpoint_root_form CHECK (length(root) = 32),
  note         text   NOT NULL,
  created_at   timestamptz NOT NULL,
  CONSTRAINT checkpoint_pkey PRIMARY KEY (community_id, size),
  CONSTRAINT checkpoint_number_key UNIQUE (community_id, number)
);

-- ── Guards: for whoever writes, the owner too ────────────────────────

CREATE TRIGGER entry_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.journal_entry FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER posting_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.posting FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER leaf_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON transparency.leaf FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER hash_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON transparency.hash FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER checkpoint_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON transparency.checkpoint FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- +goose StatementBegin
CREATE FUNCTION ledger.entry_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  at record;
BEGIN
  SELECT e.seq, to_char(p.month, 'YYYY-MM') AS month INTO at
    FROM ledger.period p JOIN new_entries e
      ON e.community_id = p.community_id AND p.month = date_trunc('month', e.entry_date::timestamp)
   WHERE p.closed_at IS NOT NULL ORDER BY e.seq LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'month % is closed', at.month USING ERRCODE = 'FU003', DETAIL = at.month;
  END IF;

  -- No entry without its postings, and no posting without its entry (posting_guard):
  -- what two foreign keys would check row by row, at three times the cost of the rest.
  SELECT e.seq INTO at FROM new_entries e
   WHERE (SELECT p.seq FROM ledger.posting p
           WHERE p.community_id = e.community_id AND p.seq = e.seq AND p.line = e.posting_count) IS NULL LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'entry % has not all its postings', at.seq USING ERRCODE = 'FU012';
  END IF;

  -- No gaps: new numbers follow each other, and the first follows one that stands.
  SELECT r.first INTO at
    FROM (SELECT e.community_id, min(e.seq) AS first, max(e.seq) AS last, count(*) AS n FROM new_entries e GROUP BY 1) r
   WHERE r.last - r.first + 1 <> r.n OR (r.first > 1 AND (
         SELECT b.seq FROM ledger.journal_entry b WHERE b.community_id = r.community_id AND b.seq = r.first - 1) IS NULL) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'entry % would leave a gap', at.first USING ERRCODE = 'FU013';
  END IF;
  SELECT r.year, r.first INTO at
    FROM (SELECT e.community_id, e.year, min(e.number) AS first, max(e.number) AS last, count(*) AS n FROM new_entries e GROUP BY 1, 2) r
   WHERE r.last - r.first + 1 <> r.n OR (r.first > 1 AND (
         SELECT b.seq FROM ledger.journal_entry b WHERE b.community_id = r.community_id AND b.year = r.year AND b.number = r.first - 1) IS NULL) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'number %-% would leave a gap', at.year, at.first USING ERRCODE = 'FU013';
  END IF;

  INSERT INTO ledger.month_tally AS t (community_id, month, entries)
  SELECT e.community_id, date_trunc('month', e.entry_date::timestamp), count(*) FROM new_entries e GROUP BY 1, 2 ORDER BY 1, 2
  ON CONFLICT (community_id, month) DO UPDATE SET entries = t.entries + EXCLUDED.entries;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER entry_guard AFTER INSERT ON ledger.journal_entry REFERENCING NEW TABLE AS new_entries
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.entry_guard();

-- The first check reads the transition table alone. The others join rows of the
-- same community, by community_id.
-- +goose StatementBegin
CREATE FUNCTION ledger.posting_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  bad record;
BEGIN
  SELECT n.seq INTO bad FROM new_postings n
   GROUP BY n.community_id, n.seq HAVING count(*) <> min(n.posting_count) OR count(*) <> max(n.posting_count) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'entry % is not complete: all its postings are inserted at once', bad.seq USING ERRCODE = 'FU012';
  END IF;
  SELECT n.seq INTO bad FROM new_postings n
   WHERE (SELECT e.entry_date FROM ledger.journal_entry e WHERE e.community_id = n.community_id AND e.seq = n.seq) IS DISTINCT FROM n.entry_date LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'a posting belongs to entry % of its own date', bad.seq USING ERRCODE = 'FU012';
  END IF;
  SELECT n.seq, n.fund_id, sum(n.amount) AS rest INTO bad FROM new_postings n
   GROUP BY n.community_id, n.seq, n.fund_id HAVING sum(n.amount) <> 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'entry % does not balance in fund %: % too much debit', bad.seq, bad.fund_id, bad.rest
      USING ERRCODE = 'FU001', DETAIL = bad.rest::text;
  END IF;

  SELECT n.account_id, a.code, a.closed_at INTO bad
    FROM (SELECT DISTINCT community_id, account_id FROM new_postings) n
    LEFT JOIN ledger.account a ON a.community_id = n.community_id AND a.id = n.account_id
   WHERE a.id IS NULL OR a.closed_at IS NOT NULL LIMIT 1;
  IF FOUND AND bad.code IS NULL THEN
    RAISE EXCEPTION 'account % is unknown', bad.account_id USING ERRCODE = 'FU006', DETAIL = bad.account_id::text;
  ELSIF FOUND THEN
    RAISE EXCEPTION 'account % is closed', bad.code USING ERRCODE = 'FU007', DETAIL = bad.code;
  END IF;
  SELECT n.fund_id, f.code INTO bad
    FROM (SELECT DISTINCT community_id, fund_id FROM new_postings) n
    LEFT JOIN ledger.fund f ON f.community_id = n.community_id AND f.id = n.fund_id
   WHERE f.id IS NULL OR f.closed_at IS NOT NULL LIMIT 1;
  IF FOUND AND bad.code IS NULL THEN
    RAISE EXCEPTION 'fund % is unknown', bad.fund_id USING ERRCODE = 'FU008', DETAIL = bad.fund_id::text;
  ELSIF FOUND THEN
    RAISE EXCEPTION 'fund % is closed', bad.code USING ERRCODE = 'FU009', DETAIL = bad.code;
  END IF;

  INSERT INTO ledger.balance AS b (community_id, account_id, fund_id, month, debit, credit)
  SELECT n.community_id, n.account_id, n.fund_id, date_trunc('month', n.entry_date::timestamp),
         sum(greatest(n.amount, 0)), sum(greatest(-n.amount, 0))
    FROM new_postings n GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
  ON CONFLICT (community_id, account_id, fund_id, month)
  DO UPDATE SET debit = b.debit + EXCLUDED.debit, credit = b.credit + EXCLUDED.credit;

  SELECT f.code, coalesce(b.net_assets, 0) AS had, d.delta INTO bad
    FROM (SELECT n.community_id, n.fund_id, sum(n.amount) AS delta FROM new_postings n
            JOIN ledger.account a ON a.community_id = n.community_id AND a.id = n.account_id
           WHERE a.type IN ('asset', 'liability') GROUP BY 1, 2) d
    JOIN ledger.fund f ON f.community_id = d.community_id AND f.id = d.fund_id
    LEFT JOIN ledger.fund_balance b ON b.community_id = d.community_id AND b.fund_id = d.fund_id
   WHERE f.restricted AND coalesce(b.net_assets, 0) + d.delta < 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'fund % has % and would be left with %', bad.code, bad.had, bad.had + bad.delta
      USING ERRCODE = 'FU005', DETAIL = bad.code || ' ' || bad.had;
  END IF;
  -- A row that is less than zero by itself is refused before the conflict is
  -- seen, so what a restricted fund spends is an update: it has a row.
  WITH moved AS MATERIALIZED (
    SELECT d.community_id, d.fund_id, f.restricted, d.delta, f.restricted AND d.delta < 0 AS spent
      FROM (SELECT n.community_id, n.fund_id, sum(n.amount) AS delta FROM new_postings n
              JOIN ledger.account a ON a.community_id = n.community_id AND a.id = n.account_id
             WHERE a.type IN ('asset', 'liability') GROUP BY 1, 2) d
      JOIN ledger.fund f ON f.community_id = d.community_id AND f.id = d.fund_id
  ), spending AS (
    UPDATE ledger.fund_balance b SET net_assets = b.net_assets + m.delta
      FROM moved m WHERE m.spent AND b.community_id = m.community_id AND b.fund_id = m.fund_id
  )
  INSERT INTO ledger.fund_balance AS b (community_id, fund_id, restricted, net_assets)
  SELECT m.community_id, m.fund_id, m.restricted, m.delta FROM moved m WHERE NOT m.spent ORDER BY 1, 2
  ON CONFLICT (community_id, fund_id) DO UPDATE SET net_assets = b.net_assets + EXCLUDED.net_assets;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER posting_guard AFTER INSERT ON ledger.posting REFERENCING NEW TABLE AS new_postings
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.posting_guard();

-- ── The only door to the books ───────────────────────────────────────

-- post_entries posts a batch in the order given. entry_of says to which entry
-- (1..n) each posting belongs. It locks the community's book row, so numbers
-- are gapless and in commit order. Without enable_seqscan = off the plans of the
-- foreign-key checks are made while the tables are small, and kept when they grow;
-- a compiler (jit) costs more than these statements take.
-- +goose StatementBegin
CREATE FUNCTION ledger.post_entries(
  community int, dates date[], kinds text[], sources text[], memos text[], details text[], posters text[],
  reversed bigint[], commitments bytea[], entry_of int[], accounts int[], funds int[], amounts numeric[])
RETURNS TABLE (ord int, seq bigint, year int, number int, posted_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET DateStyle = 'ISO, YMD' SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
  now_at   timestamptz;
  now_text text;
  slug     text;
  base_seq bigint;
  base_net numeric(18,2);
  twice    text;
BEGIN
  SELECT b.last_seq, b.net_assets INTO base_seq, base_net FROM ledger.book b WHERE b.community_id = community FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'community % keeps no book', community USING ERRCODE = 'FU010';
  END IF;
  SELECT c.slug INTO slug FROM ledger.community c WHERE c.id = community;
  now_at := clock_timestamp(); -- after the lock: in the order of seq
  now_text := to_char(now_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');

  SELECT e.source INTO twice FROM ledger.journal_entry e WHERE e.community_id = community AND e.source = ANY (sources) LIMIT 1;
  IF NOT FOUND THEN
    SELECT s INTO twice FROM unnest(sources) s GROUP BY s HAVING count(*) > 1 LIMIT 1;
  END IF;
  IF FOUND THEN
    RAISE EXCEPTION 'source % is posted already', twice USING ERRCODE = 'FU004', DETAIL = twice;
  END IF;
  IF (SELECT count(*) FROM (SELECT FROM unnest(entry_of) o WHERE o BETWEEN 1 AND cardinality(dates) GROUP BY o HAVING count(*) >= 2) two) <> cardinality(dates)
     OR EXISTS (SELECT FROM unnest(entry_of) o WHERE o NOT BETWEEN 1 AND cardinality(dates)) THEN
    RAISE EXCEPTION 'an entry has at least two postings' USING ERRCODE = 'FU012';
  END IF;
  IF EXISTS (SELECT FROM ledger.journal_entry e WHERE e.community_id = community AND e.reverses_seq = ANY (reversed)) THEN
    RAISE EXCEPTION 'an entry is reversed once only' USING ERRCODE = 'FU011';
  END IF;

  RETURN QUERY
  WITH given AS MATERIALIZED (
    SELECT u.ord::int, u.entry_date, extract(year FROM u.entry_date)::int AS year, u.kind, u.source, u.memo, u.detail, u.posted_by, u.reverses, nullif(u.commitment, '') AS commitment,
           row_number() OVER (PARTITION BY extract(year FROM u.entry_date) ORDER BY u.ord)::int AS nth,
           count(*) OVER (PARTITION BY extract(year FROM u.entry_date))::int AS in_year
      FROM unnest(dates, kinds, sources, memos, details, posters, reversed, commitments)
           WITH ORDINALITY AS u (entry_date, kind, source, memo, detail, posted_by, reverses, commitment, ord)
  ), years AS (
    INSERT INTO ledger.book_year AS y (community_id, year, last_number)
    SELECT community, g.year, max(g.nth) FROM given g GROUP BY g.year ORDER BY g.year
    ON CONFLICT (community_id, year) DO UPDATE SET last_number = y.last_number + EXCLUDED.last_number
    RETURNING y.year, y.last_number
  ), lines AS MATERIALIZED (
    SELECT u.entry, row_number() OVER (PARTITION BY u.entry ORDER BY u.ord)::smallint AS line,
           u.account, u.fund, u.amount::numeric(18,2) AS amount, a.code AS account_code, a.type, f.code AS fund_code
      FROM unnest(entry_of, accounts, funds, amounts) WITH ORDINALITY AS u (entry, account, fund, amount, ord)
      LEFT JOIN ledger.account a ON a.community_id = community AND a.id = u.account
      LEFT JOIN ledger.fund f ON f.community_id = community AND f.id = u.fund
  ), sums AS MATERIALIZED (
    SELECT l.entry, count(*)::smallint AS posting_count,
           coalesce(-sum(l.amount) FILTER (WHERE l.type = 'income'), 0) AS income,
           coalesce(sum(l.amount) FILTER (WHERE l.type = 'expense'), 0) AS expense,
           coalesce(-sum(l.amount) FILTER (WHERE l.type IN ('income', 'expense', 'net_assets')), 0) AS net,
           string_agg(l.line || ' ' || coalesce(l.account_code, '') || ' ' || coalesce(l.fund_code, '') || ' ' || l.amount || E'\n', '' ORDER BY l.line) AS body
      FROM lines l GROUP BY l.entry
  ), entries AS MATERIALIZED (
    SELECT g.*, base_seq + g.ord AS seq, years.last_number - g.in_year + g.nth AS number,
           coalesce(s.posting_count, 0::smallint) AS posting_count, s.income, s.expense,
           base_net + sum(s.net) OVER (ORDER BY g.ord) AS net_after, s.net, s.body
      FROM given g JOIN years ON years.year = g.year LEFT JOIN sums s ON s.entry = g.ord
  ), written AS (
    INSERT INTO ledger.journal_entry (community_id, seq, year, number, entry_date, posted_at, kind, source, memo, detail,
                                      posted_by, reverses_seq, commitment, posting_count, income, expense, net_after)
    SELECT community, e.seq, e.year, e.number, e.entry_date, now_at, e.kind, e.source, e.memo, e.detail, e.posted_by,
           e.reverses, e.commitment, e.posting_count, coalesce(e.income, 0), coalesce(e.expense, 0), coalesce(e.net_after, 0)
      FROM entries e ORDER BY e.seq
  ), posted AS (
    INSERT INTO ledger.posting (community_id, seq, line, posting_count, entry_date, account_id, fund_id, amount)
    SELECT community, e.seq, l.line, e.posting_count, e.entry_date, l.account, l.fund, l.amount
      FROM lines l JOIN entries e ON e.ord = l.entry ORDER BY e.seq, l.line
  ), leaves AS (
    INSERT INTO transparency.leaf (community_id, leaf_index, hash)
    SELECT community, e.seq - 1, sha256(decode('00', 'hex') || convert_to(
             'fund entry v1' || E'\n' || slug || E'\n' || e.seq || E'\n' || e.year || '-' || e.number || E'\n' || e.entry_date || E'\n' || now_text || E'\n' ||
             e.kind || E'\n' || e.source || E'\n' || e.memo || E'\n' || e.detail || E'\n' || e.posted_by || E'\n' ||
             coalesce(e.reverses::text, '-') || E'\n' || coalesce(encode(e.commitment, 'hex'), '-') || E'\n' || e.body, 'UTF8'))
      FROM entries e ORDER BY e.seq
  ), book AS (
    UPDATE ledger.book b SET last_seq = b.last_seq + t.n, net_assets = b.net_assets + t.net
      FROM (SELECT count(*) AS n, coalesce(sum(e.net), 0) AS net FROM entries e) t WHERE b.community_id = community
  )
  SELECT e.ord, e.seq, e.year, e.number, now_at FROM entries e ORDER BY e.ord;
END $$;
-- +goose StatementEnd

-- set_period closes or reopens a month. It takes the book's lock, so no entry slips
-- past, and every entry of the month was posted before closed_at.
-- +goose StatementBegin
CREATE FUNCTION ledger.set_period(community int, in_month date, closing boolean, who text, why text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM ledger.book b WHERE b.community_id = community FOR UPDATE;
  INSERT INTO ledger.period AS p (community_id, month, closed_at, closed_by, note)
  VALUES (community, date_trunc('month', in_month), CASE WHEN closing THEN clock_timestamp() END, CASE WHEN closing THEN who END, why)
  ON CONFLICT (community_id, month) DO UPDATE SET closed_at = EXCLUDED.closed_at, closed_by = EXCLUDED.closed_by, note = EXCLUDED.note;
END $$;
-- +goose StatementEnd

REVOKE ALL ON FUNCTION ledger.post_entries, ledger.set_period FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.post_entries, ledger.set_period TO fund_app;
GRANT SELECT ON ALL TABLES IN SCHEMA ledger, transparency TO fund_app;
GRANT INSERT ON ledger.community, ledger.account, ledger.fund, ledger.book, transparency.hash, transparency.checkpoint TO fund_app;
GRANT UPDATE (name_zh, name_en, place_zh, place_en, address_zh, address_en, phone) ON ledger.community TO fund_app;
GRANT UPDATE (name_zh, name_en, purpose, closed_at) ON ledger.account TO fund_app;
GRANT UPDATE (name_zh, name_en, closed_at) ON ledger.fund TO fund_app;
-- So that a server can see that it is newer than the database, and not start.
GRANT SELECT ON public.goose_db_version TO fund_app;
