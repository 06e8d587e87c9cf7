-- +goose Up

-- ── What a campaign raises for, and its further goals ────────────────

ALTER TABLE ledger.fund DROP CONSTRAINT fund_kind_known,
  ADD CONSTRAINT fund_kind_known CHECK (kind IN ('general', 'campaign', 'project', 'venture', 'pool'));

ALTER TABLE campaigns.campaign
  ADD target  text  NOT NULL DEFAULT 'own' CONSTRAINT campaign_target_known CHECK (target IN ('own', 'event', 'project', 'venture', 'general')),
  ADD stretch jsonb NOT NULL DEFAULT '[]' CONSTRAINT campaign_stretch_is_a_list CHECK (jsonb_typeof(stretch) = 'array');
COMMENT ON COLUMN campaigns.campaign.target IS 'own: a fund of the campaign''s own; event: such a fund too, for one day; else what its fund is of';
COMMENT ON COLUMN campaigns.campaign.stretch IS 'further goals: amount, title_zh, title_en, in ascending order';
UPDATE campaigns.campaign c SET target = f.kind FROM ledger.fund f
 WHERE f.community_id = c.community_id AND f.id = c.fund_id AND f.kind IN ('project', 'venture', 'general');

-- ── Gifts for one line of the budget ─────────────────────────────────

ALTER TABLE campaigns.budget_line
  ADD raised numeric(18,2) NOT NULL DEFAULT 0 CONSTRAINT budget_raised_not_negative CHECK (raised >= 0);
COMMENT ON COLUMN campaigns.budget_line.raised IS 'by gifts for this very line, less refunds; what is given for no line fills them in their order';
ALTER TABLE campaigns.donation
  ADD line int,
  ADD CONSTRAINT donation_line FOREIGN KEY (community_id, campaign_id, line) REFERENCES campaigns.budget_line (community_id, campaign_id, line);
CREATE INDEX donation_of_line ON campaigns.donation (community_id, campaign_id, line) WHERE line IS NOT NULL;

-- ── Matching pools ───────────────────────────────────────────────────

-- A sponsor's money lies in a fund of its own, as a liability, until gifts draw
-- on it: what is matched moves into the campaign's fund.
CREATE TABLE campaigns.pool (
  community_id int  NOT NULL REFERENCES ledger.community,
  id           int  NOT NULL,
  fund_id      int  NOT NULL,
  campaign_id  int,
  sponsor_zh   text NOT NULL DEFAULT '',
  sponsor_en   text NOT NULL DEFAULT '',
  rate         int  NOT NULL DEFAULT 100 CONSTRAINT pool_rate_sane CHECK (rate BETWEEN 1 AND 1000),
  donor_max    numeric(18,2) CONSTRAINT pool_donor_max_positive CHECK (donor_max > 0),
  starts_on    date NOT NULL,
  ends_on      date NOT NULL,
  rest_fund_id int,
  laid         numeric(18,2) NOT NULL CONSTRAINT pool_laid_positive CHECK (laid > 0),
  matched      numeric(18,2) NOT NULL DEFAULT 0,
  settled      numeric(18,2) NOT NULL DEFAULT 0,
  entry_seq    bigint NOT NULL,
  opened_by    text NOT NULL,
  opened_at    timestamptz NOT NULL,
  closed_by    text NOT NULL DEFAULT '',
  closed_at    timestamptz,
  CONSTRAINT pool_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT pool_fund_key UNIQUE (community_id, fund_id),
  CONSTRAINT pool_fund FOREIGN KEY (community_id, fund_id) REFERENCES ledger.fund (community_id, id),
  CONSTRAINT pool_rest_fund FOREIGN KEY (community_id, rest_fund_id) REFERENCES ledger.fund (community_id, id),
  CONSTRAINT pool_campaign FOREIGN KEY (community_id, campaign_id) REFERENCES campaigns.campaign (community_id, id),
  CONSTRAINT pool_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry (community_id, seq),
  CONSTRAINT pool_dates CHECK (ends_on >= starts_on),
  CONSTRAINT pool_not_overspent CHECK (matched >= 0 AND settled >= 0 AND matched + settled <= laid)
);
COMMENT ON COLUMN campaigns.pool.campaign_id IS 'null: gifts to every campaign of the community are matched';
COMMENT ON COLUMN campaigns.pool.sponsor_zh IS 'as the sponsor wants to be named; empty if they do not';
COMMENT ON COLUMN campaigns.pool.rate IS 'percent of the gift: 100 doubles it';
COMMENT ON COLUMN campaigns.pool.rest_fund_id IS 'where the rest goes; null: back to the sponsor';
COMMENT ON COLUMN campaigns.pool.settled IS 'of the rest, what has gone there';

