package spending_test

import (
	"errors"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"pgregory.net/rapid"

	votes "fund/campaigns/council"
	"fund/campaigns/project"
	"fund/campaigns/spending"
	"fund/ledger"
	"fund/ledger/money"
)

// propose puts money for the project to the vote, and lets the council decide.
func (v *voted) propose() {
	general, amount := ledger.GeneralFundID, money.FromFen(v.fen("amount", 400))
	yes := rapid.IntRange(0, 3).Draw(v.rt, "yes")
	m := &line{amount: amount.Fen(), state: votes.Failed}
	err := v.try(func(tx *sqlx.Tx) error {
		opened, err := votes.Propose(ctx, tx, v.Community, votes.Motion{
			CouncilID: v.council.ID, Kind: votes.BudgetLine, TitleZH: "拨款", Amount: &amount, FromFund: &general, ToFund: &v.project.FundID, ProjectID: &v.project.ID,
		}, "user:1", v.Now)
		if err == nil {
			_, err = votes.Open(ctx, tx, v.Community, opened.ID, v.Day(v.Now), "user:1", v.Now)
		}
		for n := 1; n <= 3 && err == nil; n++ {
			choice := votes.Against
			if n <= yes {
				choice = votes.For
			}
			_, err = votes.Vote(ctx, tx, v.Community, opened.ID, n, choice, "", v.Now)
		}
		if err == nil && rapid.IntRange(0, 3).Draw(v.rt, "closed") > 0 {
			var r votes.Result
			if r, err = votes.Close(ctx, tx, v.Community, opened.ID, "user:1", v.Now); err == nil {
				m.state = r.Outcome
			}
		}
		m.id = opened.ID
		return err
	})
	v.want("a motion", err, true)
	if (m.state == votes.Passed) && yes < 2 {
		v.rt.Fatalf("%d of 3 votes passed a motion", yes)
	}
	v.began, v.motions = true, append(v.motions, m)
}

// allot uses a motion to give the project money, or take some back.
func (v *voted) allot() {
	if len(v.motions) == 0 {
		v.rt.Skip("no motion")
	}
	m := rapid.SampledFrom(v.motions).Draw(v.rt, "motion")
	amount := v.fen("amount", 300)
	if rapid.IntRange(0, 3).Draw(v.rt, "back") == 0 {
		amount = -amount
	}
	d := &deed{net: amount, line: m, move: true}
	err := v.try(func(tx *sqlx.Tx) error {
		posted, err := votes.Use(ctx, tx, v.ID, m.id, func() (ledger.Posted, error) {
			return project.Allot(ctx, tx, v.ID, v.project, money.FromFen(amount), v.Day(v.Now), uuid.New(), treasurer)
		})
		d.seq = posted.Seq
		return err
	})
	within := m.state == votes.Passed && m.used+amount >= 0 && m.used+amount <= m.amount
	if v.want("an allotment by a motion", err, within && (amount > 0 || v.net+amount >= 0), votes.ErrNotPassed, votes.ErrOverVoted, ledger.ErrFundOverspent) {
		v.note(d)
	}
}

// around tries one of the ways past the council: before it has a word they work, afterwards none does.
func (v *voted) around() {
	amount, in := v.fen("amount", 200), rapid.Bool().Draw(v.rt, "in")
	from, to := ledger.GeneralFundID, v.project.FundID
	if !in {
		from, to, amount = to, from, min(amount, max(v.net, 0))
	}
	if amount == 0 || !in && v.net-amount < 0 {
		v.rt.Skip("nothing there")
	}
	bank, net, sum := v.account(ledger.Bank), v.account(ledger.UnrestrictedNetAssets), money.FromFen(amount)
	way := rapid.SampledFrom([]string{"allot", "transfer", "manual", "import", "recurring", "opening", "dated back"}).Draw(v.rt, "way")
	d := &deed{net: amount, move: true}
	if !in {
		d.net = -amount
	}
	held, err := ledger.FundHolds(ctx, v.App, v.ID, from, bank) // a transfer moves what stands there; what is lent out does not
	if err != nil {
		v.rt.Fatal(err)
	}
	there := way != "transfer" || held.Fen() >= amount
	err = v.try(func(tx *sqlx.Tx) (err error) {
		var posted ledger.Posted
		switch way {
		case "allot":
			posted, err = project.Allot(ctx, tx, v.ID, v.project, money.FromFen(d.net), v.Day(v.Now), uuid.New(), treasurer)
		case "transfer":
			posted, err = ledger.TransferBetweenFunds(ctx, tx, v.Community, ledger.Transfer{ID: uuid.New(), From: from, To: to, Account: bank, Amount: sum, On: v.Day(v.Now), Why: "试一试", Motion: "2026-001", By: treasurer})
		default:
			e := ledger.Entry{Date: v.Day(v.Now), Kind: way, Source: "around:" + uuid.NewString(), Memo: "试一试", PostedBy: treasurer}
			if way == "dated back" {
				e.Kind, e.Date = "manual", e.Date.AddDate(0, 0, -40)
			}
			e.Postings = []ledger.Posting{ledger.Debit(bank, to, sum), ledger.Credit(net, to, sum), ledger.Debit(net, from, sum), ledger.Credit(bank, from, sum)}
			var all []ledger.Posted
			if all, err = ledger.Post(ctx, tx, v.ID, e); err == nil {
				posted = all[0]
			}
		}
		d.seq = posted.Seq
		return err
	})
	if v.want(way+" past the council", err, !v.began && there, votes.ErrUnvoted, ledger.ErrNoMoney) {
		v.note(d)
	}
}

