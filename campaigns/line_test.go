package campaigns_test

import (
	"testing"

	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/ledger"
)

func TestAGiftForOneLine(t *testing.T) {
	t.Parallel()
	o := open(t)
	d, _ := o.give(t, campaigns.Start{Amount: yuan("200"), Line: 2})
	o.give(t, campaigns.Start{Amount: yuan("100"), Line: 2}) // more than the line's 280: the rest is for the others
	o.give(t, campaigns.Start{Amount: yuan("50")})
	c := o.campaign(t, "dinner")
	covered := c.Covered()
	wantAmount(t, "the second line's own gifts", c.Budget[1].Raised, "300.00")
	wantAmount(t, "the first line has", covered[0], "70.00")
	wantAmount(t, "the second line has", covered[1], "280.00")
	if c.Budget[1].Open() || !c.Budget[0].Open() {
		t.Error("a full line takes gifts of its own, or an empty one does not")
	}
	o.refund(t, d, "150")
	wantAmount(t, "after a refund", o.campaign(t, "dinner").Budget[1].Raised, "150.00")
	o.sound(t)

	_, _, err := campaigns.StartDonation(ctx, o.App, o.Community, o.Sandbox, campaigns.Start{Campaign: "dinner", Amount: yuan("20"), Line: 9, At: morning}, o.order())
	wantErr(t, "a line that is none", err, campaigns.ErrUnknownLine)

	edit := func(lines ...campaigns.BudgetLine) error {
		c.Budget = lines
		return o.Try(func(tx *sqlx.Tx) error { return campaigns.EditCampaign(ctx, tx, o.ID, c) })
	}
	wantErr(t, "take the line away", edit(campaigns.BudgetLine{Line: 1, NameZH: "食材", Amount: yuan("2000")}), campaigns.ErrLineGiven)
	if err := edit(campaigns.BudgetLine{Line: 2, NameZH: "场地和桌椅", Amount: yuan("300")}, campaigns.BudgetLine{NameZH: "灯", Amount: yuan("90")}); err != nil {
		t.Fatal(err)
	}
	kept := o.campaign(t, "dinner").Budget
	if len(kept) != 2 || kept[0].NameZH != "场地和桌椅" || kept[0].Line != 2 || kept[1].Line != 3 {
		t.Errorf("the budget is %+v", kept)
	}
	wantAmount(t, "the line's gifts after the edit", kept[0].Raised, "150.00")
}

func TestFurtherGoals(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := dinner()
	c.Slug, c.Goal = "lamps", yuan("100")
	c.Stretch = campaigns.StretchGoals{{Amount: yuan("150"), TitleZH: "再添一盏"}, {Amount: yuan("200"), TitleZH: "再添两盏"}}
	o.publish(t, c)
	for _, step := range []struct {
		gift, aim string
		n         int
	}{{"60", "100.00", 0}, {"40", "150.00", 1}, {"55", "200.00", 2}, {"500", "200.00", 2}} {
		o.give(t, campaigns.Start{Campaign: "lamps", Amount: yuan(step.gift)})
		aim, n := o.campaign(t, "lamps").Aim()
		if aim.String() != step.aim || n != step.n {
			t.Errorf("after %s more it aims at %v (%d), want %s (%d)", step.gift, aim, n, step.aim, step.n)
		}
	}
	low := o.campaign(t, "lamps")
	low.Stretch = campaigns.StretchGoals{{Amount: yuan("100"), TitleZH: "一样多"}}
	wantErr(t, "a further goal no higher than the first", o.Try(func(tx *sqlx.Tx) error { return campaigns.EditCampaign(ctx, tx, o.ID, low) }), campaigns.ErrStretch)
}

// Campaigns that share a fund each show what they raised; the fund has the sum.
func TestCampaignsShareAFund(t *testing.T) {
	t.Parallel()
	o := open(t)
	var venture ledger.Fund
	o.Do(t, func(tx *sqlx.Tx) (err error) {
		venture, err = ledger.AddFund(ctx, tx, o.ID, ledger.Fund{Code: "tea", NameZH: "茶坊", Kind: ledger.VentureFund, Restricted: true})
		return err
	})
	for slug, amount := range map[string]string{"stove": "30", "cups": "12"} {
		c := dinner()
		c.Slug, c.FundID = slug, venture.ID
		if c = o.publish(t, c); c.Target != campaigns.VentureTarget || !c.Shared() {
			t.Errorf("%s raises for %q", slug, c.Target)
		}
		o.give(t, campaigns.Start{Campaign: slug, Amount: yuan(amount)})
		wantAmount(t, slug, o.campaign(t, slug).Raised, amount+".00")
	}
	wantAmount(t, "the venture's fund", o.owns(t, venture.ID), "42.00")
	if own := o.campaign(t, "dinner"); own.Target != campaigns.OwnTarget || own.Shared() {
		t.Errorf("the dinner raises for %q", own.Target)
	}
	o.sound(t)
}
