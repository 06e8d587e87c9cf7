-- +goose Up

CREATE SCHEMA sale;
GRANT USAGE ON SCHEMA sale TO fund_app;

-- ── Where things are sold, and what ──────────────────────────────────

-- A charity sale or gala for some days, or a venture that goes on.
CREATE TABLE sale.place (
  community_id int  NOT NULL REFERENCES ledger.community,
  id           int  NOT NULL,
  kind         text NOT NULL CONSTRAINT place_kind_known CHECK (kind IN ('event', 'venture')),
  slug         text NOT NULL CONSTRAINT place_slug_form CHECK (slug ~ '^[a-z0-9][a-z0-9-]{1,59}$'),
  state        text NOT NULL DEFAULT 'draft' CONSTRAINT place_state_known CHECK (state IN ('draft', 'open', 'closed')),
  name_zh      text NOT NULL CONSTRAINT place_name_form CHECK (length(name_zh) BETWEEN 1 AND 80),
  name_en      text NOT NULL DEFAULT '',
  where_zh     text NOT NULL DEFAULT '',
  where_en     text NOT NULL DEFAULT '',
  note_zh      text NOT NULL DEFAULT '',
  note_en      text NOT NULL DEFAULT '',
  starts_on    date,
  ends_on      date,
  basis        text NOT NULL DEFAULT 'sale' CONSTRAINT place_basis_known CHECK (basis IN ('sale', 'public')),
  fund_id      int  NOT NULL,
  campaign_id  int,
  created_by   text NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  closed_at    timestamptz,
  CONSTRAINT place_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT place_slug_key UNIQUE (community_id, slug),
  CONSTRAINT place_fund FOREIGN KEY (community_id, fund_id) REFERENCES ledger.fund (community_id, id),
  CONSTRAINT place_campaign FOREIGN KEY (community_id, campaign_id) REFERENCES campaigns.campaign (community_id, id),
  CONSTRAINT place_dates CHECK (CASE kind WHEN 'event' THEN coalesce(starts_on <= ends_on, false) ELSE starts_on IS NULL AND ends_on IS NULL END)
);
COMMENT ON COLUMN sale.place.note_zh IS 'what the proceeds are for, in a sentence';
COMMENT ON COLUMN sale.place.basis IS 'sale: sold without an appeal; public: sold with a public appeal, under its campaign''s filing';
COMMENT ON COLUMN sale.place.fund_id IS 'whose the proceeds are';
COMMENT ON COLUMN sale.place.campaign_id IS 'the appeal that goes with it, and what a tip is given to';

-- 慈善法 (2024) Art. 26: an appeal in public goes under a campaign that has passed
-- the gate of 0013. A tip is a donation, and nobody gives a till's tips back one by one.
-- +goose StatementBegin
CREATE FUNCTION sale.place_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  appeal record;
BEGIN
  SELECT c.basis, c.state, c.kind, c.fund_id INTO appeal FROM campaigns.campaign c WHERE c.community_id = NEW.community_id AND c.id = NEW.campaign_id;
  IF NEW.basis = 'public' AND NEW.state <> 'draft' AND
     (appeal IS NULL OR appeal.basis <> 'public' OR appeal.state = 'draft' OR appeal.fund_id <> NEW.fund_id) THEN
    RAISE EXCEPTION 'sale % appeals in public without a published public campaign into its fund', NEW.slug USING ERRCODE = '23514', CONSTRAINT = 'place_lawful';
  END IF;
  IF appeal.kind = 'all_or_nothing' OR appeal.state = 'draft' AND NEW.state <> 'draft' THEN
    RAISE EXCEPTION 'tips of sale % go to a published campaign that keeps what it is given', NEW.slug USING ERRCODE = '23514', CONSTRAINT = 'place_tips_kept';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER place_guard BEFORE INSERT OR UPDATE ON sale.place FOR EACH ROW EXECUTE FUNCTION sale.place_guard();

