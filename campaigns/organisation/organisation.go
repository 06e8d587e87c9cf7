package organisation

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/project"
	"fund/ledger"
)

// Kind tells the two apart.
type Kind string

// The kinds.
const (
	Social Kind = "social" // 社会组织: has a fund and agreements
	Group  Kind = "group"  // 居民小组: earns points
)

// Organisation is a social organisation or a residents' group. Texts in English
// may be empty: the Chinese ones stand in.
type Organisation struct {
	ID        int           `db:"id"`
	Kind      Kind          `db:"kind"`
	Slug      string        `db:"slug"`
	NameZH    string        `db:"name_zh"`
	NameEN    string        `db:"name_en"`
	Theme     project.Theme `db:"theme"`
	AboutZH   string        `db:"about_zh"`
	AboutEN   string        `db:"about_en"`
	MeetsZH   string        `db:"meets_zh"` // when and where
	MeetsEN   string        `db:"meets_en"`
	FoundedOn *time.Time    `db:"founded_on"`
	EndedOn   *time.Time    `db:"ended_on"`
	FundID    *int          `db:"fund_id"` // of a social organisation
	EnteredBy string        `db:"entered_by"`
	EnteredAt time.Time     `db:"entered_at"`
}

// Name is its name in the reader's language.
func (o Organisation) Name(lang string) string { return inLanguage(lang, o.NameZH, o.NameEN) }

// About is what it says of itself, in the reader's language.
func (o Organisation) About(lang string) string { return inLanguage(lang, o.AboutZH, o.AboutEN) }

// Meets is when and where it meets, in the reader's language.
func (o Organisation) Meets(lang string) string { return inLanguage(lang, o.MeetsZH, o.MeetsEN) }

// Add writes an organisation down and returns it with its id. A social one
// without a fund gets a fund of its own, unrestricted. ErrExists.
func Add(ctx context.Context, tx *sqlx.Tx, c ledger.Community, o Organisation) (_ Organisation, err error) {
	defer wrap(&err, "organisation.Add(%d, %s)", c.ID, o.Slug)
	if o.Kind == Social && o.FundID == nil {
		fund, err := ledger.AddFund(ctx, tx, c.ID, ledger.Fund{Code: o.Slug, NameZH: o.NameZH, NameEN: o.NameEN, Kind: ledger.ProjectFund})
		if errors.Is(err, ledger.ErrExists) {
			err = errors.Join(ErrExists, err)
		}
		if err != nil {
			return o, err
		}
		o.FundID = &fund.ID
	}
	err = tx.GetContext(ctx, &o.ID, `
		INSERT INTO organisation.organisation (community_id, id, kind, slug, name_zh, name_en, theme, about_zh, about_en, meets_zh, meets_en, founded_on, ended_on, fund_id, entered_by, entered_at)
		SELECT $1, coalesce(max(id), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15
		  FROM organisation.organisation WHERE community_id = $1 RETURNING id`,
		c.ID, o.Kind, o.Slug, o.NameZH, o.NameEN, o.Theme, o.AboutZH, o.AboutEN, o.MeetsZH, o.MeetsEN, isoOrNull(o.FoundedOn), isoOrNull(o.EndedOn), o.FundID, o.EnteredBy, o.EnteredAt)
	return o, err
}

// Change writes a profile anew. Kind and fund stay. ErrExists.
func Change(ctx context.Context, tx *sqlx.Tx, community int, o Organisation) (err error) {
	defer wrap(&err, "organisation.Change(%d, %d)", community, o.ID)
	return moved(tx.ExecContext(ctx, `
		UPDATE organisation.organisation SET slug = $3, name_zh = $4, name_en = $5, theme = $6, about_zh = $7, about_en = $8, meets_zh = $9, meets_en = $10, founded_on = $11, ended_on = $12
		 WHERE community_id = $1 AND id = $2`,
		community, o.ID, o.Slug, o.NameZH, o.NameEN, o.Theme, o.AboutZH, o.AboutEN, o.MeetsZH, o.MeetsEN, isoOrNull(o.FoundedOn), isoOrNull(o.EndedOn)))
}

const selectOrganisation = `
	SELECT id, kind, slug, name_zh, name_en, theme, about_zh, about_en, meets_zh, meets_en, founded_on, ended_on, fund_id, entered_by, entered_at
	  FROM organisation.organisation WHERE community_id = $1`

