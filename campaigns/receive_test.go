package campaigns_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/campaigns"
	"fund/campaigns/outbox"
	"fund/campaigns/payment"
	"fund/campaigns/receipt"
	"fund/ledger"
)

func constraint(err error) string {
	var dberr *pq.Error
	if errors.As(err, &dberr) {
		return dberr.Constraint
	}
	return ""
}

func TestOneDonationFromTapToReceipt(t *testing.T) {
	t.Parallel()
	o := open(t)
	d, out, err := campaigns.StartDonation(t.Context(), o.App, o.Community, o.Sandbox, campaigns.Start{
		Campaign: "dinner", Amount: yuan("66.60"), Name: "周婆婆", Email: "zhou@example.org", Lang: "zh-CN", Message: "新年好", ShowName: true, At: morning,
	}, o.order())
	if err != nil {
		t.Fatal(err)
	}
	if out.Kind != payment.Redirect || d.State != campaigns.Pending || d.Payee != payment.SandboxPayee || d.Method != "sandbox" {
		t.Errorf("started as %+v, the donor sees %+v", d, out)
	}
	asked, err := o.Company.Find(t.Context(), o.ID, d.ID)
	if err != nil {
		t.Fatal(err)
	}
	if asked.Description != "独居老人年夜饭" || asked.Community != "angong" || !asked.Amount.Equal(yuan("66.60")) || asked.Currency != "CNY" {
		t.Errorf("the provider was asked for %+v", asked.Order)
	}

	told, err := o.Company.Pay(t.Context(), o.ID, d.ID, payment.Normal)
	if err != nil {
		t.Fatal(err)
	}
	r, err := o.receive(campaigns.PaymentOf("sandbox", told.Event))
	if err != nil {
		t.Fatal(err)
	}
	if r.Donation != d.ID || r.Campaign != o.Campaign.ID || r.Again || r.Receipt.Serial() != "2026-000001" || r.Receipt.IssuedAt.IsZero() {
		t.Errorf("received %+v", r)
	}

	d = o.donation(t, d.ID)
	if d.State != campaigns.Paid || d.EntrySeq == nil || *d.EntrySeq != r.Receipt.Entry || d.Reference != told.Event.Reference || !d.PaidAt.Equal(morning) {
		t.Errorf("the donation is %+v", d)
	}
	entry, err := ledger.EntryOf(t.Context(), o.App, o.ID, "donation:"+d.ID.String())
	if err != nil {
		t.Fatal(err)
	}
	donor, err := campaigns.FindDonor(t.Context(), o.App, o.ID, *d.DonorID)
	if err != nil {
		t.Fatal(err)
	}
	if entry.Voucher() != "2026-1" || entry.PostedBy != "system" || entry.Kind != "donation" || string(entry.Commitment) != string(donor.Commitment()) ||
		entry.Date.Format(time.DateOnly) != "2026-05-20" || strings.Contains(entry.Memo+entry.Detail, "周") {
		t.Errorf("the entry is %+v", entry)
	}
	lines, err := ledger.Lines(t.Context(), o.App, o.ID, entry.Seq)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range lines {
		got = append(got, l.AccountCode+" "+l.FundCode+" "+l.Amount.String())
	}
	if diff := cmp.Diff([]string{"100903 dinner 66.60", "410101 dinner -66.60"}, got); diff != "" {
		t.Errorf("postings -want +got\n%s", diff)
	}
	if n := get[int](t, o, `SELECT count(*) FROM transparency.leaf WHERE leaf_index = $1 - 1`, entry.Seq); n != 1 {
		t.Errorf("%d leaves in the log", n)
	}
	stored, err := receipt.Of(t.Context(), o.App, o.ID, d.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r.Receipt, stored); diff != "" {
		t.Errorf("the receipt -issued +stored\n%s", diff)
	}
	wantAmount(t, "raised", o.campaign(t, "dinner").Raised, "66.60")
	letters, err := outbox.Pending(t.Context(), o.App, o.ID, 10)
	if err != nil {
		t.Fatal(err)
	}
	if len(letters) != 1 || letters[0].Kind != "donation_received" || !strings.Contains(string(letters[0].Payload), d.ID.String()) ||
		strings.Contains(string(letters[0].Payload), "zhou") {
		t.Errorf("the outbox has %+v", letters)
	}
	o.sound(t)
}

