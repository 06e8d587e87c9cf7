package campaigns

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger"
	"fund/ledger/transparency"
)

// ErrPaperUnreadable is returned for a file that is neither a photograph nor a PDF.
var ErrPaperUnreadable = errors.New("campaigns: the file is neither a photograph nor a PDF")

// The kinds of file that a paper is kept as.
const (
	MediaJPEG = "image/jpeg"
	MediaPDF  = "application/pdf"
)

// PaperBytesMax is the largest file of a paper.
const PaperBytesMax = pictureBytesMax

// Original is a paper (票据) as it came, for the staff alone: what stands on it
// is nobody else's business before it is covered.
type Original struct {
	ID      uuid.UUID `db:"id"`
	Media   string    `db:"media"`
	Caption string    `db:"caption"`
	Pages   int       `db:"pages"`
	Bytes   []byte    `db:"bytes"`
	Digest  []byte    `db:"digest"` // SHA-256 of Bytes
	AddedBy string    `db:"added_by"`
	AddedAt time.Time `db:"added_at"`
}

// KeepOriginal reads a photograph as AddPicture does, or a PDF file as ReadPDF
// does, and keeps it. ErrPaperUnreadable, ErrPictureTooLarge and those two's.
func KeepOriginal(ctx context.Context, tx *sqlx.Tx, community int, r io.Reader, caption, who string) (o Original, err error) {
	defer wrap(&err, "campaigns.KeepOriginal(%d)", community)
	if o, err = readOriginal(r); err != nil {
		return o, err
	}
	o.Caption, o.AddedBy = strings.TrimSpace(caption), who
	if o.ID, err = uuid.NewV7(); err != nil {
		return o, err
	}
	digest := sha256.Sum256(o.Bytes)
	o.Digest = digest[:]
	err = tx.GetContext(ctx, &o.AddedAt, `
		INSERT INTO campaigns.original (community_id, id, media, caption, pages, bytes, digest, added_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING added_at`,
		community, o.ID, o.Media, o.Caption, o.Pages, o.Bytes, o.Digest, who)
	return o, err
}

func readOriginal(r io.Reader) (o Original, err error) {
	file, err := io.ReadAll(io.LimitReader(r, PaperBytesMax+1))
	if err != nil {
		return o, err
	}
	if len(file) > PaperBytesMax {
		return o, ErrPictureTooLarge
	}
	if bytes.HasPrefix(file, []byte("%PDF-")) {
		read, err := ReadPDF(file)
		return Original{Media: MediaPDF, Pages: read.Pages, Bytes: file}, err
	}
	drawn, err := drawPicture(bytes.NewReader(file))
	if errors.Is(err, ErrPictureUnreadable) {
		err = errors.Join(ErrPaperUnreadable, err)
	}
	return Original{Media: MediaJPEG, Pages: 1, Bytes: drawn.JPEG}, err
}

// Scans are the pictures of an original that can be covered on a page: itself, or
// the scanned pages of a PDF file, each made anew as AddPicture does.
func (o Original) Scans() int {
	if o.Media == MediaJPEG {
		return 1
	}
	read, _ := ReadPDF(o.Bytes) // it was looked through when it came
	return len(read.Scans)
}

// Scan is one of them, from 0, as a JPEG; ErrNotFound.
func (o Original) Scan(n int) ([]byte, error) {
	if o.Media == MediaJPEG && n == 0 {
		return o.Bytes, nil
	}
	read, err := ReadPDF(o.Bytes)
	if o.Media == MediaJPEG || err != nil || n < 0 || n >= len(read.Scans) {
		return nil, ErrNotFound
	}
	drawn, err := drawPicture(bytes.NewReader(read.Scans[n]))
	return drawn.JPEG, err
}

const selectOriginal = `SELECT o.id, o.media, o.caption, o.pages, o.digest, o.added_by, o.added_at`