CREATE TABLE sale.item (
  community_id int  NOT NULL,
  id           uuid NOT NULL,
  place_id     int  NOT NULL,
  code         text NOT NULL CONSTRAINT item_code_form CHECK (code ~ '^[0-9A-Za-z][0-9A-Za-z-]{0,19}$'),
  barcode      text NOT NULL DEFAULT '' CONSTRAINT item_barcode_form CHECK (barcode ~ '^[0-9A-Za-z-]{0,32}$'),
  name_zh      text NOT NULL CONSTRAINT item_name_form CHECK (length(name_zh) BETWEEN 1 AND 80),
  name_en      text NOT NULL DEFAULT '',
  section      text NOT NULL DEFAULT '',
  kind         text NOT NULL DEFAULT 'goods' CONSTRAINT item_kind_known CHECK (kind IN ('goods', 'ticket', 'service', 'lot')),
  price        numeric(18,2) CONSTRAINT item_price_positive CHECK (price > 0),
  stock        int  CONSTRAINT item_stock_not_negative CHECK (stock >= 0),
  sold         int  NOT NULL DEFAULT 0,
  account_id   int,
  picture_id   uuid,
  donor_id     uuid,
  in_kind_id   uuid,
  created_at   timestamptz NOT NULL DEFAULT now(),
  archived_at  timestamptz,
  CONSTRAINT item_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT item_code_key UNIQUE (community_id, place_id, code),
  CONSTRAINT item_place FOREIGN KEY (community_id, place_id) REFERENCES sale.place (community_id, id),
  CONSTRAINT item_picture FOREIGN KEY (community_id, picture_id) REFERENCES campaigns.picture (community_id, id),
  CONSTRAINT item_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account (community_id, id),
  CONSTRAINT item_donor FOREIGN KEY (community_id, donor_id) REFERENCES campaigns.donor (community_id, id),
  CONSTRAINT item_in_kind FOREIGN KEY (community_id, in_kind_id) REFERENCES campaigns.in_kind (community_id, id)
);
CREATE UNIQUE INDEX item_barcode_key ON sale.item (community_id, place_id, barcode) WHERE barcode <> '' AND archived_at IS NULL;
COMMENT ON COLUMN sale.item.section IS 'the group under which the till shows it';
COMMENT ON COLUMN sale.item.price IS 'null: name your price';
COMMENT ON COLUMN sale.item.stock IS 'how many there were; null: nobody counts them';
COMMENT ON COLUMN sale.item.sold IS 'less what came back; may exceed stock, for a till sells without network too';
COMMENT ON COLUMN sale.item.account_id IS 'the income that selling it is; null: sales or services, by its kind';
COMMENT ON COLUMN sale.item.donor_id IS 'who gave it; their name stands with the donor alone';

-- ── Tills and their sessions ─────────────────────────────────────────

CREATE TABLE sale.till (
  community_id int  NOT NULL REFERENCES ledger.community,
  code         text NOT NULL CONSTRAINT till_code_form CHECK (code ~ '^[A-Z0-9]{1,4}$'),
  created_at   timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT till_pkey PRIMARY KEY (community_id, code)
);

CREATE TABLE sale.session (
  community_id   int  NOT NULL,
  id             uuid NOT NULL,
  place_id       int  NOT NULL,
  till           text NOT NULL,
  float_amount   numeric(18,2) NOT NULL CONSTRAINT session_float_not_negative CHECK (float_amount >= 0),
  opened_by      text NOT NULL,
  opened_at      timestamptz NOT NULL,
  closed_by      text NOT NULL DEFAULT '',
  closed_at      timestamptz,
  expected       numeric(18,2),
  counted        numeric(18,2),
  reason         text NOT NULL DEFAULT '',
  difference_seq bigint,
  CONSTRAINT session_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT session_place FOREIGN KEY (community_id, place_id) REFERENCES sale.place (community_id, id),
  CONSTRAINT session_till FOREIGN KEY (community_id, till) REFERENCES sale.till (community_id, code),
  CONSTRAINT session_closed_is_counted CHECK ((closed_at IS NULL) = (counted IS NULL) AND (closed_at IS NULL) = (expected IS NULL)),
  CONSTRAINT session_difference_booked CHECK (counted IS NULL OR (counted = expected) = (difference_seq IS NULL))
);
CREATE UNIQUE INDEX session_one_open ON sale.session (community_id, till) WHERE closed_at IS NULL;
CREATE INDEX session_of_place ON sale.session (community_id, place_id, opened_at);
COMMENT ON COLUMN sale.session.expected IS 'float, and cash taken less cash given back';

