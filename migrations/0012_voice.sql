-- +goose Up

-- Voice: what a campaign says and hears. Residents' proposals, updates and thanks, questions and answers, galleries, and which
-- givers asked to be told what becomes of their gift.
CREATE SCHEMA voice;
GRANT USAGE ON SCHEMA voice TO fund_app;

-- ── A resident's proposal on its way to a campaign ───────────────────

CREATE TABLE voice.proposal (
  community_id int  NOT NULL REFERENCES ledger.community,
  id           uuid NOT NULL,
  token        text NOT NULL CONSTRAINT proposal_token_form CHECK (token ~ '^[a-z2-7]{26}$'),
  state        text NOT NULL DEFAULT 'draft'
    CONSTRAINT proposal_state_known CHECK (state IN ('draft', 'submitted', 'changes', 'accepted', 'declined', 'withdrawn')),
  lang         text NOT NULL,
  theme        text NOT NULL DEFAULT '',
  title        text NOT NULL DEFAULT '',
  purpose      text NOT NULL DEFAULT '',
  story        text NOT NULL DEFAULT '',
  budget       jsonb NOT NULL DEFAULT '[]',
  starts_on    date,
  ends_on      date,
  campaign_id  int,
  created_at   timestamptz NOT NULL,
  moved_at     timestamptz NOT NULL,
  CONSTRAINT proposal_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT proposal_token_key UNIQUE (community_id, token),
  CONSTRAINT proposal_campaign FOREIGN KEY (community_id, campaign_id) REFERENCES campaigns.campaign (community_id, id),
  CONSTRAINT proposal_accepted_is_a_campaign CHECK ((state = 'accepted') = (campaign_id IS NOT NULL))
);
COMMENT ON COLUMN voice.proposal.token IS '130 random bits: whoever has the address may change the proposal while it is theirs';
COMMENT ON COLUMN voice.proposal.budget IS '[{"name": "…", "amount": "120.00"}], what the money buys';
CREATE INDEX proposal_of_campaign ON voice.proposal (community_id, campaign_id) WHERE campaign_id IS NOT NULL;

-- Who the resident is: personal data, erasable apart from the rest.
CREATE TABLE voice.contact (
  community_id int  NOT NULL,
  proposal_id  uuid NOT NULL,
  name         text NOT NULL,
  phone        text NOT NULL DEFAULT '',
  email        text NOT NULL DEFAULT '',
  CONSTRAINT contact_pkey PRIMARY KEY (community_id, proposal_id),
  CONSTRAINT contact_proposal FOREIGN KEY (community_id, proposal_id) REFERENCES voice.proposal (community_id, id)
);

-- Who moved a proposal, when and why.
CREATE TABLE voice.step (
  community_id int  NOT NULL,
  proposal_id  uuid NOT NULL,
  n            int  NOT NULL,
  state        text NOT NULL,
  by_whom      text NOT NULL CONSTRAINT step_by_somebody CHECK (by_whom <> ''),
  why          text NOT NULL DEFAULT '',
  at           timestamptz NOT NULL,
  CONSTRAINT step_pkey PRIMARY KEY (community_id, proposal_id, n),
  CONSTRAINT step_proposal FOREIGN KEY (community_id, proposal_id) REFERENCES voice.proposal (community_id, id)
);

-- ── What a campaign tells: updates, and its thanks ───────────────────

CREATE TABLE voice.post (
  community_id int  NOT NULL,
  id           int  NOT NULL,
  campaign_id  int  NOT NULL,
  kind         text NOT NULL CONSTRAINT post_kind_known CHECK (kind IN ('update', 'thanks')),
  state        text NOT NULL DEFAULT 'draft' CONSTRAINT post_state_known CHECK (state IN ('draft', 'submitted', 'published', 'declined')),
  title_zh     text NOT NULL CONSTRAINT post_title_said CHECK (title_zh <> ''),
  title_en     text NOT NULL DEFAULT '',
  body_zh      text NOT NULL,
  body_en      text NOT NULL DEFAULT '',
  by_whom      text NOT NULL CONSTRAINT post_by_somebody CHECK (by_whom <> ''),
  created_at   timestamptz NOT NULL,
  decided_by   text NOT NULL DEFAULT '',
  decided_at   timestamptz,
  why          text NOT NULL DEFAULT '',
  CONSTRAINT post_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT post_campaign FOREIGN KEY (community_id, campaign_id) REFERENCES campaigns.campaign (community_id, id),
  CONSTRAINT post_decided_by_somebody CHECK (state NOT IN ('published', 'declined') OR (decided_by <> '' AND decided_at IS NOT NULL)),
  CONSTRAINT post_declined_with_a_reason CHECK (state <> 'declined' OR why <> '')
);
CREATE INDEX post_of_campaign ON voice.post (community_id, campaign_id, decided_at DESC);
CREATE UNIQUE INDEX post_thanks_once ON voice.post (community_id, campaign_id) WHERE kind = 'thanks' AND state <> 'declined';