func TestStartRefuses(t *testing.T) {
	t.Parallel()
	o := open(t)
	draft := dinner()
	draft.Slug = "draft"
	o.Do(t, func(tx *sqlx.Tx) error { _, err := campaigns.DraftCampaign(t.Context(), tx, o.ID, draft); return err })
	for _, c := range []struct {
		what string
		s    campaigns.Start
		want error
	}{
		{"a campaign nobody wrote", campaigns.Start{Campaign: "nothing", Amount: yuan("10"), At: morning}, campaigns.ErrNotFound},
		{"a draft", campaigns.Start{Campaign: "draft", Amount: yuan("10"), At: morning}, campaigns.ErrNotFound},
		{"the day before", campaigns.Start{Campaign: "dinner", Amount: yuan("10"), At: time.Date(2026, 4, 30, 23, 59, 0, 0, shanghai)}, campaigns.ErrNotOpen},
		{"the day after", campaigns.Start{Campaign: "dinner", Amount: yuan("10"), At: time.Date(2027, 1, 1, 0, 0, 0, 0, shanghai)}, campaigns.ErrNotOpen},
		{"too little", campaigns.Start{Campaign: "dinner", Amount: yuan("4.99"), At: morning}, campaigns.ErrBelowMinimum},
		{"too much", campaigns.Start{Campaign: "dinner", Amount: yuan("200000.01"), At: morning}, campaigns.ErrAboveMaximum},
	} {
		_, _, err := campaigns.StartDonation(t.Context(), o.App, o.Community, o.Sandbox, c.s, o.order())
		wantErr(t, c.what, err, c.want)
	}
	if n := get[int](t, o, `SELECT count(*) FROM campaigns.donation`); n != 0 {
		t.Errorf("%d donations were written down", n)
	}
}

func TestDoubledClickStartsOneDonation(t *testing.T) {
	t.Parallel()
	o := open(t)
	s := campaigns.Start{ID: uuid.Must(uuid.NewV7()), Amount: yuan("10"), Name: "周婆婆"}
	one, two := o.start(t, s), o.start(t, s)
	if diff := cmp.Diff(one, two); diff != "" {
		t.Errorf("-first +second\n%s", diff)
	}
	if n := get[int](t, o, `SELECT count(*) FROM campaigns.donor`); n != 1 {
		t.Errorf("%d donors, one of whom nobody could ever erase", n)
	}
}

func TestPaymentThatDiffersIsQuarantined(t *testing.T) {
	t.Parallel()
	o := open(t)
	for reason, change := range map[string]func(*campaigns.Payment){
		"amount":   func(p *campaigns.Payment) { p.Amount = yuan("66.61") },
		"currency": func(p *campaigns.Payment) { p.Currency = "USD" },
		"payee":    func(p *campaigns.Payment) { p.Payee = "1900009192" },
		"method":   func(p *campaigns.Payment) { p.Provider = "cash" },
	} {
		d := o.start(t, campaigns.Start{Amount: yuan("66.60")})
		p := paid(d)
		change(&p)
		for range 2 { // the provider says it again
			_, err := o.receive(p)
			wantErr(t, reason, err, campaigns.ErrQuarantined)
		}
		if d = o.donation(t, d.ID); d.State != campaigns.Quarantined || d.EntrySeq != nil {
			t.Errorf("%s: the donation is %+v", reason, d)
		}
		if got := get[string](t, o, `SELECT string_agg(reason, ' ') FROM campaigns.quarantine WHERE donation_id = $1`, d.ID); got != reason {
			t.Errorf("put aside for %q, want %q", got, reason)
		}
	}
	if n := get[int](t, o, `SELECT (SELECT count(*) FROM ledger.journal_entry) + (SELECT count(*) FROM receipt.receipt) + (SELECT count(*) FROM outbox.message)`); n != 0 {
		t.Errorf("%d entries, receipts or letters", n)
	}
	wantAmount(t, "raised", o.campaign(t, "dinner").Raised, "0.00")
	o.sound(t)
}

func TestRightPaymentAfterAWrongOne(t *testing.T) {
	t.Parallel()
	o := open(t)
	d := o.start(t, campaigns.Start{Amount: yuan("66.60")})
	wrong := paid(d)
	wrong.Amount, wrong.Reference = yuan("6.66"), "P1"
	_, err := o.receive(wrong)
	wantErr(t, "wrong", err, campaigns.ErrQuarantined)
	if _, err := o.receive(paid(d)); err != nil {
		t.Error("right:", err)
	}
	o.sound(t)
}

