package campaigns

import (
	"regexp"
	"time"
	"unicode/utf8"
)

// LackCode names something that a public appeal still needs before it may be shown.
type LackCode string

// What can be lacking, in the order in which somebody would mend it.
const (
	LacksHost             LackCode = "host"
	LacksCertificate      LackCode = "certificate"       // the campaign or its host has no number, or another one
	LacksCertificateDates LackCode = "certificate_dates" // nobody wrote down from when until when it is valid
	CertificateEnds       LackCode = "certificate_ends"  // it is not valid on all days of the campaign
	LacksFiling           LackCode = "filing_number"
	FilingForm            LackCode = "filing_form" // does not look like a filing number
	LacksFilingDate       LackCode = "filed_on"
	FiledAhead            LackCode = "filed_ahead"   // filed on a day that has not come
	StartsTooSoon         LackCode = "starts_soon"   // less than ten days after the filing
	ClockRuns             LackCode = "clock"         // the ten days are not over: wait
	LacksFiledDates       LackCode = "filed_dates"   // nobody wrote down the days of the filed plan
	OutsideFiled          LackCode = "outside_filed" // the campaign's days are not within them
)

// Lack is one thing that a public appeal lacks, with the days that explain it.
type Lack struct {
	Code LackCode
	// Where it is mended: a field of the campaign's form, "hosts" for the page of hosts, "wait" where only time helps.
	Where       string
	From, Until time.Time // the certificate's or the filing's days, where Code speaks of them
	Earliest    time.Time // when the campaign may start and be shown, where Code is about the ten days
}

// daysFiled is how long before its start a public appeal has to be filed (慈善法 2024 Art. 26).
const daysFiled = 10

// Earliest is the first day on which the campaign may start, ten days after
// its filing; ok is false while nothing is filed.
func (c Campaign) Earliest() (day time.Time, ok bool) {
	if c.FiledOn == nil {
		return day, false
	}
	return c.FiledOn.AddDate(0, 0, daysFiled), true
}

// Lacks is the publish gate: everything that keeps the campaign from being
// shown to the public on a day, under its host. Publish refuses the same with
// ErrNotPublic. Campaigns that make no public appeal lack nothing.
func (c Campaign) Lacks(host Host, today time.Time) (lacks []Lack) {
	if c.Basis != PublicBasis {
		return nil
	}
	return append(c.lacksHost(host), c.lacksFiling(today)...)
}

func (c Campaign) lacksHost(host Host) (lacks []Lack) {
	switch {
	case c.HostID == nil:
		return []Lack{{Code: LacksHost, Where: "host"}}
	case host.Certificate == "":
		lacks = append(lacks, Lack{Code: LacksCertificate, Where: "hosts"})
	case c.Certificate != host.Certificate:
		lacks = append(lacks, Lack{Code: LacksCertificate, Where: "certificate"})
	}
	switch from, until := host.CertificateFrom, host.CertificateUntil; {
	case from == nil || until == nil:
		lacks = append(lacks, Lack{Code: LacksCertificateDates, Where: "hosts"})
	case from.After(c.StartsOn) || until.Before(c.EndsOn):
		lacks = append(lacks, Lack{Code: CertificateEnds, Where: "hosts", From: *from, Until: *until})
	}
	return lacks
}

func (c Campaign) lacksFiling(today time.Time) (lacks []Lack) {
	switch {
	case c.FilingNumber == "":
		lacks = append(lacks, Lack{Code: LacksFiling, Where: "filing_number"})
	case !IsFilingNumber(c.FilingNumber):
		lacks = append(lacks, Lack{Code: FilingForm, Where: "filing_number"})
	}
	earliest, filed := c.Earliest()
	switch {
	case !filed:
		lacks = append(lacks, Lack{Code: LacksFilingDate, Where: "filed_on"})
	case c.FiledOn.After(today):
		lacks = append(lacks, Lack{Code: FiledAhead, Where: "filed_on", Earliest: earliest})
	case c.StartsOn.Before(earliest):
		lacks = append(lacks, Lack{Code: StartsTooSoon, Where: "starts_on", Earliest: earliest})
	case c.State == Draft && today.Before(earliest):
		lacks = append(lacks, Lack{Code: ClockRuns, Where: "wait", Earliest: earliest})
	}
	switch {
	case c.FiledFrom == nil || c.FiledUntil == nil:
		lacks = append(lacks, Lack{Code: LacksFiledDates, Where: "filed_from"})
	case c.StartsOn.Before(*c.FiledFrom) || c.EndsOn.After(*c.FiledUntil):
		lacks = append(lacks, Lack{Code: OutsideFiled, Where: "filed_from", From: *c.FiledFrom, Until: *c.FiledUntil})
	}
	return lacks
}

var filingForm = regexp.MustCompile(`^[0-9A-Za-z一-龥〔〕（）()\[\] -]+$`)

// IsFilingNumber tells whether a text looks like a 备案编号: 6 to 40 characters,
// at least four digits among them, as 53510000MJQ1234567A26001 or 川民募备〔2026〕18号.
func IsFilingNumber(number string) bool {
	digits := 0
	for _, r := range number {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	n := utf8.RuneCountInString(number)
	return n >= 6 && n <= 40 && digits >= 4 && filingForm.MatchString(number)
}
