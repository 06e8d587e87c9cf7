package report

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// Ask is what a statement is asked for. It is also what a figure is made of: a cell links to another ask.
type Ask struct {
	Name     string    // of the statement, or EntryName
	From, To time.Time // days; a statement of months widens them
	Fund     string    // code of one fund; empty for all
	Nature   string    // FreeFunds or HeldFunds alone; empty for both
	Accounts []string  // codes of accounts; none for all
	Class    ledger.AccountType
	Flow     string // on a ledger card: only what moved money, Received or Paid
	After    string // on a ledger card: the last row of the page before
	Whole    bool   // not paged: for paper, a workbook, JSON
	Voucher  string // of the entry, where Name is EntryName
	By       string // on a list of gifts: ByGift, ByDonor, ByCampaign, ByWay
	Hidden   bool   // on a list of gifts: without the donors' names
}

// EntryName is the Name of an ask for one entry.
const EntryName = "entry"

// Which funds, and which way money went.
const (
	FreeFunds = "free"
	HeldFunds = "held"
	Received  = "received"
	Paid      = "paid"
)

// What a list of gifts is added up by.
const (
	ByGift     = "gift"
	ByDonor    = "donor"
	ByCampaign = "campaign"
	ByWay      = "way"
)

// Values are the ask as the query of an address: from=2017-01&to=2017-12&fund=elders. Days that are not a month's first
// and last are written whole.
func (a Ask) Values() url.Values {
	v := url.Values{}
	set := func(key, value string) {
		if value != "" {
			v.Set(key, value)
		}
	}
	if !a.From.IsZero() {
		layout := "2006-01"
		if a.From.Day() != 1 || a.To.AddDate(0, 0, 1).Day() != 1 {
			layout = time.DateOnly
		}
		set("from", a.From.Format(layout))
		set("to", a.To.Format(layout))
	}
	set("fund", a.Fund)
	set("nature", a.Nature)
	set("account", strings.Join(a.Accounts, " "))
	set("class", string(a.Class))
	set("flow", a.Flow)
	set("after", a.After)
	set("by", a.By)
	if a.Hidden {
		set("names", "hidden")
	}
	return v
}

// ParseAsk reads the query of an address. Without days it is the year of today, up to its month; days that end before they begin are
// turned round; a year alone (2017) is all of it. What cannot be read is as if it were not there.
func ParseAsk(name string, get func(key string) string, today time.Time) Ask {
	a := Ask{
		Name: name, Fund: get("fund"), Nature: oneOf(get("nature"), FreeFunds, HeldFunds), Flow: oneOf(get("flow"), Received, Paid),
		Accounts: strings.Fields(strings.ReplaceAll(get("account"), ",", " ")), After: get("after"),
		By: oneOf(get("by"), ByGift, ByDonor, ByCampaign, ByWay), Hidden: get("names") == "hidden",
		Class: ledger.AccountType(oneOf(get("class"), "asset", "liability", "net_assets", "income", "expense")),
	}
	from, _, hasFrom := days(get("from"))
	first, to, hasTo := days(get("to"))
	if hasFrom && hasTo && to.Before(from) {
		from = first
		_, to, _ = days(get("from"))
	}
	if !hasTo {
		_, to, _ = days(today.Format("2006-01"))
		if hasFrom && to.Before(from) {
			_, to, _ = days(get("from"))
		}
	}
	if !hasFrom {
		from = ledger.Day(to.Year(), time.January, 1)
	}
	a.From, a.To = from, to
	return a
}

// days are the first and the last day of 2017, 2017-01 or 2017-01-31.
func days(text string) (first, last time.Time, ok bool) {
	if t, err := time.Parse(time.DateOnly, text); err == nil {
		return t, t, inRange(t)
	}
	if t, err := time.Parse("2006-01", text); err == nil {
		return t, t.AddDate(0, 1, -1), inRange(t)
	}
	if t, err := time.Parse("2006", text); err == nil {
		return t, t.AddDate(1, 0, -1), inRange(t)
	}
	return first, last, false
}

// inRange keeps to the years that books can have.
func inRange(t time.Time) bool { return t.Year() >= 1900 && t.Year() <= 9998 }

func oneOf(text string, known ...string) string {
	if slices.Contains(known, text) {
		return text
	}
	return ""
}

// Statement is a kind of statement.
type Statement struct {
	Key   string // its name in addresses: balance-sheet
	Form  string // its number where the standard prescribes the form: 会民非01表
	Title Words
}

// drawing draws one kind of statement.
type drawing func(ctx context.Context, q sqlx.QueryerContext, b scope) (Table, error)

// Draw draws the statement that is asked for as a table; ledger.ErrNotFound for a name, a fund or an account that is
// not there.
func Draw(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, ask Ask) (t Table, err error) {
	defer wrap(&err, "Draw", c)
	i := slices.IndexFunc(drawings, func(d drawn) bool { return d.Key == ask.Name })
	if i < 0 {
		return t, fmt.Errorf("%w: a statement %q", ledger.ErrNotFound, ask.Name)
	}
	covered, err := drawings[i].span(ask)
	if err != nil {
		return t, err
	}
	ask.From, ask.To = covered.From, covered.To
	b, err := readScope(ctx, q, c, ask)
	if err != nil {
		return t, err
	}
	if t, err = drawings[i].draw(ctx, q, b); err != nil {
		return t, err
	}
	stand, err := ledger.Stand(ctx, q, c.ID)
	t.Ask, t.Statement, t.Community, t.Of, t.PreparedFrom = b.Ask, drawings[i].Statement, c, b.of, stand.LastSeq
	return t, err
}

// Statements lists what Draw draws, in the order of an index.
func Statements() []Statement {
	all := make([]Statement, len(drawings))
	for i, d := range drawings {
		all[i] = d.Statement
	}
	return all
}
