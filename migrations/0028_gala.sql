-- +goose Up

-- ── Seats and tickets ────────────────────────────────────────────────

-- How the guests of a ticket sit. Its seats are the item's stock.
CREATE TABLE sale.seat_plan (
  community_id int  NOT NULL,
  item_id      uuid NOT NULL,
  shape        text NOT NULL CONSTRAINT seat_plan_shape_known CHECK (shape IN ('free', 'tables', 'rows')),
  blocks       int  NOT NULL CONSTRAINT seat_plan_blocks_form CHECK (blocks BETWEEN 1 AND 100),
  places       int  NOT NULL CONSTRAINT seat_plan_places_form CHECK (places BETWEEN 1 AND 2000),
  held_on      date,
  starts       text NOT NULL DEFAULT '' CONSTRAINT seat_plan_starts_form CHECK (starts ~ '^([0-2][0-9]:[0-5][0-9])?$'),
  CONSTRAINT seat_plan_pkey PRIMARY KEY (community_id, item_id),
  CONSTRAINT seat_plan_item FOREIGN KEY (community_id, item_id) REFERENCES sale.item (community_id, id),
  CONSTRAINT seat_plan_free_is_one CHECK (shape <> 'free' OR blocks = 1)
);
COMMENT ON COLUMN sale.seat_plan.held_on IS 'null: the first day of its place';
COMMENT ON COLUMN sale.seat_plan.blocks IS 'tables or rows; 1 where people sit where they like';
COMMENT ON COLUMN sale.seat_plan.places IS 'of each table or row';

CREATE TABLE sale.seat (
  community_id int  NOT NULL,
  item_id      uuid NOT NULL,
  block        int  NOT NULL,
  place        int  NOT NULL,
  CONSTRAINT seat_pkey PRIMARY KEY (community_id, item_id, block, place),
  CONSTRAINT seat_of_plan FOREIGN KEY (community_id, item_id) REFERENCES sale.seat_plan (community_id, item_id)
);

-- Tickets are numbered within their place; whoever gives out seats holds this row.
CREATE TABLE sale.ticket_counter (
  community_id int NOT NULL,
  place_id     int NOT NULL,
  last         int NOT NULL,
  CONSTRAINT ticket_counter_pkey PRIMARY KEY (community_id, place_id),
  CONSTRAINT ticket_counter_place FOREIGN KEY (community_id, place_id) REFERENCES sale.place (community_id, id)
);

CREATE TABLE sale.reservation (
  community_id int  NOT NULL,
  id           uuid NOT NULL,
  place_id     int  NOT NULL,
  item_id      uuid NOT NULL,
  token        text NOT NULL,
  name         text NOT NULL DEFAULT '' CONSTRAINT reservation_name_form CHECK (length(name) <= 40),
  phone        text NOT NULL DEFAULT '' CONSTRAINT reservation_phone_form CHECK (length(phone) <= 20),
  hold_until   date NOT NULL,
  reserved_by  text NOT NULL DEFAULT '',
  reserved_at  timestamptz NOT NULL,
  cancelled_at timestamptz,
  erased_at    timestamptz,
  CONSTRAINT reservation_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT reservation_token_key UNIQUE (community_id, token),
  CONSTRAINT reservation_place FOREIGN KEY (community_id, place_id) REFERENCES sale.place (community_id, id),
  CONSTRAINT reservation_item FOREIGN KEY (community_id, item_id) REFERENCES sale.item (community_id, id)
);
CREATE INDEX reservation_of_place ON sale.reservation (community_id, place_id, reserved_at);
COMMENT ON COLUMN sale.reservation.id IS 'and the id of the sale that pays for it, so that it is paid once';
COMMENT ON COLUMN sale.reservation.reserved_by IS 'empty: a resident, on the public page';

