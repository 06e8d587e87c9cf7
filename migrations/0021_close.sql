-- +goose Up

-- ── Closing a month ──────────────────────────────────────────────────

-- Each closing of a month with the checklist as it was then, and why what was
-- left open might wait.
CREATE TABLE ledger.closing (
  community_id int   NOT NULL REFERENCES ledger.community,
  month        date  NOT NULL,
  number       int   NOT NULL,
  items        jsonb NOT NULL DEFAULT '[]',
  closed_by    text  NOT NULL,
  closed_at    timestamptz NOT NULL,
  CONSTRAINT closing_pkey PRIMARY KEY (community_id, month, number)
);
COMMENT ON COLUMN ledger.closing.number IS '1, and one more each time the month is closed again after a reopening';
CREATE TRIGGER closing_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.closing FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- A month is reopened by two: one asks, with a note for everybody to read, and
-- another agrees within seven days.
CREATE TABLE ledger.reopening (
  community_id int  NOT NULL REFERENCES ledger.community,
  id           int  NOT NULL,
  month        date NOT NULL CONSTRAINT reopening_is_of_a_month CHECK (extract(day FROM month) = 1),
  note         text NOT NULL CONSTRAINT reopening_note_form CHECK (length(btrim(note)) BETWEEN 1 AND 200 AND note !~ '[[:cntrl:]]'),
  asked_by     text NOT NULL,
  asked_role   text NOT NULL,
  asked_at     timestamptz NOT NULL,
  agreed_by    text,
  agreed_role  text,
  agreed_at    timestamptz,
  CONSTRAINT reopening_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT reopening_of_month UNIQUE (community_id, id, month),
  CONSTRAINT reopening_by_two CHECK (agreed_by <> asked_by),
  CONSTRAINT reopening_agreed_whole CHECK ((agreed_by IS NULL) = (agreed_at IS NULL) AND (agreed_role IS NULL) = (agreed_at IS NULL)),
  CONSTRAINT reopening_in_time CHECK (agreed_at BETWEEN asked_at AND asked_at + interval '7 days')
);
COMMENT ON TABLE ledger.reopening IS 'a request to open a closed month again; without agreed_at it waits, or has lapsed';

-- What was asked stays as it was asked, and is agreed to once.
-- +goose StatementBegin
CREATE FUNCTION ledger.keep_reopening() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  free text[] := ARRAY['agreed_by', 'agreed_role', 'agreed_at'];
BEGIN
  IF OLD.agreed_at IS NOT NULL OR (to_jsonb(OLD) - free) IS DISTINCT FROM (to_jsonb(NEW) - free) THEN
    RAISE EXCEPTION 'a request to reopen a month stays as it was written' USING ERRCODE = 'FU002';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER reopening_kept BEFORE UPDATE ON ledger.reopening FOR EACH ROW EXECUTE FUNCTION ledger.keep_reopening();
CREATE TRIGGER reopening_immutable BEFORE DELETE OR TRUNCATE ON ledger.reopening FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

ALTER TABLE ledger.period ADD COLUMN reopening_id int;
ALTER TABLE ledger.period ADD CONSTRAINT period_reopening FOREIGN KEY (community_id, reopening_id, month) REFERENCES ledger.reopening (community_id, id, month);
COMMENT ON COLUMN ledger.period.reopening_id IS 'by which agreement it was opened again last';

-- A closed month stays as it is, but for an agreement of two that is used once.
-- +goose StatementBegin
CREATE FUNCTION ledger.period_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF OLD.closed_at IS NULL THEN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'month % is closed', to_char(OLD.month, 'YYYY-MM') USING ERRCODE = 'FU014', DETAIL = to_char(OLD.month, 'YYYY-MM');
  END IF;
  IF NEW IS NOT DISTINCT FROM OLD THEN RETURN NEW; END IF;
  PERFORM FROM ledger.reopening r
    WHERE r.community_id = OLD.community_id AND r.id = NEW.reopening_id AND r.month = OLD.month AND r.agreed_at > OLD.closed_at;
  IF NOT FOUND OR NEW.closed_at IS NOT NULL OR NEW.month <> OLD.month OR NEW.community_id <> OLD.community_id THEN
    RAISE EXCEPTION 'month % is closed: two people reopen it', to_char(OLD.month, 'YYYY-MM') USING ERRCODE = 'FU014', DETAIL = to_char(OLD.month, 'YYYY-MM');
  END IF;
  PERFORM FROM ledger.year_end y
    WHERE y.community_id = OLD.community_id AND y.month = date_trunc('year', OLD.month::timestamp) + interval '11 months' AND y.debit <> y.credit;
  IF FOUND THEN
    RAISE EXCEPTION 'year % is closed: its year-end entries are taken back first', extract(year FROM OLD.month)
      USING ERRCODE = 'FU015', DETAIL = extract(year FROM OLD.month)::text;
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER period_guard BEFORE UPDATE OR DELETE ON ledger.period FOR EACH ROW EXECUTE FUNCTION ledger.period_guard();
CREATE TRIGGER period_immutable BEFORE TRUNCATE ON ledger.period FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