// FindOriginal reads a paper with its bytes; ErrNotFound.
func FindOriginal(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (o Original, err error) {
	defer wrap(&err, "campaigns.FindOriginal(%d, %s)", community, id)
	err = sqlx.GetContext(ctx, q, &o, selectOriginal+`, o.bytes FROM campaigns.original o WHERE o.community_id = $1 AND o.id = $2`, community, id)
	return o, err
}

// Originals reads papers without their bytes, in the order in which they came.
func Originals(ctx context.Context, q sqlx.QueryerContext, community int, ids ...uuid.UUID) (os []Original, err error) {
	defer wrap(&err, "campaigns.Originals(%d)", community)
	err = sqlx.SelectContext(ctx, q, &os, selectOriginal+` FROM campaigns.original o WHERE o.community_id = $1 AND o.id = ANY ($2) ORDER BY o.added_at, o.id`,
		community, pq.Array(ids))
	return os, err
}

// OriginalsOf reads the papers of an entry, in the order in which they came to it.
func OriginalsOf(ctx context.Context, q sqlx.QueryerContext, community int, entry int64) (os []Original, err error) {
	defer wrap(&err, "campaigns.OriginalsOf(%d, %d)", community, entry)
	err = sqlx.SelectContext(ctx, q, &os, selectOriginal+`
		  FROM campaigns.paper p JOIN campaigns.original o ON o.community_id = p.community_id AND o.id = p.file_id
		 WHERE p.community_id = $1 AND p.entry_seq = $2 AND p.what = 'original' ORDER BY p.number`, community, entry)
	return os, err
}

// AttachOriginal makes a paper one of an entry: its digest comes into the signed
// list of papers. ErrState if it is one already.
func AttachOriginal(ctx context.Context, tx *sqlx.Tx, community int, entry int64, o Original, who string) (number int64, err error) {
	defer wrap(&err, "campaigns.AttachOriginal(%d, %d)", community, entry)
	return logPaper(ctx, tx, community, Paper{EntrySeq: entry, What: paperOriginal, FileID: o.ID, Media: o.Media, Digest: o.Digest, AddedBy: who})
}

// WithdrawOriginal deletes a paper. That it was there, and who took it away,
// stays in the list of each entry that it belonged to. ErrNotFound.
func WithdrawOriginal(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID, who string) (err error) {
	defer wrap(&err, "campaigns.WithdrawOriginal(%d, %s)", community, id)
	of, err := papersOfFile(ctx, tx, community, id)
	if err != nil {
		return err
	}
	if err = notFound(move(tx.ExecContext(ctx, `DELETE FROM campaigns.original WHERE community_id = $1 AND id = $2`, community, id))); err != nil {
		return err
	}
	for _, p := range of {
		p.What, p.AddedBy = paperWithdrawn, who
		if _, err = logPaper(ctx, tx, community, p); err != nil {
			return err
		}
	}
	return nil
}

// What a line of the list of papers tells.
const (
	paperOriginal  = "original"  // a paper came to an entry
	paperPublic    = "public"    // a photograph of it was shown, names covered
	paperWithdrawn = "withdrawn" // one of these was taken away
)

// Paper is a line of the list of papers, which is only ever longer: its hash is
// a leaf of the tree of papers, whose root every checkpoint signs.
type Paper struct {
	Number   int64     `db:"number"` // from 1, without gaps
	EntrySeq int64     `db:"entry_seq"`
	What     string    `db:"what"`
	FileID   uuid.UUID `db:"file_id"`
	Media    string    `db:"media"`
	Digest   []byte    `db:"digest"` // SHA-256 of the file
	AddedBy  string    `db:"added_by"`
	AddedAt  time.Time `db:"added_at"`
}

const (
	paperHeader = "fund paper v1"
	paperTime   = "2006-01-02T15:04:05.000000Z"
)

// Record is the text whose hash is the paper's leaf, exactly as
// campaigns.log_paper writes it.
func (p Paper) Record(slug string) []byte {
	return fmt.Appendf(nil, "%s\n%s\n%d\n%d\n%s\n%s\n%s\n%s\n%s\n%s\n", paperHeader, slug, p.Number, p.EntrySeq, p.What, p.FileID, p.Media,
		hex.EncodeToString(p.Digest), p.AddedBy, p.AddedAt.UTC().Format(paperTime))
}

// ParsePaper reads a record back; ledger.ErrRecord for anything that Record would
// write differently.
func ParsePaper(record []byte) (slug string, p Paper, err error) {
	rows := strings.Split(string(record), "\n")
	if len(rows) != 11 {
		return "", p, ledger.ErrRecord
	}
	// What does not parse stays zero here and fails the comparison below.
	p.Number, _ = strconv.ParseInt(rows[2], 10, 64)
	p.EntrySeq, _ = strconv.ParseInt(rows[3], 10, 64)
	p.What, p.Media, p.AddedBy = rows[4], rows[6], rows[8]
	p.FileID, _ = uuid.Parse(rows[5])
	p.Digest, _ = hex.DecodeString(rows[7])
	p.AddedAt, _ = time.Parse(paperTime, rows[9])
	if !bytes.Equal(p.Record(rows[1]), record) {
		return "", p, ledger.ErrRecord
	}
	return rows[1], p, nil
}

func logPaper(ctx context.Context, tx *sqlx.Tx, community int, p Paper) (number int64, err error) {
	err = tx.GetContext(ctx, &number, `SELECT campaigns.log_paper($1, $2, $3, $4, $5, $6, $7)`,
		community, p.EntrySeq, p.What, p.FileID, p.Media, p.Digest, p.AddedBy)
	return number, err
}

const selectPaper = `SELECT number, entry_seq, what, file_id, media, digest, added_by, added_at FROM campaigns.paper WHERE community_id = $1`

// papersOfFile reads where a file was added.
func papersOfFile(ctx context.Context, q sqlx.QueryerContext, community int, file uuid.UUID) (ps []Paper, err error) {
	err = sqlx.SelectContext(ctx, q, &ps, selectPaper+` AND file_id = $2 AND what <> 'withdrawn' ORDER BY number`, community, file)
	return ps, err
}

// ProvePaper makes what anybody needs to check that a paper stands in the signed
// list. ErrNotFound; transparency.ErrNotSealed for a second or so after it came.
func ProvePaper(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, number int64) (ev ledger.Evidence, err error) {
	defer wrap(&err, "campaigns.ProvePaper(%d, %d)", c.ID, number)
	var p Paper
	if err = sqlx.GetContext(ctx, q, &p, selectPaper+` AND number = $2`, c.ID, number); err != nil {
		return ev, err
	}
	newest, err := transparency.Latest(ctx, q, c.ID)
	if errors.Is(err, transparency.ErrNoneSealed) {
		err = transparency.ErrNotSealed
	}
	if err != nil {
		return ev, err
	}
	proof, err := transparency.Papers.Prove(ctx, q, c.ID, number-1, newest)
	return ledger.Evidence{Record: p.Record(c.Slug), Proof: proof}, err
}