func TestPaidTwiceWithAnotherReference(t *testing.T) {
	t.Parallel()
	o := open(t)
	d, _ := o.give(t, campaigns.Start{Amount: yuan("50")})
	again := paid(d)
	again.Reference = "another"
	_, err := o.receive(again)
	wantErr(t, "paid twice", err, campaigns.ErrQuarantined)
	if got := o.donation(t, d.ID); got.State != campaigns.Paid || got.Reference != d.Reference {
		t.Errorf("the donation is %+v", got)
	}
	list, err := campaigns.ListQuarantine(t.Context(), o.App, o.ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 1 || list[0].Reason != "paid_twice" || *list[0].Donation != d.ID {
		t.Fatalf("put aside: %+v", list)
	}
	resolve := func(what string) error {
		return o.Try(func(tx *sqlx.Tx) error {
			_, err := campaigns.DecideQuarantine(t.Context(), tx, o.Community, list[0].ID, campaigns.Decision{Action: campaigns.Noted, Note: what, Who: "user:3", At: morning})
			return err
		})
	}
	wantErr(t, "without a word", resolve(""), campaigns.ErrNoReason)
	if err := resolve("原路退回"); err != nil {
		t.Error(err)
	}
	wantErr(t, "resolved twice", resolve("原路退回"), campaigns.ErrState)
	o.sound(t)
}

func TestUnknownDonation(t *testing.T) {
	t.Parallel()
	o := open(t)
	d := o.start(t, campaigns.Start{Amount: yuan("50")})
	stranger := paid(d)
	stranger.Donation = uuid.New()
	_, err := o.receive(stranger)
	wantErr(t, "nobody's", err, campaigns.ErrUnknownDonation)

	// Another community's donation is as unknown.
	neighbour := *o
	o.Do(t, func(tx *sqlx.Tx) (err error) {
		neighbour.Community, err = ledger.AddCommunity(t.Context(), tx, ledger.Community{Slug: "other", NameZH: "别处", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai"})
		return err
	})
	_, err = neighbour.receive(paid(d))
	wantErr(t, "another community's", err, campaigns.ErrUnknownDonation)
}

func TestLatePaymentForAFailedDonation(t *testing.T) {
	t.Parallel()
	o := open(t)
	d := o.start(t, campaigns.Start{Amount: yuan("50")})
	fail := func(tx *sqlx.Tx) error { return campaigns.FailDonation(t.Context(), tx, o.ID, d.ID) }
	o.Do(t, fail)
	wantErr(t, "fail twice", o.Try(fail), campaigns.ErrState)
	if r, err := o.receive(paid(d)); err != nil || r.Receipt.Number != 1 {
		t.Errorf("received %+v, %v", r, err)
	}
	wantErr(t, "fail what is paid", o.Try(fail), campaigns.ErrState)
	o.sound(t)
}

func TestPaymentIntoAClosedMonthIsDatedToday(t *testing.T) {
	t.Parallel()
	o := open(t)
	d, open := o.start(t, campaigns.Start{Amount: yuan("50")}), o.start(t, campaigns.Start{Amount: yuan("60")})
	o.Do(t, func(tx *sqlx.Tx) error {
		return ledger.ClosePeriod(t.Context(), tx, o.ID, ledger.Day(2026, 5, 1), "user:2")
	})
	before := o.Day(time.Now())
	r, err := o.receive(paid(d))
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Receipt.IssuedOn; got.Before(before) || got.After(o.Day(time.Now())) {
		t.Errorf("dated %s", got)
	}
	june := paid(open)
	june.PaidAt = time.Date(2026, 6, 1, 0, 10, 0, 0, shanghai)
	if r, err = o.receive(june); err != nil || r.Receipt.IssuedOn.Format(time.DateOnly) != "2026-06-01" {
		t.Errorf("the open month's: %+v, %v", r, err)
	}
	o.sound(t)
}

// One call with a payment of every kind, among them one whose fund is closed.
func TestBadItemsDoNotFailTheirNeighbours(t *testing.T) {
	t.Parallel()
	o := open(t)
	shut := dinner()
	shut.Slug = "shut"
	shut = o.publish(t, shut)
	good, other := paid(o.start(t, campaigns.Start{Amount: yuan("50")})), paid(o.start(t, campaigns.Start{Amount: yuan("60")}))
	wrong, stranger := paid(o.start(t, campaigns.Start{Amount: yuan("70")})), good
	wrong.Amount, stranger.Donation = yuan("7"), uuid.New()
	stuck := paid(o.start(t, campaigns.Start{Campaign: "shut", Amount: yuan("80")}))
	o.Do(t, func(tx *sqlx.Tx) error { return ledger.CloseFund(t.Context(), tx, o.ID, shut.FundID) })

	gate := make(chan struct{})
	c := ledger.NewCommitter(o.App, 64, campaigns.ReceivePayments)
	defer c.Close()
	type answer struct {
		i   int
		r   campaigns.Received
		err error
	}
	answers := make(chan answer)
	batch := []campaigns.Payment{good, wrong, stranger, stuck, good, other}
	for i, p := range batch {
		go func() {
			<-gate
			r, err := c.Do(t.Context(), o.ID, p)
			answers <- answer{i, r, err}
		}()
	}
	close(gate)
	got := make([]answer, len(batch))
	for range batch {
		a := <-answers
		got[a.i] = a
	}
	wantErr(t, "wrong amount", got[1].err, campaigns.ErrQuarantined)
	wantErr(t, "unknown", got[2].err, campaigns.ErrUnknownDonation)
	wantErr(t, "closed fund", got[3].err, campaigns.ErrQuarantined)
	for _, i := range []int{0, 4, 5} {
		if got[i].err != nil || got[i].r.Receipt.Number == 0 {
			t.Errorf("payment %d: %+v", i, got[i])
		}
	}
	if got[0].r.Receipt.Number != got[4].r.Receipt.Number || got[0].r.Again == got[4].r.Again {
		t.Errorf("the same payment twice: %+v and %+v", got[0], got[4])
	}
	if n := get[int](t, o, `SELECT count(*) FROM receipt.receipt`); n != 2 {
		t.Errorf("%d receipts", n)
	}
	o.sound(t)
}

// The same as one batch of the verb itself, where the duplicate is its own neighbour.
func TestOneBatchOfEveryKind(t *testing.T) {
	t.Parallel()
	o := open(t)
	good := paid(o.start(t, campaigns.Start{Amount: yuan("50")}))
	wrong, stranger, twice := paid(o.start(t, campaigns.Start{Amount: yuan("70")})), good, good
	wrong.Amount, stranger.Donation, twice.Reference = yuan("7"), uuid.New(), "another"
	o.Do(t, func(tx *sqlx.Tx) error {
		outcomes, err := campaigns.ReceivePayments(t.Context(), tx, o.ID, []campaigns.Payment{wrong, good, good, stranger, twice, wrong})
		if err != nil {
			return err
		}
		for i, want := range []error{campaigns.ErrQuarantined, nil, nil, campaigns.ErrUnknownDonation, campaigns.ErrQuarantined, campaigns.ErrQuarantined} {
			if !errors.Is(outcomes[i].Err, want) {
				t.Errorf("payment %d: %v, want %v", i, outcomes[i].Err, want)
			}
		}
		if first, again := outcomes[1].Value, outcomes[2].Value; first.Again || !again.Again || first.Receipt.Token != again.Receipt.Token {
			t.Errorf("the same twice: %+v and %+v", first, again)
		}
		return nil
	})
	o.sound(t)
}

func TestAllOrNothingIsHeldAsALiability(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := dinner()
	c.Slug, c.Kind = "lift", campaigns.AllOrNothing
	o.publish(t, c)
	d, r := o.give(t, campaigns.Start{Campaign: "lift", Amount: yuan("500")})
	lines, err := ledger.Lines(t.Context(), o.App, o.ID, r.Receipt.Entry)
	if err != nil {
		t.Fatal(err)
	}
	if lines[1].AccountType != ledger.Liability || lines[1].FundCode != "lift" {
		t.Errorf("against %+v", lines[1])
	}
	wantAmount(t, "raised", o.campaign(t, "lift").Raised, "500.00")
	wantAmount(t, "net assets", get2(ledger.FindFund(t.Context(), o.App, o.ID, "lift"))(t).NetAssets, "0.00")
	o.refund(t, d, "500")
	o.sound(t)
}

func get2[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
