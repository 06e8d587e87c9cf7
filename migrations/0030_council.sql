-- +goose Up

-- Councils: who sits in them, what they vote on, how the votes were counted, and the money that a motion that passed unlocks.
CREATE SCHEMA council;
GRANT USAGE ON SCHEMA council TO fund_app;

CREATE TABLE council.council (
  community_id int  NOT NULL REFERENCES ledger.community,
  id           int  NOT NULL,
  slug         text NOT NULL CONSTRAINT council_slug_form CHECK (slug ~ '^[a-z0-9][a-z0-9-]{1,59}$'),
  level        text NOT NULL CONSTRAINT council_level_known CHECK (level IN ('compound', 'group', 'community')),
  parent_id    int,
  name_zh      text NOT NULL CONSTRAINT council_name_form CHECK (length(name_zh) BETWEEN 1 AND 40),
  name_en      text NOT NULL DEFAULT '',
  founded_on   date NOT NULL,
  CONSTRAINT council_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT council_slug_key UNIQUE (community_id, slug),
  CONSTRAINT council_parent FOREIGN KEY (community_id, parent_id) REFERENCES council.council (community_id, id),
  CONSTRAINT council_has_a_parent CHECK ((level = 'community') = (parent_id IS NULL))
);

-- The rule of a council, as it was at each time: a vote keeps the one under which it was opened.
CREATE TABLE council.rule (
  community_id  int  NOT NULL,
  council_id    int  NOT NULL,
  n             int  NOT NULL,
  quorum_num    int  NOT NULL,
  quorum_den    int  NOT NULL,
  majority_num  int  NOT NULL,
  majority_den  int  NOT NULL,
  majority_over boolean NOT NULL,
  secret        boolean NOT NULL,
  conflicted_count boolean NOT NULL,
  set_by        text NOT NULL CONSTRAINT rule_set_by_somebody CHECK (set_by <> ''),
  set_at        timestamptz NOT NULL,
  CONSTRAINT rule_pkey PRIMARY KEY (community_id, council_id, n),
  CONSTRAINT rule_council FOREIGN KEY (community_id, council_id) REFERENCES council.council (community_id, id),
  CONSTRAINT rule_quorum_is_a_share CHECK (quorum_num BETWEEN 1 AND quorum_den AND quorum_den <= 100),
  CONSTRAINT rule_majority_is_a_share CHECK (majority_num BETWEEN 1 AND majority_den AND majority_den <= 100 AND (majority_num < majority_den OR NOT majority_over))
);
COMMENT ON COLUMN council.rule.majority_over IS 'true: more than that share of the valid votes; false: that share or more';
COMMENT ON COLUMN council.rule.conflicted_count IS 'whether who declared a conflict is still one of those a quorum is counted of';

