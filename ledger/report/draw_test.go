package report_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fund/ledger"
	"fund/ledger/budget"
	"fund/ledger/money"
	"fund/ledger/report"
	"fund/migrations/pgtest"
)

// Every figure of every statement can be followed, and where it leads the same figure stands: as a sum, as debit less
// credit, or as what an account's card ends with.
func TestEveryFigureIsMadeOfWhatItLinksTo(t *testing.T) {
	t.Parallel()
	b := read(t, "testdata/quarter.txtar")
	followed := 0
	for _, s := range report.Statements() {
		for _, ask := range []report.Ask{
			{Name: s.Key, From: ledger.Day(2026, 1, 1), To: ledger.Day(2026, 3, 31)},
			{Name: s.Key, From: ledger.Day(2026, 3, 1), To: ledger.Day(2026, 3, 31)},
			{Name: s.Key, From: ledger.Day(2026, 2, 1), To: ledger.Day(2026, 3, 31), Fund: "elders"},
			{Name: s.Key, From: ledger.Day(2026, 1, 1), To: ledger.Day(2026, 3, 31), Nature: report.HeldFunds},
		} {
			ask.Accounts = map[string][]string{"ledger-card": {"1002"}}[s.Key]
			followed += follow(t, b, ask)
		}
	}
	if followed < 300 {
		t.Errorf("only %d figures were followed", followed)
	}
}

func follow(t fataler, b *testBook, ask report.Ask) (followed int) {
	table, err := report.Draw(context.Background(), b.db.App, b.community, ask)
	check(t, err)
	for _, c := range table.Columns {
		if c.Title.ZH == "" || c.Title.EN == "" {
			t.Errorf("%s: column %s has no words", ask.Name, c.Key)
		}
	}
	for _, row := range table.Rows {
		if len(row.Cells) != len(table.Columns) {
			t.Fatalf("%s %s has %d cells for %d columns", ask.Name, row.Key, len(row.Cells), len(table.Columns))
		}
		for i, cell := range row.Cells {
			if table.Columns[i].Kind == report.LabelColumn && (cell.Words.ZH == "" || cell.Words.In("en") == "") {
				t.Errorf("%s %s has no words", ask.Name, row.Key)
			}
			if cell.Amount == nil || cell.Link == nil || cell.Link.Name == report.EntryName || row.Key == "released" || row.Key == "restricted" && ask.Name == "activity" {
				continue // what was released and what was restricted are one movement in the report of funds
			}
			followed++
			behind, err := report.Draw(context.Background(), b.db.App, b.community, *cell.Link)
			check(t, err)
			if !slices.ContainsFunc(said(behind), cell.Amount.Abs().Equal) {
				t.Errorf("%s %s %s: %v is not in %s?%s", ask.Name, row.Key, table.Columns[i].Key, cell.Amount, cell.Link.Name, cell.Link.Values().Encode())
			}
		}
	}
	return followed
}

// said are the figures a table adds up to, without signs.
func said(t report.Table) (all []money.Amount) {
	for _, row := range t.Rows {
		if row.Kind == report.Head && t.Key == "funds" || row.Kind != report.Sum && row.Kind != report.Result && !strings.HasPrefix(row.Key, "brought") && !strings.HasSuffix(row.Key, "_change") && t.Key != "funds" {
			continue
		}
		var debit money.Amount
		for i, cell := range row.Cells {
			if t.Columns[i].Kind != report.AmountColumn {
				continue
			}
			figure := money.Zero
			if cell.Amount != nil {
				figure = *cell.Amount
			}
			all = append(all, figure.Abs())
			if strings.HasSuffix(t.Columns[i].Key, "debit") {
				debit = figure
			}
			if strings.HasSuffix(t.Columns[i].Key, "credit") {
				all = append(all, debit.Sub(figure).Abs())
			}
			if t.Key == "funds" && t.Columns[i].Key == "transfers" { // released: what was spent less what came in by transfer
				all = append(all, row.Cells[i-1].Amount.Sub(figure).Abs(), row.Cells[i-2].Amount.Sub(*row.Cells[i-1].Amount).Add(figure).Abs())
			}
		}
	}
	return all
}

