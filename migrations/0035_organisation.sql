-- +goose Up

-- Social organisations and residents' groups: who they are, whom they serve, what an agreement lets them bill and be subsidised
-- for, and the points by which groups come to small grants. Members are counts; nobody's name is kept but one contact's.
CREATE SCHEMA organisation;
GRANT USAGE ON SCHEMA organisation TO fund_app;

-- ── Who they are ─────────────────────────────────────────────────────

CREATE TABLE organisation.organisation (
  community_id int  NOT NULL REFERENCES ledger.community,
  id           int  NOT NULL,
  kind         text NOT NULL CONSTRAINT organisation_kind_known CHECK (kind IN ('social', 'group')),
  slug         text NOT NULL CONSTRAINT organisation_slug_form CHECK (slug ~ '^[a-z0-9][a-z0-9-]{1,59}$'),
  name_zh      text NOT NULL CONSTRAINT organisation_name_form CHECK (length(name_zh) BETWEEN 1 AND 40),
  name_en      text NOT NULL DEFAULT '',
  theme        text NOT NULL CONSTRAINT organisation_theme_known CHECK (theme IN ('elders', 'children', 'neighbours', 'yard', 'mutual_aid')),
  about_zh     text NOT NULL DEFAULT '' CONSTRAINT organisation_about_form CHECK (length(about_zh) <= 1000),
  about_en     text NOT NULL DEFAULT '',
  meets_zh     text NOT NULL DEFAULT '' CONSTRAINT organisation_meets_form CHECK (length(meets_zh) <= 80),
  meets_en     text NOT NULL DEFAULT '',
  founded_on   date,
  ended_on     date,
  fund_id      int,
  entered_by   text NOT NULL CONSTRAINT organisation_entered_by_somebody CHECK (entered_by <> ''),
  entered_at   timestamptz NOT NULL,
  CONSTRAINT organisation_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT organisation_slug_key UNIQUE (community_id, slug),
  CONSTRAINT organisation_name_key UNIQUE (community_id, name_zh),
  CONSTRAINT organisation_fund_key UNIQUE (community_id, fund_id),
  CONSTRAINT organisation_fund FOREIGN KEY (community_id, fund_id) REFERENCES ledger.fund (community_id, id),
  CONSTRAINT organisation_dates CHECK (ended_on >= founded_on)
);
COMMENT ON COLUMN organisation.organisation.meets_zh IS 'when and where they meet: 每周三 14:00，活动室';
COMMENT ON COLUMN organisation.organisation.fund_id IS 'of a social organisation: what it earns and is given';

-- Whom the centre calls. Never public; the row is deleted when they ask.
CREATE TABLE organisation.contact (
  community_id    int  NOT NULL,
  organisation_id int  NOT NULL,
  name            text NOT NULL CONSTRAINT contact_name_form CHECK (length(name) BETWEEN 1 AND 40),
  phone           text NOT NULL CONSTRAINT contact_phone_form CHECK (length(phone) BETWEEN 3 AND 30),
  CONSTRAINT contact_pkey PRIMARY KEY (community_id, organisation_id),
  CONSTRAINT contact_organisation FOREIGN KEY (community_id, organisation_id) REFERENCES organisation.organisation (community_id, id)
);

CREATE TABLE organisation.member_count (
  community_id    int  NOT NULL,
  organisation_id int  NOT NULL,
  counted_on      date NOT NULL,
  members         int  NOT NULL CONSTRAINT member_count_form CHECK (members BETWEEN 0 AND 99999),
  entered_by      text NOT NULL,
  entered_at      timestamptz NOT NULL,
  CONSTRAINT member_count_pkey PRIMARY KEY (community_id, organisation_id, counted_on),
  CONSTRAINT member_count_organisation FOREIGN KEY (community_id, organisation_id) REFERENCES organisation.organisation (community_id, id)
);

-- ── Incentives: the rule in versions ─────────────────────────────────