-- A seat is held in public: the name is published with its term. Nothing else about the person is kept here.
CREATE TABLE council.member (
  community_id int  NOT NULL,
  council_id   int  NOT NULL,
  number       int  NOT NULL,
  name         text NOT NULL CONSTRAINT member_name_form CHECK (length(name) BETWEEN 1 AND 40),
  office       text NOT NULL DEFAULT '' CONSTRAINT member_office_known CHECK (office IN ('', 'chair', 'secretary')),
  user_subject text NOT NULL DEFAULT '',
  from_on      date NOT NULL,
  until_on     date NOT NULL,
  CONSTRAINT member_pkey PRIMARY KEY (community_id, council_id, number),
  CONSTRAINT member_council FOREIGN KEY (community_id, council_id) REFERENCES council.council (community_id, id),
  CONSTRAINT member_term CHECK (until_on >= from_on)
);
COMMENT ON COLUMN council.member.user_subject IS 'whose log-in votes for the seat; empty: on paper alone';
CREATE TABLE council.motion (
  community_id int  NOT NULL,
  id           uuid NOT NULL,
  council_id   int  NOT NULL,
  year         int  NOT NULL,
  number       int  NOT NULL CONSTRAINT motion_number_positive CHECK (number > 0),
  kind         text NOT NULL CONSTRAINT motion_kind_known CHECK (kind IN ('budget_line', 'transfer', 'resolution')),
  title_zh     text NOT NULL CONSTRAINT motion_title_form CHECK (length(title_zh) BETWEEN 1 AND 80),
  title_en     text NOT NULL DEFAULT '' CONSTRAINT motion_title_en_form CHECK (length(title_en) <= 120),
  text_zh      text NOT NULL DEFAULT '' CONSTRAINT motion_text_form CHECK (length(text_zh) <= 4000),
  text_en      text NOT NULL DEFAULT '' CONSTRAINT motion_text_en_form CHECK (length(text_en) <= 6000),
  amount       numeric(18,2) CONSTRAINT motion_amount_positive CHECK (amount > 0),
  from_fund    int,
  to_fund      int,
  project_id   int,
  state        text NOT NULL DEFAULT 'draft' CONSTRAINT motion_state_known
    CHECK (state IN ('draft', 'open', 'passed', 'failed', 'no_quorum', 'withdrawn', 'escalated')),
  proposed_by  int  NOT NULL,
  proposed_at  timestamptz NOT NULL,
  rule_n       int,
  opened_on    date,
  until        date,
  moved_by     text NOT NULL CONSTRAINT motion_moved_by_somebody CHECK (moved_by <> ''),
  moved_at     timestamptz NOT NULL,
  why          text NOT NULL DEFAULT '' CONSTRAINT motion_why_form CHECK (length(why) <= 200),
  escalates    uuid,
  CONSTRAINT motion_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT motion_number_key UNIQUE (community_id, council_id, year, number),
  CONSTRAINT motion_escalated_once UNIQUE (community_id, escalates),
  CONSTRAINT motion_council FOREIGN KEY (community_id, council_id) REFERENCES council.council (community_id, id),
  CONSTRAINT motion_rule FOREIGN KEY (community_id, council_id, rule_n) REFERENCES council.rule (community_id, council_id, n),
  CONSTRAINT motion_from_fund FOREIGN KEY (community_id, from_fund) REFERENCES ledger.fund (community_id, id),
  CONSTRAINT motion_to_fund FOREIGN KEY (community_id, to_fund) REFERENCES ledger.fund (community_id, id),
  CONSTRAINT motion_project FOREIGN KEY (community_id, project_id) REFERENCES project.project (community_id, id),
  CONSTRAINT motion_escalates FOREIGN KEY (community_id, escalates) REFERENCES council.motion (community_id, id),
  CONSTRAINT motion_says_what_money CHECK (CASE WHEN kind = 'resolution' THEN num_nonnulls(amount, from_fund, to_fund) = 0
    ELSE num_nulls(amount, from_fund, to_fund) = 0 AND from_fund <> to_fund END),
  CONSTRAINT motion_line_is_of_a_project CHECK ((kind = 'budget_line') = (project_id IS NOT NULL)),
  CONSTRAINT motion_opened_whole CHECK (num_nulls(rule_n, opened_on, until) IN (0, 3) AND until >= opened_on),
  CONSTRAINT motion_voted_after_opening CHECK (state IN ('draft', 'withdrawn') OR rule_n IS NOT NULL),
  CONSTRAINT motion_moved_with_a_reason CHECK (state NOT IN ('withdrawn', 'escalated') OR why <> '')
);
CREATE INDEX motion_unlocks ON council.motion (community_id, to_fund) WHERE kind <> 'resolution';

CREATE TABLE council.paper (
  community_id int  NOT NULL,
  motion_id    uuid NOT NULL,
  n            int  NOT NULL,
  title        text NOT NULL CONSTRAINT paper_title_form CHECK (length(title) BETWEEN 1 AND 80),
  media        text NOT NULL CONSTRAINT paper_media_known CHECK (media = 'application/pdf'),
  content      bytea NOT NULL CONSTRAINT paper_content_form CHECK (length(content) BETWEEN 1 AND 5000000),
  added_by     text NOT NULL,
  added_at     timestamptz NOT NULL,
  CONSTRAINT paper_pkey PRIMARY KEY (community_id, motion_id, n),
  CONSTRAINT paper_motion FOREIGN KEY (community_id, motion_id) REFERENCES council.motion (community_id, id)
);

CREATE TABLE council.comment (
  community_id int  NOT NULL,
  motion_id    uuid NOT NULL,
  n            int  NOT NULL,
  member       int  NOT NULL,
  council_id   int  NOT NULL,
  text         text NOT NULL CONSTRAINT comment_text_form CHECK (length(text) BETWEEN 1 AND 1000),
  at           timestamptz NOT NULL,
  CONSTRAINT comment_pkey PRIMARY KEY (community_id, motion_id, n),
  CONSTRAINT comment_motion FOREIGN KEY (community_id, motion_id) REFERENCES council.motion (community_id, id),
  CONSTRAINT comment_member FOREIGN KEY (community_id, council_id, member) REFERENCES council.member (community_id, council_id, number)
);

-- ── The vote ─────────────────────────────────────────────────────────

-- Who may vote on a motion, written down when it opens, and who did. In an open vote, how; in a secret one that stands in
-- council.ballot, where nothing says whose it is.
CREATE TABLE council.roll (
  community_id int  NOT NULL,
  motion_id    uuid NOT NULL,
  council_id   int  NOT NULL,
  member       int  NOT NULL,
  way          text CONSTRAINT roll_way_known CHECK (way IN ('online', 'paper')),
  choice       text CONSTRAINT roll_choice_known CHECK (choice IN ('for', 'against', 'abstain')),
  voted_on     date,
  conflict     text NOT NULL DEFAULT '' CONSTRAINT roll_conflict_form CHECK (length(conflict) <= 200),
  CONSTRAINT roll_pkey PRIMARY KEY (community_id, motion_id, member),
  CONSTRAINT roll_motion FOREIGN KEY (community_id, motion_id) REFERENCES council.motion (community_id, id),
  CONSTRAINT roll_member FOREIGN KEY (community_id, council_id, member) REFERENCES council.member (community_id, council_id, number),
  CONSTRAINT roll_voted_on_a_day CHECK ((way IS NULL) = (voted_on IS NULL)),
  CONSTRAINT vote_without_conflict CHECK (way IS NULL OR conflict = ''),
  CONSTRAINT roll_choice_online CHECK (choice IS NULL OR way IS NOT DISTINCT FROM 'online')
);