CREATE TABLE campaigns.match (
  community_id int  NOT NULL,
  donation_id  uuid NOT NULL,
  pool_id      int  NOT NULL,
  giver        text,
  amount       numeric(18,2) NOT NULL CONSTRAINT match_positive CHECK (amount > 0),
  taken_back   numeric(18,2) NOT NULL DEFAULT 0,
  entry_seq    bigint NOT NULL,
  CONSTRAINT match_pkey PRIMARY KEY (community_id, donation_id, pool_id),
  CONSTRAINT match_donation FOREIGN KEY (community_id, donation_id) REFERENCES campaigns.donation (community_id, id),
  CONSTRAINT match_pool FOREIGN KEY (community_id, pool_id) REFERENCES campaigns.pool (community_id, id),
  CONSTRAINT match_taken_back_within CHECK (taken_back BETWEEN 0 AND amount)
);
CREATE INDEX match_of_giver ON campaigns.match (community_id, pool_id, giver);
COMMENT ON COLUMN campaigns.match.giver IS 'tells gifts of one person apart from others'' for the cap a person: a hash, forgotten with the donor';

ALTER TABLE campaigns.tally ADD matched numeric(18,2) NOT NULL DEFAULT 0 CONSTRAINT tally_matched_not_negative CHECK (matched >= 0);
COMMENT ON COLUMN campaigns.tally.raised IS 'by donations, less refunds; what pools added is in matched';

-- Whoever writes a match, the pool and the campaign's tally move with it, and
-- pool_not_overspent has the last word: two batches never spend the same money,
-- because the second waits for the pool's row.
-- +goose StatementBegin
CREATE FUNCTION campaigns.match_made() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
BEGIN
  UPDATE campaigns.pool p SET matched = p.matched + m.moved
    FROM (SELECT n.community_id, n.pool_id, sum(n.amount - n.taken_back) AS moved FROM new_matches n GROUP BY 1, 2) m
   WHERE p.community_id = m.community_id AND p.id = m.pool_id;
  UPDATE campaigns.tally t SET matched = t.matched + m.moved
    FROM (SELECT d.community_id, d.campaign_id, sum(n.amount - n.taken_back) AS moved
            FROM new_matches n JOIN campaigns.donation d ON d.community_id = n.community_id AND d.id = n.donation_id GROUP BY 1, 2) m
   WHERE t.community_id = m.community_id AND t.campaign_id = m.campaign_id;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER match_made AFTER INSERT ON campaigns.match REFERENCING NEW TABLE AS new_matches
  FOR EACH STATEMENT EXECUTE FUNCTION campaigns.match_made();

-- +goose StatementBegin
CREATE FUNCTION campaigns.match_taken_back() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
BEGIN
  IF EXISTS (SELECT FROM old_matches o FULL JOIN new_matches n USING (community_id, donation_id, pool_id)
              WHERE (o.amount, o.entry_seq) IS DISTINCT FROM (n.amount, n.entry_seq) OR n.taken_back < o.taken_back) THEN
    RAISE EXCEPTION 'a match stays as it was made; it can only be taken back' USING ERRCODE = 'FU002';
  END IF;
  UPDATE campaigns.pool p SET matched = p.matched - m.moved
    FROM (SELECT n.community_id, n.pool_id, sum(n.taken_back - o.taken_back) AS moved
            FROM old_matches o JOIN new_matches n USING (community_id, donation_id, pool_id) GROUP BY 1, 2
          HAVING sum(n.taken_back - o.taken_back) <> 0) m
   WHERE p.community_id = m.community_id AND p.id = m.pool_id;
  UPDATE campaigns.tally t SET matched = t.matched - m.moved
    FROM (SELECT d.community_id, d.campaign_id, sum(n.taken_back - o.taken_back) AS moved
            FROM old_matches o JOIN new_matches n USING (community_id, donation_id, pool_id)
            JOIN campaigns.donation d ON d.community_id = n.community_id AND d.id = n.donation_id
           GROUP BY 1, 2 HAVING sum(n.taken_back - o.taken_back) <> 0) m
   WHERE t.community_id = m.community_id AND t.campaign_id = m.campaign_id;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER match_taken_back AFTER UPDATE ON campaigns.match REFERENCING OLD TABLE AS old_matches NEW TABLE AS new_matches
  FOR EACH STATEMENT EXECUTE FUNCTION campaigns.match_taken_back();
