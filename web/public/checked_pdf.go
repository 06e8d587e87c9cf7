package public

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"fund/campaigns/disclosure"
	"fund/campaigns/receipt"
	"fund/web/issue"
	"fund/web/pdf"
)

// The links that our documents carry in their bytes: a receipt's own page, a report's.
var (
	receiptLink  = regexp.MustCompile(`/URI \(https?://[^()\s]*/([rs])/([A-Za-z0-9_-]{16,64})\)`)
	documentLink = regexp.MustCompile(`/URI \(https?://[^()\s]*/c/([a-z0-9-]+)/documents/(\d{4})-(\d{1,6})(?:/(\d{1,4}))?\)`)
)

// pdf checks a document: a report against what was issued, a receipt against what is drawn from the books.
func (k check) pdf(file []byte) error {
	sum := sha256.Sum256(file)
	k.step("ok", "file", "digest", hex.EncodeToString(sum[:8]))
	issued, _, err := disclosure.FindByDigest(k, k.q, k.ID, sum[:])
	if err == nil {
		return k.report(issued)
	}
	if !errors.Is(err, disclosure.ErrNotFound) {
		return err
	}
	if link := receiptLink.FindSubmatch(file); link != nil {
		return k.receipt(file, string(link[1]), string(link[2]))
	}
	if link := documentLink.FindSubmatch(file); link != nil && string(link[1]) == k.Slug {
		return k.otherReport(link)
	}
	k.v.Kind, k.v.Verdict = "unknown", "unknown"
	return nil
}

// report is a file that is byte for byte one that was issued.
func (k check) report(d disclosure.Document) error {
	k.v.Kind, k.v.Verdict, k.v.Link = "report", "true", k.below("/documents/"+d.Serial()+"/"+strconv.Itoa(d.Version))
	k.v.Subject = k.r.T("check.report", "serial", d.Serial(), "title", d.Title(string(k.r.Lang)))
	k.step("ok", "issued", "serial", d.Serial(), "day", k.r.Lang.Date(d.PublishedOn))
	if d.Version < d.Versions {
		k.v.Verdict = "old"
		k.step("skip", "corrected", "version", d.Versions)
	}
	return nil
}

// otherReport says that it is one of ours, and was issued with other bytes.
func (k check) otherReport(link [][]byte) error {
	serial := string(link[2]) + "-" + string(link[3])
	k.v.Kind, k.v.Subject, k.v.Link = "report", k.r.T("check.report", "serial", serial, "title", ""), k.below("/documents/"+serial)
	k.step("bad", "issued", "serial", serial)
	return nil
}

// receipt draws the receipt that a file's link names once more, with our own address, and compares: a file whose code leads
// elsewhere is not ours, whatever else it says.
func (k check) receipt(file []byte, series, token string) error {
	k.v.Kind, k.v.Verdict = "receipt", "true"
	draw, serial, inBooks, err := k.drawings(series, token)
	if errors.Is(err, receipt.ErrNotFound) {
		k.step("bad", "known")
		return nil
	}
	if err != nil {
		return err
	}
	k.v.Subject, k.v.Link = k.r.T("check.receipt", "number", serial), "/"+series+"/"+token
	same := ""
	for _, d := range draw {
		var again bytes.Buffer
		if err := d.draw(&again); err != nil {
			return err
		}
		if bytes.Equal(again.Bytes(), file) {
			same = d.state
			break
		}
	}
	if same == "old" {
		k.v.Verdict = "old"
		k.step("skip", "redrawn", "number", serial)
	} else if !k.that(same != "", "redrawn", "number", serial) {
		return nil
	}
	return inBooks()
}

// drawnAs is one way in which a receipt may have been drawn.
type drawnAs struct {
	draw  func(io.Writer) error
	state string // ok; or old, before it was undone
}

// drawings are all the ways of a receipt: in both languages, and before it was undone.
func (k check) drawings(series, token string) (all []drawnAs, serial string, inBooks func() error, err error) {
	if series == "s" {
		return k.saleDrawings(token)
	}
	f, err := issue.FindReceipt(k, k.q, token)
	if err == nil && f.Community.ID != k.ID {
		err = receipt.ErrNotFound
	}
	if err != nil {
		return nil, "", nil, err
	}
	for _, lang := range issue.Languages {
		doc := f.Doc(lang, k.site)
		all = append(all, drawnAs{func(w io.Writer) error { return pdf.Receipt(w, doc) }, "ok"})
		if before := doc; doc.Reversal != nil {
			before.Reversal = nil
			all = append(all, drawnAs{func(w io.Writer) error { return pdf.Receipt(w, before) }, "old"})
		}
	}
	return all, f.Receipt.Serial(), func() error { return k.inBooks(f) }, nil
}

func (k check) saleDrawings(token string) (all []drawnAs, serial string, inBooks func() error, err error) {
	f, err := issue.FindSale(k, k.q, token)
	if err == nil && f.Community.ID != k.ID {
		err = receipt.ErrNotFound
	}
	if err != nil {
		return nil, "", nil, err
	}
	for _, lang := range issue.Languages {
		doc := f.Doc(lang, k.site)
		for _, draw := range []func(w io.Writer) error{
			func(w io.Writer) error { return pdf.SaleReceipt(w, doc) },
			func(w io.Writer) error { return pdf.SaleRoll(w, doc, 58) }, func(w io.Writer) error { return pdf.SaleRoll(w, doc, 80) },
		} {
			all = append(all, drawnAs{draw, "ok"})
		}
	}
	return all, f.Receipt.Serial(), func() error { return k.bookedEntry(f.Receipt, f.Booked(), "/s/") }, nil
}

// subjectOf is what an entry's source is about: `donation:<uuid>`.
func subjectOf(source string) (uuid.UUID, error) {
	_, id, _ := strings.Cut(source, ":")
	return uuid.Parse(id)
}

// scanned is where a QR code of ours leads: a receipt, a report, a campaign. Codes of others lead nowhere.
func scanned(text string) (path string, ok bool) {
	to, err := url.Parse(strings.TrimSpace(text))
	if err != nil || to.Scheme != "http" && to.Scheme != "https" || !ownPath.MatchString(to.Path) {
		return "", false
	}
	return to.Path, true
}

var ownPath = regexp.MustCompile(`^/(?:[rs]/[A-Za-z0-9_-]{16,64}|[cg]/[a-z0-9-]+(?:/[A-Za-z0-9_-]+)*)$`)
