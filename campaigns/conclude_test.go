package campaigns_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/money"
)

// newYear is five past midnight after the last day of the tests' campaigns.
var newYear = time.Date(2027, 1, 1, 0, 5, 0, 0, shanghai)

// roof publishes an all-or-nothing campaign.
func (o *office) roof(t testing.TB, goal string) campaigns.Campaign {
	t.Helper()
	c := dinner()
	c.Slug, c.Kind, c.Goal = "roof", campaigns.AllOrNothing, yuan(goal)
	return o.publish(t, c)
}

func (o *office) giveRoof(t testing.TB, amount string) campaigns.Donation {
	t.Helper()
	d, _ := o.give(t, campaigns.Start{Campaign: "roof", Amount: yuan(amount), Email: "zhou@example.org"})
	return d
}

func (o *office) cashRoof(t testing.TB, amount string) campaigns.Donation {
	t.Helper()
	s := campaigns.Start{ID: uuid.Must(uuid.NewV7()), Campaign: "roof", Amount: yuan(amount), EnteredBy: "user:7", At: morning}
	o.Do(t, func(tx *sqlx.Tx) error { _, err := campaigns.EnterCash(ctx, tx, o.Community, s); return err })
	return o.donation(t, s.ID)
}

func (o *office) due(t testing.TB, now time.Time) []int {
	t.Helper()
	return get2(campaigns.ConcludeDue(ctx, o.App, o.Community, now, "system"))(t)
}

// wantRoof compares what the campaign's fund holds back, what it owns, and what
// its page says it raised.
func (o *office) wantRoof(t testing.TB, held, owned, raised string) {
	t.Helper()
	c := o.campaign(t, "roof")
	wantAmount(t, "held", o.held(t, c.FundID), held)
	wantAmount(t, "owned", get2(ledger.FindFund(ctx, o.App, o.ID, "roof"))(t).NetAssets, owned)
	wantAmount(t, "raised", c.Raised, raised)
}

func (o *office) held(t testing.TB, fund int) money.Amount {
	t.Helper()
	return get[money.Amount](t, o, `
		SELECT coalesce(sum(b.credit - b.debit), 0.00) FROM ledger.balance b JOIN ledger.account a ON a.community_id = b.community_id AND a.id = b.account_id
		 WHERE b.community_id = $1 AND b.fund_id = $2 AND a.type = 'liability'`, o.ID, fund)
}

func (o *office) postings(t testing.TB, seq int64) (lines []string) {
	t.Helper()
	for _, l := range get2(ledger.Lines(ctx, o.App, o.ID, seq))(t) {
		lines = append(lines, l.AccountCode+" "+l.FundCode+" "+l.Amount.String())
	}
	return lines
}

func (o *office) wantPostings(t testing.TB, seq int64, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, o.postings(t, seq)); diff != "" {
		t.Errorf("postings of %d -want +got\n%s", seq, diff)
	}
}

// The payment that reaches the goal, to the cent, makes everything income.
func TestTheGoalIsMet(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := o.roof(t, "100")
	first := o.giveRoof(t, "64.50")
	cash := o.cashRoof(t, "30")
	o.refund(t, first, "4.50")
	if moved := o.due(t, newYear.AddDate(0, -1, 0)); len(moved) != 0 {
		t.Errorf("%v moved before the goal and the end", moved)
	}
	o.wantRoof(t, "90.00", "0.00", "90.00")
	o.sound(t)

	o.giveRoof(t, "10")
	z := get2(campaigns.FindConclusion(ctx, o.App, o.ID, c.ID))(t)
	if z.Result != campaigns.GoalMet || z.Gifts != 3 || z.Raised.String() != "100.00" || !z.ConcludedAt.Equal(morning) || z.ConcludedBy != "system" {
		t.Errorf("concluded as %+v", z)
	}
	o.wantPostings(t, *z.EntrySeq, "2601 roof 100.00", "410101 roof -70.00", "410102 roof -30.00")
	entry := get2(ledger.EntryAt(ctx, o.App, o.ID, *z.EntrySeq))(t)
	if entry.Kind != "conclusion" || entry.Date.Format(time.DateOnly) != "2026-05-20" || entry.Detail != "3 份捐赠" {
		t.Errorf("the entry is %+v", entry)
	}
	o.wantRoof(t, "0.00", "100.00", "100.00")
	o.sound(t)

	later := o.giveRoof(t, "20") // is income at once
	o.wantPostings(t, *later.EntrySeq, "100903 roof 20.00", "410101 roof -20.00")
	o.Do(t, func(tx *sqlx.Tx) error {
		again, err := campaigns.Conclude(ctx, tx, o.Community, c.ID, newYear, "user:2")
		if err == nil && (*again.EntrySeq != *z.EntrySeq || again.ConcludedBy != "system") {
			t.Errorf("concluded again as %+v", again)
		}
		return err
	})

	// Refunds come out of income now, of what was held before too.
	for _, r := range []struct {
		d      campaigns.Donation
		amount string
		want   []string
	}{
		{first, "10", []string{"100903 roof -10.00", "410101 roof 10.00"}},
		{first, "50", []string{"100903 roof -50.00", "410101 roof 50.00"}},
		{cash, "30", []string{"1001 roof -30.00", "410102 roof 30.00"}},
		{later, "20", []string{"100903 roof -20.00", "410101 roof 20.00"}},
	} {
		made := o.refund(t, r.d, r.amount)
		o.wantPostings(t, made.EntrySeq, r.want...)
		if whole := o.donation(t, r.d.ID).Left().IsZero(); whole != (o.receiptOf(t, r.d).VoidEntry == made.EntrySeq) {
			t.Errorf("all went back: %v, the receipt is %+v", whole, o.receiptOf(t, r.d))
		}
	}
	o.wantRoof(t, "0.00", "10.00", "10.00") // far below the goal, and still decided
	if got := o.campaign(t, "roof"); got.Result != campaigns.GoalMet || len(o.due(t, newYear)) != 0 {
		t.Errorf("the campaign is %+v", got)
	}
	o.sound(t)
}