CREATE TRIGGER match_stays BEFORE DELETE OR TRUNCATE ON campaigns.match FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- offer_matches says what the open pools add to donations about to be booked, in
-- the order given, and holds those pools until the transaction ends. Each pool
-- adds its share of the gift while its giver's cap and its rest allow; greedy in
-- order, first within the giver's cap, then within the rest.
-- +goose StatementBegin
CREATE FUNCTION campaigns.offer_matches(community int, donations uuid[], paid timestamptz[])
RETURNS TABLE (donation_id uuid, pool_id int, fund_id int, giver text, amount numeric)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
BEGIN
  PERFORM FROM campaigns.pool p
    WHERE p.community_id = community AND p.closed_at IS NULL AND (p.campaign_id IS NULL OR p.campaign_id IN (
          SELECT d.campaign_id FROM campaigns.donation d WHERE d.community_id = community AND d.id = ANY (donations)))
    ORDER BY p.id FOR UPDATE;
  RETURN QUERY -- a statement of its own: it sees what the one before has waited for
  WITH given AS (
    SELECT u.ord, d.id, d.campaign_id, d.amount, (u.at AT TIME ZONE c.timezone)::date AS day,
           coalesce(lower(nullif(n.email, '')), d.donor_id::text, d.id::text) AS who
      FROM unnest(donations, paid) WITH ORDINALITY AS u (id, at, ord)
      JOIN campaigns.donation d ON d.community_id = community AND d.id = u.id
      JOIN ledger.community c ON c.id = d.community_id
      LEFT JOIN campaigns.donor n ON n.community_id = d.community_id AND n.id = d.donor_id
  ), wanted AS (
    SELECT p.id AS pool, p.fund_id, p.donor_max, p.laid - p.matched - p.settled AS rest, g.ord, g.id,
           encode(sha256(convert_to(community || ':' || p.id || ':' || g.who, 'UTF8')), 'hex') AS giver, trunc(g.amount * p.rate / 100, 2) AS want
      FROM given g JOIN campaigns.pool p
        ON p.community_id = community AND p.closed_at IS NULL AND (p.campaign_id IS NULL OR p.campaign_id = g.campaign_id)
       AND g.day BETWEEN p.starts_on AND p.ends_on
      JOIN ledger.fund f ON f.community_id = community AND f.id = p.fund_id AND f.closed_at IS NULL
  ), capped AS (
    SELECT w.*, CASE WHEN w.donor_max IS NULL THEN w.want ELSE
                least(sum(w.want) OVER mine, h.free) - least(sum(w.want) OVER mine - w.want, h.free) END AS may
      FROM wanted w
      LEFT JOIN LATERAL (SELECT greatest(w.donor_max - coalesce(sum(m.amount - m.taken_back), 0), 0) AS free FROM campaigns.match m
                          WHERE m.community_id = community AND m.pool_id = w.pool AND m.giver = w.giver) h ON w.donor_max IS NOT NULL
    WINDOW mine AS (PARTITION BY w.pool, w.giver ORDER BY w.ord)
  ), met AS (
    SELECT c.*, least(sum(c.may) OVER them, c.rest) - least(sum(c.may) OVER them - c.may, c.rest) AS adds
      FROM capped c WINDOW them AS (PARTITION BY c.pool ORDER BY c.ord)
  )
  SELECT m.id, m.pool, m.fund_id, m.giver, m.adds FROM met m WHERE m.adds > 0 ORDER BY m.ord, m.pool;
END $$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION campaigns.match_made, campaigns.match_taken_back, campaigns.offer_matches FROM PUBLIC;
GRANT EXECUTE ON FUNCTION campaigns.offer_matches TO fund_app;

-- ── Gifts in kind ────────────────────────────────────────────────────

