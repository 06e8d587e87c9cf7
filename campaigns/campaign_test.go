package campaigns_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/ledger"
)

func TestCampaignIsFoundAsItWasWritten(t *testing.T) {
	t.Parallel()
	o := open(t)
	want := dinner()
	want.ID, want.State, want.FundID, want.Kind = 1, campaigns.Published, 2, campaigns.Flexible
	for i := range want.Budget {
		want.Budget[i].Line = i + 1
	}
	want.PublishedAt = &morning
	if diff := cmp.Diff(want, o.Campaign); diff != "" {
		t.Errorf("-written +found\n%s", diff)
	}
	funds, err := ledger.ListFunds(t.Context(), o.App, o.ID)
	if err != nil {
		t.Fatal(err)
	}
	if f := funds[1]; f.Code != "dinner" || !f.Restricted || f.Kind != ledger.CampaignFund {
		t.Errorf("its fund is %+v", f)
	}
}

func TestEditCampaign(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := o.Campaign
	c.TitleZH, c.Suggested, c.EndsOn = "年夜饭", nil, ledger.Day(2026, 11, 30)
	c.Budget = []campaigns.BudgetLine{{NameZH: "全部", Amount: yuan("2000")}}
	o.Do(t, func(tx *sqlx.Tx) error { return campaigns.EditCampaign(t.Context(), tx, o.ID, c) })
	got := o.campaign(t, "dinner")
	c.Suggested, c.Budget[0].Line = campaigns.Amounts{}, 1
	if diff := cmp.Diff(c, got); diff != "" {
		t.Errorf("-written +found\n%s", diff)
	}
	got.ID = 99
	wantErr(t, "edit what is not there", o.Try(func(tx *sqlx.Tx) error { return campaigns.EditCampaign(t.Context(), tx, o.ID, got) }), campaigns.ErrNotFound)
}

// A day stays the same day, wherever the server believes to be and however the
// day was made.
func TestDatesKeepTheirDay(t *testing.T) {
	t.Parallel()
	o := open(t)
	for _, zone := range []string{"America/Los_Angeles", "Asia/Shanghai", "UTC"} {
		o.Owner.MustExec(`ALTER ROLE fund_app IN DATABASE ` + get[string](t, o, `SELECT current_database()`) + ` SET timezone = '` + zone + `'`)
		o.App.SetMaxIdleConns(0) // new connections, new zone
		c := dinner()
		c.Slug, c.StartsOn, c.EndsOn = "a"+zone[:2], ledger.Day(2026, 1, 1), time.Date(2026, 12, 31, 0, 0, 0, 0, shanghai)
		c.Slug = map[string]string{"America/Los_Angeles": "la", "Asia/Shanghai": "sh", "UTC": "utc"}[zone]
		c = o.publish(t, c)
		if got := c.StartsOn.Format(time.DateOnly) + " " + c.EndsOn.Format(time.DateOnly); got != "2026-01-01 2026-12-31" {
			t.Errorf("%s: %s", zone, got)
		}
		// Half an hour into New Year's Eve in Shanghai it is still the 30th in UTC.
		d := o.start(t, campaigns.Start{Campaign: c.Slug, Amount: yuan("10"), At: time.Date(2026, 12, 31, 0, 30, 0, 0, shanghai)})
		p := paid(d)
		p.PaidAt = time.Date(2026, 12, 31, 0, 30, 0, 0, shanghai).UTC()
		r, err := o.receive(p)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Receipt.IssuedOn.Format(time.DateOnly); got != "2026-12-31" {
			t.Errorf("%s: the receipt is of %s", zone, got)
		}
		if got := get[string](t, o, `SELECT entry_date::text FROM ledger.journal_entry WHERE seq = $1`, r.Receipt.Entry); got != "2026-12-31" {
			t.Errorf("%s: the entry is of %s", zone, got)
		}
	}
}

func TestSlugIsTaken(t *testing.T) {
	t.Parallel()
	o := open(t)
	err := o.Try(func(tx *sqlx.Tx) error {
		_, err := campaigns.DraftCampaign(t.Context(), tx, o.ID, dinner())
		return err
	})
	wantErr(t, "the same slug again", err, campaigns.ErrExists)
}

func TestCloseEndsNewGiftsOnly(t *testing.T) {
	t.Parallel()
	o := open(t)
	d := o.start(t, campaigns.Start{Amount: yuan("50")})
	shut := func(tx *sqlx.Tx) error { return campaigns.Close(t.Context(), tx, o.ID, o.Campaign.ID, morning) }
	o.Do(t, shut)
	wantErr(t, "close twice", o.Try(shut), campaigns.ErrState)
	_, _, err := campaigns.StartDonation(t.Context(), o.App, o.Community, o.Sandbox, campaigns.Start{Campaign: "dinner", Amount: yuan("50"), At: morning}, o.order())
	wantErr(t, "a gift to a closed campaign", err, campaigns.ErrNotOpen)
	if _, err := o.receive(paid(d)); err != nil {
		t.Errorf("a payment under way: %v", err)
	}
	o.sound(t)
}

