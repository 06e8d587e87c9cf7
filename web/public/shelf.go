package public

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns/disclosure"
	"fund/campaigns/publication"
	"fund/ledger"
	"fund/web/i18n"
	"fund/web/issue"
	"fund/web/page"
)

// shelfYear are the reports that were issued in one year.
type shelfYear struct {
	Year  int
	Kinds []shelfKind
}

// shelfKind are those of one kind, the latest months first.
type shelfKind struct {
	Kind  disclosure.Kind
	Title string
	Rows  []shelfRow
}

// shelfRow is an issued report on the shelf.
type shelfRow struct {
	disclosure.Drawn
	Subject string
	Files   []shelfFile
	Sheet   string // the serial of the notice board's sheet of the same months; empty where none is issued
	Late    string // after the law's last day, in words
}

// shelfFile is a report's PDF in one language.
type shelfFile struct {
	Lang  i18n.Lang
	Pages int
	Size  string
}

// shelf sorts what was issued by year and kind; what the law asked for and was written by hand is told apart.
func (b books) shelf() (years []shelfYear, others []disclosedRow, err error) {
	all, err := disclosure.Shelf(b, b.q, b.ID)
	sheets := map[string]string{}
	for _, d := range all {
		if d.Content.Kind == publication.Sheet {
			sheets[months(d.Document)] = d.Serial()
		}
	}
	for _, d := range all {
		if !d.Content.Issued {
			others = append(others, disclosedRowOf(b.r.Lang, d.Document))
			continue
		}
		row := shelfRow{Drawn: d, Subject: d.Title(string(b.r.Lang)), Files: filesOf(d.Drawings)}
		if d.Content.Kind == publication.Fund {
			row.Sheet = sheets[months(d.Document)]
		}
		if days := d.DaysLate(); days > 0 {
			row.Late = b.r.T("law.doc.late", "count", days)
		}
		years = put(years, row, issue.DisclosureTitle(b.r.Lang, d.Content.Kind))
	}
	for _, year := range years {
		slices.SortStableFunc(year.Kinds, func(x, y shelfKind) int {
			return cmp.Compare(slices.Index(publication.Kinds, x.Kind), slices.Index(publication.Kinds, y.Kind))
		})
		for _, kind := range year.Kinds {
			slices.SortStableFunc(kind.Rows, func(x, y shelfRow) int { return y.Content.Until.Compare(x.Content.Until) })
		}
	}
	return years, others, err
}

// put puts a report, which is not newer than those before it, on the shelf.
func put(years []shelfYear, row shelfRow, title string) []shelfYear {
	if n := len(years); n == 0 || years[n-1].Year != row.Year {
		years = append(years, shelfYear{Year: row.Year})
	}
	year := &years[len(years)-1]
	i := slices.IndexFunc(year.Kinds, func(k shelfKind) bool { return k.Kind == row.Content.Kind })
	if i < 0 {
		i, year.Kinds = len(year.Kinds), append(year.Kinds, shelfKind{Kind: row.Content.Kind, Title: title})
	}
	year.Kinds[i].Rows = append(year.Kinds[i].Rows, row)
	return years
}

func months(d disclosure.Document) string {
	return publication.Of(d.Content.Kind, d.Content.From, d.Content.Until).Period()
}

func filesOf(drawings []disclosure.Drawing) (files []shelfFile) {
	for _, d := range drawings {
		files = append(files, shelfFile{i18n.Lang(d.Lang), d.Pages, sizeOf(d.Bytes)})
	}
	return files
}

// sizeOf writes a file's size as people read it: 86 KB, 1.2 MB.
func sizeOf(n int) string {
	if n < 1_000_000 {
		return fmt.Sprintf("%d KB", (n+999)/1000)
	}
	return fmt.Sprintf("%d.%d MB", n/1_000_000, n/100_000%10)
}

// issuedView is an issued report as a page, with how to check it.
type issuedView struct {
	disclosure.Document
	Title    string
	Subject  string
	At       issue.At
	Reading  issue.Reading
	Files    []issuedFile
	ValueSum string // of the value in the reader's language
	Same     bool   // this program draws it again byte for byte
	Note     string // of a correction, in the reader's language
	Versions []disclosure.Document
	Key      string // of the log: who signed the checkpoint
	Sealed   bool   // it stands on a checkpoint
}

