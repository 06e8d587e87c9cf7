-- +goose Up

-- The giver's own page: ways in without a password, consent, requests for a
-- refund. Names and addresses stay in campaigns.donor, where one erasure
-- reaches them; what stands here points there, or can be emptied.
CREATE SCHEMA giver;
GRANT USAGE ON SCHEMA giver TO fund_app;

-- One person is all donor rows with one address: each gift has a row of its own,
-- or the same commitment in two journal entries would tell the public that they
-- are one person's.
CREATE INDEX donor_by_mail ON campaigns.donor (community_id, lower(email)) WHERE email <> '';
CREATE INDEX donation_of_donor ON campaigns.donation (community_id, donor_id) WHERE donor_id IS NOT NULL;

-- A link by mail. Its token is computed from the id and never stored.
CREATE TABLE giver.link (
  community_id int  NOT NULL REFERENCES ledger.community,
  id           uuid NOT NULL,
  purpose      text NOT NULL CONSTRAINT link_purpose_known CHECK (purpose IN ('enter', 'address')),
  donor_id     uuid,
  address      text NOT NULL DEFAULT '' CONSTRAINT link_address_of_its_purpose CHECK (address = '' OR purpose = 'address'),
  created_at   timestamptz NOT NULL,
  expires_at   timestamptz NOT NULL,
  used_at      timestamptz,
  CONSTRAINT link_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT link_donor FOREIGN KEY (community_id, donor_id) REFERENCES campaigns.donor (community_id, id)
);
CREATE INDEX link_expires ON giver.link (expires_at);
CREATE INDEX link_of_donor ON giver.link (community_id, donor_id, created_at);
COMMENT ON COLUMN giver.link.donor_id IS 'one of the donor rows with the address; null where nobody has it, so that asking costs the same either way';
COMMENT ON COLUMN giver.link.address IS 'the address to change to, until it is confirmed';

CREATE TABLE giver.session (
  community_id int  NOT NULL REFERENCES ledger.community,
  token_hash   bytea NOT NULL CONSTRAINT session_hash_form CHECK (length(token_hash) = 32),
  donor_id     uuid,
  donation_id  uuid,
  created_at   timestamptz NOT NULL,
  seen_at      timestamptz NOT NULL,
  CONSTRAINT session_pkey PRIMARY KEY (community_id, token_hash),
  CONSTRAINT session_of_a_mail_or_a_gift CHECK ((donor_id IS NULL) <> (donation_id IS NULL)),
  CONSTRAINT session_donor FOREIGN KEY (community_id, donor_id) REFERENCES campaigns.donor (community_id, id),
  CONSTRAINT session_donation FOREIGN KEY (community_id, donation_id) REFERENCES campaigns.donation (community_id, id)
);
CREATE INDEX session_seen ON giver.session (seen_at);
CREATE INDEX session_of_donor ON giver.session (community_id, donor_id) WHERE donor_id IS NOT NULL;
CREATE INDEX session_of_donation ON giver.session (community_id, donation_id) WHERE donation_id IS NOT NULL;

-- When a giver let the public see their name or words, and when they took it
-- back; what they chose while giving is the donation's own.
CREATE TABLE giver.consent (
  community_id int  NOT NULL,
  donation_id  uuid NOT NULL,
  number       int  NOT NULL CONSTRAINT consent_number_positive CHECK (number > 0),
  what         text NOT NULL CONSTRAINT consent_what_known CHECK (what IN ('name', 'message')),
  given        boolean NOT NULL,
  at           timestamptz NOT NULL,
  CONSTRAINT consent_pkey PRIMARY KEY (community_id, donation_id, number),
  CONSTRAINT consent_donation FOREIGN KEY (community_id, donation_id) REFERENCES campaigns.donation (community_id, id)
);
CREATE TRIGGER consent_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON giver.consent FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- When a giver may ask for their money back. No row: seven days.
CREATE TABLE giver.refund_rule (
  community_id int  NOT NULL,
  campaign_id  int  NOT NULL,
  kind         text NOT NULL CONSTRAINT refund_rule_kind_known CHECK (kind IN ('none', 'days', 'unspent')),
  days         int  NOT NULL DEFAULT 0 CONSTRAINT refund_rule_days_range CHECK (days BETWEEN 0 AND 365),
  CONSTRAINT refund_rule_pkey PRIMARY KEY (community_id, campaign_id),
  CONSTRAINT refund_rule_campaign FOREIGN KEY (community_id, campaign_id) REFERENCES campaigns.campaign (community_id, id),
  CONSTRAINT refund_rule_days_said CHECK ((kind = 'days') = (days > 0))
);

CREATE TABLE giver.refund_request (
  community_id int  NOT NULL,
  id           uuid NOT NULL,
  donation_id  uuid NOT NULL,
  amount       numeric(18,2) NOT NULL CONSTRAINT refund_request_amount_positive CHECK (amount > 0),
  reason       text NOT NULL DEFAULT '' CONSTRAINT refund_request_reason_length CHECK (length(reason) <= 200),
  state        text NOT NULL DEFAULT 'asked' CONSTRAINT refund_request_state_known CHECK (state IN ('asked', 'approved', 'declined')),
  asked_at     timestamptz NOT NULL,
  answer       text NOT NULL DEFAULT '' CONSTRAINT refund_request_answer_length CHECK (length(answer) <= 200),
  answered_by  text NOT NULL DEFAULT '',
  answered_at  timestamptz,
  CONSTRAINT refund_request_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT refund_request_donation FOREIGN KEY (community_id, donation_id) REFERENCES campaigns.donation (community_id, id),
  CONSTRAINT refund_request_is_answered CHECK ((state = 'asked') = (answered_at IS NULL)),
  CONSTRAINT refund_request_declined_why CHECK (state <> 'declined' OR answer <> '')
);
CREATE UNIQUE INDEX refund_request_asked_once ON giver.refund_request (community_id, donation_id) WHERE state = 'asked';
CREATE INDEX refund_request_of_donation ON giver.refund_request (community_id, donation_id);
COMMENT ON COLUMN giver.refund_request.reason IS 'the giver''s own words: emptied when they are erased';

GRANT SELECT ON ALL TABLES IN SCHEMA giver TO fund_app;
GRANT INSERT, DELETE, UPDATE (used_at, address) ON giver.link TO fund_app;
GRANT INSERT, DELETE, UPDATE (seen_at) ON giver.session TO fund_app;
GRANT INSERT ON giver.consent TO fund_app;
GRANT INSERT, UPDATE ON giver.refund_rule TO fund_app;
GRANT INSERT, UPDATE (reason, state, answer, answered_by, answered_at) ON giver.refund_request TO fund_app;
