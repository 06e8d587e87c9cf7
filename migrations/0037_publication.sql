-- +goose Up

-- ── A published document keeps its drawings ──────────────────────────

ALTER TABLE disclosure.document
  DROP CONSTRAINT document_subject_known,
  ADD CONSTRAINT document_subject_known CHECK (subject_kind IN ('community', 'campaign', 'project', 'venture', 'event')),
  ADD written_in xid8 NOT NULL DEFAULT pg_current_xact_id();
COMMENT ON COLUMN disclosure.document.written_in IS 'the database transaction that published it, in which its drawings are kept too, and never later';

-- What a document was drawn from in one language, and what was drawn. The same value gives the same bytes as long as the program draws the same; the
-- bytes are kept because a later program may not, and what was issued is what is handed out.
CREATE TABLE disclosure.drawing (
  community_id int   NOT NULL,
  year         int   NOT NULL,
  number       int   NOT NULL,
  version      int   NOT NULL,
  lang         text  NOT NULL CONSTRAINT drawing_lang_known CHECK (lang IN ('zh-CN', 'en')),
  value        bytea NOT NULL,
  value_sha256 bytea NOT NULL GENERATED ALWAYS AS (sha256(value)) STORED,
  pages        int   NOT NULL CONSTRAINT drawing_pages_positive CHECK (pages > 0),
  pdf          bytea NOT NULL,
  pdf_sha256   bytea NOT NULL GENERATED ALWAYS AS (sha256(pdf)) STORED,
  CONSTRAINT drawing_pkey PRIMARY KEY (community_id, year, number, version, lang),
  CONSTRAINT drawing_document FOREIGN KEY (community_id, year, number, version) REFERENCES disclosure.document (community_id, year, number, version)
);
ALTER TABLE disclosure.drawing ALTER pdf SET STORAGE EXTERNAL; -- it is compressed already
COMMENT ON COLUMN disclosure.drawing.value IS 'the whole value as JSON: which of web/pdf''s documents it is says the kind in the document''s content';
CREATE INDEX drawing_by_digest ON disclosure.drawing (community_id, pdf_sha256);

CREATE TRIGGER drawing_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON disclosure.drawing FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- +goose StatementBegin
CREATE FUNCTION disclosure.drawing_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
       SELECT FROM disclosure.document d
        WHERE d.community_id = NEW.community_id AND d.year = NEW.year AND d.number = NEW.number AND d.version = NEW.version
          AND d.written_in = pg_current_xact_id()) THEN
    RAISE EXCEPTION 'document %-% version % is published: nothing is added to it', NEW.year, NEW.number, NEW.version USING ERRCODE = 'FU002';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER drawing_guard BEFORE INSERT ON disclosure.drawing FOR EACH ROW EXECUTE FUNCTION disclosure.drawing_guard();

GRANT SELECT, INSERT ON disclosure.drawing TO fund_app;

-- ── Reports that are issued by themselves, and whom they are sent to ─

CREATE SCHEMA publication;
GRANT USAGE ON SCHEMA publication TO fund_app;

-- Which reports are issued without anybody pressing a button, and how many days after the last of their months was closed.
CREATE TABLE publication.schedule (
  community_id int  NOT NULL REFERENCES ledger.community,
  kind         text NOT NULL CONSTRAINT schedule_kind_form CHECK (kind ~ '^[a-z]+$'),
  span         text NOT NULL CONSTRAINT schedule_span_known CHECK (span IN ('month', 'quarter', 'year')),
  days         int  NOT NULL CONSTRAINT schedule_days_few CHECK (days BETWEEN 0 AND 90),
  set_by       text NOT NULL CONSTRAINT schedule_by_somebody CHECK (set_by <> ''),
  set_at       timestamptz NOT NULL,
  CONSTRAINT schedule_pkey PRIMARY KEY (community_id, kind, span)
);
COMMENT ON COLUMN publication.schedule.set_at IS 'months that were closed before it are left alone';

-- Who asked for new reports by mail. Who ends it is deleted; nothing else remembers the address.
CREATE TABLE publication.subscriber (
  community_id int  NOT NULL REFERENCES ledger.community,
  id           uuid NOT NULL,
  email        text NOT NULL CONSTRAINT subscriber_email_form CHECK (length(email) BETWEEN 3 AND 254 AND email LIKE '%_@_%'),
  lang         text NOT NULL CONSTRAINT subscriber_lang_known CHECK (lang IN ('zh-CN', 'en')),
  token        text NOT NULL CONSTRAINT subscriber_token_form CHECK (token ~ '^[a-z2-7]{26}$'),
  asked_at     timestamptz NOT NULL,
  confirmed_at timestamptz,
  CONSTRAINT subscriber_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT subscriber_token_key UNIQUE (community_id, token)
);
COMMENT ON COLUMN publication.subscriber.token IS '130 random bits: whoever has the letter may confirm the address, and end the letters';
CREATE UNIQUE INDEX subscriber_address_once ON publication.subscriber (community_id, lower(email));
CREATE INDEX subscriber_confirmed ON publication.subscriber (community_id, id) WHERE confirmed_at IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON publication.schedule, publication.subscriber TO fund_app;
