package giver

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/outbox"
	"fund/ledger"
)

const (
	// LinkLife is how long a link by mail may be used.
	LinkLife = 30 * time.Minute
	// linksMax is how many links go to one address within LinkLife, so that nobody fills another's box.
	linksMax = 3
)

// Purpose is what a link is for.
type Purpose string

// A link lets its reader in, or confirms that an address is theirs.
const (
	Enter   Purpose = "enter"
	Address Purpose = "address"
)

// Links writes and reads the tokens of links by mail. A token is computed from
// the link's id with a secret, so the table holds nothing that opens anything,
// and a letter tried again carries the same token.
type Links struct {
	Secret []byte // at least 16 bytes, the same in every process; without it every link is refused
}

// token is the id and 128 bits that only Secret computes.
func (l Links) token(community int, id uuid.UUID) string {
	mac := hmac.New(sha256.New, l.Secret)
	fmt.Fprintf(mac, "giver link\x00%d\x00%s", community, id)
	return hex.EncodeToString(id[:]) + "-" + base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}

func (l Links) read(community int, token string) (uuid.UUID, error) {
	text, _, _ := strings.Cut(token, "-")
	id, err := uuid.Parse(text)
	if len(l.Secret) < 16 || err != nil || !hmac.Equal([]byte(token), []byte(l.token(community, id))) {
		return uuid.Nil, ErrLink
	}
	return id, nil
}

// Ask remembers a letter with a link for whoever gave with an address. It
// writes the same rows whether somebody did or not, so neither the answer nor
// its time tells who gives here.
func (l Links) Ask(ctx context.Context, tx *sqlx.Tx, community int, address string, at time.Time) (err error) {
	defer wrap(&err, "giver.Ask(%d)", community)
	g, err := ByMail(ctx, tx, community, address)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	return ask(ctx, tx, g, community, Enter, "", at)
}

// Invite is a link for a giver who stands beside whoever calls it: nothing is sent.
func (l Links) Invite(ctx context.Context, tx *sqlx.Tx, g Giver, at time.Time) (token string, err error) {
	defer wrap(&err, "giver.Invite(%d)", g.Community)
	id, err := writeLink(ctx, tx, g.Community, Enter, &g.Donor, "", at)
	return l.token(g.Community, id), err
}

// AskDonor is Ask for the address that a gift's donor left, whatever it is.
func (l Links) AskDonor(ctx context.Context, tx *sqlx.Tx, g Giver, at time.Time) (err error) {
	defer wrap(&err, "giver.AskDonor(%d)", g.Community)
	donors, err := Donors(ctx, tx, g)
	if err != nil || len(donors) == 0 {
		return err
	}
	return l.Ask(ctx, tx, g.Community, donors[0].Email, at)
}

// AskAddress remembers a letter to a new address, whose link makes it the giver's.
func (l Links) AskAddress(ctx context.Context, tx *sqlx.Tx, g Giver, address string, at time.Time) (err error) {
	defer wrap(&err, "giver.AskAddress(%d)", g.Community)
	if err = g.May(); err != nil {
		return err
	}
	if g.Holds() {
		donors, err := Donors(ctx, tx, g)
		if err != nil || len(donors) == 0 {
			return errors.Join(ErrNotFound, err)
		}
		g.Donor = donors[0].ID
	}
	return ask(ctx, tx, g, g.Community, Address, Mail(address), at)
}

// LinkLetter is the outbox's payload of the kind giver_link.
type LinkLetter struct {
	Link uuid.UUID `json:"link"`
}

func ask(ctx context.Context, tx *sqlx.Tx, g Giver, community int, purpose Purpose, address string, at time.Time) error {
	var donor *uuid.UUID
	var sent int
	err := tx.GetContext(ctx, &sent, `SELECT count(*) FROM giver.link WHERE community_id = $1 AND donor_id = $2 AND created_at > $3`,
		community, g.Donor, at.Add(-LinkLife))
	if err != nil {
		return err
	}
	if g.Donor != uuid.Nil && sent < linksMax {
		donor = &g.Donor
	}
	id, err := writeLink(ctx, tx, community, purpose, donor, address, at)
	if err != nil {
		return err
	}
	letter, err := outbox.New("giver_link", LinkLetter{Link: id})
	if err != nil {
		return err
	}
	return outbox.Enqueue(ctx, tx, community, letter)
}

func writeLink(ctx context.Context, tx *sqlx.Tx, community int, purpose Purpose, donor *uuid.UUID, address string, at time.Time) (uuid.UUID, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return id, err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO giver.link (community_id, id, purpose, donor_id, address, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		community, id, purpose, donor, address, at, at.Add(LinkLife))
	return id, err
}

type link struct {
	ID      uuid.UUID  `db:"id"`
	Purpose Purpose    `db:"purpose"`
	Donor   *uuid.UUID `db:"donor_id"`
	Address string     `db:"address"`
	Expires time.Time  `db:"expires_at"`
	Used    *time.Time `db:"used_at"`
}