CREATE TABLE organisation.rule (
  community_id int  NOT NULL REFERENCES ledger.community,
  n            int  NOT NULL,
  since        date NOT NULL,
  per_activity int  NOT NULL CONSTRAINT rule_per_activity_form CHECK (per_activity BETWEEN 0 AND 100),
  per_people   int  NOT NULL CONSTRAINT rule_per_people_form CHECK (per_people BETWEEN 1 AND 1000),
  people_max   int  NOT NULL CONSTRAINT rule_people_max_form CHECK (people_max BETWEEN 0 AND 9999),
  people_min   int  NOT NULL CONSTRAINT rule_people_min_form CHECK (people_min BETWEEN 0 AND 999),
  set_by       text NOT NULL CONSTRAINT rule_set_by_somebody CHECK (set_by <> ''),
  set_at       timestamptz NOT NULL,
  CONSTRAINT rule_pkey PRIMARY KEY (community_id, n),
  CONSTRAINT rule_since_key UNIQUE (community_id, since)
);
COMMENT ON COLUMN organisation.rule.per_people IS 'as many people served are one point';
COMMENT ON COLUMN organisation.rule.people_max IS 'more people in one activity earn no more';
COMMENT ON COLUMN organisation.rule.people_min IS 'an activity with fewer earns nothing';

-- What points open: a small grant of so much.
CREATE TABLE organisation.tier (
  community_id int NOT NULL,
  rule_n       int NOT NULL,
  points       int NOT NULL CONSTRAINT tier_points_form CHECK (points > 0),
  amount       numeric(18,2) NOT NULL CONSTRAINT tier_amount_positive CHECK (amount > 0),
  CONSTRAINT tier_pkey PRIMARY KEY (community_id, rule_n, points),
  CONSTRAINT tier_amount_key UNIQUE (community_id, rule_n, points, amount),
  CONSTRAINT tier_rule FOREIGN KEY (community_id, rule_n) REFERENCES organisation.rule (community_id, n)
);

-- ── Activities and their points ──────────────────────────────────────

CREATE TABLE organisation.activity (
  community_id    int  NOT NULL,
  organisation_id int  NOT NULL,
  n               int  NOT NULL,
  held_on         date NOT NULL,
  what_zh         text NOT NULL CONSTRAINT activity_what_form CHECK (length(what_zh) BETWEEN 1 AND 60),
  what_en         text NOT NULL DEFAULT '',
  people          int  NOT NULL CONSTRAINT activity_people_form CHECK (people BETWEEN 0 AND 9999),
  points          int  NOT NULL DEFAULT 0,
  rule_n          int,
  entered_by      text NOT NULL CONSTRAINT activity_entered_by_somebody CHECK (entered_by <> ''),
  entered_at      timestamptz NOT NULL,
  withdrawn_by    text NOT NULL DEFAULT '',
  withdrawn_at    timestamptz,
  withdrawn_why   text NOT NULL DEFAULT '',
  CONSTRAINT activity_pkey PRIMARY KEY (community_id, organisation_id, n),
  CONSTRAINT activity_organisation FOREIGN KEY (community_id, organisation_id) REFERENCES organisation.organisation (community_id, id),
  CONSTRAINT activity_rule FOREIGN KEY (community_id, rule_n) REFERENCES organisation.rule (community_id, n),
  CONSTRAINT activity_withdrawn_with_a_reason CHECK ((withdrawn_at IS NULL) = (withdrawn_by = '') AND (withdrawn_at IS NULL) = (withdrawn_why = ''))
);
COMMENT ON COLUMN organisation.activity.people IS 'who came or was served; who came twice counts twice';
COMMENT ON COLUMN organisation.activity.points IS 'by the rule of its day, given by the database';
CREATE UNIQUE INDEX activity_once ON organisation.activity (community_id, organisation_id, held_on, what_zh) WHERE withdrawn_at IS NULL;
CREATE INDEX activity_by_day ON organisation.activity (community_id, held_on, organisation_id) INCLUDE (people) WHERE withdrawn_at IS NULL;

-- A group's activity earns what the rule of its day says; nobody else says it.
-- +goose StatementBegin
CREATE FUNCTION organisation.earn() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  r organisation.rule;
BEGIN
  NEW.points := 0;
  NEW.rule_n := NULL;
  IF EXISTS (SELECT FROM organisation.organisation o WHERE o.community_id = NEW.community_id AND o.id = NEW.organisation_id AND o.kind = 'group') THEN
    SELECT * INTO r FROM organisation.rule x WHERE x.community_id = NEW.community_id AND x.since <= NEW.held_on ORDER BY x.since DESC LIMIT 1;
    NEW.rule_n := r.n;
    IF r.n IS NOT NULL AND NEW.people >= r.people_min THEN
      NEW.points := r.per_activity + least(NEW.people, r.people_max) / r.per_people;
    END IF;
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER activity_earns BEFORE INSERT ON organisation.activity FOR EACH ROW EXECUTE FUNCTION organisation.earn();