// The pages of a ledger card join: however small they are, they hold each posting once, in order, and end where the trial balance does.
func TestCardsOfRandomBooks(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	var communities atomic.Int64
	rapid.Check(t, func(t *rapid.T) {
		b := &testBook{db: db}
		b.open(t, "npo-2026", fmt.Sprintf("k%d", communities.Add(1)))
		b.addFund(t, "gala", ledger.CampaignFund, true)
		b.addFund(t, "lamps", ledger.ProjectFund, true)
		b.addFund(t, "tea", ledger.VentureFund, false)
		for _, typ := range ledger.AccountTypes {
			b.addAccount(t, "odd-"+string(typ[:3]), typ)
		}
		m := model{b: b}
		for range rapid.IntRange(1, 15).Draw(t, "entries") {
			m.post(t, m.draw(t))
			if rapid.IntRange(0, 3).Draw(t, "advance") == 0 {
				b.advance(t)
			}
		}
		b.plan(t, rapid.SampledFrom(modelFunds).Draw(t, "planned"))
		from := ledger.Day(2024, 12, 1).AddDate(0, rapid.IntRange(0, 12).Draw(t, "from"), 0)
		to := from.AddDate(0, rapid.IntRange(1, 14).Draw(t, "months"), -1)
		findings, err := report.Ties(context.Background(), db.App, b.community, from, to)
		check(t, err)
		for _, f := range findings {
			t.Errorf("%v", f)
		}
		trial, err := report.TrialBalance(context.Background(), db.App, b.community, from, to)
		check(t, err)
		for _, l := range trial.Lines {
			if l.AccountID != 0 {
				wholeCard(t, b, l, from.AddDate(0, 0, rapid.IntRange(0, 20).Draw(t, "days")), rapid.IntRange(1, 4).Draw(t, "page"), trial)
			}
		}
	})
}

// plan gives a fund a budget of 2025: for donations, and for all programme costs together.
func (b *testBook) plan(t fataler, fund string) {
	donations, _ := b.accounts.Code("4101")
	programme, _ := b.accounts.Code("5101")
	tx := b.db.App.MustBegin()
	defer tx.Rollback()
	_, err := budget.Save(context.Background(), tx, b.community.ID, budget.Version{
		Fund: b.funds[fund], Year: 2025, Why: "test", By: "system",
		Lines: []budget.Line{{Account: donations.ID, Amount: money.MustParse("500")}, {Account: programme.ID, Amount: money.MustParse("100")}},
	})
	check(t, err)
	check(t, tx.Commit())
}

// advance adds up what the cash flow statement needs, as a server does now and then.
func (b *testBook) advance(t fataler) {
	tx := b.db.App.MustBegin()
	defer tx.Rollback()
	done, err := report.Advance(context.Background(), tx, b.community)
	check(t, err)
	check(t, tx.Commit())
	if !done {
		t.Errorf("there is more to add up")
	}
}

func wholeCard(t *rapid.T, b *testBook, l report.TrialLine, from time.Time, size int, trial report.Trial) {
	after, seen := "", map[string]bool{}
	var stand money.Amount
	for page := 0; ; page++ {
		card, err := report.LedgerCard(context.Background(), b.db.App, b.community, []int{l.AccountID}, nil, from, trial.To, after, size)
		check(t, err)
		if page == 0 {
			stand = card.Opening
			if from.Day() == 1 && !stand.Equal(l.OpeningDebit.Sub(l.OpeningCredit)) {
				t.Errorf("%s opens with %v, the trial balance with %v", l.Code, stand, l.OpeningDebit.Sub(l.OpeningCredit))
			}
		}
		if !card.Carried.Equal(stand) {
			t.Errorf("%s page %d carries %v, the one before ended with %v", l.Code, page, card.Carried, stand)
		}
		for _, line := range card.Lines {
			if seen[line.Key()] {
				t.Errorf("%s has %s twice", l.Code, line.Key())
			}
			seen[line.Key()] = true
			stand = stand.Add(line.Amount)
			after = line.Key()
		}
		if !card.More {
			if want := l.ClosingDebit.Sub(l.ClosingCredit); !stand.Equal(want) || !card.Closing().Equal(want) {
				t.Errorf("%s ends with %v and says %v, the trial balance %v", l.Code, stand, card.Closing(), want)
			}
			return
		}
	}
}