-- A secret vote. The code is the digest of what its voter alone was given, with which it may be changed. Each vote writes all
-- the ballots of its motion again in another order, so that neither place nor age of a row tells whose it is.
CREATE TABLE council.ballot (
  community_id int   NOT NULL,
  motion_id    uuid  NOT NULL,
  code         bytea NOT NULL CONSTRAINT ballot_code_form CHECK (length(code) = 32),
  choice       text  NOT NULL CONSTRAINT ballot_choice_known CHECK (choice IN ('for', 'against', 'abstain')),
  CONSTRAINT ballot_pkey PRIMARY KEY (community_id, motion_id, code),
  CONSTRAINT ballot_motion FOREIGN KEY (community_id, motion_id) REFERENCES council.motion (community_id, id)
);

-- Sheets of paper, counted by two people of whom the second does not know what the first found.
CREATE TABLE council.paper_count (
  community_id int  NOT NULL,
  motion_id    uuid NOT NULL,
  round        int  NOT NULL,
  counted_by   text NOT NULL CONSTRAINT paper_count_by_somebody CHECK (counted_by <> ''),
  in_favour    int  NOT NULL,
  against      int  NOT NULL,
  abstained    int  NOT NULL,
  spoilt       int  NOT NULL,
  counted_at   timestamptz NOT NULL,
  agreed       boolean,
  CONSTRAINT paper_count_two_people PRIMARY KEY (community_id, motion_id, round, counted_by),
  CONSTRAINT paper_count_motion FOREIGN KEY (community_id, motion_id) REFERENCES council.motion (community_id, id),
  CONSTRAINT paper_count_not_negative CHECK (least(in_favour, against, abstained, spoilt) >= 0)
);
COMMENT ON COLUMN council.paper_count.agreed IS 'null for the first of a round; whether the second found the same';

-- What came of a vote. Whoever writes the row names the motion and themselves; the figures are the database''s own count.
CREATE TABLE council.result (
  community_id int  NOT NULL,
  motion_id    uuid NOT NULL,
  members      int  NOT NULL,
  conflicted   int  NOT NULL,
  counted_of   int  NOT NULL,
  needed       int  NOT NULL,
  present      int  NOT NULL,
  online       int  NOT NULL,
  paper        int  NOT NULL,
  in_favour    int  NOT NULL,
  against      int  NOT NULL,
  abstained    int  NOT NULL,
  spoilt       int  NOT NULL,
  to_pass      int  NOT NULL,
  outcome      text NOT NULL CONSTRAINT result_outcome_known CHECK (outcome IN ('passed', 'failed', 'no_quorum')),
  closed_by    text NOT NULL CONSTRAINT result_closed_by_somebody CHECK (closed_by <> ''),
  closed_at    timestamptz NOT NULL,
  CONSTRAINT result_pkey PRIMARY KEY (community_id, motion_id),
  CONSTRAINT result_motion FOREIGN KEY (community_id, motion_id) REFERENCES council.motion (community_id, id)
);
COMMENT ON COLUMN council.result.counted_of IS 'those a quorum is a share of';
COMMENT ON COLUMN council.result.needed IS 'so many of them had to take part';
COMMENT ON COLUMN council.result.to_pass IS 'so many votes in favour were needed, of the valid ones, abstentions among them';

-- ── Minutes and money ────────────────────────────────────────────────

CREATE TABLE council.minutes (
  community_id int  NOT NULL,
  council_id   int  NOT NULL,
  year         int  NOT NULL,
  number       int  NOT NULL CONSTRAINT minutes_number_positive CHECK (number > 0),
  held_on      date NOT NULL,
  body         text NOT NULL,
  hash         bytea NOT NULL,
  made_by      text NOT NULL CONSTRAINT minutes_made_by_somebody CHECK (made_by <> ''),
  made_at      timestamptz NOT NULL,
  CONSTRAINT minutes_pkey PRIMARY KEY (community_id, council_id, year, number),
  CONSTRAINT minutes_council FOREIGN KEY (community_id, council_id) REFERENCES council.council (community_id, id),
  CONSTRAINT minutes_hash_of_body CHECK (hash = sha256(convert_to(body, 'UTF8')))
);
COMMENT ON COLUMN council.minutes.body IS 'all that the paper says, as JSON; the hash is of these bytes';