// issuedFile is its PDF in one language.
type issuedFile struct {
	shelfFile
	Sum string // SHA-256 in hexadecimal
}

// issued reads an issued report in the reader's language.
func (p *Pages) issued(c *fiber.Ctx, d disclosure.Document, community ledger.Community) (v issuedView, err error) {
	r := page.Of(c)
	v = issuedView{
		Document: d, Title: issue.DisclosureTitle(r.Lang, d.Content.Kind), Subject: d.Title(string(r.Lang)), At: issue.At(r.URL("")), Note: d.Corrects(string(r.Lang)),
		Key: p.Key.Public(), Sealed: d.Content.Signed != "",
	}
	drawings, err := disclosure.Drawings(c.UserContext(), p.Read, community.ID, d)
	if err != nil {
		return v, err
	}
	for i, file := range filesOf(drawings) {
		v.Files = append(v.Files, issuedFile{file, hex.EncodeToString(drawings[i].PDFSum)})
	}
	one, err := disclosure.FindDrawing(c.UserContext(), p.Read, community.ID, d, string(r.Lang))
	if err != nil {
		return v, err
	}
	v.ValueSum = hex.EncodeToString(one.ValueSum)
	if v.Reading, err = issue.Read(d.Content.Kind, one.Value); err != nil {
		return v, err
	}
	if v.Same, err = p.drawsTheSame(c.UserContext(), community, d, one); err != nil {
		return v, err
	}
	if d.Versions > 1 {
		v.Versions, err = disclosure.Versions(c.UserContext(), p.Read, community.ID, d.Year, d.Number)
	}
	return v, err
}

// redrawnKey is an issued drawing that this program has drawn again.
type redrawnKey struct {
	community, year, number, version int
	lang                             string
}

// redrawnKept is how many digests are remembered, of 32 bytes each.
const redrawnKept = 4096

// drawsTheSame draws an issued report again, once as long as this program runs, and compares.
func (p *Pages) drawsTheSame(ctx context.Context, community ledger.Community, d disclosure.Document, one disclosure.Drawing) (bool, error) {
	sum, err := p.redrawn.get(redrawnKey{community.ID, d.Year, d.Number, d.Version, one.Lang}, redrawnKept, func() ([]byte, error) {
		again, err := issue.Redraw(ctx, p.Read, community, d, one.Value)
		sum := sha256.Sum256(again)
		return sum[:], err
	})
	return bytes.Equal(sum, one.PDFSum), err
}

// DocumentValue is what an issued report was drawn from, as JSON, in the language ?lang=.
func (p *Pages) DocumentValue(c *fiber.Ctx) error {
	d, community, err := p.documentHere(c)
	if err != nil {
		return err
	}
	lang := docLang(c)
	one, err := disclosure.FindDrawing(c.UserContext(), p.Read, community.ID, d, string(lang))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf(`attachment; filename="%s-%s-%d.%s.json"`, community.Slug, d.Serial(), d.Version, lang))
	return c.Send(one.Value)
}

// sendIssued answers with the PDF as it was issued; done is false for a document that was published before drawings were kept.
func (p *Pages) sendIssued(c *fiber.Ctx, d disclosure.Document, community ledger.Community, lang i18n.Lang) (done bool, err error) {
	one, err := disclosure.FindDrawing(c.UserContext(), p.Read, community.ID, d, string(lang))
	if errors.Is(err, disclosure.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	tag := `"` + hex.EncodeToString(one.PDFSum[:16]) + `"`
	c.Set(fiber.HeaderETag, tag)
	c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	if strings.Contains(c.Get(fiber.HeaderIfNoneMatch), tag) {
		return true, c.SendStatus(fiber.StatusNotModified)
	}
	return true, page.SendPDF(c, documentFile(community, d, lang), one.PDF)
}

// documentFile is what a document's PDF is called when it is saved, without its ending.
func documentFile(community ledger.Community, d disclosure.Document, lang i18n.Lang) string {
	return fmt.Sprintf("%s-%s-%d.%s", community.Slug, d.Serial(), d.Version, lang)
}
