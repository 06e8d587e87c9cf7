-- +goose Up

-- Promises: to give once by a day (认捐), or to be asked every month (月捐).
-- Neither is money: no entry is made until a donation is paid. Who promised
-- stands in campaigns.donor alone, so that erasing a donor ends what they
-- promised.
CREATE SCHEMA pledge;
GRANT USAGE ON SCHEMA pledge TO fund_app;

CREATE TABLE pledge.pledge (
  community_id int  NOT NULL,
  id           uuid NOT NULL,
  campaign_id  int  NOT NULL,
  donor_id     uuid NOT NULL,
  amount       numeric(18,2) NOT NULL CONSTRAINT pledge_amount_positive CHECK (amount > 0),
  made_on      date NOT NULL,
  due_on       date NOT NULL,
  token        text NOT NULL CONSTRAINT pledge_token_form CHECK (token ~ '^[a-z2-7]+$' AND length(token) = 26),
  entered_by   text NOT NULL DEFAULT '',
  made_at      timestamptz NOT NULL,
  ended_as     text NOT NULL DEFAULT '' CONSTRAINT pledge_end_known CHECK (ended_as IN ('', 'cancelled', 'lapsed')),
  ended_by     text NOT NULL DEFAULT '',
  ended_at     timestamptz,
  CONSTRAINT pledge_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT pledge_token_key UNIQUE (community_id, token),
  CONSTRAINT pledge_campaign FOREIGN KEY (community_id, campaign_id) REFERENCES campaigns.campaign (community_id, id),
  CONSTRAINT pledge_donor FOREIGN KEY (community_id, donor_id) REFERENCES campaigns.donor (community_id, id),
  CONSTRAINT pledge_due_after_made CHECK (due_on >= made_on),
  CONSTRAINT pledge_ends_at_a_moment CHECK ((ended_as = '') = (ended_at IS NULL))
);
COMMENT ON COLUMN pledge.pledge.entered_by IS 'who took the promise at the desk; empty where the person made it on the web page';
COMMENT ON COLUMN pledge.pledge.ended_as IS 'a pledge that is fulfilled does not end: its gifts say so';
CREATE INDEX pledge_due ON pledge.pledge (community_id, due_on) WHERE ended_as = '';
CREATE INDEX pledge_of_campaign ON pledge.pledge (community_id, campaign_id);
CREATE INDEX pledge_of_donor ON pledge.pledge (community_id, donor_id);

CREATE TABLE pledge.plan (
  community_id int  NOT NULL,
  id           uuid NOT NULL,
  campaign_id  int  NOT NULL,
  donor_id     uuid NOT NULL,
  amount       numeric(18,2) NOT NULL CONSTRAINT plan_amount_positive CHECK (amount > 0),
  day          int  NOT NULL CONSTRAINT plan_day_of_a_month CHECK (day BETWEEN 1 AND 31),
  made_on      date NOT NULL,
  token        text NOT NULL CONSTRAINT plan_token_form CHECK (token ~ '^[a-z2-7]+$' AND length(token) = 26),
  made_at      timestamptz NOT NULL,
  paused_until date,
  stopped_as   text NOT NULL DEFAULT '' CONSTRAINT plan_stop_known CHECK (stopped_as IN ('', 'stopped', 'over')),
  stopped_by   text NOT NULL DEFAULT '',
  stopped_at   timestamptz,
  CONSTRAINT plan_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT plan_token_key UNIQUE (community_id, token),
  CONSTRAINT plan_campaign FOREIGN KEY (community_id, campaign_id) REFERENCES campaigns.campaign (community_id, id),
  CONSTRAINT plan_donor FOREIGN KEY (community_id, donor_id) REFERENCES campaigns.donor (community_id, id),
  CONSTRAINT plan_stops_at_a_moment CHECK ((stopped_as = '') = (stopped_at IS NULL))
);
COMMENT ON COLUMN pledge.plan.day IS 'of the month; 31 is the last day of a shorter one';
COMMENT ON COLUMN pledge.plan.paused_until IS 'the first day on which it runs again';
COMMENT ON COLUMN pledge.plan.stopped_as IS 'over: the campaign takes no gifts any more';
CREATE INDEX plan_runs ON pledge.plan (community_id, day) WHERE stopped_as = '';
CREATE INDEX plan_of_donor ON pledge.plan (community_id, donor_id);

-- Which donation keeps which promise. It counts when it is paid.
CREATE TABLE pledge.gift (
  community_id int  NOT NULL,
  donation_id  uuid NOT NULL,
  pledge_id    uuid,
  plan_id      uuid,
  month        date CONSTRAINT gift_month_is_a_first CHECK (extract(day FROM month) = 1),
  CONSTRAINT gift_pkey PRIMARY KEY (community_id, donation_id),
  CONSTRAINT gift_donation FOREIGN KEY (community_id, donation_id) REFERENCES campaigns.donation (community_id, id),
  CONSTRAINT gift_pledge FOREIGN KEY (community_id, pledge_id) REFERENCES pledge.pledge (community_id, id),
  CONSTRAINT gift_plan FOREIGN KEY (community_id, plan_id) REFERENCES pledge.plan (community_id, id),
  CONSTRAINT gift_keeps_one_promise CHECK ((pledge_id IS NULL) <> (plan_id IS NULL) AND (plan_id IS NULL) = (month IS NULL))
);
COMMENT ON COLUMN pledge.gift.month IS 'of a plan: the month that this gift is for, its first day';
CREATE INDEX gift_of_pledge ON pledge.gift (community_id, pledge_id) WHERE pledge_id IS NOT NULL;
CREATE INDEX gift_of_plan ON pledge.gift (community_id, plan_id, month) WHERE plan_id IS NOT NULL;

-- Every reminder there has been. The key is why there is never a second one,
-- however many servers look for what is due.
CREATE TABLE pledge.reminder (
  community_id int  NOT NULL REFERENCES ledger.community,
  promise_id   uuid NOT NULL,
  occasion     text NOT NULL CONSTRAINT reminder_occasion_form CHECK (occasion IN ('before', 'after', 'over') OR occasion ~ '^[0-9]{4}-[0-9]{2}$'),
  send_at      timestamptz NOT NULL,
  CONSTRAINT reminder_pkey PRIMARY KEY (community_id, promise_id, occasion)
);
COMMENT ON COLUMN pledge.reminder.occasion IS 'before and after a pledge''s day; a plan''s month, or that its campaign is over';

GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA pledge TO fund_app;
GRANT UPDATE (ended_as, ended_by, ended_at) ON pledge.pledge TO fund_app;
GRANT UPDATE (amount, day, paused_until, stopped_as, stopped_by, stopped_at) ON pledge.plan TO fund_app;
