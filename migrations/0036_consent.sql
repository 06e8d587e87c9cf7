-- +goose Up

-- A voted line is not overspent, whatever verb posts: nothing moves between a project that a council votes on and another fund
-- but by a motion that passed; and such a project spends no more than reached it.

-- A resolution may be about a project, too: one that gifts pay for needs consent and no money of a motion.
ALTER TABLE council.motion DROP CONSTRAINT motion_line_is_of_a_project;
ALTER TABLE council.motion ADD CONSTRAINT motion_line_is_of_a_project CHECK (CASE kind WHEN 'budget_line' THEN project_id IS NOT NULL WHEN 'transfer' THEN project_id IS NULL ELSE true END);
CREATE INDEX motion_project_ref ON council.motion (community_id, project_id) WHERE project_id IS NOT NULL;

-- Entries that moved such a project's money. Each waits for a motion's word in council.use until the commit, which fails without.
CREATE TABLE council.moved (
  community_id int    NOT NULL,
  entry_seq    bigint NOT NULL,
  CONSTRAINT moved_pkey PRIMARY KEY (community_id, entry_seq),
  CONSTRAINT moved_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry (community_id, seq)
);
GRANT SELECT ON council.moved TO fund_app;
CREATE TRIGGER moved_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON council.moved FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- +goose StatementBegin
-- Whether a council votes, or has voted, on money for the project whose fund it is.
CREATE FUNCTION council.votes_on(community int, fund int) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM council.motion m WHERE m.community_id = community AND m.to_fund = fund AND m.kind = 'budget_line' AND m.state NOT IN ('draft', 'withdrawn'))
$$;

-- Behind the ledger's own guard of postings (its name sorts after it), so that balances are written.
CREATE FUNCTION council.voted_fund_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  f record;
BEGIN
  IF NOT EXISTS (SELECT FROM (SELECT DISTINCT n.community_id, n.fund_id FROM new_postings n) n
                   JOIN council.motion m ON m.community_id = n.community_id AND m.to_fund = n.fund_id AND m.kind = 'budget_line') THEN
    RETURN NULL; -- most entries
  END IF;
  FOR f IN
    SELECT d.community_id, d.fund_id, d.between_id, d.delta, d.lent, x.code, b.net_assets
      FROM (SELECT n.community_id, n.fund_id, coalesce(sum(n.amount) FILTER (WHERE a.type IN ('asset', 'liability')), 0) AS delta,
                   coalesce(sum(n.amount) FILTER (WHERE a.purpose = 'between_funds'), 0) AS lent, min(a.id) FILTER (WHERE a.purpose = 'between_funds') AS between_id
              FROM new_postings n JOIN ledger.account a ON a.community_id = n.community_id AND a.id = n.account_id GROUP BY 1, 2) d
      JOIN ledger.fund x ON x.community_id = d.community_id AND x.id = d.fund_id AND x.kind <> 'general'
      JOIN ledger.fund_balance b ON b.community_id = d.community_id AND b.fund_id = d.fund_id
     WHERE council.votes_on(d.community_id, d.fund_id)
  LOOP
    IF f.delta < 0 AND f.net_assets < 0 THEN
      RAISE EXCEPTION 'project fund % has % and would be left with %', f.code, f.net_assets - f.delta, f.net_assets
        USING ERRCODE = 'FU005', DETAIL = f.code || ' ' || (f.net_assets - f.delta);
    END IF;
    -- Net assets of the project: in or out, unless an old entry is undone that brought some in, or a sponsor's pool matches
    -- gifts under its own rule; and one fund's expense that is the project's income.
    INSERT INTO council.moved (community_id, entry_seq)
    SELECT f.community_id, n.seq
      FROM new_postings n
      JOIN ledger.account a ON a.community_id = n.community_id AND a.id = n.account_id
      JOIN ledger.journal_entry e ON e.community_id = n.community_id AND e.seq = n.seq AND e.kind NOT IN ('year_end', 'match', 'match_back', 'pool', 'pool_rest')
     WHERE n.community_id = f.community_id
     GROUP BY n.seq, e.kind, e.reverses_seq
    HAVING bool_or(n.fund_id = f.fund_id AND a.type = 'net_assets')
       AND (e.reverses_seq IS NULL
            OR sum(n.amount) FILTER (WHERE n.fund_id = f.fund_id AND a.type = 'net_assets') < 0
               AND NOT EXISTS (SELECT FROM council.use u WHERE u.community_id = f.community_id AND u.entry_seq = e.reverses_seq))
        OR e.kind IN ('manual', 'import', 'recurring') AND bool_or(n.fund_id = f.fund_id AND a.type = 'income' AND n.amount < 0)
           AND bool_or(n.fund_id <> f.fund_id AND a.type = 'expense' AND n.amount > 0)
    ON CONFLICT DO NOTHING;
    -- A loan between funds, unless it comes back.
    IF f.lent <> 0 THEN
      INSERT INTO council.moved (community_id, entry_seq)
      SELECT DISTINCT n.community_id, n.seq
        FROM new_postings n
       WHERE n.community_id = f.community_id AND n.fund_id = f.fund_id AND n.account_id = f.between_id
         AND (SELECT (sum(b.debit - b.credit) - f.lent) * f.lent >= 0 OR abs(sum(b.debit - b.credit) - f.lent) < abs(f.lent)
                FROM ledger.balance b WHERE b.community_id = f.community_id AND b.fund_id = f.fund_id AND b.account_id = f.between_id)
      ON CONFLICT DO NOTHING;
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

