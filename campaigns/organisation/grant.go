package organisation

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// Way is where money lies: the safe or the bank.
type Way string

// The ways.
const (
	Cash Way = "cash"
	Bank Way = "bank"
)

// Purpose is what the chart of accounts calls it.
func (w Way) Purpose() ledger.Purpose {
	if w == Cash {
		return ledger.Cash
	}
	return ledger.Bank
}

// Undone is how something that was posted is taken back; the zero value stands.
type Undone struct {
	At  *time.Time `db:"undone_at"`
	By  string     `db:"undone_by"`
	Why string     `db:"undone_why"`
}

// SmallGrant is money that a group gets for its points.
type SmallGrant struct {
	ID             uuid.UUID    `db:"id"` // the form's own, so that it may be sent twice
	OrganisationID int          `db:"organisation_id"`
	Rule           int          `db:"rule_n"`
	Points         int          `db:"points"`
	Amount         money.Amount `db:"amount"`
	What           string       `db:"what"`    // it is for
	FundID         int          `db:"fund_id"` // which pays it
	GivenOn        time.Time    `db:"given_on"`
	GivenBy        string       `db:"given_by"`
	GivenAt        time.Time    `db:"given_at"`
	Entry          int64        `db:"entry_seq"`
	Voucher        string       `db:"voucher"` // of the entry, when read
	Undone
}

// PointsOf reads what a group has earned and has spent.
func PointsOf(ctx context.Context, q sqlx.QueryerContext, community, of int) (earned, spent int, err error) {
	defer wrap(&err, "organisation.PointsOf(%d, %d)", community, of)
	err = q.QueryRowxContext(ctx, `
		SELECT (SELECT coalesce(sum(points), 0) FROM organisation.activity WHERE community_id = $1 AND organisation_id = $2 AND withdrawn_at IS NULL),
		       (SELECT coalesce(sum(points), 0) FROM organisation.small_grant WHERE community_id = $1 AND organisation_id = $2 AND undone_at IS NULL)`,
		community, of).Scan(&earned, &spent)
	return earned, spent, err
}

// GiveGrant spends a group's points and posts the money, out of a fund and from
// where it lies. The points are those of a tier of the rule of the day (ErrNoRule).
// ErrPoints where the group has not that many left; ledger.ErrFundOverspent. The
// same ID again changes nothing.
func GiveGrant(ctx context.Context, tx *sqlx.Tx, c ledger.Community, g SmallGrant, from Way) (_ SmallGrant, err error) {
	defer wrap(&err, "organisation.GiveGrant(%d, %d)", c.ID, g.OrganisationID)
	if again, err := grants(ctx, tx, c.ID, `AND g.id = $2`, g.ID); err != nil || len(again) > 0 {
		return first(again), err
	}
	group, err := At(ctx, tx, c.ID, g.OrganisationID)
	if err != nil {
		return g, err
	}
	rule, err := RuleOn(ctx, tx, c.ID, g.GivenOn)
	if err != nil {
		return g, err
	}
	if rule == nil {
		return g, ErrNoRule
	}
	i := slices.IndexFunc(rule.Tiers, func(t Tier) bool { return t.Points == g.Points })
	if i < 0 {
		return g, ErrNoRule
	}
	g.Rule, g.Amount = rule.N, rule.Tiers[i].Amount
	if g.Entry, err = postBetween(ctx, tx, c, posting{
		debit: ledger.ProgrammeExpense, credit: from.Purpose(), fund: g.FundID, amount: g.Amount, on: g.GivenOn,
		kind: "small_grant", source: "small_grant:" + g.ID.String(), memo: "小组小额支持：" + group.NameZH, detail: g.What, by: g.GivenBy,
	}); err != nil {
		return g, err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO organisation.small_grant (community_id, id, organisation_id, rule_n, points, amount, what, fund_id, given_on, given_by, given_at, entry_seq)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		c.ID, g.ID, g.OrganisationID, g.Rule, g.Points, g.Amount, g.What, g.FundID, iso(g.GivenOn), g.GivenBy, g.GivenAt, g.Entry)
	return g, err
}