CREATE TABLE sale.ticket (
  community_id   int  NOT NULL,
  place_id       int  NOT NULL,
  number         int  NOT NULL CONSTRAINT ticket_number_positive CHECK (number > 0),
  item_id        uuid NOT NULL,
  token          text NOT NULL CONSTRAINT ticket_token_form CHECK (token ~ '^[0-9a-z]{26}$'),
  block          int,
  place          int,
  reservation_id uuid,
  sale_id        uuid,
  line           smallint,
  made_at        timestamptz NOT NULL,
  voided_at      timestamptz,
  admitted_at    timestamptz,
  admitted_by    text NOT NULL DEFAULT '',
  CONSTRAINT ticket_pkey PRIMARY KEY (community_id, place_id, number),
  CONSTRAINT ticket_token_key UNIQUE (community_id, token),
  CONSTRAINT ticket_place FOREIGN KEY (community_id, place_id) REFERENCES sale.place (community_id, id),
  CONSTRAINT ticket_item FOREIGN KEY (community_id, item_id) REFERENCES sale.item (community_id, id),
  CONSTRAINT ticket_seat FOREIGN KEY (community_id, item_id, block, place) REFERENCES sale.seat (community_id, item_id, block, place),
  CONSTRAINT ticket_reservation FOREIGN KEY (community_id, reservation_id) REFERENCES sale.reservation (community_id, id),
  CONSTRAINT ticket_sold FOREIGN KEY (community_id, sale_id, line) REFERENCES sale.line (community_id, sale_id, line),
  CONSTRAINT ticket_is_somebodys CHECK (reservation_id IS NOT NULL OR sale_id IS NOT NULL),
  CONSTRAINT ticket_sold_by_line CHECK ((sale_id IS NULL) = (line IS NULL)),
  CONSTRAINT ticket_whole_seat CHECK ((block IS NULL) = (place IS NULL)),
  CONSTRAINT ticket_paid_before_in CHECK (admitted_at IS NULL OR sale_id IS NOT NULL AND admitted_by <> '')
);
CREATE UNIQUE INDEX ticket_seat_once ON sale.ticket (community_id, item_id, block, place) WHERE voided_at IS NULL AND block IS NOT NULL;
CREATE INDEX ticket_of_item ON sale.ticket (community_id, item_id);
CREATE INDEX ticket_of_sale ON sale.ticket (community_id, sale_id) WHERE sale_id IS NOT NULL;
CREATE INDEX ticket_of_reservation ON sale.ticket (community_id, reservation_id) WHERE reservation_id IS NOT NULL;
COMMENT ON COLUMN sale.ticket.token IS '128 random bits: whoever has it has the ticket';
COMMENT ON COLUMN sale.ticket.sale_id IS 'null: reserved, and not paid';
COMMENT ON COLUMN sale.ticket.block IS 'null: no seat of one''s own';

-- One person goes in with a ticket, once; a void one stays void.
-- +goose StatementBegin
CREATE FUNCTION sale.ticket_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF OLD.admitted_at IS NOT NULL AND (NEW.admitted_at, NEW.admitted_by) IS DISTINCT FROM (OLD.admitted_at, OLD.admitted_by)
     OR OLD.voided_at IS NOT NULL OR OLD.sale_id IS NOT NULL AND NEW.sale_id IS DISTINCT FROM OLD.sale_id THEN
    RAISE EXCEPTION 'ticket % stays as it is', OLD.number USING ERRCODE = 'FU002';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER ticket_guard BEFORE UPDATE ON sale.ticket FOR EACH ROW EXECUTE FUNCTION sale.ticket_guard();
CREATE TRIGGER ticket_stays BEFORE DELETE OR TRUNCATE ON sale.ticket FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- ── The auction ──────────────────────────────────────────────────────

CREATE TABLE sale.auction (
  community_id int     NOT NULL,
  place_id     int     NOT NULL,
  sign_off     boolean NOT NULL DEFAULT false,
  CONSTRAINT auction_pkey PRIMARY KEY (community_id, place_id),
  CONSTRAINT auction_place FOREIGN KEY (community_id, place_id) REFERENCES sale.place (community_id, id)
);
COMMENT ON COLUMN sale.auction.sign_off IS 'whoever joins by phone bids after staff said yes';

