package spending_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/spending"
	"fund/ledger"
	"fund/ledger/reconcile"
)

func TestFromTheAskingToThePublicPaper(t *testing.T) {
	t.Parallel()
	o := open(t)
	r := o.ask(t, "400")
	if again := o.ask(t, "400", func(a *spending.PaymentRequest) { a.ID = r.ID }); again.Number != r.Number {
		t.Errorf("sent twice, it is request %d beside %d", again.Number, r.Number)
	}
	r = o.done(t, o.approve(r.ID, council))
	if r.State != spending.Approved {
		t.Fatalf("%+v", r)
	}
	if room := o.room(t); room.Money.String() != "600.00" || room.Least().String() != "200.00" {
		t.Errorf("with 400.00 held there is left: %+v", room)
	}
	r = o.done(t, o.pay(r.ID))
	if r.Stage() != spending.Paid {
		t.Errorf("stage %s", r.Stage())
	}
	entry, err := ledger.EntryAt(ctx, o.App, o.ID, *r.EntrySeq)
	if err != nil || entry.Source != "payment_request:"+r.ID.String() || entry.Memo != "买米面油" || entry.Expense.String() != "400.00" {
		t.Errorf("%+v, %v", entry, err)
	}
	if papers, err := campaigns.OriginalsOf(ctx, o.App, o.ID, entry.Seq); err != nil || len(papers) != 1 {
		t.Errorf("%d papers came along, %v", len(papers), err)
	}
	if room := o.room(t); room.Money.String() != "600.00" || room.Least().String() != "200.00" {
		t.Errorf("paid, there is left: %+v", room)
	}
	o.Do(t, func(tx *sqlx.Tx) error {
		return campaigns.AddEvidence(ctx, tx, o.ID, entry.Seq, strings.NewReader(string(photograph(t))), "发票", treasurer)
	})
	if r, err = spending.OfEntry(ctx, o.App, o.ID, entry.Seq); err != nil || r.Stage() != spending.Evidenced {
		t.Errorf("stage %s, %v", r.Stage(), err)
	}
	o.Do(t, func(tx *sqlx.Tx) error { return spending.ErasePayee(ctx, tx, o.Community, r.ID, treasurer, o.Now) })
	if r, err = spending.Find(ctx, o.App, o.ID, r.ID); err != nil || r.Payee.Name != "" || r.Payee.ErasedAt == nil {
		t.Errorf("who got it: %+v, %v", r.Payee, err)
	}
	events, err := spending.History(ctx, o.App, o.ID, r.ID)
	var said []string
	for _, e := range events {
		said = append(said, e.What+" "+e.By)
	}
	if got := strings.Join(said, ", "); err != nil || got != "asked user:asker, approved user:council, paid user:treasurer, erased user:treasurer" {
		t.Errorf("%s, %v", got, err)
	}
	o.sound(t)
}

func TestSomebodyElseApproves(t *testing.T) {
	t.Parallel()
	o := open(t)
	r := o.ask(t, "100", func(r *spending.PaymentRequest) { r.PayeeUser = second })
	o.refused(t, "who asked", o.approve(r.ID, asker), spending.ErrOwnRequest)
	o.refused(t, "who gets it", o.approve(r.ID, second), spending.ErrOwnRequest)
	o.refused(t, "paying what nobody approved", o.pay(r.ID), spending.ErrState)
	recused := o.done(t, func(tx *sqlx.Tx) (spending.PaymentRequest, error) {
		return spending.Approve(ctx, tx, o.Community, r.ID, spending.Word{Conflict: true, Reason: "我弟弟的店"}, council, o.Now)
	})
	if recused.State != spending.Asked {
		t.Errorf("with a conflict it is %s", recused.State)
	}
	o.refused(t, "after all", o.approve(r.ID, council), spending.ErrDecided)
	o.refused(t, "declining without a reason", func(tx *sqlx.Tx) (spending.PaymentRequest, error) {
		return spending.Decline(ctx, tx, o.Community, r.ID, spending.Word{}, treasurer, o.Now)
	}, spending.ErrNoReason)
	if n, err := spending.Waiting(ctx, o.App, o.ID, treasurer, true, true); err != nil || n != 1 {
		t.Errorf("%d wait for the treasurer, %v", n, err)
	}
	for _, who := range []string{asker, second, council} {
		if n, err := spending.Waiting(ctx, o.App, o.ID, who, true, false); err != nil || n != 0 {
			t.Errorf("%d wait for %s, %v", n, who, err)
		}
	}
	if got := o.done(t, func(tx *sqlx.Tx) (spending.PaymentRequest, error) {
		return spending.Decline(ctx, tx, o.Community, r.ID, spending.Word{Reason: "发票抬头不对"}, treasurer, o.Now)
	}); got.State != spending.Declined {
		t.Errorf("it is %s", got.State)
	}
	o.sound(t)
}

