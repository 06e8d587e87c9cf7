package sale

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// PlaceKind tells sale events from ventures.
type PlaceKind string

// The two kinds of place.
const (
	SaleEvent PlaceKind = "event"   // 义卖, a gala: for some days
	Venture   PlaceKind = "venture" // 自我造血项目: tea house, newsstand, book corner
)

// State is where a place stands in its life.
type State string

// A place is drafted, opened and closed, in this order.
const (
	Draft  State = "draft"
	Opened State = "open"
	Closed State = "closed"
)

// Basis is the legal ground on which a place sells.
type Basis string

// The grounds. A sale by itself is no appeal; with an appeal in public it goes
// under a campaign that has passed the law's gate.
const (
	PlainSale    Basis = "sale"
	PublicAppeal Basis = "public"
)

// Place is where things are sold: a SaleEvent or a Venture.
type Place struct {
	ID         int        `db:"id"`
	Kind       PlaceKind  `db:"kind"`
	Slug       string     `db:"slug"`
	State      State      `db:"state"`
	NameZH     string     `db:"name_zh"`
	NameEN     string     `db:"name_en"`
	WhereZH    string     `db:"where_zh"`
	WhereEN    string     `db:"where_en"`
	NoteZH     string     `db:"note_zh"` // what the proceeds are for
	NoteEN     string     `db:"note_en"`
	StartsOn   *time.Time `db:"starts_on"` // of events
	EndsOn     *time.Time `db:"ends_on"`
	Basis      Basis      `db:"basis"`
	FundID     int        `db:"fund_id"`        // whose the proceeds are: of a venture its own
	CampaignID *int       `db:"campaign_id"`    // what tips are given to; nil: no tips
	Income     *int       `db:"income_account"` // what selling there is; nil: sales or services, by the item's kind
	Spending   *int       `db:"cost_account"`   // what its costs are; nil: of an event fundraising, of a venture its programme's
	CreatedBy  string     `db:"created_by"`
	ClosedAt   *time.Time `db:"closed_at"`
}

// Name is the place's name in the reader's language ("en", else Chinese).
func (p Place) Name(lang string) string { return inLanguage(lang, p.NameZH, p.NameEN) }

// Where is where it is held, in the reader's language.
func (p Place) Where(lang string) string { return inLanguage(lang, p.WhereZH, p.WhereEN) }

// Note says what the proceeds are for, in the reader's language.
func (p Place) Note(lang string) string { return inLanguage(lang, p.NoteZH, p.NoteEN) }

func inLanguage(lang, zh, en string) string {
	if lang == "en" && en != "" {
		return en
	}
	return zh
}

// AddPlace writes a new place down as a draft and returns it with its id. A
// venture always gets an unrestricted fund of its own, so that what it earns and
// costs is the ledger's word. ErrExists, ErrAccount.
func AddPlace(ctx context.Context, tx *sqlx.Tx, community int, p Place) (_ Place, err error) {
	defer wrap(&err, "sale.AddPlace(%d, %s)", community, p.Slug)
	if p.Kind == Venture {
		fund, err := ledger.AddFund(ctx, tx, community, ledger.Fund{Code: p.Slug, NameZH: p.NameZH, NameEN: p.NameEN, Kind: ledger.VentureFund})
		if err != nil {
			return p, err
		}
		p.FundID = fund.ID
	}
	if p.Basis == "" {
		p.Basis = PlainSale
	}
	p.State = Draft
	err = tx.GetContext(ctx, &p.ID, `
		INSERT INTO sale.place (community_id, id, kind, slug, name_zh, name_en, where_zh, where_en, note_zh, note_en, starts_on, ends_on, basis, fund_id,
		                        campaign_id, created_by, income_account, cost_account)
		SELECT $1, coalesce(max(id), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17 FROM sale.place WHERE community_id = $1 RETURNING id`,
		community, p.Kind, p.Slug, p.NameZH, p.NameEN, p.WhereZH, p.WhereEN, p.NoteZH, p.NoteEN, p.StartsOn, p.EndsOn, p.Basis, p.FundID, p.CampaignID, p.CreatedBy,
		p.Income, p.Spending)
	return p, err
}