CREATE TABLE sale.lot (
  community_id int  NOT NULL,
  item_id      uuid NOT NULL,
  place_id     int  NOT NULL,
  start_price  numeric(18,2) NOT NULL CONSTRAINT lot_start_positive CHECK (start_price > 0),
  step         numeric(18,2) NOT NULL CONSTRAINT lot_step_positive CHECK (step > 0),
  reserve      numeric(18,2) CONSTRAINT lot_reserve_positive CHECK (reserve > 0),
  fair_value   numeric(18,2) CONSTRAINT lot_fair_value_positive CHECK (fair_value > 0),
  giver        text NOT NULL DEFAULT '' CONSTRAINT lot_giver_form CHECK (length(giver) <= 80),
  closes_at    timestamptz,
  state        text NOT NULL DEFAULT 'open' CONSTRAINT lot_state_known CHECK (state IN ('open', 'hammered', 'passed')),
  bids         int  NOT NULL DEFAULT 0,
  won_by       int,
  award_id     uuid,
  hammered_by  text NOT NULL DEFAULT '',
  hammered_at  timestamptz,
  CONSTRAINT lot_pkey PRIMARY KEY (community_id, item_id),
  CONSTRAINT lot_item FOREIGN KEY (community_id, item_id) REFERENCES sale.item (community_id, id),
  CONSTRAINT lot_place FOREIGN KEY (community_id, place_id) REFERENCES sale.place (community_id, id),
  CONSTRAINT lot_hammered_has_a_winner CHECK ((state = 'hammered') = (won_by IS NOT NULL) AND (won_by IS NULL) = (award_id IS NULL))
);
COMMENT ON COLUMN sale.lot.reserve IS 'never shown: below it the lot is not sold';
COMMENT ON COLUMN sale.lot.giver IS 'who gave it, as they want it on the page';
COMMENT ON COLUMN sale.lot.closes_at IS 'null: the hammer ends it; a bid of the last two minutes moves it';
COMMENT ON COLUMN sale.lot.won_by IS 'the bid that won';
COMMENT ON COLUMN sale.lot.award_id IS 'the id of the sale by which the winner pays, so that it is paid once';

-- Names and telephones of bidders are for the staff, and go after the event; the paddle stays.
CREATE TABLE sale.bidder (
  community_id int  NOT NULL,
  place_id     int  NOT NULL,
  paddle       int  NOT NULL CONSTRAINT bidder_paddle_positive CHECK (paddle > 0),
  token        text NOT NULL,
  name         text NOT NULL CONSTRAINT bidder_name_form CHECK (length(name) <= 40),
  phone        text NOT NULL CONSTRAINT bidder_phone_form CHECK (length(phone) <= 20),
  signed_off   boolean NOT NULL,
  joined_at    timestamptz NOT NULL,
  erased_at    timestamptz,
  CONSTRAINT bidder_pkey PRIMARY KEY (community_id, place_id, paddle),
  CONSTRAINT bidder_token_key UNIQUE (community_id, token),
  CONSTRAINT bidder_place FOREIGN KEY (community_id, place_id) REFERENCES sale.place (community_id, id)
);

CREATE TABLE sale.bid (
  community_id int  NOT NULL,
  item_id      uuid NOT NULL,
  nth          int  NOT NULL,
  place_id     int  NOT NULL,
  paddle       int  NOT NULL,
  amount       numeric(18,2) NOT NULL CONSTRAINT bid_amount_sane CHECK (amount > 0 AND amount <= 99999.99),
  way          text NOT NULL CONSTRAINT bid_way_known CHECK (way IN ('phone', 'paper')),
  entered_by   text NOT NULL DEFAULT '',
  bid_at       timestamptz NOT NULL,
  struck_at    timestamptz,
  CONSTRAINT bid_pkey PRIMARY KEY (community_id, item_id, nth),
  CONSTRAINT bid_lot FOREIGN KEY (community_id, item_id) REFERENCES sale.lot (community_id, item_id),
  CONSTRAINT bid_bidder FOREIGN KEY (community_id, place_id, paddle) REFERENCES sale.bidder (community_id, place_id, paddle)
);
ALTER TABLE sale.lot ADD CONSTRAINT lot_won_by_bid FOREIGN KEY (community_id, item_id, won_by) REFERENCES sale.bid (community_id, item_id, nth);
COMMENT ON COLUMN sale.bid.struck_at IS 'written down by mistake, or won and never paid';

