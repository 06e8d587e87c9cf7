-- +goose Up

-- The life of a project: proposed by a resident, checked, agreed by a council, run, reported, settled. Each step says who, when and why.

ALTER TABLE project.project
  ALTER COLUMN slug DROP NOT NULL,
  ALTER COLUMN fund_id DROP NOT NULL,
  ADD COLUMN need_zh   text NOT NULL DEFAULT '' CONSTRAINT project_need_form CHECK (length(need_zh) <= 2000),
  ADD COLUMN need_en   text NOT NULL DEFAULT '' CONSTRAINT project_need_en_form CHECK (length(need_en) <= 3000),
  ADD COLUMN people_zh text NOT NULL DEFAULT '' CONSTRAINT project_people_form CHECK (length(people_zh) <= 120),
  ADD COLUMN people_en text NOT NULL DEFAULT '' CONSTRAINT project_people_en_form CHECK (length(people_en) <= 200),
  ADD COLUMN own_zh    text NOT NULL DEFAULT '' CONSTRAINT project_own_form CHECK (length(own_zh) <= 300),
  ADD COLUMN own_en    text NOT NULL DEFAULT '' CONSTRAINT project_own_en_form CHECK (length(own_en) <= 500),
  ADD COLUMN history   boolean NOT NULL DEFAULT false,
  DROP CONSTRAINT project_state_known, DROP CONSTRAINT project_has_consent, DROP CONSTRAINT project_title_form,
  DROP CONSTRAINT project_runs_from_a_day, DROP CONSTRAINT project_done_on_a_day;
COMMENT ON COLUMN project.project.slug IS 'null until the staff has checked the proposal, like the fund';
COMMENT ON COLUMN project.project.own_zh IS 'what the people who propose bring along themselves';
COMMENT ON COLUMN project.project.history IS 'written down afterwards from older papers';

-- Who moved a project into which state, when and why: the state follows from the last of them.
CREATE TABLE project.step (
  community_id int  NOT NULL,
  project_id   int  NOT NULL,
  n            int  NOT NULL,
  was          text NOT NULL,
  state        text NOT NULL,
  by_whom      text NOT NULL CONSTRAINT step_by_somebody CHECK (by_whom <> ''),
  why          text NOT NULL DEFAULT '' CONSTRAINT step_why_form CHECK (length(why) <= 600),
  at           timestamptz NOT NULL,
  day          date,
  motion_id    uuid,
  CONSTRAINT step_pkey PRIMARY KEY (community_id, project_id, n),
  CONSTRAINT step_project FOREIGN KEY (community_id, project_id) REFERENCES project.project (community_id, id),
  CONSTRAINT step_motion FOREIGN KEY (community_id, motion_id) REFERENCES council.motion (community_id, id)
);
COMMENT ON COLUMN project.step.day IS 'on which it was agreed, began or ended, where that is not the day it was written down';

-- What is there already was written down afterwards, as far as it had come.
UPDATE project.project SET history = true;
INSERT INTO project.step (community_id, project_id, n, was, state, by_whom, at, day)
SELECT p.community_id, p.id, row_number() OVER (PARTITION BY p.community_id, p.id ORDER BY s.n), s.was, s.state, 'history', coalesce(s.day, make_date(p.year, 1, 1)), s.day
  FROM project.project p
 CROSS JOIN LATERAL (VALUES (1, 'draft', 'proposed', NULL::date), (2, 'draft', 'agreed', p.agreed_on), (3, 'agreed', 'running', p.started_on), (4, 'running', 'done', p.ended_on)) s (n, was, state, day)
 WHERE CASE p.state WHEN 'proposed' THEN s.n = 1 WHEN 'agreed' THEN s.n = 2 WHEN 'running' THEN s.n IN (2, 3) ELSE s.n > 1 END;