// EditPlace writes its names, dates, legal basis, accounts and what tips go to.
// A venture's fund stays, an event's once something was sold into it.
// ErrNotLawful, ErrTips, ErrAccount, ErrNotFound.
func EditPlace(ctx context.Context, tx *sqlx.Tx, community int, p Place) (err error) {
	defer wrap(&err, "sale.EditPlace(%d, %d)", community, p.ID)
	return one(tx.ExecContext(ctx, `
		UPDATE sale.place p SET name_zh = $3, name_en = $4, where_zh = $5, where_en = $6, note_zh = $7, note_en = $8, starts_on = $9, ends_on = $10,
		       basis = $11, campaign_id = $12, income_account = $14, cost_account = $15,
		       fund_id = CASE WHEN p.kind = 'venture' OR EXISTS (SELECT FROM sale.sale s WHERE s.community_id = $1 AND s.place_id = $2) THEN p.fund_id ELSE $13 END
		 WHERE community_id = $1 AND id = $2`,
		community, p.ID, p.NameZH, p.NameEN, p.WhereZH, p.WhereEN, p.NoteZH, p.NoteEN, p.StartsOn, p.EndsOn, p.Basis, p.CampaignID, p.FundID,
		p.Income, p.Spending))
}

// earns is the account of what is sold there, of the purpose where the place names none.
func (p Place) earns(book ledger.Book, of ledger.Purpose) (int, error) {
	if p.Income != nil {
		return *p.Income, nil
	}
	return book.Account(of)
}

// spends is the account of its costs.
func (p Place) spends(book ledger.Book) (int, error) {
	switch {
	case p.Spending != nil:
		return *p.Spending, nil
	case p.Kind == SaleEvent:
		return book.Account(ledger.FundraisingExpense)
	}
	return book.Account(ledger.ProgrammeExpense)
}

// OpenPlace lets tills open there. ErrNotLawful, ErrTips, ErrNotFound.
func OpenPlace(ctx context.Context, tx *sqlx.Tx, community, place int) (err error) {
	defer wrap(&err, "sale.OpenPlace(%d, %d)", community, place)
	return one(tx.ExecContext(ctx, `UPDATE sale.place SET state = 'open', closed_at = NULL WHERE community_id = $1 AND id = $2`, community, place))
}

// ClosePlace ends a place: no till opens there any more. ErrState while one is
// open, or where it is no open place.
func ClosePlace(ctx context.Context, tx *sqlx.Tx, community, place int, at time.Time) (err error) {
	defer wrap(&err, "sale.ClosePlace(%d, %d)", community, place)
	if err = one(tx.ExecContext(ctx, `
		UPDATE sale.place p SET state = 'closed', closed_at = $3 WHERE community_id = $1 AND id = $2 AND state = 'open'
		   AND NOT EXISTS (SELECT FROM sale.session s WHERE s.community_id = $1 AND s.place_id = $2 AND s.closed_at IS NULL)`, community, place, at)); err == ErrNotFound {
		return ErrState
	}
	return err
}

const selectPlace = `
	SELECT id, kind, slug, state, name_zh, name_en, where_zh, where_en, note_zh, note_en, starts_on, ends_on, basis, fund_id, campaign_id, income_account,
	       cost_account, created_by, closed_at
	  FROM sale.place WHERE community_id = $1`

// ListPlaces reads a community's places: open ones first, events before
// ventures, the latest event and the oldest venture first.
func ListPlaces(ctx context.Context, q sqlx.QueryerContext, community int) (places []Place, err error) {
	defer wrap(&err, "sale.ListPlaces(%d)", community)
	err = sqlx.SelectContext(ctx, q, &places, selectPlace+` ORDER BY state = 'open' DESC, state = 'draft' DESC, kind, starts_on DESC, id * CASE kind WHEN 'event' THEN -1 ELSE 1 END`, community)
	return places, err
}

// PlaceAt reads a place by its id; ErrNotFound.
func PlaceAt(ctx context.Context, q sqlx.QueryerContext, community, id int) (p Place, err error) {
	defer wrap(&err, "sale.PlaceAt(%d, %d)", community, id)
	err = sqlx.GetContext(ctx, q, &p, selectPlace+` AND id = $2`, community, id)
	return p, err
}

// FindPlace reads a place by its slug; ErrNotFound.
func FindPlace(ctx context.Context, q sqlx.QueryerContext, community int, slug string) (p Place, err error) {
	defer wrap(&err, "sale.FindPlace(%d, %s)", community, slug)
	err = sqlx.GetContext(ctx, q, &p, selectPlace+` AND slug = $2`, community, slug)
	return p, err
}
