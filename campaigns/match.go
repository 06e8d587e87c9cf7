package campaigns

import (
	"context"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger"
	"fund/ledger/money"
)

// Match is what a pool added to a gift.
type Match struct {
	PoolID    int          `db:"pool_id"`
	Donation  uuid.UUID    `db:"donation_id"`
	FundID    int          `db:"fund_id"` // the pool's
	Giver     string       `db:"giver"`
	Amount    money.Amount `db:"amount"`
	TakenBack money.Amount `db:"taken_back"` // with refunds
	EntrySeq  int64        `db:"entry_seq"`
	SponsorZH string       `db:"sponsor_zh"`
	SponsorEN string       `db:"sponsor_en"`
}

// Left is what is not taken back.
func (m Match) Left() money.Amount { return m.Amount.Sub(m.TakenBack) }

// Sponsor is whose money it is, in the reader's language; empty for anonymous ones.
func (m Match) Sponsor(lang string) string { return inLanguage(lang, m.SponsorZH, m.SponsorEN) }

// offerMatches asks the open pools what they add to gifts about to be booked,
// and holds those pools. It comes after holdConditional and before the books,
// as everywhere, so that nobody waits in a circle. Gifts to campaigns without
// an open pool, and those that go straight back, ask nobody.
func offerMatches(ctx context.Context, tx *sqlx.Tx, community int, gifts []*waiting, payments []Payment, booked []int) (ms []Match, err error) {
	var ids, paid pq.StringArray
	for n, i := range booked {
		if gifts[n].Pooled && gifts[n].Result != GoalUnmet {
			ids, paid = append(ids, gifts[n].ID.String()), append(paid, payments[i].PaidAt.UTC().Format(time.RFC3339Nano))
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	err = tx.SelectContext(ctx, &ms, `SELECT donation_id, pool_id, fund_id, giver, amount FROM campaigns.offer_matches($1, $2, $3)`, community, ids, paid)
	return ms, err
}

// bookMatches posts what pools add to gifts, an entry each, of the day of the
// gift's: out of the pool's fund, where it was a liability, into the campaign's,
// as income or held with the gift until the goal is met.
func bookMatches(ctx context.Context, tx *sqlx.Tx, community int, book ledger.Book, ms []Match, gifts map[uuid.UUID]*waiting, booked []ledger.Entry) error {
	if len(ms) == 0 {
		return nil
	}
	days := map[string]time.Time{}
	for _, e := range booked {
		days[e.Source] = e.Date
	}
	entries := make([]ledger.Entry, len(ms))
	for i, m := range ms {
		d := gifts[m.Donation]
		postings, err := matchPostings(book, m, m.Amount, d.FundID, d.conditional())
		if err != nil {
			return err
		}
		entries[i] = ledger.Entry{
			Date: days["donation:"+m.Donation.String()], Kind: "match", Source: matchSource("match", m.Donation, m.PoolID), Memo: "配捐", Detail: "随一笔捐赠配出",
			PostedBy: "system", Postings: postings,
		}
	}
	posted, err := ledger.Post(ctx, tx, community, entries...)
	if err != nil {
		return err
	}
	var ids, givers, amounts pq.StringArray
	var pools, seqs pq.Int64Array
	for i, m := range ms {
		ids, givers, amounts = append(ids, m.Donation.String()), append(givers, m.Giver), append(amounts, m.Amount.String())
		pools, seqs = append(pools, int64(m.PoolID)), append(seqs, posted[i].Seq)
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO campaigns.match (community_id, donation_id, pool_id, giver, amount, entry_seq)
		SELECT $1, u.* FROM unnest($2::uuid[], $3::int[], $4::text[], $5::numeric[], $6::bigint[]) u`, community, ids, pools, givers, amounts, seqs)
	return err
}

func matchSource(kind string, id uuid.UUID, pool int) string {
	return kind + ":" + id.String() + "/" + strconv.Itoa(pool)
}

// matchPostings moves an amount from a pool's fund into a campaign's; a
// negative one moves it back. The money is in the bank before and after.
func matchPostings(book ledger.Book, m Match, amount money.Amount, fund int, held bool) ([]ledger.Posting, error) {
	from := ledger.OfflineDonations
	if held {
		from = ledger.ConditionalDonations
	}
	bank, err := book.Account(ledger.Bank)
	if err != nil {
		return nil, err
	}
	owed, err := book.Account(ledger.ConditionalDonations)
	if err != nil {
		return nil, err
	}
	income, err := book.Account(from)
	return []ledger.Posting{
		ledger.Debit(bank, fund, amount), ledger.Credit(income, fund, amount),
		ledger.Debit(owed, m.FundID, amount), ledger.Credit(bank, m.FundID, amount),
	}, err
}

// takeBack returns a refunded gift's matches to their pools, in proportion: of a
// gift of which nothing is left, all; and posts it with the refund's transaction.
// ledger.ErrFundOverspent where the campaign's fund has spent it.
func takeBack(ctx context.Context, tx *sqlx.Tx, c ledger.Community, d Donation, r Refund, result Result, ms []Match) error {
	if len(ms) == 0 {
		return nil
	}
	of, err := CampaignAt(ctx, tx, c.ID, d.CampaignID)
	if err != nil {
		return err
	}
	book, err := ledger.OpenBook(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	left := d.Left().Sub(r.Amount)
	var entries []ledger.Entry
	for i, m := range ms {
		stays := money.FromFen(m.Amount.Fen() * left.Fen() / d.Amount.Fen())
		back := m.Left().Sub(stays)
		if ms[i].Amount = back; back.Sign() <= 0 {
			continue
		}
		postings, err := matchPostings(book, m, back.Neg(), of.FundID, of.Kind == AllOrNothing && result != GoalMet)
		if err != nil {
			return err
		}
		entries = append(entries, ledger.Entry{
			Date: c.Day(r.RefundedAt), Kind: "match_back", Source: matchSource("match_back", r.ID, m.PoolID), Memo: "捐赠退回，配捐回到配捐池",
			Detail: r.Reason, PostedBy: r.RefundedBy, Postings: postings,
		})
	}
	if _, err = ledger.Post(ctx, tx, c.ID, entries...); err != nil {
		return err
	}
	for _, m := range ms {
		if m.Amount.Sign() <= 0 {
			continue
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE campaigns.match SET taken_back = taken_back + $4 WHERE community_id = $1 AND donation_id = $2 AND pool_id = $3`,
			c.ID, d.ID, m.PoolID, m.Amount)
		if err != nil {
			return err
		}
	}
	return nil
}

const selectMatch = `
	SELECT m.pool_id, m.donation_id, p.fund_id, m.amount, m.taken_back, m.entry_seq, p.sponsor_zh, p.sponsor_en
	  FROM campaigns.match m JOIN campaigns.pool p ON p.community_id = m.community_id AND p.id = m.pool_id
	 WHERE m.community_id = $1 AND m.donation_id = $2`

// holdMatches reads a gift's matches and holds their pools until the transaction ends.
func holdMatches(ctx context.Context, tx *sqlx.Tx, community int, donation uuid.UUID) (ms []Match, err error) {
	err = tx.SelectContext(ctx, &ms, selectMatch+` ORDER BY p.id FOR UPDATE`, community, donation)
	return ms, err
}

// holdPools holds a campaign and the pools that matched any of some gifts to it,
// for a transaction that refunds several: the first refund takes the books, and
// after them it is too late.
func holdPools(ctx context.Context, tx *sqlx.Tx, community, campaign int, donations pq.StringArray) error {
	if _, err := holdConditional(ctx, tx, community, campaign); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		SELECT FROM campaigns.pool p WHERE p.community_id = $1 AND p.id IN (
		       SELECT m.pool_id FROM campaigns.match m WHERE m.community_id = $1 AND m.donation_id = ANY ($2::uuid[])) ORDER BY p.id FOR UPDATE`,
		community, donations)
	return err
}

// MatchesOf reads what pools added to a gift.
func MatchesOf(ctx context.Context, q sqlx.QueryerContext, community int, donation uuid.UUID) (ms []Match, err error) {
	defer wrap(&err, "campaigns.MatchesOf(%d, %s)", community, donation)
	err = sqlx.SelectContext(ctx, q, &ms, selectMatch+` ORDER BY m.pool_id`, community, donation)
	return ms, err
}

// ListMatches reads the latest matches of a pool, the newest first.
func ListMatches(ctx context.Context, q sqlx.QueryerContext, community, pool, limit int) (ms []Match, err error) {
	defer wrap(&err, "campaigns.ListMatches(%d, %d)", community, pool)
	err = sqlx.SelectContext(ctx, q, &ms, `
		SELECT pool_id, donation_id, amount, taken_back, entry_seq FROM campaigns.match
		 WHERE community_id = $1 AND pool_id = $2 ORDER BY entry_seq DESC LIMIT $3`, community, pool, limit)
	return ms, err
}