-- A small grant: points spent, money posted, once.
CREATE TABLE organisation.small_grant (
  community_id    int  NOT NULL,
  id              uuid NOT NULL,
  organisation_id int  NOT NULL,
  rule_n          int  NOT NULL,
  points          int  NOT NULL,
  amount          numeric(18,2) NOT NULL,
  what            text NOT NULL CONSTRAINT small_grant_what_form CHECK (length(what) BETWEEN 1 AND 80),
  fund_id         int  NOT NULL,
  given_on        date NOT NULL,
  given_by        text NOT NULL CONSTRAINT small_grant_given_by_somebody CHECK (given_by <> ''),
  given_at        timestamptz NOT NULL,
  entry_seq       bigint NOT NULL,
  undone_at       timestamptz,
  undone_by       text NOT NULL DEFAULT '',
  undone_why      text NOT NULL DEFAULT '',
  CONSTRAINT small_grant_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT small_grant_entry_key UNIQUE (community_id, entry_seq),
  CONSTRAINT small_grant_organisation FOREIGN KEY (community_id, organisation_id) REFERENCES organisation.organisation (community_id, id),
  CONSTRAINT small_grant_tier FOREIGN KEY (community_id, rule_n, points, amount) REFERENCES organisation.tier (community_id, rule_n, points, amount),
  CONSTRAINT small_grant_fund FOREIGN KEY (community_id, fund_id) REFERENCES ledger.fund (community_id, id),
  CONSTRAINT small_grant_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry (community_id, seq)
);
CREATE INDEX small_grant_of ON organisation.small_grant (community_id, organisation_id);

-- Points are spent once: what stands of a group's grants never exceeds what stands of its activities.
-- +goose StatementBegin
CREATE FUNCTION organisation.refuse_overspent_points() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  earned bigint;
  spent  bigint;
BEGIN
  PERFORM FROM organisation.organisation o WHERE o.community_id = NEW.community_id AND o.id = NEW.organisation_id FOR UPDATE;
  SELECT coalesce(sum(a.points), 0) INTO earned FROM organisation.activity a
   WHERE a.community_id = NEW.community_id AND a.organisation_id = NEW.organisation_id AND a.withdrawn_at IS NULL;
  SELECT coalesce(sum(g.points), 0) INTO spent FROM organisation.small_grant g
   WHERE g.community_id = NEW.community_id AND g.organisation_id = NEW.organisation_id AND g.undone_at IS NULL;
  IF spent > earned THEN
    RAISE EXCEPTION 'organisation % has earned % points and would have spent %', NEW.organisation_id, earned, spent USING ERRCODE = 'FU082';
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER small_grant_within_points AFTER INSERT ON organisation.small_grant FOR EACH ROW EXECUTE FUNCTION organisation.refuse_overspent_points();
CREATE TRIGGER activity_points_not_spent AFTER UPDATE ON organisation.activity FOR EACH ROW EXECUTE FUNCTION organisation.refuse_overspent_points();

-- ── Agreements: a small subsidy and paid services ────────────────────

CREATE TABLE organisation.agreement (
  community_id    int  NOT NULL,
  id              int  NOT NULL,
  organisation_id int  NOT NULL,
  title_zh        text NOT NULL CONSTRAINT agreement_title_form CHECK (length(title_zh) BETWEEN 1 AND 80),
  title_en        text NOT NULL DEFAULT '',
  payer           text NOT NULL DEFAULT '',
  subsidy         numeric(18,2) NOT NULL CONSTRAINT agreement_subsidy_not_negative CHECK (subsidy >= 0),
  fund_id         int  NOT NULL,
  begins_on       date NOT NULL,
  ends_on         date NOT NULL,
  entered_by      text NOT NULL CONSTRAINT agreement_entered_by_somebody CHECK (entered_by <> ''),
  entered_at      timestamptz NOT NULL,
  CONSTRAINT agreement_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT agreement_organisation FOREIGN KEY (community_id, organisation_id) REFERENCES organisation.organisation (community_id, id),
  CONSTRAINT agreement_fund FOREIGN KEY (community_id, fund_id) REFERENCES ledger.fund (community_id, id),
  CONSTRAINT agreement_dates CHECK (ends_on >= begins_on),
  CONSTRAINT agreement_subsidy_from_somebody CHECK (subsidy = 0 OR payer <> '')
);
COMMENT ON COLUMN organisation.agreement.payer IS 'who gives the subsidy: 街道办事处';
COMMENT ON COLUMN organisation.agreement.subsidy IS 'the most that may be released';