func (l Links) find(ctx context.Context, q sqlx.QueryerContext, community int, token string, at time.Time, lock string) (found link, err error) {
	id, err := l.read(community, token)
	if err != nil {
		return found, err
	}
	err = sqlx.GetContext(ctx, q, &found, `
		SELECT id, purpose, donor_id, address, expires_at, used_at FROM giver.link WHERE community_id = $1 AND id = $2`+lock, community, id)
	if err != nil || found.Donor == nil || found.Used != nil || at.After(found.Expires) {
		return found, errors.Join(ErrLink, err)
	}
	return found, nil
}

// Look tells what a link is for without using it: mail programs open links by
// themselves, so only a press of a button uses one. ErrLink.
func (l Links) Look(ctx context.Context, q sqlx.QueryerContext, community int, token string, at time.Time) (p Purpose, err error) {
	defer wrap(&err, "giver.Look(%d)", community)
	found, err := l.find(ctx, q, community, token, at, "")
	return found.Purpose, err
}

// Use uses a link, once: whoever has it is the giver. A link for an address
// makes it theirs first. ErrLink.
func (l Links) Use(ctx context.Context, tx *sqlx.Tx, community int, token string, at time.Time) (g Giver, p Purpose, err error) {
	defer wrap(&err, "giver.Use(%d)", community)
	found, err := l.find(ctx, tx, community, token, at, " FOR UPDATE")
	if err != nil {
		return g, found.Purpose, err
	}
	if g, err = ofLink(ctx, tx, community, found); err != nil {
		return g, found.Purpose, err
	}
	if found.Purpose == Address {
		donors, err := Donors(ctx, tx, g)
		if err != nil {
			return g, found.Purpose, err
		}
		if err = campaigns.ReachDonors(ctx, tx, community, ids(donors), found.Address); err != nil {
			return g, found.Purpose, err
		}
		g = Giver{Community: community, Email: found.Address, Donor: donors[0].ID}
	}
	_, err = tx.ExecContext(ctx, `UPDATE giver.link SET used_at = $3, address = '' WHERE community_id = $1 AND id = $2`, community, found.ID, at)
	return g, found.Purpose, err
}

// ofLink is who a link belongs to. A donor row without an address is a receipt
// holder's who gives theirs for the first time.
func ofLink(ctx context.Context, q sqlx.QueryerContext, community int, l link) (Giver, error) {
	g, err := byDonor(ctx, q, community, *l.Donor)
	if !errors.Is(err, ErrNotFound) || l.Purpose != Address {
		return g, linkOf(err)
	}
	var donation uuid.UUID
	err = sqlx.GetContext(ctx, q, &donation, `
		SELECT d.id FROM campaigns.donation d JOIN campaigns.donor n ON n.community_id = d.community_id AND n.id = d.donor_id AND n.erased_at IS NULL
		 WHERE d.community_id = $1 AND d.donor_id = $2 AND d.state = 'paid' ORDER BY d.id LIMIT 1`, community, *l.Donor)
	return Giver{Community: community, Donation: donation, Donor: *l.Donor}, linkOf(err)
}

// linkOf makes every way in which nobody is found the same.
func linkOf(err error) error {
	if err != nil {
		return errors.Join(ErrLink, err)
	}
	return nil
}

// Posting is what the handlers of the outbox need to write to givers.
type Posting struct {
	DB    *sqlx.DB
	Links Links
	// Letter sends a link; nil where no mailer is configured. key is the same
	// when the letter is tried again.
	Letter func(ctx context.Context, c ledger.Community, to campaigns.Donor, p Purpose, token string, key uuid.UUID) error
	// Answer tells a giver why a request for a refund was declined; nil likewise.
	Answer func(ctx context.Context, c ledger.Community, to campaigns.Donor, r Request, key uuid.UUID) error
	Now    func() time.Time
}

// Handlers is the work that this package leaves in the outbox, by kind.
func Handlers(p Posting) map[string]outbox.Handler {
	return map[string]outbox.Handler{"giver_link": p.sendLink, "giver_answer": p.sendAnswer}
}

// sendLink finds the address and sends the letter. What is too old by now, or of
// somebody erased meanwhile, is not sent.
func (p Posting) sendLink(ctx context.Context, m outbox.Message) (err error) {
	defer wrap(&err, "giver: giver_link")
	var about LinkLetter
	if err := m.Read(&about); err != nil {
		return err
	}
	token := p.Links.token(m.CommunityID, about.Link)
	found, err := p.Links.find(ctx, p.DB, m.CommunityID, token, p.Now(), "")
	if errors.Is(err, ErrLink) || err == nil && p.Letter == nil {
		return nil
	}
	if err != nil {
		return err
	}
	c, err := ledger.CommunityAt(ctx, p.DB, m.CommunityID)
	if err != nil {
		return err
	}
	to, err := campaigns.FindDonor(ctx, p.DB, c.ID, *found.Donor)
	if err != nil {
		return err
	}
	if found.Purpose == Address {
		to.Email = found.Address
	}
	if to.Email == "" {
		return nil
	}
	return p.Letter(ctx, c, to, found.Purpose, token, m.ID)
}