-- Goods with their estimated value are booked; hours are counted and never money.
CREATE TABLE campaigns.in_kind (
  community_id int  NOT NULL REFERENCES ledger.community,
  id           uuid NOT NULL,
  fund_id      int  NOT NULL,
  campaign_id  int,
  donor_id     uuid,
  show_name    boolean NOT NULL DEFAULT false,
  what_zh      text NOT NULL CONSTRAINT in_kind_says_what CHECK (length(what_zh) BETWEEN 1 AND 80),
  what_en      text NOT NULL DEFAULT '',
  value        numeric(18,2) CONSTRAINT in_kind_value_positive CHECK (value > 0),
  valued_by    text NOT NULL DEFAULT '',
  used         boolean NOT NULL DEFAULT false,
  hours        numeric(7,1) CONSTRAINT in_kind_hours_positive CHECK (hours > 0),
  received_on  date NOT NULL,
  entry_seq    bigint,
  entered_by   text NOT NULL,
  entered_at   timestamptz NOT NULL,
  undone_at    timestamptz,
  CONSTRAINT in_kind_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT in_kind_fund FOREIGN KEY (community_id, fund_id) REFERENCES ledger.fund (community_id, id),
  CONSTRAINT in_kind_campaign FOREIGN KEY (community_id, campaign_id) REFERENCES campaigns.campaign (community_id, id),
  CONSTRAINT in_kind_donor FOREIGN KEY (community_id, donor_id) REFERENCES campaigns.donor (community_id, id),
  CONSTRAINT in_kind_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry (community_id, seq),
  CONSTRAINT in_kind_goods_or_hours CHECK ((value IS NULL) <> (hours IS NULL)),
  CONSTRAINT in_kind_goods_are_booked CHECK ((value IS NULL) = (entry_seq IS NULL)),
  CONSTRAINT in_kind_somebody_valued CHECK (value IS NULL OR valued_by <> '')
);
CREATE INDEX in_kind_of_campaign ON campaigns.in_kind (community_id, campaign_id);
COMMENT ON COLUMN campaigns.in_kind.used IS 'used up at once: an expense; else it lies in the stores: inventory';

ALTER TABLE receipt.receipt DROP CONSTRAINT receipt_series_known,
  ADD CONSTRAINT receipt_series_known CHECK (series IN ('donation', 'sale', 'in_kind'));

-- The account of communities that opened their books before: the charts have it now.
INSERT INTO ledger.account (community_id, id, code, name_zh, name_en, type, purpose)
SELECT c.id, (SELECT max(a.id) + 1 FROM ledger.account a WHERE a.community_id = c.id), '410103', '实物捐赠', 'Donations in kind', 'income', 'in_kind_donations'
  FROM ledger.community c
 WHERE NOT EXISTS (SELECT FROM ledger.account a WHERE a.community_id = c.id AND a.code = '410103');

GRANT SELECT ON campaigns.pool, campaigns.match, campaigns.in_kind TO fund_app;
GRANT INSERT, UPDATE (sponsor_zh, sponsor_en, settled, closed_by, closed_at) ON campaigns.pool TO fund_app;
GRANT INSERT, UPDATE (giver, taken_back) ON campaigns.match TO fund_app;
GRANT INSERT, UPDATE (show_name, undone_at) ON campaigns.in_kind TO fund_app;

-- ── What the locking query tells beside ──────────────────────────────

-- As in 0007, and whether an open pool may match the donation (asked once a
-- batch) and which line of the budget it is for: a batch that has neither pays
-- for neither.
DROP FUNCTION campaigns.waiting_donations;
-- +goose StatementBegin
CREATE FUNCTION campaigns.waiting_donations(community int, ids uuid[])
RETURNS TABLE (id uuid, state text, amount numeric, currency char(3), method text, payee text, provider_ref text, commitment bytea,
               entered_by text, campaign_id int, fund_id int, fund_closed boolean, kind text, email text, line int, pooled boolean)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
  pools int[] := array(SELECT coalesce(p.campaign_id, 0) FROM campaigns.pool p WHERE p.community_id = community AND p.closed_at IS NULL);
BEGIN
  RETURN QUERY
  SELECT d.id, d.state, d.amount, d.currency, d.method, d.payee, d.provider_ref, d.commitment, d.entered_by, d.campaign_id,
         c.fund_id, f.closed_at IS NOT NULL, c.kind, nullif(n.email, ''), d.line, 0 = ANY (pools) OR d.campaign_id = ANY (pools)
    FROM campaigns.donation d
    JOIN campaigns.campaign c ON c.community_id = d.community_id AND c.id = d.campaign_id
    JOIN ledger.fund f ON f.community_id = c.community_id AND f.id = c.fund_id
    LEFT JOIN campaigns.donor n ON n.community_id = d.community_id AND n.id = d.donor_id
   WHERE d.community_id = community AND d.id = ANY (ids) ORDER BY d.id FOR UPDATE OF d;
END $$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION campaigns.waiting_donations FROM PUBLIC;
GRANT EXECUTE ON FUNCTION campaigns.waiting_donations TO fund_app;