DROP FUNCTION ledger.set_period;

-- close_period closes a month. It takes the book's lock, so no entry slips past,
-- and every entry of the month was posted before closed_at. A closed month it
-- leaves as it is.
-- +goose StatementBegin
CREATE FUNCTION ledger.close_period(community int, in_month date, who text, checklist jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  of_month date := date_trunc('month', in_month::timestamp);
  at       timestamptz;
BEGIN
  PERFORM FROM ledger.book b WHERE b.community_id = community FOR UPDATE;
  IF EXISTS (SELECT FROM ledger.period p WHERE p.community_id = community AND p.month = of_month AND p.closed_at IS NOT NULL) THEN
    RETURN;
  END IF;
  at := clock_timestamp();
  INSERT INTO ledger.period AS p (community_id, month, closed_at, closed_by) VALUES (community, of_month, at, who)
  ON CONFLICT (community_id, month) DO UPDATE SET closed_at = EXCLUDED.closed_at, closed_by = EXCLUDED.closed_by;
  INSERT INTO ledger.closing (community_id, month, number, items, closed_by, closed_at)
  SELECT community, of_month, count(*) + 1, checklist, who, at FROM ledger.closing c WHERE c.community_id = community AND c.month = of_month;
END $$;
-- +goose StatementEnd

-- ask_reopening writes down that somebody wants a closed month open again.
-- +goose StatementBegin
CREATE FUNCTION ledger.ask_reopening(community int, in_month date, who text, as_role text, why text) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  of_month date := date_trunc('month', in_month::timestamp);
  request  int;
BEGIN
  PERFORM FROM ledger.book b WHERE b.community_id = community FOR UPDATE;
  PERFORM FROM ledger.period p WHERE p.community_id = community AND p.month = of_month AND p.closed_at IS NOT NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'month % is open', to_char(of_month, 'YYYY-MM') USING ERRCODE = 'FU016', DETAIL = to_char(of_month, 'YYYY-MM');
  END IF;
  PERFORM FROM ledger.reopening r
    WHERE r.community_id = community AND r.month = of_month AND r.agreed_at IS NULL AND r.asked_at > clock_timestamp() - interval '7 days';
  IF FOUND THEN
    RAISE EXCEPTION 'somebody has asked for month % already', to_char(of_month, 'YYYY-MM') USING ERRCODE = 'FU017', DETAIL = to_char(of_month, 'YYYY-MM');
  END IF;
  INSERT INTO ledger.reopening (community_id, id, month, note, asked_by, asked_role, asked_at)
  SELECT community, coalesce(max(r.id), 0) + 1, of_month, why, who, as_role, clock_timestamp() FROM ledger.reopening r WHERE r.community_id = community
  RETURNING id INTO request;
  RETURN request;
END $$;
-- +goose StatementEnd

-- agree_reopening opens the month that somebody else asked for.
-- +goose StatementBegin
CREATE FUNCTION ledger.agree_reopening(community int, request int, who text, as_role text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM ledger.book b WHERE b.community_id = community FOR UPDATE;
  UPDATE ledger.reopening r SET agreed_by = who, agreed_role = as_role, agreed_at = clock_timestamp()
   WHERE r.community_id = community AND r.id = request;
  UPDATE ledger.period p SET closed_at = NULL, closed_by = NULL, note = r.note, reopening_id = r.id
    FROM ledger.reopening r
   WHERE r.community_id = community AND r.id = request AND p.community_id = r.community_id AND p.month = r.month;
END $$;
-- +goose StatementEnd

-- ── The year's end ───────────────────────────────────────────────────

-- What year-end entries moved, beside ledger.balance, which has it too. It counts
-- in what stood before a span and never within it: a year's own figures stay as
-- they were.
CREATE TABLE ledger.year_end (
  community_id int  NOT NULL,
  account_id   int  NOT NULL,
  fund_id      int  NOT NULL,
  month        date NOT NULL,
  debit        numeric(18,2) NOT NULL,
  credit       numeric(18,2) NOT NULL,
  CONSTRAINT year_end_pkey PRIMARY KEY (community_id, account_id, fund_id, month),
  CONSTRAINT year_end_balance FOREIGN KEY (community_id, account_id, fund_id, month) REFERENCES ledger.balance (community_id, account_id, fund_id, month),
  CONSTRAINT year_end_in_december CHECK (extract(month FROM month) = 12)
);

CREATE VIEW ledger.turnover AS
  SELECT b.community_id, b.account_id, b.fund_id, b.month,
         b.debit - coalesce(y.debit, 0.00) AS debit, b.credit - coalesce(y.credit, 0.00) AS credit
    FROM ledger.balance b
    LEFT JOIN ledger.year_end y ON y.community_id = b.community_id AND y.account_id = b.account_id AND y.fund_id = b.fund_id AND y.month = b.month;
COMMENT ON VIEW ledger.turnover IS 'what moved, without the entries that close a year';

-- An entry that closes a year stands between its last day and the next.
ALTER TABLE ledger.journal_entry ADD CONSTRAINT entry_year_end CHECK (kind <> 'year_end' OR entry_date = make_date(year, 12, 31));

-- As in 0001; an entry of kind year_end, and that one alone, may be dated in a
-- closed month, and only one of this kind takes another back.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION ledger.entry_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  at record;
BEGIN
  SELECT e.seq, to_char(p.month, 'YYYY-MM') AS month INTO at
    FROM ledger.period p JOIN new_entries e
      ON e.community_id = p.community_id AND p.month = date_trunc('month', e.entry_date::timestamp)
   WHERE p.closed_at IS NOT NULL AND e.kind <> 'year_end' ORDER BY e.seq LIMIT 1;
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

  IF EXISTS (SELECT FROM new_entries e WHERE e.reverses_seq IS NOT NULL) THEN
    SELECT e.seq, e.year INTO at FROM new_entries e
      JOIN ledger.journal_entry r ON r.community_id = e.community_id AND r.seq = e.reverses_seq AND (r.kind = 'year_end') <> (e.kind = 'year_end') LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'year % is closed: its year-end entries are taken back by reopening a month', at.year USING ERRCODE = 'FU015', DETAIL = at.year::text;
    END IF;
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd

CREATE TYPE ledger.entry_key AS (community_id int, seq bigint);

-- year_end_guard keeps what year-end entries moved, and refuses what is no closing
-- of a year: such an entry comes when all months of the year are closed, moves
-- income and expense to net assets, and leaves each fund with none of the year's
-- or, taking that back, as if it had never been closed.
-- +goose StatementBegin
CREATE FUNCTION ledger.year_end_guard(entries ledger.entry_key[]) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  bad record;
BEGIN
  SELECT e.year INTO bad
    FROM unnest(entries) k JOIN ledger.journal_entry e ON e.community_id = k.community_id AND e.seq = k.seq
   WHERE (SELECT count(*) FROM ledger.period p
           WHERE p.community_id = e.community_id AND p.closed_at IS NOT NULL AND p.month BETWEEN make_date(e.year, 1, 1) AND make_date(e.year, 12, 1)) < 12
      OR EXISTS (SELECT FROM ledger.posting p JOIN ledger.account a ON a.community_id = p.community_id AND a.id = p.account_id
                  WHERE p.community_id = e.community_id AND p.seq = e.seq AND a.type IN ('asset', 'liability')) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'year % is closed after its months, from income and expense to net assets', bad.year USING ERRCODE = 'FU015', DETAIL = bad.year::text;
  END IF;

  INSERT INTO ledger.year_end AS y (community_id, account_id, fund_id, month, debit, credit)
  SELECT p.community_id, p.account_id, p.fund_id, make_date(e.year, 12, 1), sum(greatest(p.amount, 0)), sum(greatest(-p.amount, 0))
    FROM unnest(entries) k
    JOIN ledger.journal_entry e ON e.community_id = k.community_id AND e.seq = k.seq
    JOIN ledger.posting p ON p.community_id = e.community_id AND p.seq = e.seq
   GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
  ON CONFLICT (community_id, account_id, fund_id, month)
  DO UPDATE SET debit = y.debit + EXCLUDED.debit, credit = y.credit + EXCLUDED.credit;

  SELECT f.year INTO bad
    FROM (SELECT DISTINCT p.community_id, p.fund_id, e.year
            FROM unnest(entries) k
            JOIN ledger.journal_entry e ON e.community_id = k.community_id AND e.seq = k.seq
            JOIN ledger.posting p ON p.community_id = e.community_id AND p.seq = e.seq) f
   WHERE EXISTS (SELECT FROM ledger.year_end y
                  WHERE y.community_id = f.community_id AND y.fund_id = f.fund_id AND y.month = make_date(f.year, 12, 1) AND y.debit <> y.credit)
     AND EXISTS (SELECT FROM ledger.balance b JOIN ledger.account a ON a.community_id = b.community_id AND a.id = b.account_id
                  WHERE b.community_id = f.community_id AND b.fund_id = f.fund_id AND a.type IN ('income', 'expense')
                    AND b.month BETWEEN make_date(f.year, 1, 1) AND make_date(f.year, 12, 1)
                  GROUP BY b.account_id HAVING sum(b.debit - b.credit) <> 0) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'a year-end entry leaves none of the income and expense of %', bad.year USING ERRCODE = 'FU015', DETAIL = bad.year::text;
  END IF;
END $$;
-- +goose StatementEnd

-- As in 0001; what stands in a closed account or fund is closed with the year.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION ledger.posting_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  bad     record;
  closing ledger.entry_key[];
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
   WHERE a.id IS NULL OR a.closed_at IS NOT NULL AND EXISTS (
         SELECT FROM new_postings x JOIN ledger.journal_entry e ON e.community_id = x.community_id AND e.seq = x.seq AND e.kind <> 'year_end'
          WHERE x.community_id = n.community_id AND x.account_id = n.account_id) LIMIT 1;
  IF FOUND AND bad.code IS NULL THEN
    RAISE EXCEPTION 'account % is unknown', bad.account_id USING ERRCODE = 'FU006', DETAIL = bad.account_id::text;
  ELSIF FOUND THEN
    RAISE EXCEPTION 'account % is closed', bad.code USING ERRCODE = 'FU007', DETAIL = bad.code;
  END IF;
  SELECT n.fund_id, f.code INTO bad
    FROM (SELECT DISTINCT community_id, fund_id FROM new_postings) n
    LEFT JOIN ledger.fund f ON f.community_id = n.community_id AND f.id = n.fund_id
   WHERE f.id IS NULL OR f.closed_at IS NOT NULL AND EXISTS (
         SELECT FROM new_postings x JOIN ledger.journal_entry e ON e.community_id = x.community_id AND e.seq = x.seq AND e.kind <> 'year_end'
          WHERE x.community_id = n.community_id AND x.fund_id = n.fund_id) LIMIT 1;
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
  IF EXISTS (SELECT FROM new_postings n WHERE extract(month FROM n.entry_date) = 12 AND extract(day FROM n.entry_date) = 31) THEN
    closing := array(SELECT DISTINCT (n.community_id, n.seq)::ledger.entry_key FROM new_postings n
                       JOIN ledger.journal_entry e ON e.community_id = n.community_id AND e.seq = n.seq AND e.kind = 'year_end');
    IF cardinality(closing) > 0 THEN
      PERFORM ledger.year_end_guard(closing);
    END IF;
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd

-- As in 0007; an entry that closes a year is neither income nor expense.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION ledger.post_entries(
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
BEGIN
  SELECT b.last_seq, b.net_assets INTO base_seq, base_net FROM ledger.book b WHERE b.community_id = community FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'community % keeps no book', community USING ERRCODE = 'FU010';
  END IF;
  SELECT c.slug INTO slug FROM ledger.community c WHERE c.id = community;
  now_at := clock_timestamp(); -- after the lock: in the order of seq
  now_text := to_char(now_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');

  IF (SELECT count(*) FROM (SELECT FROM unnest(entry_of) o WHERE o BETWEEN 1 AND cardinality(dates) GROUP BY o HAVING count(*) >= 2) two) <> cardinality(dates)
     OR EXISTS (SELECT FROM unnest(entry_of) o WHERE o NOT BETWEEN 1 AND cardinality(dates)) THEN
    RAISE EXCEPTION 'an entry has at least two postings' USING ERRCODE = 'FU012';
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
    SELECT community, e.seq, e.year, e.number, e.entry_date, now_at, e.kind, e.source, e.memo, e.detail, e.posted_by, e.reverses, e.commitment, e.posting_count,
           CASE WHEN e.kind = 'year_end' THEN 0 ELSE coalesce(e.income, 0) END, CASE WHEN e.kind = 'year_end' THEN 0 ELSE coalesce(e.expense, 0) END, coalesce(e.net_after, 0)
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

REVOKE ALL ON FUNCTION ledger.close_period, ledger.ask_reopening, ledger.agree_reopening, ledger.year_end_guard FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.close_period, ledger.ask_reopening, ledger.agree_reopening TO fund_app;
GRANT SELECT ON ledger.closing, ledger.reopening, ledger.year_end, ledger.turnover TO fund_app;