-- The drawer is counted by two people, each on their own, one of them a shift lead.
CREATE TABLE sale.count (
  community_id int      NOT NULL,
  session_id   uuid     NOT NULL,
  nth          smallint NOT NULL CONSTRAINT count_first_or_second CHECK (nth IN (1, 2)),
  counter      text     NOT NULL CONSTRAINT count_counter_said CHECK (counter <> ''),
  lead         boolean  NOT NULL,
  pieces       int[]    NOT NULL CONSTRAINT count_pieces_form CHECK (array_ndims(pieces) = 1 AND array_length(pieces, 1) = 8 AND 0 <= ALL (pieces) AND 99999 >= ALL (pieces)),
  total        numeric(18,2) NOT NULL,
  tries        int      NOT NULL DEFAULT 1,
  counted_at   timestamptz NOT NULL,
  CONSTRAINT count_pkey PRIMARY KEY (community_id, session_id, nth),
  CONSTRAINT count_by_two_people UNIQUE (community_id, session_id, counter),
  CONSTRAINT count_session FOREIGN KEY (community_id, session_id) REFERENCES sale.session (community_id, id),
  CONSTRAINT count_adds_up CHECK (total = pieces[1] * 100 + pieces[2] * 50 + pieces[3] * 20 + pieces[4] * 10 + pieces[5] * 5 + pieces[6] + pieces[7] * 0.5 + pieces[8] * 0.1)
);

-- ── What was sold ────────────────────────────────────────────────────

CREATE TABLE sale.sale (
  community_id int  NOT NULL,
  id           uuid NOT NULL,
  place_id     int  NOT NULL,
  session_id   uuid,
  slip         text NOT NULL DEFAULT '' CONSTRAINT sale_slip_form CHECK (length(slip) <= 20),
  rung_at      timestamptz NOT NULL,
  total        numeric(18,2) NOT NULL CONSTRAINT sale_total_positive CHECK (total > 0),
  tip          numeric(18,2) NOT NULL DEFAULT 0 CONSTRAINT sale_tip_not_negative CHECK (tip >= 0),
  tip_id       uuid,
  refunded     numeric(18,2) NOT NULL DEFAULT 0,
  cashier      text NOT NULL,
  entry_seq    bigint NOT NULL,
  synced_at    timestamptz NOT NULL,
  CONSTRAINT sale_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT sale_place FOREIGN KEY (community_id, place_id) REFERENCES sale.place (community_id, id),
  CONSTRAINT sale_session FOREIGN KEY (community_id, session_id) REFERENCES sale.session (community_id, id),
  CONSTRAINT sale_tip_given FOREIGN KEY (community_id, tip_id) REFERENCES campaigns.donation (community_id, id),
  CONSTRAINT sale_tip_has_a_gift CHECK ((tip = 0) = (tip_id IS NULL)),
  CONSTRAINT sale_refund_within CHECK (refunded BETWEEN 0 AND total)
) WITH (fillfactor = 90);
CREATE INDEX sale_of_session ON sale.sale (community_id, session_id, rung_at);
CREATE INDEX sale_of_place ON sale.sale (community_id, place_id, rung_at);
COMMENT ON COLUMN sale.sale.id IS 'made by the till, so that whatever is sent again is known';
COMMENT ON COLUMN sale.sale.session_id IS 'null: written on paper and entered later';
COMMENT ON COLUMN sale.sale.tip_id IS 'the donation that the tip is';

CREATE TABLE sale.line (
  community_id int      NOT NULL,
  sale_id      uuid     NOT NULL,
  line         smallint NOT NULL,
  item_id      uuid,
  name         text     NOT NULL CONSTRAINT line_name_form CHECK (length(name) BETWEEN 1 AND 80),
  quantity     int      NOT NULL CONSTRAINT line_quantity_sane CHECK (quantity BETWEEN 1 AND 9999),
  price        numeric(18,2) NOT NULL CONSTRAINT line_price_not_negative CHECK (price >= 0),
  account_id   int      NOT NULL,
  CONSTRAINT line_pkey PRIMARY KEY (community_id, sale_id, line),
  CONSTRAINT line_sale FOREIGN KEY (community_id, sale_id) REFERENCES sale.sale (community_id, id),
  CONSTRAINT line_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account (community_id, id),
  CONSTRAINT line_item FOREIGN KEY (community_id, item_id) REFERENCES sale.item (community_id, id)
);
CREATE INDEX line_of_item ON sale.line (community_id, item_id) WHERE item_id IS NOT NULL;

