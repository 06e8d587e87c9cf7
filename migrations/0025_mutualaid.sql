-- +goose Up

-- Mutual help: what neighbours offer each other and need, the help that was arranged and confirmed by both, and a ledger of
-- its hours. The unit is the HOUR, kept in minutes; it has no price and never meets money.
CREATE SCHEMA mutualaid;
GRANT USAGE ON SCHEMA mutualaid TO fund_app;

-- ── People, their offers and needs ───────────────────────────────────

-- A resident who helps or is helped. Name and telephone are for the centre's staff alone, and can be erased; the hours stay.
CREATE TABLE mutualaid.person (
  community_id int  NOT NULL REFERENCES ledger.community,
  id           int  NOT NULL,
  name         text NOT NULL CONSTRAINT person_name_form CHECK (length(name) BETWEEN 1 AND 40),
  phone        text NOT NULL,
  token        text NOT NULL CONSTRAINT person_token_form CHECK (token ~ '^[a-z2-7]{26}$'),
  entered_by   text NOT NULL DEFAULT '',
  since        timestamptz NOT NULL,
  invited_by   text NOT NULL DEFAULT '',
  invited_at   timestamptz,
  erased_at    timestamptz,
  CONSTRAINT person_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT person_token_key UNIQUE (community_id, token),
  CONSTRAINT person_can_be_called CHECK ((phone = '') = (erased_at IS NOT NULL)),
  CONSTRAINT person_invited_by_somebody CHECK ((invited_by = '') = (invited_at IS NULL))
);
COMMENT ON COLUMN mutualaid.person.entered_by IS 'who wrote the person down at the centre; empty where they did it on the web page';

CREATE TABLE mutualaid.register (
  community_id int NOT NULL PRIMARY KEY REFERENCES ledger.community,
  last_person  int NOT NULL
);
COMMENT ON TABLE mutualaid.register IS 'numbers people, without two residents at once getting one number';

-- An Offer or a Need: one thing that one person can do, or wants done.
CREATE TABLE mutualaid.card (
  community_id int  NOT NULL,
  id           uuid NOT NULL,
  kind         text NOT NULL CONSTRAINT card_kind_known CHECK (kind IN ('offer', 'need')),
  person_id    int  NOT NULL,
  category     text NOT NULL CONSTRAINT card_category_known
    CHECK (category IN ('company', 'errands', 'repairs', 'care', 'cooking', 'lessons', 'phones', 'various')),
  what         text NOT NULL CONSTRAINT card_what_form CHECK (length(what) BETWEEN 1 AND 120),
  place        text NOT NULL CONSTRAINT card_place_form CHECK (length(place) BETWEEN 1 AND 40),
  weekdays     smallint NOT NULL CONSTRAINT card_weekdays_form CHECK (weekdays BETWEEN 1 AND 127),
  parts        smallint NOT NULL CONSTRAINT card_parts_form CHECK (parts BETWEEN 1 AND 7),
  until        date NOT NULL,
  state        text NOT NULL DEFAULT 'waiting' CONSTRAINT card_state_known CHECK (state IN ('waiting', 'open', 'met', 'declined', 'withdrawn')),
  why          text NOT NULL DEFAULT '',
  made_at      timestamptz NOT NULL,
  moved_at     timestamptz NOT NULL,
  moved_by     text NOT NULL DEFAULT '',
  CONSTRAINT card_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT card_person FOREIGN KEY (community_id, person_id) REFERENCES mutualaid.person (community_id, id),
  CONSTRAINT card_declined_with_a_reason CHECK (state <> 'declined' OR why <> '')
);
COMMENT ON COLUMN mutualaid.card.weekdays IS 'bit 0 is Monday';
COMMENT ON COLUMN mutualaid.card.parts IS '1 morning, 2 afternoon, 4 evening';
COMMENT ON COLUMN mutualaid.card.until IS 'the last day on which it holds';
CREATE INDEX card_on_the_board ON mutualaid.card (community_id, kind, state, made_at DESC);
CREATE INDEX card_of_person ON mutualaid.card (community_id, person_id);

