-- The yardstick L: the least a durable double-entry post can cost on this
-- PostgreSQL. One entry and two postings, one statement, one database
-- transaction, no balance rows, two fixed accounts.
CREATE SCHEMA yardstick;
CREATE TABLE yardstick.account (id int PRIMARY KEY, name text NOT NULL);
INSERT INTO yardstick.account VALUES (1, 'bank'), (2, 'campaign');
CREATE TABLE yardstick.journal_entry (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  memo text NOT NULL,
  posted_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE yardstick.posting (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  entry_id bigint NOT NULL REFERENCES yardstick.journal_entry,
  account_id int NOT NULL REFERENCES yardstick.account,
  amount numeric(18,2) NOT NULL);
CREATE INDEX ON yardstick.posting (entry_id);
CREATE INDEX ON yardstick.posting (account_id, id) INCLUDE (amount);
