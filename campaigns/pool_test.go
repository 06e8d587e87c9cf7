package campaigns_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/money"
)

// pool opens a pool for the tests' campaign, or for all with campaign 0.
func (o *office) pool(t testing.TB, campaign int, laid, donorMax string) campaigns.MatchingPool {
	t.Helper()
	p := campaigns.MatchingPool{
		SponsorZH: "王记面馆", SponsorEN: "Wang's Noodles", Laid: yuan(laid), DonorMax: yuan(donorMax),
		StartsOn: ledger.Day(2026, 5, 1), EndsOn: ledger.Day(2026, 12, 31),
	}
	if campaign != 0 {
		p.CampaignID = &campaign
	}
	o.Do(t, func(tx *sqlx.Tx) (err error) {
		p, err = campaigns.OpenPool(ctx, tx, o.Community, p, "user:7", morning)
		return err
	})
	return p
}

// wantPool compares a pool's page with what its fund holds.
func (o *office) wantPool(t testing.TB, p campaigns.MatchingPool, matched, rest string) {
	t.Helper()
	now := get2(campaigns.FindPool(ctx, o.App, o.ID, p.ID))(t)
	wantAmount(t, "matched", now.Matched, matched)
	wantAmount(t, "rest", now.Rest(), rest)
	wantAmount(t, "held by the pool's fund", o.held(t, p.FundID), rest)
}

func (o *office) owns(t testing.TB, fund int) money.Amount {
	t.Helper()
	return get2(ledger.FundAt(ctx, o.App, o.ID, fund))(t).NetAssets
}

func TestAPoolDoublesGifts(t *testing.T) {
	t.Parallel()
	o := open(t)
	p := o.pool(t, o.Campaign.ID, "100", "60")
	one, _ := o.give(t, campaigns.Start{Amount: yuan("50"), Email: "zhou@example.org"})
	o.wantPool(t, p, "50.00", "50.00")
	wantAmount(t, "raised", o.campaign(t, "dinner").Raised, "100.00")
	wantAmount(t, "in the fund", o.owns(t, o.Campaign.FundID), "100.00")

	two, _ := o.give(t, campaigns.Start{Amount: yuan("50"), Email: "Zhou@Example.org"}) // the same person, at their cap
	o.wantPool(t, p, "60.00", "40.00")
	three, _ := o.give(t, campaigns.Start{Amount: yuan("70")}) // nobody's cap, the pool's rest
	o.wantPool(t, p, "100.00", "0.00")
	o.give(t, campaigns.Start{Amount: yuan("20")})
	o.wantPool(t, p, "100.00", "0.00")
	for _, c := range []struct {
		gift campaigns.Donation
		want string
	}{{one, "50.00"}, {two, "10.00"}, {three, "40.00"}} {
		ms := get2(campaigns.MatchesOf(ctx, o.App, o.ID, c.gift.ID))(t)
		if len(ms) != 1 || ms[0].Amount.String() != c.want || ms[0].Sponsor("en") != "Wang's Noodles" {
			t.Errorf("matches %+v, want %s", ms, c.want)
		}
	}
	o.sound(t)

	if until := get2(campaigns.RaisedUntil(ctx, o.App, o.ID, morning.Add(time.Hour)))(t)[o.Campaign.ID]; until.Amount.String() != "290.00" || until.Gifts != 4 {
		t.Errorf("a report says %v by %d gifts", until.Amount, until.Gifts)
	}
	o.refund(t, one, "20") // its match goes back in proportion
	o.wantPool(t, p, "80.00", "20.00")
	o.refund(t, one, "30")
	o.wantPool(t, p, "50.00", "50.00")
	o.give(t, campaigns.Start{Amount: yuan("100"), Email: "zhou@example.org"}) // the cap is free again
	o.wantPool(t, p, "100.00", "0.00")
	wantAmount(t, "in the fund", o.owns(t, o.Campaign.FundID), o.campaign(t, "dinner").Raised.String())
	o.sound(t)
}

