-- +goose Up

-- ── What a company, or the desk, gave us for an order ────────────────

-- A page that is read again shows the same code, and asks nobody.
CREATE TABLE payment.checkout (
  community_id int         NOT NULL REFERENCES ledger.community (id),
  order_id     uuid        NOT NULL,
  kind         text        NOT NULL CONSTRAINT checkout_kind_known CHECK (kind IN ('redirect', 'qr')),
  url          text        NOT NULL CONSTRAINT checkout_url_said CHECK (url <> ''),
  made_at      timestamptz NOT NULL,
  CONSTRAINT checkout_pkey PRIMARY KEY (community_id, order_id)
);

-- What a donor writes into a bank form, or says at the desk: one order each.
CREATE TABLE payment.reference (
  community_id int  NOT NULL REFERENCES ledger.community (id),
  reference    text NOT NULL CONSTRAINT reference_form CHECK (reference ~ '^JK-[0-9A-Z]{4}-[0-9A-Z]{4}$'),
  order_id     uuid NOT NULL,
  CONSTRAINT reference_pkey PRIMARY KEY (community_id, reference),
  CONSTRAINT reference_order_key UNIQUE (community_id, order_id)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON payment.checkout TO fund_app;
GRANT SELECT, INSERT ON payment.reference TO fund_app;

-- ── What became of a refund once it was booked ───────────────────────

CREATE TABLE campaigns.refund_progress (
  community_id int  NOT NULL,
  refund_id    uuid NOT NULL,
  state        text NOT NULL CONSTRAINT progress_state_known CHECK (state IN ('under_way', 'refused', 'done')),
  how          text NOT NULL DEFAULT '' CONSTRAINT progress_how_known CHECK (how IN ('', 'company', 'cash', 'transfer')),
  reference    text NOT NULL DEFAULT '',
  done_by      text NOT NULL DEFAULT '',
  changed_at   timestamptz NOT NULL,
  CONSTRAINT progress_pkey PRIMARY KEY (community_id, refund_id),
  CONSTRAINT progress_done_says_how CHECK ((state = 'done') = (how <> '') AND (how IN ('cash', 'transfer')) = (done_by <> ''))
);
COMMENT ON TABLE campaigns.refund_progress IS 'no row: nobody has been asked yet; the refund itself and its entry never change';
GRANT SELECT, INSERT, UPDATE ON campaigns.refund_progress TO fund_app;

-- ── What the treasurer did with money that fits no order ─────────────

ALTER TABLE campaigns.quarantine
  ADD COLUMN action text NOT NULL DEFAULT '' CONSTRAINT quarantine_action_known CHECK (action IN ('', 'held', 'booked', 'sent_back', 'noted')),
  ADD COLUMN held_seq bigint,
  ADD COLUMN back_seq bigint,
  ADD COLUMN booked_as uuid;
ALTER TABLE campaigns.quarantine
  ADD CONSTRAINT quarantine_held_is_booked CHECK (action <> 'held' OR held_seq IS NOT NULL),
  ADD CONSTRAINT quarantine_booked_is_a_gift CHECK ((action = 'booked') = (booked_as IS NOT NULL)),
  ADD CONSTRAINT quarantine_sent_back_is_booked CHECK (action <> 'sent_back' OR (held_seq IS NOT NULL AND back_seq IS NOT NULL));
COMMENT ON COLUMN campaigns.quarantine.held_seq IS 'the entry that put the money into suspense';
COMMENT ON COLUMN campaigns.quarantine.back_seq IS 'the entry that took it out again';

-- ── Collection boxes (募捐箱) ────────────────────────────────────────

CREATE SCHEMA box;
GRANT USAGE ON SCHEMA box TO fund_app;

CREATE TABLE box.box (
  community_id int  NOT NULL REFERENCES ledger.community (id),
  id           int  NOT NULL,
  number       text NOT NULL CONSTRAINT box_number_form CHECK (number ~ '^[0-9A-Za-z][0-9A-Za-z-]{0,19}$'),
  place_zh     text NOT NULL CONSTRAINT box_place_said CHECK (length(place_zh) BETWEEN 1 AND 80),
  place_en     text NOT NULL DEFAULT '',
  campaign_id  int  NOT NULL,
  placed_by    text NOT NULL,
  placed_at    timestamptz NOT NULL,
  retired_at   timestamptz,
  CONSTRAINT box_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT box_number_key UNIQUE (community_id, number),
  CONSTRAINT box_campaign FOREIGN KEY (community_id, campaign_id) REFERENCES campaigns.campaign (community_id, id)
);

-- Money of boxes brought to the bank, with its slip.
CREATE TABLE box.deposit (
  community_id int  NOT NULL REFERENCES ledger.community (id),
  id           uuid NOT NULL,
  slip         text NOT NULL CONSTRAINT deposit_slip_said CHECK (length(slip) BETWEEN 1 AND 40),
  amount       numeric(18,2) NOT NULL CONSTRAINT deposit_amount_positive CHECK (amount > 0),
  expected     numeric(18,2) NOT NULL,
  reason       text NOT NULL DEFAULT '',
  deposited_on date NOT NULL,
  entered_by   text NOT NULL,
  entered_at   timestamptz NOT NULL,
  entry_seq    bigint NOT NULL,
  arrived_seq  bigint,
  arrived_by   text NOT NULL DEFAULT '',
  arrived_at   timestamptz,
  CONSTRAINT deposit_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT deposit_slip_key UNIQUE (community_id, slip),
  CONSTRAINT deposit_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry (community_id, seq),
  CONSTRAINT deposit_difference_explained CHECK (amount = expected OR reason <> ''),
  CONSTRAINT deposit_arrived_is_booked CHECK ((arrived_at IS NULL) = (arrived_seq IS NULL))
);

-- One time a box was sealed, stood, was brought in and opened.
CREATE TABLE box.round (
  community_id int  NOT NULL,
  box_id       int  NOT NULL,
  round        int  NOT NULL CONSTRAINT round_positive CHECK (round > 0),
  seal         text NOT NULL CONSTRAINT round_seal_said CHECK (length(seal) BETWEEN 1 AND 30),
  sealed_by    text NOT NULL,
  sealed_at    timestamptz NOT NULL,
  collected_by text NOT NULL DEFAULT '',
  collected_at timestamptz,
  intact       boolean,
  remark       text NOT NULL DEFAULT '',
  opened_at    timestamptz,
  amount       numeric(18,2),
  difference   numeric(18,2) NOT NULL DEFAULT 0,
  reason       text NOT NULL DEFAULT '',
  donation_id  uuid,
  entry_seq    bigint,
  difference_seq bigint,
  deposit_id   uuid,
  CONSTRAINT round_pkey PRIMARY KEY (community_id, box_id, round),
  CONSTRAINT round_seal_key UNIQUE (community_id, seal),
  CONSTRAINT round_box FOREIGN KEY (community_id, box_id) REFERENCES box.box (community_id, id),
  CONSTRAINT round_donation FOREIGN KEY (community_id, donation_id) REFERENCES campaigns.donation (community_id, id),
  CONSTRAINT round_deposit FOREIGN KEY (community_id, deposit_id) REFERENCES box.deposit (community_id, id),
  CONSTRAINT round_in_order CHECK ((opened_at IS NULL OR collected_at IS NOT NULL) AND (opened_at IS NULL) = (amount IS NULL)),
  CONSTRAINT round_broken_seal_explained CHECK (intact IS NOT FALSE OR remark <> ''),
  CONSTRAINT round_difference_booked CHECK ((difference = 0) = (difference_seq IS NULL) AND (difference = 0 OR reason <> '')),
  CONSTRAINT round_money_booked CHECK (opened_at IS NULL OR (amount + abs(difference) > 0) = (entry_seq IS NOT NULL))
);
COMMENT ON COLUMN box.round.amount IS 'what was in it and lies in the safe: the second count';
COMMENT ON COLUMN box.round.difference IS 'second count less first; posted as over or short';

-- Two people count, each on their own: the pieces of 100, 50, 20, 10, 5, 1, 0.5 and 0.1 yuan.
CREATE TABLE box.count (
  community_id int      NOT NULL,
  box_id       int      NOT NULL,
  round        int      NOT NULL,
  nth          smallint NOT NULL CONSTRAINT count_first_or_second CHECK (nth IN (1, 2)),
  counter      text     NOT NULL CONSTRAINT count_counter_said CHECK (counter <> ''),
  pieces       int[]    NOT NULL CONSTRAINT count_pieces_form CHECK (array_ndims(pieces) = 1 AND array_length(pieces, 1) = 8 AND 0 <= ALL (pieces) AND 99999 >= ALL (pieces)),
  total        numeric(18,2) NOT NULL,
  confirmed    boolean  NOT NULL DEFAULT false,
  tries        int      NOT NULL DEFAULT 1,
  counted_at   timestamptz NOT NULL,
  CONSTRAINT count_pkey PRIMARY KEY (community_id, box_id, round, nth),
  CONSTRAINT count_by_two_people UNIQUE (community_id, box_id, round, counter),
  CONSTRAINT count_round FOREIGN KEY (community_id, box_id, round) REFERENCES box.round (community_id, box_id, round),
  CONSTRAINT count_adds_up CHECK (total = pieces[1] * 100 + pieces[2] * 50 + pieces[3] * 20 + pieces[4] * 10 + pieces[5] * 5 + pieces[6] + pieces[7] * 0.5 + pieces[8] * 0.1)
);
COMMENT ON COLUMN box.count.confirmed IS 'counted along with the first, instead of blind';

-- A box is opened by two counts; what was counted then stays.
-- +goose StatementBegin
CREATE FUNCTION box.guard_round() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF OLD.opened_at IS NOT NULL AND (to_jsonb(OLD) - 'deposit_id') IS DISTINCT FROM (to_jsonb(NEW) - 'deposit_id') THEN
    RAISE EXCEPTION 'box % was opened: what was counted stays', OLD.box_id USING ERRCODE = 'FU002';
  END IF;
  IF OLD.deposit_id IS NOT NULL AND NEW.deposit_id IS DISTINCT FROM OLD.deposit_id THEN
    RAISE EXCEPTION 'the money of box % was banked already', OLD.box_id USING ERRCODE = 'FU002';
  END IF;
  IF NEW.opened_at IS NOT NULL AND OLD.opened_at IS NULL AND NOT EXISTS (
     SELECT FROM box.count a JOIN box.count b ON b.community_id = a.community_id AND b.box_id = a.box_id AND b.round = a.round AND b.nth = 2
      WHERE a.community_id = NEW.community_id AND a.box_id = NEW.box_id AND a.round = NEW.round AND a.nth = 1
        AND b.counter <> a.counter AND b.total = NEW.amount AND b.total - a.total = NEW.difference) THEN
    RAISE EXCEPTION 'box % needs two counters', NEW.box_id USING ERRCODE = 'FU020';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION box.guard_count() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM box.round r WHERE r.community_id = NEW.community_id AND r.box_id = NEW.box_id AND r.round = NEW.round AND r.opened_at IS NOT NULL) THEN
    RAISE EXCEPTION 'box % was opened: what was counted stays', NEW.box_id USING ERRCODE = 'FU002';
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.counter <> OLD.counter THEN
    RAISE EXCEPTION 'a count stays with its counter' USING ERRCODE = 'FU002';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER round_guard BEFORE UPDATE ON box.round FOR EACH ROW EXECUTE FUNCTION box.guard_round();