CREATE TABLE sale.payment (
  community_id int      NOT NULL,
  sale_id      uuid     NOT NULL,
  nth          smallint NOT NULL,
  way          text     NOT NULL CONSTRAINT payment_way_known CHECK (way IN ('cash', 'wechat', 'alipay', 'transfer')),
  amount       numeric(18,2) NOT NULL CONSTRAINT payment_positive CHECK (amount > 0),
  given        numeric(18,2) NOT NULL CONSTRAINT payment_given_enough CHECK (given >= amount),
  CONSTRAINT payment_pkey PRIMARY KEY (community_id, sale_id, nth),
  CONSTRAINT payment_sale FOREIGN KEY (community_id, sale_id) REFERENCES sale.sale (community_id, id)
);
COMMENT ON COLUMN sale.payment.given IS 'what the buyer handed over; the rest is change';

-- What was rung up and voided before anybody paid: counted, never booked.
CREATE TABLE sale.void (
  community_id int  NOT NULL,
  id           uuid NOT NULL,
  session_id   uuid NOT NULL,
  slip         text NOT NULL DEFAULT '' CONSTRAINT void_slip_form CHECK (length(slip) <= 20),
  amount       numeric(18,2) NOT NULL CONSTRAINT void_amount_not_negative CHECK (amount >= 0),
  voided_by    text NOT NULL,
  voided_at    timestamptz NOT NULL,
  CONSTRAINT void_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT void_session FOREIGN KEY (community_id, session_id) REFERENCES sale.session (community_id, id)
);
CREATE INDEX void_of_session ON sale.void (community_id, session_id);

CREATE TABLE sale.refund (
  community_id int  NOT NULL,
  id           uuid NOT NULL,
  sale_id      uuid NOT NULL,
  session_id   uuid,
  amount       numeric(18,2) NOT NULL CONSTRAINT refund_amount_positive CHECK (amount > 0),
  reason       text NOT NULL CONSTRAINT refund_has_a_reason CHECK (length(reason) BETWEEN 1 AND 200),
  alone_max    numeric(18,2) NOT NULL,
  refunded_by  text NOT NULL,
  approved_by  text NOT NULL DEFAULT '',
  refunded_at  timestamptz NOT NULL,
  entry_seq    bigint NOT NULL,
  CONSTRAINT refund_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT refund_sale FOREIGN KEY (community_id, sale_id) REFERENCES sale.sale (community_id, id),
  CONSTRAINT refund_session FOREIGN KEY (community_id, session_id) REFERENCES sale.session (community_id, id),
  CONSTRAINT refund_by_two_people CHECK (approved_by <> refunded_by AND (approved_by <> '' OR amount <= alone_max))
);
CREATE INDEX refund_of_sale ON sale.refund (community_id, sale_id);
CREATE INDEX refund_of_session ON sale.refund (community_id, session_id);
COMMENT ON COLUMN sale.refund.session_id IS 'whose drawer gave it back; null: the treasurer, from the safe';
COMMENT ON COLUMN sale.refund.alone_max IS 'up to how much one person alone gave back, on that day';

CREATE TABLE sale.refund_line (
  community_id int      NOT NULL,
  refund_id    uuid     NOT NULL,
  sale_id      uuid     NOT NULL,
  line         smallint NOT NULL,
  quantity     int      NOT NULL CONSTRAINT refund_line_quantity_positive CHECK (quantity > 0),
  CONSTRAINT refund_line_pkey PRIMARY KEY (community_id, refund_id, line),
  CONSTRAINT refund_line_refund FOREIGN KEY (community_id, refund_id) REFERENCES sale.refund (community_id, id),
  CONSTRAINT refund_line_line FOREIGN KEY (community_id, sale_id, line) REFERENCES sale.line (community_id, sale_id, line)
);
CREATE INDEX refund_line_of_line ON sale.refund_line (community_id, sale_id, line);

