package giver

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/campaigns"
	"fund/ledger"
)

// Rename corrects the name on all of a giver's gifts that bear the name from.
func Rename(ctx context.Context, tx *sqlx.Tx, g Giver, from, to string) (err error) {
	defer wrap(&err, "giver.Rename(%d)", g.Community)
	if err = g.May(); err != nil {
		return err
	}
	donors, err := Donors(ctx, tx, g)
	if err != nil {
		return err
	}
	donors = slices.DeleteFunc(donors, func(d campaigns.Donor) bool { return d.Name != from })
	return campaigns.RenameDonors(ctx, tx, g.Community, ids(donors), to)
}

// Consent is what the public may see of a gift's donor.
type Consent struct{ Name, Message bool }

// SetConsent changes what the public may see of a gift, and writes down when.
func SetConsent(ctx context.Context, tx *sqlx.Tx, g Giver, gift Gift, c Consent, at time.Time) (err error) {
	defer wrap(&err, "giver.SetConsent(%d, %s)", g.Community, gift.ID)
	if err = g.May(); err != nil {
		return err
	}
	if err = campaigns.ShowDonation(ctx, tx, g.Community, gift.ID, c.Name, c.Message); err != nil {
		return err
	}
	for _, one := range []struct {
		what        string
		was, wanted bool
	}{{"name", gift.ShowName, c.Name}, {"message", gift.ShowMessage, c.Message}} {
		if one.was == one.wanted {
			continue
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO giver.consent (community_id, donation_id, number, what, given, at)
			SELECT $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5 FROM giver.consent WHERE community_id = $1 AND donation_id = $2`,
			g.Community, gift.ID, one.what, one.wanted, at)
		if err != nil {
			return err
		}
	}
	return nil
}

// ConsentChange is a line of the record of consents.
type ConsentChange struct {
	What  string    `db:"what" json:"what"` // name, message
	Given bool      `db:"given" json:"given"`
	At    time.Time `db:"at" json:"at"`
}

// Consents reads when a giver changed what the public may see of a gift, the oldest first.
func Consents(ctx context.Context, q sqlx.QueryerContext, community int, donation uuid.UUID) (changes []ConsentChange, err error) {
	defer wrap(&err, "giver.Consents(%d, %s)", community, donation)
	err = sqlx.SelectContext(ctx, q, &changes, `
		SELECT what, given, at FROM giver.consent WHERE community_id = $1 AND donation_id = $2 ORDER BY number`, community, donation)
	return changes, err
}

// Forget is what another package does when a giver is erased: stop a monthly
// plan, take back words. It gets their donor rows and their address, if any.
type Forget func(ctx context.Context, tx *sqlx.Tx, community int, donors []uuid.UUID, email string, at time.Time) error

// Erased says what an erasure did, without whose it was.
type Erased struct {
	ID    uuid.UUID // for the audit log
	Gifts int
}

// Erase forgets a giver for good: names, addresses, salts, messages and reasons
// are emptied, links and sessions ended, and every forget is called, all in the
// caller's transaction. Amounts, dates, entries and receipt numbers stay: they
// are the books'. Letters in the outbox carry no address and find none any more.
func Erase(ctx context.Context, tx *sqlx.Tx, g Giver, at time.Time, forgets ...Forget) (done Erased, err error) {
	defer wrap(&err, "giver.Erase(%d)", g.Community)
	if err = g.May(); err != nil {
		return done, err
	}
	donors, err := Donors(ctx, tx, g)
	if err != nil {
		return done, err
	}
	from, arg := g.gifts()
	var gifts pq.StringArray
	if err = tx.SelectContext(ctx, &gifts, `SELECT d.id`+from, g.Community, arg); err != nil {
		return done, err
	}
	who := ids(donors)
	for _, forget := range forgets {
		if err = forget(ctx, tx, g.Community, who, g.Email, at); err != nil {
			return done, err
		}
	}
	if err = campaigns.EraseDonors(ctx, tx, g.Community, who, at); err != nil {
		return done, err
	}
	donorIDs := make(pq.StringArray, len(who))
	for i, id := range who {
		donorIDs[i] = id.String()
	}
	for _, query := range []string{
		`DELETE FROM giver.session WHERE community_id = $1 AND (donor_id = ANY ($2::uuid[]) OR donation_id = ANY ($3::uuid[]))`,
		`DELETE FROM giver.link WHERE community_id = $1 AND donor_id = ANY ($2::uuid[]) AND $3::uuid[] IS NOT NULL`,
		`UPDATE giver.refund_request SET reason = '' WHERE community_id = $1 AND donation_id = ANY ($3::uuid[]) AND $2::uuid[] IS NOT NULL`,
	} {
		if _, err = tx.ExecContext(ctx, query, g.Community, donorIDs, gifts); err != nil {
			return done, err
		}
	}
	done.Gifts = len(gifts)
	done.ID, err = uuid.NewRandom() // no clock in it: it names the erasure, and nobody
	return done, err
}

// Held is everything that is kept of a giver (PIPL Art. 45), for themselves.
type Held struct {
	Email    string      `json:"email"`
	Names    []string    `json:"names"`
	Language string      `json:"language"`
	Gifts    []HeldGift  `json:"gifts"`
	Requests []HeldAsked `json:"refund_requests"`
}

// HeldGift is what is kept of one gift.
type HeldGift struct {
	Receipt     string          `json:"receipt"`
	Campaign    string          `json:"campaign"`
	Amount      string          `json:"amount"`
	Refunded    string          `json:"refunded"`
	PaidAt      time.Time       `json:"paid_at"`
	Method      string          `json:"method"`
	Name        string          `json:"name"`
	Message     string          `json:"message"`
	ShowName    bool            `json:"show_name"`
	ShowMessage bool            `json:"show_message"`
	Changes     []ConsentChange `json:"consent_changes"`
}

// HeldAsked is what is kept of a request for a refund.
type HeldAsked struct {
	Receipt string    `json:"receipt"`
	Amount  string    `json:"amount"`
	Reason  string    `json:"reason"`
	State   string    `json:"state"`
	AskedAt time.Time `json:"asked_at"`
	Answer  string    `json:"answer"`
}

// heldMax is how many gifts an export shows.
const heldMax = 100_000

// Export reads everything that is kept of a giver. The holder of a receipt
// whose donor left an address gets ErrHolder.
func Export(ctx context.Context, q sqlx.QueryerContext, g Giver) (h Held, err error) {
	defer wrap(&err, "giver.Export(%d)", g.Community)
	if err = g.May(); err != nil {
		return h, err
	}
	donors, err := Donors(ctx, q, g)
	if err != nil {
		return h, err
	}
	for _, d := range donors {
		if h.Email, h.Language = d.Email, d.Lang; d.Name != "" && !slices.Contains(h.Names, d.Name) {
			h.Names = append(h.Names, d.Name)
		}
	}
	var found []string
	from, arg := g.gifts()
	if err = sqlx.SelectContext(ctx, q, &found, `SELECT d.id`+from+fmt.Sprintf(` ORDER BY d.id LIMIT %d`, heldMax), g.Community, arg); err != nil {
		return h, err
	}
	gifts, err := readGifts(ctx, q, g.Community, found)
	if err != nil {
		return h, err
	}
	changes, err := allConsents(ctx, q, g.Community, found)
	if err != nil {
		return h, err
	}
	serials := map[uuid.UUID]string{}
	for _, gift := range slices.Backward(gifts) {
		serials[gift.ID] = gift.Serial()
		h.Gifts = append(h.Gifts, HeldGift{
			gift.Serial(), gift.TitleZH, gift.Amount.String(), gift.Refunded.String(), gift.PaidAt, gift.Method, gift.Name, gift.Message,
			gift.ShowName, gift.ShowMessage, changes[gift.ID],
		})
	}
	asked, err := requestsOf(ctx, q, g.Community, found)
	for _, r := range asked {
		h.Requests = append(h.Requests, HeldAsked{serials[r.Donation], r.Amount.String(), r.Reason, string(r.State), r.AskedAt, r.Answer})
	}
	return h, err
}

func allConsents(ctx context.Context, q sqlx.QueryerContext, community int, gifts []string) (of map[uuid.UUID][]ConsentChange, err error) {
	var rows []struct {
		Donation uuid.UUID `db:"donation_id"`
		ConsentChange
	}
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT donation_id, what, given, at FROM giver.consent WHERE community_id = $1 AND donation_id = ANY ($2::uuid[]) ORDER BY donation_id, number`,
		community, pq.StringArray(gifts))
	of = map[uuid.UUID][]ConsentChange{}
	for _, r := range rows {
		of[r.Donation] = append(of[r.Donation], r.ConsentChange)
	}
	return of, ledger.Explain(err)
}
