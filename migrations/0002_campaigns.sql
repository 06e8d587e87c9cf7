-- +goose Up

CREATE SCHEMA campaigns;
CREATE SCHEMA receipt;
GRANT USAGE ON SCHEMA campaigns, receipt TO fund_app;

-- ── Who raises, and what for ─────────────────────────────────────────

CREATE TABLE campaigns.host (
  community_id int  NOT NULL REFERENCES ledger.community,
  id           int  NOT NULL,
  name_zh      text NOT NULL,
  name_en      text NOT NULL,
  certificate  text NOT NULL DEFAULT '',
  CONSTRAINT host_pkey PRIMARY KEY (community_id, id)
);
COMMENT ON COLUMN campaigns.host.certificate IS '公开募捐资格证书 number; empty if the host has none';

CREATE TABLE campaigns.picture (
  community_id int   NOT NULL REFERENCES ledger.community,
  id           uuid  NOT NULL,
  width        int   NOT NULL,
  height       int   NOT NULL,
  jpeg         bytea NOT NULL,
  alt          text  NOT NULL DEFAULT '',
  created_at   timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT picture_pkey PRIMARY KEY (community_id, id)
);

CREATE TABLE campaigns.campaign (
  community_id  int  NOT NULL REFERENCES ledger.community,
  id            int  NOT NULL,
  slug          text NOT NULL CONSTRAINT campaign_slug_form CHECK (slug ~ '^[a-z0-9][a-z0-9-]{1,59}$'),
  state         text NOT NULL DEFAULT 'draft' CONSTRAINT campaign_state_known CHECK (state IN ('draft', 'published', 'closed')),
  fund_id       int  NOT NULL,
  kind          text NOT NULL DEFAULT 'flexible' CONSTRAINT campaign_kind_known CHECK (kind IN ('flexible', 'all_or_nothing')),
  theme         text NOT NULL DEFAULT '',
  title_zh      text NOT NULL CONSTRAINT campaign_title_form CHECK (length(title_zh) BETWEEN 1 AND 80),
  title_en      text NOT NULL DEFAULT '',
  purpose_zh    text NOT NULL DEFAULT '',
  purpose_en    text NOT NULL DEFAULT '',
  story_zh      text NOT NULL DEFAULT '',
  story_en      text NOT NULL DEFAULT '',
  scene         text NOT NULL DEFAULT '',
  picture_id    uuid,
  goal          numeric(18,2) NOT NULL CONSTRAINT campaign_goal_positive CHECK (goal > 0),
  minimum       numeric(18,2) NOT NULL DEFAULT 1 CONSTRAINT campaign_minimum_positive CHECK (minimum > 0),
  suggested     numeric(18,2)[] NOT NULL DEFAULT '{}',
  starts_on     date NOT NULL,
  ends_on       date NOT NULL,
  basis         text NOT NULL CONSTRAINT campaign_basis_known CHECK (basis IN ('public', 'targeted', 'sale')),
  host_id       int,
  certificate   text NOT NULL DEFAULT '',
  filing_number text NOT NULL DEFAULT '',
  filed_on      date,
  contact_name  text NOT NULL DEFAULT '',
  contact_phone text NOT NULL DEFAULT '',
  created_by    text NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  published_at  timestamptz,
  closed_at     timestamptz,
  CONSTRAINT campaign_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT campaign_slug_key UNIQUE (community_id, slug),
  CONSTRAINT campaign_fund FOREIGN KEY (community_id, fund_id) REFERENCES ledger.fund (community_id, id),
  CONSTRAINT campaign_host FOREIGN KEY (community_id, host_id) REFERENCES campaigns.host (community_id, id),
  CONSTRAINT campaign_picture FOREIGN KEY (community_id, picture_id) REFERENCES campaigns.picture (community_id, id),
  CONSTRAINT campaign_dates CHECK (ends_on >= starts_on),
  -- 慈善法 (2024) Art. 26: in public only under a qualified host, with the plan
  -- filed at least 10 days before the start.
  CONSTRAINT campaign_may_be_public CHECK (state = 'draft' OR basis <> 'public' OR
    (host_id IS NOT NULL AND certificate <> '' AND filing_number <> '' AND filed_on IS NOT NULL AND filed_on + 10 <= starts_on))
);

CREATE TABLE campaigns.budget_line (
  community_id int  NOT NULL,
  campaign_id  int  NOT NULL,
  line         int  NOT NULL,
  name_zh      text NOT NULL,
  name_en      text NOT NULL DEFAULT '',
  note_zh      text NOT NULL DEFAULT '',
  note_en      text NOT NULL DEFAULT '',
  unit_zh      text NOT NULL DEFAULT '',
  unit_en      text NOT NULL DEFAULT '',
  quantity     int  CONSTRAINT budget_quantity_positive CHECK (quantity > 0),
  amount       numeric(18,2) NOT NULL CONSTRAINT budget_amount_positive CHECK (amount > 0),
  CONSTRAINT budget_line_pkey PRIMARY KEY (community_id, campaign_id, line),
  CONSTRAINT budget_line_campaign FOREIGN KEY (community_id, campaign_id) REFERENCES campaigns.campaign (community_id, id)
);