CREATE TABLE sale.refund_payment (
  community_id int  NOT NULL,
  refund_id    uuid NOT NULL,
  way          text NOT NULL CONSTRAINT refund_payment_way_known CHECK (way IN ('cash', 'wechat', 'alipay', 'transfer')),
  amount       numeric(18,2) NOT NULL CONSTRAINT refund_payment_positive CHECK (amount > 0),
  CONSTRAINT refund_payment_pkey PRIMARY KEY (community_id, refund_id, way),
  CONSTRAINT refund_payment_refund FOREIGN KEY (community_id, refund_id) REFERENCES sale.refund (community_id, id)
);

-- What an event or a venture has spent.
CREATE TABLE sale.cost (
  community_id int  NOT NULL,
  id           uuid NOT NULL,
  place_id     int  NOT NULL,
  kind         text NOT NULL CONSTRAINT cost_kind_known CHECK (kind IN ('cost', 'stock')),
  what         text NOT NULL CONSTRAINT cost_says_what CHECK (length(what) BETWEEN 1 AND 80),
  amount       numeric(18,2) NOT NULL CONSTRAINT cost_positive CHECK (amount > 0),
  spent_on     date NOT NULL,
  entered_by   text NOT NULL,
  entered_at   timestamptz NOT NULL,
  entry_seq    bigint NOT NULL,
  CONSTRAINT cost_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT cost_place FOREIGN KEY (community_id, place_id) REFERENCES sale.place (community_id, id),
  CONSTRAINT cost_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry (community_id, seq)
);
CREATE INDEX cost_of_place ON sale.cost (community_id, place_id, spent_on);

CREATE TABLE sale.setting (
  community_id int  NOT NULL REFERENCES ledger.community,
  refund_max   numeric(18,2) NOT NULL DEFAULT 50 CONSTRAINT setting_refund_max_not_negative CHECK (refund_max >= 0),
  paper        text NOT NULL DEFAULT '80' CONSTRAINT setting_paper_known CHECK (paper IN ('58', '80', 'a4')),
  CONSTRAINT setting_pkey PRIMARY KEY (community_id)
);
COMMENT ON COLUMN sale.setting.refund_max IS 'what one person alone may give back';

-- ── The Z report ─────────────────────────────────────────────────────

-- A session's figures when it was closed, in a chain: each holds the hash of its
-- till's report before.
CREATE TABLE sale.z_report (
  community_id int   NOT NULL,
  till         text  NOT NULL,
  number       int   NOT NULL CONSTRAINT z_number_positive CHECK (number > 0),
  session_id   uuid  NOT NULL,
  body         text  NOT NULL,
  previous     bytea NOT NULL,
  hash         bytea NOT NULL,
  made_at      timestamptz NOT NULL,
  CONSTRAINT z_report_pkey PRIMARY KEY (community_id, till, number),
  CONSTRAINT z_report_session_key UNIQUE (community_id, session_id),
  CONSTRAINT z_report_session FOREIGN KEY (community_id, session_id) REFERENCES sale.session (community_id, id),
  CONSTRAINT z_report_hash CHECK (hash = sha256(previous || convert_to(body, 'UTF8')))
);
COMMENT ON COLUMN sale.z_report.body IS 'the figures as JSON, byte for byte as they were hashed';

-- ── What stays as it was ─────────────────────────────────────────────

-- The lock makes a sale and its session's close wait for each other.
-- +goose StatementBegin
CREATE FUNCTION sale.session_is_open() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
DECLARE
  shut uuid;
BEGIN
  PERFORM FROM sale.session s WHERE (s.community_id, s.id) IN (SELECT n.community_id, n.session_id FROM new_rows n) ORDER BY s.id FOR SHARE;
  SELECT s.id INTO shut FROM sale.session s
   WHERE s.closed_at IS NOT NULL AND (s.community_id, s.id) IN (SELECT n.community_id, n.session_id FROM new_rows n) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'till session % is closed', shut USING ERRCODE = 'FU021', DETAIL = shut::text;
  END IF;
  RETURN NULL;
END $$;