// What a met campaign has spent cannot go back to the donors.
func TestRefundOfAMetCampaignThatSpent(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.Campaign = o.roof(t, "100")
	d := o.giveRoof(t, "100")
	o.spend(t, "60")
	_, err := o.tryRefund(d.ID, uuid.New(), yuan("100"))
	wantErr(t, "all of it", err, ledger.ErrFundOverspent)
	_, err = o.tryRefund(d.ID, uuid.New(), yuan("40.01"))
	wantErr(t, "too much", err, ledger.ErrFundOverspent)
	o.refund(t, d, "40")
	o.wantRoof(t, "0.00", "0.00", "60.00")
	o.sound(t)
}

func TestTheGoalIsMissed(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := o.roof(t, "100")
	late := o.start(t, campaigns.Start{Campaign: "roof", Amount: yuan("50"), Email: "late@example.org"})
	one, part, cash := o.giveRoof(t, "10"), o.giveRoof(t, "20"), o.cashRoof(t, "69.98")
	o.refund(t, part, "5")
	if moved := o.due(t, newYear); len(moved) != 1 || moved[0] != c.ID {
		t.Errorf("%v moved", moved)
	}
	z := get2(campaigns.FindConclusion(ctx, o.App, o.ID, c.ID))(t)
	if z.Result != campaigns.GoalUnmet || z.Gifts != 3 || z.Raised.String() != "94.98" || z.EntrySeq != nil || !z.ConcludedAt.Equal(newYear) {
		t.Errorf("concluded as %+v", z)
	}
	for _, d := range []campaigns.Donation{one, part, cash} {
		refunds := get2(campaigns.ListRefunds(ctx, o.App, o.ID, d.ID))(t)
		last := refunds[len(refunds)-1]
		if !o.donation(t, d.ID).Left().IsZero() || last.Reason != campaigns.NotReached || last.RefundedBy != "system" || o.receiptOf(t, d).VoidEntry != last.EntrySeq {
			t.Errorf("%v is left of %v, the refund is %+v, the receipt %+v", o.donation(t, d.ID).Left(), d.Amount, last, o.receiptOf(t, d))
		}
	}
	o.wantRoof(t, "0.00", "0.00", "0.00")
	if moved := o.due(t, newYear.AddDate(0, 0, 1)); len(moved) != 0 {
		t.Errorf("%v moved again", moved)
	}
	o.sound(t)

	// A payment that was under way is booked, and goes straight back.
	p := paid(late)
	r := get2(o.receive(p))(t)
	again := get2(o.receive(p))(t)
	if !again.Again || again.Receipt.Number != r.Receipt.Number || again.Receipt.VoidReason != campaigns.NotReached {
		t.Errorf("received %+v, and again %+v", r, again)
	}
	if n := get[int](t, o, `SELECT count(*) FROM campaigns.refund WHERE donation_id = $1 AND amount = 50 AND reason = $2`, late.ID, campaigns.NotReached); n != 1 {
		t.Errorf("it went back %d times", n)
	}
	if n := get[int](t, o, `SELECT count(*) FROM outbox.message WHERE kind = 'refund_payment'`); n != 5 {
		t.Errorf("the providers are asked for %d refunds, not 5", n)
	}
	if n := get[int](t, o, `SELECT count(*) FROM outbox.message WHERE kind = 'donation_received' AND payload->>'donation' = $1 AND done_at IS NULL`, late.ID.String()); n != 0 {
		t.Error("a letter about a receipt that is void")
	}
	o.wantRoof(t, "0.00", "0.00", "0.00")
	o.sound(t)
}