CREATE TABLE council.minuted (
  community_id int  NOT NULL,
  motion_id    uuid NOT NULL,
  council_id   int  NOT NULL,
  year         int  NOT NULL,
  number       int  NOT NULL,
  CONSTRAINT minuted_pkey PRIMARY KEY (community_id, motion_id),
  CONSTRAINT minuted_result FOREIGN KEY (community_id, motion_id) REFERENCES council.result (community_id, motion_id),
  CONSTRAINT minuted_minutes FOREIGN KEY (community_id, council_id, year, number) REFERENCES council.minutes (community_id, council_id, year, number)
);

-- What an entry took of the money that a motion allowed; negative where it gave some back.
CREATE TABLE council.use (
  community_id int    NOT NULL,
  entry_seq    bigint NOT NULL,
  motion_id    uuid   NOT NULL,
  amount       numeric(18,2) NOT NULL CONSTRAINT use_not_zero CHECK (amount <> 0),
  CONSTRAINT use_pkey PRIMARY KEY (community_id, entry_seq),
  CONSTRAINT use_motion FOREIGN KEY (community_id, motion_id) REFERENCES council.motion (community_id, id),
  CONSTRAINT use_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry (community_id, seq)
);
CREATE INDEX use_of_motion ON council.use (community_id, motion_id);

-- ── Guards: for whoever writes, the owner too ────────────────────────

-- +goose StatementBegin
CREATE FUNCTION council.refuse(rule text, says text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', says USING ERRCODE = '23514', CONSTRAINT = rule;
END $$;

CREATE FUNCTION council.council_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.parent_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM council.council p WHERE p.community_id = NEW.community_id AND p.id = NEW.parent_id
       AND array_position('{compound,group,community}'::text[], p.level) > array_position('{compound,group,community}'::text[], NEW.level)) THEN
    PERFORM council.refuse('council_parent_above', 'a council''s parent is of a higher level');
  END IF;
  RETURN NEW;
END $$;

-- Nobody holds two seats of one council at once, and each office has one holder.
CREATE FUNCTION council.member_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('council ' || NEW.community_id || ' ' || NEW.council_id, 0));
  IF EXISTS (SELECT FROM council.member m WHERE m.community_id = NEW.community_id AND m.council_id = NEW.council_id AND m.number <> NEW.number
                AND m.from_on <= NEW.until_on AND NEW.from_on <= m.until_on
                AND (m.user_subject = NEW.user_subject AND m.user_subject <> '' OR m.office = NEW.office AND m.office <> '')) THEN
    PERFORM council.refuse('member_one_seat', 'the log-in has a seat already, or the office a holder');
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION council.motion_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.kind = 'budget_line' AND NOT EXISTS (
    SELECT FROM project.project p WHERE p.community_id = NEW.community_id AND p.id = NEW.project_id AND p.fund_id = NEW.to_fund) THEN
    PERFORM council.refuse('motion_line_fund', 'a budget line''s money goes to its project''s fund');
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'draft' THEN
      PERFORM council.refuse('motion_state', 'a motion begins as a draft');
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.council_id, NEW.year, NEW.number, NEW.proposed_by, NEW.proposed_at, NEW.escalates) IS DISTINCT FROM
     (OLD.council_id, OLD.year, OLD.number, OLD.proposed_by, OLD.proposed_at, OLD.escalates)
     OR OLD.state <> 'draft' AND (NEW.kind, NEW.title_zh, NEW.title_en, NEW.text_zh, NEW.text_en, NEW.amount, NEW.from_fund, NEW.to_fund, NEW.project_id, NEW.rule_n, NEW.opened_on, NEW.until)
       IS DISTINCT FROM (OLD.kind, OLD.title_zh, OLD.title_en, OLD.text_zh, OLD.text_en, OLD.amount, OLD.from_fund, OLD.to_fund, OLD.project_id, OLD.rule_n, OLD.opened_on, OLD.until) THEN
    RAISE EXCEPTION 'motion %-% stays as it was opened', OLD.year, OLD.number USING ERRCODE = 'FU002';
  END IF;
  IF OLD.state = NEW.state THEN
    RETURN NEW;
  END IF;
  IF OLD.state = 'draft' AND NEW.state = 'open' AND NEW.rule_n = (
       SELECT max(r.n) FROM council.rule r WHERE r.community_id = NEW.community_id AND r.council_id = NEW.council_id)
     OR OLD.state IN ('draft', 'open') AND NEW.state = 'withdrawn'
     OR OLD.state = 'open' AND EXISTS (SELECT FROM council.result r WHERE r.community_id = NEW.community_id AND r.motion_id = NEW.id AND r.outcome = NEW.state)
     OR OLD.state IN ('passed', 'failed', 'no_quorum') AND NEW.state = 'escalated'
        AND NOT EXISTS (SELECT FROM council.use u WHERE u.community_id = NEW.community_id AND u.motion_id = NEW.id) THEN
    RETURN NEW;
  END IF;
  PERFORM council.refuse('motion_state', format('a motion that is %s does not become %s', OLD.state, NEW.state));
