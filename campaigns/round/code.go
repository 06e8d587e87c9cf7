package round

import (
	"context"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"math/big"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// letters of a code: none that looks like another (B and 8, O and 0, I, L and 1,
// S and 5, Z and 2, G and 6, U and V). 23 of them: ten make 45 bits.
const letters = "ACDEFHJKMNPQRTUWXY34679"

// CodeLength is how many letters a code has.
const CodeLength = 10

// hardness is how often a digest is hashed: whoever steals the database has to
// try each possible code so often.
const hardness = 20_000

// Tidy is a code as it is looked up: capital letters without what people put in between.
func Tidy(typed string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '\u3000' {
			return -1
		}
		return r
	}, strings.ToUpper(strings.TrimSpace(typed)))
}

// WellFormed tells whether a tidy code can be one at all.
func WellFormed(code string) bool {
	return len(code) == CodeLength && strings.Trim(code, letters) == ""
}

// Shown is a code as it is printed: two groups of five.
func Shown(code string) string { return code[:CodeLength/2] + " " + code[CodeLength/2:] }

// Batch is what was printed at once for a courtyard.
type Batch struct {
	Number    int       `db:"number"`
	Courtyard string    `db:"courtyard"`
	Codes     int       `db:"codes"`
	Voted     int       `db:"voted"`
	MadeAt    time.Time `db:"made_at"`
	VoidBy    string    `db:"void_by"` // "" while it holds
}

// MakeCodes makes n codes for the households of a courtyard and returns them,
// this once: only their digests are kept. ErrNotNow after the vote.
func MakeCodes(ctx context.Context, tx *sqlx.Tx, community int, r Round, courtyard string, n int, who string, at time.Time) (codes []string, err error) {
	defer wrap(&err, "round.MakeCodes(%d, %s, %d)", community, r.Slug, n)
	if r.Counted {
		return nil, ErrNotNow
	}
	if _, err = tx.ExecContext(ctx, `SELECT FROM round.round WHERE community_id = $1 AND id = $2 FOR UPDATE`, community, r.ID); err != nil {
		return nil, err
	}
	var batch int
	err = tx.GetContext(ctx, &batch, `
		INSERT INTO round.batch (community_id, round_id, number, courtyard, codes, made_by, made_at)
		SELECT $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6 FROM round.batch WHERE community_id = $1 AND round_id = $2 RETURNING number`,
		community, r.ID, courtyard, n, who, at)
	if err != nil {
		return nil, err
	}
	var digests pq.ByteaArray
	for range n {
		code, err := newCode()
		if err != nil {
			return nil, err
		}
		digest, err := r.digest(code)
		if err != nil {
			return nil, err
		}
		codes, digests = append(codes, code), append(digests, digest)
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO round.code (community_id, round_id, digest, batch) SELECT $1, $2, u, $3 FROM unnest($4::bytea[]) u`, community, r.ID, batch, digests)
	return codes, err
}

// Batches reads what was printed, in order.
func Batches(ctx context.Context, q sqlx.QueryerContext, community, round int) (batches []Batch, err error) {
	defer wrap(&err, "round.Batches(%d, %d)", community, round)
	err = sqlx.SelectContext(ctx, q, &batches, `
		SELECT b.number, b.courtyard, b.codes, b.made_at, b.void_by,
		       (SELECT count(*) FROM round.code c WHERE c.community_id = b.community_id AND c.round_id = b.round_id AND c.batch = b.number AND c.used) AS voted
		  FROM round.batch b WHERE b.community_id = $1 AND b.round_id = $2 ORDER BY b.number`, community, round)
	return batches, err
}

// Void makes the codes of a batch that have not voted worth nothing: the sheet
// was lost, or never printed. ErrState where it is void already.
func Void(ctx context.Context, tx *sqlx.Tx, community, round, batch int, who string) (err error) {
	defer wrap(&err, "round.Void(%d, %d, %d)", community, round, batch)
	err = moved(tx.ExecContext(ctx, `
		UPDATE round.batch SET void_by = $4 WHERE community_id = $1 AND round_id = $2 AND number = $3 AND void_by = ''`, community, round, batch, who))
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM round.code WHERE community_id = $1 AND round_id = $2 AND batch = $3 AND NOT used`, community, round, batch)
	return err
}

func newCode() (string, error) {
	code := make([]byte, CodeLength)
	for i := range code {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(letters))))
		if err != nil {
			return "", err
		}
		code[i] = letters[n.Int64()]
	}
	return string(code), nil
}

// digest is what is kept of a code.
func (r Round) digest(code string) ([]byte, error) {
	return pbkdf2.Key(sha256.New, code, r.Salt, hardness, sha256.Size)
}
