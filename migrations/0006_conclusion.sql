-- +goose Up

-- What was decided of an all-or-nothing campaign (不成则退): once, for good.
CREATE TABLE campaigns.conclusion (
  community_id int  NOT NULL,
  campaign_id  int  NOT NULL,
  result       text NOT NULL CONSTRAINT conclusion_result_known CHECK (result IN ('met', 'unmet')),
  raised       numeric(18,2) NOT NULL,
  gifts        int  NOT NULL,
  entry_seq    bigint,
  concluded_by text NOT NULL,
  concluded_at timestamptz NOT NULL,
  CONSTRAINT conclusion_pkey PRIMARY KEY (community_id, campaign_id),
  CONSTRAINT conclusion_campaign FOREIGN KEY (community_id, campaign_id) REFERENCES campaigns.campaign (community_id, id),
  CONSTRAINT conclusion_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry (community_id, seq),
  CONSTRAINT conclusion_met_is_booked CHECK ((result = 'met') = (entry_seq IS NOT NULL))
);
COMMENT ON COLUMN campaigns.conclusion.raised IS 'when it was decided: what became income, or what goes back';
COMMENT ON COLUMN campaigns.conclusion.entry_seq IS 'the entry that moved the liability to income; null where the goal was not met';

CREATE TRIGGER conclusion_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON campaigns.conclusion FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
GRANT SELECT, INSERT ON campaigns.conclusion TO fund_app;
