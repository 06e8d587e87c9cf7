package sale

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// ZReport is what a session's close wrote down for good: its figures, and the
// hash that ties them to the till's report before.
type ZReport struct {
	Till     string
	Number   int // from 1, gapless in its till
	Previous []byte
	Hash     []byte // sha256 of Previous and the figures, byte for byte as kept
	MadeAt   time.Time
	Figures
}

// Serial is the report's number as printed: `A-17`.
func (z ZReport) Serial() string { return fmt.Sprintf("%s-%d", z.Till, z.Number) }

// Figures are a session's figures, and who stands for them.
type Figures struct {
	Session  uuid.UUID    `json:"session"`
	Till     string       `json:"till"`
	Number   int          `json:"number"`
	Place    int          `json:"place"`
	Name     string       `json:"name"` // of the place
	OpenedBy string       `json:"opened_by"`
	OpenedAt time.Time    `json:"opened_at"`
	ClosedAt time.Time    `json:"closed_at"`
	Counters []string     `json:"counters"` // two
	Pieces   money.Pieces `json:"pieces"`   // as the second counted
	Reason   string       `json:"reason,omitempty"`

	Sales   Sum    `json:"sales"`
	Tips    Sum    `json:"tips"`
	Refunds Sum    `json:"refunds"`
	Voids   Sum    `json:"voids"`
	First   string `json:"first,omitempty"` // receipts: the numbers between are shared with other tills
	Last    string `json:"last,omitempty"`

	Ways  []WaySum  `json:"ways"`
	Items []ItemSum `json:"items"`
	Hours []HourSum `json:"hours"`

	Float    money.Amount `json:"float"`
	Expected money.Amount `json:"expected"` // in the drawer
	Counted  money.Amount `json:"counted"`
}

// Difference is what lay in the drawer too much, negative for too little.
func (f Figures) Difference() money.Amount { return f.Counted.Sub(f.Expected) }

// Sum is how many and how much.
type Sum struct {
	Count  int          `json:"count" db:"count"`
	Amount money.Amount `json:"amount" db:"amount"`
}

// WaySum is what came and went by one way, tips with it.
type WaySum struct {
	Way Way          `json:"way" db:"way"`
	In  money.Amount `json:"in" db:"paid"`
	Out money.Amount `json:"out" db:"back"`
}

// ItemSum is what was sold of one item, or of one thing that is in no list, and
// what came back.
type ItemSum struct {
	Code     string       `json:"code" db:"code"`
	Name     string       `json:"name" db:"name"`
	NameEN   string       `json:"name_en,omitempty" db:"name_en"`
	Quantity int          `json:"quantity" db:"quantity"`
	Amount   money.Amount `json:"amount" db:"amount"`
	Back     int          `json:"back" db:"returned"`
	Returned money.Amount `json:"returned" db:"given_back"`
}

// Called is its name in the reader's language ("en", else Chinese).
func (i ItemSum) Called(lang string) string { return inLanguage(lang, i.Name, i.NameEN) }

// Sold is how many were not brought back.
func (i ItemSum) Sold() int { return i.Quantity - i.Back }

// Earned is what they brought in, less what was given back.
func (i ItemSum) Earned() money.Amount { return i.Amount.Sub(i.Returned) }

// HourSum is what was sold in one hour of the community's clock.
type HourSum struct {
	Hour string `json:"hour" db:"hour"` // 2026-11-23 14
	Sum
}

// keepZ writes the report of a session that was just closed.
func keepZ(ctx context.Context, tx *sqlx.Tx, c ledger.Community, s Session, counted []Tally) error {
	f, err := figuresOf(ctx, tx, c, s, counted)
	if err != nil {
		return err
	}
	if _, err = tx.ExecContext(ctx, `SELECT FROM sale.till WHERE community_id = $1 AND code = $2 FOR UPDATE`, c.ID, s.Till); err != nil {
		return err
	}
	var before struct {
		Number int    `db:"number"`
		Hash   []byte `db:"hash"`
	}
	err = tx.GetContext(ctx, &before, `
		SELECT coalesce(max(number), 0) AS number, coalesce((array_agg(hash ORDER BY number DESC))[1], '') AS hash
		  FROM sale.z_report WHERE community_id = $1 AND till = $2`, c.ID, s.Till)
	if err != nil {
		return err
	}
	f.Number = before.Number + 1
	body, err := json.Marshal(f)
	if err != nil {
		return err
	}
	hash := chain(before.Hash, body)
	_, err = tx.ExecContext(ctx, `
		INSERT INTO sale.z_report (community_id, till, number, session_id, body, previous, hash, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		c.ID, s.Till, f.Number, s.ID, string(body), before.Hash, hash, s.ClosedAt)
	return err
}

// chain is the hash of a report that follows another.
func chain(previous, body []byte) []byte {
	sum := sha256.Sum256(append(bytes.Clone(previous), body...))
	return sum[:]
}

const selectZ = `SELECT till, number, body, previous, hash, made_at FROM sale.z_report WHERE community_id = $1`

type zRow struct {
	Till     string    `db:"till"`
	Number   int       `db:"number"`
	Body     string    `db:"body"`
	Previous []byte    `db:"previous"`
	Hash     []byte    `db:"hash"`
	MadeAt   time.Time `db:"made_at"`
}

func (r zRow) report() (z ZReport, err error) {
	z = ZReport{Till: r.Till, Number: r.Number, Previous: r.Previous, Hash: r.Hash, MadeAt: r.MadeAt}
	return z, json.Unmarshal([]byte(r.Body), &z.Figures)
}

// ZOf reads the report of a closed session; ErrNotFound.
func ZOf(ctx context.Context, q sqlx.QueryerContext, community int, session uuid.UUID) (z ZReport, err error) {
	defer wrap(&err, "sale.ZOf(%d, %s)", community, session)
	var row zRow
	if err = sqlx.GetContext(ctx, q, &row, selectZ+` AND session_id = $2`, community, session); err != nil {
		return z, err
	}
	return row.report()
}

// ListZ reads the reports of a place (0: of all), the latest first.
func ListZ(ctx context.Context, q sqlx.QueryerContext, community, place, limit int) (list []ZReport, err error) {
	defer wrap(&err, "sale.ListZ(%d, %d)", community, place)
	var rows []zRow
	err = sqlx.SelectContext(ctx, q, &rows, selectZ+`
		AND ($2 = 0 OR session_id IN (SELECT s.id FROM sale.session s WHERE s.community_id = $1 AND s.place_id = $2)) ORDER BY made_at DESC LIMIT $3`,
		community, place, limit)
	for _, row := range rows {
		z, err := row.report()
		if err != nil {
			return nil, err
		}
		list = append(list, z)
	}
	return list, err
}