END $$;

-- Who sits in the council on the day a vote opens may vote on it.
CREATE FUNCTION council.call_roll() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO council.roll (community_id, motion_id, council_id, member)
  SELECT m.community_id, NEW.id, m.council_id, m.number FROM council.member m
   WHERE m.community_id = NEW.community_id AND m.council_id = NEW.council_id AND NEW.opened_on BETWEEN m.from_on AND m.until_on ORDER BY m.number;
  IF NOT FOUND THEN
    PERFORM council.refuse('motion_has_voters', 'nobody sits in the council on that day');
  END IF;
  RETURN NULL;
END $$;

-- The motion, locked, if it is being voted on.
CREATE FUNCTION council.voting(community int, of_motion uuid) RETURNS council.motion LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  m council.motion;
BEGIN
  SELECT * INTO m FROM council.motion x WHERE x.community_id = community AND x.id = of_motion FOR UPDATE;
  IF m.state IS DISTINCT FROM 'open' THEN
    PERFORM council.refuse('vote_is_open', 'the motion is not being voted on');
  END IF;
  RETURN m;
END $$;

CREATE FUNCTION council.is_secret(m council.motion) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.secret FROM council.rule r WHERE r.community_id = m.community_id AND r.council_id = m.council_id AND r.n = m.rule_n
$$;

CREATE FUNCTION council.roll_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  m council.motion := council.voting(NEW.community_id, NEW.motion_id);
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.motion_id, NEW.council_id, NEW.member) IS DISTINCT FROM (OLD.motion_id, OLD.council_id, OLD.member)
     OR NEW.council_id <> m.council_id THEN
    PERFORM council.refuse('vote_by_member', 'the roll is of the council''s members');
  END IF;
  IF NOT EXISTS (SELECT FROM council.member x WHERE x.community_id = NEW.community_id AND x.council_id = NEW.council_id AND x.number = NEW.member
                    AND coalesce(NEW.voted_on, m.opened_on) BETWEEN x.from_on AND x.until_on) THEN
    PERFORM council.refuse('vote_in_term', 'a member votes in term');
  END IF;
  IF NEW.voted_on NOT BETWEEN m.opened_on AND m.until THEN
    PERFORM council.refuse('vote_is_open', 'votes are given on the days of the vote');
  END IF;
  IF NEW.way = 'online' AND (NEW.choice IS NULL) <> council.is_secret(m) THEN
    PERFORM council.refuse('vote_by_rule', 'an open vote says how, a secret one does not');
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.way IS NOT NULL AND (NEW.way IS DISTINCT FROM OLD.way AND (OLD.way = 'online' OR NEW.way IS NOT NULL) OR NEW.conflict <> OLD.conflict) THEN
    PERFORM council.refuse('vote_once', 'the member has voted');
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.way IS DISTINCT FROM OLD.way AND 'paper' IN (NEW.way, OLD.way)
     AND EXISTS (SELECT FROM council.paper_count p WHERE p.community_id = NEW.community_id AND p.motion_id = NEW.motion_id) THEN
    PERFORM council.refuse('paper_is_counted', 'the sheets are being counted');
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION council.ballot_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  b council.ballot := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  IF NOT council.is_secret(council.voting(b.community_id, b.motion_id)) THEN
    PERFORM council.refuse('vote_by_rule', 'the vote is an open one');
  END IF;
  RETURN b;
END $$;