func TestAPoolForAllAtHalf(t *testing.T) {
	t.Parallel()
	o := open(t)
	lamps := dinner()
	lamps.Slug = "lamps"
	lamps = o.publish(t, lamps)
	half := campaigns.MatchingPool{Rate: 50, Laid: yuan("1000"), StartsOn: ledger.Day(2026, 5, 20), EndsOn: ledger.Day(2026, 5, 20)}
	o.Do(t, func(tx *sqlx.Tx) (err error) {
		half, err = campaigns.OpenPool(ctx, tx, o.Community, half, "user:7", morning)
		return err
	})
	o.pool(t, lamps.ID, "1000", "0")
	o.give(t, campaigns.Start{Amount: yuan("9.99")})
	o.wantPool(t, half, "4.99", "995.01") // whole fen, never more than promised
	o.give(t, campaigns.Start{Campaign: "lamps", Amount: yuan("100")})
	wantAmount(t, "two pools match one gift", o.campaign(t, "lamps").Raised, "250.00")

	late := paid(o.start(t, campaigns.Start{Amount: yuan("10")}))
	late.PaidAt = morning.Add(15 * time.Hour) // the next day in Shanghai
	if _, err := o.receive(late); err != nil {
		t.Fatal(err)
	}
	o.wantPool(t, half, "54.99", "945.01")
	o.sound(t)
}

func TestAPoolsRestGoesWhereItsSponsorSaid(t *testing.T) {
	t.Parallel()
	o := open(t)
	general := ledger.GeneralFundID
	back, kept := o.pool(t, o.Campaign.ID, "80", "0"), campaigns.MatchingPool{
		Laid: yuan("70"), RestFund: &general, StartsOn: ledger.Day(2026, 5, 1), EndsOn: ledger.Day(2026, 5, 31),
	}
	o.Do(t, func(tx *sqlx.Tx) (err error) {
		kept, err = campaigns.OpenPool(ctx, tx, o.Community, kept, "user:7", morning)
		return err
	})
	gift, _ := o.give(t, campaigns.Start{Amount: yuan("30")})
	shut := func(p campaigns.MatchingPool) (rest money.Amount, err error) {
		err = o.Try(func(tx *sqlx.Tx) error {
			rest, err = campaigns.ClosePool(ctx, tx, o.Community, p.ID, "user:7", morning)
			return err
		})
		return rest, err
	}
	wantAmount(t, "to the sponsor", get2(shut(back))(t), "50.00")
	wantAmount(t, "to the general fund", get2(shut(kept))(t), "40.00")
	wantAmount(t, "general fund", o.owns(t, general), "40.00")
	_, err := shut(back)
	wantErr(t, "close twice", err, campaigns.ErrState)
	o.give(t, campaigns.Start{Amount: yuan("30")})
	o.wantPool(t, back, "30.00", "0.00")

	o.refund(t, gift, "30") // after the close, the match comes back, and goes on
	o.wantPool(t, kept, "0.00", "30.00")
	wantAmount(t, "what came back", get2(shut(kept))(t), "30.00")
	wantAmount(t, "general fund", o.owns(t, general), "70.00")
	o.sound(t)

	roof := o.roof(t, "500")
	_, err = o.tryPool(campaigns.MatchingPool{Laid: yuan("1"), RestFund: &roof.FundID, StartsOn: ledger.Day(2026, 5, 1), EndsOn: ledger.Day(2026, 5, 31)})
	wantErr(t, "a rest into conditional money", err, campaigns.ErrRestFund)
	err = o.Try(func(tx *sqlx.Tx) error {
		c := dinner()
		c.Slug, c.FundID = "into-a-pool", back.FundID
		_, err := campaigns.DraftCampaign(ctx, tx, o.ID, c)
		return err
	})
	wantErr(t, "a campaign into a pool's fund", err, campaigns.ErrPoolFund)
}

// A pool whose fund somebody closed matches nothing, and no gift fails for it;
// a sponsor's name can be taken back.
func TestAPoolThatCannotMatch(t *testing.T) {
	t.Parallel()
	o := open(t)
	p := o.pool(t, o.Campaign.ID, "100", "0")
	o.Do(t, func(tx *sqlx.Tx) error {
		if err := campaigns.NamePool(ctx, tx, o.ID, p.ID, "", ""); err != nil {
			return err
		}
		return ledger.CloseFund(ctx, tx, o.ID, p.FundID)
	})
	o.give(t, campaigns.Start{Amount: yuan("50")})
	o.wantPool(t, p, "0.00", "100.00")
	if now := get2(campaigns.FindPool(ctx, o.App, o.ID, p.ID))(t); now.Sponsor("zh") != "" || now.Sponsor("en") != "" {
		t.Errorf("the sponsor is still %q", now.Sponsor("zh"))
	}
	o.sound(t)
}

func (o *office) tryPool(p campaigns.MatchingPool) (_ campaigns.MatchingPool, err error) {
	err = o.Try(func(tx *sqlx.Tx) error {
		p, err = campaigns.OpenPool(ctx, tx, o.Community, p, "user:7", morning)
		return err
	})
	return p, err
}