-- What a campaign has raised, moved once a batch.
CREATE TABLE campaigns.tally (
  community_id int NOT NULL,
  campaign_id  int NOT NULL,
  raised       numeric(18,2) NOT NULL DEFAULT 0,
  gifts        int NOT NULL DEFAULT 0,
  CONSTRAINT tally_pkey PRIMARY KEY (community_id, campaign_id),
  CONSTRAINT tally_campaign FOREIGN KEY (community_id, campaign_id) REFERENCES campaigns.campaign (community_id, id)
);

-- ── Who gives, and what ──────────────────────────────────────────────

-- Personal data stands here and nowhere else; erasing it leaves the books whole.
CREATE TABLE campaigns.donor (
  community_id int  NOT NULL REFERENCES ledger.community,
  id           uuid NOT NULL,
  name         text NOT NULL DEFAULT '',
  email        text NOT NULL DEFAULT '',
  lang         text NOT NULL DEFAULT 'zh-CN',
  salt         bytea NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  erased_at    timestamptz,
  CONSTRAINT donor_pkey PRIMARY KEY (community_id, id)
);

CREATE TABLE campaigns.donation (
  community_id  int  NOT NULL,
  id            uuid NOT NULL,
  campaign_id   int  NOT NULL,
  donor_id      uuid,
  state         text NOT NULL DEFAULT 'pending' CONSTRAINT donation_state_known CHECK (state IN ('pending', 'paid', 'failed', 'quarantined')),
  amount        numeric(18,2) NOT NULL CONSTRAINT donation_amount_positive CHECK (amount > 0),
  currency      char(3) NOT NULL,
  method        text NOT NULL CONSTRAINT donation_method_form CHECK (method ~ '^[a-z]+$' AND length(method) BETWEEN 2 AND 20),
  payee         text NOT NULL DEFAULT '',
  message       text NOT NULL DEFAULT '',
  show_name     boolean NOT NULL DEFAULT false,
  show_message  boolean NOT NULL DEFAULT false,
  commitment    bytea,
  entered_by    text NOT NULL DEFAULT '',
  created_at    timestamptz NOT NULL,
  paid_at       timestamptz,
  provider_ref  text NOT NULL DEFAULT '',
  entry_seq     bigint,
  refunded      numeric(18,2) NOT NULL DEFAULT 0,
  CONSTRAINT donation_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT donation_campaign FOREIGN KEY (community_id, campaign_id) REFERENCES campaigns.campaign (community_id, id),
  CONSTRAINT donation_donor FOREIGN KEY (community_id, donor_id) REFERENCES campaigns.donor (community_id, id),
  CONSTRAINT donation_paid_is_booked CHECK ((state = 'paid') = (entry_seq IS NOT NULL)),
  CONSTRAINT donation_refund_within CHECK (refunded BETWEEN 0 AND amount)
) WITH (fillfactor = 80);
CREATE INDEX donation_of_campaign ON campaigns.donation (community_id, campaign_id, paid_at DESC) WHERE state = 'paid';
CREATE INDEX donation_pending ON campaigns.donation (community_id, created_at) WHERE state = 'pending';

CREATE TABLE campaigns.refund (
  community_id int  NOT NULL,
  id           uuid NOT NULL,
  donation_id  uuid NOT NULL,
  amount       numeric(18,2) NOT NULL CONSTRAINT refund_amount_positive CHECK (amount > 0),
  reason       text NOT NULL CONSTRAINT refund_has_a_reason CHECK (length(reason) BETWEEN 1 AND 200),
  entry_seq    bigint NOT NULL,
  refunded_by  text NOT NULL,
  refunded_at  timestamptz NOT NULL,
  CONSTRAINT refund_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT refund_donation FOREIGN KEY (community_id, donation_id) REFERENCES campaigns.donation (community_id, id)
);
CREATE INDEX refund_of_donation ON campaigns.refund (community_id, donation_id);

-- Notifications that fit no order: for the treasurer, never into income.
CREATE TABLE campaigns.quarantine (
  community_id int  NOT NULL REFERENCES ledger.community,
  id           uuid NOT NULL,
  donation_id  uuid,
  provider     text NOT NULL,
  provider_ref text NOT NULL,
  reason       text NOT NULL,
  amount       numeric(18,2) NOT NULL,
  currency     text NOT NULL,
  arrived_at   timestamptz NOT NULL,
  resolved_at  timestamptz,
  resolved_by  text NOT NULL DEFAULT '',
  resolution   text NOT NULL DEFAULT '',
  CONSTRAINT quarantine_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT quarantine_once UNIQUE (community_id, provider, provider_ref)
);