-- A member's vote online. Given again, it is changed: in a secret vote for whoever has the code of the first.
CREATE FUNCTION council.cast_vote(community int, of_motion uuid, of_member int, on_day date, chosen text, voters_code bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  m      council.motion := council.voting(community, of_motion);
  secret boolean := council.is_secret(m);
  before text;
  mixed  council.ballot[];
BEGIN
  SELECT coalesce(r.way, '') INTO before FROM council.roll r WHERE r.community_id = community AND r.motion_id = of_motion AND r.member = of_member FOR UPDATE;
  IF before IS NULL THEN
    PERFORM council.refuse('vote_by_member', 'only members vote');
  END IF;
  UPDATE council.roll r SET way = 'online', voted_on = on_day, choice = CASE WHEN NOT secret THEN chosen END
   WHERE r.community_id = community AND r.motion_id = of_motion AND r.member = of_member;
  IF NOT secret THEN
    RETURN;
  END IF;
  IF before = '' THEN
    INSERT INTO council.ballot VALUES (community, of_motion, voters_code, chosen);
  ELSE
    UPDATE council.ballot b SET choice = chosen WHERE b.community_id = community AND b.motion_id = of_motion AND b.code = voters_code;
    IF NOT FOUND THEN
      PERFORM council.refuse('vote_code', 'no ballot has that code');
    END IF;
  END IF;
  SELECT array_agg(b ORDER BY random()) INTO mixed FROM council.ballot b WHERE b.community_id = community AND b.motion_id = of_motion;
  DELETE FROM council.ballot b WHERE b.community_id = community AND b.motion_id = of_motion;
  INSERT INTO council.ballot SELECT (unnest(mixed)).*;
END $$;

CREATE FUNCTION council.paper_count_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  m      council.motion := council.voting(NEW.community_id, NEW.motion_id);
  first  council.paper_count;
  latest int;
  sheets int;
BEGIN
  SELECT count(*) INTO sheets FROM council.roll r WHERE r.community_id = m.community_id AND r.motion_id = m.id AND r.way = 'paper';
  IF NEW.in_favour + NEW.against + NEW.abstained + NEW.spoilt > sheets THEN
    PERFORM council.refuse('paper_more_than_sheets', 'more sheets than people who took one');
  END IF;
  IF EXISTS (SELECT FROM council.paper_count p WHERE p.community_id = m.community_id AND p.motion_id = m.id AND p.agreed) THEN
    PERFORM council.refuse('paper_is_counted', 'two people have agreed on the count');
  END IF;
  SELECT max(p.round) INTO latest FROM council.paper_count p WHERE p.community_id = m.community_id AND p.motion_id = m.id;
  SELECT * INTO first FROM council.paper_count p WHERE p.community_id = m.community_id AND p.motion_id = m.id AND p.round = latest
     AND NOT EXISTS (SELECT FROM council.paper_count q WHERE q.community_id = p.community_id AND q.motion_id = p.motion_id AND q.round = p.round AND q.agreed IS NOT NULL);
  IF first IS NULL THEN
    NEW.round := coalesce(latest, 0) + 1;
    NEW.agreed := NULL;
  ELSIF first.counted_by = NEW.counted_by THEN
    PERFORM council.refuse('paper_count_two_people', 'the second count is somebody else''s');
  ELSE
    NEW.round := latest;
    NEW.agreed := (NEW.in_favour, NEW.against, NEW.abstained, NEW.spoilt) = (first.in_favour, first.against, first.abstained, first.spoilt);
  END IF;
  RETURN NEW;
END $$;

-- The count. Under the rule the vote was opened with: the quorum is a share of the members on the roll, the majority one of the
-- valid votes, abstentions among them. Before its last day is over a vote closes only on that day, or once everybody has voted.
CREATE FUNCTION council.count_votes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  m     council.motion := council.voting(NEW.community_id, NEW.motion_id);
  r     council.rule;
  p     council.paper_count;
  today date;
  missing int;
  sheets  int;
  valid   int;
BEGIN
  SELECT * INTO r FROM council.rule x WHERE x.community_id = m.community_id AND x.council_id = m.council_id AND x.n = m.rule_n;
  SELECT (NEW.closed_at AT TIME ZONE c.timezone)::date INTO today FROM ledger.community c WHERE c.id = m.community_id;
  SELECT count(*), count(*) FILTER (WHERE x.conflict <> ''), count(*) FILTER (WHERE x.way = 'online'), count(*) FILTER (WHERE x.way = 'paper'),
         count(*) FILTER (WHERE x.way IS NULL AND x.conflict = '')
    INTO NEW.members, NEW.conflicted, NEW.online, sheets, missing
    FROM council.roll x WHERE x.community_id = m.community_id AND x.motion_id = m.id;
  IF missing > 0 AND today < m.until THEN
    PERFORM council.refuse('vote_not_over', 'not everybody has voted, and the vote is not over');
  END IF;
  SELECT * INTO p FROM council.paper_count x WHERE x.community_id = m.community_id AND x.motion_id = m.id AND x.agreed;
  IF sheets > 0 AND p IS NULL THEN
    PERFORM council.refuse('paper_to_be_counted', 'two people have to count the sheets and agree');
  END IF;
  SELECT count(*) FILTER (WHERE x.choice = 'for'), count(*) FILTER (WHERE x.choice = 'against'), count(*) FILTER (WHERE x.choice = 'abstain')
    INTO NEW.in_favour, NEW.against, NEW.abstained
    FROM (SELECT b.choice FROM council.ballot b WHERE b.community_id = m.community_id AND b.motion_id = m.id
          UNION ALL SELECT b.choice FROM council.roll b WHERE b.community_id = m.community_id AND b.motion_id = m.id AND b.choice IS NOT NULL) x;
  IF NEW.in_favour + NEW.against + NEW.abstained <> NEW.online THEN
    PERFORM council.refuse('ballots_as_voters', 'there are not as many ballots as voters');
  END IF;
  NEW.in_favour := NEW.in_favour + coalesce(p.in_favour, 0);
  NEW.against   := NEW.against + coalesce(p.against, 0);
  NEW.abstained := NEW.abstained + coalesce(p.abstained, 0);
  NEW.spoilt    := coalesce(p.spoilt, 0);
  valid         := NEW.in_favour + NEW.against + NEW.abstained;
  NEW.paper     := valid + NEW.spoilt - NEW.online;
  NEW.present   := valid + NEW.spoilt;
  NEW.counted_of := NEW.members - CASE WHEN r.conflicted_count THEN 0 ELSE NEW.conflicted END;
  NEW.needed    := greatest(1, ceil(NEW.counted_of::numeric * r.quorum_num / r.quorum_den));
  NEW.to_pass   := greatest(1, CASE WHEN r.majority_over THEN floor(valid::numeric * r.majority_num / r.majority_den) + 1
                                    ELSE ceil(valid::numeric * r.majority_num / r.majority_den) END);
  NEW.outcome   := CASE WHEN NEW.present < NEW.needed THEN 'no_quorum' WHEN NEW.in_favour >= NEW.to_pass THEN 'passed' ELSE 'failed' END;
  RETURN NEW;
END $$;

CREATE FUNCTION council.freeze_result() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE council.motion SET state = NEW.outcome, moved_by = NEW.closed_by, moved_at = NEW.closed_at WHERE community_id = NEW.community_id AND id = NEW.motion_id;
  RETURN NULL;
END $$;

-- What a motion's money has been used, entries that were reversed left out.
CREATE FUNCTION council.used(community int, of_motion uuid) RETURNS numeric LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(sum(u.amount), 0.00) FROM council.use u
   WHERE u.community_id = community AND u.motion_id = of_motion
     AND NOT EXISTS (SELECT FROM ledger.journal_entry r WHERE r.community_id = u.community_id AND r.reverses_seq = u.entry_seq)
$$;

CREATE FUNCTION council.within_vote(m council.motion) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  used numeric := council.used(m.community_id, m.id);
BEGIN
  IF used NOT BETWEEN 0 AND m.amount THEN
    PERFORM council.refuse('use_within_vote', format('motion %s-%s allows %s, and %s would be used', m.year, m.number, m.amount, used));
  END IF;
END $$;

CREATE FUNCTION council.use_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  m    council.motion;
  away numeric;
  here numeric;
BEGIN
  SELECT * INTO m FROM council.motion x WHERE x.community_id = NEW.community_id AND x.id = NEW.motion_id FOR UPDATE;
  IF m.state IS DISTINCT FROM 'passed' OR m.kind = 'resolution' THEN
    PERFORM council.refuse('use_of_passed_motion', 'only a motion that passed, about money, unlocks it');
  END IF;
  SELECT coalesce(sum(p.amount) FILTER (WHERE p.fund_id = m.from_fund), 0), coalesce(-sum(p.amount) FILTER (WHERE p.fund_id = m.to_fund), 0)
    INTO away, here
    FROM ledger.posting p JOIN ledger.account a ON a.community_id = p.community_id AND a.id = p.account_id
   WHERE p.community_id = NEW.community_id AND p.seq = NEW.entry_seq AND a.type = 'net_assets';
  IF away <> NEW.amount OR here <> NEW.amount THEN
    PERFORM council.refuse('use_as_posted', 'the entry does not move that much between the motion''s funds');
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION council.use_sum() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  m council.motion;
BEGIN
  SELECT * INTO m FROM council.motion x WHERE x.community_id = NEW.community_id AND x.id = NEW.motion_id;
  PERFORM council.within_vote(m);
  RETURN NULL;
END $$;

-- A reversal gives back what its entry took, and takes again what it gave back.
CREATE FUNCTION council.reversal_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  m council.motion;
BEGIN
  SELECT x.* INTO m FROM council.use u JOIN council.motion x ON x.community_id = u.community_id AND x.id = u.motion_id
   WHERE u.community_id = NEW.community_id AND u.entry_seq = NEW.reverses_seq FOR UPDATE OF x;
  IF FOUND THEN
    PERFORM council.within_vote(m);
  ELSIF EXISTS (SELECT FROM ledger.journal_entry r JOIN council.use u ON u.community_id = r.community_id AND u.entry_seq = r.reverses_seq
                 WHERE r.community_id = NEW.community_id AND r.seq = NEW.reverses_seq) THEN
    PERFORM council.refuse('use_not_revived', 'what a motion''s entry moved is moved again by a new entry, not by undoing its reversal');
  END IF;
  RETURN NULL;
END $$;

-- A project that a council has voted on, and restricted money once there is a council: moved by a motion alone.
CREATE FUNCTION council.transfer_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM council.use u WHERE u.community_id = NEW.community_id AND u.entry_seq = NEW.seq) THEN
    RETURN NULL;
  END IF;
  IF EXISTS (SELECT FROM ledger.posting p JOIN council.motion m ON m.community_id = p.community_id AND m.to_fund = p.fund_id
                JOIN ledger.account a ON a.community_id = p.community_id AND a.id = p.account_id AND a.type = 'net_assets'
              WHERE p.community_id = NEW.community_id AND p.seq = NEW.seq AND m.project_id IS NOT NULL AND m.state NOT IN ('draft', 'withdrawn')
                AND m.opened_on <= NEW.entry_date)
     OR EXISTS (SELECT FROM ledger.posting p JOIN ledger.fund f ON f.community_id = p.community_id AND f.id = p.fund_id
                  JOIN ledger.account a ON a.community_id = p.community_id AND a.id = p.account_id
                 WHERE p.community_id = NEW.community_id AND p.seq = NEW.seq AND f.restricted AND a.type = 'net_assets' AND p.amount > 0)
        AND EXISTS (SELECT FROM council.council c WHERE c.community_id = NEW.community_id AND c.founded_on <= NEW.entry_date) THEN
    PERFORM council.refuse('transfer_is_voted', 'this money moves by a motion that passed');
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd

