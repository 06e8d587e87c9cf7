-- +goose Up

-- A file between its preview and its import, whatever it is a table of. It is kept for an hour.
CREATE SCHEMA upload;
GRANT USAGE ON SCHEMA upload TO fund_app;

CREATE TABLE upload.file (
  community_id int   NOT NULL,
  id           uuid  NOT NULL,
  purpose      text  NOT NULL CONSTRAINT file_purpose_form CHECK (purpose ~ '^[a-z_]{2,20}$'),
  about        int   NOT NULL DEFAULT 0,
  name         text  NOT NULL,
  packed       bytea NOT NULL,
  uploaded_by  text  NOT NULL,
  uploaded_at  timestamptz NOT NULL,
  CONSTRAINT file_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT file_community FOREIGN KEY (community_id) REFERENCES ledger.community (id)
);
COMMENT ON COLUMN upload.file.about IS 'what its purpose is about, such as the account of a bank statement; 0: nothing';
COMMENT ON COLUMN upload.file.packed IS 'the file, by gzip';
CREATE INDEX file_age ON upload.file (community_id, uploaded_at);
ALTER TABLE upload.file ALTER COLUMN packed SET STORAGE EXTERNAL;
GRANT SELECT, INSERT, DELETE ON upload.file TO fund_app;

DROP TABLE statement.upload;
DROP TABLE journalfile.upload;
DROP SCHEMA journalfile;
