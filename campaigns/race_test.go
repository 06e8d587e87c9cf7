package campaigns_test

import (
	"testing"

	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/money"
)

// counted is how many receipts there are and the highest number among them.
func (o *office) counted(t testing.TB) (n, last int) {
	t.Helper()
	row := o.Owner.QueryRow(`SELECT count(*), coalesce(max(number), 0) FROM receipt.receipt WHERE community_id = $1`, o.ID)
	if err := row.Scan(&n, &last); err != nil {
		t.Fatal(err)
	}
	return n, last
}

func TestOneNotificationAThousandTimes(t *testing.T) {
	t.Parallel()
	o := open(t)
	p := paid(o.start(t, campaigns.Start{Amount: yuan("50")}))
	c := o.committer()
	defer c.Close()
	tokens := make([]string, 64)
	won := race(64, func(i int) error {
		for n := range 16 { // 1,024 in all
			r, err := c.Do(ctx, o.ID, p)
			if err != nil {
				return err
			}
			if n == 0 {
				tokens[i] = r.Receipt.Token
			}
			if r.Receipt.Token != tokens[i] {
				t.Errorf("two receipts: %s and %s", tokens[i], r.Receipt.Token)
			}
		}
		return nil
	})
	if won.err != nil || won.n != 64 {
		t.Errorf("%d senders were answered: %v", won.n, won.err)
	}
	for _, token := range tokens {
		if token == "" || token != tokens[0] {
			t.Errorf("senders hold %s and %s", token, tokens[0])
		}
	}
	if n := get[int](t, o, `SELECT count(*) FROM ledger.journal_entry`); n != 1 {
		t.Errorf("%d entries", n)
	}
	wantAmount(t, "raised", o.campaign(t, "dinner").Raised, "50.00")
	o.sound(t)
}

// Two pools stand for two processes; they fight over some of the same gifts too.
func TestTwoProcessesReceiveInParallel(t *testing.T) {
	t.Parallel()
	o := open(t)
	other, err := sqlx.Open("postgres", o.AppURL)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	const gifts = 200
	var sum money.Amount
	payments := make([]campaigns.Payment, gifts)
	for i := range payments {
		d := o.start(t, campaigns.Start{Amount: money.FromFen(int64(500 + i))})
		payments[i], sum = paid(d), sum.Add(d.Amount)
	}
	two := [2]*ledger.Committer[campaigns.Payment, campaigns.Received]{
		ledger.NewCommitter(o.App, 32, campaigns.ReceivePayments), ledger.NewCommitter(other, 32, campaigns.ReceivePayments),
	}
	won := race(gifts*3/2, func(i int) error { // half of the gifts are told twice, to both
		_, err := two[(i+i/gifts)%2].Do(ctx, o.ID, payments[i%gifts])
		return err
	})
	for _, c := range two {
		c.Close()
	}
	if won.err != nil || won.n != gifts*3/2 {
		t.Fatalf("%d were answered: %v", won.n, won.err)
	}
	if n, last := o.counted(t); n != gifts || last != gifts {
		t.Errorf("%d receipts up to number %d, want 1..%d", n, last, gifts)
	}
	if n := get[int](t, o, `SELECT count(*) FROM ledger.journal_entry`); n != gifts {
		t.Errorf("%d entries", n)
	}
	wantAmount(t, "raised", o.campaign(t, "dinner").Raised, sum.String())
	o.sound(t)
}

// Two processes hold the same payment at the same time: the second waits for
// the first and gives its receipt, instead of falling over the books' guard.
func TestTheSecondProcessWaits(t *testing.T) {
	t.Parallel()
	o := open(t)
	p := []campaigns.Payment{paid(o.start(t, campaigns.Start{Amount: yuan("50")}))}
	first := o.App.MustBegin()
	defer first.Rollback()
	one := get2(campaigns.ReceivePayments(t.Context(), first, o.ID, p))(t)
	second := make(chan error)
	go func() {
		second <- o.Try(func(tx *sqlx.Tx) error {
			two, err := campaigns.ReceivePayments(ctx, tx, o.ID, p)
			if err == nil && (!two[0].Value.Again || two[0].Value.Receipt.Token != one[0].Value.Receipt.Token) {
				t.Errorf("the second got %+v", two[0])
			}
			return err
		})
	}()
	for !o.Waiting(t) { // until the second does
	}
	if err := first.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := <-second; err != nil {
		t.Error(err)
	}
	o.sound(t)
}

// A payment and a refund of other gifts meet in the same campaign without a deadlock.
func TestPaymentsAndRefundsAtOnce(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := o.committer()
	defer c.Close()
	const n = 40
	given := make([]campaigns.Donation, n)
	asked := make([]campaigns.Payment, n)
	for i := range n {
		given[i], _ = o.give(t, campaigns.Start{Amount: yuan("30")})
		asked[i] = paid(o.start(t, campaigns.Start{Amount: yuan("20")}))
	}
	won := race(2*n, func(i int) error {
		if i%2 == 0 {
			_, err := c.Do(ctx, o.ID, asked[i/2])
			return err
		}
		_, err := o.tryRefund(given[i/2].ID, given[i/2].ID, yuan("10"))
		return err
	})
	if won.err != nil {
		t.Fatal(won.err)
	}
	wantAmount(t, "raised", o.campaign(t, "dinner").Raised, "1600.00")
	o.sound(t)
}
