package campaigns_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/ledger"
)

// Closing ends a campaign too, and payments under way are waited for.
func TestConcludeKnowsWhen(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := o.roof(t, "100")
	conclude := func(campaign int, at time.Time) error {
		return o.Try(func(tx *sqlx.Tx) error {
			_, err := campaigns.Conclude(ctx, tx, o.Community, campaign, at, "user:2")
			return err
		})
	}
	draft := dinner()
	draft.Slug, draft.Kind = "draft", campaigns.AllOrNothing
	o.Do(t, func(tx *sqlx.Tx) (err error) { draft, err = campaigns.DraftCampaign(ctx, tx, o.ID, draft); return err })
	wantErr(t, "nobody's", conclude(99, newYear), campaigns.ErrNotFound)
	wantErr(t, "one that keeps what it raises", conclude(o.Campaign.ID, newYear), campaigns.ErrState)
	wantErr(t, "a draft", conclude(draft.ID, newYear), campaigns.ErrState)
	wantErr(t, "on the last day", conclude(c.ID, newYear.Add(-10*time.Minute)), campaigns.ErrState)
	_, err := campaigns.FindConclusion(ctx, o.App, o.ID, c.ID)
	wantErr(t, "what is not decided", err, campaigns.ErrNotFound)

	// Paid at five to midnight, told after it: the roof is built.
	o.giveRoof(t, "90")
	last := o.start(t, campaigns.Start{Campaign: "roof", Amount: yuan("10"), At: newYear.Add(-10 * time.Minute)})
	if moved := o.due(t, newYear); len(moved) != 0 {
		t.Errorf("%v did not wait for the last payment", moved)
	}
	p := paid(last)
	p.PaidAt = newYear.Add(-10 * time.Minute)
	get2(o.receive(p))(t)
	if got := o.campaign(t, "roof"); got.Result != campaigns.GoalMet {
		t.Errorf("the campaign is %+v", got)
	}

	closed := dinner()
	closed.Slug, closed.Kind, closed.Goal = "closed", campaigns.AllOrNothing, yuan("100")
	closed = o.publish(t, closed)
	gone, _ := o.give(t, campaigns.Start{Campaign: "closed", Amount: yuan("9")})
	o.start(t, campaigns.Start{Campaign: "closed", Amount: yuan("91")}) // and never pays
	if moved := o.due(t, morning); len(moved) != 0 {
		t.Errorf("%v moved in its days", moved)
	}
	o.Do(t, func(tx *sqlx.Tx) error { return campaigns.Close(ctx, tx, o.ID, closed.ID, morning) })
	if moved := o.due(t, morning.Add(time.Hour)); len(moved) != 0 {
		t.Errorf("%v did not wait for the payment", moved)
	}
	if moved := o.due(t, morning.Add(campaigns.PaymentWait+time.Minute)); len(moved) != 1 || !o.donation(t, gone.ID).Left().IsZero() {
		t.Errorf("%v moved after closing", moved)
	}
	o.sound(t)
}

// A server that dies between two batches leaves the rest to the next.
func TestConcludeGoesOnAfterACrash(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.roof(t, "10000")
	const gifts = 120
	for range gifts {
		o.cashRoof(t, "6")
	}
	// Somebody looks at a gift of the second batch, so that the verb stops there.
	looking := o.Owner.MustBegin()
	defer looking.Rollback()
	looking.MustExec(`SELECT FROM campaigns.donation WHERE id = (SELECT id FROM campaigns.donation ORDER BY id OFFSET 70 LIMIT 1) FOR UPDATE`)
	crash, cancel := context.WithCancel(ctx)
	defer cancel()
	died := make(chan error)
	go func() {
		_, err := campaigns.ConcludeDue(crash, o.App, o.Community, newYear, "system")
		died <- err
	}()
	for !o.Waiting(t) {
	}
	cancel()
	if err := <-died; err == nil {
		t.Error("the crash went unnoticed")
	}
	if err := looking.Rollback(); err != nil {
		t.Fatal(err)
	}
	o.wantRoof(t, "420.00", "0.00", "420.00") // 50 of 120 went back
	found := o.findings(t)
	for _, f := range found {
		if f.Code != campaigns.NotGivenBack || !strings.Contains(f.Text("en"), "6.00") || !strings.Contains(f.Text("zh"), "6.00") {
			t.Errorf("found %v", f)
		}
	}
	if len(found) != 70 {
		t.Errorf("%d gifts are said to be here", len(found))
	}
	o.due(t, newYear.Add(time.Minute))
	o.wantRoof(t, "0.00", "0.00", "0.00")
	if n := get[int](t, o, `SELECT count(*) FROM campaigns.refund`); n != gifts {
		t.Errorf("%d refunds of %d gifts", n, gifts)
	}
	o.sound(t)
}

