-- +goose Up

-- ── The law as a gate (慈善法 2024 Art. 26) ──────────────────────────

ALTER TABLE campaigns.host
  ADD certificate_from date, ADD certificate_until date,
  ADD CONSTRAINT host_certificate_dates CHECK (certificate_until >= certificate_from);
COMMENT ON COLUMN campaigns.host.certificate_until IS 'the last day on which the certificate is valid; null where nobody has written it down yet';

ALTER TABLE campaigns.campaign
  ADD filed_from date, ADD filed_until date,
  ADD CONSTRAINT campaign_filed_dates CHECK (filed_until >= filed_from);
COMMENT ON COLUMN campaigns.campaign.filed_from IS 'the days that the filed plan names; the campaign stays within them';

-- campaign_law is the last guard of what campaigns.Campaign.Lacks tells in words.
-- +goose StatementBegin
CREATE FUNCTION campaigns.campaign_law() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  known record;
  was_public boolean := TG_OP = 'UPDATE' AND OLD.state = 'published' AND OLD.basis = 'public';
BEGIN
  IF was_public AND NEW.state = 'published' AND NEW.basis <> 'public' THEN
    RAISE EXCEPTION 'campaign % was published as a public appeal and stays one', NEW.slug USING ERRCODE = '23514', CONSTRAINT = 'campaign_stays_public';
  END IF;
  IF NEW.state <> 'published' OR NEW.basis <> 'public' THEN
    RETURN NEW;
  END IF;
  IF was_public AND NEW.filing_number = OLD.filing_number AND
     (NEW.starts_on, NEW.ends_on, NEW.goal, NEW.purpose_zh, NEW.kind, NEW.fund_id, NEW.host_id, NEW.filed_from, NEW.filed_until)
       IS DISTINCT FROM
     (OLD.starts_on, OLD.ends_on, OLD.goal, OLD.purpose_zh, OLD.kind, OLD.fund_id, OLD.host_id, OLD.filed_from, OLD.filed_until) THEN
    RAISE EXCEPTION 'campaign % was filed with other facts', NEW.slug USING ERRCODE = '23514', CONSTRAINT = 'campaign_refiled';
  END IF;
  IF was_public AND
     (NEW.starts_on, NEW.ends_on, NEW.host_id, NEW.certificate, NEW.filing_number, NEW.filed_on, NEW.filed_from, NEW.filed_until)
       IS NOT DISTINCT FROM
     (OLD.starts_on, OLD.ends_on, OLD.host_id, OLD.certificate, OLD.filing_number, OLD.filed_on, OLD.filed_from, OLD.filed_until) THEN
    RETURN NEW; -- nothing of the law: its texts and pictures may be mended
  END IF;
  SELECT h.certificate, h.certificate_from, h.certificate_until INTO known
    FROM campaigns.host h WHERE h.community_id = NEW.community_id AND h.id = NEW.host_id;
  IF known.certificate IS NULL OR known.certificate = '' OR known.certificate <> NEW.certificate THEN
    RAISE EXCEPTION 'campaign % names no certificate of its host', NEW.slug USING ERRCODE = '23514', CONSTRAINT = 'campaign_certificate';
  END IF;
  IF (known.certificate_from <= NEW.starts_on AND known.certificate_until >= NEW.ends_on) IS NOT TRUE THEN
    RAISE EXCEPTION 'the certificate of campaign % is not valid on all of its days', NEW.slug USING ERRCODE = '23514', CONSTRAINT = 'campaign_certificate_dates';
  END IF;
  IF campaigns.is_filing_number(NEW.filing_number) IS NOT TRUE THEN
    RAISE EXCEPTION 'campaign % has no filing number of the usual form', NEW.slug USING ERRCODE = '23514', CONSTRAINT = 'campaign_filing_form';
  END IF;
  IF (NEW.filed_from <= NEW.starts_on AND NEW.filed_until >= NEW.ends_on) IS NOT TRUE THEN
    RAISE EXCEPTION 'campaign % is not within the days of its filing', NEW.slug USING ERRCODE = '23514', CONSTRAINT = 'campaign_within_filed';
  END IF;
  IF (NEW.filed_on + 10 <= (NEW.published_at AT TIME ZONE (
       SELECT c.timezone FROM ledger.community c WHERE c.id = NEW.community_id))::date) IS NOT TRUE THEN
    RAISE EXCEPTION 'campaign % was filed less than ten days ago', NEW.slug USING ERRCODE = '23514', CONSTRAINT = 'campaign_ten_days';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd

-- A 备案编号 is 6 to 40 characters with at least four digits: 53510000MJQ1234567A26001, or as older receipts have it, 川民募备〔2026〕18号.
-- +goose StatementBegin
CREATE FUNCTION campaigns.is_filing_number(number text) RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT length(number) BETWEEN 6 AND 40 AND number ~ '^[0-9A-Za-z一-龥〔〕（）()\[\]第号 -]+$' AND length(regexp_replace(number, '[^0-9]', '', 'g')) >= 4
$$;
-- +goose StatementEnd

CREATE TRIGGER campaign_law BEFORE INSERT OR UPDATE ON campaigns.campaign FOR EACH ROW EXECUTE FUNCTION campaigns.campaign_law();

