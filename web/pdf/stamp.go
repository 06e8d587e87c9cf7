package pdf

import "time"

// Stamp is what an issued report carries: its number, and what was put right since the one before. It is zero on a draft.
type Stamp struct {
	Serial      string       // "2026-014"; empty: a draft, without a number and without a code
	Version     int          // 2 and on: a correction
	Note        string       // of a correction: what changed, in the document's language
	On          time.Time    // the day of issue
	URL         string       // of the report's own page; in the QR code
	Corrections []Correction // published since the last report of this kind
}

// Correction is a published report that was put right.
type Correction struct {
	Serial      string
	Version     int
	Title, Note string // of the report; what changed
	On          time.Time
}

// Issue gives a report its stamp.
func (s *Stamp) Issue(stamp Stamp) { *s = stamp }