CREATE FUNCTION council.moved_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM council.use u WHERE u.community_id = NEW.community_id AND u.entry_seq = NEW.entry_seq) THEN
    PERFORM council.refuse('transfer_is_voted', 'this money moves by a motion that passed');
  END IF;
  RETURN NULL;
END $$;

-- As in 0030, and nothing but the motion's two funds may move in its entry.
CREATE OR REPLACE FUNCTION council.use_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  m    council.motion;
  away numeric;
  here numeric;
  else_moved boolean;
BEGIN
  SELECT * INTO m FROM council.motion x WHERE x.community_id = NEW.community_id AND x.id = NEW.motion_id FOR UPDATE;
  IF m.state IS DISTINCT FROM 'passed' OR m.kind = 'resolution' THEN
    PERFORM council.refuse('use_of_passed_motion', 'only a motion that passed, about money, unlocks it');
  END IF;
  SELECT coalesce(sum(p.amount) FILTER (WHERE p.fund_id = m.from_fund AND a.type = 'net_assets'), 0),
         coalesce(-sum(p.amount) FILTER (WHERE p.fund_id = m.to_fund AND a.type = 'net_assets'), 0),
         bool_or(p.fund_id NOT IN (m.from_fund, m.to_fund) OR a.purpose = 'between_funds' OR a.type IN ('income', 'expense'))
    INTO away, here, else_moved
    FROM ledger.posting p JOIN ledger.account a ON a.community_id = p.community_id AND a.id = p.account_id
   WHERE p.community_id = NEW.community_id AND p.seq = NEW.entry_seq;
  IF away <> NEW.amount OR here <> NEW.amount OR else_moved THEN
    PERFORM council.refuse('use_as_posted', 'the entry does not move that much between the motion''s funds, and nothing else');
  END IF;
  RETURN NEW;
END $$;

-- As in 0030, for restricted money alone: of a project's fund the guard above knows.
CREATE OR REPLACE FUNCTION council.transfer_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM council.use u WHERE u.community_id = NEW.community_id AND u.entry_seq = NEW.seq) THEN
    RETURN NULL;
  END IF;
  IF EXISTS (SELECT FROM ledger.posting p JOIN ledger.fund f ON f.community_id = p.community_id AND f.id = p.fund_id
               JOIN ledger.account a ON a.community_id = p.community_id AND a.id = p.account_id
              WHERE p.community_id = NEW.community_id AND p.seq = NEW.seq AND f.restricted AND a.type = 'net_assets' AND p.amount > 0)
     AND EXISTS (SELECT FROM council.council c WHERE c.community_id = NEW.community_id AND c.founded_on <= NEW.entry_date) THEN
    PERFORM council.refuse('transfer_is_voted', 'this money moves by a motion that passed');
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd

DROP TRIGGER transfer_is_voted ON ledger.journal_entry;
CREATE CONSTRAINT TRIGGER transfer_is_voted AFTER INSERT ON ledger.journal_entry DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.kind IN ('transfer', 'manual', 'import', 'recurring') AND NEW.reverses_seq IS NULL) EXECUTE FUNCTION council.transfer_guard();
CREATE TRIGGER posting_of_voted_fund AFTER INSERT ON ledger.posting REFERENCING NEW TABLE AS new_postings
  FOR EACH STATEMENT EXECUTE FUNCTION council.voted_fund_guard();
CREATE CONSTRAINT TRIGGER moved_by_motion AFTER INSERT ON council.moved DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION council.moved_guard();
REVOKE ALL ON FUNCTION council.votes_on FROM PUBLIC;

-- ── Minutes are signed ───────────────────────────────────────────────

