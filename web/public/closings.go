package public

import (
	"fund/ledger"
	"fund/ledger/reconcile"
	"fund/web/issue"
)

// reportMonth is a month as the list of reports shows it: with who opened it again and why, what it was closed without, and
// which reconciliations were taken back.
type reportMonth struct {
	ledger.Period
	Reopened []ledger.Reopening
	Undone   []reconcile.Undone // reconciliations with the bank that were taken back
	Waived   []waivedLine
}

// waivedLine is something that was left to do when a month was closed, and the reason that was given.
type waivedLine struct{ Title, Why string }

// tellClosings adds to the months how they were closed and opened again.
func (b books) tellClosings(years []reportYear) error {
	requests, err := ledger.ListReopenings(b, b.q, b.ID)
	if err != nil {
		return err
	}
	undone, err := reconcile.ListUndone(b, b.q, b.ID)
	if err != nil {
		return err
	}
	closings, err := ledger.ListClosings(b, b.q, b.ID, ledger.Day(1900, 1, 1), ledger.Day(9999, 12, 1))
	for _, year := range years {
		for i := range year.Months {
			m := &year.Months[i]
			for _, r := range requests {
				if r.AgreedAt != nil && r.Month.Equal(m.Month) {
					m.Reopened = append(m.Reopened, r)
				}
			}
			for _, u := range undone {
				if ledger.MonthOf(u.Through).Equal(m.Month) {
					m.Undone = append(m.Undone, u)
				}
			}
			for _, c := range closings {
				if c.Month.Equal(m.Month) && m.ClosedAt != nil && c.ClosedAt.Equal(*m.ClosedAt) {
					for _, item := range c.Waived() {
						title, _ := issue.CloseLine(b.r.Lang, item)
						m.Waived = append(m.Waived, waivedLine{title, item.Why})
					}
				}
			}
		}
	}
	return err
}
