package ledger_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"pgregory.net/rapid"

	"fund/ledger"
	"fund/ledger/money"
)

// try runs a verb in a database transaction of its own; a refusal leaves nothing behind.
func (b *books) try(t require, verb func(tx *sqlx.Tx) error) error {
	tx, err := b.App.BeginTxx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if err := verb(tx); err != nil {
		return err
	}
	return tx.Commit()
}

func (b *books) lend(t require, from, to ledger.Fund, amount string) (uuid.UUID, error) {
	l := ledger.FundLoan{
		ID: uuid.New(), From: from.ID, To: to.ID, Account: b.account(ledger.Bank), Amount: money.MustParse(amount), LentOn: nov20, Why: "垫付", By: "user:7",
	}
	return l.ID, b.try(t, func(tx *sqlx.Tx) error { _, err := ledger.LendBetweenFunds(ctx, tx, b.Community, l); return err })
}

func (b *books) repay(t require, loan uuid.UUID, amount string) error {
	r := ledger.FundRepayment{ID: uuid.New(), Loan: loan, Amount: money.MustParse(amount), On: nov20, By: "user:7"}
	return b.try(t, func(tx *sqlx.Tx) error { _, err := ledger.RepayBetweenFunds(ctx, tx, b.Community, r); return err })
}

func (b *books) transfer(t require, from, to ledger.Fund, amount, motion string) error {
	m := ledger.Transfer{
		ID: uuid.New(), From: from.ID, To: to.ID, Account: b.account(ledger.Bank), Amount: money.MustParse(amount), On: nov20, Why: "议定", Motion: motion, By: "user:7",
	}
	return b.try(t, func(tx *sqlx.Tx) error { _, err := ledger.TransferBetweenFunds(ctx, tx, b.Community, m); return err })
}

func (b *books) holds(t require, fund ledger.Fund, p ledger.Purpose) money.Amount {
	held, err := ledger.FundHolds(ctx, b.App, b.ID, fund.ID, b.account(p))
	if err != nil {
		t.Fatal(err)
	}
	return held
}

