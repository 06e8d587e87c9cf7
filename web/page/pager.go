package page

// Pager is which page of a long list is shown, and of how many. A list embeds it and says how a page's address is made.
type Pager struct{ Page, Pages int }

// NewPager is the page that an address asks for, the first where it asks for none, of a list of so many rows.
func NewPager(asked, rows, each int) Pager {
	return Pager{max(asked, 1), max(1, (rows+each-1)/each)}
}

// Before is the page before this one, 0 on the first.
func (p Pager) Before() int { return p.Page - 1 }

// Next is the page after this one, 0 on the last.
func (p Pager) Next() int {
	if p.Page >= p.Pages {
		return 0
	}
	return p.Page + 1
}