CREATE TABLE organisation.item (
  community_id int  NOT NULL,
  agreement_id int  NOT NULL,
  n            int  NOT NULL,
  name_zh      text NOT NULL CONSTRAINT item_name_form CHECK (length(name_zh) BETWEEN 1 AND 40),
  name_en      text NOT NULL DEFAULT '',
  unit_zh      text NOT NULL CONSTRAINT item_unit_form CHECK (length(unit_zh) BETWEEN 1 AND 10),
  unit_en      text NOT NULL DEFAULT '',
  price        numeric(18,2) NOT NULL CONSTRAINT item_price_not_negative CHECK (price >= 0),
  subsidy      numeric(18,2) NOT NULL CONSTRAINT item_subsidy_not_negative CHECK (subsidy >= 0),
  CONSTRAINT item_pkey PRIMARY KEY (community_id, agreement_id, n),
  CONSTRAINT item_agreement FOREIGN KEY (community_id, agreement_id) REFERENCES organisation.agreement (community_id, id)
);
COMMENT ON COLUMN organisation.item.price IS 'what is billed for one unit';
COMMENT ON COLUMN organisation.item.subsidy IS 'what of the subsidy one unit delivered releases';

CREATE TABLE organisation.invoice (
  community_id int  NOT NULL,
  id           uuid NOT NULL,
  year         int  NOT NULL,
  number       int  NOT NULL,
  agreement_id int  NOT NULL,
  billed_to    text NOT NULL,
  amount       numeric(18,2) NOT NULL CONSTRAINT invoice_amount_positive CHECK (amount > 0),
  issued_on    date NOT NULL,
  due_on       date NOT NULL,
  issued_by    text NOT NULL CONSTRAINT invoice_issued_by_somebody CHECK (issued_by <> ''),
  issued_at    timestamptz NOT NULL,
  void_at      timestamptz,
  void_by      text NOT NULL DEFAULT '',
  void_why     text NOT NULL DEFAULT '',
  erased_at    timestamptz,
  CONSTRAINT invoice_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT invoice_number_key UNIQUE (community_id, year, number),
  CONSTRAINT invoice_agreement FOREIGN KEY (community_id, agreement_id) REFERENCES organisation.agreement (community_id, id),
  CONSTRAINT invoice_billed_to_somebody CHECK ((billed_to = '') = (erased_at IS NOT NULL) AND length(billed_to) <= 60),
  CONSTRAINT invoice_due CHECK (due_on >= issued_on),
  CONSTRAINT invoice_void_with_a_reason CHECK ((void_at IS NULL) = (void_why = ''))
);
CREATE INDEX invoice_of_agreement ON organisation.invoice (community_id, agreement_id);

CREATE TABLE organisation.invoice_book (
  community_id int NOT NULL,
  year         int NOT NULL,
  last_number  int NOT NULL,
  CONSTRAINT invoice_book_pkey PRIMARY KEY (community_id, year),
  CONSTRAINT invoice_book_community FOREIGN KEY (community_id) REFERENCES ledger.community (id)
);

-- Invoices are numbered here alone, without a gap in a year.
-- +goose StatementBegin
CREATE FUNCTION organisation.number_invoice() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.year := extract(year FROM NEW.issued_on);
  INSERT INTO organisation.invoice_book AS b (community_id, year, last_number) VALUES (NEW.community_id, NEW.year, 1)
  ON CONFLICT (community_id, year) DO UPDATE SET last_number = b.last_number + 1 RETURNING b.last_number INTO NEW.number;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER invoice_numbered BEFORE INSERT ON organisation.invoice FOR EACH ROW EXECUTE FUNCTION organisation.number_invoice();

