package audit

import (
	"archive/zip"
	"compress/flate"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"fund/ledger"
	"fund/ledger/export"
	"fund/ledger/report"
	"fund/ledger/transparency"
)

// Scope says what a pack is of.
type Scope struct {
	Community ledger.Community
	Year      int
	Sealed    transparency.Checkpoint // the newest; its moment is the pack's
}

// From is the first day of the year.
func (s Scope) From() time.Time { return ledger.Day(s.Year, time.January, 1) }

// To is the last day of the year.
func (s Scope) To() time.Time { return ledger.Day(s.Year, time.December, 31) }

// At is the pack's moment, on the community's clock.
func (s Scope) At() time.Time { return s.Community.Local(s.Sealed.At) }

// Pack is an auditor's pack being written. Close writes the digests of all that was added.
type Pack struct {
	Scope
	zip    *zip.Writer
	sums   []string
	tables []report.Table // its statements, once they are drawn
}

// SumsName is the file with the digests, as `sha256sum --check` reads it.
const SumsName = "SHA256SUMS"

// NewPack begins a pack.
func NewPack(w io.Writer, s Scope) *Pack {
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	return &Pack{Scope: s, zip: z}
}

// Add writes a file of the pack as it comes. Names are relative, with slashes.
func (p *Pack) Add(name string, write func(w io.Writer) error) error {
	into, err := p.create(name)
	if err != nil {
		return err
	}
	digest := sha256.New()
	if err := write(io.MultiWriter(into, digest)); err != nil {
		return fmt.Errorf("audit: %s: %w", name, err)
	}
	p.sums = append(p.sums, hex.EncodeToString(digest.Sum(nil))+"  "+name+"\n")
	return nil
}

// Row writes a row of a Table.
type Row func(cells ...string) error

// Table writes a file of the pack as a CSV that Excel reads, and in which no text is a formula.
func (p *Pack) Table(name string, headings []string, rows func(row Row) error) error {
	return p.Add(name, func(w io.Writer) error {
		if _, err := io.WriteString(w, "\ufeff"); err != nil {
			return err
		}
		table := csv.NewWriter(w)
		row := func(cells ...string) error {
			for i := range cells {
				cells[i] = export.Inert(cells[i])
			}
			return table.Write(cells)
		}
		if err := row(headings...); err != nil {
			return err
		}
		if err := rows(row); err != nil {
			return err
		}
		table.Flush()
		return table.Error()
	})
}

// AddText writes a file of the pack from a text.
func (p *Pack) AddText(name, text string) error {
	return p.Add(name, func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}

// Close ends the pack.
func (p *Pack) Close() error {
	into, err := p.create(SumsName)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(into, strings.Join(p.sums, "")); err != nil {
		return err
	}
	return p.zip.Close()
}

func (p *Pack) create(name string) (io.Writer, error) {
	method := zip.Deflate
	if slices.Contains([]string{".pdf", ".xlsx", ".jpg"}, path.Ext(name)) { // packed already
		method = zip.Store
	}
	return p.zip.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: p.At()})
}
