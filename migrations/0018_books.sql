-- +goose Up

-- ── Between funds ────────────────────────────────────────────────────

-- One account carries both sides of what funds lend each other, so that over
-- all funds it is always zero.
INSERT INTO ledger.account (community_id, id, code, name_zh, name_en, type, purpose)
SELECT c.id, coalesce((SELECT max(a.id) FROM ledger.account a WHERE a.community_id = c.id), 0) + 1,
       (SELECT '1122' || to_char(n, 'FM00') FROM generate_series(1, 99) n
         WHERE NOT EXISTS (SELECT FROM ledger.account a WHERE a.community_id = c.id AND a.code = '1122' || to_char(n, 'FM00')) ORDER BY n LIMIT 1),
       '内部往来', 'Between funds', 'asset', 'between_funds'
  FROM ledger.community c;

UPDATE ledger.account a SET purpose = v.purpose
  FROM (VALUES ('1141', 'prepaid'), ('1501', 'fixed_assets'), ('1502', 'accumulated_depreciation')) v (code, purpose)
 WHERE a.code = v.code AND a.type = 'asset' AND a.purpose IS NULL;

CREATE TABLE ledger.fund_loan (
  community_id int    NOT NULL,
  id           uuid   NOT NULL,
  from_fund    int    NOT NULL,
  to_fund      int    NOT NULL,
  account_id   int    NOT NULL,
  amount       numeric(18,2) NOT NULL CONSTRAINT fund_loan_positive CHECK (amount > 0),
  lent_on      date   NOT NULL,
  due_on       date,
  why          text   NOT NULL CONSTRAINT fund_loan_has_a_reason CHECK (length(why) BETWEEN 1 AND 200),
  entry_seq    bigint NOT NULL,
  made_by      text   NOT NULL,
  made_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fund_loan_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT fund_loan_two_funds CHECK (from_fund <> to_fund),
  CONSTRAINT fund_loan_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry (community_id, seq),
  CONSTRAINT fund_loan_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account (community_id, id),
  CONSTRAINT fund_loan_from FOREIGN KEY (community_id, from_fund) REFERENCES ledger.fund (community_id, id),
  CONSTRAINT fund_loan_to FOREIGN KEY (community_id, to_fund) REFERENCES ledger.fund (community_id, id)
);
COMMENT ON COLUMN ledger.fund_loan.account_id IS 'where the money lies that changed its fund: bank or cash';

CREATE TABLE ledger.fund_repayment (
  community_id int    NOT NULL,
  id           uuid   NOT NULL,
  loan_id      uuid   NOT NULL,
  amount       numeric(18,2) NOT NULL CONSTRAINT fund_repayment_positive CHECK (amount > 0),
  repaid_on    date   NOT NULL,
  entry_seq    bigint NOT NULL,
  made_by      text   NOT NULL,
  made_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fund_repayment_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT fund_repayment_loan FOREIGN KEY (community_id, loan_id) REFERENCES ledger.fund_loan (community_id, id),
  CONSTRAINT fund_repayment_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry (community_id, seq)
);
CREATE INDEX fund_repayment_of ON ledger.fund_repayment (community_id, loan_id);

CREATE TRIGGER fund_loan_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.fund_loan FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER fund_repayment_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.fund_repayment FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
GRANT SELECT, INSERT ON ledger.fund_loan, ledger.fund_repayment TO fund_app;

-- ── Budgets ──────────────────────────────────────────────────────────

CREATE SCHEMA budget;
GRANT USAGE ON SCHEMA budget TO fund_app;

-- A fund's year: the row that puts its versions and commitments into one order.
CREATE TABLE budget.year (
  community_id int NOT NULL,
  fund_id      int NOT NULL,
  year         int NOT NULL CONSTRAINT budget_year_known CHECK (year BETWEEN 1900 AND 9999),
  version      int NOT NULL DEFAULT 0,
  CONSTRAINT budget_year_pkey PRIMARY KEY (community_id, fund_id, year),
  CONSTRAINT budget_year_fund FOREIGN KEY (community_id, fund_id) REFERENCES ledger.fund (community_id, id)
);
COMMENT ON COLUMN budget.year.version IS 'the one that holds; 0: none was made';

-- A change makes a new version; the older ones stay as they were.
CREATE TABLE budget.version (
  community_id int  NOT NULL,
  fund_id      int  NOT NULL,
  year         int  NOT NULL,
  version      int  NOT NULL CONSTRAINT budget_version_positive CHECK (version > 0),
  why          text NOT NULL CONSTRAINT budget_version_has_a_reason CHECK (length(why) BETWEEN 1 AND 200),
  made_by      text NOT NULL,
  made_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT budget_version_pkey PRIMARY KEY (community_id, fund_id, year, version),
  CONSTRAINT budget_version_year FOREIGN KEY (community_id, fund_id, year) REFERENCES budget.year (community_id, fund_id, year)
);