// UndoGrant reverses a grant's entry; its points are the group's again.
// ErrNoReason, ErrState.
func UndoGrant(ctx context.Context, tx *sqlx.Tx, c ledger.Community, id uuid.UUID, why, who string, at time.Time) (err error) {
	defer wrap(&err, "organisation.UndoGrant(%d, %s)", c.ID, id)
	was, err := one(grants(ctx, tx, c.ID, `AND g.id = $2`, id))
	if err != nil {
		return err
	}
	return undo(ctx, tx, c, "organisation.small_grant", id, was.Entry, why, who, at)
}

// ListGrants reads the grants of a group, of all with 0, the latest first; those
// undone too.
func ListGrants(ctx context.Context, q sqlx.QueryerContext, community, of int) (all []SmallGrant, err error) {
	defer wrap(&err, "organisation.ListGrants(%d, %d)", community, of)
	return grants(ctx, q, community, `AND ($2 = 0 OR g.organisation_id = $2) ORDER BY g.given_on DESC, g.given_at DESC`, of)
}

func grants(ctx context.Context, q sqlx.QueryerContext, community int, rest string, arg any) (all []SmallGrant, err error) {
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT g.id, g.organisation_id, g.rule_n, g.points, g.amount, g.what, g.fund_id, g.given_on, g.given_by, g.given_at, g.entry_seq,
		       e.year || '-' || e.number AS voucher, g.undone_at, g.undone_by, g.undone_why
		  FROM organisation.small_grant g JOIN ledger.journal_entry e ON e.community_id = g.community_id AND e.seq = g.entry_seq
		 WHERE g.community_id = $1 `+rest, community, arg)
	return all, err
}

// posting is one of this package's entries: money in one account and what it is for.
type posting struct {
	debit, credit              ledger.Purpose
	fund                       int
	amount                     money.Amount
	on                         time.Time
	kind, source, memo, detail string
	by                         string
}

func postBetween(ctx context.Context, tx *sqlx.Tx, c ledger.Community, p posting) (seq int64, err error) {
	book, err := ledger.OpenBook(ctx, tx, c.ID)
	if err != nil {
		return 0, err
	}
	debit, err := book.Account(p.debit)
	if err != nil {
		return 0, err
	}
	credit, err := book.Account(p.credit)
	if err != nil {
		return 0, err
	}
	posted, err := ledger.Post(ctx, tx, c.ID, ledger.Entry{
		Date: p.on, Kind: p.kind, Source: p.source, Memo: p.memo, Detail: p.detail, PostedBy: p.by,
		Postings: []ledger.Posting{ledger.Debit(debit, p.fund, p.amount), ledger.Credit(credit, p.fund, p.amount)},
	})
	if err != nil {
		return 0, err
	}
	return posted[0].Seq, nil
}

// undo reverses an entry and marks its row; table is one of this package's.
func undo(ctx context.Context, tx *sqlx.Tx, c ledger.Community, table string, id uuid.UUID, seq int64, why, who string, at time.Time) error {
	if why = strings.TrimSpace(why); why == "" {
		return ErrNoReason
	}
	if err := moved(tx.ExecContext(ctx, `
		UPDATE `+table+` SET undone_at = $3, undone_by = $4, undone_why = $5 WHERE community_id = $1 AND id = $2 AND undone_at IS NULL`, c.ID, id, at, who, why)); err != nil {
		return err
	}
	entry, err := ledger.EntryAt(ctx, tx, c.ID, seq)
	if err != nil {
		return err
	}
	book, err := ledger.OpenBook(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	_, err = ledger.Reverse(ctx, tx, c.ID, seq, book.EntryDate(c.Clock(entry.Date, 12), at), why, who)
	if errors.Is(err, ledger.ErrReversedTwice) {
		err = errors.Join(ErrState, err)
	}
	return err
}

// one is the only one of a list that was read by its id; ErrNotFound.
func one[T any](all []T, err error) (T, error) {
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	return first(all), err
}

func first[T any](all []T) (one T) {
	if len(all) > 0 {
		one = all[0]
	}
	return one
}
