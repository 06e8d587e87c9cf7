package campaigns

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Donor is a 捐赠人 who left a name or a mail address. Who leaves neither has
// no row at all.
type Donor struct {
	ID       uuid.UUID  `db:"id"`
	Name     string     `db:"name"`
	Email    string     `db:"email"`
	Lang     string     `db:"lang"` // for letters: "zh-CN" or "en"
	Salt     []byte     `db:"salt"`
	ErasedAt *time.Time `db:"erased_at"`
}

// Commitment ties a journal entry to the donor without naming anybody: the
// hash can be checked by whoever is told the salt and the name.
func (d Donor) Commitment() []byte {
	h := sha256.New()
	h.Write(d.Salt)
	h.Write([]byte(d.Name))
	return h.Sum(nil)
}

// Mask hides a name but for its first character: 周婆婆 is 周**, Mary is M**.
func Mask(name string) string {
	for _, r := range strings.TrimSpace(name) {
		if unicode.IsLetter(r) {
			return string(r) + "**"
		}
	}
	return ""
}

func newDonor(name, email, lang string) (Donor, error) {
	d := Donor{Name: name, Email: email, Lang: lang, Salt: make([]byte, 16)}
	if _, err := rand.Read(d.Salt); err != nil {
		return d, err
	}
	var err error
	d.ID, err = uuid.NewV7()
	return d, err
}

// AddDonor writes down somebody who promises before they give.
func AddDonor(ctx context.Context, tx *sqlx.Tx, community int, name, email, lang string) (d Donor, err error) {
	defer wrap(&err, "campaigns.AddDonor(%d)", community)
	if d, err = newDonor(name, email, lang); err != nil {
		return d, err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO campaigns.donor (community_id, id, name, email, lang, salt) VALUES ($1, $2, $3, $4, $5, $6)`,
		community, d.ID, d.Name, d.Email, d.Lang, d.Salt)
	return d, err
}

// FindDonor reads a donor; ErrNotFound.
func FindDonor(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (d Donor, err error) {
	defer wrap(&err, "campaigns.FindDonor(%d)", community)
	err = sqlx.GetContext(ctx, q, &d, `SELECT id, name, email, lang, salt, erased_at FROM campaigns.donor WHERE community_id = $1 AND id = $2`, community, id)
	return d, err
}

// EraseDonor forgets a donor's personal data (PIPL Art. 47): name, address,
// salt and the messages they wrote. The books keep the amounts. ErrNotFound.
func EraseDonor(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID, at time.Time) (err error) {
	defer wrap(&err, "campaigns.EraseDonor(%d)", community)
	if _, err = FindDonor(ctx, tx, community, id); err != nil {
		return err
	}
	return EraseDonors(ctx, tx, community, []uuid.UUID{id}, at)
}

// forgetGiving forgets by what pools knew gifts of donors to be one person's,
// and hides their names on gifts in kind.
func forgetGiving(ctx context.Context, tx *sqlx.Tx, community int, donors pq.StringArray) error {
	_, err := tx.ExecContext(ctx, `
		WITH hidden AS (UPDATE campaigns.in_kind SET show_name = false WHERE community_id = $1 AND donor_id = ANY ($2::uuid[]))
		UPDATE campaigns.match SET giver = NULL
		 WHERE community_id = $1 AND donation_id IN (SELECT id FROM campaigns.donation WHERE community_id = $1 AND donor_id = ANY ($2::uuid[]))`,
		community, donors)
	return err
}