ALTER TABLE project.project
  ALTER COLUMN state SET DEFAULT 'draft',
  ADD CONSTRAINT project_state_known CHECK (state IN ('draft', 'proposed', 'returned', 'checked', 'agreed', 'running', 'done', 'settled', 'declined', 'withdrawn')),
  ADD CONSTRAINT project_title_form CHECK (length(title_zh) <= 80 AND (title_zh <> '' OR state IN ('declined', 'withdrawn'))),
  ADD CONSTRAINT project_has_consent CHECK (state NOT IN ('agreed', 'running', 'done', 'settled') OR (agreed_on IS NOT NULL AND council_zh <> '')),
  ADD CONSTRAINT project_has_its_fund CHECK ((slug IS NULL) = (fund_id IS NULL) AND (fund_id IS NOT NULL OR state NOT IN ('checked', 'agreed', 'running', 'done', 'settled'))),
  ADD CONSTRAINT project_runs_from_a_day CHECK (state NOT IN ('running', 'done', 'settled') OR started_on IS NOT NULL),
  ADD CONSTRAINT project_done_on_a_day CHECK ((state IN ('done', 'settled')) = (ended_on IS NOT NULL));

-- The key to a resident's proposal, and who they are: both go when it is erased.
CREATE TABLE project.proposal (
  community_id int  NOT NULL,
  project_id   int  NOT NULL,
  token        text NOT NULL CONSTRAINT proposal_token_form CHECK (token ~ '^[a-z2-7]{26}$'),
  lang         text NOT NULL,
  created_at   timestamptz NOT NULL,
  CONSTRAINT proposal_pkey PRIMARY KEY (community_id, project_id),
  CONSTRAINT proposal_token_key UNIQUE (community_id, token),
  CONSTRAINT proposal_project FOREIGN KEY (community_id, project_id) REFERENCES project.project (community_id, id)
);
COMMENT ON COLUMN project.proposal.token IS '130 random bits: whoever has the address may change the proposal while it is theirs';
CREATE TABLE project.contact (
  community_id int  NOT NULL,
  project_id   int  NOT NULL,
  name         text NOT NULL,
  phone        text NOT NULL DEFAULT '',
  email        text NOT NULL DEFAULT '',
  CONSTRAINT contact_pkey PRIMARY KEY (community_id, project_id),
  CONSTRAINT contact_proposal FOREIGN KEY (community_id, project_id) REFERENCES project.proposal (community_id, project_id)
);

-- ── Money: which line of the budget an entry's expense falls on ──────

CREATE TABLE project.spent_on (
  community_id int    NOT NULL,
  entry_seq    bigint NOT NULL,
  project_id   int    NOT NULL,
  line         int    NOT NULL,
  amount       numeric(18,2) NOT NULL CONSTRAINT spent_on_not_zero CHECK (amount <> 0),
  put_by       text   NOT NULL CONSTRAINT spent_on_put_by_somebody CHECK (put_by <> ''),
  CONSTRAINT spent_on_pkey PRIMARY KEY (community_id, entry_seq, project_id, line),
  CONSTRAINT spent_on_line FOREIGN KEY (community_id, project_id, line) REFERENCES project.budget_line (community_id, project_id, line),
  CONSTRAINT spent_on_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry (community_id, seq)
);
CREATE INDEX spent_on_of_project ON project.spent_on (community_id, project_id, line);

-- A payment request may name the line that it will fall on.
ALTER TABLE spending.request
  ADD COLUMN project_id int,
  ADD COLUMN line int,
  ADD CONSTRAINT request_line_whole CHECK ((project_id IS NULL) = (line IS NULL)),
  ADD CONSTRAINT request_line FOREIGN KEY (community_id, project_id, line) REFERENCES project.budget_line (community_id, project_id, line);

-- ── What is done: milestones, activities, stories ────────────────────