func TestTwoApproveWhatIsAboveTheLimit(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.Do(t, func(tx *sqlx.Tx) error { return spending.SetRule(ctx, tx, o.ID, yuan("100"), council, o.Now) })
	if small := o.ask(t, "100"); small.Needed != 1 {
		t.Errorf("100.00 needs %d", small.Needed)
	}
	r := o.ask(t, "100.01")
	if got := o.done(t, o.approve(r.ID, council)); got.State != spending.Asked || got.Approvals != 1 {
		t.Errorf("%+v", got)
	}
	o.refused(t, "the same twice", o.approve(r.ID, council), spending.ErrDecided)
	o.Do(t, func(tx *sqlx.Tx) error { return spending.SetRule(ctx, tx, o.ID, yuan("9999"), council, o.Now) })
	if got := o.done(t, o.approve(r.ID, second)); got.State != spending.Approved {
		t.Errorf("%+v", got)
	}
	o.sound(t)
}

func TestMoneyIsHeldOnce(t *testing.T) {
	t.Parallel()
	o := open(t)
	first, next := o.ask(t, "400"), o.ask(t, "300")
	o.done(t, o.approve(first.ID, council))
	o.refused(t, "more than the budget leaves", o.approve(next.ID, council), spending.ErrBudgetShort)
	o.refused(t, "withdrawn by another", func(tx *sqlx.Tx) (spending.PaymentRequest, error) {
		return spending.Withdraw(ctx, tx, o.Community, first.ID, "", council, o.Now)
	}, spending.ErrNotYours)
	o.done(t, func(tx *sqlx.Tx) (spending.PaymentRequest, error) {
		return spending.Withdraw(ctx, tx, o.Community, first.ID, "买贵了", asker, o.Now)
	})
	o.done(t, o.approve(next.ID, council))
	poor := o.ask(t, "1000.01", func(r *spending.PaymentRequest) { r.FundID = ledger.GeneralFundID })
	o.refused(t, "more than the fund has", o.approve(poor.ID, council), spending.ErrFundShort)
	o.sound(t)
}

func TestAPaymentIsUndoneAndPaidAgain(t *testing.T) {
	t.Parallel()
	o := open(t)
	r := o.ask(t, "600")
	o.done(t, o.approve(r.ID, council))
	o.done(t, o.pay(r.ID))
	o.refused(t, "without a reason", o.undo(r.ID, " "), spending.ErrNoReason)
	if r = o.done(t, o.undo(r.ID, "银行退回")); r.State != spending.Approved || r.EntrySeq != nil {
		t.Fatalf("%+v", r)
	}
	o.sound(t)
	if room := o.room(t); !room.Least().IsZero() {
		t.Errorf("it is held again, and there is left %v", room.Least())
	}
	r = o.done(t, o.pay(r.ID))
	entry, err := ledger.EntryAt(ctx, o.App, o.ID, *r.EntrySeq)
	if err != nil || entry.Source != "payment_request:"+r.ID.String()+".2" {
		t.Errorf("%+v, %v", entry, err)
	}
	o.sound(t)
	// Reversed in the journal behind its back, the check says so.
	o.Do(t, func(tx *sqlx.Tx) error {
		_, err := ledger.Reverse(ctx, tx, o.ID, entry.Seq, o.Day(o.Now), "手工", treasurer)
		return err
	})
	if found, err := spending.Check(ctx, o.App, o.ID); err != nil || len(found) != 1 || found[0].Code != spending.PaidNotBooked {
		t.Errorf("%v, %v", found, err)
	}
}

