-- +goose Up

-- Who countersigns our checkpoints: another community's server, or a person with
-- a command. Their title is shown in public beside what they signed.
CREATE TABLE transparency.witness (
  community_id int    NOT NULL REFERENCES ledger.community,
  id           int    NOT NULL CONSTRAINT witness_id_positive CHECK (id > 0),
  title        text   NOT NULL CONSTRAINT witness_has_a_title CHECK (length(title) BETWEEN 1 AND 80),
  public_key   text   NOT NULL CONSTRAINT witness_key_form CHECK (length(public_key) BETWEEN 20 AND 300),
  address      text   NOT NULL DEFAULT '' CONSTRAINT witness_address_form CHECK (address = '' OR address ~ '^https?://[!-~]+$'),
  added_by     text   NOT NULL,
  added_at     timestamptz NOT NULL,
  ended_at     timestamptz,
  asked_at     timestamptz,
  answer       text   NOT NULL DEFAULT '' CONSTRAINT witness_answer_known CHECK (answer IN ('', 'signed', 'silent', 'stranger', 'disputed', 'forked', 'unsigned')),
  size         bigint NOT NULL DEFAULT 0 CONSTRAINT witness_size_not_negative CHECK (size >= 0),
  CONSTRAINT witness_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT witness_once UNIQUE (community_id, public_key)
);
COMMENT ON COLUMN transparency.witness.address IS 'where it takes checkpoints (C2SP tlog-witness, the submission prefix); empty for a person who sends signatures';
COMMENT ON COLUMN transparency.witness.size IS 'the size it last countersigned, as far as we know: the next proof starts there';
COMMENT ON COLUMN transparency.witness.answer IS 'to the last time it was asked; silent: no answer; stranger: it does not know our log; disputed: it refused our proof or signature; forked: it holds another log of ours; unsigned: its answer holds no signature by its key';

-- What they signed; a line each as it stands under the checkpoint's text.
CREATE TABLE transparency.cosignature (
  community_id int  NOT NULL,
  number       int  NOT NULL,
  witness_id   int  NOT NULL,
  signed_at    timestamptz NOT NULL,
  line         text NOT NULL CONSTRAINT cosignature_form CHECK (line ~ '^— [^ ]+ [A-Za-z0-9+/=]+$'),
  CONSTRAINT cosignature_pkey PRIMARY KEY (community_id, number, witness_id),
  CONSTRAINT cosignature_checkpoint FOREIGN KEY (community_id, number) REFERENCES transparency.checkpoint (community_id, number),
  CONSTRAINT cosignature_witness FOREIGN KEY (community_id, witness_id) REFERENCES transparency.witness (community_id, id)
);
CREATE TRIGGER cosignature_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON transparency.cosignature FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- Whose checkpoints we countersign, and the last one of each. It only grows.
CREATE TABLE transparency.watched (
  community_id int    NOT NULL REFERENCES ledger.community,
  id           int    NOT NULL CONSTRAINT watched_id_positive CHECK (id > 0),
  title        text   NOT NULL CONSTRAINT watched_has_a_title CHECK (length(title) BETWEEN 1 AND 80),
  origin       text   NOT NULL CONSTRAINT watched_origin_form CHECK (origin ~ '^[^[:space:]+]{1,200}$'),
  public_key   text   NOT NULL CONSTRAINT watched_key_form CHECK (length(public_key) BETWEEN 20 AND 300),
  added_by     text   NOT NULL,
  added_at     timestamptz NOT NULL,
  ended_at     timestamptz,
  size         bigint NOT NULL DEFAULT 0,
  note         text   NOT NULL DEFAULT '',
  cosigned_at  timestamptz,
  CONSTRAINT watched_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT watched_origin_once UNIQUE (community_id, origin)
);
-- +goose StatementBegin
CREATE FUNCTION transparency.watched_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.size < OLD.size OR (NEW.note = '' AND OLD.note <> '') THEN
    RAISE EXCEPTION 'a witness does not forget: size % after %', NEW.size, OLD.size USING ERRCODE = 'FU002';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER watched_only_grows BEFORE UPDATE ON transparency.watched FOR EACH ROW EXECUTE FUNCTION transparency.watched_guard();

-- Two signed checkpoints of one log that cannot both be true, kept for everybody.
CREATE TABLE transparency.fork (
  community_id int   NOT NULL,
  digest       bytea NOT NULL CONSTRAINT fork_digest_form CHECK (length(digest) = 32),
  watched_id   int   NOT NULL,
  proof        text  NOT NULL,
  found_at     timestamptz NOT NULL,
  CONSTRAINT fork_pkey PRIMARY KEY (community_id, digest),
  CONSTRAINT fork_of_watched FOREIGN KEY (community_id, watched_id) REFERENCES transparency.watched (community_id, id)
);
COMMENT ON COLUMN transparency.fork.proof IS 'as fund verify fork reads it';
CREATE TRIGGER fork_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON transparency.fork FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

GRANT SELECT, INSERT ON transparency.witness, transparency.cosignature, transparency.watched, transparency.fork TO fund_app;
GRANT UPDATE (title, address, ended_at, asked_at, answer, size) ON transparency.witness TO fund_app;
GRANT UPDATE (title, ended_at, size, note, cosigned_at) ON transparency.watched TO fund_app;