CREATE TABLE budget.line (
  community_id int NOT NULL,
  fund_id      int NOT NULL,
  year         int NOT NULL,
  version      int NOT NULL,
  account_id   int NOT NULL,
  amount       numeric(18,2) NOT NULL CONSTRAINT budget_line_positive CHECK (amount > 0),
  months       numeric(18,2)[] CONSTRAINT budget_line_twelve CHECK (cardinality(months) = 12),
  CONSTRAINT budget_line_pkey PRIMARY KEY (community_id, fund_id, year, version, account_id),
  CONSTRAINT budget_line_version FOREIGN KEY (community_id, fund_id, year, version) REFERENCES budget.version (community_id, fund_id, year, version),
  CONSTRAINT budget_line_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account (community_id, id)
);
COMMENT ON COLUMN budget.line.amount IS 'of the year, on the side where the account is at home; months, where given, add up to it';

CREATE TRIGGER budget_version_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON budget.version FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER budget_line_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON budget.line FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- What is promised and not yet spent: an approved payment request.
CREATE TABLE budget.commitment (
  community_id int  NOT NULL,
  source       text NOT NULL CONSTRAINT commitment_source_form CHECK (source ~ '^[a-z_]+:[!-~]+$' AND length(source) <= 120),
  fund_id      int  NOT NULL,
  account_id   int  NOT NULL,
  year         int  NOT NULL,
  amount       numeric(18,2) NOT NULL CONSTRAINT commitment_positive CHECK (amount > 0),
  made_at      timestamptz NOT NULL DEFAULT now(),
  released_at  timestamptz,
  CONSTRAINT commitment_pkey PRIMARY KEY (community_id, source),
  CONSTRAINT commitment_year FOREIGN KEY (community_id, fund_id, year) REFERENCES budget.year (community_id, fund_id, year),
  CONSTRAINT commitment_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account (community_id, id)
);
CREATE INDEX commitment_open ON budget.commitment (community_id, year, fund_id) WHERE released_at IS NULL;

GRANT SELECT ON ALL TABLES IN SCHEMA budget TO fund_app;
GRANT INSERT, UPDATE (version) ON budget.year TO fund_app;
GRANT INSERT ON budget.version, budget.line TO fund_app;
GRANT INSERT, UPDATE (released_at) ON budget.commitment TO fund_app;

-- ── What is to be posted each month ──────────────────────────────────

CREATE SCHEMA schedule;
GRANT USAGE ON SCHEMA schedule TO fund_app;