func TestABatchForTheBank(t *testing.T) {
	t.Parallel()
	o := open(t)
	first, next, cash := o.ask(t, "120.50", byTransfer), o.ask(t, "80", byTransfer), o.ask(t, "10")
	for _, r := range []spending.PaymentRequest{first, next, cash} {
		o.done(t, o.approve(r.ID, council))
	}
	batch := func(ids ...uuid.UUID) verb {
		return func(tx *sqlx.Tx) (spending.PaymentRequest, error) {
			_, err := spending.MakeBatch(ctx, tx, o.Community, ids, o.account(ledger.Bank), o.Day(o.Now), treasurer, o.Now)
			return first, err
		}
	}
	o.refused(t, "cash in a transfer file", batch(first.ID, cash.ID), spending.ErrState)
	o.refused(t, "an empty file", batch(), spending.ErrState)
	o.done(t, batch(first.ID, next.ID))
	o.refused(t, "sent twice", batch(first.ID), spending.ErrState)
	file, err := spending.BatchFile(ctx, o.App, o.ID, 1)
	want := "\ufeff收款人,账号,开户行,金额,用途\r\n'=粮油店,6222000011112222333,成都银行,80.00,付款申请2 买米面油\r\n'=粮油店,6222000011112222333,成都银行,120.50,付款申请1 买米面油\r\n"
	if err != nil || string(file) != want {
		t.Errorf("%s, %v", file, err)
	}
	if first, err = spending.Find(ctx, o.App, o.ID, first.ID); err != nil || first.Stage() != spending.Sent {
		t.Errorf("stage %s, %v", first.Stage(), err)
	}
	o.done(t, func(tx *sqlx.Tx) (spending.PaymentRequest, error) {
		return spending.Confirm(ctx, tx, o.Community, first.ID, treasurer, o.Now)
	})
	o.arrives(t, next)
	for _, id := range []uuid.UUID{first.ID, next.ID} {
		if r, err := spending.Find(ctx, o.App, o.ID, id); err != nil || r.Stage() != spending.Paid {
			t.Errorf("stage %s, %v", r.Stage(), err)
		}
	}
	o.refused(t, "undone under the bank's line", o.undo(next.ID, "错"), spending.ErrMatched)
	if bs, err := spending.Batches(ctx, o.App, o.ID, 10); err != nil || len(bs) != 1 || bs[0].Open != 0 || bs[0].Amount.String() != "200.50" {
		t.Errorf("%+v, %v", bs, err)
	}
	o.sound(t)
}

// arrives matches a line of the bank to a payment.
func (o *office) arrives(t testing.TB, r spending.PaymentRequest) {
	t.Helper()
	r, err := spending.Find(ctx, o.App, o.ID, r.ID)
	if err != nil {
		t.Fatal(err)
	}
	bank := o.account(ledger.Bank)
	o.Owner.MustExec(`INSERT INTO statement.statement (community_id, id, account_id, name, format, layout, lines, fresh, digest, imported_by) VALUES ($1, 1, $2, 'x', 'csv', 'x', 1, 1, sha256(''), 'x')`, o.ID, bank)
	o.Owner.MustExec(`INSERT INTO statement.line (community_id, account_id, id, statement_id, row, day, amount, key) VALUES ($1, $2, 1, 1, 1, $3, $4, 'x')`, o.ID, bank, o.Day(o.Now), r.Amount.Neg())
	o.Do(t, func(tx *sqlx.Tx) error {
		return reconcile.Keep(ctx, tx, o.ID, bank, reconcile.Match{ID: uuid.New(), Lines: []int64{1}, Postings: []reconcile.Spot{{Seq: *r.EntrySeq, Posting: 2}}, MadeBy: treasurer})
	})
}