-- An Engagement: who helps whom, with what, when. It holds once both said yes, and is done once both name the same time.
CREATE TABLE mutualaid.engagement (
  community_id int  NOT NULL,
  id           uuid NOT NULL,
  need_id      uuid NOT NULL,
  offer_id     uuid,
  helper_id    int  NOT NULL,
  helped_id    int  NOT NULL,
  on_day       date NOT NULL,
  part         smallint NOT NULL CONSTRAINT engagement_part_known CHECK (part IN (1, 2, 4)),
  planned      int  NOT NULL CONSTRAINT engagement_planned_form CHECK (planned BETWEEN 15 AND 720),
  state        text NOT NULL DEFAULT 'proposed'
    CONSTRAINT engagement_state_known CHECK (state IN ('proposed', 'agreed', 'done', 'declined', 'called_off')),
  helper_agrees boolean NOT NULL DEFAULT false,
  helped_agrees boolean NOT NULL DEFAULT false,
  helper_minutes int CONSTRAINT engagement_helper_minutes_form CHECK (helper_minutes BETWEEN 15 AND 720 AND helper_minutes % 15 = 0),
  helped_minutes int CONSTRAINT engagement_helped_minutes_form CHECK (helped_minutes BETWEEN 15 AND 720 AND helped_minutes % 15 = 0),
  thanks       text NOT NULL DEFAULT '' CONSTRAINT engagement_thanks_form CHECK (length(thanks) <= 120),
  CONSTRAINT engagement_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT engagement_need FOREIGN KEY (community_id, need_id) REFERENCES mutualaid.card (community_id, id),
  CONSTRAINT engagement_offer FOREIGN KEY (community_id, offer_id) REFERENCES mutualaid.card (community_id, id),
  CONSTRAINT engagement_helper FOREIGN KEY (community_id, helper_id) REFERENCES mutualaid.person (community_id, id),
  CONSTRAINT engagement_helped FOREIGN KEY (community_id, helped_id) REFERENCES mutualaid.person (community_id, id),
  CONSTRAINT engagement_of_two_people CHECK (helper_id <> helped_id),
  CONSTRAINT engagement_agreed_by_both CHECK (state NOT IN ('agreed', 'done') OR (helper_agrees AND helped_agrees)),
  CONSTRAINT engagement_done_as_both_say CHECK (state <> 'done' OR (helper_minutes IS NOT NULL AND helped_minutes IS NOT NULL AND helper_minutes = helped_minutes))
);
CREATE UNIQUE INDEX engagement_need_once ON mutualaid.engagement (community_id, need_id) WHERE state IN ('proposed', 'agreed', 'done');
CREATE INDEX engagement_of_helper ON mutualaid.engagement (community_id, helper_id, on_day);
CREATE INDEX engagement_of_helped ON mutualaid.engagement (community_id, helped_id, on_day);

-- What was said about an engagement, by whom, when; through whom, where the centre's staff said it for somebody on the telephone.
CREATE TABLE mutualaid.step (
  community_id  int  NOT NULL,
  engagement_id uuid NOT NULL,
  n             int  NOT NULL,
  side          text NOT NULL CONSTRAINT step_side_known CHECK (side IN ('helper', 'helped', 'staff')),
  said          text NOT NULL CONSTRAINT step_said_known CHECK (said IN ('proposed', 'yes', 'no', 'time', 'called_off')),
  minutes       int,
  note          text NOT NULL DEFAULT '',
  through       text NOT NULL DEFAULT '',
  at            timestamptz NOT NULL,
  CONSTRAINT step_pkey PRIMARY KEY (community_id, engagement_id, n),
  CONSTRAINT step_engagement FOREIGN KEY (community_id, engagement_id) REFERENCES mutualaid.engagement (community_id, id)
);

-- ── The ledger of hours ──────────────────────────────────────────────

CREATE TABLE mutualaid.hour_book (
  community_id int NOT NULL PRIMARY KEY REFERENCES ledger.community,
  last_number  int NOT NULL
);

CREATE TABLE mutualaid.hour_entry (
  community_id int  NOT NULL,
  number       int  NOT NULL,
  entry_date   date NOT NULL,
  kind         text NOT NULL CONSTRAINT hour_entry_kind_known CHECK (kind IN ('help', 'shift', 'reversal')),
  category     text NOT NULL,
  source       text NOT NULL CONSTRAINT hour_entry_has_a_source CHECK (source <> ''),
  memo         text NOT NULL DEFAULT '',
  posted_by    text NOT NULL CONSTRAINT hour_entry_posted_by_somebody CHECK (posted_by <> ''),
  posted_at    timestamptz NOT NULL,
  reverses     int,
  CONSTRAINT hour_entry_pkey PRIMARY KEY (community_id, number),
  CONSTRAINT hour_entry_source_key UNIQUE (community_id, source),
  CONSTRAINT hour_entry_reversed_once UNIQUE (community_id, reverses),
  CONSTRAINT hour_entry_reverses FOREIGN KEY (community_id, reverses) REFERENCES mutualaid.hour_entry (community_id, number)
);
CREATE INDEX hour_entry_by_day ON mutualaid.hour_entry (community_id, entry_date);