-- ── Receipts ─────────────────────────────────────────────────────────

CREATE TABLE receipt.counter (
  community_id int  NOT NULL REFERENCES ledger.community,
  series       text NOT NULL,
  year         int  NOT NULL,
  last_number  int  NOT NULL,
  CONSTRAINT counter_pkey PRIMARY KEY (community_id, series, year)
);

CREATE TABLE receipt.receipt (
  community_id int  NOT NULL,
  series       text NOT NULL CONSTRAINT receipt_series_known CHECK (series IN ('donation', 'sale')),
  year         int  NOT NULL,
  number       int  NOT NULL CONSTRAINT receipt_number_positive CHECK (number > 0),
  subject_id   uuid NOT NULL,
  entry_seq    bigint NOT NULL,
  amount       numeric(18,2) NOT NULL,
  issued_on    date NOT NULL,
  issued_at    timestamptz NOT NULL,
  token        text NOT NULL CONSTRAINT receipt_token_form CHECK (token ~ '^[0-9a-z]+-[0-9a-z]+$' AND length(token) BETWEEN 28 AND 33),
  check_code   text NOT NULL CONSTRAINT receipt_check_code_form CHECK (check_code ~ '^[0-9A-Z]+-[0-9A-Z]+$' AND check_code LIKE '____-____'),
  CONSTRAINT receipt_pkey PRIMARY KEY (community_id, series, year, number),
  CONSTRAINT receipt_subject_key UNIQUE (community_id, subject_id),
  CONSTRAINT receipt_token_key UNIQUE (community_id, token),
  CONSTRAINT receipt_year_of_date CHECK (year = extract(year FROM issued_on))
);

-- The planner's first idea of the table, as in 0001.
INSERT INTO receipt.receipt
SELECT 1, 'donation', 2000, n, gen_random_uuid(), n, n, date '2000-01-01', now(), '1-' || lpad(n::text, 26, '0'), lpad(n::text, 4, '0') || '-0000'
  FROM generate_series(1, 1000) n;
ANALYZE receipt.receipt;
TRUNCATE receipt.receipt;

CREATE TABLE receipt.void (
  community_id int  NOT NULL,
  series       text NOT NULL,
  year         int  NOT NULL,
  number       int  NOT NULL,
  entry_seq    bigint NOT NULL,
  reason       text NOT NULL,
  voided_at    timestamptz NOT NULL,
  CONSTRAINT void_pkey PRIMARY KEY (community_id, series, year, number),
  CONSTRAINT void_receipt FOREIGN KEY (community_id, series, year, number) REFERENCES receipt.receipt (community_id, series, year, number),
  CONSTRAINT void_by_reversal FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry (community_id, seq)
);
COMMENT ON COLUMN receipt.void.entry_seq IS 'the entry that took the last of the money back, a reversal or the last part refund: a receipt is voided by nothing else';

CREATE TRIGGER receipt_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON receipt.receipt FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER void_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON receipt.void FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER refund_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON campaigns.refund FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- +goose StatementBegin
CREATE FUNCTION receipt.receipt_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
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
-- +goose StatementEnd
CREATE TRIGGER receipt_guard AFTER INSERT ON receipt.receipt REFERENCING NEW TABLE AS new_receipts
  FOR EACH STATEMENT EXECUTE FUNCTION receipt.receipt_guard();

-- issue_receipts is the only door: it takes the numbers from the counter's row,
-- locked until the transaction ends, in the order given.
-- +goose StatementBegin
CREATE FUNCTION receipt.issue_receipts(
  community int, in_series text, subjects uuid[], entries bigint[], amounts numeric[], days date[], tokens text[], codes text[])
RETURNS TABLE (ord int, year int, number int, issued_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off AS $$
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
-- +goose StatementEnd

REVOKE ALL ON FUNCTION receipt.issue_receipts FROM PUBLIC;
GRANT EXECUTE ON FUNCTION receipt.issue_receipts TO fund_app;
GRANT SELECT ON ALL TABLES IN SCHEMA campaigns, receipt TO fund_app;
GRANT INSERT ON receipt.void, campaigns.refund TO fund_app;
GRANT INSERT, UPDATE ON campaigns.host, campaigns.campaign, campaigns.tally, campaigns.donor, campaigns.quarantine TO fund_app;
-- What was promised stays: who, what for, how much, to whom.
GRANT INSERT, UPDATE (state, paid_at, provider_ref, entry_seq, refunded, message, show_name, show_message) ON campaigns.donation TO fund_app;
GRANT INSERT, DELETE ON campaigns.picture TO fund_app;
GRANT INSERT, UPDATE, DELETE ON campaigns.budget_line TO fund_app;
