package campaigns

// Lack is something that a public appeal still needs before it may be shown.
type Lack string

// What can be lacking, in the order in which the form asks for it.
const (
	LacksHost        Lack = "host"
	LacksCertificate Lack = "certificate"
	LacksFiling      Lack = "filing_number"
	LacksFilingDate  Lack = "filed_on"
	LacksTenDays     Lack = "ten_days" // filed, but less than ten days before the start
)

// daysFiled is how long before its start a public appeal has to be filed (慈善法
// 2024 Art. 26).
const daysFiled = 10

// Lacks says what keeps the campaign from being shown to the public: why
// Publish would refuse it with ErrNotPublic. Campaigns that make no public
// appeal lack nothing.
func (c Campaign) Lacks() (lacks []Lack) {
	if c.Basis != PublicBasis {
		return nil
	}
	if c.HostID == nil {
		lacks = append(lacks, LacksHost)
	}
	if c.Certificate == "" {
		lacks = append(lacks, LacksCertificate)
	}
	if c.FilingNumber == "" {
		lacks = append(lacks, LacksFiling)
	}
	switch {
	case c.FiledOn == nil:
		lacks = append(lacks, LacksFilingDate)
	case c.StartsOn.Before(c.FiledOn.AddDate(0, 0, daysFiled)):
		lacks = append(lacks, LacksTenDays)
	}
	return lacks
}