CREATE TABLE project.milestone (
  community_id int  NOT NULL,
  project_id   int  NOT NULL,
  number       int  NOT NULL,
  title_zh     text NOT NULL CONSTRAINT milestone_title_form CHECK (length(title_zh) BETWEEN 1 AND 80),
  title_en     text NOT NULL DEFAULT '' CONSTRAINT milestone_title_en_form CHECK (length(title_en) <= 120),
  due_on       date NOT NULL,
  done_on      date,
  done_by      text NOT NULL DEFAULT '',
  note         text NOT NULL DEFAULT '' CONSTRAINT milestone_note_form CHECK (length(note) <= 300),
  CONSTRAINT milestone_pkey PRIMARY KEY (community_id, project_id, number),
  CONSTRAINT milestone_project FOREIGN KEY (community_id, project_id) REFERENCES project.project (community_id, id),
  CONSTRAINT milestone_done_by_somebody CHECK ((done_on IS NULL) = (done_by = ''))
);
CREATE TABLE project.milestone_picture (
  community_id int  NOT NULL,
  picture_id   uuid NOT NULL,
  project_id   int  NOT NULL,
  number       int  NOT NULL,
  CONSTRAINT milestone_picture_pkey PRIMARY KEY (community_id, picture_id),
  CONSTRAINT milestone_picture_of FOREIGN KEY (community_id, project_id, number) REFERENCES project.milestone (community_id, project_id, number),
  CONSTRAINT milestone_picture FOREIGN KEY (community_id, picture_id) REFERENCES campaigns.picture (community_id, id)
);
CREATE TABLE project.milestone_entry (
  community_id int    NOT NULL,
  project_id   int    NOT NULL,
  number       int    NOT NULL,
  entry_seq    bigint NOT NULL,
  CONSTRAINT milestone_entry_pkey PRIMARY KEY (community_id, project_id, number, entry_seq),
  CONSTRAINT milestone_entry_of FOREIGN KEY (community_id, project_id, number) REFERENCES project.milestone (community_id, project_id, number),
  CONSTRAINT milestone_entry_posted FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry (community_id, seq)
);

ALTER TABLE project.outcome
  ADD COLUMN signed_in  int CONSTRAINT outcome_signed_in_of_those_there CHECK (signed_in BETWEEN 0 AND person_times),
  ADD COLUMN minutes    int NOT NULL DEFAULT 0 CONSTRAINT outcome_minutes_not_negative CHECK (minutes >= 0),
  ADD COLUMN goods_zh   text NOT NULL DEFAULT '' CONSTRAINT outcome_goods_form CHECK (length(goods_zh) <= 120),
  ADD COLUMN goods_en   text NOT NULL DEFAULT '' CONSTRAINT outcome_goods_en_form CHECK (length(goods_en) <= 200),
  ADD COLUMN struck_why text NOT NULL DEFAULT '' CONSTRAINT outcome_struck_form CHECK (length(struck_why) <= 200),
  ADD COLUMN by_whom    text NOT NULL DEFAULT '';
COMMENT ON COLUMN project.outcome.signed_in IS 'signatures on the sheet; null where there was none';
COMMENT ON COLUMN project.outcome.minutes IS 'volunteers'' time';
COMMENT ON COLUMN project.outcome.struck_why IS 'it was written down by mistake: why it counts no more';

-- What somebody told, with their consent; the row goes when they take it back.
CREATE TABLE project.story (
  community_id int  NOT NULL,
  project_id   int  NOT NULL,
  number       int  NOT NULL,
  text_zh      text NOT NULL CONSTRAINT story_text_form CHECK (length(text_zh) BETWEEN 1 AND 600),
  text_en      text NOT NULL DEFAULT '' CONSTRAINT story_text_en_form CHECK (length(text_en) <= 900),
  name         text NOT NULL DEFAULT '' CONSTRAINT story_name_form CHECK (length(name) <= 40),
  consent      text NOT NULL CONSTRAINT story_consent_known CHECK (consent IN ('signed', 'spoken')),
  consented_on date NOT NULL,
  told_to      text NOT NULL CONSTRAINT story_told_to_somebody CHECK (told_to <> ''),
  CONSTRAINT story_pkey PRIMARY KEY (community_id, project_id, number),
  CONSTRAINT story_project FOREIGN KEY (community_id, project_id) REFERENCES project.project (community_id, id)
);
COMMENT ON COLUMN project.story.name IS 'as they want to be named; empty: they consented to the story alone';