// What is matched to an all-or-nothing campaign is owed like the gift: it
// becomes income with it, and counts towards the goal.
func TestAMatchIsAsConditionalAsItsGift(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.roof(t, "200")
	p := o.pool(t, 0, "1000", "0")
	o.giveRoof(t, "40")
	o.wantRoof(t, "80.00", "0.00", "80.00")
	o.sound(t)
	met := o.giveRoof(t, "60") // 200 with the matches
	o.wantRoof(t, "0.00", "200.00", "200.00")
	o.sound(t)
	o.refund(t, met, "30")
	o.wantRoof(t, "0.00", "140.00", "140.00")
	o.wantPool(t, p, "70.00", "930.00")
	o.sound(t)
}

func TestAMissedGoalGivesThePoolItsMoneyBack(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.roof(t, "500")
	p := o.pool(t, 0, "150", "0")
	o.giveRoof(t, "40")
	o.cashRoof(t, "60")
	o.wantPool(t, p, "100.00", "50.00")
	o.due(t, newYear)
	o.wantRoof(t, "0.00", "0.00", "0.00")
	o.wantPool(t, p, "0.00", "150.00")
	wantAmount(t, "goes back to donors", get2(campaigns.FindConclusion(ctx, o.App, o.ID, o.campaign(t, "roof").ID))(t).Raised, "100.00")
	o.sound(t)
}

// Whoever writes, the application's role or the owner, cannot make a pool add
// more than was laid in.
func TestNobodyOverspendsAPool(t *testing.T) {
	t.Parallel()
	o := open(t)
	p := o.pool(t, o.Campaign.ID, "50", "0")
	gift, _ := o.give(t, campaigns.Start{Amount: yuan("40")})
	other, _ := o.give(t, campaigns.Start{Campaign: o.publish(t, func() campaigns.Campaign { c := dinner(); c.Slug = "lamps"; return c }()).Slug, Amount: yuan("40")})
	code := func(err error) string {
		dberr, ok := err.(*pq.Error)
		if !ok {
			t.Fatalf("no refusal: %v", err)
		}
		return string(dberr.Code) + " " + dberr.Constraint
	}
	insert := `INSERT INTO campaigns.match (community_id, donation_id, pool_id, amount, entry_seq) VALUES ($1, $2, $3, 11, $4)`
	for role, db := range map[string]*sqlx.DB{"app": o.App, "owner": o.Owner} {
		_, err := db.Exec(insert, o.ID, other.ID, p.ID, *other.EntrySeq)
		if got := code(err); got != "23514 pool_not_overspent" {
			t.Errorf("%s adds 11 to what has 10: %s", role, got)
		}
		_, err = db.Exec(`UPDATE campaigns.pool SET matched = 51 WHERE community_id = $1`, o.ID)
		if want := map[string]string{"app": "42501 ", "owner": "23514 pool_not_overspent"}[role]; code(err) != want {
			t.Errorf("%s writes matched = 51: %v", role, err)
		}
		_, err = db.Exec(`UPDATE campaigns.pool SET settled = 11 WHERE community_id = $1`, o.ID)
		if got := code(err); got != "23514 pool_not_overspent" {
			t.Errorf("%s settles 11 of a rest of 10: %s", role, got)
		}
		_, err = db.Exec(`UPDATE campaigns.match SET taken_back = -5 WHERE community_id = $1`, o.ID)
		if got := code(err); got != "23514 match_taken_back_within" {
			t.Errorf("%s takes back less than nothing: %s", role, got)
		}
		if _, err = db.Exec(`DELETE FROM campaigns.match WHERE donation_id = $1`, gift.ID); err == nil {
			t.Errorf("%s deletes a match", role)
		}
	}
	_, err := o.Owner.Exec(`UPDATE campaigns.match SET amount = 10 WHERE community_id = $1`, o.ID)
	if got := code(err); got != "FU002 " {
		t.Errorf("the owner makes a match smaller: %s", got)
	}
	o.wantPool(t, p, "40.00", "10.00")
	o.sound(t)
}