-- A session is closed by two counts that its two counters agree on, or that a
-- reason bridges; what was counted then stays.
CREATE FUNCTION sale.session_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF OLD.closed_at IS NOT NULL OR (OLD.place_id, OLD.till, OLD.float_amount, OLD.opened_by, OLD.opened_at)
       IS DISTINCT FROM (NEW.place_id, NEW.till, NEW.float_amount, NEW.opened_by, NEW.opened_at) THEN
    RAISE EXCEPTION 'till session % stays as it is', OLD.id USING ERRCODE = 'FU002';
  END IF;
  IF NEW.closed_at IS NOT NULL AND NOT EXISTS (
     SELECT FROM sale.count a JOIN sale.count b ON b.community_id = a.community_id AND b.session_id = a.session_id AND b.nth = 2
      WHERE a.community_id = NEW.community_id AND a.session_id = NEW.id AND a.nth = 1 AND b.counter <> a.counter AND (a.lead OR b.lead)
        AND b.total = NEW.counted AND (a.pieces = b.pieces OR NEW.reason <> '')) THEN
    RAISE EXCEPTION 'till session % needs two counters, one of them a shift lead', NEW.id USING ERRCODE = 'FU020';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION sale.count_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM sale.session s WHERE s.community_id = NEW.community_id AND s.id = NEW.session_id AND s.closed_at IS NOT NULL) THEN
    RAISE EXCEPTION 'till session % is closed: what was counted stays', NEW.session_id USING ERRCODE = 'FU002';
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.counter <> OLD.counter THEN
    RAISE EXCEPTION 'a count stays with its counter' USING ERRCODE = 'FU002';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION sale.z_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  before bytea;
BEGIN
  SELECT z.hash INTO before FROM sale.z_report z WHERE z.community_id = NEW.community_id AND z.till = NEW.till AND z.number = NEW.number - 1;
  IF NEW.previous IS DISTINCT FROM coalesce(before, '') OR (before IS NULL) <> (NEW.number = 1) THEN
    RAISE EXCEPTION 'report %-% does not follow the one before', NEW.till, NEW.number USING ERRCODE = 'FU013';
  END IF;
  RETURN NEW;
END $$;

-- Of a sale nothing moves but what was given back of it.
CREATE FUNCTION sale.sale_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (to_jsonb(OLD) - 'refunded') IS DISTINCT FROM (to_jsonb(NEW) - 'refunded') OR NEW.refunded < OLD.refunded THEN
    RAISE EXCEPTION 'sale % stays as it was rung up', OLD.id USING ERRCODE = 'FU002';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER sale_open AFTER INSERT ON sale.sale REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sale.session_is_open();
CREATE TRIGGER void_open AFTER INSERT ON sale.void REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sale.session_is_open();
CREATE TRIGGER refund_open AFTER INSERT ON sale.refund REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sale.session_is_open();
CREATE TRIGGER session_guard BEFORE UPDATE ON sale.session FOR EACH ROW EXECUTE FUNCTION sale.session_guard();
CREATE TRIGGER session_stays BEFORE DELETE OR TRUNCATE ON sale.session FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER count_guard BEFORE INSERT OR UPDATE ON sale.count FOR EACH ROW EXECUTE FUNCTION sale.count_guard();
CREATE TRIGGER count_stays BEFORE DELETE OR TRUNCATE ON sale.count FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER sale_guard BEFORE UPDATE ON sale.sale FOR EACH ROW EXECUTE FUNCTION sale.sale_guard();
CREATE TRIGGER sale_stays BEFORE DELETE OR TRUNCATE ON sale.sale FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER line_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON sale.line FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER payment_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON sale.payment FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER void_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON sale.void FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER refund_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON sale.refund FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER refund_line_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON sale.refund_line FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER refund_payment_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON sale.refund_payment FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER cost_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON sale.cost FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER z_report_guard BEFORE INSERT ON sale.z_report FOR EACH ROW EXECUTE FUNCTION sale.z_guard();
CREATE TRIGGER z_report_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON sale.z_report FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- ── A batch of sales ─────────────────────────────────────────────────