-- The end report: words while it is written, and once adopted all its figures as of one entry.
CREATE TABLE project.report (
  community_id int  NOT NULL,
  project_id   int  NOT NULL,
  done_zh      text NOT NULL DEFAULT '' CONSTRAINT report_done_form CHECK (length(done_zh) <= 2000),
  done_en      text NOT NULL DEFAULT '' CONSTRAINT report_done_en_form CHECK (length(done_en) <= 3000),
  learned_zh   text NOT NULL DEFAULT '' CONSTRAINT report_learned_form CHECK (length(learned_zh) <= 1000),
  learned_en   text NOT NULL DEFAULT '' CONSTRAINT report_learned_en_form CHECK (length(learned_en) <= 1500),
  written_by   text NOT NULL CONSTRAINT report_written_by_somebody CHECK (written_by <> ''),
  written_at   timestamptz NOT NULL,
  as_of        bigint,
  body         text,
  hash         bytea,
  adopted_by   text,
  adopted_at   timestamptz,
  CONSTRAINT report_pkey PRIMARY KEY (community_id, project_id),
  CONSTRAINT report_project FOREIGN KEY (community_id, project_id) REFERENCES project.project (community_id, id),
  CONSTRAINT report_adopted_whole CHECK (num_nulls(as_of, body, hash, adopted_by, adopted_at) IN (0, 5)),
  CONSTRAINT report_hash_of_body CHECK (hash = sha256(convert_to(body, 'UTF8'))),
  CONSTRAINT report_adopted_with_words CHECK (body IS NULL OR done_zh <> '')
);
COMMENT ON COLUMN project.report.body IS 'all figures of the report, as JSON; names and stories are not in it';

-- ── Guards: for whoever writes, the owner too ────────────────────────

-- A council may consent to a project that gifts pay for: a resolution that names it.
ALTER TABLE council.motion
  DROP CONSTRAINT motion_line_is_of_a_project,
  ADD CONSTRAINT motion_line_is_of_a_project CHECK (CASE kind WHEN 'budget_line' THEN project_id IS NOT NULL WHEN 'transfer' THEN project_id IS NULL ELSE true END);
CREATE INDEX motion_of_project ON council.motion (community_id, project_id) WHERE project_id IS NOT NULL;