// Find reads an organisation by its slug; ErrNotFound.
func Find(ctx context.Context, q sqlx.QueryerContext, community int, slug string) (o Organisation, err error) {
	defer wrap(&err, "organisation.Find(%d, %s)", community, slug)
	err = sqlx.GetContext(ctx, q, &o, selectOrganisation+` AND slug = $2`, community, slug)
	return o, err
}

// At reads an organisation by its id; ErrNotFound.
func At(ctx context.Context, q sqlx.QueryerContext, community, id int) (o Organisation, err error) {
	defer wrap(&err, "organisation.At(%d, %d)", community, id)
	err = sqlx.GetContext(ctx, q, &o, selectOrganisation+` AND id = $2`, community, id)
	return o, err
}

// Every reads all organisations, by their names.
func Every(ctx context.Context, q sqlx.QueryerContext, community int) (all []Organisation, err error) {
	defer wrap(&err, "organisation.Every(%d)", community)
	err = sqlx.SelectContext(ctx, q, &all, selectOrganisation+` ORDER BY name_zh`, community)
	return all, err
}

// Contact is whom the staff call. It is never shown in public.
type Contact struct {
	Name  string `db:"name"`
	Phone string `db:"phone"`
}

// SetContact writes down whom to call.
func SetContact(ctx context.Context, tx *sqlx.Tx, community, of int, k Contact) (err error) {
	defer wrap(&err, "organisation.SetContact(%d, %d)", community, of)
	_, err = tx.ExecContext(ctx, `
		INSERT INTO organisation.contact (community_id, organisation_id, name, phone) VALUES ($1, $2, $3, $4)
		ON CONFLICT (community_id, organisation_id) DO UPDATE SET name = excluded.name, phone = excluded.phone`, community, of, k.Name, k.Phone)
	return err
}

// EraseContact forgets whom to call. ErrState where nobody is.
func EraseContact(ctx context.Context, tx *sqlx.Tx, community, of int) (err error) {
	defer wrap(&err, "organisation.EraseContact(%d, %d)", community, of)
	return moved(tx.ExecContext(ctx, `DELETE FROM organisation.contact WHERE community_id = $1 AND organisation_id = $2`, community, of))
}

// ContactOf reads whom to call; nil where nobody is.
func ContactOf(ctx context.Context, q sqlx.QueryerContext, community, of int) (_ *Contact, err error) {
	defer wrap(&err, "organisation.ContactOf(%d, %d)", community, of)
	var k Contact
	err = sqlx.GetContext(ctx, q, &k, `SELECT name, phone FROM organisation.contact WHERE community_id = $1 AND organisation_id = $2`, community, of)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &k, err
}

// MemberCount is how many members there were on a day.
type MemberCount struct {
	OrganisationID int       `db:"organisation_id"` // when read
	CountedOn      time.Time `db:"counted_on"`
	Members        int       `db:"members"`
	EnteredBy      string    `db:"entered_by"`
	EnteredAt      time.Time `db:"entered_at"`
}

// CountMembers writes down a count; another of the same day stands in for it.
func CountMembers(ctx context.Context, tx *sqlx.Tx, community, of int, m MemberCount) (err error) {
	defer wrap(&err, "organisation.CountMembers(%d, %d)", community, of)
	_, err = tx.ExecContext(ctx, `
		INSERT INTO organisation.member_count (community_id, organisation_id, counted_on, members, entered_by, entered_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (community_id, organisation_id, counted_on) DO UPDATE SET members = excluded.members, entered_by = excluded.entered_by, entered_at = excluded.entered_at`,
		community, of, iso(m.CountedOn), m.Members, m.EnteredBy, m.EnteredAt)
	return err
}

// MemberCounts reads the counts of an organisation, of all with 0, the latest first.
func MemberCounts(ctx context.Context, q sqlx.QueryerContext, community, of int) (counts []MemberCount, err error) {
	defer wrap(&err, "organisation.MemberCounts(%d, %d)", community, of)
	err = sqlx.SelectContext(ctx, q, &counts, `
		SELECT organisation_id, counted_on, members, entered_by, entered_at FROM organisation.member_count
		 WHERE community_id = $1 AND ($2 = 0 OR organisation_id = $2) ORDER BY counted_on DESC, organisation_id`, community, of)
	return counts, err
}
