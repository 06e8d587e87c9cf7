package campaigns

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"image/jpeg"
	"io"
	"regexp"
	"slices"
)

// What ReadPDF refuses.
var (
	ErrPDFBroken = errors.New("campaigns: the PDF file does not begin or end as one, or cannot be looked through")
	ErrPDFLocked = errors.New("campaigns: the PDF file is encrypted")
	ErrPDFActive = errors.New("campaigns: the PDF file does more than show pages")
	ErrPDFPages  = errors.New("campaigns: the PDF file has no pages or too many")
)

const (
	pdfPagesMax    = 60
	pdfUnfoldedMax = 32 << 20 // of all its object streams together
	scanWidthMin   = 400      // of a picture that may be a scanned page
)

// forbidden are the names that no paper needs (ISO 32000-1, 12.6 and 7.11.4):
// programs, what starts by itself, and files within the file.
var forbidden = []pdfName{"JS", "JavaScript", "Launch", "EmbeddedFile", "OpenAction", "RichMedia", "XFA"}

// forbiddenKeys are refused as keys of a dictionary: actions that start by
// themselves, and the file in a file specification.
var forbiddenKeys = []pdfName{"AA", "EF"}

// PDF is a PDF file that was looked through and found to show pages and nothing
// else.
type PDF struct {
	Pages int
	Scans [][]byte // its larger JPEG pictures as they stand in it: the pages, where it was scanned
}

// ReadPDF looks a file through: every object and object stream of it, also those
// that no page leads to. ErrPDFBroken, ErrPDFLocked, ErrPDFActive, ErrPDFPages.
func ReadPDF(file []byte) (p PDF, err error) {
	tail := file[max(0, len(file)-1024):]
	if !bytes.HasPrefix(file, []byte("%PDF-1.")) && !bytes.HasPrefix(file, []byte("%PDF-2.")) || !bytes.Contains(tail, []byte("%%EOF")) {
		return p, ErrPDFBroken
	}
	l := pdfLook{pdf: &p, room: pdfUnfoldedMax}
	if err = l.through(file, true); err != nil {
		return p, err
	}
	if p.Pages < 1 || p.Pages > pdfPagesMax {
		return p, fmt.Errorf("%w: %d", ErrPDFPages, p.Pages)
	}
	return p, nil
}

// pdfLook is one look through a file.
type pdfLook struct {
	pdf  *PDF
	room int64 // bytes that may still be unfolded
}

// hiddenObject is how an object begins. Within a stream nobody looks for one,
// but a reader that is led there finds it.
var hiddenObject = regexp.MustCompile(`\d\s+\d+\s+obj\b`)

// through reads all objects of a text; streams follow some of them in a file,
// and never in an object stream.
func (l *pdfLook) through(text []byte, streams bool) error {
	r := &pdfReader{text: text}
	var last pdfDict
	for {
		v, err := r.value(0)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch v := v.(type) {
		case pdfDict:
			last = v
			if v["Type"] == pdfName("Page") {
				l.pdf.Pages++
			}
			continue
		case pdfWord:
			if v == "stream" && last != nil && streams {
				body, err := r.stream(last)
				if err == nil {
					err = l.stream(last, body)
				}
				if err != nil {
					return err
				}
			}
		}
		last = nil
	}
}

func (l *pdfLook) stream(d pdfDict, body []byte) error {
	if hiddenObject.Match(body) {
		return fmt.Errorf("%w: an object within a stream", ErrPDFActive)
	}
	filters := d.names("Filter")
	_, first := d["First"]
	if _, n := d["N"]; d["Type"] == pdfName("ObjStm") || n && first {
		return l.objects(d, filters, body)
	}
	if d["Subtype"] == pdfName("Image") && slices.Equal(filters, []pdfName{"DCTDecode"}) && len(l.pdf.Scans) < pdfPagesMax {
		if size, err := jpeg.DecodeConfig(bytes.NewReader(body)); err == nil && size.Width >= scanWidthMin && size.Height >= scanWidthMin {
			l.pdf.Scans = append(l.pdf.Scans, body)
		}
	}
	return nil
}

// objects unfolds an object stream and looks it through.
func (l *pdfLook) objects(d pdfDict, filters []pdfName, body []byte) error {
	_, parameters := d["DecodeParms"]
	switch {
	case len(filters) == 0:
	case parameters || len(filters) != 1 || filters[0] != "FlateDecode" && filters[0] != "Fl":
		return fmt.Errorf("%w: objects behind %v", ErrPDFBroken, filters)
	default:
		unfold, err := zlib.NewReader(bytes.NewReader(body))
		if err != nil {
			return errors.Join(ErrPDFBroken, err)
		}
		text, err := io.ReadAll(io.LimitReader(unfold, l.room+1))
		if l.room -= int64(len(text)); l.room < 0 || err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return errors.Join(ErrPDFBroken, err)
		}
		body = text
	}
	return l.through(body, false)
}