-- +goose StatementBegin
CREATE FUNCTION project.refuse(rule text, says text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', says USING ERRCODE = '23514', CONSTRAINT = rule;
END $$;

-- What is left in a project's fund.
CREATE FUNCTION project.left_over(p project.project) RETURNS numeric LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce((SELECT b.net_assets FROM ledger.fund_balance b WHERE b.community_id = p.community_id AND b.fund_id = p.fund_id), 0.00)
$$;

-- Consent: a motion about the project that passed, the residents' vote of a round, or older papers of a council that is not kept here.
CREATE FUNCTION project.consented(p project.project, by_motion uuid) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE
    WHEN by_motion IS NOT NULL THEN EXISTS (
      SELECT FROM council.motion m WHERE m.community_id = p.community_id AND m.id = by_motion AND m.project_id = p.id AND m.state = 'passed')
    WHEN p.history THEN NOT EXISTS (
      SELECT FROM council.council c WHERE c.community_id = p.community_id AND c.name_zh = p.council_zh AND c.founded_on <= p.agreed_on)
    ELSE EXISTS (
      SELECT FROM round.idea i JOIN round.result r ON r.community_id = i.community_id AND r.round_id = i.round_id AND r.number = i.number
       WHERE i.community_id = p.community_id AND i.project_id = p.id AND r.selected)
  END
$$;

CREATE FUNCTION project.step_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  p project.project;
BEGIN
  SELECT * INTO p FROM project.project x WHERE x.community_id = NEW.community_id AND x.id = NEW.project_id FOR UPDATE;
  IF p IS NULL THEN
    PERFORM project.refuse('step_project', 'there is no such project');
  END IF;
  NEW.was := p.state;
  SELECT coalesce(max(s.n), 0) + 1 INTO NEW.n FROM project.step s WHERE s.community_id = NEW.community_id AND s.project_id = NEW.project_id;
  IF NOT (CASE NEW.was
      WHEN 'draft'    THEN NEW.state IN ('proposed', 'withdrawn') OR NEW.state = 'agreed' AND p.history
      WHEN 'proposed' THEN NEW.state IN ('returned', 'checked', 'declined', 'withdrawn')
      WHEN 'returned' THEN NEW.state IN ('proposed', 'withdrawn')
      WHEN 'checked'  THEN NEW.state IN ('agreed', 'declined', 'withdrawn')
      WHEN 'agreed'   THEN NEW.state IN ('running', 'withdrawn')
      WHEN 'running'  THEN NEW.state = 'done'
      WHEN 'done'     THEN NEW.state = 'settled'
      ELSE false END) THEN
    PERFORM project.refuse('project_state', format('a project that is %s does not become %s', NEW.was, NEW.state));
  END IF;
  IF NEW.state IN ('returned', 'declined') AND NEW.why = '' THEN
    PERFORM project.refuse('step_with_a_reason', 'nothing is sent back or declined without a reason');
  END IF;
  IF NEW.state = 'proposed' AND NOT p.history AND NOT EXISTS (SELECT FROM project.budget_line b WHERE b.community_id = p.community_id AND b.project_id = p.id) THEN
    PERFORM project.refuse('proposal_is_whole', 'a proposal says what its money buys');
  END IF;
  IF NEW.state = 'agreed' AND NOT project.consented(p, NEW.motion_id) THEN
    PERFORM project.refuse('project_has_consent', 'a project is agreed by a motion that passed');
  END IF;
  IF NEW.state <> 'agreed' AND NEW.motion_id IS NOT NULL AND NOT EXISTS (
     SELECT FROM council.motion m WHERE m.community_id = p.community_id AND m.id = NEW.motion_id AND m.project_id = p.id AND m.state IN ('failed', 'no_quorum') AND NEW.state = 'declined') THEN
    PERFORM project.refuse('step_motion_said_no', 'the motion did not say that');
  END IF;
  IF NEW.state IN ('settled', 'withdrawn') AND project.left_over(p) <> 0 THEN
    PERFORM project.refuse('settled_with_nothing_left', format('%s is left in the project''s fund', project.left_over(p)));
  END IF;
  IF NEW.state = 'settled' AND NOT p.history AND NOT EXISTS (
     SELECT FROM project.report r WHERE r.community_id = p.community_id AND r.project_id = p.id AND r.adopted_at IS NOT NULL) THEN
    PERFORM project.refuse('settled_with_a_report', 'the end report is not adopted');
  END IF;
  RETURN NEW;
END $$;

-- What a step means for its project. Of a motion's consent the council, the day and the votes are the motion's own.
CREATE FUNCTION project.take_step() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.state = 'agreed' AND NEW.motion_id IS NOT NULL THEN
    UPDATE project.project p
       SET state = NEW.state, council_zh = c.name_zh, council_en = c.name_en, agreed_on = (r.closed_at AT TIME ZONE k.timezone)::date,
           votes_for = r.in_favour, votes_against = r.against
      FROM council.motion m
      JOIN council.council c ON c.community_id = m.community_id AND c.id = m.council_id
      JOIN council.result r ON r.community_id = m.community_id AND r.motion_id = m.id
      JOIN ledger.community k ON k.id = m.community_id
     WHERE p.community_id = NEW.community_id AND p.id = NEW.project_id AND m.community_id = NEW.community_id AND m.id = NEW.motion_id;
    RETURN NULL;
  END IF;
  UPDATE project.project p
     SET state = NEW.state,
         started_on = CASE WHEN NEW.state = 'running' THEN NEW.day ELSE p.started_on END,
         ended_on = CASE WHEN NEW.state = 'done' THEN NEW.day ELSE p.ended_on END,
         budget = CASE WHEN NEW.state = 'proposed' AND NOT p.history
           THEN (SELECT sum(b.planned) FROM project.budget_line b WHERE b.community_id = p.community_id AND b.project_id = p.id) ELSE p.budget END
   WHERE p.community_id = NEW.community_id AND p.id = NEW.project_id;
  RETURN NULL;
END $$;

CREATE FUNCTION project.project_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'draft' THEN
      PERFORM project.refuse('project_moves_by_steps', 'a project begins as a draft');
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.state <> OLD.state AND NEW.state IS DISTINCT FROM (
     SELECT s.state FROM project.step s WHERE s.community_id = NEW.community_id AND s.project_id = NEW.id ORDER BY s.n DESC LIMIT 1) THEN
    PERFORM project.refuse('project_moves_by_steps', 'a project moves by a step that says who, when and why');
  END IF;
  IF OLD.state IN ('agreed', 'running', 'done', 'settled')
     AND (NEW.budget, NEW.agreed_on, NEW.council_zh, NEW.votes_for, NEW.votes_against) IS DISTINCT FROM (OLD.budget, OLD.agreed_on, OLD.council_zh, OLD.votes_for, OLD.votes_against)
     OR OLD.fund_id IS NOT NULL AND NEW.fund_id IS DISTINCT FROM OLD.fund_id
     OR NEW.history <> OLD.history THEN
    RAISE EXCEPTION 'project % stays as it was agreed', OLD.id USING ERRCODE = 'FU002';
  END IF;
  RETURN NEW;
END $$;

-- The plan that is voted on stays as it is.
CREATE FUNCTION project.line_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  l project.budget_line := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'name_en' = to_jsonb(OLD) - 'name_en' THEN
    RETURN NEW;
  END IF;
  IF EXISTS (SELECT FROM project.project p WHERE p.community_id = l.community_id AND p.id = l.project_id
                AND p.state NOT IN ('draft', 'returned') AND NOT (p.state = 'proposed' AND p.history)) THEN
    RAISE EXCEPTION 'the budget of project % stays as it was checked', l.project_id USING ERRCODE = 'FU002';
  END IF;
  RETURN l;
END $$;

CREATE FUNCTION project.step_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.why = '' AND to_jsonb(NEW) - 'why' = to_jsonb(OLD) - 'why'
     AND EXISTS (SELECT FROM project.project p WHERE p.community_id = OLD.community_id AND p.id = OLD.project_id AND p.state IN ('declined', 'withdrawn')) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'what happened to a project stays written' USING ERRCODE = 'FU002';
END $$;

-- The words of a consent that is not a motion's, before the step that needs it: the server may not write those columns by itself.
CREATE FUNCTION project.say_consent(community int, of_project int, zh text, en text, on_day date, in_favour int, against int) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE project.project SET council_zh = zh, council_en = en, agreed_on = on_day, votes_for = in_favour, votes_against = against
   WHERE community_id = community AND id = of_project AND state IN ('draft', 'checked')
$$;

CREATE FUNCTION project.spent_on_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  s     project.spent_on := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
  total numeric;
  put   numeric;
BEGIN
  IF EXISTS (SELECT FROM project.report r WHERE r.community_id = s.community_id AND r.project_id = s.project_id AND r.as_of >= s.entry_seq) THEN
    RAISE EXCEPTION 'the end report of project % counts entry %', s.project_id, s.entry_seq USING ERRCODE = 'FU002';
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN NULL;
  END IF;
  SELECT coalesce(sum(x.amount), 0) INTO total
    FROM project.project p
    JOIN ledger.posting x ON x.community_id = p.community_id AND x.fund_id = p.fund_id AND x.seq = s.entry_seq
    JOIN ledger.account a ON a.community_id = x.community_id AND a.id = x.account_id AND a.type = 'expense'
    JOIN ledger.journal_entry e ON e.community_id = x.community_id AND e.seq = x.seq AND e.reverses_seq IS NULL AND e.kind <> 'year_end'
   WHERE p.community_id = s.community_id AND p.id = s.project_id;
  SELECT sum(o.amount) INTO put FROM project.spent_on o WHERE o.community_id = s.community_id AND o.entry_seq = s.entry_seq AND o.project_id = s.project_id;
  IF sign(s.amount) <> sign(total) OR abs(put) > abs(total) THEN
    PERFORM project.refuse('spent_on_as_posted', format('entry %s spends %s of the project, and %s would stand on its lines', s.entry_seq, total, put));
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION project.report_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.adopted_at IS NOT NULL THEN
    RAISE EXCEPTION 'an end report that is adopted stays' USING ERRCODE = 'FU002';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION project.report_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.adopted_at IS NOT NULL AND NOT EXISTS (
     SELECT FROM project.project p WHERE p.community_id = NEW.community_id AND p.id = NEW.project_id AND p.state IN ('done', 'settled')) THEN
    PERFORM project.refuse('report_of_what_is_done', 'a project is reported once it is done');
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION project.request_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM project.project p WHERE p.community_id = NEW.community_id AND p.id = NEW.project_id AND p.fund_id = NEW.fund_id) THEN
    PERFORM project.refuse('request_line_fund', 'the line is of another fund''s project');
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd

