package receipt

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"golang.org/x/text/width"

	"fund/ledger/money"
)

// Series keeps donation receipts and sale receipts apart: one never passes for
// the other.
type Series string

// The series.
const (
	Donation Series = "donation"
	Sale     Series = "sale"
	InKind   Series = "in_kind" // goods at their estimated value
)

// ErrNotFound is the same for a wrong token, number or check code, so that
// guessing teaches nothing.
var ErrNotFound = errors.New("receipt: not found")

// Item is what a receipt is issued for.
type Item struct {
	Subject uuid.UUID // the donation or sale
	Entry   int64     // Seq of its journal entry
	Amount  money.Amount
	Day     time.Time // EntryDate; its year is the receipt's
}

// Receipt is a 收据.
type Receipt struct {
	Series    Series       `db:"series"`
	Year      int          `db:"year"`
	Number    int          `db:"number"` // gapless within community, series and year
	Subject   uuid.UUID    `db:"subject_id"`
	Entry     int64        `db:"entry_seq"`
	Amount    money.Amount `db:"amount"`
	IssuedOn  time.Time    `db:"issued_on"` // EntryDate
	IssuedAt  time.Time    `db:"issued_at"`
	Token     string       `db:"token"`      // in the address: community and 128 random bits
	CheckCode string       `db:"check_code"` // K7M4-92QD, typed together with the number
	// VoidEntry is the Seq of the entry that voided it, else 0.
	VoidEntry  int64  `db:"void_entry"`
	VoidReason string `db:"void_reason"`
}

// Serial is the receipt's number as printed: `2017-000874`, of a sale `2017-S000874`.
func (r Receipt) Serial() string {
	if r.Series == Sale {
		return fmt.Sprintf("%d-S%06d", r.Year, r.Number)
	}
	return fmt.Sprintf("%d-%06d", r.Year, r.Number)
}

// alphabet has no I, L, O or U, which are misread.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

func code(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program first
	for i := range b {
		b[i] = alphabet[b[i]&31]
	}
	return string(b)
}

// newToken has 26 characters of 5 random bits behind the community's id.
func newToken(community int) string {
	return strconv.FormatInt(int64(community), 36) + "-" + strings.ToLower(code(26))
}

var tokenForm = regexp.MustCompile(`^([0-9a-z]{1,6})-[0-9a-z]{26}$`)

// TokenCommunity reads the community's id from a token; ErrNotFound.
func TokenCommunity(token string) (int, error) {
	parts := tokenForm.FindStringSubmatch(token)
	if parts == nil {
		return 0, ErrNotFound
	}
	id, err := strconv.ParseInt(parts[1], 36, 32)
	if err != nil || id == 0 {
		return 0, ErrNotFound
	}
	return int(id), nil
}

// Draw makes a receipt ready to be issued, with a token and a check code of its
// own; its number comes from the database.
func Draw(community int, series Series, item Item) Receipt {
	check := code(8)
	return Receipt{
		Series: series, Subject: item.Subject, Entry: item.Entry, Amount: item.Amount, IssuedOn: item.Day,
		Token: newToken(community), CheckCode: check[:4] + "-" + check[4:],
	}
}

// Issue writes receipts in the order given, inside the caller's transaction,
// which holds the series' counter until it ends.
func Issue(ctx context.Context, tx *sqlx.Tx, community int, series Series, items ...Item) (issued []Receipt, err error) {
	defer wrap(&err, "receipt.Issue(%d, %s)", community, series)
	if len(items) == 0 {
		return nil, nil
	}
	var subjects, amounts, days, tokens, codes pq.StringArray
	var entries pq.Int64Array
	for _, item := range items {
		r := Draw(community, series, item)
		issued = append(issued, r)
		subjects = append(subjects, r.Subject.String())
		entries = append(entries, r.Entry)
		amounts = append(amounts, r.Amount.String())
		days = append(days, r.IssuedOn.Format(time.DateOnly))
		tokens = append(tokens, r.Token)
		codes = append(codes, r.CheckCode)
	}
	var numbers []struct {
		Year, Number int
		IssuedAt     time.Time `db:"issued_at"`
	}
	err = tx.SelectContext(ctx, &numbers, `SELECT year, number, issued_at FROM receipt.issue_receipts($1, $2, $3, $4, $5, $6, $7, $8)`,
		community, series, subjects, entries, amounts, days, tokens, codes)
	for i, n := range numbers {
		issued[i].Year, issued[i].Number, issued[i].IssuedAt = n.Year, n.Number, n.IssuedAt
	}
	return issued, err
}