// lend lets another fund lend to the project, or the project to another; repay brings some back.
func (v *voted) lend() {
	amount, to := v.fen("amount", 100), rapid.Bool().Draw(v.rt, "to")
	l := ledger.FundLoan{ID: uuid.New(), From: ledger.GeneralFundID, To: v.project.FundID, Account: v.account(ledger.Bank), Amount: money.FromFen(amount), LentOn: v.Day(v.Now), Why: "周转", By: treasurer}
	d := &deed{lent: amount}
	if !to {
		l.From, l.To, d.lent = l.To, l.From, -amount
	}
	err := v.try(func(tx *sqlx.Tx) error {
		posted, err := ledger.LendBetweenFunds(ctx, tx, v.Community, l)
		d.seq = posted.Seq
		return err
	})
	back := v.lent*d.lent < 0 && abs(d.lent) <= abs(v.lent) // a debt met by the opposite debt moves nothing in
	if err != nil && errors.Is(err, ledger.ErrNoMoney) {
		return
	}
	if v.want("a loan", err, !v.began || back, votes.ErrUnvoted) {
		v.note(d)
		v.loans = append(v.loans, &loan{id: l.ID, rest: amount, to: to})
	}
}

func (v *voted) repay() {
	if len(v.loans) == 0 {
		v.rt.Skip("no loan")
	}
	l := rapid.SampledFrom(v.loans).Draw(v.rt, "loan")
	amount := v.fen("amount", 120)
	d := &deed{lent: -amount}
	if !l.to {
		d.lent = amount
	}
	err := v.try(func(tx *sqlx.Tx) error {
		posted, err := ledger.RepayBetweenFunds(ctx, tx, v.Community, ledger.FundRepayment{ID: uuid.New(), Loan: l.id, Amount: money.FromFen(amount), On: v.Day(v.Now), By: treasurer})
		d.seq = posted.Seq
		return err
	})
	if errors.Is(err, ledger.ErrNoMoney) || errors.Is(err, ledger.ErrOverRepaid) {
		return
	}
	back := v.lent*d.lent < 0 && abs(d.lent) <= abs(v.lent)
	if v.want("a repayment", err, !v.began || back, votes.ErrUnvoted) {
		v.note(d)
		l.rest -= amount
	}
}

func abs(n int64) int64 { return max(n, -n) }

// give is a gift to the project; spend a bill of its, paid at once or owed.
func (v *voted) give() {
	d := &deed{net: v.fen("gift", 100)}
	v.want("a gift", v.entry(d, ledger.Bank, ledger.DonationIncome, d.net), true)
	v.note(d)
}

func (v *voted) spend() {
	amount := v.fen("cost", 200)
	if !v.began && amount > v.net {
		v.rt.Skip("an overspent project before any vote is another story")
	}
	d := &deed{net: -amount}
	from := rapid.SampledFrom([]ledger.Purpose{ledger.Bank, ledger.Suspense}).Draw(v.rt, "from")
	if v.want("a bill", v.entry(d, ledger.ProgrammeExpense, from, amount), v.net >= amount, ledger.ErrFundOverspent) {
		v.note(d)
	}
}

func (v *voted) entry(d *deed, debit, credit ledger.Purpose, fen int64) error {
	return v.try(func(tx *sqlx.Tx) error {
		posted, err := ledger.Post(ctx, tx, v.ID, ledger.Entry{
			Date: v.Day(v.Now), Kind: "manual", Source: "manual:" + uuid.NewString(), Memo: "一笔", PostedBy: treasurer,
			Postings: []ledger.Posting{ledger.Debit(v.account(debit), v.project.FundID, money.FromFen(fen)), ledger.Credit(v.account(credit), v.project.FundID, money.FromFen(fen))},
		})
		if err == nil {
			d.seq = posted[0].Seq
		}
		return err
	})
}

