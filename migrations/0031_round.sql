-- +goose Up

-- Participatory rounds: a pot, residents' ideas for it, a vote of the households, and a count that anybody can do again.
CREATE SCHEMA round;
GRANT USAGE ON SCHEMA round TO fund_app;

CREATE TABLE round.round (
  community_id  int  NOT NULL REFERENCES ledger.community,
  id            int  NOT NULL,
  slug          text NOT NULL CONSTRAINT round_slug_form CHECK (slug ~ '^[a-z0-9][a-z0-9-]{1,39}$'),
  year          int  NOT NULL,
  title_zh      text NOT NULL CONSTRAINT round_title_form CHECK (length(title_zh) BETWEEN 1 AND 60),
  title_en      text NOT NULL DEFAULT '',
  text_zh       text NOT NULL DEFAULT '',
  text_en       text NOT NULL DEFAULT '',
  pot           numeric(18,2) NOT NULL CONSTRAINT round_pot_positive CHECK (pot > 0),
  method        text NOT NULL CONSTRAINT round_method_known CHECK (method IN ('approval', 'knapsack')),
  choices_max   int  NOT NULL CONSTRAINT round_choices_form CHECK (choices_max BETWEEN 0 AND 99 AND (method = 'approval') = (choices_max > 0)),
  propose_from  date NOT NULL,
  propose_until date NOT NULL,
  vote_from     date NOT NULL,
  vote_until    date NOT NULL,
  salt          bytea NOT NULL CONSTRAINT round_salt_form CHECK (length(salt) = 16),
  made_by       text NOT NULL,
  made_at       timestamptz NOT NULL,
  CONSTRAINT round_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT round_slug_key UNIQUE (community_id, slug),
  CONSTRAINT round_days CHECK (propose_from <= propose_until AND propose_until < vote_from AND vote_from <= vote_until)
);
COMMENT ON COLUMN round.round.choices_max IS 'how many ideas a ballot may choose; 0 where the pot is the limit';
COMMENT ON COLUMN round.round.salt IS 'of the digests of the codes';

CREATE TABLE round.idea (
  community_id int  NOT NULL,
  round_id     int  NOT NULL,
  number       int  NOT NULL,
  form         uuid NOT NULL,
  title        text NOT NULL CONSTRAINT idea_title_form CHECK (length(title) BETWEEN 1 AND 40),
  what         text NOT NULL CONSTRAINT idea_what_form CHECK (length(what) BETWEEN 1 AND 600),
  place        text NOT NULL CONSTRAINT idea_place_form CHECK (length(place) BETWEEN 1 AND 40),
  cost         numeric(18,2) NOT NULL CONSTRAINT idea_cost_positive CHECK (cost > 0),
  category     text NOT NULL CONSTRAINT idea_category_known CHECK (category IN ('elders', 'children', 'neighbours', 'yard', 'mutual_aid')),
  state        text NOT NULL DEFAULT 'waiting' CONSTRAINT idea_state_known CHECK (state IN ('waiting', 'ballot', 'declined', 'withdrawn')),
  why          text NOT NULL DEFAULT '',
  made_at      timestamptz NOT NULL,
  moved_at     timestamptz NOT NULL,
  moved_by     text NOT NULL DEFAULT '',
  project_id   int,
  CONSTRAINT idea_pkey PRIMARY KEY (community_id, round_id, number),
  CONSTRAINT idea_form_key UNIQUE (community_id, form),
  CONSTRAINT idea_round FOREIGN KEY (community_id, round_id) REFERENCES round.round (community_id, id),
  CONSTRAINT idea_project FOREIGN KEY (community_id, project_id) REFERENCES project.project (community_id, id),
  CONSTRAINT idea_project_key UNIQUE (community_id, project_id),
  CONSTRAINT idea_declined_with_a_reason CHECK (state <> 'declined' OR why <> '')
);
COMMENT ON COLUMN round.idea.form IS 'of the form that was sent: a second press writes nothing';

-- Whose idea it is, apart from the idea, so that it can be erased whole.
CREATE TABLE round.proposer (
  community_id int  NOT NULL,
  round_id     int  NOT NULL,
  number       int  NOT NULL,
  name         text NOT NULL CONSTRAINT proposer_name_form CHECK (length(name) BETWEEN 1 AND 40),
  phone        text NOT NULL CONSTRAINT proposer_can_be_called CHECK (length(phone) BETWEEN 5 AND 20),
  CONSTRAINT proposer_pkey PRIMARY KEY (community_id, round_id, number),
  CONSTRAINT proposer_idea FOREIGN KEY (community_id, round_id, number) REFERENCES round.idea (community_id, round_id, number)
);

-- ── Codes and ballots ────────────────────────────────────────────────

