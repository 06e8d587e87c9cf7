package pdf

import (
	"time"

	"fund/ledger/money"
)

// Head is what every report says of itself, whatever it is about.
type Head struct {
	Lang       string     // "zh-CN" or "en"
	Community  string     // 安公社区
	Host       string     // the charity whose accounts hold the money
	Number     string     // of the months: "2017-12"
	Period     string     // for the title: "2017 年", "2017"
	From, To   time.Time  // first and last day
	Issued     time.Time  // the moment of drawing; stands as the file's date too
	Ask        string     // where to ask: 打电话 028-0000 0000，社区服务中心一楼
	Checkpoint Checkpoint // that covers every entry told of
}

// ReportDoc is everything the transparency report says about a period. All amounts are yuan; names, memos and lines of
// text are already in the document's language, and donors are already masked. The report adds up nothing but what it
// prints as a sum of its own rows, so whoever fills it in answers for opening + in − out = closing.
type ReportDoc struct {
	Stamp `json:"Stamp"`

	Head

	Opening, Income, Expense, Closing money.Amount // all funds
	ClosingHeld, ClosingFree          money.Amount // the restricted and the unrestricted part of Closing
	Apart                             money.Amount // held for all-or-nothing campaigns, outside the sum; zero hides the line
	Grants                            money.Amount // government money in the period, zero shown
	Other                             money.Amount // adjusted or brought in from other books: part of Closing; zero hides the line

	Sources    []Use // income by source
	Uses       []Use // spending by theme or kind
	Months     []MonthSum
	Campaigns  []CampaignPart
	Projects   []ProjectPart // in the order they are to be printed, themes together
	Votes      Votes
	Hours      Hours
	Funds      []FundPart
	Activities []ActivityRow
	Balance    []BalanceRow
	CashFlow   []CashRow
	Places     []PlaceRow // where the money is at the end
	Entries    []EntryRow
	Reversals  []ReversalRow
}

// Use is a source or a use of money, divided by kind of fund.
type Use struct {
	Name       string
	Free, Held money.Amount // unrestricted, restricted
	Projects   int          // projects in it; 0 when it is no theme
	Served     int          // person-times
	Ref        string       `json:",omitempty"` // where readers see what it is made of, below the community; not drawn
}

// Sum is both kinds together.
func (u Use) Sum() money.Amount { return u.Free.Add(u.Held) }

// MonthSum is one month's income and spending.
type MonthSum struct {
	Month   time.Month
	In, Out money.Amount
}

// CampaignPart is one campaign with its budget.
type CampaignPart struct {
	Title               string
	From, To            time.Time
	Filing              string // filing number of the public appeal; empty when there is none
	Legal               string // campaigns.LegalLine, in the place of the dates and the number
	Held                bool   // raises restricted money
	Goal, Raised, Spent money.Amount
	Givers              int
	Budget              []BudgetRow
	Ref                 string `json:",omitempty"` // where readers see what it is made of, below the community; not drawn
}

// BudgetRow is a line of a campaign's budget, and what gifts have covered of it: lines are filled in their order.
type BudgetRow struct {
	Name          string
	Plan, Covered money.Amount
}

// ProjectPart is one service project and what came of it.
type ProjectPart struct {
	Title    string
	Theme    string
	Council  string       // who agreed: 3 号院议事会
	Agreed   time.Time    // when
	Budget   money.Amount // yuan planned
	Spent    money.Amount // yuan spent in the period
	Served   int          // person-times
	Sessions int
	Held     bool   // paid from restricted money
	Ref      string `json:",omitempty"` // where readers see what it is made of, below the community; not drawn
}

// FundPart is one fund's movement: Opening + In − Out + Moved = Closing.
type FundPart struct {
	Name                             string
	Held                             bool // restricted
	Opening, In, Out, Moved, Closing money.Amount
	Ref                              string `json:",omitempty"` // where readers see what it is made of, below the community; not drawn
}

// ActivityRow is one row of the statement of activities.
type ActivityRow struct {
	Name              string
	Level             int  // 0 is a section's heading or result, 1 an item, 2 an item of an item
	Head              bool // a heading without figures
	Sum               bool // a sum: ruled above
	Last              bool // the final result: on the double rule
	Free, Held, Total money.Amount
	Ref               string `json:",omitempty"` // where readers see what it is made of, below the community; not drawn
}

// BalanceRow is one row of the balance sheet.
type BalanceRow struct {
	Name             string
	Level            int
	Head, Sum, Last  bool // as in ActivityRow
	Opening, Closing money.Amount
	Ref              string `json:",omitempty"` // where readers see what it is made of, below the community; not drawn
}

// CashRow is one row of the cash-flow statement.
type CashRow struct {
	Name            string
	Level           int
	Head, Sum, Last bool // as in ActivityRow
	Amount          money.Amount
	Ref             string `json:",omitempty"` // where readers see what it is made of, below the community; not drawn
}

// PlaceRow is one place where money is: an account of money.
type PlaceRow struct {
	Name   string
	Amount money.Amount
	Ref    string `json:",omitempty"` // where readers see what it is made of, below the community; not drawn
}

// EntryRow is one journal entry as a reader meets it. A reversal is a negative amount in its original column.
type EntryRow struct {
	Date    time.Time
	Number  string // "2017-2186"
	Memo    string // donors masked
	Fund    string
	In, Out money.Amount
}

// ReversalRow is one correction.
type ReversalRow struct {
	Date   time.Time
	Number string // the red entry
	Of     string // the entry it undoes
	Why    string
	Amount money.Amount // negative
}

// Checkpoint is the signed tree head that covers every entry of the report. Without a Text it is left out: no books yet.
type Checkpoint struct {
	Number int64
	At     time.Time
	Text   string // the signed note, line by line, printed as it is
	URL    string // the page that checks it
}