-- A bid is one step above the highest, of a lot that is open, by somebody who may
-- bid. The lot's lock makes two at once wait for each other; it numbers them too.
-- +goose StatementBegin
CREATE FUNCTION sale.bid_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  of sale.lot;
  highest numeric;
BEGIN
  SELECT l.* INTO of FROM sale.lot l WHERE l.community_id = NEW.community_id AND l.item_id = NEW.item_id FOR UPDATE;
  IF NOT FOUND OR of.place_id <> NEW.place_id OR of.state <> 'open' OR of.closes_at <= NEW.bid_at THEN
    RAISE EXCEPTION 'lot % takes no bids', NEW.item_id USING ERRCODE = '23514', CONSTRAINT = 'bid_lot_open';
  END IF;
  IF NOT EXISTS (SELECT FROM sale.bidder b WHERE b.community_id = NEW.community_id AND b.place_id = NEW.place_id AND b.paddle = NEW.paddle AND b.signed_off AND b.erased_at IS NULL) THEN
    RAISE EXCEPTION 'paddle % may not bid yet', NEW.paddle USING ERRCODE = '23514', CONSTRAINT = 'bid_signed_off';
  END IF;
  SELECT max(b.amount) INTO highest FROM sale.bid b WHERE b.community_id = NEW.community_id AND b.item_id = NEW.item_id AND b.struck_at IS NULL;
  IF NEW.amount < coalesce(highest + of.step, of.start_price) THEN
    RAISE EXCEPTION 'a bid on lot % is at least %', NEW.item_id, coalesce(highest + of.step, of.start_price) USING ERRCODE = '23514', CONSTRAINT = 'bid_high_enough';
  END IF;
  NEW.nth = of.bids + 1;
  UPDATE sale.lot l SET bids = NEW.nth, closes_at = CASE WHEN l.closes_at - NEW.bid_at <= interval '2 minutes' THEN l.closes_at + interval '2 minutes' ELSE l.closes_at END
   WHERE l.community_id = NEW.community_id AND l.item_id = NEW.item_id;
  RETURN NEW;
END $$;

CREATE FUNCTION sale.bid_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF OLD.struck_at IS NOT NULL OR (to_jsonb(OLD) - 'struck_at') IS DISTINCT FROM (to_jsonb(NEW) - 'struck_at') THEN
    RAISE EXCEPTION 'bid % stays as it was made', OLD.nth USING ERRCODE = 'FU002';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER bid_guard BEFORE INSERT ON sale.bid FOR EACH ROW EXECUTE FUNCTION sale.bid_guard();
CREATE TRIGGER bid_stays BEFORE UPDATE ON sale.bid FOR EACH ROW EXECUTE FUNCTION sale.bid_stays();
CREATE TRIGGER bid_kept BEFORE DELETE OR TRUNCATE ON sale.bid FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

GRANT SELECT, INSERT ON sale.seat_plan, sale.seat, sale.ticket_counter, sale.reservation, sale.ticket, sale.auction, sale.lot, sale.bidder, sale.bid TO fund_app;
GRANT UPDATE (shape, blocks, places, held_on, starts) ON sale.seat_plan TO fund_app;
GRANT DELETE ON sale.seat TO fund_app;
GRANT UPDATE (last) ON sale.ticket_counter TO fund_app;
GRANT UPDATE (name, phone, cancelled_at, erased_at) ON sale.reservation TO fund_app;
GRANT UPDATE (block, place, sale_id, line, voided_at, admitted_at, admitted_by) ON sale.ticket TO fund_app;
GRANT UPDATE (sign_off) ON sale.auction TO fund_app;
GRANT UPDATE (start_price, step, reserve, fair_value, giver, closes_at, state, bids, won_by, award_id, hammered_by, hammered_at) ON sale.lot TO fund_app;
GRANT UPDATE (token, name, phone, signed_off, erased_at) ON sale.bidder TO fund_app;
GRANT UPDATE (struck_at) ON sale.bid TO fund_app;