-- A batch is what is printed at once, a code for each household of a courtyard.
CREATE TABLE round.batch (
  community_id int  NOT NULL,
  round_id     int  NOT NULL,
  number       int  NOT NULL,
  courtyard    text NOT NULL CONSTRAINT batch_courtyard_form CHECK (length(courtyard) BETWEEN 1 AND 40),
  codes        int  NOT NULL CONSTRAINT batch_codes_form CHECK (codes BETWEEN 1 AND 500),
  made_by      text NOT NULL,
  made_at      timestamptz NOT NULL,
  void_by      text NOT NULL DEFAULT '',
  CONSTRAINT batch_pkey PRIMARY KEY (community_id, round_id, number),
  CONSTRAINT batch_round FOREIGN KEY (community_id, round_id) REFERENCES round.round (community_id, id)
);

-- Of a code only its digest is kept, and whether it has voted: not when, and not how.
CREATE TABLE round.code (
  community_id int   NOT NULL,
  round_id     int   NOT NULL,
  digest       bytea NOT NULL CONSTRAINT code_digest_form CHECK (length(digest) = 32),
  batch        int   NOT NULL,
  used         boolean NOT NULL DEFAULT false,
  CONSTRAINT code_pkey PRIMARY KEY (community_id, round_id, digest),
  CONSTRAINT code_batch FOREIGN KEY (community_id, round_id, batch) REFERENCES round.batch (community_id, round_id, number)
);

-- Ballots as they come in, without their codes. They are gone after the count.
CREATE TABLE round.staged (
  community_id int  NOT NULL,
  round_id     int  NOT NULL,
  id           uuid NOT NULL DEFAULT gen_random_uuid(),
  method       text NOT NULL CONSTRAINT staged_method_known CHECK (method IN ('internet', 'paper')),
  ideas        int[] NOT NULL CONSTRAINT staged_chooses CHECK (cardinality(ideas) > 0),
  CONSTRAINT staged_pkey PRIMARY KEY (community_id, round_id, id),
  CONSTRAINT staged_round FOREIGN KEY (community_id, round_id) REFERENCES round.round (community_id, id)
);

-- ── What was counted ─────────────────────────────────────────────────

CREATE TABLE round.tally (
  community_id int  NOT NULL,
  round_id     int  NOT NULL,
  pot          numeric(18,2) NOT NULL,
  method       text NOT NULL,
  choices_max  int  NOT NULL,
  ballots      int  NOT NULL,
  codes        int  NOT NULL,
  counted_by   text NOT NULL,
  counted_at   timestamptz NOT NULL,
  CONSTRAINT tally_pkey PRIMARY KEY (community_id, round_id),
  CONSTRAINT tally_round FOREIGN KEY (community_id, round_id) REFERENCES round.round (community_id, id)
);

-- The ballots in random order, numbered in it.
CREATE TABLE round.ballot (
  community_id int  NOT NULL,
  round_id     int  NOT NULL,
  number       int  NOT NULL,
  method       text NOT NULL,
  ideas        int[] NOT NULL,
  CONSTRAINT ballot_pkey PRIMARY KEY (community_id, round_id, number),
  CONSTRAINT ballot_tally FOREIGN KEY (community_id, round_id) REFERENCES round.tally (community_id, round_id)
);

-- What came of each idea on the ballot, at the cost it was voted on.
CREATE TABLE round.result (
  community_id int  NOT NULL,
  round_id     int  NOT NULL,
  number       int  NOT NULL,
  rank         int  NOT NULL,
  cost         numeric(18,2) NOT NULL,
  votes        int  NOT NULL,
  selected     boolean NOT NULL,
  CONSTRAINT result_pkey PRIMARY KEY (community_id, round_id, number),
  CONSTRAINT result_rank_key UNIQUE (community_id, round_id, rank),
  CONSTRAINT result_tally FOREIGN KEY (community_id, round_id) REFERENCES round.tally (community_id, round_id),
  CONSTRAINT result_idea FOREIGN KEY (community_id, round_id, number) REFERENCES round.idea (community_id, round_id, number)
);

CREATE TRIGGER tally_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON round.tally FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER ballot_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON round.ballot FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER result_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON round.result FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- ── What is refused, whoever asks ────────────────────────────────────

-- Once somebody has voted, what is voted on stays as it was read.
-- +goose StatementBegin
CREATE FUNCTION round.refuse_after_votes() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  of_round int := CASE WHEN TG_TABLE_NAME = 'round' THEN to_jsonb(NEW) ->> 'id' ELSE to_jsonb(NEW) ->> 'round_id' END;
BEGIN
  PERFORM FROM round.round r WHERE r.community_id = NEW.community_id AND r.id = of_round FOR NO KEY UPDATE;
  IF EXISTS (SELECT FROM round.staged s WHERE s.community_id = NEW.community_id AND s.round_id = of_round)
     OR EXISTS (SELECT FROM round.tally t WHERE t.community_id = NEW.community_id AND t.round_id = of_round) THEN
    RAISE EXCEPTION 'round % is being voted on', of_round USING ERRCODE = 'FU064';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER round_stays_as_voted_on BEFORE UPDATE OF pot, method, choices_max, vote_from, vote_until ON round.round
  FOR EACH ROW EXECUTE FUNCTION round.refuse_after_votes();