-- Whoever was helped is debited, whoever helped is credited. Account 0 is the community itself: a volunteer's shift is for all.
CREATE TABLE mutualaid.hour_posting (
  community_id int NOT NULL,
  number       int NOT NULL,
  line         smallint NOT NULL,
  person_id    int,
  minutes      int NOT NULL CONSTRAINT hour_posting_not_zero CHECK (minutes <> 0),
  CONSTRAINT hour_posting_pkey PRIMARY KEY (community_id, number, line),
  CONSTRAINT hour_posting_entry FOREIGN KEY (community_id, number) REFERENCES mutualaid.hour_entry (community_id, number),
  CONSTRAINT hour_posting_person FOREIGN KEY (community_id, person_id) REFERENCES mutualaid.person (community_id, id)
);
COMMENT ON COLUMN mutualaid.hour_posting.person_id IS 'NULL is the community itself';
COMMENT ON COLUMN mutualaid.hour_posting.minutes IS 'positive (debit) received, negative (credit) given; 60 are one HOUR';
CREATE INDEX hour_posting_of_person ON mutualaid.hour_posting (community_id, person_id, number);

-- The same rules as for money, whoever asks: what is posted stays, and every entry sums to zero.
CREATE TRIGGER hour_entry_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON mutualaid.hour_entry FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER hour_posting_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON mutualaid.hour_posting FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- +goose StatementBegin
CREATE FUNCTION mutualaid.refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  wrong record;
BEGIN
  SELECT n.community_id, n.number, sum(n.minutes) AS rest, count(*) AS lines INTO wrong
    FROM new_postings n GROUP BY n.community_id, n.number HAVING sum(n.minutes) <> 0 OR count(*) < 2 LIMIT 1;
  IF FOUND AND wrong.lines < 2 THEN
    RAISE EXCEPTION 'hour entry % has fewer than two postings', wrong.number USING ERRCODE = 'FU012';
  ELSIF FOUND THEN
    RAISE EXCEPTION 'hour entry % is out of balance by % minutes', wrong.number, wrong.rest USING ERRCODE = 'FU001';
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER hour_posting_balanced AFTER INSERT ON mutualaid.hour_posting
  REFERENCING NEW TABLE AS new_postings FOR EACH STATEMENT EXECUTE FUNCTION mutualaid.refuse_unbalanced();

-- post_hours is the only door: it numbers an entry without a gap and writes it with its postings. A person of 0 is the community.
-- +goose StatementBegin
CREATE FUNCTION mutualaid.post_hours(
  community int, on_day date, of_kind text, in_category text, from_source text, with_memo text, who text, undoes int, people int[], each int[])
RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  given int;
BEGIN
  INSERT INTO mutualaid.hour_book AS b (community_id, last_number) VALUES (community, 1)
  ON CONFLICT (community_id) DO UPDATE SET last_number = b.last_number + 1 RETURNING b.last_number INTO given;
  INSERT INTO mutualaid.hour_entry (community_id, number, entry_date, kind, category, source, memo, posted_by, posted_at, reverses)
  VALUES (community, given, on_day, of_kind, in_category, from_source, with_memo, who, clock_timestamp(), undoes);
  INSERT INTO mutualaid.hour_posting (community_id, number, line, person_id, minutes)
  SELECT community, given, u.line, nullif(u.person, 0), u.minutes FROM unnest(people, each) WITH ORDINALITY AS u (person, minutes, line);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'hour entry % has fewer than two postings', given USING ERRCODE = 'FU012';
  END IF;
  RETURN given;
END $$;
-- +goose StatementEnd

-- Hours that count: neither a reversal nor what one undoes.
CREATE VIEW mutualaid.hour AS
SELECT e.community_id, e.number, e.entry_date, e.kind, e.category, p.person_id, p.minutes
  FROM mutualaid.hour_entry e JOIN mutualaid.hour_posting p ON p.community_id = e.community_id AND p.number = e.number
 WHERE e.reverses IS NULL
   AND NOT EXISTS (SELECT FROM mutualaid.hour_entry r WHERE r.community_id = e.community_id AND r.reverses = e.number);

REVOKE ALL ON FUNCTION mutualaid.post_hours FROM PUBLIC;
GRANT EXECUTE ON FUNCTION mutualaid.post_hours TO fund_app;
GRANT SELECT ON ALL TABLES IN SCHEMA mutualaid TO fund_app;
GRANT INSERT ON mutualaid.person, mutualaid.card, mutualaid.engagement, mutualaid.step TO fund_app;
GRANT UPDATE (name, phone, token, invited_by, invited_at, erased_at) ON mutualaid.person TO fund_app;
GRANT INSERT, UPDATE ON mutualaid.register TO fund_app;
GRANT UPDATE (what, place, state, why, moved_at, moved_by) ON mutualaid.card TO fund_app;
GRANT UPDATE (state, helper_agrees, helped_agrees, helper_minutes, helped_minutes, thanks) ON mutualaid.engagement TO fund_app;