// Void marks a receipt as undone by the entry that took the last of the money
// back: a reversal, or the last of several part refunds.
func Void(ctx context.Context, tx *sqlx.Tx, community int, r Receipt, entry int64, reason string, at time.Time) (err error) {
	defer wrap(&err, "receipt.Void(%d, %s)", community, r.Serial())
	_, err = tx.ExecContext(ctx, `
		INSERT INTO receipt.void (community_id, series, year, number, entry_seq, reason, voided_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		community, r.Series, r.Year, r.Number, entry, reason, at)
	return err
}

const selectReceipt = `
	SELECT r.series, r.year, r.number, r.subject_id, r.entry_seq, r.amount, r.issued_on, r.issued_at, r.token, r.check_code,
	       coalesce(v.entry_seq, 0) AS void_entry, coalesce(v.reason, '') AS void_reason
	  FROM receipt.receipt r LEFT JOIN receipt.void v USING (community_id, series, year, number)
	 WHERE r.community_id = $1`

// ByToken finds the receipt of an address /r/{token}; ErrNotFound.
func ByToken(ctx context.Context, q sqlx.QueryerContext, token string) (community int, r Receipt, err error) {
	if community, err = TokenCommunity(token); err != nil {
		return 0, r, err
	}
	r, err = find(ctx, q, selectReceipt+` AND r.token = $2`, community, token)
	return community, r, err
}

// ByNumber finds a receipt by what is printed on it: `2017-000874` and
// `K7M4-92QD`. Small letters, spaces, wide figures and O for 0 are read as
// meant. ErrNotFound.
func ByNumber(ctx context.Context, q sqlx.QueryerContext, community int, series Series, serial, checkCode string) (r Receipt, err error) {
	year, number, ok := readSerial(serial)
	check, readable := readCode(checkCode)
	if !ok || !readable {
		return r, ErrNotFound
	}
	return find(ctx, q, selectReceipt+` AND r.series = $2 AND r.year = $3 AND r.number = $4 AND r.check_code = $5`,
		community, series, year, number, check)
}

var serialForm = regexp.MustCompile(`^(\d{4})[-–—][Ss]?(\d{1,9})$`)

func readSerial(s string) (year, number int, ok bool) {
	parts := serialForm.FindStringSubmatch(plain(s))
	if parts == nil {
		return 0, 0, false
	}
	year, _ = strconv.Atoi(parts[1])
	number, _ = strconv.Atoi(parts[2])
	return year, number, true
}

func readCode(s string) (string, bool) {
	s = strings.NewReplacer("-", "", "–", "", "—", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(plain(s)))
	if len(s) != 8 || strings.Trim(s, alphabet) != "" {
		return "", false
	}
	return s[:4] + "-" + s[4:], true
}

// plain takes out spaces and makes full-width characters narrow.
func plain(s string) string {
	return strings.Join(strings.Fields(width.Narrow.String(s)), "")
}

// Of finds the receipt of a donation or sale; ErrNotFound.
func Of(ctx context.Context, q sqlx.QueryerContext, community int, subject uuid.UUID) (Receipt, error) {
	return find(ctx, q, selectReceipt+` AND r.subject_id = $2`, community, subject)
}

// OfAll finds the receipts of many subjects at once, in no order.
func OfAll(ctx context.Context, q sqlx.QueryerContext, community int, subjects []uuid.UUID) (rs []Receipt, err error) {
	defer wrap(&err, "receipt.OfAll(%d)", community)
	ids := make(pq.StringArray, len(subjects))
	for i, s := range subjects {
		ids[i] = s.String()
	}
	err = sqlx.SelectContext(ctx, q, &rs, selectReceipt+` AND r.subject_id = ANY ($2::uuid[])`, community, ids)
	return rs, err
}

func find(ctx context.Context, q sqlx.QueryerContext, query string, args ...any) (r Receipt, err error) {
	err = sqlx.GetContext(ctx, q, &r, query, args...)
	if errors.Is(err, sql.ErrNoRows) {
		return r, ErrNotFound
	}
	wrap(&err, "receipt.find")
	return r, err
}

func wrap(err *error, verb string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", fmt.Sprintf(verb, args...), *err)
	}
}
