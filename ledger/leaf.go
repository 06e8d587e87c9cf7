package ledger

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger/money"
	"fund/ledger/transparency"
)

const (
	recordHeader = "fund entry v1"
	recordTime   = "2006-01-02T15:04:05.000000Z" // to the microsecond, as the database keeps it
)

// ErrRecord is returned by ParseRecord for a text that Record did not write.
var ErrRecord = errors.New("ledger: the text is not the record of an entry")

// Record is the text whose hash is the entry's leaf in the Merkle log, exactly
// as ledger.post_entries writes it: a line each for the form's name, the
// community, Seq, voucher number, EntryDate, PostedAt (UTC), kind, source, memo,
// detail, who posted it, the Seq it reverses or "-", the donor's commitment in
// hex or "-", and then one line a posting: `1 1002 general 66.00`. Accounts and
// funds stand there by code, which never changes. No name of a donor is in it.
func Record(slug string, e JournalEntry, lines []Line) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\n%s\n%d\n%s\n%s\n%s\n%s\n%s\n%s\n%s\n%s\n%s\n%s\n",
		recordHeader, slug, e.Seq, e.Voucher(), e.Date.Format(time.DateOnly), e.PostedAt.UTC().Format(recordTime),
		e.Kind, e.Source, e.Memo, e.Detail, e.PostedBy, orDash(e.Reverses != 0, strconv.FormatInt(e.Reverses, 10)),
		orDash(len(e.Commitment) > 0, hex.EncodeToString(e.Commitment)))
	for _, l := range lines {
		fmt.Fprintf(&b, "%d %s %s %s\n", l.Line, l.AccountCode, l.FundCode, l.Amount)
	}
	return b.Bytes()
}

func orDash(there bool, s string) string {
	if there {
		return s
	}
	return "-"
}

// ParseRecord reads a record back: the community's slug, the entry and its
// lines, filled as far as the record tells. ErrRecord for anything that Record
// would write differently, so a parsed record is the record that was hashed.
func ParseRecord(record []byte) (slug string, e JournalEntry, lines []Line, err error) {
	rows := strings.Split(string(record), "\n")
	if len(rows) < 14 || rows[0] != recordHeader {
		return "", e, nil, ErrRecord
	}
	slug = rows[1]
	e.Kind, e.Source, e.Memo, e.Detail, e.PostedBy = rows[6], rows[7], rows[8], rows[9], rows[10]
	year, number, _ := strings.Cut(rows[3], "-")
	reverses, commitment := strings.TrimPrefix(rows[11], "-"), strings.TrimPrefix(rows[12], "-")
	// What does not parse stays zero here and fails the comparison below.
	e.Seq, _ = strconv.ParseInt(rows[2], 10, 64)
	e.Year, _ = strconv.Atoi(year)
	e.Number, _ = strconv.Atoi(number)
	e.Date, _ = time.Parse(time.DateOnly, rows[4])
	e.PostedAt, _ = time.Parse(recordTime, rows[5])
	e.Reverses, _ = strconv.ParseInt(reverses, 10, 64)
	e.Commitment, _ = hex.DecodeString(commitment)
	for _, row := range rows[13 : len(rows)-1] {
		cells := strings.Split(row, " ")
		if len(cells) != 4 {
			return "", e, nil, ErrRecord
		}
		l := Line{AccountCode: cells[1], FundCode: cells[2]}
		l.Line, _ = strconv.Atoi(cells[0])
		l.Amount, _ = money.ParseSigned(cells[3])
		lines = append(lines, l)
	}
	e.Count = len(lines)
	if !bytes.Equal(Record(slug, e, lines), record) {
		return "", e, nil, ErrRecord
	}
	return slug, e, lines, nil
}

// Evidence is what anybody needs to check, with nothing but the public key,
// that an entry stands in a community's books: its record and the proof that
// the record is in the signed log.
type Evidence struct {
	Record []byte
	Proof  transparency.InclusionProof
	Under  transparency.Checkpoint      // that the proof leads to
	By     []transparency.Countersigned // who countersigned it; their lines stand in the proof
}

// Prove makes the Evidence of an entry under the newest checkpoint that somebody
// countersigned, or under the newest of all where none of those covers it.
// ErrNotFound if there is no such entry, transparency.ErrNotSealed if no
// checkpoint covers it yet, which takes a second or so after posting.
func Prove(ctx context.Context, q sqlx.QueryerContext, c Community, seq int64) (ev Evidence, err error) {
	defer wrap(&err, "ledger.Prove(%d, %d)", c.ID, seq)
	e, err := EntryAt(ctx, q, c.ID, seq)
	if err != nil {
		return ev, err
	}
	lines, err := Lines(ctx, q, c.ID, seq)
	if err != nil {
		return ev, err
	}
	if ev.Under, err = transparency.Witnessed(ctx, q, c.ID, seq-1); err != nil {
		return ev, err
	}
	if ev.Under.Note, ev.By, err = transparency.Cosigned(ctx, q, c.ID, ev.Under); err != nil {
		return ev, err
	}
	ev.Record = Record(c.Slug, e, lines)
	ev.Proof, err = transparency.Entries.Prove(ctx, q, c.ID, seq-1, ev.Under)
	return ev, err
}
