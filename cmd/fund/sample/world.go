package sample

import (
	"context"
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/project"
	"fund/campaigns/sale"
	"fund/ledger"
	"fund/ledger/money"
)

//go:embed campaigns.tsv
var campaignTable string

//go:embed projects.tsv
var projectTable string

// world is the sample community as its verbs know it.
type world struct {
	baseURL  string // where readers reach the site
	c        ledger.Community
	host     campaigns.Host
	accounts ledger.Accounts
	funds    map[string]int             // by code
	projects map[string]project.Project // by slug
	motions  map[string]uuid.UUID       // by the slug of the project whose money they voted
	places   map[string]sale.Place      // by slug
	items    map[string][]sale.Item     // by the place's slug
	today    time.Time
	promises promises
}

var subAccounts = []ledger.Account{
	{Code: teaHouse, NameZH: "公益茶坊", NameEN: "Charity tea house", Type: ledger.Income},
	{Code: gala, NameZH: "公益晚会", NameEN: "Gala evenings", Type: ledger.Income},
	{Code: charitySale, NameZH: "义卖", NameEN: "Charity sales", Type: ledger.Income},
	{Code: newsstand, NameZH: "报刊亭", NameEN: "Newsstand", Type: ledger.Income},
	{Code: bookCorner, NameZH: "书角", NameEN: "Book corner", Type: ledger.Income},
	{Code: projectCost, NameZH: "服务项目支出", NameEN: "Service projects", Type: ledger.Expense},
	{Code: ventureCost, NameZH: "自营成本", NameEN: "Cost of ventures", Type: ledger.Expense},
}

// The codes of the sample's own accounts, under those of the standard.
const (
	teaHouse    = "430101"
	gala        = "430102"
	charitySale = "450101"
	newsstand   = "450102"
	bookCorner  = "450103"
	projectCost = "510101"
	ventureCost = "510102"
	admin       = "5301"
	fundraising = "5401"
	corridor    = "410102" // 红廊线下捐赠
)

// found opens the books, with their accounts, funds, campaigns and projects.
func found(ctx context.Context, tx *sqlx.Tx, now time.Time) (w *world, err error) {
	w = &world{funds: map[string]int{"general": ledger.GeneralFundID}, projects: map[string]project.Project{}, motions: map[string]uuid.UUID{}, places: map[string]sale.Place{}, items: map[string][]sale.Item{}, today: zone.Day(now)}
	w.c, err = ledger.AddCommunity(ctx, tx, ledger.Community{
		Slug: Slug, NameZH: "安公社区", NameEN: "Angong Community", PlaceZH: "成都", PlaceEN: "Chengdu",
		AddressZH: "社区服务中心一楼，周一至周六 9:00–17:00", AddressEN: "Service centre, ground floor, Mon–Sat 9:00–17:00",
		Phone: "028-0000 0000", Currency: "CNY", Standard: "npo-2026", Timezone: zone.Timezone,
	})
	if err != nil {
		return w, err
	}
	for _, a := range subAccounts {
		if _, err = ledger.AddAccount(ctx, tx, w.c.ID, a); err != nil {
			return w, err
		}
	}
	if w.accounts, err = ledger.ListAccounts(ctx, tx, w.c.ID); err != nil {
		return w, err
	}
	if err = ledger.RenameAccount(ctx, tx, w.c.ID, w.account(corridor), "红廊线下捐赠", "Gifts in the corridor"); err != nil {
		return w, err
	}
	from, until := ledger.Day(2016, time.September, 1), ledger.Day(w.today.Year()+2, time.August, 31)
	w.host, err = campaigns.AddHost(ctx, tx, w.c.ID, campaigns.Host{
		NameZH: "锦城社区公益基金会（示例）", NameEN: "Jincheng Community Foundation (sample)", Certificate: "示例-5101-0038",
		CertificateFrom: &from, CertificateUntil: &until,
	})
	if err != nil {
		return w, err
	}
	if err = w.foundVentures(ctx, tx); err != nil {
		return w, err
	}
	fund, err := ledger.AddFund(ctx, tx, w.c.ID, ledger.Fund{
		Code: "company", NameZH: "独居老人陪伴", NameEN: "Company for elders who live alone", Kind: ledger.ProjectFund, Restricted: true,
	})
	if err != nil {
		return w, err
	}
	w.funds[fund.Code] = fund.ID
	if err = w.layFairs(ctx, tx); err != nil {
		return w, err
	}
	for _, c := range slices.Concat(campaigns2017(), w.runningCampaigns(), w.raisingCampaigns(), w.endedCampaigns()) {
		if err = w.raise(ctx, tx, c); err != nil {
			return w, err
		}
	}
	if err = w.plan(ctx, tx); err != nil {
		return w, err
	}
	if err = w.organise(ctx, tx); err != nil {
		return w, err
	}
	if err = w.sit(ctx, tx, now); err != nil {
		return w, err
	}
	return w, w.begin(ctx, tx)
}