CREATE TRIGGER step_guard BEFORE INSERT ON project.step FOR EACH ROW EXECUTE FUNCTION project.step_guard();
CREATE TRIGGER step_taken AFTER INSERT ON project.step FOR EACH ROW EXECUTE FUNCTION project.take_step();
CREATE TRIGGER step_stays BEFORE UPDATE OR DELETE ON project.step FOR EACH ROW EXECUTE FUNCTION project.step_stays();
CREATE TRIGGER project_guard BEFORE INSERT OR UPDATE ON project.project FOR EACH ROW EXECUTE FUNCTION project.project_guard();
CREATE TRIGGER line_guard BEFORE INSERT OR UPDATE OR DELETE ON project.budget_line FOR EACH ROW EXECUTE FUNCTION project.line_guard();
CREATE TRIGGER spent_on_guard AFTER INSERT OR UPDATE OR DELETE ON project.spent_on FOR EACH ROW EXECUTE FUNCTION project.spent_on_guard();
CREATE TRIGGER report_guard BEFORE INSERT OR UPDATE ON project.report FOR EACH ROW EXECUTE FUNCTION project.report_guard();
CREATE TRIGGER report_stays BEFORE UPDATE OR DELETE ON project.report FOR EACH ROW EXECUTE FUNCTION project.report_stays();
CREATE TRIGGER request_line_guard BEFORE INSERT OR UPDATE OF fund_id, project_id ON spending.request FOR EACH ROW WHEN (NEW.project_id IS NOT NULL) EXECUTE FUNCTION project.request_guard();