-- ── What has to be disclosed, and what was ───────────────────────────

CREATE SCHEMA disclosure;
GRANT USAGE ON SCHEMA disclosure TO fund_app;

-- 重大事项: nobody can compute them, so staff write them down.
CREATE TABLE disclosure.event (
  community_id int  NOT NULL REFERENCES ledger.community,
  id           int  NOT NULL,
  title_zh     text NOT NULL CONSTRAINT event_title_form CHECK (length(title_zh) BETWEEN 1 AND 80),
  title_en     text NOT NULL DEFAULT '',
  happened_on  date NOT NULL,
  noted_by     text NOT NULL,
  noted_at     timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT event_pkey PRIMARY KEY (community_id, id)
);

-- What staff are writing; figures are never kept here, they are the books'.
CREATE TABLE disclosure.draft (
  community_id int   NOT NULL REFERENCES ledger.community,
  duty         text  NOT NULL CONSTRAINT draft_duty_form CHECK (duty ~ '^[a-z]+(\.[a-z0-9-]+)*$'),
  texts        jsonb NOT NULL,
  saved_by     text  NOT NULL,
  saved_at     timestamptz NOT NULL,
  CONSTRAINT draft_pkey PRIMARY KEY (community_id, duty)
);

CREATE TABLE disclosure.counter (
  community_id int NOT NULL REFERENCES ledger.community,
  year         int NOT NULL,
  last_number  int NOT NULL,
  CONSTRAINT counter_pkey PRIMARY KEY (community_id, year)
);

-- A published document with everything it was drawn from: it is drawn again the same, whatever happens to its campaign.
CREATE TABLE disclosure.document (
  community_id   int   NOT NULL REFERENCES ledger.community,
  year           int   NOT NULL,
  number         int   NOT NULL CONSTRAINT document_number_positive CHECK (number > 0),
  version        int   NOT NULL CONSTRAINT document_version_positive CHECK (version > 0),
  duty           text  NOT NULL CONSTRAINT document_duty_form CHECK (duty ~ '^[a-z]+(\.[a-z0-9-]+)*$'),
  subject_kind   text  NOT NULL CONSTRAINT document_subject_known CHECK (subject_kind IN ('community', 'campaign', 'project', 'event')),
  subject_id     int   NOT NULL,
  title_zh       text  NOT NULL,
  title_en       text  NOT NULL,
  due_on         date,
  published_on   date  NOT NULL,
  published_at   timestamptz NOT NULL,
  published_by   text  NOT NULL,
  note           text  NOT NULL DEFAULT '',
  as_of          bigint NOT NULL CONSTRAINT document_as_of_not_negative CHECK (as_of >= 0),
  content        jsonb NOT NULL,
  CONSTRAINT document_pkey PRIMARY KEY (community_id, year, number, version),
  CONSTRAINT document_duty_once UNIQUE (community_id, duty, version),
  CONSTRAINT document_year_of_first CHECK (version > 1 OR year = extract(year FROM published_on)),
  CONSTRAINT document_correction_says_what CHECK ((version = 1) = (note = ''))
);
COMMENT ON COLUMN disclosure.document.as_of IS 'the seq of the last journal entry that its figures count';
COMMENT ON COLUMN disclosure.document.note IS 'of a correction: what changed (民政部令第81号 Art. 16)';

CREATE TRIGGER document_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON disclosure.document FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- Numbers and versions have no gaps, and a correction is of the same duty.
-- +goose StatementBegin
CREATE FUNCTION disclosure.document_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.version > 1 AND NOT EXISTS (
       SELECT FROM disclosure.document d
        WHERE d.community_id = NEW.community_id AND d.year = NEW.year AND d.number = NEW.number AND d.version = NEW.version - 1 AND d.duty = NEW.duty) OR
     NEW.version = 1 AND NEW.number > 1 AND NOT EXISTS (
       SELECT FROM disclosure.document d WHERE d.community_id = NEW.community_id AND d.year = NEW.year AND d.number = NEW.number - 1) THEN
    RAISE EXCEPTION 'document %-% version % would leave a gap', NEW.year, NEW.number, NEW.version USING ERRCODE = 'FU013';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER document_guard BEFORE INSERT ON disclosure.document FOR EACH ROW EXECUTE FUNCTION disclosure.document_guard();

-- A calendar program cannot log in: it is let in by the address alone.
CREATE TABLE disclosure.feed (
  community_id int  NOT NULL REFERENCES ledger.community,
  user_id      uuid NOT NULL,
  token        text NOT NULL CONSTRAINT feed_token_form CHECK (token ~ '^[a-z2-7]{26}$'),
  made_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT feed_pkey PRIMARY KEY (community_id, user_id),
  CONSTRAINT feed_token_key UNIQUE (community_id, token)
);

GRANT SELECT ON ALL TABLES IN SCHEMA disclosure TO fund_app;
GRANT INSERT ON disclosure.event, disclosure.document TO fund_app;
GRANT INSERT, UPDATE, DELETE ON disclosure.draft, disclosure.feed TO fund_app;
GRANT INSERT, UPDATE ON disclosure.counter TO fund_app;
