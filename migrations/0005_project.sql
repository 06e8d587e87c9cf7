-- +goose Up

CREATE SCHEMA project;
GRANT USAGE ON SCHEMA project TO fund_app;

-- What the money is spent on. Each project has a fund to itself, so that what
-- it spent is the ledger's word: a fund of its own that voted money is moved
-- into, or the restricted fund that a campaign raises.
CREATE TABLE project.project (
  community_id    int  NOT NULL REFERENCES ledger.community,
  id              int  NOT NULL,
  slug            text NOT NULL CONSTRAINT project_slug_form CHECK (slug ~ '^[a-z0-9][a-z0-9-]{1,59}$'),
  fund_id         int  NOT NULL CONSTRAINT project_has_its_own_fund CHECK (fund_id <> 1),
  theme           text NOT NULL CONSTRAINT project_theme_known CHECK (theme IN ('elders', 'children', 'neighbours', 'yard', 'mutual_aid')),
  year            int  NOT NULL,
  state           text NOT NULL CONSTRAINT project_state_known CHECK (state IN ('proposed', 'agreed', 'running', 'done')),
  title_zh        text NOT NULL CONSTRAINT project_title_form CHECK (length(title_zh) BETWEEN 1 AND 80),
  title_en        text NOT NULL DEFAULT '',
  place_zh        text NOT NULL DEFAULT '',
  place_en        text NOT NULL DEFAULT '',
  organisation_zh text NOT NULL DEFAULT '',
  organisation_en text NOT NULL DEFAULT '',
  council_zh      text NOT NULL DEFAULT '',
  council_en      text NOT NULL DEFAULT '',
  agreed_on       date,
  votes_for       int  NOT NULL DEFAULT 0,
  votes_against   int  NOT NULL DEFAULT 0,
  budget          numeric(18,2) NOT NULL CONSTRAINT project_budget_not_negative CHECK (budget >= 0),
  started_on      date,
  ended_on        date,
  CONSTRAINT project_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT project_slug_key UNIQUE (community_id, slug),
  CONSTRAINT project_fund_key UNIQUE (community_id, fund_id),
  CONSTRAINT project_fund FOREIGN KEY (community_id, fund_id) REFERENCES ledger.fund (community_id, id),
  CONSTRAINT project_votes_not_negative CHECK (votes_for >= 0 AND votes_against >= 0),
  CONSTRAINT project_has_consent CHECK (state = 'proposed' OR (agreed_on IS NOT NULL AND council_zh <> '')),
  CONSTRAINT project_dates CHECK (ended_on >= started_on),
  CONSTRAINT project_runs_from_a_day CHECK (state IN ('proposed', 'agreed') OR started_on IS NOT NULL),
  CONSTRAINT project_done_on_a_day CHECK ((state = 'done') = (ended_on IS NOT NULL))
);

CREATE TABLE project.budget_line (
  community_id int  NOT NULL,
  project_id   int  NOT NULL,
  line         int  NOT NULL,
  name_zh      text NOT NULL,
  name_en      text NOT NULL DEFAULT '',
  planned      numeric(18,2) NOT NULL CONSTRAINT budget_line_positive CHECK (planned > 0),
  CONSTRAINT budget_line_pkey PRIMARY KEY (community_id, project_id, line),
  CONSTRAINT budget_line_project FOREIGN KEY (community_id, project_id) REFERENCES project.project (community_id, id)
);

CREATE TABLE project.outcome (
  community_id int  NOT NULL,
  project_id   int  NOT NULL,
  number       int  NOT NULL,
  held_on      date NOT NULL,
  activity_zh  text NOT NULL CONSTRAINT outcome_activity_said CHECK (activity_zh <> ''),
  activity_en  text NOT NULL DEFAULT '',
  person_times int  NOT NULL CONSTRAINT outcome_person_times_not_negative CHECK (person_times >= 0),
  note         text NOT NULL DEFAULT '',
  CONSTRAINT outcome_pkey PRIMARY KEY (community_id, project_id, number),
  CONSTRAINT outcome_project FOREIGN KEY (community_id, project_id) REFERENCES project.project (community_id, id)
);
COMMENT ON COLUMN project.outcome.person_times IS '人次: who came twice counts twice';

GRANT SELECT ON ALL TABLES IN SCHEMA project TO fund_app;
GRANT INSERT, UPDATE ON project.project TO fund_app;
GRANT INSERT, DELETE ON project.budget_line TO fund_app;
GRANT INSERT ON project.outcome TO fund_app;
