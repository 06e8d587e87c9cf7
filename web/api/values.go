package api

import (
	"time"

	"github.com/google/uuid"

	"fund/ledger/money"
)

// What follows is what programs read: nothing is in it that a public page does not show. Every field is always there; what is
// not known, or not said, is null. The words of the fields are api.field.<name>.

// Text is a text in both languages; English is empty where nobody has written it.
type Text struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// Date is a day of the books: 2017-12-31.
type Date string

func dated(t time.Time) Date { return Date(t.Format(time.DateOnly)) }

func maybeDated(t *time.Time) *Date {
	if t == nil {
		return nil
	}
	d := dated(*t)
	return &d
}

// orNull is nil for what is empty.
func orNull[T comparable](v T) *T {
	var none T
	if v == none {
		return nil
	}
	return &v
}

// CommunityName is a community in the list of all.
type CommunityName struct {
	Slug string `json:"slug"`
	Name Text   `json:"name"`
	Data string `json:"data" format:"uri"`
	Page string `json:"page" format:"uri"`
}

// Community is whose books these are.
type Community struct {
	Slug     string `json:"slug"`
	Name     Text   `json:"name"`
	Place    Text   `json:"place"`
	Address  Text   `json:"address"`
	Phone    string `json:"phone"`
	Currency string `json:"currency"`
	Standard string `json:"standard"`
	Timezone string `json:"timezone"`
	Years    []Year `json:"years"`
	Page     string `json:"page" format:"uri"`
	LogKey   string `json:"log_key" format:"uri"`
	Journals Files  `json:"journals"`
}

// Year is a year of the books.
type Year struct {
	Year    int `json:"year"`
	Entries int `json:"entries"`
}

// Files are the whole journal for other programs.
type Files struct {
	HLedger   string `json:"hledger" format:"uri"`
	Beancount string `json:"beancount" format:"uri"`
	CSV       string `json:"csv" format:"uri"`
	XLSX      string `json:"xlsx" format:"uri"`
	JSONLines string `json:"jsonl" format:"uri"`
	Grants    string `json:"grants" format:"uri"`
}

// Account is an account of the chart.
type Account struct {
	Code    string  `json:"code"`
	Name    Text    `json:"name"`
	Type    string  `json:"type" enum:"asset,liability,net_assets,income,expense"`
	Purpose *string `json:"purpose"`
	Closed  bool    `json:"closed"`
}

// Fund is a pot of money.
type Fund struct {
	Code       string       `json:"code"`
	Name       Text         `json:"name"`
	Kind       string       `json:"kind"`
	Restricted bool         `json:"restricted"`
	Closed     bool         `json:"closed"`
	NetAssets  money.Amount `json:"net_assets"`
	Page       string       `json:"page" format:"uri"`
}

// Entry is an entry of the journal, with all that its leaf in the signed log is made of.
type Entry struct {
	ID         string       `json:"id"`
	Seq        int64        `json:"seq"`
	LogIndex   int64        `json:"log_index"`
	Date       Date         `json:"date"`
	PostedAt   time.Time    `json:"posted_at"`
	Kind       string       `json:"kind"`
	Source     string       `json:"source"`
	Memo       string       `json:"memo"`
	Detail     string       `json:"detail"`
	PostedBy   string       `json:"posted_by"`
	Reverses   *int64       `json:"reverses"`
	ReversedBy *int64       `json:"reversed_by"`
	Commitment *string      `json:"commitment"`
	Income     money.Amount `json:"income"`
	Expense    money.Amount `json:"expense"`
	NetAssets  money.Amount `json:"net_assets"`
	Postings   []Posting    `json:"postings"`
	Evidence   []Evidence   `json:"evidence"`
	Page       string       `json:"page" format:"uri"`
	Proof      string       `json:"proof" format:"uri"`
}

// Posting is a posting of an entry; a debit is positive.
type Posting struct {
	Line    int          `json:"line"`
	Account string       `json:"account"`
	Fund    string       `json:"fund"`
	Amount  money.Amount `json:"amount"`
}

// Evidence is the photograph of a paper, with names and numbers covered.
type Evidence struct {
	Paper   int64     `json:"paper"`
	Caption string    `json:"caption"`
	Picture string    `json:"picture" format:"uri"`
	Width   int       `json:"width"`
	Height  int       `json:"height"`
	AddedAt time.Time `json:"added_at"`
}

// Checkpoint is a signed snapshot of the log.
type Checkpoint struct {
	Number     int       `json:"number"`
	Size       int64     `json:"size"`
	Root       string    `json:"root"`
	Papers     int64     `json:"papers"`
	PapersRoot *string   `json:"papers_root"`
	SealedAt   time.Time `json:"sealed_at"`
	Note       string    `json:"note"`
}

// Campaign is a call for gifts.
type Campaign struct {
	Slug         string       `json:"slug"`
	Title        Text         `json:"title"`
	For          Text         `json:"for"`
	State        string       `json:"state" enum:"published,closed"`
	Kind         string       `json:"kind" enum:"flexible,all_or_nothing"`
	Theme        *string      `json:"theme"`
	Fund         string       `json:"fund"`
	Goal         money.Amount `json:"goal"`
	Raised       money.Amount `json:"raised"`
	Matched      money.Amount `json:"matched"`
	Gifts        int          `json:"gifts"`
	StartsOn     Date         `json:"starts_on"`
	EndsOn       Date         `json:"ends_on"`
	Basis        string       `json:"basis" enum:"public,targeted,sale"`
	FilingNumber *string      `json:"filing_number"`
	Result       *string      `json:"result"`
	PublishedAt  *time.Time   `json:"published_at"`
	ClosedAt     *time.Time   `json:"closed_at"`
	Page         string       `json:"page" format:"uri"`
}

