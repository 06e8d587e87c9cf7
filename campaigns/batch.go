package campaigns

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/campaigns/receipt"
	"fund/ledger"
)

// batch is donations about to be booked, turned on their side for
// campaigns.book_donations: an element of each array a donation.
type batch struct {
	entries                                 []ledger.Entry
	receipts                                []receipt.Receipt
	ids, refs, paid, amounts, tokens, codes pq.StringArray
	letters                                 pq.BoolArray
}

func (b *batch) add(community int, d waiting, p Payment, entry ledger.Entry) {
	r := receipt.Draw(community, receipt.Donation, receipt.Item{Subject: d.ID, Amount: p.Amount, Day: entry.Date})
	b.entries, b.receipts = append(b.entries, entry), append(b.receipts, r)
	b.ids, b.refs = append(b.ids, d.ID.String()), append(b.refs, p.Reference)
	b.paid = append(b.paid, p.PaidAt.UTC().Format(time.RFC3339Nano))
	b.amounts = append(b.amounts, p.Amount.String())
	b.tokens, b.codes = append(b.tokens, r.Token), append(b.codes, r.CheckCode)
	b.letters = append(b.letters, d.Email.Valid && d.Result != GoalUnmet) // no letter about a receipt that is void
}

// book writes the batch in one call: entries, receipts, the donations' state,
// the campaigns' tallies, what the outbox is to do. Then the receipts have
// their numbers.
func (b *batch) book(ctx context.Context, tx *sqlx.Tx, community int) error {
	args, err := ledger.Columns(community, b.entries...)
	if err != nil {
		return err
	}
	var issued []struct {
		Entry        int64 `db:"entry_seq"`
		Year, Number int
		At           time.Time `db:"issued_at"`
	}
	ledger.Handover(ctx)
	err = tx.SelectContext(ctx, &issued, `
		SELECT entry_seq, year, number, issued_at
		  FROM campaigns.book_donations($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
		append(args, b.ids, b.refs, b.paid, b.amounts, b.tokens, b.codes, b.letters)...)
	for i, r := range issued {
		b.receipts[i].Entry, b.receipts[i].Year, b.receipts[i].Number, b.receipts[i].IssuedAt = r.Entry, r.Year, r.Number, r.At
	}
	return err
}
