package api

import (
	"slices"

	"fund/ledger/report"
)

// operation is one question that programs may ask. The document, its page and what a question may contain are made from it.
type operation struct {
	Name   string // operationId, and the key of its words: api.op.listEntries
	Path   string // as the document writes it
	Params []param
	Answer any    // an empty one, for its schema
	Try    string // what its path's variables are in the page's examples, below the community

	serve func(r *request) (answer, error)
}

// param is a part of a question. Its words are api.param.<name>.
type param struct {
	Name string
	Kind paramKind
	Enum []string
	Path bool // it stands in the path
}

// paramKind is how a part of a question is written.
type paramKind string

const (
	word    paramKind = "word"    // a code or a slug
	day     paramKind = "day"     // 2017-12-31
	month   paramKind = "month"   // 2017-12, or a day, or a year
	instant paramKind = "instant" // RFC 3339
	number  paramKind = "number"
	key     paramKind = "key" // as a page's next has it
)

var (
	limitParam = param{Name: "limit", Kind: number}
	afterParam = param{Name: "after", Kind: key}
)

const community = Root + "/c/{community}"

func paged(more ...param) []param { return append(more, limitParam, afterParam) }

func inPath(name string) param { return param{Name: name, Kind: word, Path: true} }

// operations are all questions, in the order in which the document tells of them.
var operations = []operation{
	{Name: "listCommunities", Path: Root + "/communities", Params: paged(), Answer: List[CommunityName]{}, serve: communities},
	{Name: "getCommunity", Path: community, Answer: Community{}, serve: oneCommunity},

	{Name: "listAccounts", Path: community + "/accounts", Params: paged(), Answer: List[Account]{}, serve: accounts},
	{Name: "listFunds", Path: community + "/funds", Params: paged(), Answer: List[Fund]{}, serve: funds},
	{Name: "getFund", Path: community + "/funds/{code}", Params: []param{inPath("code")}, Answer: Fund{}, Try: "/funds/general", serve: oneFund},
	{
		Name: "listEntries", Path: community + "/entries", Answer: List[Entry]{}, serve: entries,
		Params: paged(param{Name: "since", Kind: instant}, param{Name: "above", Kind: number}, param{Name: "from", Kind: day}, param{Name: "to", Kind: day},
			param{Name: "fund", Kind: word}, param{Name: "account", Kind: word}, param{Name: "kind", Kind: word}),
	},
	{Name: "getEntry", Path: community + "/entries/{voucher}", Params: []param{inPath("voucher")}, Answer: Entry{}, Try: "/entries/{entry}", serve: oneEntry},
	{
		Name: "getStatement", Path: community + "/statements/{name}", Answer: Statement{}, Try: "/statements/balance-sheet?to=2017", serve: oneStatement,
		Params: []param{
			{Name: "name", Kind: word, Path: true, Enum: statementNames()},
			{Name: "from", Kind: month},
			{Name: "to", Kind: month},
			{Name: "fund", Kind: word},
			{Name: "account", Kind: word},
			{Name: "after", Kind: key},
		},
	},
	{Name: "listCheckpoints", Path: community + "/checkpoints", Params: paged(), Answer: List[Checkpoint]{}, serve: checkpoints},
	{Name: "getCheckpoint", Path: community + "/checkpoints/{number}", Params: []param{{Name: "number", Kind: number, Path: true}}, Answer: Checkpoint{}, Try: "/checkpoints/1", serve: oneCheckpoint},

	{Name: "listCampaigns", Path: community + "/campaigns", Params: paged(param{Name: "fund", Kind: word}), Answer: List[Campaign]{}, serve: listCampaigns},
	{Name: "getCampaign", Path: community + "/campaigns/{slug}", Params: []param{inPath("slug")}, Answer: CampaignStory{}, Try: "/campaigns/{campaign}", serve: oneCampaign},
	{
		Name: "listDonations", Path: community + "/donations", Answer: List[Donation]{}, serve: donations,
		Params: paged(param{Name: "since", Kind: instant}, param{Name: "from", Kind: day}, param{Name: "to", Kind: day}, param{Name: "campaign", Kind: word}),
	},
	{Name: "listProjects", Path: community + "/projects", Params: paged(param{Name: "from", Kind: month}, param{Name: "to", Kind: month}, param{Name: "fund", Kind: word}), Answer: List[Project]{}, serve: projects},
	{Name: "getProject", Path: community + "/projects/{slug}", Params: []param{inPath("slug")}, Answer: ProjectStory{}, Try: "/projects/{project}", serve: oneProject},
	{Name: "listOrganisations", Path: community + "/organisations", Params: paged(param{Name: "kind", Kind: word, Enum: []string{"social", "group"}}), Answer: List[Organisation]{}, serve: organisations},
	{Name: "listGrants", Path: community + "/grants", Params: paged(), Answer: List[SmallGrant]{}, serve: smallGrants},
	{Name: "listVentures", Path: community + "/ventures", Params: paged(), Answer: List[Venture]{}, serve: ventures},
	{Name: "listSales", Path: community + "/sales", Params: paged(), Answer: List[Sale]{}, serve: sales},
	{Name: "listCouncils", Path: community + "/councils", Params: paged(), Answer: List[Council]{}, serve: councils},
	{Name: "listMotions", Path: community + "/motions", Params: paged(param{Name: "council", Kind: word}), Answer: List[Motion]{}, serve: motions},
	{Name: "listRounds", Path: community + "/rounds", Params: paged(), Answer: List[Round]{}, serve: rounds},
	{Name: "listReports", Path: community + "/reports", Params: paged(), Answer: List[Report]{}, serve: reports},
}

func operationNamed(name string) (operation, bool) {
	at := slices.IndexFunc(operations, func(op operation) bool { return op.Name == name })
	if at < 0 {
		return operation{}, false
	}
	return operations[at], true
}

func statementNames() (names []string) {
	for _, s := range report.Statements() {
		names = append(names, s.Key)
	}
	return names
}