// raise drafts a campaign and publishes it the day before it starts.
func (w *world) raise(ctx context.Context, tx *sqlx.Tx, c campaigns.Campaign) error {
	filed := c.StartsOn.AddDate(0, 0, -14)
	c.Basis, c.HostID, c.Certificate, c.FiledOn = campaigns.PublicBasis, &w.host.ID, w.host.Certificate, &filed
	c.FiledFrom, c.FiledUntil = &c.StartsOn, &c.EndsOn
	c.FilingNumber = "示例-" + filed.Format("2006-0102") + "-A"
	c.ContactName, c.ContactPhone, c.CreatedBy = "刘社工", w.c.Phone, "lead"
	c.Minimum = money.FromFen(yuan)
	c, err := campaigns.DraftCampaign(ctx, tx, w.c.ID, c)
	if err != nil {
		return err
	}
	if c.FundID != ledger.GeneralFundID {
		w.funds[c.Slug] = c.FundID
	}
	return campaigns.Publish(ctx, tx, w.c.ID, c.ID, on(c.StartsOn, -14*60))
}

// campaigns2017 reads the table of last year's campaigns.
func campaigns2017() (list []campaigns.Campaign) {
	for _, r := range rows(campaignTable) {
		c := campaigns.Campaign{
			Slug: r[0], Theme: r[1], Scene: r[2], TitleZH: r[4], TitleEN: r[5], PurposeZH: r[6], PurposeEN: r[7],
			StartsOn: parseDay(r[8]), EndsOn: parseDay(r[9]), Goal: money.MustParse(r[10]), StoryZH: r[16], StoryEN: r[17],
			Suggested: suggested,
		}
		if r[3] == "general" {
			c.FundID = ledger.GeneralFundID
		}
		for line := range strings.SplitSeq(r[15], ";") {
			cells := strings.Split(line, "=")
			c.Budget = append(c.Budget, campaigns.BudgetLine{NameZH: cells[0], NameEN: cells[1], Amount: money.MustParse(cells[2])})
		}
		list = append(list, c)
	}
	return list
}

var suggested = campaigns.Amounts{money.FromFen(20 * yuan), money.FromFen(50 * yuan), money.FromFen(100 * yuan), money.FromFen(200 * yuan)}

// plan writes the projects down: those of the tables, each done on its last day, and those that run today.
func (w *world) plan(ctx context.Context, tx *sqlx.Tx) error {
	for _, r := range rows(projectTable) {
		if err := w.add(ctx, tx, projectOf(r, w.funds[r[19]]), r, whole(r[17]), whole(r[18]), parseDay(r[14])); err != nil {
			return err
		}
	}
	return w.planRecent(ctx, tx)
}

// projectOf reads a row of the table; fund 0 is for voted money: a fund of its own.
func projectOf(r []string, fund int) project.Project {
	agreed, from, to := parseDay(r[10]), parseDay(r[13]), parseDay(r[14])
	return project.Project{
		Theme: project.Theme(r[0]), Slug: r[1], TitleZH: r[2], TitleEN: r[3], PlaceZH: r[4], PlaceEN: r[5],
		OrganisationZH: r[6], OrganisationEN: r[7], CouncilZH: r[8], CouncilEN: r[9], AgreedOn: &agreed,
		VotesFor: whole(r[11]), VotesAgainst: whole(r[12]), StartedOn: &from, EndedOn: &to, Budget: money.MustParse(r[15]),
		Year: from.Year(), State: project.Done, FundID: fund,
	}
}

// add writes one project down with its budget, and what came of it until a day.
func (w *world) add(ctx context.Context, tx *sqlx.Tx, p project.Project, r []string, served, sessions int, until time.Time) error {
	lines := things(r[22])
	for i, planned := range newDice("budget of "+p.Slug).parts(p.Budget, len(lines), 100*yuan) {
		p.Lines = append(p.Lines, project.BudgetLine{NameZH: lines[i][0], NameEN: lines[i][1], Planned: planned})
	}
	p, err := w.proposed(ctx, tx, p, r[1])
	if err != nil {
		return err
	}
	w.projects[p.Slug], w.funds[p.Slug] = p, p.FundID
	return project.RecordOutcome(ctx, tx, w.c.ID, p.ID, outcomes(p, until, served, sessions, r[20], r[21])...)
}

// things reads what a project buys: zh=en;zh=en.
func things(s string) (list [][2]string) {
	for thing := range strings.SplitSeq(s, ";") {
		zh, en, _ := strings.Cut(thing, "=")
		list = append(list, [2]string{zh, en})
	}
	return list
}

// outcomes spreads a project's person-times over its sessions.
func outcomes(p project.Project, until time.Time, served, sessions int, zh, en string) (list []project.Outcome) {
	d := newDice("outcomes of " + p.Slug)
	came := d.parts(money.FromFen(int64(served)), sessions, 1)
	for i, day := range d.days(*p.StartedOn, until, sessions) {
		o := project.Outcome{HeldOn: day, ActivityZH: zh, ActivityEN: en, PersonTimes: int(came[i].Fen()), Minutes: 60 * (2 + d.IntN(8)), By: asker}
		if signed := o.PersonTimes - d.IntN(o.PersonTimes/8+1); i%4 != 3 { // a sheet was lost now and then
			o.SignedIn = &signed
		}
		list = append(list, o)
	}
	return list
}

func (w *world) account(code string) int {
	a, _ := w.accounts.Code(code)
	return a.ID // 0 is refused by the books
}

func (w *world) purpose(p ledger.Purpose) int {
	a, _ := w.accounts.By(p)
	return a.ID
}

func whole(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		panic("sample: " + s + " is no number") // the tables are part of the program
	}
	return n
}