func (b *books) between(t require) []ledger.Finding {
	found, err := ledger.CheckBetween(ctx, b.App, b.ID)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestALoanBetweenFunds(t *testing.T) {
	t.Parallel()
	b := openBooks(t)
	b.post(t, b.given(1, b.general, "1000"), b.given(2, b.clinic, "300"))

	loan, err := b.lend(t, b.general, b.clinic, "400")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct {
		fund          ledger.Fund
		bank, between string
	}{{b.general, "600.00", "400.00"}, {b.clinic, "700.00", "-400.00"}} {
		if bank, between := b.holds(t, want.fund, ledger.Bank), b.holds(t, want.fund, ledger.BetweenFunds); bank.String() != want.bank || between.String() != want.between {
			t.Errorf("%s has %v at the bank and %v between funds, want %s and %s", want.fund.Code, bank, between, want.bank, want.between)
		}
	}
	if _, err := b.lend(t, b.general, b.clinic, "600.01"); !errors.Is(err, ledger.ErrNoMoney) {
		t.Errorf("lending more than there is: %v, want ErrNoMoney", err)
	}
	if _, err := b.lend(t, b.clinic, b.clinic, "1"); !errors.Is(err, ledger.ErrSameFund) {
		t.Errorf("lending to oneself: %v, want ErrSameFund", err)
	}
	if err := b.repay(t, loan, "150"); err != nil {
		t.Fatal(err)
	}
	if err := b.repay(t, loan, "250.01"); !errors.Is(err, ledger.ErrOverRepaid) {
		t.Errorf("repaying more than is owed: %v, want ErrOverRepaid", err)
	}
	undo := func() error {
		return b.try(t, func(tx *sqlx.Tx) error {
			_, err := ledger.UndoFundLoan(ctx, tx, b.Community, loan, nov20, "记错", "user:7")
			return err
		})
	}
	if err := undo(); !errors.Is(err, ledger.ErrRepaid) {
		t.Errorf("undoing a loan of which a part is repaid: %v, want ErrRepaid", err)
	}
	b.Do(t, func(tx *sqlx.Tx) error { // the repayment was a mistake
		entries, err := ledger.Journal(ctx, tx, b.ID, ledger.JournalFilter{Kind: "fund_repayment"}, 1)
		if err != nil {
			return err
		}
		_, err = ledger.Reverse(ctx, tx, b.ID, entries[0].Seq, nov20, "记错", "user:7")
		return err
	})
	if l, err := ledger.FundLoanAt(ctx, b.App, b.ID, loan); err != nil || l.Rest().String() != "400.00" {
		t.Errorf("after the repayment was reversed %v is owed (%v), want 400.00", l.Rest(), err)
	}
	if err := undo(); err != nil {
		t.Error(err)
	}
	if found := b.between(t); len(found) > 0 {
		t.Errorf("unexpected findings: %v", found)
	}
	b.sound(t)
}

func TestATransferOutOfARestrictedFundNeedsAMotion(t *testing.T) {
	t.Parallel()
	b := openBooks(t)
	b.post(t, b.given(1, b.general, "1000"), b.given(2, b.clinic, "300"))
	if err := b.transfer(t, b.clinic, b.general, "100", ""); !errors.Is(err, ledger.ErrNeedsVote) {
		t.Errorf("restricted money without a motion: %v, want ErrNeedsVote", err)
	}
	if err := b.transfer(t, b.clinic, b.general, "300.01", "2026-11 议事会第 3 号"); err == nil {
		t.Error("more than the fund has left it")
	}
	for _, err := range []error{
		b.transfer(t, b.clinic, b.school, "100", "2026-11 议事会第 3 号"), b.transfer(t, b.general, b.clinic, "50", ""),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	for fund, want := range map[string]string{"general": "950.00", "clinic": "250.00", "school": "100.00"} {
		if f, err := ledger.FindFund(ctx, b.App, b.ID, fund); err != nil || f.NetAssets.String() != want {
			t.Errorf("%s has %v (%v), want %s", fund, f.NetAssets, err, want)
		}
	}
	b.sound(t)
}

// TestCheckBetweenFinds: an entry past the verbs is told.
func TestCheckBetweenFinds(t *testing.T) {
	t.Parallel()
	b := openBooks(t)
	one := money.MustParse("1")
	b.post(t, ledger.Entry{
		Date: nov20, Kind: "manual", Source: "manual:1", Memo: "手工", PostedBy: "user:7",
		Postings: []ledger.Posting{ledger.Debit(b.account(ledger.BetweenFunds), b.general.ID, one), ledger.Credit(b.account(ledger.Bank), b.general.ID, one)},
	})
	found := b.between(t)
	for _, want := range []ledger.FindingCode{ledger.BetweenNotZero, ledger.LoanUnposted} {
		if !slices.ContainsFunc(found, func(f ledger.Finding) bool { return f.Code == want }) {
			t.Errorf("%s was not found in %v", want, found)
		}
	}
}

// TestCheckBetweenFindsLoans: so is a loan that says another amount than its entry, or of which more came back than was lent.
func TestCheckBetweenFindsLoans(t *testing.T) {
	t.Parallel()
	b := openBooks(t)
	b.post(t, b.given(1, b.general, "1000"))
	loan, err := b.lend(t, b.general, b.clinic, "400")
	if err == nil {
		err = b.repay(t, loan, "300")
	}
	if err != nil {
		t.Fatal(err)
	}
	tx := b.Owner.MustBegin()
	defer func() { _ = tx.Rollback() }()
	tx.MustExec(`ALTER TABLE ledger.fund_loan DISABLE TRIGGER fund_loan_immutable`)
	tx.MustExec(`UPDATE ledger.fund_loan SET amount = 200`)
	found, err := ledger.CheckBetween(ctx, tx, b.ID)
	for _, want := range []ledger.FindingCode{ledger.LoanEntry, ledger.LoanOverRepaid, ledger.LoanUnposted} {
		if err != nil || !slices.ContainsFunc(found, func(f ledger.Finding) bool { return f.Code == want }) {
			t.Errorf("%s was not found in %v (%v)", want, found, err)
		}
	}
}

// TestFundsLendAndKeepTheirMoney: whatever funds lend, repay and transfer, in
// whatever order, the community has what it had, nothing stands between funds
// over all, no fund gives what it has not, and no restricted one falls below zero.
func TestFundsLendAndKeepTheirMoney(t *testing.T) {
	t.Parallel()
	b := openBooks(t)
	funds := []ledger.Fund{b.general, b.clinic, b.school}
	b.post(t, b.given(1, b.general, "900"), b.given(2, b.clinic, "500"), b.given(3, b.school, "100"))
	var loans []uuid.UUID
	rapid.Check(t, func(rt *rapid.T) {
		for range rapid.IntRange(1, 5).Draw(rt, "steps") {
			amount := money.FromFen(rapid.Int64Range(1, 70_000).Draw(rt, "fen")).String()
			from, to := rapid.SampledFrom(funds).Draw(rt, "from"), rapid.SampledFrom(funds).Draw(rt, "to")
			var err error
			switch step := rapid.IntRange(0, 2).Draw(rt, "step"); {
			case step == 0:
				var id uuid.UUID
				if id, err = b.lend(rt, from, to, amount); err == nil {
					loans = append(loans, id)
				}
			case step == 1 && len(loans) > 0:
				err = b.repay(rt, rapid.SampledFrom(loans).Draw(rt, "loan"), amount)
			default:
				err = b.transfer(rt, from, to, amount, rapid.SampledFrom([]string{"", "第 3 号"}).Draw(rt, "motion"))
			}
			allowed := []error{ledger.ErrSameFund, ledger.ErrNoMoney, ledger.ErrOverRepaid, ledger.ErrNeedsVote, ledger.ErrFundOverspent}
			if err != nil && !slices.ContainsFunc(allowed, func(e error) bool { return errors.Is(err, e) }) {
				rt.Fatal(err)
			}
		}
		var bank, net money.Amount
		all, err := ledger.ListFunds(ctx, b.App, b.ID)
		if err != nil {
			rt.Fatal(err)
		}
		for _, f := range all {
			held := b.holds(rt, f, ledger.Bank)
			if held.Sign() < 0 || f.Restricted && f.NetAssets.Sign() < 0 {
				rt.Fatalf("%s has %v at the bank and net assets of %v", f.Code, held, f.NetAssets)
			}
			bank, net = bank.Add(held), net.Add(f.NetAssets)
		}
		if bank.String() != "1500.00" || net.String() != "1500.00" {
			rt.Fatalf("the community has %v at the bank and net assets of %v, want 1500.00", bank, net)
		}
		if found := b.between(rt); len(found) > 0 {
			rt.Fatal(found)
		}
	})
	b.sound(t)
}

func TestOpenBooks(t *testing.T) {
	t.Parallel()
	b := openBooks(t)
	open := func(on time.Time, postings ...ledger.Posting) (posted ledger.Posted, err error) {
		err = b.try(t, func(tx *sqlx.Tx) (err error) {
			posted, err = ledger.OpenBooks(ctx, tx, b.ID, ledger.Opening{On: on, Note: "旧账", By: "user:7", Postings: postings})
			return err
		})
		return posted, err
	}
	b.post(t, b.given(1, b.general, "10"))
	last := ledger.Day(2026, time.October, 31)
	bank := ledger.Debit(b.account(ledger.Bank), b.general.ID, money.MustParse("500"))
	held := ledger.Debit(b.account(ledger.Bank), b.clinic.ID, money.MustParse("80"))

	if _, err := open(last, bank, held); !errors.Is(err, ledger.ErrFewPostings) && !errors.Is(err, ledger.ErrUnbalanced) {
		t.Errorf("without a counter side: %v", err)
	}
	whole := ledger.NetOpening(b.accounts, []ledger.Fund{b.general, b.clinic, b.school}, []ledger.Posting{bank, held})
	if len(whole) != 4 || whole[3].Account != b.account(ledger.RestrictedNetAssets) || whole[3].Fund != b.clinic.ID || whole[3].Amount.String() != "-80.00" {
		t.Errorf("balanced by %v", whole[2:])
	}
	if _, err := open(nov1.AddDate(0, 0, 1), whole...); !errors.Is(err, ledger.ErrTooLate) {
		t.Errorf("dated with the first entry: %v, want ErrTooLate", err)
	}
	if _, err := open(last, bank, ledger.Credit(b.account(ledger.DonationIncome), b.general.ID, money.MustParse("500"))); !errors.Is(err, ledger.ErrNotOpening) {
		t.Errorf("against income: %v, want ErrNotOpening", err)
	}
	posted, err := open(last, whole...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := open(last, whole...); !errors.Is(err, ledger.ErrOpened) {
		t.Errorf("a second time: %v, want ErrOpened", err)
	}
	b.Do(t, func(tx *sqlx.Tx) error {
		_, err := ledger.Reverse(ctx, tx, b.ID, posted.Seq, last, "抄错", "user:7")
		return err
	})
	if _, err := open(last, whole...); err != nil {
		t.Errorf("anew, after the first was reversed: %v", err)
	}
	b.sound(t)
}
