package campaigns

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/receipt"
	"fund/ledger"
	"fund/ledger/money"
)

// InKind is a gift that is no money: goods with their estimated value, which the
// books show, or hours, which are counted and never valued.
type InKind struct {
	ID         uuid.UUID      `db:"id"`
	FundID     int            `db:"fund_id"`
	CampaignID *int           `db:"campaign_id"` // nil: for the community, in the general fund
	DonorID    *uuid.UUID     `db:"donor_id"`
	DonorName  sql.NullString `db:"donor_name"`
	ShowName   bool           `db:"show_name"`
	WhatZH     string         `db:"what_zh"` // 大米 20 袋
	WhatEN     string         `db:"what_en"`
	Value      money.Amount   `db:"value"`     // of goods, estimated
	ValuedBy   string         `db:"valued_by"` // who estimated it, and after what
	Used       bool           `db:"used"`      // used up at once: an expense; else kept in the stores
	Hours      int            `db:"hours"`     // in tenths; 0 for goods
	ReceivedOn time.Time      `db:"received_on"`
	EntrySeq   *int64         `db:"entry_seq"` // nil for hours
	EnteredBy  string         `db:"entered_by"`
	EnteredAt  time.Time      `db:"entered_at"`
	UndoneAt   *time.Time     `db:"undone_at"`
}

// Goods tells goods from hours.
func (g InKind) Goods() bool { return g.Hours == 0 }

// What is what was given, in the reader's language.
func (g InKind) What(lang string) string { return inLanguage(lang, g.WhatZH, g.WhatEN) }

// Time is the hours in figures: 6.5.
func (g InKind) Time() string {
	return strings.TrimSuffix(strconv.Itoa(g.Hours/10)+"."+strconv.Itoa(g.Hours%10), ".0")
}

// PublicName is the name the giver lets the public see, masked; empty for
// anonymous ones.
func (g InKind) PublicName() string {
	if !g.ShowName {
		return ""
	}
	return Mask(g.DonorName.String)
}

// TakeInKind writes a gift in kind down, for a campaign (by its id) or for the
// community. Goods are booked at their value, into the stores or, used up at
// once, as the programme's cost, against income in the fund, and have a receipt
// in a series of its own; hours have neither. The ID makes it safe to send the
// form twice. ErrState if neither or both are given.
func TakeInKind(ctx context.Context, tx *sqlx.Tx, c ledger.Community, g InKind, name string) (_ InKind, err error) {
	defer wrap(&err, "campaigns.TakeInKind(%d)", c.ID)
	if (g.Value.Sign() > 0) == (g.Hours > 0) || strings.TrimSpace(g.WhatZH) == "" {
		return g, ErrState
	}
	if stands, err := FindInKind(ctx, tx, c.ID, g.ID); err == nil {
		return stands, nil
	}
	g.FundID = ledger.GeneralFundID
	if g.CampaignID != nil {
		of, err := CampaignAt(ctx, tx, c.ID, *g.CampaignID)
		if err != nil {
			return g, err
		}
		g.FundID = of.FundID
	}
	var commitment []byte
	if name != "" {
		donor, err := newDonor(name, "", "zh-CN")
		if err != nil {
			return g, err
		}
		if err = addDonor(ctx, tx, c.ID, donor); err != nil {
			return g, err
		}
		g.DonorID, commitment = &donor.ID, donor.Commitment()
	}
	if g.Goods() {
		if err = bookGoods(ctx, tx, c, &g, commitment); err != nil {
			return g, err
		}
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO campaigns.in_kind (community_id, id, fund_id, campaign_id, donor_id, show_name, what_zh, what_en, value, valued_by, used,
		                               hours, received_on, entry_seq, entered_by, entered_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, nullif($9::numeric, 0), $10, $11, nullif($12::numeric / 10, 0), $13, $14, $15, $16)`,
		c.ID, g.ID, g.FundID, g.CampaignID, g.DonorID, g.ShowName && name != "", g.WhatZH, g.WhatEN, g.Value, g.ValuedBy, g.Used,
		g.Hours, g.ReceivedOn.Format(time.DateOnly), g.EntrySeq, g.EnteredBy, g.EnteredAt)
	if err != nil || !g.Goods() {
		return g, err
	}
	_, err = receipt.Issue(ctx, tx, c.ID, receipt.InKind, receipt.Item{Subject: g.ID, Entry: *g.EntrySeq, Amount: g.Value, Day: c.Day(g.EnteredAt)})
	return g, err
}

func addDonor(ctx context.Context, tx *sqlx.Tx, community int, d Donor) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO campaigns.donor (community_id, id, name, email, lang, salt) VALUES ($1, $2, $3, $4, $5, $6)`,
		community, d.ID, d.Name, d.Email, d.Lang, d.Salt)
	return err
}