func TestWhatAskRefuses(t *testing.T) {
	t.Parallel()
	o := open(t)
	ask := func(change func(*spending.PaymentRequest)) verb {
		r := spending.PaymentRequest{ID: uuid.New(), FundID: o.Dinner, AccountID: o.account(ledger.ProgrammeExpense), Amount: yuan("1"), Purpose: "x", Method: spending.ByCash, AskedBy: asker, AskedAt: o.Now}
		change(&r)
		return func(tx *sqlx.Tx) (spending.PaymentRequest, error) { return spending.Ask(ctx, tx, o.Community, r) }
	}
	o.refused(t, "a transfer to nobody", ask(func(r *spending.PaymentRequest) { r.Method = spending.ByTransfer }), spending.ErrNoPayee)
	o.refused(t, "out of an asset", ask(func(r *spending.PaymentRequest) { r.AccountID = o.account(ledger.Bank) }), spending.ErrNotExpense)
	if _, err := spending.BatchFile(ctx, o.App, o.ID, 7); err == nil {
		t.Error("a batch that is not there has a file")
	}
	if _, err := spending.OfEntry(ctx, o.App, o.ID, 1); err == nil {
		t.Error("any entry pays a request")
	}
}

func TestAPaperWithoutARequestIsForgotten(t *testing.T) {
	t.Parallel()
	o := open(t)
	asked, paid := o.ask(t, "10"), o.ask(t, "20")
	o.done(t, o.approve(paid.ID, council))
	o.done(t, o.pay(paid.ID))
	var orphan campaigns.Original
	o.Do(t, func(tx *sqlx.Tx) (err error) {
		orphan, err = campaigns.KeepOriginal(ctx, tx, o.ID, strings.NewReader(string(photograph(t))), "发票", asker)
		return err
	})
	o.Do(t, func(tx *sqlx.Tx) error { return spending.ForgetOrphans(ctx, tx, o.ID, o.Now.Add(-time.Hour)) })
	if _, err := campaigns.FindOriginal(ctx, o.App, o.ID, orphan.ID); err != nil {
		t.Errorf("too early: %v", err)
	}
	o.Do(t, func(tx *sqlx.Tx) error { return spending.ForgetOrphans(ctx, tx, o.ID, o.Now.Add(time.Hour)) })
	if _, err := campaigns.FindOriginal(ctx, o.App, o.ID, orphan.ID); !errors.Is(err, campaigns.ErrNotFound) {
		t.Errorf("it is still there: %v", err)
	}
	for _, r := range []spending.PaymentRequest{asked, paid} {
		if papers, err := spending.Papers(ctx, o.App, o.ID, r.ID); err != nil || len(papers) != 1 {
			t.Errorf("request %d has %d papers, %v", r.Number, len(papers), err)
		}
	}
}

// Two people approve at once what together is more than the fund has: one of them is refused.
func TestApprovingAtOnce(t *testing.T) {
	t.Parallel()
	o := open(t)
	general := func(r *spending.PaymentRequest) { r.FundID = ledger.GeneralFundID }
	asked := []spending.PaymentRequest{o.ask(t, "600", general), o.ask(t, "600", general), o.ask(t, "600", general)}
	errs := make([]error, len(asked))
	var all sync.WaitGroup
	for i, r := range asked {
		all.Go(func() {
			errs[i] = o.Try(func(tx *sqlx.Tx) error {
				_, err := o.approve(r.ID, council)(tx)
				return err
			})
		})
	}
	all.Wait()
	var approved int
	for _, err := range errs {
		if err == nil {
			approved++
		} else if !errors.Is(err, spending.ErrFundShort) {
			t.Error(err)
		}
	}
	if approved != 1 {
		t.Errorf("%d of three 600.00 are approved out of 1000.00", approved)
	}
	o.sound(t)
}
