-- +goose Up

-- A place may name the accounts that its income and its costs are, so that the report tells the tea house from the newsstand.
ALTER TABLE sale.place
  ADD COLUMN income_account int,
  ADD COLUMN cost_account   int,
  ADD CONSTRAINT place_income_account FOREIGN KEY (community_id, income_account) REFERENCES ledger.account (community_id, id),
  ADD CONSTRAINT place_cost_account   FOREIGN KEY (community_id, cost_account)   REFERENCES ledger.account (community_id, id);
COMMENT ON COLUMN sale.place.income_account IS 'what selling there is, where the item names no other; null: sales or services, by the item''s kind';
COMMENT ON COLUMN sale.place.cost_account IS 'what its costs are; null: programme cost of a venture, fundraising cost of an event';
GRANT UPDATE (income_account, cost_account) ON sale.place TO fund_app;

-- What a venture earns and costs is what its fund earns and costs: no two share one.
CREATE UNIQUE INDEX place_venture_has_a_fund ON sale.place (community_id, fund_id) WHERE kind = 'venture';

-- +goose StatementBegin
CREATE FUNCTION sale.place_books_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM ledger.account a WHERE a.community_id = NEW.community_id
              AND (a.id = NEW.income_account AND a.type <> 'income' OR a.id = NEW.cost_account AND a.type <> 'expense')) THEN
    RAISE EXCEPTION 'sale % earns in an account of income and spends in one of expense', NEW.slug USING ERRCODE = '23514', CONSTRAINT = 'place_accounts_fit';
  END IF;
  IF NEW.kind = 'venture' AND EXISTS (SELECT FROM ledger.fund f WHERE f.community_id = NEW.community_id AND f.id = NEW.fund_id AND f.restricted) THEN
    RAISE EXCEPTION 'venture % earns for all, not for one purpose', NEW.slug USING ERRCODE = '23514', CONSTRAINT = 'place_venture_unrestricted';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER place_books_guard BEFORE INSERT OR UPDATE ON sale.place FOR EACH ROW EXECUTE FUNCTION sale.place_books_guard();