func TestSeveralProcessesConclude(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.roof(t, "10000")
	const gifts = 30
	var late []campaigns.Donation
	for range gifts {
		o.cashRoof(t, "6")
		late = append(late, o.start(t, campaigns.Start{Campaign: "roof", Amount: yuan("7")}))
	}
	c := o.committer()
	defer c.Close()
	won := race(3+gifts, func(i int) error {
		if i < 3 {
			_, err := campaigns.ConcludeDue(ctx, o.App, o.Community, newYear, "system")
			return err
		}
		_, err := c.Do(ctx, o.ID, paid(late[i-3]))
		return err
	})
	if won.err != nil {
		t.Fatal(won.err)
	}
	o.due(t, newYear)
	if n := get[int](t, o, `SELECT count(*) FROM campaigns.refund`); n != 2*gifts {
		t.Errorf("%d refunds of %d gifts", n, 2*gifts)
	}
	o.wantRoof(t, "0.00", "0.00", "0.00")
	o.sound(t)
}

// Gifts, refunds and the clock meet at the goal without a deadlock, and the
// books hold what the decision says.
func TestTheGoalIsReachedByManyAtOnce(t *testing.T) {
	t.Parallel()
	o := open(t)
	roof := o.roof(t, "300")
	const n = 30
	var payments []campaigns.Payment
	var given []campaigns.Donation
	for range n {
		given = append(given, o.cashRoof(t, "5"))
		payments = append(payments, paid(o.start(t, campaigns.Start{Campaign: "roof", Amount: yuan("10")})))
	}
	two := []*ledger.Committer[campaigns.Payment, campaigns.Received]{o.committer(), o.committer()}
	won := race(3*n, func(i int) (err error) {
		switch i % 3 {
		case 0:
			_, err = two[i%2].Do(ctx, o.ID, payments[i/3])
		case 1:
			_, err = o.tryRefund(given[i/3].ID, given[i/3].ID, yuan("2"))
		case 2:
			_, err = campaigns.ConcludeDue(ctx, o.App, o.Community, morning, "system")
		}
		return err
	})
	for _, c := range two {
		c.Close()
	}
	if won.err != nil {
		t.Fatal(won.err)
	}
	if z := get2(campaigns.FindConclusion(ctx, o.App, o.ID, roof.ID))(t); z.Result != campaigns.GoalMet || z.Raised.Less(yuan("300")) {
		t.Errorf("concluded as %+v", z)
	}
	o.wantRoof(t, "0.00", "390.00", "390.00")
	o.sound(t)
}

// A gift that cannot go back, since a treasurer undid its entry in the journal,
// does not keep the others here.
func TestOneGiftThatCannotGoBack(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.roof(t, "100")
	a, b, c := o.giveRoof(t, "10"), o.giveRoof(t, "20"), o.cashRoof(t, "30")
	o.reverse(t, *b.EntrySeq)
	_, err := campaigns.ConcludeDue(ctx, o.App, o.Community, newYear, "system")
	wantErr(t, "the gift that was undone", err, ledger.ErrReversedTwice)
	if !o.donation(t, a.ID).Left().IsZero() || !o.donation(t, c.ID).Left().IsZero() {
		t.Error("the others did not go back")
	}
	codes := map[ledger.FindingCode]bool{}
	for _, f := range o.findings(t) {
		codes[f.Code] = true
	}
	if !codes[campaigns.HeldDiffers] || !codes[campaigns.NotGivenBack] {
		t.Errorf("found %v", codes)
	}
}
