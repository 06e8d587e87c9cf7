-- +goose Up

-- A batch of payments is two calls: one locks what waits for them, the other
-- books them. A function keeps the plans of its statements; a statement that
-- comes by itself is planned each time, and costs a round trip each.

-- waiting_donations locks the donations that payments are said to be for, in
-- the order of their ids, and tells what decides whether a payment fits.
-- +goose StatementBegin
CREATE FUNCTION campaigns.waiting_donations(community int, ids uuid[])
RETURNS TABLE (id uuid, state text, amount numeric, currency char(3), method text, payee text, provider_ref text, commitment bytea,
               entered_by text, campaign_id int, fund_id int, fund_closed boolean, kind text, email text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT d.id, d.state, d.amount, d.currency, d.method, d.payee, d.provider_ref, d.commitment, d.entered_by, d.campaign_id,
         c.fund_id, f.closed_at IS NOT NULL, c.kind, nullif(n.email, '')
    FROM campaigns.donation d
    JOIN campaigns.campaign c ON c.community_id = d.community_id AND c.id = d.campaign_id
    JOIN ledger.fund f ON f.community_id = c.community_id AND f.id = c.fund_id
    LEFT JOIN campaigns.donor n ON n.community_id = d.community_id AND n.id = d.donor_id
   WHERE d.community_id = community AND d.id = ANY (ids) ORDER BY d.id FOR UPDATE OF d;
END $$;
-- +goose StatementEnd

-- book_donations books donations that waiting_donations locked: entries, receipts,
-- the donations' state, the campaigns' tallies, and what the outbox is to do.
-- The first arrays are those of ledger.post_entries; the others have one element
-- a donation, whose entry is the one of the same place. A donation's message has
-- the donation's id, so it is never enqueued twice.
-- +goose StatementBegin
CREATE FUNCTION campaigns.book_donations(
  community int, dates date[], kinds text[], sources text[], memos text[], details text[], posters text[],
  reversed bigint[], commitments bytea[], entry_of int[], accounts int[], funds int[], amounts numeric[],
  ids uuid[], refs text[], paid timestamptz[], given numeric[], tokens text[], codes text[], letters boolean[])
RETURNS TABLE (entry_seq bigint, year int, number int, issued_at timestamptz)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  seqs bigint[];
BEGIN
  seqs := array(SELECT p.seq FROM ledger.post_entries(community, dates, kinds, sources, memos, details, posters,
                                                      reversed, commitments, entry_of, accounts, funds, amounts) p ORDER BY p.ord);
  WITH booked AS (
    UPDATE campaigns.donation d SET state = 'paid', provider_ref = u.ref, entry_seq = u.seq, paid_at = u.at
      FROM unnest(ids, refs, seqs, paid) AS u (id, ref, seq, at)
     WHERE d.community_id = community AND d.id = u.id RETURNING d.campaign_id, d.amount)
  UPDATE campaigns.tally t SET raised = t.raised + b.raised, gifts = t.gifts + b.gifts
    FROM (SELECT campaign_id, sum(amount) AS raised, count(*) AS gifts FROM booked GROUP BY campaign_id) b
   WHERE t.community_id = community AND t.campaign_id = b.campaign_id;

  INSERT INTO outbox.message (community_id, id, kind, payload, not_before, done_at)
  SELECT community, u.id, 'donation_received', jsonb_build_object('donation', u.id, 'letter', u.letter), now(), CASE WHEN NOT u.letter THEN now() END
    FROM unnest(ids, letters) AS u (id, letter);

  RETURN QUERY
  SELECT seqs[r.ord], r.year, r.number, r.issued_at
    FROM receipt.issue_receipts(community, 'donation', ids, seqs, given, dates, tokens, codes) r ORDER BY r.ord;
END $$;
-- +goose StatementEnd

REVOKE ALL ON FUNCTION campaigns.waiting_donations, campaigns.book_donations FROM PUBLIC;
GRANT EXECUTE ON FUNCTION campaigns.waiting_donations, campaigns.book_donations TO fund_app;