CREATE TABLE organisation.release (
  community_id int  NOT NULL,
  id           uuid NOT NULL,
  agreement_id int  NOT NULL,
  amount       numeric(18,2) NOT NULL CONSTRAINT release_amount_positive CHECK (amount > 0),
  until        date NOT NULL,
  way          text NOT NULL CONSTRAINT release_way_known CHECK (way IN ('cash', 'bank')),
  released_on  date NOT NULL,
  released_by  text NOT NULL CONSTRAINT release_by_somebody CHECK (released_by <> ''),
  released_at  timestamptz NOT NULL,
  entry_seq    bigint NOT NULL,
  undone_at    timestamptz,
  undone_by    text NOT NULL DEFAULT '',
  undone_why   text NOT NULL DEFAULT '',
  CONSTRAINT release_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT release_entry_key UNIQUE (community_id, entry_seq),
  CONSTRAINT release_agreement FOREIGN KEY (community_id, agreement_id) REFERENCES organisation.agreement (community_id, id),
  CONSTRAINT release_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry (community_id, seq)
);
COMMENT ON COLUMN organisation.release.until IS 'the last day of the sessions it is for';
CREATE INDEX release_of_agreement ON organisation.release (community_id, agreement_id);

-- A service delivered: so many units of an item, on a day, to so many people.
CREATE TABLE organisation.session (
  community_id int  NOT NULL,
  id           uuid NOT NULL,
  agreement_id int  NOT NULL,
  item_n       int  NOT NULL,
  held_on      date NOT NULL,
  quantity     int  NOT NULL CONSTRAINT session_quantity_form CHECK (quantity BETWEEN 1 AND 9999),
  people       int  NOT NULL CONSTRAINT session_people_form CHECK (people BETWEEN 0 AND 99999),
  note         text NOT NULL DEFAULT '' CONSTRAINT session_note_form CHECK (length(note) <= 80),
  amount       numeric(18,2) NOT NULL DEFAULT 0,
  subsidy      numeric(18,2) NOT NULL DEFAULT 0,
  invoice_id   uuid,
  release_id   uuid,
  entered_by   text NOT NULL CONSTRAINT session_entered_by_somebody CHECK (entered_by <> ''),
  entered_at   timestamptz NOT NULL,
  void_at      timestamptz,
  void_by      text NOT NULL DEFAULT '',
  void_why     text NOT NULL DEFAULT '',
  CONSTRAINT session_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT session_item FOREIGN KEY (community_id, agreement_id, item_n) REFERENCES organisation.item (community_id, agreement_id, n),
  CONSTRAINT session_invoice FOREIGN KEY (community_id, invoice_id) REFERENCES organisation.invoice (community_id, id),
  CONSTRAINT session_release FOREIGN KEY (community_id, release_id) REFERENCES organisation.release (community_id, id),
  CONSTRAINT session_void_with_a_reason CHECK ((void_at IS NULL) = (void_why = '')),
  CONSTRAINT session_void_is_free CHECK (void_at IS NULL OR (invoice_id IS NULL AND release_id IS NULL))
);
CREATE INDEX session_of_agreement ON organisation.session (community_id, agreement_id, held_on DESC);
CREATE INDEX session_of_invoice ON organisation.session (community_id, invoice_id);
CREATE INDEX session_of_release ON organisation.session (community_id, release_id);

-- What a session is billed and releases is the item's word, within the agreement's days.
-- +goose StatementBegin
CREATE FUNCTION organisation.price_session() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  SELECT i.price * NEW.quantity, i.subsidy * NEW.quantity INTO NEW.amount, NEW.subsidy
    FROM organisation.item i WHERE i.community_id = NEW.community_id AND i.agreement_id = NEW.agreement_id AND i.n = NEW.item_n;
  IF NOT EXISTS (SELECT FROM organisation.agreement a
                  WHERE a.community_id = NEW.community_id AND a.id = NEW.agreement_id AND NEW.held_on BETWEEN a.begins_on AND a.ends_on) THEN
    RAISE EXCEPTION 'the agreement does not hold on %', NEW.held_on USING ERRCODE = 'FU083';
  END IF;
  NEW.amount := coalesce(NEW.amount, 0); -- of an item that there is not, which its key refuses
  NEW.subsidy := coalesce(NEW.subsidy, 0);
  NEW.invoice_id := NULL;
  NEW.release_id := NULL;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER session_priced BEFORE INSERT ON organisation.session FOR EACH ROW EXECUTE FUNCTION organisation.price_session();