CREATE TRIGGER council_guard BEFORE INSERT OR UPDATE ON council.council FOR EACH ROW EXECUTE FUNCTION council.council_guard();
CREATE TRIGGER member_guard BEFORE INSERT OR UPDATE ON council.member FOR EACH ROW EXECUTE FUNCTION council.member_guard();
CREATE TRIGGER motion_guard BEFORE INSERT OR UPDATE ON council.motion FOR EACH ROW EXECUTE FUNCTION council.motion_guard();
CREATE TRIGGER motion_calls_the_roll AFTER UPDATE ON council.motion FOR EACH ROW WHEN (OLD.state = 'draft' AND NEW.state = 'open') EXECUTE FUNCTION council.call_roll();
CREATE TRIGGER roll_guard BEFORE INSERT OR UPDATE ON council.roll FOR EACH ROW EXECUTE FUNCTION council.roll_guard();
CREATE TRIGGER ballot_guard BEFORE INSERT OR UPDATE OR DELETE ON council.ballot FOR EACH ROW EXECUTE FUNCTION council.ballot_guard();
CREATE TRIGGER paper_count_guard BEFORE INSERT ON council.paper_count FOR EACH ROW EXECUTE FUNCTION council.paper_count_guard();
CREATE TRIGGER result_is_counted BEFORE INSERT ON council.result FOR EACH ROW EXECUTE FUNCTION council.count_votes();
CREATE TRIGGER result_is_frozen AFTER INSERT ON council.result FOR EACH ROW EXECUTE FUNCTION council.freeze_result();
CREATE TRIGGER use_guard BEFORE INSERT ON council.use FOR EACH ROW EXECUTE FUNCTION council.use_guard();
CREATE TRIGGER use_sum AFTER INSERT ON council.use FOR EACH ROW EXECUTE FUNCTION council.use_sum();
CREATE TRIGGER reversal_stays_within_vote AFTER INSERT ON ledger.journal_entry FOR EACH ROW WHEN (NEW.reverses_seq IS NOT NULL) EXECUTE FUNCTION council.reversal_guard();
CREATE CONSTRAINT TRIGGER transfer_is_voted AFTER INSERT ON ledger.journal_entry DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.kind IN ('transfer', 'manual') AND NEW.reverses_seq IS NULL) EXECUTE FUNCTION council.transfer_guard();