// CampaignStory is a campaign with its story and its budget.
type CampaignStory struct {
	Campaign
	Story   Text          `json:"story"`
	Stretch []StretchGoal `json:"stretch"`
	Budget  []NeededLine  `json:"budget"`
}

// StretchGoal is a further goal.
type StretchGoal struct {
	Title  Text         `json:"title"`
	Amount money.Amount `json:"amount"`
}

// NeededLine is a line of a campaign's budget.
type NeededLine struct {
	Line     int          `json:"line"`
	Name     Text         `json:"name"`
	Note     Text         `json:"note"`
	Unit     Text         `json:"unit"`
	Quantity *int         `json:"quantity"`
	Amount   money.Amount `json:"amount"`
	Raised   money.Amount `json:"raised"`
}

// Donation is a gift as the public page shows it.
type Donation struct {
	ID       uuid.UUID    `json:"id"`
	Campaign string       `json:"campaign"`
	Amount   money.Amount `json:"amount"`
	Refunded money.Amount `json:"refunded"`
	PaidAt   time.Time    `json:"paid_at"`
	EntrySeq int64        `json:"entry_seq"`
	Name     *string      `json:"public_name"`
	Message  *string      `json:"message"`
}

// Project is a service project.
type Project struct {
	Slug         string       `json:"slug"`
	Title        Text         `json:"title"`
	Theme        string       `json:"theme" enum:"elders,children,neighbours,yard,mutual_aid"`
	Year         int          `json:"year"`
	State        string       `json:"state"`
	Place        Text         `json:"place"`
	Organisation Text         `json:"organisation"`
	Council      Text         `json:"council"`
	AgreedOn     *Date        `json:"agreed_on"`
	VotesFor     int          `json:"votes_for"`
	VotesAgainst int          `json:"votes_against"`
	Fund         string       `json:"fund"`
	Restricted   bool         `json:"restricted"`
	Budget       money.Amount `json:"planned"`
	Spent        money.Amount `json:"spent"`
	PersonTimes  int          `json:"person_times"`
	Sessions     int          `json:"sessions"`
	StartedOn    *Date        `json:"started_on"`
	EndedOn      *Date        `json:"ended_on"`
	Page         string       `json:"page" format:"uri"`
}

// ProjectStory is a project with its budget and what came of it.
type ProjectStory struct {
	Project
	Lines    []PlannedLine `json:"lines"`
	Outcomes []Outcome     `json:"outcomes"`
}

// PlannedLine is a line of a project's budget.
type PlannedLine struct {
	Line    int          `json:"line"`
	Name    Text         `json:"name"`
	Planned money.Amount `json:"planned"`
}

// Outcome is what was done, and how many came.
type Outcome struct {
	Number      int  `json:"number"`
	HeldOn      Date `json:"held_on"`
	Activity    Text `json:"activity"`
	PersonTimes int  `json:"person_times"`
}

// Venture is what the community runs to earn its own money, with its last twelve months.
type Venture struct {
	Slug     string         `json:"slug"`
	Name     Text           `json:"name"`
	Where    Text           `json:"where"`
	For      Text           `json:"for"`
	State    string         `json:"state" enum:"open,closed"`
	Fund     string         `json:"fund"`
	Months   []VentureMonth `json:"months"`
	PassedOn []PassedOn     `json:"passed_on"`
	Page     string         `json:"page" format:"uri"`
}

// VentureMonth is a month of a venture, by the books.
type VentureMonth struct {
	Month   Date         `json:"month"`
	Income  money.Amount `json:"income"`
	Expense money.Amount `json:"expense"`
	Surplus money.Amount `json:"surplus"`
}

// PassedOn is a month's surplus that a venture gave to the general fund.
type PassedOn struct {
	Month    Date         `json:"month"`
	Amount   money.Amount `json:"amount"`
	EntrySeq int64        `json:"entry_seq"`
}

// Sale is a charity sale and what came of it.
type Sale struct {
	Slug      string       `json:"slug"`
	Name      Text         `json:"name"`
	Where     Text         `json:"where"`
	For       Text         `json:"for"`
	State     string       `json:"state" enum:"open,closed"`
	StartsOn  *Date        `json:"starts_on"`
	EndsOn    *Date        `json:"ends_on"`
	Fund      string       `json:"fund"`
	Sold      Counted      `json:"sold"`
	Takings   Counted      `json:"takings"`
	Refunds   Counted      `json:"refunds"`
	Tips      Counted      `json:"tips"`
	Costs     money.Amount `json:"costs"`
	OverShort money.Amount `json:"over_short"`
	Proceeds  money.Amount `json:"proceeds"`
	Surplus   money.Amount `json:"surplus"`
	Page      string       `json:"page" format:"uri"`
}

// Counted is how many, and how much together.
type Counted struct {
	Count  int          `json:"count"`
	Amount money.Amount `json:"amount"`
}
