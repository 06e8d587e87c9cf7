-- +goose Up

-- As in 0001, but what is posted already is refused by the journal's own keys
-- (entry_source_key, entry_reversed_once) and not looked up before: a kept plan
-- of such a look-up may walk the journal, and the longer that is the longer
-- every post takes.
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

-- What a verb has to know of the books before it posts: time zone, closed
-- months, which account serves which purpose.
-- +goose StatementBegin
CREATE FUNCTION ledger.open_book(community int, OUT timezone text, OUT closed text[], OUT purposes text[])
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  SELECT c.timezone INTO timezone FROM ledger.community c WHERE c.id = community;
  closed := array(SELECT to_char(p.month, 'YYYY-MM-DD') FROM ledger.period p WHERE p.community_id = community AND p.closed_at IS NOT NULL);
  purposes := array(SELECT a.purpose || ' ' || a.id FROM ledger.account a WHERE a.community_id = community AND a.purpose IS NOT NULL);
END $$;
-- +goose StatementEnd
GRANT EXECUTE ON FUNCTION ledger.open_book TO fund_app;

-- A batch of payments is two calls: one locks what waits for them, the other
-- books them. A function keeps the plans of its statements; a statement that
-- comes by itself is planned each time, and costs a round trip each.

-- waiting_donations locks the donations that payments are said to be for, in
-- the order of their ids, and tells what decides whether a payment fits.
-- +goose StatementBegin
CREATE FUNCTION campaigns.waiting_donations(community int, ids uuid[])
RETURNS TABLE (id uuid, state text, amount numeric, currency char(3), method text, payee text, provider_ref text, commitment bytea,
               entered_by text, campaign_id int, fund_id int, fund_closed boolean, kind text, email text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT d.id, d.state, d.amount, d.currency, d.method, d.payee, d.provider_ref, d.commitment, d.entered_by, d.campaign_id,
         c.fund_id, f.closed_at IS NOT NULL, c.kind, nullif(n.email, '')
    FROM campaigns.donation d
    JOIN campaigns.campaign c ON c.community_id = d.community_id AND c.id = d.campaign_id
    JOIN ledger.fund f ON f.community_id = c.community_id AND f.id = c.fund_id
    LEFT JOIN campaigns.donor n ON n.community_id = d.community_id AND n.id = d.donor_id
   WHERE d.community_id = community AND d.id = ANY (ids) ORDER BY d.id FOR UPDATE OF d;
END $$;
-- +goose StatementEnd

-- book_donations books donations that waiting_donations locked: entries, receipts,
-- the donations' state, the campaigns' tallies, and what the outbox is to do.
-- The first arrays are those of ledger.post_entries; the others have one element
-- a donation, whose entry is the one of the same place. A donation's message has
-- the donation's id, so it is never enqueued twice.
-- +goose StatementBegin
CREATE FUNCTION campaigns.book_donations(
  community int, dates date[], kinds text[], sources text[], memos text[], details text[], posters text[],
  reversed bigint[], commitments bytea[], entry_of int[], accounts int[], funds int[], amounts numeric[],
  ids uuid[], refs text[], paid timestamptz[], given numeric[], tokens text[], codes text[], letters boolean[])
RETURNS TABLE (entry_seq bigint, year int, number int, issued_at timestamptz)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
  seqs bigint[];
BEGIN
  seqs := array(SELECT p.seq FROM ledger.post_entries(community, dates, kinds, sources, memos, details, posters,
                                                      reversed, commitments, entry_of, accounts, funds, amounts) p ORDER BY p.ord);
  WITH booked AS (
    UPDATE campaigns.donation d SET state = 'paid', provider_ref = u.ref, entry_seq = u.seq, paid_at = u.at
      FROM unnest(ids, refs, seqs, paid) AS u (id, ref, seq, at)
     WHERE d.community_id = community AND d.id = u.id RETURNING d.campaign_id, d.amount)
  UPDATE campaigns.tally t SET raised = t.raised + b.raised, gifts = t.gifts + b.gifts
    FROM (SELECT campaign_id, sum(amount) AS raised, count(*) AS gifts FROM booked GROUP BY campaign_id) b
   WHERE t.community_id = community AND t.campaign_id = b.campaign_id;

  INSERT INTO outbox.message (community_id, id, kind, payload, not_before, done_at)
  SELECT community, u.id, 'donation_received', jsonb_build_object('donation', u.id, 'letter', u.letter), now(), CASE WHEN NOT u.letter THEN now() END
    FROM unnest(ids, letters) AS u (id, letter);

  RETURN QUERY
  SELECT seqs[r.ord], r.year, r.number, r.issued_at
    FROM receipt.issue_receipts(community, 'donation', ids, seqs, given, dates, tokens, codes) r ORDER BY r.ord;
END $$;
-- +goose StatementEnd

REVOKE ALL ON FUNCTION campaigns.waiting_donations, campaigns.book_donations FROM PUBLIC;
GRANT EXECUTE ON FUNCTION campaigns.waiting_donations, campaigns.book_donations TO fund_app;