// pay asks for money of the project, has it approved, and pays it where the model says that it is there; or sends one back.
func (v *voted) pay() {
	if len(v.asked) > 0 && rapid.IntRange(0, 2).Draw(v.rt, "undo") == 0 {
		a := rapid.SampledFrom(v.asked).Draw(v.rt, "request")
		if a.paid == nil {
			return
		}
		v.want("a payment undone", v.try(func(tx *sqlx.Tx) error { _, err := v.undo(a.id, "退回来了")(tx); return err }), true)
		v.note(&deed{net: a.amount, paid: true})
		a.paid = nil
		return
	}
	amount := v.fen("payment", 200)
	if !v.began && amount > v.net {
		v.rt.Skip("an overspent project before any vote is another story")
	}
	r := v.ask(v.t, money.FromFen(amount).String(), func(r *spending.PaymentRequest) { r.FundID = v.project.FundID })
	err := v.try(func(tx *sqlx.Tx) error {
		_, err := v.approve(r.ID, council)(tx)
		if err == nil {
			_, err = v.office.pay(r.ID)(tx)
		}
		return err
	})
	if errors.Is(err, spending.ErrBudgetShort) || errors.Is(err, spending.ErrFundShort) && amount+v.held() > v.net {
		return // money that others have asked for is held
	}
	if v.want("a payment", err, amount <= v.net, spending.ErrFundShort, ledger.ErrFundOverspent) {
		d := &deed{net: -amount, paid: true}
		v.note(d)
		v.asked = append(v.asked, &asked{r.ID, amount, d})
	}
}

// held is what approved requests hold that are not paid: those that came back.
func (v *voted) held() (sum int64) {
	for _, a := range v.asked {
		if a.paid == nil {
			sum += a.amount
		}
	}
	return sum
}

// reverse undoes an entry, or its undoing.
func (v *voted) reverse() {
	if len(v.posted) == 0 {
		v.rt.Skip("nothing posted")
	}
	d := rapid.SampledFrom(v.posted).Draw(v.rt, "entry")
	if d.undone || d.paid {
		return
	}
	undo := &deed{net: -d.net, lent: -d.lent, line: d.line, undoes: d, move: d.move}
	err := v.try(func(tx *sqlx.Tx) error {
		posted, err := ledger.Reverse(ctx, tx, v.ID, d.seq, v.Day(v.Now), "记错了", treasurer)
		undo.seq = posted.Seq
		return err
	})
	again := d.undoes != nil && d.line != nil // what a motion's entry moved is moved again by a new one
	within := d.line == nil || d.line.used+undo.net >= 0 && d.line.used+undo.net <= d.line.amount
	unvoted := v.began && d.line == nil && d.move && undo.net > 0 ||
		v.began && undo.lent != 0 && !(v.lent*undo.lent < 0 && abs(undo.lent) <= abs(v.lent))
	short := undo.net < 0 && v.net+undo.net < 0 && v.began
	allowed := !again && within && !unvoted && !short
	if v.want("a reversal", err, allowed, votes.ErrUnvoted, votes.ErrOverVoted, ledger.ErrFundOverspent) {
		d.undone = true
		v.note(undo)
	}
}

// holds compares the model with the books, and looks that no voted line is overspent.
func (v *voted) holds() {
	fund, err := ledger.FundAt(ctx, v.App, v.ID, v.project.FundID)
	if err != nil || fund.NetAssets.Fen() != v.net {
		v.rt.Fatalf("the project has %v by the books, %d fen by the model, %v", fund.NetAssets, v.net, err)
	}
	var voted int64
	for _, m := range v.motions {
		left, err := votes.Unlocked(ctx, v.App, v.ID, m.id)
		want := int64(0)
		if m.state == votes.Passed {
			want = m.amount - m.used
		}
		if err != nil || left.Fen() != want || want < 0 || m.used < 0 || m.used > 0 && m.state != votes.Passed {
			v.rt.Fatalf("a motion of %d fen that %s, %d used: %v left, %v", m.amount, m.state, m.used, left, err)
		}
		voted += m.used
	}
	found, err := votes.Check(ctx, v.App, v.ID)
	if err != nil {
		v.rt.Fatal(err)
	}
	for _, f := range found {
		if f.Code != votes.Overspent || v.net >= 0 {
			v.rt.Fatalf("%v", f)
		}
	}
}
