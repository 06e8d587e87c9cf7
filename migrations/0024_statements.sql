-- +goose Up

-- The card of an account is read by day: an account's postings stand in that order, whenever they were posted.
CREATE INDEX posting_account_day ON ledger.posting (community_id, account_id, entry_date, seq, line);
DROP INDEX ledger.posting_account;

-- ── What stood opposite the money, by month ──────────────────────────

-- The cash flow statement tells each entry that moves money by the accounts on its other side. No balance knows them, so
-- they are added up here, behind the books: entries up to cash_through.seq are in cash_month, later ones are read as they are.
CREATE SCHEMA report;
GRANT USAGE ON SCHEMA report TO fund_app;

CREATE TABLE report.cash_through (
  community_id int    NOT NULL REFERENCES ledger.community,
  seq          bigint NOT NULL,
  money        int[]  NOT NULL,
  CONSTRAINT cash_through_pkey PRIMARY KEY (community_id)
);
COMMENT ON COLUMN report.cash_through.money IS 'the accounts that were money then; for others the sums have to be made anew';

CREATE TABLE report.cash_month (
  community_id int  NOT NULL,
  month        date NOT NULL,
  account_id   int  NOT NULL,
  fund_id      int  NOT NULL,
  received     numeric(18,2) NOT NULL,
  paid         numeric(18,2) NOT NULL,
  CONSTRAINT cash_month_pkey PRIMARY KEY (community_id, month, account_id, fund_id),
  CONSTRAINT cash_month_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account (community_id, id),
  CONSTRAINT cash_month_fund FOREIGN KEY (community_id, fund_id) REFERENCES ledger.fund (community_id, id)
);
COMMENT ON COLUMN report.cash_month.received IS 'credits of the account in entries that moved money in the same fund; paid: its debits';

-- advance_cash adds at most so many entries more and returns up to which seq they are added now.
-- +goose StatementBegin
CREATE FUNCTION report.advance_cash(community int, money_accounts int[], at_most int) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  done  report.cash_through;
  until bigint;
BEGIN
  INSERT INTO report.cash_through (community_id, seq, money) VALUES (community, 0, money_accounts) ON CONFLICT DO NOTHING;
  SELECT * INTO done FROM report.cash_through t WHERE t.community_id = community FOR UPDATE;
  IF done.money <> money_accounts THEN
    DELETE FROM report.cash_month m WHERE m.community_id = community;
    done.seq := 0;
  END IF;
  SELECT least(done.seq + at_most, b.last_seq) INTO until FROM ledger.book b WHERE b.community_id = community;
  INSERT INTO report.cash_month AS m (community_id, month, account_id, fund_id, received, paid)
  SELECT community, date_trunc('month', p.entry_date::timestamp)::date, p.account_id, p.fund_id,
         coalesce(-sum(p.amount) FILTER (WHERE p.amount < 0), 0), coalesce(sum(p.amount) FILTER (WHERE p.amount > 0), 0)
    FROM ledger.posting p
   WHERE p.community_id = community AND p.seq > done.seq AND p.seq <= until AND p.account_id <> ALL (money_accounts)
     AND EXISTS (SELECT FROM ledger.posting o
                  WHERE o.community_id = p.community_id AND o.seq = p.seq AND o.fund_id = p.fund_id AND o.account_id = ANY (money_accounts))
   GROUP BY 2, 3, 4
  ON CONFLICT ON CONSTRAINT cash_month_pkey DO UPDATE SET received = m.received + EXCLUDED.received, paid = m.paid + EXCLUDED.paid;
  UPDATE report.cash_through t SET seq = until, money = money_accounts WHERE t.community_id = community;
  RETURN until;
END $$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION report.advance_cash FROM PUBLIC;
GRANT EXECUTE ON FUNCTION report.advance_cash TO fund_app;
GRANT SELECT ON report.cash_through, report.cash_month TO fund_app;