CREATE TRIGGER rule_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON council.rule FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER motion_stays BEFORE DELETE OR TRUNCATE ON council.motion FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER roll_stays BEFORE DELETE OR TRUNCATE ON council.roll FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER ballot_stays BEFORE TRUNCATE ON council.ballot FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER paper_count_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON council.paper_count FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER result_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON council.result FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER minutes_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON council.minutes FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER minuted_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON council.minuted FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER use_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON council.use FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- The server sees no ballot and no figure of a count: what it may read of them is the result.
GRANT SELECT ON council.council, council.rule, council.member, council.motion, council.paper, council.comment, council.roll, council.result, council.minutes, council.minuted, council.use TO fund_app;
GRANT SELECT (community_id, motion_id, round, counted_by, counted_at, agreed) ON council.paper_count TO fund_app;
GRANT INSERT ON council.council, council.rule, council.member, council.motion, council.paper, council.comment, council.paper_count, council.minutes, council.minuted, council.use TO fund_app;
GRANT INSERT (community_id, motion_id, closed_by, closed_at) ON council.result TO fund_app;
GRANT UPDATE (name, office, user_subject, until_on) ON council.member TO fund_app;
GRANT UPDATE (kind, title_zh, title_en, text_zh, text_en, amount, from_fund, to_fund, project_id, state, rule_n, opened_on, until, moved_by, moved_at, why) ON council.motion TO fund_app;
GRANT UPDATE (way, voted_on, conflict) ON council.roll TO fund_app;
REVOKE ALL ON FUNCTION council.cast_vote FROM public;
GRANT EXECUTE ON FUNCTION council.cast_vote TO fund_app;
