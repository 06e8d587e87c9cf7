package giver

import (
	"context"
	"strings"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/receipt"
	"fund/ledger"
)

// Giver is who looks: everybody with one mail address in a community, or the
// holder of one receipt.
type Giver struct {
	Community int
	Email     string    // in small letters; empty for the holder of a receipt
	Donor     uuid.UUID // one of the donor rows with the address
	Donation  uuid.UUID // the holder's gift
	// Addressed tells that the holder's gift has a donor with an address. Then
	// the paper alone, which may have been found, shows the gift and where it
	// went, and changes nothing: a letter to the address opens the rest.
	Addressed bool
}

// Holds tells whether it is the holder of one receipt.
func (g Giver) Holds() bool { return g.Email == "" }

// May is nil if the giver may change what is kept of them, else ErrHolder.
func (g Giver) May() error {
	if g.Addressed {
		return ErrHolder
	}
	return nil
}

// Mail is an address as it is compared.
func Mail(address string) string { return strings.ToLower(strings.TrimSpace(address)) }

// ByReceipt is the holder of a receipt of a donation; ErrNotFound for a sale's.
func ByReceipt(ctx context.Context, q sqlx.QueryerContext, community int, r receipt.Receipt) (g Giver, err error) {
	defer wrap(&err, "giver.ByReceipt(%d)", community)
	if r.Series != receipt.Donation {
		return g, ErrNotFound
	}
	return holder(ctx, q, community, r.Subject)
}

func holder(ctx context.Context, q sqlx.QueryerContext, community int, donation uuid.UUID) (g Giver, err error) {
	g = Giver{Community: community, Donation: donation}
	err = sqlx.GetContext(ctx, q, &g.Addressed, `
		SELECT coalesce(n.email, '') <> '' FROM campaigns.donation d
		  LEFT JOIN campaigns.donor n ON n.community_id = d.community_id AND n.id = d.donor_id
		 WHERE d.community_id = $1 AND d.id = $2 AND d.state = 'paid'`, community, donation)
	return g, err
}

// ByMail is who gave with an address; ErrNotFound if nobody did.
func ByMail(ctx context.Context, q sqlx.QueryerContext, community int, address string) (g Giver, err error) {
	defer wrap(&err, "giver.ByMail(%d)", community)
	g = Giver{Community: community, Email: Mail(address)}
	err = sqlx.GetContext(ctx, q, &g.Donor, `
		SELECT id FROM campaigns.donor WHERE community_id = $1 AND lower(email) = $2 AND email <> '' ORDER BY id LIMIT 1`, community, g.Email)
	return g, err
}

// byDonor is who the donor row is of now; ErrNotFound once it is erased.
func byDonor(ctx context.Context, q sqlx.QueryerContext, community int, donor uuid.UUID) (g Giver, err error) {
	d, err := campaigns.FindDonor(ctx, q, community, donor)
	if err != nil || d.Email == "" {
		return g, ErrNotFound
	}
	return Giver{Community: community, Email: Mail(d.Email), Donor: donor}, nil
}

// gifts is FROM and WHERE of a giver's gifts, with their donors, and its second
// argument; the first is the community.
func (g Giver) gifts() (from string, arg any) {
	if g.Holds() {
		return `
		  FROM campaigns.donation d
		  LEFT JOIN campaigns.donor n ON n.community_id = d.community_id AND n.id = d.donor_id
		 WHERE d.community_id = $1 AND d.id = $2`, g.Donation
	}
	return `
		  FROM campaigns.donor n
		  JOIN campaigns.donation d ON d.community_id = n.community_id AND d.donor_id = n.id
		 WHERE n.community_id = $1 AND lower(n.email) = $2 AND n.email <> ''`, g.Email
}

// Donors are the donor rows that are this giver, the first one first.
func Donors(ctx context.Context, q sqlx.QueryerContext, g Giver) (donors []campaigns.Donor, err error) {
	defer wrap(&err, "giver.Donors(%d)", g.Community)
	columns := `SELECT n.id, n.name, n.email, n.lang, n.salt, n.erased_at`
	if g.Holds() {
		err = sqlx.SelectContext(ctx, q, &donors, columns+`
		  FROM campaigns.donor n JOIN campaigns.donation d ON d.community_id = n.community_id AND d.donor_id = n.id
		 WHERE d.community_id = $1 AND d.id = $2`, g.Community, g.Donation)
		return donors, ledger.Explain(err)
	}
	err = sqlx.SelectContext(ctx, q, &donors, columns+`
		  FROM campaigns.donor n WHERE n.community_id = $1 AND lower(n.email) = $2 AND n.email <> '' ORDER BY n.id`, g.Community, g.Email)
	return donors, ledger.Explain(err)
}

func ids(donors []campaigns.Donor) []uuid.UUID {
	list := make([]uuid.UUID, len(donors))
	for i, d := range donors {
		list[i] = d.ID
	}
	return list
}