CREATE TRIGGER count_guard BEFORE INSERT OR UPDATE ON box.count FOR EACH ROW EXECUTE FUNCTION box.guard_count();
CREATE TRIGGER round_stays BEFORE DELETE OR TRUNCATE ON box.round FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER count_stays BEFORE DELETE OR TRUNCATE ON box.count FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

GRANT SELECT, INSERT ON box.box, box.round, box.count, box.deposit TO fund_app;
GRANT UPDATE (place_zh, place_en, campaign_id, retired_at) ON box.box TO fund_app;
GRANT UPDATE (collected_by, collected_at, intact, remark, opened_at, amount, difference, reason, donation_id, entry_seq, difference_seq, deposit_id) ON box.round TO fund_app;
GRANT UPDATE (pieces, total, confirmed, tries, counted_at) ON box.count TO fund_app;
GRANT UPDATE (arrived_seq, arrived_by, arrived_at) ON box.deposit TO fund_app;

-- Cash on its way to the bank has an account of its own, in charts from now on too.
INSERT INTO ledger.account (community_id, id, code, name_zh, name_en, type, purpose)
SELECT c.id, (SELECT max(a.id) + 1 FROM ledger.account a WHERE a.community_id = c.id), '100904', '送存途中现金', 'Cash on its way to the bank', 'asset', 'cash_in_transit'
  FROM ledger.community c
 WHERE NOT EXISTS (SELECT FROM ledger.account a WHERE a.community_id = c.id AND (a.purpose = 'cash_in_transit' OR a.code = '100904'));