CREATE TRIGGER idea_stays_as_voted_on BEFORE UPDATE OF title, what, place, cost, category, state ON round.idea
  FOR EACH ROW EXECUTE FUNCTION round.refuse_after_votes();

-- cast_ballot is the only door for a ballot: it takes the code and keeps the ballot, and nothing that ties the two.
-- +goose StatementBegin
CREATE FUNCTION round.cast_ballot(community int, of_round int, with_digest bytea, chosen int[], by_method text, on_day date)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  r round.round;
  sorted int[] := ARRAY(SELECT u FROM unnest(chosen) u ORDER BY u);
  known int;
  cost numeric;
BEGIN
  SELECT * INTO r FROM round.round WHERE community_id = community AND id = of_round FOR SHARE;
  IF NOT FOUND OR on_day NOT BETWEEN r.vote_from AND r.vote_until
     OR EXISTS (SELECT FROM round.tally t WHERE t.community_id = community AND t.round_id = of_round) THEN
    RAISE EXCEPTION 'round % is not being voted on', of_round USING ERRCODE = 'FU062';
  END IF;
  UPDATE round.code c SET used = true WHERE c.community_id = community AND c.round_id = of_round AND c.digest = with_digest AND NOT c.used;
  IF NOT FOUND THEN
    IF EXISTS (SELECT FROM round.code c WHERE c.community_id = community AND c.round_id = of_round AND c.digest = with_digest) THEN
      RAISE EXCEPTION 'this code has voted' USING ERRCODE = 'FU061';
    END IF;
    RAISE EXCEPTION 'no such code' USING ERRCODE = 'FU060';
  END IF;
  SELECT count(*), coalesce(sum(i.cost), 0) INTO known, cost FROM round.idea i
   WHERE i.community_id = community AND i.round_id = of_round AND i.state = 'ballot' AND i.number = ANY (sorted);
  IF known = 0 OR known <> cardinality(sorted) OR r.method = 'approval' AND known > r.choices_max OR r.method = 'knapsack' AND cost > r.pot THEN
    RAISE EXCEPTION 'this ballot is not as the round has it' USING ERRCODE = 'FU063';
  END IF;
  INSERT INTO round.staged (community_id, round_id, method, ideas) VALUES (community, of_round, by_method, sorted);
END $$;
-- +goose StatementEnd

-- count_ballots freezes the ballots in random order, deletes them where they came in, and counts: by votes, at a tie the
-- cheaper idea, then the lower number; an idea that no longer fits into the pot is passed over.
-- +goose StatementBegin
CREATE FUNCTION round.count_ballots(community int, of_round int, who text, at timestamptz, on_day date)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  r round.round;
  rest numeric;
  line record;
BEGIN
  SELECT * INTO r FROM round.round WHERE community_id = community AND id = of_round FOR UPDATE;
  IF NOT FOUND OR on_day <= r.vote_until THEN
    RAISE EXCEPTION 'the vote of round % has not ended', of_round USING ERRCODE = 'FU065';
  END IF;
  INSERT INTO round.tally (community_id, round_id, pot, method, choices_max, ballots, codes, counted_by, counted_at)
  SELECT community, of_round, r.pot, r.method, r.choices_max,
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
    INSERT INTO round.result (community_id, round_id, number, rank, cost, votes, selected)
    VALUES (community, of_round, line.number, line.rank, line.cost, line.votes, line.cost <= rest);
    IF line.cost <= rest THEN
      rest := rest - line.cost;
    END IF;
  END LOOP;
END $$;
-- +goose StatementEnd

REVOKE ALL ON FUNCTION round.cast_ballot, round.count_ballots FROM PUBLIC;
GRANT EXECUTE ON FUNCTION round.cast_ballot, round.count_ballots TO fund_app;
GRANT SELECT ON ALL TABLES IN SCHEMA round TO fund_app;
REVOKE SELECT ON round.staged FROM fund_app;
GRANT SELECT (community_id, round_id) ON round.staged TO fund_app;
GRANT INSERT ON round.round, round.idea, round.proposer, round.batch, round.code TO fund_app;
GRANT UPDATE (title_zh, title_en, text_zh, text_en, pot, method, choices_max, propose_from, propose_until, vote_from, vote_until) ON round.round TO fund_app;
GRANT UPDATE (title, what, place, cost, category, state, why, moved_at, moved_by, project_id) ON round.idea TO fund_app;
GRANT UPDATE (void_by) ON round.batch TO fund_app;
GRANT DELETE ON round.proposer, round.code TO fund_app;