-- A fixed asset or a prepaid item. Its cost less its residual value goes from
-- its account (an asset's: against the contra account) into an expense, in
-- equal months, the last of which takes the rest.
CREATE TABLE schedule.item (
  community_id int    NOT NULL,
  id           uuid   NOT NULL,
  kind         text   NOT NULL CONSTRAINT item_kind_known CHECK (kind IN ('asset', 'prepaid')),
  number       int    NOT NULL CONSTRAINT item_number_positive CHECK (number > 0),
  name         text   NOT NULL CONSTRAINT item_has_a_name CHECK (length(name) BETWEEN 1 AND 80),
  place        text   NOT NULL DEFAULT '',
  holder       text   NOT NULL DEFAULT '',
  fund_id      int    NOT NULL,
  account_id   int    NOT NULL,
  contra_id    int    NOT NULL,
  expense_id   int    NOT NULL,
  bought_on    date   NOT NULL,
  cost         numeric(18,2) NOT NULL CONSTRAINT item_cost_positive CHECK (cost > 0),
  residual     numeric(18,2) NOT NULL DEFAULT 0,
  first_month  date   NOT NULL CONSTRAINT item_first_is_a_month CHECK (extract(day FROM first_month) = 1),
  months       int    NOT NULL CONSTRAINT item_months CHECK (months BETWEEN 1 AND 600),
  since        date   NOT NULL CONSTRAINT item_since_is_a_month CHECK (extract(day FROM since) = 1),
  entry_seq    bigint,
  made_by      text   NOT NULL,
  made_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT item_pkey PRIMARY KEY (community_id, id),
  CONSTRAINT item_number_key UNIQUE (community_id, kind, number),
  CONSTRAINT item_residual CHECK (residual >= 0 AND residual < cost),
  CONSTRAINT item_since_first CHECK (since >= first_month),
  CONSTRAINT item_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry (community_id, seq),
  CONSTRAINT item_fund FOREIGN KEY (community_id, fund_id) REFERENCES ledger.fund (community_id, id),
  CONSTRAINT item_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account (community_id, id),
  CONSTRAINT item_contra FOREIGN KEY (community_id, contra_id) REFERENCES ledger.account (community_id, id),
  CONSTRAINT item_expense FOREIGN KEY (community_id, expense_id) REFERENCES ledger.account (community_id, id)
);
COMMENT ON COLUMN schedule.item.since IS 'the first month that is posted here; what was written off before stands in the opening balance';
COMMENT ON COLUMN schedule.item.entry_seq IS 'the entry by which it came into the books; null where the opening balance holds it';

-- How an item left the books before its months were over. One that was undone
-- (its entry reversed) may be followed by another.
CREATE TABLE schedule.disposal (
  community_id int    NOT NULL,
  item_id      uuid   NOT NULL,
  entry_seq    bigint NOT NULL,
  how          text   NOT NULL CONSTRAINT disposal_how_known CHECK (how IN ('sold', 'given', 'lost', 'scrapped', 'ended')),
  gone_on      date   NOT NULL,
  proceeds     numeric(18,2) NOT NULL DEFAULT 0 CONSTRAINT disposal_proceeds CHECK (proceeds >= 0),
  why          text   NOT NULL DEFAULT '',
  made_by      text   NOT NULL,
  made_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT disposal_pkey PRIMARY KEY (community_id, item_id, entry_seq),
  CONSTRAINT disposal_item FOREIGN KEY (community_id, item_id) REFERENCES schedule.item (community_id, id),
  CONSTRAINT disposal_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry (community_id, seq)
);

-- An entry that comes again: rent, the cleaner's wages.
CREATE TABLE schedule.recurring (
  community_id int      NOT NULL,
  id           uuid     NOT NULL,
  memo         text     NOT NULL CONSTRAINT recurring_memo_form CHECK (length(memo) BETWEEN 1 AND 200 AND memo !~ '[[:cntrl:]]'),
  detail       text     NOT NULL DEFAULT '' CONSTRAINT recurring_detail_form CHECK (length(detail) <= 200 AND detail !~ '[[:cntrl:]]'),
  day          smallint NOT NULL CONSTRAINT recurring_day CHECK (day BETWEEN 1 AND 31),
  every        smallint NOT NULL DEFAULT 1 CONSTRAINT recurring_every CHECK (every IN (1, 2, 3, 6, 12)),
  first_month  date     NOT NULL CONSTRAINT recurring_first_is_a_month CHECK (extract(day FROM first_month) = 1),
  last_month   date     CONSTRAINT recurring_last_is_a_month CHECK (extract(day FROM last_month) = 1),
  automatic    boolean  NOT NULL,
  paused_at    timestamptz,
  made_by      text     NOT NULL,
  made_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT recurring_pkey PRIMARY KEY (community_id, id)
);
COMMENT ON COLUMN schedule.recurring.day IS 'of the month; its last day where it is shorter';
COMMENT ON COLUMN schedule.recurring.every IS 'months, counted from the first';

CREATE TABLE schedule.recurring_line (
  community_id int      NOT NULL,
  recurring_id uuid     NOT NULL,
  line         smallint NOT NULL,
  account_id   int      NOT NULL,
  fund_id      int      NOT NULL,
  amount       numeric(18,2) NOT NULL CONSTRAINT recurring_line_not_zero CHECK (amount <> 0),
  CONSTRAINT recurring_line_pkey PRIMARY KEY (community_id, recurring_id, line),
  CONSTRAINT recurring_line_of FOREIGN KEY (community_id, recurring_id) REFERENCES schedule.recurring (community_id, id),
  CONSTRAINT recurring_line_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account (community_id, id),
  CONSTRAINT recurring_line_fund FOREIGN KEY (community_id, fund_id) REFERENCES ledger.fund (community_id, id)
);
CREATE TRIGGER recurring_line_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON schedule.recurring_line FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- What became of a month of an item or of a recurring entry: posted or skipped.
-- A turn whose entry was reversed is due again, as its next try.
CREATE TABLE schedule.turn (
  community_id int      NOT NULL,
  plan_id      uuid     NOT NULL,
  month        date     NOT NULL CONSTRAINT turn_is_a_month CHECK (extract(day FROM month) = 1),
  try          smallint NOT NULL,
  entry_seq    bigint,
  made_by      text     NOT NULL,
  made_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT turn_pkey PRIMARY KEY (community_id, plan_id, month, try),
  CONSTRAINT turn_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry (community_id, seq)
);
COMMENT ON COLUMN schedule.turn.entry_seq IS 'null: skipped';

GRANT SELECT ON ALL TABLES IN SCHEMA schedule TO fund_app;
GRANT INSERT, UPDATE (name, place, holder) ON schedule.item TO fund_app;
GRANT INSERT ON schedule.disposal, schedule.recurring_line, schedule.turn TO fund_app;
GRANT INSERT, UPDATE (paused_at, last_month) ON schedule.recurring TO fund_app;