// Two processes draw on one pool at the same time, and refunds fill it meanwhile.
func TestTwoProcessesDrawOnOnePool(t *testing.T) {
	t.Parallel()
	o := open(t)
	other, err := sqlx.Open("postgres", o.AppURL)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	p := o.pool(t, o.Campaign.ID, "1000", "30")
	all := o.pool(t, 0, "300", "0")
	const gifts = 120
	asked, given := make([]campaigns.Payment, gifts), make([]campaigns.Donation, 20)
	for i := range given {
		given[i], _ = o.give(t, campaigns.Start{Amount: yuan("12")})
	}
	for i := range asked {
		mail := []string{"", "zhou@example.org", "li@example.org"}[i%3]
		asked[i] = paid(o.start(t, campaigns.Start{Amount: yuan("10"), Email: mail}))
	}
	two := [2]*ledger.Committer[campaigns.Payment, campaigns.Received]{
		ledger.NewCommitter(o.App, 16, campaigns.ReceivePayments), ledger.NewCommitter(other, 16, campaigns.ReceivePayments),
	}
	won := race(gifts+len(given), func(i int) error {
		if i < len(given) {
			_, err := o.tryRefund(given[i].ID, uuid.New(), yuan("12"))
			return err
		}
		_, err := two[i%2].Do(ctx, o.ID, asked[i-len(given)])
		return err
	})
	for _, c := range two {
		c.Close()
	}
	if won.err != nil {
		t.Fatal(won.err)
	}
	// 40 anonymous gifts are matched in full, and 30 yuan of each of the two people's; the refunds took theirs back.
	o.wantPool(t, p, "460.00", "540.00")
	if now := get2(campaigns.FindPool(ctx, o.App, o.ID, all.ID))(t); now.Matched.Sign() <= 0 || now.Rest().Sign() < 0 {
		t.Errorf("the shared pool matched %v and has %v", now.Matched, now.Rest())
	}
	o.sound(t)
}

// An erased donor's gifts stay matched, and nothing tells any more that they
// were one person's.
func TestAPoolForgetsAnErasedDonor(t *testing.T) {
	t.Parallel()
	o := open(t)
	p := o.pool(t, o.Campaign.ID, "100", "60")
	d, _ := o.give(t, campaigns.Start{Amount: yuan("50"), Email: "zhou@example.org", Name: "周婆婆"})
	o.Do(t, func(tx *sqlx.Tx) error { return campaigns.EraseDonor(ctx, tx, o.ID, *d.DonorID, morning) })
	if n := get[int](t, o, `SELECT count(giver) FROM campaigns.match`); n != 0 {
		t.Errorf("%d matches know their giver", n)
	}
	o.refund(t, d, "50")
	o.wantPool(t, p, "0.00", "100.00")
	o.sound(t)
}

// Each tampering with pools, lines and gifts in kind is found under its own code.
func TestCheckFindsTamperingWithWhatIsRaised(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		sql  string
		want ledger.FindingCode
		says string
	}{
		{`UPDATE campaigns.pool SET matched = matched + 1`, campaigns.PoolDiffers, "51.00"},
		{`UPDATE campaigns.pool SET laid = laid + 1`, campaigns.HeldDiffers, "pool-1"},
		{`UPDATE campaigns.tally SET matched = matched + 1`, campaigns.MatchedDiffers, "dinner"},
		{`UPDATE campaigns.match SET amount = amount + 1`, campaigns.MatchNotBooked, "51.00"},
		{`DELETE FROM campaigns.match`, campaigns.PoolDiffers, "0.00"},
		{`UPDATE campaigns.donation SET refunded = 50`, campaigns.MatchOutlives, "50.00"},
		{`UPDATE campaigns.pool SET donor_max = 49`, campaigns.OverDonorMax, "49.00"},
		{`UPDATE campaigns.budget_line SET raised = raised + 1 WHERE line = 2`, campaigns.LineDiffers, "dinner 2"},
		{`UPDATE campaigns.in_kind SET value = 77`, campaigns.InKindNotBooked, "77.00"},
		{`DELETE FROM receipt.receipt WHERE series = 'in_kind'`, campaigns.InKindNotBooked, "76.00 / -"},
	} {
		o := open(t)
		o.pool(t, o.Campaign.ID, "100", "60")
		o.give(t, campaigns.Start{Amount: yuan("50"), Email: "zhou@example.org", Line: 2})
		o.Do(t, func(tx *sqlx.Tx) error {
			_, err := campaigns.TakeInKind(ctx, tx, o.Community, campaigns.InKind{
				ID: uuid.New(), WhatZH: "大米", Value: yuan("76"), ValuedBy: "按超市标价", ReceivedOn: ledger.Day(2026, 5, 20), EnteredBy: "user:7", EnteredAt: morning,
			}, "")
			return err
		})
		o.sound(t)
		o.tamper(t, c.sql)
		found := o.findings(t)
		if !slices.ContainsFunc(found, func(f ledger.Finding) bool {
			return f.Code == c.want && strings.Contains(f.Text("zh"), c.says) && strings.Contains(f.Text("en"), c.says)
		}) {
			t.Errorf("%s: found %v, want %s about %s", c.sql, found, c.want, c.says)
		}
	}
}
