package api

import (
	"net/url"

	"github.com/google/uuid"

	"fund/campaigns/organisation"
	"fund/ledger/money"
)

// Organisation is a social organisation or a residents' group.
type Organisation struct {
	Slug      string  `json:"slug"`
	Kind      string  `json:"kind" enum:"social,group"`
	Name      Text    `json:"name"`
	About     Text    `json:"about"`
	Theme     string  `json:"theme" enum:"elders,children,neighbours,yard,mutual_aid"`
	Fund      *string `json:"fund"`
	FoundedOn *Date   `json:"founded_on"`
	EndedOn   *Date   `json:"ended_on"`
	Page      string  `json:"page" format:"uri"`
}

// SmallGrant is money that a group was given for the points it earned.
type SmallGrant struct {
	ID           uuid.UUID    `json:"id"`
	Organisation string       `json:"organisation"`
	Amount       money.Amount `json:"amount"`
	For          string       `json:"purpose"`
	Points       int          `json:"points"`
	Fund         string       `json:"fund"`
	GivenOn      Date         `json:"given_on"`
	EntrySeq     int64        `json:"entry_seq"`
}

func organisations(r *request) (answer, error) {
	all, err := organisation.Every(r, r.q, r.ID)
	if err != nil {
		return answer{}, err
	}
	items := make([]Organisation, 0, len(all))
	for _, o := range all {
		if kind := r.word("kind"); kind != "" && kind != string(o.Kind) {
			continue
		}
		base := map[organisation.Kind]string{organisation.Group: "/groups/", organisation.Social: "/organisations/"}[o.Kind]
		item := Organisation{
			Slug: o.Slug, Kind: string(o.Kind), Name: Text{o.NameZH, o.NameEN}, About: Text{o.AboutZH, o.AboutEN}, Theme: string(o.Theme),
			FoundedOn: maybeDated(o.FoundedOn), EndedOn: maybeDated(o.EndedOn), Page: r.link(base + url.PathEscape(o.Slug)),
		}
		if item.Fund, err = r.maybeFund(o.FundID); err != nil {
			return answer{}, err
		}
		items = append(items, item)
	}
	return pageOf(r, items, func(o Organisation) string { return o.Slug }), nil
}

// organisationNames are the organisations by their ids.
func (r *request) organisationNames() (map[int]organisation.Organisation, error) {
	all, err := organisation.Every(r, r.q, r.ID)
	of := make(map[int]organisation.Organisation, len(all))
	for _, o := range all {
		of[o.ID] = o
	}
	return of, err
}

func smallGrants(r *request) (answer, error) {
	of, err := r.organisationNames()
	if err != nil {
		return answer{}, err
	}
	all, err := organisation.ListGrants(r, r.q, r.ID, 0)
	if err != nil {
		return answer{}, err
	}
	items := make([]SmallGrant, 0, len(all))
	for _, g := range all {
		if g.At != nil { // it was taken back
			continue
		}
		item := SmallGrant{
			ID: g.ID, Organisation: of[g.OrganisationID].Slug, Amount: g.Amount, For: g.What, Points: g.Points, GivenOn: dated(g.GivenOn), EntrySeq: g.Entry,
		}
		if item.Fund, err = r.fundCode(g.FundID); err != nil {
			return answer{}, err
		}
		items = append(items, item)
	}
	return pageOf(r, items, func(g SmallGrant) string { return g.ID.String() }), nil
}
