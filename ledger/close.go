package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger/money"
)

// CloseItem is a line of a month's checklist: something that is done before the
// month is closed, and how far it is. Code names its words; where several lines
// have the same, Of and the names say what each is about.
type CloseItem struct {
	Code   string       `json:"code"`
	Of     string       `json:"of,omitempty"` // such as an account's code
	NameZH string       `json:"name_zh,omitempty"`
	NameEN string       `json:"name_en,omitempty"`
	Must   bool         `json:"must,omitempty"`           // else a reason will do
	Left   int          `json:"left,omitempty" db:"left"` // how many are still to do
	Seen   int          `json:"seen,omitempty" db:"seen"` // how many there are in all
	Amount money.Amount `json:"amount" db:"amount"`
	Why    string       `json:"why,omitempty"` // the reason to close the month all the same
}

// Key tells a line from every other of its month.
func (i CloseItem) Key() string {
	if i.Of == "" {
		return i.Code
	}
	return i.Code + ":" + i.Of
}

// Name is what it is about, in the reader's language ("en", else Chinese).
func (i CloseItem) Name(lang string) string { return inLanguage(lang, i.NameZH, i.NameEN) }

// Done reports whether nothing is left to do.
func (i CloseItem) Done() bool { return i.Left == 0 }

// Holds reports whether the month cannot be closed for it: something is left
// that has to be done, or that nobody has given a reason for.
func (i CloseItem) Holds() bool { return i.Left > 0 && (i.Must || i.Why == "") }

// CloseAsk looks at one part of a month: each package that keeps records beside
// the books has one. It only reads.
type CloseAsk func(ctx context.Context, q sqlx.QueryerContext, c Community, month time.Time) ([]CloseItem, error)

// Checklist asks everybody what is left to do in a month, in their order.
func Checklist(ctx context.Context, q sqlx.QueryerContext, c Community, month time.Time, asks []CloseAsk) (items []CloseItem, err error) {
	defer wrap(&err, "ledger.Checklist(%d, %s)", c.ID, month.Format("2006-01"))
	for _, ask := range asks {
		some, err := ask(ctx, q, c, MonthOf(month))
		if err != nil {
			return nil, err
		}
		items = append(items, some...)
	}
	return items, nil
}

// Unready says which lines of the checklist keep a month open.
type Unready struct{ Items []CloseItem }

func (u *Unready) Error() string {
	var keys []string
	for _, i := range u.Items {
		keys = append(keys, fmt.Sprintf("%s (%d)", i.Key(), i.Left))
	}
	return ErrUnready.Error() + ": " + strings.Join(keys, ", ")
}

// Unwrap makes it an ErrUnready.
func (u *Unready) Unwrap() error { return ErrUnready }

// ClosePeriod closes the month of day: no entry may be dated in it from then on.
// The checklist is kept with it. *Unready if a line of it Holds. A month that is
// closed stays as it is.
func ClosePeriod(ctx context.Context, tx *sqlx.Tx, community int, day time.Time, who string, items ...CloseItem) (err error) {
	defer wrap(&err, "ledger.ClosePeriod(%d, %s)", community, day.Format("2006-01"))
	if held := slices.DeleteFunc(slices.Clone(items), func(i CloseItem) bool { return !i.Holds() }); len(held) > 0 {
		return &Unready{held}
	}
	if items == nil {
		items = []CloseItem{}
	}
	kept, err := json.Marshal(items)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `SELECT ledger.close_period($1, $2::date, $3, $4::jsonb)`,
		community, MonthOf(day).Format(time.DateOnly), who, string(kept))
	return err
}

// CloseAsked goes through the checklist once more and closes the month if
// nothing Holds; why has reasons by the lines' keys. ErrMoved if somebody posted
// an entry while it looked.
func CloseAsked(ctx context.Context, tx *sqlx.Tx, c Community, month time.Time, who string, asks []CloseAsk, why map[string]string) (items []CloseItem, err error) {
	defer wrap(&err, "ledger.CloseAsked(%d, %s)", c.ID, month.Format("2006-01"))
	before, err := Stand(ctx, tx, c.ID)
	if err != nil {
		return nil, err
	}
	if items, err = Checklist(ctx, tx, c, month, asks); err != nil {
		return nil, err
	}
	for i := range items {
		if !items[i].Done() && !items[i].Must {
			items[i].Why = strings.TrimSpace(why[items[i].Key()])
		}
	}
	if err = ClosePeriod(ctx, tx, c.ID, month, who, items...); err != nil {
		return items, err
	}
	after, err := Stand(ctx, tx, c.ID) // the book is locked now
	if err == nil && after.LastSeq != before.LastSeq {
		err = ErrMoved
	}
	return items, err
}

// Closing is one time a month was closed.
type Closing struct {
	Month    time.Time  `db:"month"`
	Number   int        `db:"number"` // 1, and one more after each reopening
	ClosedBy string     `db:"closed_by"`
	ClosedAt time.Time  `db:"closed_at"`
	Items    closeItems `db:"items"` // the checklist as it was
}

// closeItems are stored as JSON.
type closeItems []CloseItem

// Scan reads the stored checklist.
func (c *closeItems) Scan(src any) error {
	text, ok := src.([]byte)
	if !ok {
		return fmt.Errorf("ledger: a checklist from %T", src)
	}
	return json.Unmarshal(text, c)
}

// Waived are the lines that were left open with a reason.
func (c Closing) Waived() (some []CloseItem) {
	for _, i := range c.Items {
		if !i.Done() {
			some = append(some, i)
		}
	}
	return some
}

// ListClosings reads how often and how the months from..to were closed, the
// newest month first, and in it the latest closing.
func ListClosings(ctx context.Context, q sqlx.QueryerContext, community int, from, to time.Time) (all []Closing, err error) {
	defer wrap(&err, "ledger.ListClosings(%d)", community)
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT month, number, closed_by, closed_at, items FROM ledger.closing
		 WHERE community_id = $1 AND month BETWEEN $2 AND $3 ORDER BY month DESC, number DESC`,
		community, MonthOf(from).Format(time.DateOnly), MonthOf(to).Format(time.DateOnly))
	return all, err
}