func TestAConclusionIsImmutable(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.roof(t, "100") // campaign 2
	o.due(t, newYear)
	for _, sql := range []string{
		`UPDATE campaigns.conclusion SET result = 'met'`, `DELETE FROM campaigns.conclusion`, `TRUNCATE campaigns.conclusion`,
	} {
		_, err := o.Owner.Exec(sql)
		wantErr(t, "owner: "+sql, ledger.Explain(err), ledger.ErrImmutable)
		_, err = o.App.Exec(sql)
		wantErr(t, "fund_app: "+sql, ledger.Explain(err), ledger.ErrNotAllowed)
	}
	for values, want := range map[string]string{
		`2, 'unmet', 0, 0, NULL`: "conclusion_pkey",
		`1, 'half', 0, 0, NULL`:  "conclusion_result_known",
		`1, 'met', 0, 0, NULL`:   "conclusion_met_is_booked",
		`1, 'met', 0, 0, 99`:     "conclusion_entry",
		`3, 'unmet', 0, 0, NULL`: "conclusion_campaign",
	} {
		_, err := o.Owner.Exec(`INSERT INTO campaigns.conclusion VALUES (1, ` + values + `, 'x', now())`)
		if constraint(err) != want {
			t.Errorf("%s: %v, want %s", values, err, want)
		}
	}
}

// What donors were promised stays once the campaign is public.
func TestAPromiseStays(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := o.roof(t, "100")
	edit := func(change func(*campaigns.Campaign)) error {
		edited := c
		change(&edited)
		return o.Try(func(tx *sqlx.Tx) error { return campaigns.EditCampaign(ctx, tx, o.ID, edited) })
	}
	for what, change := range map[string]func(*campaigns.Campaign){
		"the kind": func(c *campaigns.Campaign) { c.Kind = campaigns.Flexible },
		"the goal": func(c *campaigns.Campaign) { c.Goal = yuan("99") },
		"the end":  func(c *campaigns.Campaign) { c.EndsOn = c.EndsOn.AddDate(0, 0, 1) },
	} {
		wantErr(t, what, edit(change), campaigns.ErrPromised)
	}
	if err := edit(func(c *campaigns.Campaign) { c.TitleZH, c.StoryZH = "雨棚", "写清楚一点" }); err != nil {
		t.Errorf("its texts: %v", err)
	}
	c = o.Campaign
	wantErr(t, "the other way round", edit(func(c *campaigns.Campaign) { c.Kind = campaigns.AllOrNothing }), campaigns.ErrPromised)
	if err := edit(func(c *campaigns.Campaign) { c.Goal = yuan("99") }); err != nil {
		t.Errorf("the goal of one that keeps what it raises: %v", err)
	}
}

func TestCheckKnowsConclusions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		goal, sql string
		want      ledger.FindingCode
		says      string
	}{
		{"1000", `INSERT INTO campaigns.conclusion VALUES (1, 2, 'met', 70, 2, 1, 'x', now())`, campaigns.HeldDiffers, "70.00"},
		{"1000", `INSERT INTO campaigns.conclusion VALUES (1, 2, 'met', 70, 2, 1, 'x', now())`, campaigns.ConclusionNotBooked, "roof"},
		{"1000", `INSERT INTO campaigns.conclusion VALUES (1, 2, 'unmet', 70, 2, NULL, 'x', now())`, campaigns.NotGivenBack, "50.00"},
		{"70", `DELETE FROM campaigns.conclusion`, campaigns.HeldDiffers, "0.00"},
		{"70", `UPDATE campaigns.conclusion SET raised = 71`, campaigns.ConclusionNotBooked, "71.00"},
	} {
		o := open(t)
		o.roof(t, c.goal)
		o.giveRoof(t, "50")
		o.cashRoof(t, "20")
		o.sound(t)
		o.tamper(t, c.sql)
		told := false
		for _, f := range o.findings(t) {
			told = told || f.Code == c.want && strings.Contains(f.Text("zh"), c.says) && strings.Contains(f.Text("en"), c.says) && !strings.ContainsAny(f.Text("zh")+f.Text("en"), "{}")
		}
		if !told {
			t.Errorf("%s: found %v, want %s about %s", c.sql, o.findings(t), c.want, c.says)
		}
	}
}
