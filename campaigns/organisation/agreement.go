package organisation

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// Agreement is what a social organisation and the community agreed on: services
// at a price, and a subsidy that their delivery releases.
type Agreement struct {
	ID             int          `db:"id"`
	OrganisationID int          `db:"organisation_id"`
	TitleZH        string       `db:"title_zh"`
	TitleEN        string       `db:"title_en"`
	Payer          string       `db:"payer"`   // who gives the subsidy; empty without one
	Subsidy        money.Amount `db:"subsidy"` // the most that may be released
	FundID         int          `db:"fund_id"` // whose income it is
	BeginsOn       time.Time    `db:"begins_on"`
	EndsOn         time.Time    `db:"ends_on"`
	EnteredBy      string       `db:"entered_by"`
	EnteredAt      time.Time    `db:"entered_at"`

	Items []Item `db:"-"` // by AgreementAt and ListAgreements

	// What came of it, when read:
	Sessions  int          `db:"sessions"`
	People    int          `db:"people"`    // person-times of the sessions
	Delivered money.Amount `db:"delivered"` // subsidy that the sessions so far may release
	Released  money.Amount `db:"released"`
	Unbilled  money.Amount `db:"unbilled"` // of sessions that no invoice asks for yet
	Billed    money.Amount `db:"billed"`
	Paid      money.Amount `db:"paid"`
}

// Title is the agreement's title in the reader's language.
func (a Agreement) Title(lang string) string { return inLanguage(lang, a.TitleZH, a.TitleEN) }

// Owed is what invoices still ask for.
func (a Agreement) Owed() money.Amount { return a.Billed.Sub(a.Paid) }

// Left is what of the subsidy is not released yet.
func (a Agreement) Left() money.Amount { return a.Subsidy.Sub(a.Released) }

// Due is what may be released now: delivered and not released, within the subsidy.
func (a Agreement) Due() money.Amount {
	most := a.Delivered
	if a.Subsidy.Less(most) {
		most = a.Subsidy
	}
	return most.Sub(a.Released)
}

// Item is a service of an agreement.
type Item struct {
	AgreementID int          `db:"agreement_id"`
	N           int          `db:"n"`
	NameZH      string       `db:"name_zh"`
	NameEN      string       `db:"name_en"`
	UnitZH      string       `db:"unit_zh"` // 次, 份, 小时
	UnitEN      string       `db:"unit_en"`
	Price       money.Amount `db:"price"`   // of one unit, billed
	Subsidy     money.Amount `db:"subsidy"` // that one unit releases
}

// Name is the service's name in the reader's language.
func (i Item) Name(lang string) string { return inLanguage(lang, i.NameZH, i.NameEN) }

// Unit is what its price is for, in the reader's language.
func (i Item) Unit(lang string) string { return inLanguage(lang, i.UnitZH, i.UnitEN) }