-- write_sales writes sales whose entries are posted: an element of the first
-- arrays a sale, then one a line, then one a payment, each naming its sale by its
-- place. In a function, so that the plans of the foreign keys do not come from a
-- day on which the tables were small (see 0001).
-- +goose StatementBegin
CREATE FUNCTION sale.write_sales(
  community int, at timestamptz, ids uuid[], places int[], sessions uuid[], slips text[], rung timestamptz[], totals numeric[], tips numeric[], tip_ids uuid[],
  cashiers text[], entries bigint[],
  line_of int[], line_nth int[], items uuid[], names text[], quantities int[], prices numeric[], accounts int[],
  paid_of int[], paid_nth int[], ways text[], amounts numeric[], givens numeric[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS $$
BEGIN
  INSERT INTO sale.sale (community_id, id, place_id, session_id, slip, rung_at, total, tip, tip_id, cashier, entry_seq, synced_at)
  SELECT community, u.id, u.place, u.session, u.slip, u.rung, u.total, u.tip, u.tip_id, u.cashier, u.entry, at
    FROM unnest(ids, places, sessions, slips, rung, totals, tips, tip_ids, cashiers, entries)
         AS u (id, place, session, slip, rung, total, tip, tip_id, cashier, entry);
  INSERT INTO sale.line (community_id, sale_id, line, item_id, name, quantity, price, account_id)
  SELECT community, ids[u.sale], u.nth, u.item, u.name, u.quantity, u.price, u.account
    FROM unnest(line_of, line_nth, items, names, quantities, prices, accounts) AS u (sale, nth, item, name, quantity, price, account);
  INSERT INTO sale.payment (community_id, sale_id, nth, way, amount, given)
  SELECT community, ids[u.sale], u.nth, u.way, u.amount, u.given
    FROM unnest(paid_of, paid_nth, ways, amounts, givens) AS u (sale, nth, way, amount, given);
  UPDATE sale.item i SET sold = i.sold + u.quantity
    FROM (SELECT x.item, sum(x.quantity) AS quantity FROM unnest(items, quantities) AS x (item, quantity) WHERE x.item IS NOT NULL GROUP BY x.item) u
   WHERE i.community_id = community AND i.id = u.item;
END $$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION sale.write_sales, sale.session_is_open FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sale.write_sales TO fund_app;

GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA sale TO fund_app;
GRANT UPDATE (slug, state, name_zh, name_en, where_zh, where_en, note_zh, note_en, starts_on, ends_on, basis, fund_id, campaign_id, closed_at) ON sale.place TO fund_app;
GRANT UPDATE (code, barcode, name_zh, name_en, section, kind, account_id, price, stock, sold, picture_id, donor_id, in_kind_id, archived_at) ON sale.item TO fund_app;
GRANT UPDATE (created_at) ON sale.till TO fund_app; -- so that it may be locked
GRANT UPDATE (closed_by, closed_at, expected, counted, reason, difference_seq) ON sale.session TO fund_app;
GRANT UPDATE (lead, pieces, total, tries, counted_at) ON sale.count TO fund_app;
GRANT UPDATE (refunded) ON sale.sale TO fund_app;
GRANT UPDATE (refund_max, paper) ON sale.setting TO fund_app;

-- ── Who answers for the tills of a shift ─────────────────────────────

ALTER TABLE auth.membership
  DROP CONSTRAINT membership_roles_are_known,
  ADD CONSTRAINT membership_roles_are_known CHECK (
    roles <@ ARRAY['administrator', 'treasurer', 'auditor', 'shift_lead', 'cashier', 'project_lead', 'council_member']),
  DROP CONSTRAINT membership_keeps_duties_apart,
  ADD CONSTRAINT membership_keeps_duties_apart CHECK (
    NOT ('administrator' = ANY (roles) AND roles && ARRAY['treasurer', 'shift_lead', 'cashier'])
    AND NOT ('auditor' = ANY (roles) AND cardinality(roles) > 1));

-- ── Where a drawer's difference goes ─────────────────────────────────

INSERT INTO ledger.account (community_id, id, code, name_zh, name_en, type, purpose)
SELECT c.id, (SELECT max(a.id) + 1 FROM ledger.account a WHERE a.community_id = c.id),
       CASE c.standard WHEN 'npo-2004' THEN '540101' ELSE '590101' END, '现金长短款', 'Cash over and short', 'expense', 'cash_over_short'
  FROM ledger.community c
 WHERE NOT EXISTS (SELECT FROM ledger.account a WHERE a.community_id = c.id
                      AND (a.purpose = 'cash_over_short' OR a.code = CASE c.standard WHEN 'npo-2004' THEN '540101' ELSE '590101' END));