CREATE TRIGGER step_untruncated BEFORE TRUNCATE ON project.step FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER project_stays BEFORE DELETE OR TRUNCATE ON project.project FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER spent_on_untruncated BEFORE TRUNCATE ON project.spent_on FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER report_untruncated BEFORE TRUNCATE ON project.report FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- The state and what was agreed are the steps' to write.
REVOKE UPDATE ON project.project FROM fund_app;
GRANT UPDATE (slug, fund_id, theme, year, title_zh, title_en, place_zh, place_en, need_zh, need_en, people_zh, people_en, own_zh, own_en,
  organisation_zh, organisation_en) ON project.project TO fund_app;
REVOKE ALL ON FUNCTION project.say_consent FROM public;
GRANT EXECUTE ON FUNCTION project.say_consent TO fund_app;
GRANT SELECT ON project.step, project.proposal, project.contact, project.spent_on, project.milestone, project.milestone_picture, project.milestone_entry,
  project.story, project.report TO fund_app;
GRANT INSERT, UPDATE (why) ON project.step TO fund_app;
GRANT UPDATE (name_en) ON project.budget_line TO fund_app;
GRANT INSERT, UPDATE (token), DELETE ON project.proposal TO fund_app;
GRANT INSERT, UPDATE, DELETE ON project.contact, project.story TO fund_app;
GRANT INSERT, DELETE ON project.spent_on, project.milestone_picture, project.milestone_entry TO fund_app;
GRANT INSERT, UPDATE (title_zh, title_en, due_on, done_on, done_by, note), DELETE ON project.milestone TO fund_app;
GRANT UPDATE (struck_why) ON project.outcome TO fund_app;
GRANT INSERT, UPDATE (done_zh, done_en, learned_zh, learned_en, written_by, written_at, as_of, body, hash, adopted_by, adopted_at) ON project.report TO fund_app;