-- The giver of a donation asked to be told what becomes of it. The address stands with the donor alone.
CREATE TABLE voice.follow (
  community_id int  NOT NULL,
  donation_id  uuid NOT NULL,
  campaign_id  int  NOT NULL,
  token        text NOT NULL CONSTRAINT follow_token_form CHECK (token ~ '^[a-z2-7]{26}$'),
  since        timestamptz NOT NULL,
  ended_at     timestamptz,
  CONSTRAINT follow_pkey PRIMARY KEY (community_id, donation_id),
  CONSTRAINT follow_token_key UNIQUE (community_id, token),
  CONSTRAINT follow_donation FOREIGN KEY (community_id, donation_id) REFERENCES campaigns.donation (community_id, id)
);
CREATE INDEX follow_of_campaign ON voice.follow (community_id, campaign_id) WHERE ended_at IS NULL;

-- One letter a giver and post, however many gifts: which of the giver's gifts it goes to.
CREATE TABLE voice.letter (
  community_id int  NOT NULL,
  post_id      int  NOT NULL,
  donation_id  uuid NOT NULL,
  batch        int  NOT NULL,
  claimed_at   timestamptz,
  done_at      timestamptz,
  sent         boolean NOT NULL DEFAULT false,
  CONSTRAINT letter_pkey PRIMARY KEY (community_id, post_id, donation_id),
  CONSTRAINT letter_post FOREIGN KEY (community_id, post_id) REFERENCES voice.post (community_id, id),
  CONSTRAINT letter_follow FOREIGN KEY (community_id, donation_id) REFERENCES voice.follow (community_id, donation_id)
);

-- ── Questions and answers ────────────────────────────────────────────

CREATE TABLE voice.question (
  community_id int  NOT NULL,
  id           uuid NOT NULL,
  campaign_id  int  NOT NULL,
  state        text NOT NULL DEFAULT 'open' CONSTRAINT question_state_known CHECK (state IN ('open', 'answered', 'hidden')),
  body         text NOT NULL CONSTRAINT question_said CHECK (body <> ''),
  answer       text NOT NULL DEFAULT '',
  asked_at     timestamptz NOT NULL,
  answered_by  text NOT NULL DEFAULT '',
  answered_at  timestamptz,
  CONSTRAINT question_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT question_campaign FOREIGN KEY (community_id, campaign_id) REFERENCES campaigns.campaign (community_id, id),
  CONSTRAINT question_answered_by_somebody CHECK (state <> 'answered' OR (answer <> '' AND answered_by <> '' AND answered_at IS NOT NULL))
);
CREATE INDEX question_of_campaign ON voice.question (community_id, campaign_id, asked_at);
CREATE INDEX question_open ON voice.question (community_id, asked_at) WHERE state = 'open';

-- Who asked: personal data, gone once the answer is sent or the question put away.
CREATE TABLE voice.asker (
  community_id int  NOT NULL,
  question_id  uuid NOT NULL,
  name         text NOT NULL DEFAULT '',
  email        text NOT NULL DEFAULT '',
  lang         text NOT NULL,
  CONSTRAINT asker_pkey PRIMARY KEY (community_id, question_id),
  CONSTRAINT asker_question FOREIGN KEY (community_id, question_id) REFERENCES voice.question (community_id, id)
);

-- ── Pictures of a campaign's gallery, of a proposal, or of a post ────

CREATE TABLE voice.photo (
  community_id int  NOT NULL,
  picture_id   uuid NOT NULL,
  campaign_id  int,
  proposal_id  uuid,
  post_id      int,
  place        int  NOT NULL,
  caption      text NOT NULL DEFAULT '',
  CONSTRAINT photo_pkey PRIMARY KEY (community_id, picture_id),
  CONSTRAINT photo_picture FOREIGN KEY (community_id, picture_id) REFERENCES campaigns.picture (community_id, id),
  CONSTRAINT photo_campaign FOREIGN KEY (community_id, campaign_id) REFERENCES campaigns.campaign (community_id, id),
  CONSTRAINT photo_proposal FOREIGN KEY (community_id, proposal_id) REFERENCES voice.proposal (community_id, id),
  CONSTRAINT photo_post FOREIGN KEY (community_id, post_id) REFERENCES voice.post (community_id, id),
  CONSTRAINT photo_of_one CHECK (num_nonnulls(campaign_id, proposal_id, post_id) = 1)
);
CREATE INDEX photo_of_campaign ON voice.photo (community_id, campaign_id, place) WHERE campaign_id IS NOT NULL;
CREATE INDEX photo_of_proposal ON voice.photo (community_id, proposal_id, place) WHERE proposal_id IS NOT NULL;
CREATE INDEX photo_of_post ON voice.photo (community_id, post_id, place) WHERE post_id IS NOT NULL;

GRANT SELECT ON ALL TABLES IN SCHEMA voice TO fund_app;
GRANT INSERT, UPDATE ON voice.proposal, voice.post, voice.follow, voice.letter, voice.question TO fund_app;
GRANT INSERT, UPDATE (why) ON voice.step TO fund_app;
GRANT INSERT, UPDATE, DELETE ON voice.contact, voice.asker, voice.photo TO fund_app;
