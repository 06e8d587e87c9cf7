CREATE SCHEMA auth;

CREATE SCHEMA campaigns;

CREATE SCHEMA ledger;

CREATE SCHEMA outbox;

CREATE SCHEMA payment;

CREATE SCHEMA project;

CREATE SCHEMA receipt;

CREATE SCHEMA transparency;

CREATE FUNCTION auth.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
    AS $$
BEGIN
  RAISE EXCEPTION 'auth.audit_log is append-only: % refused', TG_OP USING ERRCODE = 'FU901';
END
$$;

CREATE FUNCTION ledger.entry_guard() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

CREATE FUNCTION ledger.keep_identity() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
  free text[] := ARRAY['name_zh', 'name_en', 'place_zh', 'place_en', 'address_zh', 'address_en', 'phone', 'purpose', 'closed_at'];
BEGIN
  IF (to_jsonb(OLD) - free) IS DISTINCT FROM (to_jsonb(NEW) - free) THEN
    RAISE EXCEPTION '%: only names, places, purpose and closing may change', TG_TABLE_NAME USING ERRCODE = 'FU002';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION ledger.post_entries(community integer, dates date[], kinds text[], sources text[], memos text[], details text[], posters text[], reversed bigint[], commitments bytea[], entry_of integer[], accounts integer[], funds integer[], amounts numeric[]) RETURNS TABLE(ord integer, seq bigint, year integer, number integer, posted_at timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "DateStyle" TO 'ISO, YMD'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
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

CREATE FUNCTION ledger.posting_guard() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

CREATE FUNCTION ledger.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  RAISE EXCEPTION '% of %.% is refused: what is posted stays', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'FU002', HINT = 'post a reversal instead';
END $$;

CREATE FUNCTION ledger.set_period(community integer, in_month date, closing boolean, who text, why text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  PERFORM FROM ledger.book b WHERE b.community_id = community FOR UPDATE;
  INSERT INTO ledger.period AS p (community_id, month, closed_at, closed_by, note)
  VALUES (community, date_trunc('month', in_month), CASE WHEN closing THEN clock_timestamp() END, CASE WHEN closing THEN who END, why)
  ON CONFLICT (community_id, month) DO UPDATE SET closed_at = EXCLUDED.closed_at, closed_by = EXCLUDED.closed_by, note = EXCLUDED.note;
END $$;

CREATE FUNCTION receipt.issue_receipts(community integer, in_series text, subjects uuid[], entries bigint[], amounts numeric[], days date[], tokens text[], codes text[]) RETURNS TABLE(ord integer, year integer, number integer, issued_at timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH given AS MATERIALIZED (
    SELECT u.*, extract(year FROM u.day)::int AS year, row_number() OVER (PARTITION BY extract(year FROM u.day) ORDER BY u.ord)::int AS nth,
           count(*) OVER (PARTITION BY extract(year FROM u.day))::int AS in_year
      FROM unnest(subjects, entries, amounts, days, tokens, codes) WITH ORDINALITY AS u (subject, entry, amount, day, token, code, ord)
  ), counted AS (
    INSERT INTO receipt.counter AS c (community_id, series, year, last_number)
    SELECT community, in_series, g.year, max(g.nth) FROM given g GROUP BY g.year ORDER BY g.year
    ON CONFLICT (community_id, series, year) DO UPDATE SET last_number = c.last_number + EXCLUDED.last_number
    RETURNING c.year, c.last_number
  ), numbered AS MATERIALIZED (
    SELECT g.*, c.last_number - g.in_year + g.nth AS number
      FROM given g JOIN counted c ON c.year = g.year
  ), written AS (
    INSERT INTO receipt.receipt (community_id, series, year, number, subject_id, entry_seq, amount, issued_on, issued_at, token, check_code)
    SELECT community, in_series, n.year, n.number, n.subject, n.entry, n.amount, n.day, now(), n.token, n.code FROM numbered n ORDER BY n.ord
  )
  SELECT n.ord::int, n.year, n.number, now() FROM numbered n ORDER BY n.ord;
END $$;

CREATE FUNCTION receipt.receipt_guard() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  at record;
BEGIN
  SELECT r.series, r.year, r.first INTO at
    FROM (SELECT n.community_id, n.series, n.year, min(n.number) AS first, max(n.number) AS last, count(*) AS n
            FROM new_receipts n GROUP BY 1, 2, 3) r
   WHERE r.last - r.first + 1 <> r.n OR (r.first > 1 AND (
         SELECT b.number FROM receipt.receipt b
          WHERE b.community_id = r.community_id AND b.series = r.series AND b.year = r.year AND b.number = r.first - 1) IS NULL) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'receipt % %-% would leave a gap', at.series, at.year, at.first USING ERRCODE = 'FU013';
  END IF;
  RETURN NULL;
END $$;

CREATE TABLE auth.audit_log (
    community_id integer NOT NULL,
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    user_id uuid,
    verb text NOT NULL,
    subject text NOT NULL,
    address text NOT NULL,
    agent text NOT NULL,
    detail jsonb NOT NULL,
    CONSTRAINT audit_log_detail_is_object CHECK ((jsonb_typeof(detail) = 'object'::text)),
    CONSTRAINT audit_log_verb_is_noun_dot_verb CHECK ((verb ~ '^[a-z_]+\.[a-z_]+$'::text))
);

ALTER TABLE auth.audit_log ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME auth.audit_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE auth.login_attempt (
    key bytea NOT NULL,
    failures integer NOT NULL,
    last_at timestamp with time zone NOT NULL,
    locked_until timestamp with time zone NOT NULL,
    CONSTRAINT login_attempt_failures_count_up CHECK ((failures >= 0))
);

CREATE TABLE auth.membership (
    community_id integer NOT NULL,
    user_id uuid NOT NULL,
    roles text[] NOT NULL,
    CONSTRAINT membership_keeps_duties_apart CHECK (((NOT (('administrator'::text = ANY (roles)) AND (roles && ARRAY['treasurer'::text, 'cashier'::text]))) AND (NOT (('auditor'::text = ANY (roles)) AND (cardinality(roles) > 1))))),
    CONSTRAINT membership_roles_are_known CHECK ((roles <@ ARRAY['administrator'::text, 'treasurer'::text, 'auditor'::text, 'cashier'::text, 'project_lead'::text, 'council_member'::text]))
);

CREATE UNLOGGED TABLE auth.rate_limit (
    key bytea NOT NULL,
    count integer NOT NULL,
    resets_at timestamp with time zone NOT NULL
);

CREATE TABLE auth.session (
    id uuid NOT NULL,
    token_hash bytea NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    stepped_up_at timestamp with time zone NOT NULL,
    agent text NOT NULL,
    address text NOT NULL,
    CONSTRAINT session_token_is_sha256 CHECK ((length(token_hash) = 32))
);

CREATE TABLE auth."user" (
    id uuid NOT NULL,
    login text NOT NULL,
    name text NOT NULL,
    password_hash text NOT NULL,
    password_temporary boolean NOT NULL,
    totp_secret text,
    totp_confirmed_at timestamp with time zone,
    totp_last_step bigint DEFAULT 0 NOT NULL,
    disabled_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_login_is_lower_case CHECK (((login = lower(login)) AND (login <> ''::text))),
    CONSTRAINT user_totp_is_confirmed_with_secret CHECK (((totp_confirmed_at IS NULL) OR (totp_secret IS NOT NULL)))
);

CREATE TABLE campaigns.budget_line (
    community_id integer NOT NULL,
    campaign_id integer NOT NULL,
    line integer NOT NULL,
    name_zh text NOT NULL,
    name_en text DEFAULT ''::text NOT NULL,
    note_zh text DEFAULT ''::text NOT NULL,
    note_en text DEFAULT ''::text NOT NULL,
    unit_zh text DEFAULT ''::text NOT NULL,
    unit_en text DEFAULT ''::text NOT NULL,
    quantity integer,
    amount numeric(18,2) NOT NULL,
    CONSTRAINT budget_amount_positive CHECK ((amount > (0)::numeric)),
    CONSTRAINT budget_quantity_positive CHECK ((quantity > 0))
);

CREATE TABLE campaigns.campaign (
    community_id integer NOT NULL,
    id integer NOT NULL,
    slug text NOT NULL,
    state text DEFAULT 'draft'::text NOT NULL,
    fund_id integer NOT NULL,
    kind text DEFAULT 'flexible'::text NOT NULL,
    theme text DEFAULT ''::text NOT NULL,
    title_zh text NOT NULL,
    title_en text DEFAULT ''::text NOT NULL,
    purpose_zh text DEFAULT ''::text NOT NULL,
    purpose_en text DEFAULT ''::text NOT NULL,
    story_zh text DEFAULT ''::text NOT NULL,
    story_en text DEFAULT ''::text NOT NULL,
    scene text DEFAULT ''::text NOT NULL,
    picture_id uuid,
    goal numeric(18,2) NOT NULL,
    minimum numeric(18,2) DEFAULT 1 NOT NULL,
    suggested numeric(18,2)[] DEFAULT '{}'::numeric[] NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    basis text NOT NULL,
    host_id integer,
    certificate text DEFAULT ''::text NOT NULL,
    filing_number text DEFAULT ''::text NOT NULL,
    filed_on date,
    contact_name text DEFAULT ''::text NOT NULL,
    contact_phone text DEFAULT ''::text NOT NULL,
    created_by text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    published_at timestamp with time zone,
    closed_at timestamp with time zone,
    CONSTRAINT campaign_basis_known CHECK ((basis = ANY (ARRAY['public'::text, 'targeted'::text, 'sale'::text]))),
    CONSTRAINT campaign_dates CHECK ((ends_on >= starts_on)),
    CONSTRAINT campaign_goal_positive CHECK ((goal > (0)::numeric)),
    CONSTRAINT campaign_kind_known CHECK ((kind = ANY (ARRAY['flexible'::text, 'all_or_nothing'::text]))),
    CONSTRAINT campaign_may_be_public CHECK (((state = 'draft'::text) OR (basis <> 'public'::text) OR ((host_id IS NOT NULL) AND (certificate <> ''::text) AND (filing_number <> ''::text) AND (filed_on IS NOT NULL) AND ((filed_on + 10) <= starts_on)))),
    CONSTRAINT campaign_minimum_positive CHECK ((minimum > (0)::numeric)),
    CONSTRAINT campaign_slug_form CHECK ((slug ~ '^[a-z0-9][a-z0-9-]{1,59}$'::text)),
    CONSTRAINT campaign_state_known CHECK ((state = ANY (ARRAY['draft'::text, 'published'::text, 'closed'::text]))),
    CONSTRAINT campaign_title_form CHECK (((length(title_zh) >= 1) AND (length(title_zh) <= 80)))
);

CREATE TABLE campaigns.conclusion (
    community_id integer NOT NULL,
    campaign_id integer NOT NULL,
    result text NOT NULL,
    raised numeric(18,2) NOT NULL,
    gifts integer NOT NULL,
    entry_seq bigint,
    concluded_by text NOT NULL,
    concluded_at timestamp with time zone NOT NULL,
    CONSTRAINT conclusion_met_is_booked CHECK (((result = 'met'::text) = (entry_seq IS NOT NULL))),
    CONSTRAINT conclusion_result_known CHECK ((result = ANY (ARRAY['met'::text, 'unmet'::text])))
);

COMMENT ON COLUMN campaigns.conclusion.raised IS 'when it was decided: what became income, or what goes back';

COMMENT ON COLUMN campaigns.conclusion.entry_seq IS 'the entry that moved the liability to income; null where the goal was not met';

CREATE TABLE campaigns.donation (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    campaign_id integer NOT NULL,
    donor_id uuid,
    state text DEFAULT 'pending'::text NOT NULL,
    amount numeric(18,2) NOT NULL,
    currency character(3) NOT NULL,
    method text NOT NULL,
    payee text DEFAULT ''::text NOT NULL,
    message text DEFAULT ''::text NOT NULL,
    show_name boolean DEFAULT false NOT NULL,
    show_message boolean DEFAULT false NOT NULL,
    commitment bytea,
    entered_by text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    paid_at timestamp with time zone,
    provider_ref text DEFAULT ''::text NOT NULL,
    entry_seq bigint,
    refunded numeric(18,2) DEFAULT 0 NOT NULL,
    CONSTRAINT donation_amount_positive CHECK ((amount > (0)::numeric)),
    CONSTRAINT donation_method_form CHECK (((method ~ '^[a-z]+$'::text) AND ((length(method) >= 2) AND (length(method) <= 20)))),
    CONSTRAINT donation_paid_is_booked CHECK (((state = 'paid'::text) = (entry_seq IS NOT NULL))),
    CONSTRAINT donation_refund_within CHECK (((refunded >= (0)::numeric) AND (refunded <= amount))),
    CONSTRAINT donation_state_known CHECK ((state = ANY (ARRAY['pending'::text, 'paid'::text, 'failed'::text, 'quarantined'::text])))
)
WITH (fillfactor='80');

CREATE TABLE campaigns.donor (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    email text DEFAULT ''::text NOT NULL,
    lang text DEFAULT 'zh-CN'::text NOT NULL,
    salt bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    erased_at timestamp with time zone
);

CREATE TABLE campaigns.host (
    community_id integer NOT NULL,
    id integer NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    certificate text DEFAULT ''::text NOT NULL
);

COMMENT ON COLUMN campaigns.host.certificate IS '公开募捐资格证书 number; empty if the host has none';

CREATE TABLE campaigns.picture (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    jpeg bytea NOT NULL,
    alt text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE campaigns.quarantine (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    donation_id uuid,
    provider text NOT NULL,
    provider_ref text NOT NULL,
    reason text NOT NULL,
    amount numeric(18,2) NOT NULL,
    currency text NOT NULL,
    arrived_at timestamp with time zone NOT NULL,
    resolved_at timestamp with time zone,
    resolved_by text DEFAULT ''::text NOT NULL,
    resolution text DEFAULT ''::text NOT NULL
);

CREATE TABLE campaigns.refund (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    donation_id uuid NOT NULL,
    amount numeric(18,2) NOT NULL,
    reason text NOT NULL,
    entry_seq bigint NOT NULL,
    refunded_by text NOT NULL,
    refunded_at timestamp with time zone NOT NULL,
    CONSTRAINT refund_amount_positive CHECK ((amount > (0)::numeric)),
    CONSTRAINT refund_has_a_reason CHECK (((length(reason) >= 1) AND (length(reason) <= 200)))
);

CREATE TABLE campaigns.tally (
    community_id integer NOT NULL,
    campaign_id integer NOT NULL,
    raised numeric(18,2) DEFAULT 0 NOT NULL,
    gifts integer DEFAULT 0 NOT NULL
);

CREATE TABLE ledger.account (
    community_id integer NOT NULL,
    id integer NOT NULL,
    code text NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    type text NOT NULL,
    purpose text,
    closed_at timestamp with time zone,
    CONSTRAINT account_code_form CHECK ((code ~ '^[0-9A-Za-z][0-9A-Za-z.-]{0,19}$'::text)),
    CONSTRAINT account_purpose_form CHECK ((purpose ~ '^[a-z][a-z_]*$'::text)),
    CONSTRAINT account_type_known CHECK ((type = ANY (ARRAY['asset'::text, 'liability'::text, 'net_assets'::text, 'income'::text, 'expense'::text])))
);

COMMENT ON COLUMN ledger.account.purpose IS 'how verbs find the account: cash, bank, sandbox_clearing, donation_income, …; one account each';

CREATE TABLE ledger.balance (
    community_id integer NOT NULL,
    account_id integer NOT NULL,
    fund_id integer NOT NULL,
    month date NOT NULL,
    debit numeric(18,2) NOT NULL,
    credit numeric(18,2) NOT NULL
);

CREATE TABLE ledger.book (
    community_id integer NOT NULL,
    last_seq bigint DEFAULT 0 NOT NULL,
    net_assets numeric(18,2) DEFAULT 0 NOT NULL
);

CREATE TABLE ledger.book_year (
    community_id integer NOT NULL,
    year integer NOT NULL,
    last_number integer NOT NULL
);

CREATE TABLE ledger.community (
    id integer NOT NULL,
    slug text NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    place_zh text DEFAULT ''::text NOT NULL,
    place_en text DEFAULT ''::text NOT NULL,
    address_zh text DEFAULT ''::text NOT NULL,
    address_en text DEFAULT ''::text NOT NULL,
    phone text DEFAULT ''::text NOT NULL,
    currency character(3) DEFAULT 'CNY'::bpchar NOT NULL,
    standard text NOT NULL,
    timezone text DEFAULT 'Asia/Shanghai'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT community_id_positive CHECK ((id > 0)),
    CONSTRAINT community_slug_form CHECK ((slug ~ '^[a-z][a-z0-9-]{1,39}$'::text))
);

CREATE TABLE ledger.fund (
    community_id integer NOT NULL,
    id integer NOT NULL,
    code text NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    kind text NOT NULL,
    restricted boolean NOT NULL,
    closed_at timestamp with time zone,
    CONSTRAINT fund_code_form CHECK ((code ~ '^[0-9A-Za-z][0-9A-Za-z._-]{0,59}$'::text)),
    CONSTRAINT fund_kind_known CHECK ((kind = ANY (ARRAY['general'::text, 'campaign'::text, 'project'::text, 'venture'::text])))
);

CREATE TABLE ledger.fund_balance (
    community_id integer NOT NULL,
    fund_id integer NOT NULL,
    restricted boolean NOT NULL,
    net_assets numeric(18,2) NOT NULL,
    CONSTRAINT fund_not_overspent CHECK (((NOT restricted) OR (net_assets >= (0)::numeric)))
);

CREATE TABLE ledger.journal_entry (
    community_id integer NOT NULL,
    seq bigint NOT NULL,
    year integer NOT NULL,
    number integer NOT NULL,
    entry_date date NOT NULL,
    posted_at timestamp with time zone NOT NULL,
    kind text NOT NULL,
    source text NOT NULL,
    memo text NOT NULL,
    detail text NOT NULL,
    posted_by text NOT NULL,
    reverses_seq bigint,
    commitment bytea,
    posting_count smallint NOT NULL,
    income numeric(18,2) NOT NULL,
    expense numeric(18,2) NOT NULL,
    net_after numeric(18,2) NOT NULL,
    CONSTRAINT entry_commitment_form CHECK ((length(commitment) = 32)),
    CONSTRAINT entry_detail_form CHECK (((length(detail) <= 200) AND (detail !~ '[[:cntrl:]]'::text))),
    CONSTRAINT entry_has_two_postings CHECK ((posting_count >= 2)),
    CONSTRAINT entry_kind_form CHECK (((kind ~ '^[a-z][a-z_]+$'::text) AND (length(kind) <= 31))),
    CONSTRAINT entry_memo_form CHECK ((((length(memo) >= 1) AND (length(memo) <= 200)) AND (memo !~ '[[:cntrl:]]'::text))),
    CONSTRAINT entry_posted_by_form CHECK (((posted_by ~ '^[!-~]+$'::text) AND (length(posted_by) <= 60))),
    CONSTRAINT entry_seq_positive CHECK (((seq > 0) AND (number > 0))),
    CONSTRAINT entry_source_form CHECK (((source ~ '^[a-z_]+:[!-~]+$'::text) AND (length(source) <= 120))),
    CONSTRAINT entry_year_of_date CHECK ((((year)::numeric = EXTRACT(year FROM entry_date)) AND ((year >= 1900) AND (year <= 9999))))
);

COMMENT ON TABLE ledger.journal_entry IS '记账凭证: dated, numbered without gaps within a community and year, immutable once posted';

COMMENT ON COLUMN ledger.journal_entry.seq IS 'position in the order of posting; its leaf in the Merkle log has index seq - 1';

COMMENT ON COLUMN ledger.journal_entry.commitment IS 'salted hash of the donor, never the name';

COMMENT ON COLUMN ledger.journal_entry.net_after IS 'net assets of the whole book after this entry, in posting order';

CREATE TABLE ledger.month_tally (
    community_id integer NOT NULL,
    month date NOT NULL,
    entries integer NOT NULL
);

CREATE TABLE ledger.period (
    community_id integer NOT NULL,
    month date NOT NULL,
    closed_at timestamp with time zone,
    closed_by text,
    note text DEFAULT ''::text NOT NULL,
    CONSTRAINT period_is_a_month CHECK ((EXTRACT(day FROM month) = (1)::numeric))
);

CREATE TABLE ledger.posting (
    community_id integer NOT NULL,
    seq bigint NOT NULL,
    line smallint NOT NULL,
    posting_count smallint NOT NULL,
    entry_date date NOT NULL,
    account_id integer NOT NULL,
    fund_id integer NOT NULL,
    amount numeric(18,2) NOT NULL,
    CONSTRAINT posting_line_in_count CHECK (((line >= 1) AND (line <= posting_count))),
    CONSTRAINT posting_not_zero CHECK ((amount <> (0)::numeric))
);

COMMENT ON COLUMN ledger.posting.amount IS 'signed: a debit is positive, a credit negative';

CREATE TABLE outbox.message (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    not_before timestamp with time zone NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    last_error text DEFAULT ''::text NOT NULL,
    done_at timestamp with time zone,
    dead_at timestamp with time zone,
    CONSTRAINT message_done_or_dead CHECK (((done_at IS NULL) OR (dead_at IS NULL))),
    CONSTRAINT message_kind_said CHECK ((kind <> ''::text))
);

CREATE TABLE payment.sandbox_order (
    community_id integer NOT NULL,
    order_id uuid NOT NULL,
    community text NOT NULL,
    amount numeric(18,2) NOT NULL,
    currency character(3) NOT NULL,
    payee text NOT NULL,
    description text NOT NULL,
    return_url text NOT NULL,
    notify_url text NOT NULL,
    client text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    state text DEFAULT 'pending'::text NOT NULL,
    reference text DEFAULT ''::text NOT NULL,
    paid_amount numeric(18,2),
    paid_currency character(3),
    paid_payee text,
    paid_at timestamp with time zone,
    refunded numeric(18,2) DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT sandbox_order_amount_positive CHECK ((amount > (0)::numeric)),
    CONSTRAINT sandbox_order_payee_said CHECK ((payee <> ''::text)),
    CONSTRAINT sandbox_order_refunded_within_paid CHECK (((refunded >= (0)::numeric) AND (refunded <= COALESCE(paid_amount, (0)::numeric)))),
    CONSTRAINT sandbox_order_state_known CHECK ((state = ANY (ARRAY['pending'::text, 'paid'::text, 'failed'::text, 'refunded'::text])))
);

CREATE TABLE payment.sandbox_refund (
    community_id integer NOT NULL,
    order_id uuid NOT NULL,
    refund_id uuid NOT NULL,
    amount numeric(18,2) NOT NULL,
    reference text NOT NULL,
    refunded_at timestamp with time zone NOT NULL,
    CONSTRAINT sandbox_refund_amount_positive CHECK ((amount > (0)::numeric))
);

CREATE TABLE project.budget_line (
    community_id integer NOT NULL,
    project_id integer NOT NULL,
    line integer NOT NULL,
    name_zh text NOT NULL,
    name_en text DEFAULT ''::text NOT NULL,
    planned numeric(18,2) NOT NULL,
    CONSTRAINT budget_line_positive CHECK ((planned > (0)::numeric))
);

CREATE TABLE project.outcome (
    community_id integer NOT NULL,
    project_id integer NOT NULL,
    number integer NOT NULL,
    held_on date NOT NULL,
    activity_zh text NOT NULL,
    activity_en text DEFAULT ''::text NOT NULL,
    person_times integer NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    CONSTRAINT outcome_activity_said CHECK ((activity_zh <> ''::text)),
    CONSTRAINT outcome_person_times_not_negative CHECK ((person_times >= 0))
);

COMMENT ON COLUMN project.outcome.person_times IS '人次: who came twice counts twice';

CREATE TABLE project.project (
    community_id integer NOT NULL,
    id integer NOT NULL,
    slug text NOT NULL,
    fund_id integer NOT NULL,
    theme text NOT NULL,
    year integer NOT NULL,
    state text NOT NULL,
    title_zh text NOT NULL,
    title_en text DEFAULT ''::text NOT NULL,
    place_zh text DEFAULT ''::text NOT NULL,
    place_en text DEFAULT ''::text NOT NULL,
    organisation_zh text DEFAULT ''::text NOT NULL,
    organisation_en text DEFAULT ''::text NOT NULL,
    council_zh text DEFAULT ''::text NOT NULL,
    council_en text DEFAULT ''::text NOT NULL,
    agreed_on date,
    votes_for integer DEFAULT 0 NOT NULL,
    votes_against integer DEFAULT 0 NOT NULL,
    budget numeric(18,2) NOT NULL,
    started_on date,
    ended_on date,
    CONSTRAINT project_budget_not_negative CHECK ((budget >= (0)::numeric)),
    CONSTRAINT project_dates CHECK ((ended_on >= started_on)),
    CONSTRAINT project_done_on_a_day CHECK (((state = 'done'::text) = (ended_on IS NOT NULL))),
    CONSTRAINT project_has_consent CHECK (((state = 'proposed'::text) OR ((agreed_on IS NOT NULL) AND (council_zh <> ''::text)))),
    CONSTRAINT project_has_its_own_fund CHECK ((fund_id <> 1)),
    CONSTRAINT project_runs_from_a_day CHECK (((state = ANY (ARRAY['proposed'::text, 'agreed'::text])) OR (started_on IS NOT NULL))),
    CONSTRAINT project_slug_form CHECK ((slug ~ '^[a-z0-9][a-z0-9-]{1,59}$'::text)),
    CONSTRAINT project_state_known CHECK ((state = ANY (ARRAY['proposed'::text, 'agreed'::text, 'running'::text, 'done'::text]))),
    CONSTRAINT project_theme_known CHECK ((theme = ANY (ARRAY['elders'::text, 'children'::text, 'neighbours'::text, 'yard'::text, 'mutual_aid'::text]))),
    CONSTRAINT project_title_form CHECK (((length(title_zh) >= 1) AND (length(title_zh) <= 80))),
    CONSTRAINT project_votes_not_negative CHECK (((votes_for >= 0) AND (votes_against >= 0)))
);

CREATE TABLE receipt.counter (
    community_id integer NOT NULL,
    series text NOT NULL,
    year integer NOT NULL,
    last_number integer NOT NULL
);

CREATE TABLE receipt.receipt (
    community_id integer NOT NULL,
    series text NOT NULL,
    year integer NOT NULL,
    number integer NOT NULL,
    subject_id uuid NOT NULL,
    entry_seq bigint NOT NULL,
    amount numeric(18,2) NOT NULL,
    issued_on date NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    token text NOT NULL,
    check_code text NOT NULL,
    CONSTRAINT receipt_check_code_form CHECK (((check_code ~ '^[0-9A-Z]+-[0-9A-Z]+$'::text) AND (check_code ~~ '____-____'::text))),
    CONSTRAINT receipt_number_positive CHECK ((number > 0)),
    CONSTRAINT receipt_series_known CHECK ((series = ANY (ARRAY['donation'::text, 'sale'::text]))),
    CONSTRAINT receipt_token_form CHECK (((token ~ '^[0-9a-z]+-[0-9a-z]+$'::text) AND ((length(token) >= 28) AND (length(token) <= 33)))),
    CONSTRAINT receipt_year_of_date CHECK (((year)::numeric = EXTRACT(year FROM issued_on)))
);

CREATE TABLE receipt.void (
    community_id integer NOT NULL,
    series text NOT NULL,
    year integer NOT NULL,
    number integer NOT NULL,
    entry_seq bigint NOT NULL,
    reason text NOT NULL,
    voided_at timestamp with time zone NOT NULL
);

COMMENT ON COLUMN receipt.void.entry_seq IS 'the entry that took the last of the money back, a reversal or the last part refund: a receipt is voided by nothing else';

CREATE TABLE transparency.checkpoint (
    community_id integer NOT NULL,
    size bigint NOT NULL,
    number integer NOT NULL,
    root bytea NOT NULL,
    note text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT checkpoint_root_form CHECK ((length(root) = 32))
);

CREATE TABLE transparency.hash (
    community_id integer NOT NULL,
    hash_index bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT hash_form CHECK ((length(hash) = 32))
);

CREATE TABLE transparency.leaf (
    community_id integer NOT NULL,
    leaf_index bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT leaf_hash_form CHECK ((length(hash) = 32)),
    CONSTRAINT leaf_leaf_index_check CHECK ((leaf_index >= 0))
);

COMMENT ON TABLE transparency.leaf IS 'SHA-256 of 0x00 and the record (RFC 6962), written by the verb that writes the record';

ALTER TABLE ONLY auth.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY auth.login_attempt
    ADD CONSTRAINT login_attempt_pkey PRIMARY KEY (key);

ALTER TABLE ONLY auth.membership
    ADD CONSTRAINT membership_pkey PRIMARY KEY (community_id, user_id);

ALTER TABLE ONLY auth.rate_limit
    ADD CONSTRAINT rate_limit_pkey PRIMARY KEY (key);

ALTER TABLE ONLY auth.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (id);

ALTER TABLE ONLY auth.session
    ADD CONSTRAINT session_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY auth."user"
    ADD CONSTRAINT user_login_is_taken UNIQUE (login);

ALTER TABLE ONLY auth."user"
    ADD CONSTRAINT user_pkey PRIMARY KEY (id);

ALTER TABLE ONLY campaigns.budget_line
    ADD CONSTRAINT budget_line_pkey PRIMARY KEY (community_id, campaign_id, line);

ALTER TABLE ONLY campaigns.campaign
    ADD CONSTRAINT campaign_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY campaigns.campaign
    ADD CONSTRAINT campaign_slug_key UNIQUE (community_id, slug);

ALTER TABLE ONLY campaigns.conclusion
    ADD CONSTRAINT conclusion_pkey PRIMARY KEY (community_id, campaign_id);

ALTER TABLE ONLY campaigns.donation
    ADD CONSTRAINT donation_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY campaigns.donor
    ADD CONSTRAINT donor_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY campaigns.host
    ADD CONSTRAINT host_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY campaigns.picture
    ADD CONSTRAINT picture_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY campaigns.quarantine
    ADD CONSTRAINT quarantine_once UNIQUE (community_id, provider, provider_ref);

ALTER TABLE ONLY campaigns.quarantine
    ADD CONSTRAINT quarantine_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY campaigns.refund
    ADD CONSTRAINT refund_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY campaigns.tally
    ADD CONSTRAINT tally_pkey PRIMARY KEY (community_id, campaign_id);

ALTER TABLE ONLY ledger.account
    ADD CONSTRAINT account_code_key UNIQUE (community_id, code);

ALTER TABLE ONLY ledger.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY ledger.account
    ADD CONSTRAINT account_purpose_key UNIQUE (community_id, purpose);

ALTER TABLE ONLY ledger.balance
    ADD CONSTRAINT balance_pkey PRIMARY KEY (community_id, account_id, fund_id, month);

ALTER TABLE ONLY ledger.book
    ADD CONSTRAINT book_pkey PRIMARY KEY (community_id);

ALTER TABLE ONLY ledger.book_year
    ADD CONSTRAINT book_year_pkey PRIMARY KEY (community_id, year);

ALTER TABLE ONLY ledger.community
    ADD CONSTRAINT community_pkey PRIMARY KEY (id);

ALTER TABLE ONLY ledger.community
    ADD CONSTRAINT community_slug_key UNIQUE (slug);

ALTER TABLE ONLY ledger.journal_entry
    ADD CONSTRAINT entry_date_key UNIQUE (community_id, entry_date, seq);

ALTER TABLE ONLY ledger.journal_entry
    ADD CONSTRAINT entry_number_key UNIQUE (community_id, year, number);

ALTER TABLE ONLY ledger.journal_entry
    ADD CONSTRAINT entry_pkey PRIMARY KEY (community_id, seq);

ALTER TABLE ONLY ledger.journal_entry
    ADD CONSTRAINT entry_source_key UNIQUE (community_id, source);

ALTER TABLE ONLY ledger.fund_balance
    ADD CONSTRAINT fund_balance_pkey PRIMARY KEY (community_id, fund_id);

ALTER TABLE ONLY ledger.fund
    ADD CONSTRAINT fund_code_key UNIQUE (community_id, code);

ALTER TABLE ONLY ledger.fund
    ADD CONSTRAINT fund_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY ledger.fund
    ADD CONSTRAINT fund_restriction_key UNIQUE (community_id, id, restricted);

ALTER TABLE ONLY ledger.month_tally
    ADD CONSTRAINT month_tally_pkey PRIMARY KEY (community_id, month);

ALTER TABLE ONLY ledger.period
    ADD CONSTRAINT period_pkey PRIMARY KEY (community_id, month);

ALTER TABLE ONLY ledger.posting
    ADD CONSTRAINT posting_pkey PRIMARY KEY (community_id, seq, line);

ALTER TABLE ONLY outbox.message
    ADD CONSTRAINT message_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY payment.sandbox_order
    ADD CONSTRAINT sandbox_order_pkey PRIMARY KEY (community_id, order_id);

ALTER TABLE ONLY payment.sandbox_refund
    ADD CONSTRAINT sandbox_refund_pkey PRIMARY KEY (community_id, order_id, refund_id);

ALTER TABLE ONLY project.budget_line
    ADD CONSTRAINT budget_line_pkey PRIMARY KEY (community_id, project_id, line);

ALTER TABLE ONLY project.outcome
    ADD CONSTRAINT outcome_pkey PRIMARY KEY (community_id, project_id, number);

ALTER TABLE ONLY project.project
    ADD CONSTRAINT project_fund_key UNIQUE (community_id, fund_id);

ALTER TABLE ONLY project.project
    ADD CONSTRAINT project_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY project.project
    ADD CONSTRAINT project_slug_key UNIQUE (community_id, slug);

ALTER TABLE ONLY receipt.counter
    ADD CONSTRAINT counter_pkey PRIMARY KEY (community_id, series, year);

ALTER TABLE ONLY receipt.receipt
    ADD CONSTRAINT receipt_pkey PRIMARY KEY (community_id, series, year, number);

ALTER TABLE ONLY receipt.receipt
    ADD CONSTRAINT receipt_subject_key UNIQUE (community_id, subject_id);

ALTER TABLE ONLY receipt.receipt
    ADD CONSTRAINT receipt_token_key UNIQUE (community_id, token);

ALTER TABLE ONLY receipt.void
    ADD CONSTRAINT void_pkey PRIMARY KEY (community_id, series, year, number);

ALTER TABLE ONLY transparency.checkpoint
    ADD CONSTRAINT checkpoint_number_key UNIQUE (community_id, number);

ALTER TABLE ONLY transparency.checkpoint
    ADD CONSTRAINT checkpoint_pkey PRIMARY KEY (community_id, size);

ALTER TABLE ONLY transparency.hash
    ADD CONSTRAINT hash_pkey PRIMARY KEY (community_id, hash_index);

ALTER TABLE ONLY transparency.leaf
    ADD CONSTRAINT leaf_pkey PRIMARY KEY (community_id, leaf_index);

CREATE INDEX audit_log_by_user ON auth.audit_log USING btree (community_id, user_id, id);

CREATE INDEX membership_by_user ON auth.membership USING btree (user_id, community_id);

CREATE INDEX session_by_user ON auth.session USING btree (user_id, seen_at);

CREATE INDEX donation_of_campaign ON campaigns.donation USING btree (community_id, campaign_id, paid_at DESC) WHERE (state = 'paid'::text);

CREATE INDEX donation_pending ON campaigns.donation USING btree (community_id, created_at) WHERE (state = 'pending'::text);

CREATE INDEX refund_of_donation ON campaigns.refund USING btree (community_id, donation_id);

CREATE UNIQUE INDEX entry_reversed_once ON ledger.journal_entry USING btree (community_id, reverses_seq) WHERE (reverses_seq IS NOT NULL);

CREATE INDEX posting_account ON ledger.posting USING btree (community_id, account_id, seq);

CREATE INDEX posting_fund ON ledger.posting USING btree (community_id, fund_id, seq);

CREATE INDEX message_dead ON outbox.message USING btree (community_id, id) WHERE (dead_at IS NOT NULL);

CREATE INDEX message_done ON outbox.message USING btree (done_at) WHERE (done_at IS NOT NULL);

CREATE INDEX message_due ON outbox.message USING btree (not_before) WHERE ((done_at IS NULL) AND (dead_at IS NULL));

CREATE TRIGGER audit_log_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON auth.audit_log FOR EACH STATEMENT EXECUTE FUNCTION auth.refuse_change();

CREATE TRIGGER conclusion_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON campaigns.conclusion FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER refund_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON campaigns.refund FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER account_identity BEFORE UPDATE ON ledger.account FOR EACH ROW EXECUTE FUNCTION ledger.keep_identity();

CREATE TRIGGER community_identity BEFORE UPDATE ON ledger.community FOR EACH ROW EXECUTE FUNCTION ledger.keep_identity();

CREATE TRIGGER entry_guard AFTER INSERT ON ledger.journal_entry REFERENCING NEW TABLE AS new_entries FOR EACH STATEMENT EXECUTE FUNCTION ledger.entry_guard();

CREATE TRIGGER entry_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.journal_entry FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER fund_identity BEFORE UPDATE ON ledger.fund FOR EACH ROW EXECUTE FUNCTION ledger.keep_identity();

CREATE TRIGGER posting_guard AFTER INSERT ON ledger.posting REFERENCING NEW TABLE AS new_postings FOR EACH STATEMENT EXECUTE FUNCTION ledger.posting_guard();

CREATE TRIGGER posting_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.posting FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER receipt_guard AFTER INSERT ON receipt.receipt REFERENCING NEW TABLE AS new_receipts FOR EACH STATEMENT EXECUTE FUNCTION receipt.receipt_guard();

CREATE TRIGGER receipt_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON receipt.receipt FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER void_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON receipt.void FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER checkpoint_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON transparency.checkpoint FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER hash_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON transparency.hash FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER leaf_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON transparency.leaf FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

ALTER TABLE ONLY auth.audit_log
    ADD CONSTRAINT audit_log_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth."user"(id);

ALTER TABLE ONLY auth.membership
    ADD CONSTRAINT membership_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY auth.membership
    ADD CONSTRAINT membership_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth."user"(id);

ALTER TABLE ONLY auth.session
    ADD CONSTRAINT session_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth."user"(id);

ALTER TABLE ONLY campaigns.budget_line
    ADD CONSTRAINT budget_line_campaign FOREIGN KEY (community_id, campaign_id) REFERENCES campaigns.campaign(community_id, id);

ALTER TABLE ONLY campaigns.campaign
    ADD CONSTRAINT campaign_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY campaigns.campaign
    ADD CONSTRAINT campaign_fund FOREIGN KEY (community_id, fund_id) REFERENCES ledger.fund(community_id, id);

ALTER TABLE ONLY campaigns.campaign
    ADD CONSTRAINT campaign_host FOREIGN KEY (community_id, host_id) REFERENCES campaigns.host(community_id, id);

ALTER TABLE ONLY campaigns.campaign
    ADD CONSTRAINT campaign_picture FOREIGN KEY (community_id, picture_id) REFERENCES campaigns.picture(community_id, id);

ALTER TABLE ONLY campaigns.conclusion
    ADD CONSTRAINT conclusion_campaign FOREIGN KEY (community_id, campaign_id) REFERENCES campaigns.campaign(community_id, id);

ALTER TABLE ONLY campaigns.conclusion
    ADD CONSTRAINT conclusion_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry(community_id, seq);

ALTER TABLE ONLY campaigns.donation
    ADD CONSTRAINT donation_campaign FOREIGN KEY (community_id, campaign_id) REFERENCES campaigns.campaign(community_id, id);

ALTER TABLE ONLY campaigns.donation
    ADD CONSTRAINT donation_donor FOREIGN KEY (community_id, donor_id) REFERENCES campaigns.donor(community_id, id);

ALTER TABLE ONLY campaigns.donor
    ADD CONSTRAINT donor_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY campaigns.host
    ADD CONSTRAINT host_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY campaigns.picture
    ADD CONSTRAINT picture_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY campaigns.quarantine
    ADD CONSTRAINT quarantine_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY campaigns.refund
    ADD CONSTRAINT refund_donation FOREIGN KEY (community_id, donation_id) REFERENCES campaigns.donation(community_id, id);

ALTER TABLE ONLY campaigns.tally
    ADD CONSTRAINT tally_campaign FOREIGN KEY (community_id, campaign_id) REFERENCES campaigns.campaign(community_id, id);

ALTER TABLE ONLY ledger.account
    ADD CONSTRAINT account_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY ledger.balance
    ADD CONSTRAINT balance_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account(community_id, id);

ALTER TABLE ONLY ledger.balance
    ADD CONSTRAINT balance_fund FOREIGN KEY (community_id, fund_id) REFERENCES ledger.fund(community_id, id);

ALTER TABLE ONLY ledger.book
    ADD CONSTRAINT book_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY ledger.book_year
    ADD CONSTRAINT book_year_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY ledger.journal_entry
    ADD CONSTRAINT entry_reverses FOREIGN KEY (community_id, reverses_seq) REFERENCES ledger.journal_entry(community_id, seq);

ALTER TABLE ONLY ledger.fund_balance
    ADD CONSTRAINT fund_balance_fund FOREIGN KEY (community_id, fund_id, restricted) REFERENCES ledger.fund(community_id, id, restricted);

ALTER TABLE ONLY ledger.fund
    ADD CONSTRAINT fund_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY ledger.month_tally
    ADD CONSTRAINT month_tally_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.book(community_id);

ALTER TABLE ONLY ledger.period
    ADD CONSTRAINT period_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY payment.sandbox_order
    ADD CONSTRAINT sandbox_order_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY payment.sandbox_refund
    ADD CONSTRAINT sandbox_refund_of_order FOREIGN KEY (community_id, order_id) REFERENCES payment.sandbox_order(community_id, order_id);

ALTER TABLE ONLY project.budget_line
    ADD CONSTRAINT budget_line_project FOREIGN KEY (community_id, project_id) REFERENCES project.project(community_id, id);

ALTER TABLE ONLY project.outcome
    ADD CONSTRAINT outcome_project FOREIGN KEY (community_id, project_id) REFERENCES project.project(community_id, id);

ALTER TABLE ONLY project.project
    ADD CONSTRAINT project_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY project.project
    ADD CONSTRAINT project_fund FOREIGN KEY (community_id, fund_id) REFERENCES ledger.fund(community_id, id);

ALTER TABLE ONLY receipt.counter
    ADD CONSTRAINT counter_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY receipt.void
    ADD CONSTRAINT void_by_reversal FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry(community_id, seq);

ALTER TABLE ONLY receipt.void
    ADD CONSTRAINT void_receipt FOREIGN KEY (community_id, series, year, number) REFERENCES receipt.receipt(community_id, series, year, number);

GRANT USAGE ON SCHEMA auth TO fund_app;

GRANT USAGE ON SCHEMA campaigns TO fund_app;

GRANT USAGE ON SCHEMA ledger TO fund_app;

GRANT USAGE ON SCHEMA outbox TO fund_app;

GRANT USAGE ON SCHEMA payment TO fund_app;

GRANT USAGE ON SCHEMA project TO fund_app;

GRANT USAGE ON SCHEMA receipt TO fund_app;

GRANT USAGE ON SCHEMA transparency TO fund_app;

REVOKE ALL ON FUNCTION ledger.post_entries(community integer, dates date[], kinds text[], sources text[], memos text[], details text[], posters text[], reversed bigint[], commitments bytea[], entry_of integer[], accounts integer[], funds integer[], amounts numeric[]) FROM PUBLIC;
GRANT ALL ON FUNCTION ledger.post_entries(community integer, dates date[], kinds text[], sources text[], memos text[], details text[], posters text[], reversed bigint[], commitments bytea[], entry_of integer[], accounts integer[], funds integer[], amounts numeric[]) TO fund_app;

REVOKE ALL ON FUNCTION ledger.set_period(community integer, in_month date, closing boolean, who text, why text) FROM PUBLIC;
GRANT ALL ON FUNCTION ledger.set_period(community integer, in_month date, closing boolean, who text, why text) TO fund_app;

REVOKE ALL ON FUNCTION receipt.issue_receipts(community integer, in_series text, subjects uuid[], entries bigint[], amounts numeric[], days date[], tokens text[], codes text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION receipt.issue_receipts(community integer, in_series text, subjects uuid[], entries bigint[], amounts numeric[], days date[], tokens text[], codes text[]) TO fund_app;

GRANT SELECT ON TABLE auth.audit_log TO fund_app;

GRANT INSERT(community_id) ON TABLE auth.audit_log TO fund_app;

GRANT INSERT(user_id) ON TABLE auth.audit_log TO fund_app;

GRANT INSERT(verb) ON TABLE auth.audit_log TO fund_app;

GRANT INSERT(subject) ON TABLE auth.audit_log TO fund_app;

GRANT INSERT(address) ON TABLE auth.audit_log TO fund_app;

GRANT INSERT(agent) ON TABLE auth.audit_log TO fund_app;

GRANT INSERT(detail) ON TABLE auth.audit_log TO fund_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.login_attempt TO fund_app;

GRANT SELECT,INSERT ON TABLE auth.membership TO fund_app;

GRANT UPDATE(roles) ON TABLE auth.membership TO fund_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.rate_limit TO fund_app;

GRANT SELECT,INSERT,DELETE ON TABLE auth.session TO fund_app;

GRANT UPDATE(token_hash) ON TABLE auth.session TO fund_app;

GRANT UPDATE(seen_at) ON TABLE auth.session TO fund_app;

GRANT UPDATE(stepped_up_at) ON TABLE auth.session TO fund_app;

GRANT SELECT,INSERT ON TABLE auth."user" TO fund_app;

GRANT UPDATE(name) ON TABLE auth."user" TO fund_app;

GRANT UPDATE(password_hash) ON TABLE auth."user" TO fund_app;

GRANT UPDATE(password_temporary) ON TABLE auth."user" TO fund_app;

GRANT UPDATE(totp_secret) ON TABLE auth."user" TO fund_app;

GRANT UPDATE(totp_confirmed_at) ON TABLE auth."user" TO fund_app;

GRANT UPDATE(totp_last_step) ON TABLE auth."user" TO fund_app;

GRANT UPDATE(disabled_at) ON TABLE auth."user" TO fund_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE campaigns.budget_line TO fund_app;

GRANT SELECT,INSERT,UPDATE ON TABLE campaigns.campaign TO fund_app;

GRANT SELECT,INSERT ON TABLE campaigns.conclusion TO fund_app;

GRANT SELECT,INSERT ON TABLE campaigns.donation TO fund_app;

GRANT UPDATE(state) ON TABLE campaigns.donation TO fund_app;

GRANT UPDATE(message) ON TABLE campaigns.donation TO fund_app;

GRANT UPDATE(show_name) ON TABLE campaigns.donation TO fund_app;

GRANT UPDATE(show_message) ON TABLE campaigns.donation TO fund_app;

GRANT UPDATE(paid_at) ON TABLE campaigns.donation TO fund_app;

GRANT UPDATE(provider_ref) ON TABLE campaigns.donation TO fund_app;

GRANT UPDATE(entry_seq) ON TABLE campaigns.donation TO fund_app;

GRANT UPDATE(refunded) ON TABLE campaigns.donation TO fund_app;

GRANT SELECT,INSERT,UPDATE ON TABLE campaigns.donor TO fund_app;

GRANT SELECT,INSERT,UPDATE ON TABLE campaigns.host TO fund_app;

GRANT SELECT,INSERT,DELETE ON TABLE campaigns.picture TO fund_app;

GRANT SELECT,INSERT,UPDATE ON TABLE campaigns.quarantine TO fund_app;

GRANT SELECT,INSERT ON TABLE campaigns.refund TO fund_app;

GRANT SELECT,INSERT,UPDATE ON TABLE campaigns.tally TO fund_app;

GRANT SELECT,INSERT ON TABLE ledger.account TO fund_app;

GRANT UPDATE(name_zh) ON TABLE ledger.account TO fund_app;

GRANT UPDATE(name_en) ON TABLE ledger.account TO fund_app;

GRANT UPDATE(purpose) ON TABLE ledger.account TO fund_app;

GRANT UPDATE(closed_at) ON TABLE ledger.account TO fund_app;

GRANT SELECT ON TABLE ledger.balance TO fund_app;

GRANT SELECT,INSERT ON TABLE ledger.book TO fund_app;

GRANT SELECT ON TABLE ledger.book_year TO fund_app;

GRANT SELECT,INSERT ON TABLE ledger.community TO fund_app;

GRANT UPDATE(name_zh) ON TABLE ledger.community TO fund_app;

GRANT UPDATE(name_en) ON TABLE ledger.community TO fund_app;

GRANT UPDATE(place_zh) ON TABLE ledger.community TO fund_app;

GRANT UPDATE(place_en) ON TABLE ledger.community TO fund_app;

GRANT UPDATE(address_zh) ON TABLE ledger.community TO fund_app;

GRANT UPDATE(address_en) ON TABLE ledger.community TO fund_app;

GRANT UPDATE(phone) ON TABLE ledger.community TO fund_app;

GRANT SELECT,INSERT ON TABLE ledger.fund TO fund_app;

GRANT UPDATE(name_zh) ON TABLE ledger.fund TO fund_app;

GRANT UPDATE(name_en) ON TABLE ledger.fund TO fund_app;

GRANT UPDATE(closed_at) ON TABLE ledger.fund TO fund_app;

GRANT SELECT ON TABLE ledger.fund_balance TO fund_app;

GRANT SELECT ON TABLE ledger.journal_entry TO fund_app;

GRANT SELECT ON TABLE ledger.month_tally TO fund_app;

GRANT SELECT ON TABLE ledger.period TO fund_app;

GRANT SELECT ON TABLE ledger.posting TO fund_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE outbox.message TO fund_app;

GRANT SELECT,INSERT,UPDATE ON TABLE payment.sandbox_order TO fund_app;

GRANT SELECT,INSERT ON TABLE payment.sandbox_refund TO fund_app;

GRANT SELECT,INSERT,DELETE ON TABLE project.budget_line TO fund_app;

GRANT SELECT,INSERT ON TABLE project.outcome TO fund_app;

GRANT SELECT,INSERT,UPDATE ON TABLE project.project TO fund_app;

GRANT SELECT ON TABLE receipt.counter TO fund_app;

GRANT SELECT ON TABLE receipt.receipt TO fund_app;

GRANT SELECT,INSERT ON TABLE receipt.void TO fund_app;

GRANT SELECT,INSERT ON TABLE transparency.checkpoint TO fund_app;

GRANT SELECT,INSERT ON TABLE transparency.hash TO fund_app;

GRANT SELECT ON TABLE transparency.leaf TO fund_app;