func bookGoods(ctx context.Context, tx *sqlx.Tx, c ledger.Community, g *InKind, commitment []byte) error {
	book, err := ledger.OpenBook(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	into, detail := ledger.Inventory, "入库"
	if g.Used {
		into, detail = ledger.ProgrammeExpense, "当时用掉"
	}
	debit, err := book.Account(into)
	if err != nil {
		return err
	}
	credit, err := book.Account(ledger.InKindDonations)
	if err != nil {
		return err
	}
	posted, err := ledger.Post(ctx, tx, c.ID, ledger.Entry{
		Date: c.Day(g.EnteredAt), Kind: "in_kind", Source: "in_kind:" + g.ID.String(), Memo: "实物捐赠", Detail: detail, PostedBy: g.EnteredBy,
		Commitment: commitment,
		Postings:   []ledger.Posting{ledger.Debit(debit, g.FundID, g.Value), ledger.Credit(credit, g.FundID, g.Value)},
	})
	if err != nil {
		return err
	}
	g.EntrySeq = &posted[0].Seq
	return nil
}

// UndoInKind takes a gift in kind out again that was entered wrongly or given
// back: goods by reversing their entry, which voids the receipt. ErrNoReason,
// ErrState where it is undone already; ledger.ErrFundOverspent where the goods
// are gone.
func UndoInKind(ctx context.Context, tx *sqlx.Tx, c ledger.Community, id uuid.UUID, reason, who string, at time.Time) (err error) {
	defer wrap(&err, "campaigns.UndoInKind(%d, %s)", c.ID, id)
	if reason = strings.TrimSpace(reason); reason == "" {
		return ErrNoReason
	}
	if err = move(tx.ExecContext(ctx, `UPDATE campaigns.in_kind SET undone_at = $3 WHERE community_id = $1 AND id = $2 AND undone_at IS NULL`, c.ID, id, at)); err != nil {
		return err
	}
	g, err := FindInKind(ctx, tx, c.ID, id)
	if err != nil || !g.Goods() {
		return err
	}
	reversal, err := ledger.Reverse(ctx, tx, c.ID, *g.EntrySeq, c.Day(at), reason, who)
	if err != nil {
		return err
	}
	issued, err := receipt.Of(ctx, tx, c.ID, id)
	if err != nil {
		return err
	}
	return receipt.Void(ctx, tx, c.ID, issued, reversal.Seq, reason, at)
}

const selectInKind = `
	SELECT k.id, k.fund_id, k.campaign_id, k.donor_id, n.name AS donor_name, k.show_name, k.what_zh, k.what_en, coalesce(k.value, 0.00) AS value,
	       k.valued_by, k.used, coalesce(k.hours * 10, 0)::int AS hours, k.received_on, k.entry_seq, k.entered_by, k.entered_at, k.undone_at
	  FROM campaigns.in_kind k LEFT JOIN campaigns.donor n ON n.community_id = k.community_id AND n.id = k.donor_id
	 WHERE k.community_id = $1`

// FindInKind reads a gift in kind; ErrNotFound.
func FindInKind(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (g InKind, err error) {
	defer wrap(&err, "campaigns.FindInKind(%d, %s)", community, id)
	err = sqlx.GetContext(ctx, q, &g, selectInKind+` AND k.id = $2`, community, id)
	return g, err
}

// ListInKind reads the latest gifts in kind, of one campaign (0: of all, and
// those without one), the newest first, undone ones too.
func ListInKind(ctx context.Context, q sqlx.QueryerContext, community, campaign, limit int) (gs []InKind, err error) {
	defer wrap(&err, "campaigns.ListInKind(%d, %d)", community, campaign)
	err = sqlx.SelectContext(ctx, q, &gs, selectInKind+` AND ($2 = 0 OR k.campaign_id = $2) ORDER BY k.received_on DESC, k.entered_at DESC LIMIT $3`,
		community, campaign, limit)
	return gs, err
}

// InKindSum is what gifts in kind to a campaign come to, undone ones left out.
type InKindSum struct {
	Goods int          `db:"goods"`
	Value money.Amount `db:"value"`
	Hours int          `db:"hours"` // in tenths
}

// SumInKind adds up the gifts in kind to a campaign.
func SumInKind(ctx context.Context, q sqlx.QueryerContext, community, campaign int) (s InKindSum, err error) {
	defer wrap(&err, "campaigns.SumInKind(%d, %d)", community, campaign)
	err = sqlx.GetContext(ctx, q, &s, `
		SELECT count(value) AS goods, coalesce(sum(value), 0.00) AS value, coalesce(sum(hours) * 10, 0)::int AS hours
		  FROM campaigns.in_kind WHERE community_id = $1 AND campaign_id = $2 AND undone_at IS NULL`, community, campaign)
	return s, err
}
