package council_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/council"
	"fund/campaigns/project"
	"fund/ledger"
	"fund/ledger/money"
)

// post writes one entry of any kind through the door of the books, and commits.
func (h *house) post(db *sqlx.DB, kind string, day time.Time, undoes int64, lines ...ledger.Posting) error {
	tx, err := db.Beginx()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	ctx := context.Background()
	if undoes != 0 {
		_, err = ledger.Reverse(ctx, tx, h.ID, undoes, day, "试一试", "user:9")
	} else {
		_, err = ledger.Post(ctx, tx, h.ID, ledger.Entry{Date: day, Kind: kind, Source: "try:" + uuid.NewString(), Memo: "试一试", PostedBy: "user:9", Postings: lines})
	}
	if err == nil {
		err = tx.Commit()
	}
	return council.Explain(err)
}

func (h *house) seq(t *testing.T) (seq int64) {
	stand, err := ledger.Stand(t.Context(), h.App, h.ID)
	if err != nil {
		t.Fatal(err)
	}
	return stand.LastSeq
}

// Every way to move money into or out of a project that a council votes on is refused, as the server's role and as the owner,
// under whatever kind, dated whenever; and none of it stays.
func TestNoWayAroundAVotedLine(t *testing.T) {
	t.Parallel()
	h, ctx := open(t, usual), t.Context()
	accounts, err := ledger.ListAccounts(ctx, h.App, h.ID)
	if err != nil {
		t.Fatal(err)
	}
	account := func(p ledger.Purpose) int { a, _ := accounts.By(p); return a.ID }
	net, between, income, expense := account(ledger.UnrestrictedNetAssets), account(ledger.BetweenFunds), account(ledger.OtherIncome), account(ledger.ProgrammeExpense)
	g, roof, sum := ledger.GeneralFundID, h.Project.FundID, *yuan("50")
	move := func(through int, from, to int) []ledger.Posting {
		return []ledger.Posting{ledger.Debit(h.Bank, to, sum), ledger.Credit(through, to, sum), ledger.Debit(through, from, sum), ledger.Credit(h.Bank, from, sum)}
	}
	// Before anybody votes, money may go to and fro: an allotment, its opposite, a loan.
	for _, lines := range [][]ledger.Posting{move(net, g, roof), move(net, roof, g), move(between, g, roof), move(net, g, roof)} {
		if err := h.post(h.App, "transfer", monday, 0, lines...); err != nil {
			t.Fatal(err)
		}
	}
	last := h.seq(t)
	in, back := last-3, last-2
	m := h.passed(t, "1000")
	if _, err := h.allot(m, money.MustParse("100")); err != nil {
		t.Fatal(err)
	}
	other := council.Motion{}
	h.Do(t, func(tx *sqlx.Tx) error {
		lamps, err := ledger.AddFund(ctx, tx, h.ID, ledger.Fund{Code: "lamps", NameZH: "灯", Kind: ledger.CampaignFund})
		if err != nil {
			return err
		}
		other.ToFund = &lamps.ID
		return nil
	})
	two := func(lines ...ledger.Posting) []ledger.Posting { return lines }
	for name, c := range map[string]struct {
		kind   string
		day    time.Time
		undoes int64
		lines  []ledger.Posting
		want   error
	}{
		"a transfer in":                       {kind: "transfer", lines: move(net, g, roof), want: council.ErrUnvoted},
		"a transfer out":                      {kind: "transfer", lines: move(net, roof, g), want: council.ErrUnvoted},
		"an entry at the desk":                {kind: "manual", lines: move(net, g, roof), want: council.ErrUnvoted},
		"an imported entry":                   {kind: "import", lines: move(net, g, roof), want: council.ErrUnvoted},
		"an entry that comes every month":     {kind: "recurring", lines: move(net, g, roof), want: council.ErrUnvoted},
		"an opening balance":                  {kind: "opening", lines: two(ledger.Debit(h.Bank, roof, sum), ledger.Credit(net, roof, sum)), want: council.ErrUnvoted},
		"one half of a transfer":              {kind: "manual", lines: two(ledger.Debit(h.Bank, roof, sum), ledger.Credit(net, roof, sum)), want: council.ErrUnvoted},
		"a kind that nobody knows":            {kind: "anything", lines: move(net, g, roof), want: council.ErrUnvoted},
		"dated before the vote":               {kind: "transfer", day: monday.AddDate(0, 0, -20), lines: move(net, g, roof), want: council.ErrUnvoted},
		"a loan in":                           {kind: "fund_loan", lines: move(between, g, roof), want: council.ErrUnvoted},
		"more back than was lent":             {kind: "fund_repayment", lines: append(move(between, roof, g), move(between, roof, g)...), want: council.ErrUnvoted},
		"an old way back undone":              {undoes: back, want: council.ErrUnvoted},
		"one fund's cost, the project's gain": {kind: "manual", lines: two(ledger.Debit(expense, g, sum), ledger.Credit(h.Bank, g, sum), ledger.Debit(h.Bank, roof, sum), ledger.Credit(income, roof, sum)), want: council.ErrUnvoted},
		"spent beyond what is there":          {kind: "payment", lines: two(ledger.Debit(expense, roof, *yuan("150.01")), ledger.Credit(h.Bank, roof, *yuan("150.01"))), want: ledger.ErrFundOverspent},
		"bought on credit beyond it":          {kind: "manual", lines: two(ledger.Debit(expense, roof, *yuan("150.01")), ledger.Credit(account(ledger.Suspense), roof, *yuan("150.01"))), want: ledger.ErrFundOverspent},
		"through the motion, and a bit more":  {kind: "transfer", lines: append(move(net, g, roof), two(ledger.Debit(net, *other.ToFund, sum.Neg()), ledger.Credit(h.Bank, *other.ToFund, sum.Neg()))...), want: council.ErrUnvoted},
	} {
		if c.day.IsZero() {
			c.day = monday
		}
		for role, db := range map[string]*sqlx.DB{"fund_app": h.App, "owner": h.Owner} {
			before := h.seq(t)
			if err := h.post(db, c.kind, c.day, c.undoes, c.lines...); !errors.Is(err, c.want) || h.seq(t) != before {
				t.Errorf("%s as %s: %v", name, role, err)
			}
		}
	}
	// What stays allowed: gifts, bills within what is there, the loan coming back, an old allotment undone.
	for name, c := range map[string]struct {
		undoes int64
		lines  []ledger.Posting
	}{
		"a gift":           {lines: two(ledger.Debit(h.Bank, roof, sum), ledger.Credit(account(ledger.DonationIncome), roof, sum))},
		"a bill":           {lines: two(ledger.Debit(expense, roof, sum), ledger.Credit(h.Bank, roof, sum))},
		"a shared bill":    {lines: two(ledger.Debit(expense, roof, sum), ledger.Credit(h.Bank, roof, sum), ledger.Debit(expense, g, sum), ledger.Credit(h.Bank, g, sum))},
		"the loan's end":   {lines: move(between, roof, g)},
		"an old way in":    {undoes: in},
		"others' transfer": {lines: move(net, g, *other.ToFund)},
	} {
		if err := h.post(h.App, "manual", monday, c.undoes, c.lines...); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	h.sound(t)
}

// A motion's word covers the money between its two funds, and nothing that rides along in the entry.
func TestAUseCoversItsOwnMoneyAlone(t *testing.T) {
	t.Parallel()
	h, ctx := open(t, usual), t.Context()
	m := h.passed(t, "1000")
	accounts, err := ledger.ListAccounts(ctx, h.App, h.ID)
	if err != nil {
		t.Fatal(err)
	}
	net, _ := accounts.By(ledger.UnrestrictedNetAssets)
	var stove project.Project
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		p := project.Project{Slug: "stove", Theme: project.Elders, TitleZH: "灶", Year: 2026, State: project.Proposed, Budget: money.MustParse("10")}
		stove, err = project.AddProject(ctx, tx, h.ID, p)
		return err
	})
	err = h.Try(func(tx *sqlx.Tx) error {
		_, err := council.Use(ctx, tx, h.ID, m.ID, func() (ledger.Posted, error) {
			e := ledger.Entry{Date: monday, Kind: "transfer", Source: "rider:1", Memo: "顺带", PostedBy: "user:9"}
			for i, to := range []int{h.Project.FundID, stove.FundID} {
				sum := money.FromFen(int64(100 * (i + 1)))
				e.Postings = append(e.Postings, ledger.Debit(h.Bank, to, sum), ledger.Credit(net.ID, to, sum), ledger.Debit(net.ID, ledger.GeneralFundID, sum), ledger.Credit(h.Bank, ledger.GeneralFundID, sum))
			}
			posted, err := ledger.Post(ctx, tx, h.ID, e)
			if err != nil {
				return ledger.Posted{}, err
			}
			return posted[0], nil
		})
		return err
	})
	if !errors.Is(council.Explain(err), council.ErrNotMoved) {
		t.Errorf("an entry with a rider: %v", err)
	}
	if _, err := h.Owner.Exec(fmt.Sprintf(`UPDATE council.moved SET entry_seq = 1 WHERE community_id = %d`, h.ID)); err == nil {
		t.Error("what moved was changed")
	}
}
