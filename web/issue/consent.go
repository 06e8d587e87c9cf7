package issue

import (
	"time"

	"fund/campaigns/council"
	"fund/web/pdf"
)

// decided reads what the councils decided and the hours that neighbours gave in the period.
func (b *books) decided() error {
	y := Year{Year: b.from.Year()}
	if err := y.votes(b, b.q, b.c, b.from, b.to); err != nil {
		return err
	}
	if err := y.hours(b, b.q, b.c, b.from, b.to); err != nil {
		return err
	}
	b.doc.Votes = pdf.Votes{Councils: y.Votes.Councils, Passed: y.Votes.Passed, Failed: y.Votes.Failed, Amount: y.Votes.Amount}
	for _, m := range y.Votes.Motions {
		part := pdf.MotionPart{
			Council: m.By(string(b.lang)), Serial: m.Serial, Title: m.Title(string(b.lang)), On: b.lang.Date(m.On), For: m.For, Against: m.Against, Abstained: m.Abstained,
			Passed: m.Outcome == council.Passed, Ref: "/councils/" + m.Council + "/motions/" + m.Serial,
		}
		if m.Amount != nil {
			part.Amount = *m.Amount
		}
		b.doc.Votes.Motions = append(b.doc.Votes.Motions, part)
	}
	b.doc.Hours = pdf.Hours{Minutes: y.Hours.Minutes, Times: y.Hours.Times, People: y.Hours.People, PassedOn: y.Hours.PassedOn}
	if y.Hours.Minutes > 0 {
		for _, m := range y.Hours.Months {
			b.doc.Hours.Months = append(b.doc.Hours.Months, pdf.HourMonth{Month: b.lang.ShortMonth(time.Month(m.Month)), Help: m.Help, Shift: m.Shift})
		}
	}
	return nil
}
