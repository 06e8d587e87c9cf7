package api

import (
	"time"

	"github.com/google/uuid"

	"fund/ledger/money"
)

// Council is a residents' council.
type Council struct {
	Slug      string  `json:"slug"`
	Level     string  `json:"level" enum:"compound,group,community"`
	Above     *string `json:"above"`
	Name      Text    `json:"name"`
	FoundedOn Date    `json:"founded_on"`
	Page      string  `json:"page" format:"uri"`
}

// Motion is what was put to a council's vote.
type Motion struct {
	ID       uuid.UUID     `json:"id"`
	Council  string        `json:"council"`
	Serial   string        `json:"serial"`
	Kind     string        `json:"kind" enum:"budget_line,transfer,resolution"`
	Title    Text          `json:"title"`
	Text     Text          `json:"text"`
	Amount   *money.Amount `json:"amount"`
	FromFund *string       `json:"from_fund"`
	ToFund   *string       `json:"to_fund"`
	Project  *string       `json:"project"`
	State    string        `json:"state" enum:"open,passed,failed,no_quorum,withdrawn,escalated"`
	OpenedOn Date          `json:"opened_on"`
	Until    *Date         `json:"until"`
	Result   *MotionResult `json:"result"`
	Page     string        `json:"page" format:"uri"`
}

// MotionResult is how a motion was voted.
type MotionResult struct {
	Members    int       `json:"members"`
	Conflicted int       `json:"conflicted"`
	Needed     int       `json:"needed"`
	Present    int       `json:"present"`
	InFavour   int       `json:"in_favour"`
	Against    int       `json:"against"`
	Abstained  int       `json:"abstained"`
	Spoilt     int       `json:"spoilt"`
	ToPass     int       `json:"to_pass"`
	Outcome    string    `json:"outcome" enum:"passed,failed,no_quorum"`
	ClosedAt   time.Time `json:"closed_at"`
}

// Round is a round in which residents say what a pot pays for.
type Round struct {
	Slug         string       `json:"slug"`
	Year         int          `json:"year"`
	Title        Text         `json:"title"`
	Text         Text         `json:"text"`
	Pot          money.Amount `json:"pot"`
	Method       string       `json:"method" enum:"approval,knapsack"`
	Phase        string       `json:"phase" enum:"soon,propose,look,vote,counting,result"`
	ProposeFrom  Date         `json:"propose_from"`
	ProposeUntil Date         `json:"propose_until"`
	VoteFrom     Date         `json:"vote_from"`
	VoteUntil    Date         `json:"vote_until"`
	Codes        int          `json:"codes"`
	Voted        int          `json:"voted"`
	Result       *RoundResult `json:"result"`
	Page         string       `json:"page" format:"uri"`
}

// RoundResult is what was counted.
type RoundResult struct {
	Ballots   int          `json:"ballots"`
	CountedAt time.Time    `json:"counted_at"`
	Spent     money.Amount `json:"spent"`
	Ideas     []IdeaResult `json:"ideas"`
}

// IdeaResult is what came of one idea.
type IdeaResult struct {
	Rank     int          `json:"rank"`
	Number   int          `json:"number"`
	Title    string       `json:"title"`
	Place    string       `json:"place"`
	Category string       `json:"category"`
	Cost     money.Amount `json:"cost"`
	Votes    int          `json:"votes"`
	Selected bool         `json:"selected"`
	Project  *string      `json:"project"`
}

// Report is a published report; Serial and Version name it for ever.
type Report struct {
	Serial      string  `json:"serial"`
	Version     int     `json:"version"`
	Versions    int     `json:"versions"`
	Kind        string  `json:"kind"`
	Title       Text    `json:"title"`
	From        *Date   `json:"from"`
	To          *Date   `json:"to"`
	DueOn       *Date   `json:"due_on"`
	PublishedOn Date    `json:"published_on"`
	Correction  *string `json:"correction"`
	AsOf        int64   `json:"as_of"`
	Checkpoint  *int    `json:"checkpoint"`
	Page        string  `json:"page" format:"uri"`
	PDF         string  `json:"pdf" format:"uri"`
}