-- A session is billed once and releases once; both end only with the invoice or the release.
-- +goose StatementBegin
CREATE FUNCTION organisation.refuse_session_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  moving text[] := ARRAY['invoice_id', 'release_id', 'void_at', 'void_by', 'void_why'];
BEGIN
  IF OLD.void_at IS NOT NULL OR to_jsonb(NEW) - moving <> to_jsonb(OLD) - moving
     OR (OLD.invoice_id IS DISTINCT FROM NEW.invoice_id AND OLD.invoice_id IS NOT NULL AND NOT (NEW.invoice_id IS NULL
         AND EXISTS (SELECT FROM organisation.invoice i WHERE i.community_id = OLD.community_id AND i.id = OLD.invoice_id AND i.void_at IS NOT NULL)))
     OR (OLD.release_id IS DISTINCT FROM NEW.release_id AND OLD.release_id IS NOT NULL AND NOT (NEW.release_id IS NULL
         AND EXISTS (SELECT FROM organisation.release r WHERE r.community_id = OLD.community_id AND r.id = OLD.release_id AND r.undone_at IS NOT NULL))) THEN
    RAISE EXCEPTION 'the session is billed, released or void' USING ERRCODE = 'FU084';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER session_kept BEFORE UPDATE ON organisation.session FOR EACH ROW EXECUTE FUNCTION organisation.refuse_session_change();

-- The subsidy released never exceeds what the agreement says, nor what was delivered.
-- +goose StatementBegin
CREATE FUNCTION organisation.refuse_overreleased() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  agreed    numeric;
  delivered numeric;
  released  numeric;
BEGIN
  SELECT a.subsidy INTO agreed FROM organisation.agreement a WHERE a.community_id = NEW.community_id AND a.id = NEW.agreement_id FOR UPDATE;
  SELECT coalesce(sum(s.subsidy), 0) INTO delivered FROM organisation.session s
   WHERE s.community_id = NEW.community_id AND s.agreement_id = NEW.agreement_id AND s.void_at IS NULL;
  SELECT coalesce(sum(r.amount), 0) INTO released FROM organisation.release r
   WHERE r.community_id = NEW.community_id AND r.agreement_id = NEW.agreement_id AND r.undone_at IS NULL;
  IF released > least(agreed, delivered) THEN
    RAISE EXCEPTION 'agreement % says % and % was delivered, % would be released', NEW.agreement_id, agreed, delivered, released USING ERRCODE = 'FU080';
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER release_within_agreement AFTER INSERT OR UPDATE ON organisation.release FOR EACH ROW EXECUTE FUNCTION organisation.refuse_overreleased();
CREATE TRIGGER session_not_released AFTER UPDATE OF void_at ON organisation.session FOR EACH ROW EXECUTE FUNCTION organisation.refuse_overreleased();

CREATE TABLE organisation.payment (
  community_id int  NOT NULL,
  id           uuid NOT NULL,
  invoice_id   uuid NOT NULL,
  amount       numeric(18,2) NOT NULL CONSTRAINT payment_amount_positive CHECK (amount > 0),
  way          text NOT NULL CONSTRAINT payment_way_known CHECK (way IN ('cash', 'bank')),
  paid_on      date NOT NULL,
  entered_by   text NOT NULL CONSTRAINT payment_entered_by_somebody CHECK (entered_by <> ''),
  entered_at   timestamptz NOT NULL,
  entry_seq    bigint NOT NULL,
  undone_at    timestamptz,
  undone_by    text NOT NULL DEFAULT '',
  undone_why   text NOT NULL DEFAULT '',
  CONSTRAINT payment_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT payment_entry_key UNIQUE (community_id, entry_seq),
  CONSTRAINT payment_invoice FOREIGN KEY (community_id, invoice_id) REFERENCES organisation.invoice (community_id, id),
  CONSTRAINT payment_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry (community_id, seq)
);
CREATE INDEX payment_of_invoice ON organisation.payment (community_id, invoice_id);

-- Nobody pays more than an invoice says, and a void one is not paid.
-- +goose StatementBegin
CREATE FUNCTION organisation.refuse_overpaid() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  i    organisation.invoice;
  paid numeric;
BEGIN
  SELECT * INTO i FROM organisation.invoice x WHERE x.community_id = NEW.community_id AND x.id = NEW.invoice_id FOR UPDATE;
  SELECT coalesce(sum(p.amount), 0) INTO paid FROM organisation.payment p
   WHERE p.community_id = NEW.community_id AND p.invoice_id = NEW.invoice_id AND p.undone_at IS NULL;
  IF paid > i.amount OR (paid > 0 AND i.void_at IS NOT NULL) THEN
    RAISE EXCEPTION 'invoice %-% is for %, % would be paid', i.year, i.number, i.amount, paid USING ERRCODE = 'FU081';
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER payment_within_invoice AFTER INSERT OR UPDATE ON organisation.payment FOR EACH ROW EXECUTE FUNCTION organisation.refuse_overpaid();

