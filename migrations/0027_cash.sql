-- +goose Up

-- Cash that is handed in at the bank comes from boxes, tills and the desk alike: one book of slips.
ALTER TABLE box.deposit SET SCHEMA ledger;
ALTER TABLE ledger.deposit RENAME TO cash_deposit;
COMMENT ON TABLE ledger.cash_deposit IS 'cash handed in at the bank under a slip, on its way until it stands on the bank''s statement';

-- ── Ventures ─────────────────────────────────────────────────────────

-- A day's takings of a venture as one line from a paper pad, where no till rang up what was sold.
CREATE TABLE sale.takings (
  community_id int  NOT NULL,
  id           uuid NOT NULL,
  place_id     int  NOT NULL,
  day          date NOT NULL,
  shift        text NOT NULL DEFAULT '' CONSTRAINT takings_shift_form CHECK (length(shift) <= 20),
  sales        int  NOT NULL DEFAULT 0 CONSTRAINT takings_sales_not_negative CHECK (sales >= 0),
  amount       numeric(18,2) NOT NULL CONSTRAINT takings_positive CHECK (amount > 0),
  entered_by   text NOT NULL,
  entered_at   timestamptz NOT NULL,
  entry_seq    bigint NOT NULL,
  CONSTRAINT takings_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT takings_place FOREIGN KEY (community_id, place_id) REFERENCES sale.place (community_id, id),
  CONSTRAINT takings_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry (community_id, seq)
);
COMMENT ON COLUMN sale.takings.sales IS 'how many strokes on the pad; 0 where nobody counted';
CREATE INDEX takings_of_place ON sale.takings (community_id, place_id, day);

-- What a month's work left over, passed on to the community's general fund.
CREATE TABLE sale.surplus (
  community_id int  NOT NULL,
  id           uuid NOT NULL,
  place_id     int  NOT NULL,
  month        date NOT NULL CONSTRAINT surplus_month_is_a_first CHECK (extract(day FROM month) = 1),
  amount       numeric(18,2) NOT NULL CONSTRAINT surplus_positive CHECK (amount > 0),
  entered_by   text NOT NULL,
  entered_at   timestamptz NOT NULL,
  entry_seq    bigint NOT NULL,
  CONSTRAINT surplus_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT surplus_place FOREIGN KEY (community_id, place_id) REFERENCES sale.place (community_id, id),
  CONSTRAINT surplus_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry (community_id, seq)
);
CREATE INDEX surplus_of_place ON sale.surplus (community_id, place_id, month);

-- Who keeps a venture open, and when: a roster. What was worked stands in the ledger of hours.
CREATE TABLE sale.shift (
  community_id int  NOT NULL,
  id           uuid NOT NULL,
  place_id     int  NOT NULL,
  person_id    int  NOT NULL,
  day          date NOT NULL,
  starts       text NOT NULL CONSTRAINT shift_starts_form CHECK (starts ~ '^[0-2][0-9]:[0-5][0-9]$'),
  minutes      int  NOT NULL CONSTRAINT shift_minutes_form CHECK (minutes BETWEEN 15 AND 720 AND minutes % 15 = 0),
  state        text NOT NULL DEFAULT 'planned' CONSTRAINT shift_state_known CHECK (state IN ('planned', 'worked', 'missed')),
  hours_number int,
  entered_by   text NOT NULL,
  entered_at   timestamptz NOT NULL,
  CONSTRAINT shift_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT shift_place FOREIGN KEY (community_id, place_id) REFERENCES sale.place (community_id, id),
  CONSTRAINT shift_person FOREIGN KEY (community_id, person_id) REFERENCES mutualaid.person (community_id, id),
  CONSTRAINT shift_hours FOREIGN KEY (community_id, hours_number) REFERENCES mutualaid.hour_entry (community_id, number),
  CONSTRAINT shift_worked_has_hours CHECK ((state = 'worked') = (hours_number IS NOT NULL))
);
CREATE INDEX shift_of_place ON sale.shift (community_id, place_id, day);

CREATE TRIGGER takings_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON sale.takings FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER surplus_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON sale.surplus FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
GRANT SELECT, INSERT ON sale.takings, sale.surplus, sale.shift TO fund_app;
GRANT UPDATE (state, hours_number) ON sale.shift TO fund_app;
