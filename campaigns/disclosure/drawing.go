package disclosure

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
)

// Drawing is a published document as it was drawn in one language, with the value it was drawn from. The database adds up the
// digests itself.
type Drawing struct {
	Lang     string `db:"lang"`
	Value    []byte `db:"value"` // JSON; nil in a list
	ValueSum []byte `db:"value_sha256"`
	Pages    int    `db:"pages"`
	PDF      []byte `db:"pdf"` // nil in a list
	PDFSum   []byte `db:"pdf_sha256"`
	Bytes    int    `db:"bytes"` // of the PDF
}

// KeepDrawings keeps what a document was drawn from and what was drawn, in the database transaction that publishes it; nothing
// can be added to it later (ledger.ErrImmutable).
func KeepDrawings(ctx context.Context, tx *sqlx.Tx, community int, d Document, drawings []Drawing) (err error) {
	defer wrap(&err, "disclosure.KeepDrawings(%d, %s)", community, d.Serial())
	for _, one := range drawings {
		_, err = tx.ExecContext(ctx, `
			INSERT INTO disclosure.drawing (community_id, year, number, version, lang, value, pages, pdf) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			community, d.Year, d.Number, d.Version, one.Lang, one.Value, one.Pages, one.PDF)
		if err != nil {
			return err
		}
	}
	return nil
}

// Drawings lists a document's drawings, the Chinese one first, without their bytes.
func Drawings(ctx context.Context, q sqlx.QueryerContext, community int, d Document) (list []Drawing, err error) {
	defer wrap(&err, "disclosure.Drawings(%d, %s)", community, d.Serial())
	err = sqlx.SelectContext(ctx, q, &list, `
		SELECT lang, value_sha256, pages, pdf_sha256, length(pdf) AS bytes FROM disclosure.drawing
		 WHERE community_id = $1 AND year = $2 AND number = $3 AND version = $4 ORDER BY lang DESC`, community, d.Year, d.Number, d.Version)
	return list, err
}

// FindDrawing reads one drawing with its bytes; ErrNotFound for a document that was published before drawings were kept.
func FindDrawing(ctx context.Context, q sqlx.QueryerContext, community int, d Document, lang string) (one Drawing, err error) {
	defer wrap(&err, "disclosure.FindDrawing(%d, %s, %s)", community, d.Serial(), lang)
	var list []Drawing
	err = sqlx.SelectContext(ctx, q, &list, `
		SELECT lang, value, value_sha256, pages, pdf, pdf_sha256, length(pdf) AS bytes FROM disclosure.drawing
		 WHERE community_id = $1 AND year = $2 AND number = $3 AND version = $4 AND lang = $5`, community, d.Year, d.Number, d.Version, lang)
	if err == nil && len(list) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return one, err
	}
	return list[0], nil
}

// FindByDigest reads the document of which somebody holds the PDF, by the PDF's SHA-256; ErrNotFound.
func FindByDigest(ctx context.Context, q sqlx.QueryerContext, community int, sum []byte) (d Document, lang string, err error) {
	defer wrap(&err, "disclosure.FindByDigest(%d)", community)
	var found []struct {
		Year, Number, Version int
		Lang                  string
	}
	err = sqlx.SelectContext(ctx, q, &found, `SELECT year, number, version, lang FROM disclosure.drawing WHERE community_id = $1 AND pdf_sha256 = $2`, community, sum)
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return d, "", err
	}
	d, err = Find(ctx, q, community, found[0].Year, found[0].Number, found[0].Version)
	return d, found[0].Lang, err
}

// Drawn is a published document with what a shelf shows of its drawings.
type Drawn struct {
	Document
	Drawings []Drawing // without their bytes; none where it was published before they were kept
}

// Shelf reads the newest version of every document with its drawings, the newest document first.
func Shelf(ctx context.Context, q sqlx.QueryerContext, community int) (shelf []Drawn, err error) {
	defer wrap(&err, "disclosure.Shelf(%d)", community)
	documents, err := Published(ctx, q, community)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		Drawing
		Year, Number, Version int
	}
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT year, number, version, lang, value_sha256, pages, pdf_sha256, length(pdf) AS bytes FROM disclosure.drawing
		 WHERE community_id = $1 ORDER BY lang DESC`, community)
	drawings := map[[3]int][]Drawing{}
	for _, r := range rows {
		key := [3]int{r.Year, r.Number, r.Version}
		drawings[key] = append(drawings[key], r.Drawing)
	}
	for _, d := range documents {
		shelf = append(shelf, Drawn{d, drawings[[3]int{d.Year, d.Number, d.Version}]})
	}
	return shelf, err
}

// CorrectedSince lists the corrections that were published since the last document of a kind, but for those of the document of
// a key, the latest first: the next document of the kind tells of them.
func CorrectedSince(ctx context.Context, q sqlx.QueryerContext, community int, kind Kind, key string, until time.Time) (list []Document, err error) {
	defer wrap(&err, "disclosure.CorrectedSince(%d, %s)", community, kind)
	err = sqlx.SelectContext(ctx, q, &list, selectDocument+`
		   AND d.version > 1 AND d.duty <> $3 AND d.published_at <= $4
		   AND d.published_at > coalesce((SELECT max(x.published_at) FROM disclosure.document x
		         WHERE x.community_id = d.community_id AND x.content->>'kind' = $2 AND x.duty <> $3 AND x.version = 1 AND x.published_at < $4), '-infinity')
		 ORDER BY d.published_at DESC`, community, kind, key, until)
	return list, err
}

// EntriesSince counts the entries dated in some days that were posted after an entry: what was said of those days then is no
// longer what the books say.
func EntriesSince(ctx context.Context, q sqlx.QueryerContext, community int, seq int64, from, until time.Time) (n int, err error) {
	defer wrap(&err, "disclosure.EntriesSince(%d, %d)", community, seq)
	err = sqlx.GetContext(ctx, q, &n, `
		SELECT count(*) FROM ledger.journal_entry
		 WHERE community_id = $1 AND seq > $2 AND entry_date BETWEEN $3 AND $4 AND kind <> 'year_end'`, community, seq, day(from), day(until))
	return n, err
}