-- An issued invoice stays as it is; it may be void once nothing stands of what was paid, and forget whom it billed.
-- +goose StatementBegin
CREATE FUNCTION organisation.refuse_invoice_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  moving text[] := ARRAY['billed_to', 'erased_at', 'void_at', 'void_by', 'void_why'];
BEGIN
  IF to_jsonb(NEW) - moving <> to_jsonb(OLD) - moving OR (NEW.billed_to <> OLD.billed_to AND NEW.billed_to <> '')
     OR (OLD.void_at IS NOT NULL AND (NEW.void_at, NEW.void_by, NEW.void_why) IS DISTINCT FROM (OLD.void_at, OLD.void_by, OLD.void_why)) THEN
    RAISE EXCEPTION 'invoice %-% is issued', OLD.year, OLD.number USING ERRCODE = 'FU002';
  ELSIF NEW.void_at IS NOT NULL AND OLD.void_at IS NULL AND EXISTS (SELECT FROM organisation.payment p
         WHERE p.community_id = OLD.community_id AND p.invoice_id = OLD.id AND p.undone_at IS NULL) THEN
    RAISE EXCEPTION 'invoice %-% is paid', OLD.year, OLD.number USING ERRCODE = 'FU085';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER invoice_kept BEFORE UPDATE ON organisation.invoice FOR EACH ROW EXECUTE FUNCTION organisation.refuse_invoice_change();

-- What has an entry is undone once and changed never.
-- +goose StatementBegin
CREATE FUNCTION organisation.refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  undoing text[] := ARRAY['undone_at', 'undone_by', 'undone_why'];
BEGIN
  IF OLD.undone_at IS NOT NULL OR NEW.undone_at IS NULL OR to_jsonb(NEW) - undoing <> to_jsonb(OLD) - undoing THEN
    RAISE EXCEPTION '% is posted', TG_TABLE_NAME USING ERRCODE = 'FU002';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER payment_kept BEFORE UPDATE ON organisation.payment FOR EACH ROW EXECUTE FUNCTION organisation.refuse_change();
CREATE TRIGGER release_kept BEFORE UPDATE ON organisation.release FOR EACH ROW EXECUTE FUNCTION organisation.refuse_change();
CREATE TRIGGER small_grant_kept BEFORE UPDATE ON organisation.small_grant FOR EACH ROW EXECUTE FUNCTION organisation.refuse_change();
CREATE TRIGGER payment_stays BEFORE DELETE OR TRUNCATE ON organisation.payment FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER release_stays BEFORE DELETE OR TRUNCATE ON organisation.release FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER small_grant_stays BEFORE DELETE OR TRUNCATE ON organisation.small_grant FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER invoice_stays BEFORE DELETE OR TRUNCATE ON organisation.invoice FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER rule_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON organisation.rule FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER tier_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON organisation.tier FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA organisation FROM PUBLIC;
GRANT SELECT ON ALL TABLES IN SCHEMA organisation TO fund_app;
GRANT INSERT ON organisation.organisation, organisation.contact, organisation.member_count, organisation.activity, organisation.rule, organisation.tier,
  organisation.small_grant, organisation.agreement, organisation.item, organisation.invoice, organisation.session, organisation.release, organisation.payment TO fund_app;
GRANT UPDATE (slug, name_zh, name_en, theme, about_zh, about_en, meets_zh, meets_en, founded_on, ended_on, fund_id) ON organisation.organisation TO fund_app;
GRANT UPDATE (name, phone), DELETE ON organisation.contact TO fund_app;
GRANT UPDATE (members, entered_by, entered_at) ON organisation.member_count TO fund_app;
GRANT UPDATE (withdrawn_by, withdrawn_at, withdrawn_why) ON organisation.activity TO fund_app;
GRANT UPDATE (invoice_id, release_id, void_at, void_by, void_why) ON organisation.session TO fund_app;
GRANT UPDATE (billed_to, erased_at, void_at, void_by, void_why) ON organisation.invoice TO fund_app;
GRANT UPDATE (undone_at, undone_by, undone_why) ON organisation.small_grant, organisation.release, organisation.payment TO fund_app;
