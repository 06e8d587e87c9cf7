package ledger

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"
)

// Community is a 社区: it keeps one set of books, and every row of every table
// belongs to exactly one.
type Community struct {
	ID        int    `db:"id"`
	Slug      string `db:"slug"` // in addresses: a-z, 0-9 and '-', 2 to 40 characters
	NameZH    string `db:"name_zh"`
	NameEN    string `db:"name_en"`
	PlaceZH   string `db:"place_zh"`
	PlaceEN   string `db:"place_en"`
	AddressZH string `db:"address_zh"`
	AddressEN string `db:"address_en"`
	Phone     string `db:"phone"`
	Currency  string `db:"currency"` // ISO 4217
	Standard  string `db:"standard"` // of Standards()
	Timezone  string `db:"timezone"` // IANA name; entry dates are days there
}

// Name is the community's name in the reader's language ("en", else Chinese).
func (c Community) Name(lang string) string { return inLanguage(lang, c.NameZH, c.NameEN) }

// Place is where the community is, in the reader's language.
func (c Community) Place(lang string) string { return inLanguage(lang, c.PlaceZH, c.PlaceEN) }

// Address is where residents find the office, in the reader's language.
func (c Community) Address(lang string) string { return inLanguage(lang, c.AddressZH, c.AddressEN) }

// Day is the day of the books at an instant, in the community's time zone.
func (c Community) Day(at time.Time) time.Time {
	y, m, d := at.In(zone(c.Timezone)).Date()
	return Day(y, m, d)
}

// Clock is the instant of an hour on a day of the books, in the community's
// time zone.
func (c Community) Clock(day time.Time, hour int) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), hour, 0, 0, 0, zone(c.Timezone))
}

// Local is an instant on the community's clock.
func (c Community) Local(at time.Time) time.Time { return at.In(zone(c.Timezone)) }

// Day makes an EntryDate: midnight UTC of a calendar day.
func Day(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// MonthOf is the first day of the month of an EntryDate.
func MonthOf(day time.Time) time.Time { return Day(day.Year(), day.Month(), 1) }

// AddCommunity opens the books of a new community: its chart of accounts by its
// standard and its general fund. It returns the community with its id;
// ErrExists if the slug is taken.
func AddCommunity(ctx context.Context, tx *sqlx.Tx, c Community) (_ Community, err error) {
	defer wrap(&err, "ledger.AddCommunity(%s)", c.Slug)
	chart, err := Chart(c.Standard)
	if err != nil {
		return c, err
	}
	err = sqlx.GetContext(ctx, tx, &c.ID, `
		INSERT INTO ledger.community (id, slug, name_zh, name_en, place_zh, place_en, address_zh, address_en, phone, currency, standard, timezone)
		SELECT coalesce(max(id), 0) + 1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 FROM ledger.community RETURNING id`,
		c.Slug, c.NameZH, c.NameEN, c.PlaceZH, c.PlaceEN, c.AddressZH, c.AddressEN, c.Phone, c.Currency, c.Standard, c.Timezone)
	if err != nil {
		return c, exists(err)
	}
	if _, err = tx.ExecContext(ctx, `INSERT INTO ledger.book (community_id) VALUES ($1)`, c.ID); err != nil {
		return c, err
	}
	for _, a := range chart {
		if _, err = AddAccount(ctx, tx, c.ID, a); err != nil {
			return c, err
		}
	}
	_, err = AddFund(ctx, tx, c.ID, Fund{Code: "general", NameZH: "通用款", NameEN: "General fund", Kind: GeneralFund})
	return c, err
}

const selectCommunity = `
	SELECT id, slug, name_zh, name_en, place_zh, place_en, address_zh, address_en, phone, currency, standard, timezone
	  FROM ledger.community`

// FindCommunity reads a community by its slug; ErrNotFound if there is none.
func FindCommunity(ctx context.Context, q sqlx.QueryerContext, slug string) (c Community, err error) {
	defer wrap(&err, "ledger.FindCommunity(%s)", slug)
	err = sqlx.GetContext(ctx, q, &c, selectCommunity+` WHERE slug = $1`, slug)
	return c, missing(err)
}

// CommunityAt reads a community by its id; ErrNotFound if there is none.
func CommunityAt(ctx context.Context, q sqlx.QueryerContext, id int) (c Community, err error) {
	defer wrap(&err, "ledger.CommunityAt(%d)", id)
	err = sqlx.GetContext(ctx, q, &c, selectCommunity+` WHERE id = $1`, id)
	return c, missing(err)
}

// ListCommunities reads all communities of the installation by id.
func ListCommunities(ctx context.Context, q sqlx.QueryerContext) (cs []Community, err error) {
	defer wrap(&err, "ledger.ListCommunities()")
	err = sqlx.SelectContext(ctx, q, &cs, selectCommunity+` ORDER BY id`)
	return cs, err
}

// missing turns "no row" into ErrNotFound.
func missing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}