func TestListCampaigns(t *testing.T) {
	t.Parallel()
	o := open(t)
	add := func(slug, title, theme string, ends time.Time, publish bool) {
		c := dinner()
		c.Slug, c.TitleZH, c.TitleEN, c.Theme, c.EndsOn, c.StoryZH = slug, title, "", theme, ends, ""
		if publish {
			o.publish(t, c)
			return
		}
		o.Do(t, func(tx *sqlx.Tx) error { _, err := campaigns.DraftCampaign(t.Context(), tx, o.ID, c); return err })
	}
	add("lamps", "楼道灯", "yard", ledger.Day(2026, 6, 30), true)
	add("books", "旧书角 100%", "children", ledger.Day(2026, 8, 31), false)
	add("bench", "长椅", "yard", ledger.Day(2026, 5, 31), true)
	o.Do(t, func(tx *sqlx.Tx) error {
		return campaigns.Close(t.Context(), tx, o.ID, o.campaign(t, "bench").ID, morning)
	})

	for _, c := range []struct {
		what string
		f    campaigns.CampaignFilter
		want []string
	}{
		{"all", campaigns.CampaignFilter{}, []string{"lamps", "dinner", "books", "bench"}},
		{"public ones", campaigns.CampaignFilter{States: []campaigns.State{campaigns.Published, campaigns.Closed}}, []string{"lamps", "dinner", "bench"}},
		{"a theme", campaigns.CampaignFilter{Theme: "yard"}, []string{"lamps", "bench"}},
		{"Chinese words in a title", campaigns.CampaignFilter{Words: "老人年夜"}, []string{"dinner"}},
		{"Chinese words in a story", campaigns.CampaignFilter{Words: "96 位"}, []string{"dinner"}},
		{"English, whatever the case", campaigns.CampaignFilter{Words: "new year"}, []string{"dinner"}},
		{"a sign that LIKE would take for a pattern", campaigns.CampaignFilter{Words: "100%"}, []string{"books"}},
		{"nothing", campaigns.CampaignFilter{Words: "_"}, nil},
		{"all together", campaigns.CampaignFilter{States: []campaigns.State{campaigns.Closed}, Theme: "yard", Words: "椅"}, []string{"bench"}},
	} {
		list, err := campaigns.ListCampaigns(t.Context(), o.App, o.ID, c.f)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, l := range list {
			got = append(got, l.Slug)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", c.what, diff)
		}
	}
}

func TestCampaignDays(t *testing.T) {
	t.Parallel()
	c := dinner()
	c.State = campaigns.Published
	for day, want := range map[time.Time]struct {
		open bool
		left int
	}{
		ledger.Day(2026, 4, 30):  {false, 246},
		ledger.Day(2026, 5, 1):   {true, 245},
		ledger.Day(2026, 12, 31): {true, 1},
		ledger.Day(2027, 1, 1):   {false, 0},
		ledger.Day(2028, 1, 1):   {false, 0},
	} {
		if c.Open(day) != want.open || c.DaysLeft(day) != want.left {
			t.Errorf("%s: open %v, %d days left", day.Format(time.DateOnly), c.Open(day), c.DaysLeft(day))
		}
	}
	c.Raised = yuan("1800")
	covered := c.Covered()
	wantAmount(t, "the first line is full", covered[0], "1720.00")
	wantAmount(t, "the second has the rest", covered[1], "80.00")
	wantAmount(t, "a portion's price", c.Budget[0].UnitPrice(), "86.00")
	if got := c.ResultDue().Format(time.DateOnly); got != "2027-03-31" {
		t.Errorf("the result is due on %s", got)
	}
}

func TestHostsAreListed(t *testing.T) {
	t.Parallel()
	o := open(t)
	want := []campaigns.Host{{ID: 1, NameZH: "江城慈善会", NameEN: "Jiangcheng Charity", Certificate: "53"}, {ID: 2, NameZH: "青藤基金会"}}
	for _, h := range want {
		o.Do(t, func(tx *sqlx.Tx) error { _, err := campaigns.AddHost(t.Context(), tx, o.ID, h); return err })
	}
	got, err := campaigns.ListHosts(t.Context(), o.App, o.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-added +listed\n%s", diff)
	}
	if got[0].Name("en") != "Jiangcheng Charity" || got[1].Name("en") != "青藤基金会" {
		t.Error("the names in English are", got[0].Name("en"), got[1].Name("en"))
	}
}
