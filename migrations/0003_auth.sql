-- +goose Up
-- Who acts and what they may do. Users belong to the installation, memberships to a community.

CREATE SCHEMA auth;
GRANT USAGE ON SCHEMA auth TO fund_app;

CREATE TABLE auth.user (
  id                 uuid PRIMARY KEY,
  login              text NOT NULL CONSTRAINT user_login_is_taken UNIQUE,
  name               text NOT NULL,
  password_hash      text NOT NULL,
  -- Set by somebody else, so known to two people: the next log-in must replace it.
  password_temporary boolean NOT NULL,
  totp_secret        text,
  totp_confirmed_at  timestamptz,
  -- The 30-second step of the last code accepted: a code works once.
  totp_last_step     bigint NOT NULL DEFAULT 0,
  disabled_at        timestamptz,
  created_at         timestamptz NOT NULL DEFAULT now(),
  -- With the unique constraint: no two logins that differ only in case.
  CONSTRAINT user_login_is_lower_case CHECK (login = lower(login) AND login <> ''),
  CONSTRAINT user_totp_is_confirmed_with_secret CHECK (totp_confirmed_at IS NULL OR totp_secret IS NOT NULL)
);

CREATE TABLE auth.membership (
  community_id int NOT NULL REFERENCES ledger.community (id),
  user_id      uuid NOT NULL REFERENCES auth.user (id),
  -- One row a person, so that the separation of duties is a plain CHECK. Empty: a former member.
  roles        text[] NOT NULL,
  PRIMARY KEY (community_id, user_id),
  CONSTRAINT membership_roles_are_known CHECK (
    roles <@ ARRAY['administrator', 'treasurer', 'auditor', 'cashier', 'project_lead', 'council_member']),
  -- Who manages people handles no money; who audits does nothing else.
  CONSTRAINT membership_keeps_duties_apart CHECK (
    NOT ('administrator' = ANY (roles) AND roles && ARRAY['treasurer', 'cashier'])
    AND NOT ('auditor' = ANY (roles) AND cardinality(roles) > 1))
);
CREATE INDEX membership_by_user ON auth.membership (user_id, community_id);

CREATE TABLE auth.session (
  id            uuid PRIMARY KEY,
  -- SHA-256 of the 256 random bits in the cookie: whoever reads this table cannot log in with it.
  token_hash    bytea NOT NULL UNIQUE,
  user_id       uuid NOT NULL REFERENCES auth.user (id),
  created_at    timestamptz NOT NULL,
  seen_at       timestamptz NOT NULL,
  stepped_up_at timestamptz NOT NULL,
  agent         text NOT NULL,
  address       text NOT NULL,
  CONSTRAINT session_token_is_sha256 CHECK (length(token_hash) = 32)
);
CREATE INDEX session_by_user ON auth.session (user_id, seen_at);

-- Keys are SHA-256 of a login or an address: a mistyped password in the login field is not kept.
CREATE TABLE auth.login_attempt (
  key          bytea PRIMARY KEY,
  failures     int NOT NULL,
  last_at      timestamptz NOT NULL,
  locked_until timestamptz NOT NULL,
  CONSTRAINT login_attempt_failures_count_up CHECK (failures >= 0)
);

-- Unlogged: a crash forgets the counts, and nothing of worth with them.
CREATE UNLOGGED TABLE auth.rate_limit (
  key       bytea PRIMARY KEY,
  count     int NOT NULL,
  resets_at timestamptz NOT NULL
);

-- Who did what, when and from where. community_id 0 is the installation itself (log-ins, accounts of
-- people), so there is no foreign key on it; ids only, never a name.
CREATE TABLE auth.audit_log (
  community_id int NOT NULL,
  id           bigint GENERATED ALWAYS AS IDENTITY,
  at           timestamptz NOT NULL DEFAULT clock_timestamp(),
  user_id      uuid REFERENCES auth.user (id),
  verb         text NOT NULL,
  subject      text NOT NULL,
  address      text NOT NULL,
  agent        text NOT NULL,
  detail       jsonb NOT NULL,
  PRIMARY KEY (community_id, id),
  CONSTRAINT audit_log_verb_is_noun_dot_verb CHECK (verb ~ '^[a-z_]+\.[a-z_]+$'),
  CONSTRAINT audit_log_detail_is_object CHECK (jsonb_typeof(detail) = 'object')
);
CREATE INDEX audit_log_by_user ON auth.audit_log (community_id, user_id, id);

-- +goose StatementBegin
CREATE FUNCTION auth.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  RAISE EXCEPTION 'auth.audit_log is append-only: % refused', TG_OP USING ERRCODE = 'FU901';
END
$$;
-- +goose StatementEnd

CREATE TRIGGER audit_log_is_append_only
  BEFORE UPDATE OR DELETE OR TRUNCATE ON auth.audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION auth.refuse_change();

-- The server adds people and changes what may change; it never deletes a person or a membership, and it
-- cannot choose the time of an audit row.
GRANT SELECT, INSERT ON auth.user TO fund_app;
GRANT UPDATE (name, password_hash, password_temporary, totp_secret, totp_confirmed_at, totp_last_step, disabled_at)
  ON auth.user TO fund_app;
GRANT SELECT, INSERT, UPDATE (roles) ON auth.membership TO fund_app;
GRANT SELECT, INSERT, UPDATE (token_hash, seen_at, stepped_up_at), DELETE ON auth.session TO fund_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON auth.login_attempt, auth.rate_limit TO fund_app;
GRANT SELECT, INSERT (community_id, user_id, verb, subject, address, agent, detail) ON auth.audit_log TO fund_app;