// AddAgreement writes an agreement down with its items and returns it with its
// id. Without a fund its income is the organisation's own fund's; ErrNotFound
// for an organisation that has none.
func AddAgreement(ctx context.Context, tx *sqlx.Tx, c ledger.Community, a Agreement) (_ Agreement, err error) {
	defer wrap(&err, "organisation.AddAgreement(%d, %d)", c.ID, a.OrganisationID)
	of, err := At(ctx, tx, c.ID, a.OrganisationID)
	if err != nil {
		return a, err
	}
	if of.FundID == nil {
		return a, ErrNotFound
	}
	if a.FundID == 0 {
		a.FundID = *of.FundID
	}
	err = tx.GetContext(ctx, &a.ID, `
		INSERT INTO organisation.agreement (community_id, id, organisation_id, title_zh, title_en, payer, subsidy, fund_id, begins_on, ends_on, entered_by, entered_at)
		SELECT $1, coalesce(max(id), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 FROM organisation.agreement WHERE community_id = $1 RETURNING id`,
		c.ID, a.OrganisationID, a.TitleZH, a.TitleEN, a.Payer, a.Subsidy, a.FundID, iso(a.BeginsOn), iso(a.EndsOn), a.EnteredBy, a.EnteredAt)
	if err != nil {
		return a, err
	}
	for i := range a.Items {
		item := &a.Items[i]
		item.AgreementID, item.N = a.ID, i+1
		if _, err = tx.ExecContext(ctx, `
			INSERT INTO organisation.item (community_id, agreement_id, n, name_zh, name_en, unit_zh, unit_en, price, subsidy) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			c.ID, a.ID, item.N, item.NameZH, item.NameEN, item.UnitZH, item.UnitEN, item.Price, item.Subsidy); err != nil {
			return a, err
		}
	}
	return a, nil
}

const selectAgreement = `
	SELECT a.id, a.organisation_id, a.title_zh, a.title_en, a.payer, a.subsidy, a.fund_id, a.begins_on, a.ends_on, a.entered_by, a.entered_at,
	       coalesce(s.sessions, 0) AS sessions, coalesce(s.people, 0) AS people, coalesce(s.delivered, 0.00) AS delivered, coalesce(s.unbilled, 0.00) AS unbilled,
	       coalesce(r.released, 0.00) AS released, coalesce(i.billed, 0.00) AS billed, coalesce(i.paid, 0.00) AS paid
	  FROM organisation.agreement a
	  LEFT JOIN (SELECT agreement_id, count(*) AS sessions, sum(people) AS people, sum(subsidy) AS delivered, sum(amount) FILTER (WHERE invoice_id IS NULL) AS unbilled
	               FROM organisation.session WHERE community_id = $1 AND void_at IS NULL GROUP BY agreement_id) s ON s.agreement_id = a.id
	  LEFT JOIN (SELECT agreement_id, sum(amount) AS released FROM organisation.release WHERE community_id = $1 AND undone_at IS NULL GROUP BY agreement_id) r ON r.agreement_id = a.id
	  LEFT JOIN (SELECT v.agreement_id, sum(v.amount) AS billed, sum(p.paid) AS paid
	               FROM organisation.invoice v
	               LEFT JOIN (SELECT invoice_id, sum(amount) AS paid FROM organisation.payment WHERE community_id = $1 AND undone_at IS NULL GROUP BY invoice_id) p ON p.invoice_id = v.id
	              WHERE v.community_id = $1 AND v.void_at IS NULL GROUP BY v.agreement_id) i ON i.agreement_id = a.id
	 WHERE a.community_id = $1`

// AgreementAt reads an agreement with its items and what came of it; ErrNotFound.
func AgreementAt(ctx context.Context, q sqlx.QueryerContext, community, id int) (a Agreement, err error) {
	defer wrap(&err, "organisation.AgreementAt(%d, %d)", community, id)
	if err = sqlx.GetContext(ctx, q, &a, selectAgreement+` AND a.id = $2`, community, id); err != nil {
		return a, err
	}
	a.Items, err = ListItems(ctx, q, community, id)
	return a, err
}

// ListAgreements reads the agreements of an organisation, of all with 0, those
// that end last first.
func ListAgreements(ctx context.Context, q sqlx.QueryerContext, community, of int) (all []Agreement, err error) {
	defer wrap(&err, "organisation.ListAgreements(%d, %d)", community, of)
	if err = sqlx.SelectContext(ctx, q, &all, selectAgreement+` AND ($2 = 0 OR a.organisation_id = $2) ORDER BY a.ends_on DESC, a.id`, community, of); err != nil {
		return nil, err
	}
	items, err := ListItems(ctx, q, community, 0)
	for i := range all {
		for _, item := range items {
			if item.AgreementID == all[i].ID {
				all[i].Items = append(all[i].Items, item)
			}
		}
	}
	return all, err
}

// ListItems reads the services of an agreement, of all with 0.
func ListItems(ctx context.Context, q sqlx.QueryerContext, community, agreement int) (items []Item, err error) {
	defer wrap(&err, "organisation.ListItems(%d, %d)", community, agreement)
	err = sqlx.SelectContext(ctx, q, &items, `
		SELECT agreement_id, n, name_zh, name_en, unit_zh, unit_en, price, subsidy
		  FROM organisation.item WHERE community_id = $1 AND ($2 = 0 OR agreement_id = $2) ORDER BY agreement_id, n`, community, agreement)
	return items, err
}