-- A member who was there signs with their own log-in, once.
CREATE TABLE council.signature (
  community_id int NOT NULL,
  council_id   int NOT NULL,
  year         int NOT NULL,
  number       int NOT NULL,
  member       int NOT NULL,
  signed_by    text NOT NULL CONSTRAINT signature_by_somebody CHECK (signed_by <> ''),
  signed_at    timestamptz NOT NULL,
  CONSTRAINT signature_pkey PRIMARY KEY (community_id, council_id, year, number, member),
  CONSTRAINT signature_minutes FOREIGN KEY (community_id, council_id, year, number) REFERENCES council.minutes (community_id, council_id, year, number),
  CONSTRAINT signature_member FOREIGN KEY (community_id, council_id, member) REFERENCES council.member (community_id, council_id, number)
);
CREATE TRIGGER signature_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON council.signature FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
GRANT SELECT, INSERT ON council.signature TO fund_app;

-- +goose StatementBegin
CREATE FUNCTION council.signature_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM council.member m WHERE m.community_id = NEW.community_id AND m.council_id = NEW.council_id AND m.number = NEW.member AND m.user_subject = NEW.signed_by) THEN
    PERFORM council.refuse('signature_own', 'everybody signs with their own log-in');
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER signature_guard BEFORE INSERT ON council.signature FOR EACH ROW EXECUTE FUNCTION council.signature_guard();

-- ── A round's least support ──────────────────────────────────────────

ALTER TABLE round.round ADD COLUMN support_min int NOT NULL DEFAULT 0 CONSTRAINT round_support_form CHECK (support_min BETWEEN 0 AND 9999);
ALTER TABLE round.tally ADD COLUMN support_min int NOT NULL DEFAULT 0;
COMMENT ON COLUMN round.round.support_min IS 'an idea with fewer votes is not chosen, even where the pot would pay it; 0 in rounds held before there was such a rule';
GRANT UPDATE (support_min) ON round.round TO fund_app;
DROP TRIGGER round_stays_as_voted_on ON round.round;
CREATE TRIGGER round_stays_as_voted_on BEFORE UPDATE OF pot, method, choices_max, support_min, vote_from, vote_until ON round.round
  FOR EACH ROW EXECUTE FUNCTION round.refuse_after_votes();

-- As in 0031, and an idea needs the round's least support.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION round.count_ballots(community int, of_round int, who text, at timestamptz, on_day date)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  r round.round;
  rest numeric;
  line record;
  chosen boolean;
BEGIN
  SELECT * INTO r FROM round.round WHERE community_id = community AND id = of_round FOR UPDATE;
  IF NOT FOUND OR on_day <= r.vote_until THEN
    RAISE EXCEPTION 'the vote of round % has not ended', of_round USING ERRCODE = 'FU065';
  END IF;
  INSERT INTO round.tally (community_id, round_id, pot, method, choices_max, support_min, ballots, codes, counted_by, counted_at)
  SELECT community, of_round, r.pot, r.method, r.choices_max, r.support_min,
         (SELECT count(*) FROM round.staged s WHERE s.community_id = community AND s.round_id = of_round),
         (SELECT count(*) FROM round.code c WHERE c.community_id = community AND c.round_id = of_round), who, at;
  INSERT INTO round.ballot (community_id, round_id, number, method, ideas)
  SELECT community, of_round, row_number() OVER (), m.method, m.ideas
    FROM (SELECT s.method, s.ideas FROM round.staged s WHERE s.community_id = community AND s.round_id = of_round ORDER BY gen_random_uuid()) m;
  DELETE FROM round.staged s WHERE s.community_id = community AND s.round_id = of_round;
  rest := r.pot;
  FOR line IN
    SELECT i.number, i.cost, count(b.number) AS votes, row_number() OVER (ORDER BY count(b.number) DESC, i.cost, i.number) AS rank
      FROM round.idea i
      LEFT JOIN round.ballot b ON b.community_id = i.community_id AND b.round_id = i.round_id AND i.number = ANY (b.ideas)
     WHERE i.community_id = community AND i.round_id = of_round AND i.state = 'ballot'
     GROUP BY i.number, i.cost ORDER BY rank
  LOOP
    chosen := line.votes >= r.support_min AND line.cost <= rest;
    INSERT INTO round.result (community_id, round_id, number, rank, cost, votes, selected)
    VALUES (community, of_round, line.number, line.rank, line.cost, line.votes, chosen);
    IF chosen THEN
      rest := rest - line.cost;
    END IF;
  END LOOP;
END $$;
-- +goose StatementEnd
