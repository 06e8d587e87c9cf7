package campaigns_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/ledger"
)

// appeal is a public campaign that lacks nothing on the morning of its start.
func appeal(host campaigns.Host) campaigns.Campaign {
	c := dinner()
	filed, from, until := c.StartsOn.AddDate(0, 0, -10), c.StartsOn, c.EndsOn
	c.Slug, c.Basis, c.HostID, c.Certificate, c.FilingNumber, c.FiledOn = "public", campaigns.PublicBasis, &host.ID, host.Certificate, "420100-26-001", &filed
	c.FiledFrom, c.FiledUntil = &from, &until
	return c
}

func (o *office) host(t testing.TB, from, until *time.Time, number string) (h campaigns.Host) {
	t.Helper()
	o.Do(t, func(tx *sqlx.Tx) (err error) {
		h, err = campaigns.AddHost(t.Context(), tx, o.ID, campaigns.Host{
			NameZH: "江城慈善会", NameEN: "Jiangcheng Charity", Certificate: number, CertificateFrom: from, CertificateUntil: until,
		})
		return err
	})
	return h
}

// Each thing that can be lacking or wrong: Lacks names it, Publish refuses it, and so does the database when the server's role writes past the verb.
func TestPublishGate(t *testing.T) {
	t.Parallel()
	o := open(t)
	first := time.Date(2026, 5, 1, 9, 30, 0, 0, shanghai) // ten days after the filing
	day := func(month time.Month, d int) *time.Time { at := ledger.Day(2026, month, d); return &at }
	good := o.host(t, day(1, 1), day(12, 31), "53420000MJ")
	short := o.host(t, day(1, 1), day(5, 2), "53420000MJ")
	young := o.host(t, day(5, 2), day(12, 31), "53420000MJ")
	undated := o.host(t, nil, nil, "53420000MJ")
	unqualified := o.host(t, day(1, 1), day(12, 31), "")
	hosts := map[int]campaigns.Host{good.ID: good, short.ID: short, young.ID: young, undated.ID: undated, unqualified.ID: unqualified}
	whole := appeal(good)
	o.Do(t, func(tx *sqlx.Tx) (err error) {
		whole, err = campaigns.DraftCampaign(t.Context(), tx, o.ID, whole)
		return err
	})
	edit := func(c campaigns.Campaign) error {
		return o.Try(func(tx *sqlx.Tx) error { return campaigns.EditCampaign(t.Context(), tx, o.ID, c) })
	}
	publish := func() error {
		return o.Try(func(tx *sqlx.Tx) error { return campaigns.Publish(t.Context(), tx, o.ID, whole.ID, first) })
	}
	const may, law = "campaign_may_be_public", "campaign_"
	lacks := map[string]struct {
		code       campaigns.LackCode
		constraint string
		take       func(*campaigns.Campaign)
	}{
		"no host":                               {campaigns.LacksHost, law + "certificate", func(c *campaigns.Campaign) { c.HostID = nil }},
		"no certificate":                        {campaigns.LacksCertificate, law + "certificate", func(c *campaigns.Campaign) { c.Certificate = "" }},
		"another's certificate":                 {campaigns.LacksCertificate, law + "certificate", func(c *campaigns.Campaign) { c.Certificate = "53420000XX" }},
		"a host without a certificate":          {campaigns.LacksCertificate, law + "certificate", func(c *campaigns.Campaign) { c.HostID = &unqualified.ID }},
		"a certificate without its days":        {campaigns.LacksCertificateDates, law + "certificate_dates", func(c *campaigns.Campaign) { c.HostID = &undated.ID }},
		"a certificate that ends before":        {campaigns.CertificateEnds, law + "certificate_dates", func(c *campaigns.Campaign) { c.HostID = &short.ID }},
		"a certificate that begins after":       {campaigns.CertificateEnds, law + "certificate_dates", func(c *campaigns.Campaign) { c.HostID = &young.ID }},
		"no filing number":                      {campaigns.LacksFiling, law + "filing_form", func(c *campaigns.Campaign) { c.FilingNumber = "" }},
		"a word for a filing number":            {campaigns.FilingForm, law + "filing_form", func(c *campaigns.Campaign) { c.FilingNumber = "已经报了" }},
		"a filing number with a mark in it":     {campaigns.FilingForm, law + "filing_form", func(c *campaigns.Campaign) { c.FilingNumber = "420100_26_001" }},
		"a filing number that never ends":       {campaigns.FilingForm, law + "filing_form", func(c *campaigns.Campaign) { c.FilingNumber = "12345678901234567890123456789012345678901" }},
		"no filing date":                        {campaigns.LacksFilingDate, law + "ten_days", func(c *campaigns.Campaign) { c.FiledOn = nil }},
		"filed tomorrow":                        {campaigns.FiledAhead, law + "ten_days", func(c *campaigns.Campaign) { c.FiledOn = day(5, 2) }},
		"filed nine days ago":                   {campaigns.StartsTooSoon, law + "ten_days", func(c *campaigns.Campaign) { c.FiledOn = day(4, 22) }},
		"filed nine days ago, starting later":   {campaigns.ClockRuns, law + "ten_days", func(c *campaigns.Campaign) { c.FiledOn = day(4, 22); c.StartsOn = ledger.Day(2026, 5, 3) }},
		"no filed days":                         {campaigns.LacksFiledDates, law + "within_filed", func(c *campaigns.Campaign) { c.FiledFrom, c.FiledUntil = nil, nil }},
		"filed for a day less at the end":       {campaigns.OutsideFiled, law + "within_filed", func(c *campaigns.Campaign) { d := c.EndsOn.AddDate(0, 0, -1); c.FiledUntil = &d }},
		"filed for a day less at the beginning": {campaigns.OutsideFiled, law + "within_filed", func(c *campaigns.Campaign) { d := c.StartsOn.AddDate(0, 0, 1); c.FiledFrom = &d }},
	}
	for what, lack := range lacks {
		c := whole
		lack.take(&c)
		if err := edit(c); err != nil {
			t.Fatal(what, err) // a draft may be incomplete
		}
		host := campaigns.Host{}
		if c.HostID != nil {
			host = hosts[*c.HostID]
		}
		said := c.Lacks(host, ledger.Day(2026, 5, 1))
		if !slices.ContainsFunc(said, func(l campaigns.Lack) bool { return l.Code == lack.code && l.Where != "" }) || len(said) != 1 {
			t.Errorf("%s: the gate says %+v, expected %s alone", what, said, lack.code)
		}
		wantErr(t, "publish with "+what, publish(), campaigns.ErrNotPublic)
		for role, db := range map[string]*sqlx.DB{"the server": o.App, "the owner": o.Owner} {
			_, err := db.Exec(`UPDATE campaigns.campaign SET state = 'published', published_at = $2 WHERE id = $1`, whole.ID, first)
			if got := constraint(err); got != lack.constraint && got != may {
				t.Errorf("raw SQL of %s with %s: %v", role, what, err)
			}
		}
	}
	if err := edit(whole); err != nil {
		t.Fatal(err)
	}
	if said := whole.Lacks(good, ledger.Day(2026, 4, 30)); len(said) != 1 || said[0].Code != campaigns.ClockRuns || said[0].Earliest != ledger.Day(2026, 5, 1) {
		t.Errorf("the day before the ten days are over the gate says %+v", said)
	}
	early := o.Try(func(tx *sqlx.Tx) error {
		return campaigns.Publish(t.Context(), tx, o.ID, whole.ID, first.AddDate(0, 0, -1))
	})
	wantErr(t, "publish the day before the ten days are over", early, campaigns.ErrNotPublic)
	if said := whole.Lacks(good, ledger.Day(2026, 5, 1)); said != nil {
		t.Errorf("with everything the gate says %+v", said)
	}
	if err := publish(); err != nil {
		t.Fatal("publish with everything:", err)
	}
	wantErr(t, "publish twice", publish(), campaigns.ErrState)
	for what, lack := range lacks {
		c := whole
		lack.take(&c)
		if err := edit(c); err == nil {
			t.Errorf("a published campaign was edited to have %s", what)
		}
	}
}

// What was filed cannot change under the same filing number.
func TestAPublishedAppealIsFiledAgain(t *testing.T) {
	t.Parallel()
	o := open(t)
	from, until := ledger.Day(2026, 1, 1), ledger.Day(2027, 12, 31)
	c := appeal(o.host(t, &from, &until, "53420000MJ"))
	o.Do(t, func(tx *sqlx.Tx) (err error) {
		if c, err = campaigns.DraftCampaign(t.Context(), tx, o.ID, c); err != nil {
			return err
		}
		return campaigns.Publish(t.Context(), tx, o.ID, c.ID, morning)
	})
	edit := func(c campaigns.Campaign) error {
		return o.Try(func(tx *sqlx.Tx) error { return campaigns.EditCampaign(t.Context(), tx, o.ID, c) })
	}
	later := c.EndsOn.AddDate(0, 0, 30)
	changes := map[string]struct {
		change func(*campaigns.Campaign)
		raw    string
	}{
		"its end":     {func(c *campaigns.Campaign) { c.EndsOn, c.FiledUntil = later, &later }, `ends_on = ends_on + 30, filed_until = filed_until + 30`},
		"its goal":    {func(c *campaigns.Campaign) { c.Goal = c.Goal.Add(c.Goal) }, `goal = goal * 2`},
		"its purpose": {func(c *campaigns.Campaign) { c.PurposeZH = "也用于别的" }, `purpose_zh = '也用于别的'`},
	}
	for what, one := range changes {
		other := c
		one.change(&other)
		wantErr(t, "change "+what, edit(other), campaigns.ErrRefile)
		for _, db := range []*sqlx.DB{o.App, o.Owner} {
			if _, err := db.Exec(`UPDATE campaigns.campaign SET `+one.raw+` WHERE id = $1`, c.ID); constraint(err) != "campaign_refiled" {
				t.Errorf("raw SQL changing %s: %v", what, err)
			}
		}
	}
	hidden := c
	hidden.Basis = campaigns.TargetedBasis
	wantErr(t, "no appeal any more", edit(hidden), campaigns.ErrPromised)
	told := c
	told.StoryZH = "六十位志愿者都到了。"
	if err := edit(told); err != nil {
		t.Error("its story may be told on:", err)
	}
	again := c
	again.FilingNumber, again.EndsOn, again.FiledUntil = "420100-26-077", later, &later
	if err := edit(again); err != nil {
		t.Error("filed again:", err)
	}
}

// Months end where the calendar has no such day (民法典 Art. 202).
func TestMonthsAfter(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from   string
		months int
		want   string
	}{
		{"2026-11-30", 3, "2027-02-28"},
		{"2027-11-30", 3, "2028-02-29"},
		{"2026-08-31", 3, "2026-11-30"},
		{"2026-01-31", 1, "2026-02-28"},
		{"2026-01-15", 3, "2026-04-15"},
		{"2026-10-31", 3, "2027-01-31"},
		{"2026-12-31", 6, "2027-06-30"},
		{"2026-02-28", 3, "2026-05-28"},
	} {
		from, err := time.Parse(time.DateOnly, c.from)
		if err != nil {
			t.Fatal(err)
		}
		if got := campaigns.MonthsAfter(from, c.months).Format(time.DateOnly); got != c.want {
			t.Errorf("%d months after %s end on %s, expected %s", c.months, c.from, got, c.want)
		}
	}
}

func TestTheLegalLine(t *testing.T) {
	t.Parallel()
	until := ledger.Day(2027, 6, 30)
	host := campaigns.Host{ID: 1, NameZH: "江城慈善会", NameEN: "Jiangcheng Charity", Certificate: "53420000MJ", CertificateUntil: &until}
	c := appeal(host)
	c.StartsOn, c.EndsOn, c.ContactPhone = ledger.Day(2026, 5, 1), ledger.Day(2026, 6, 30), "028-1"
	for lang, want := range map[string]string{
		"zh-CN": "公开募捐 · 募捐人：江城慈善会 · 公开募捐资格证书 53420000MJ（有效期至 2027-06-30） · 备案编号 420100-26-001 · 2026-05-01 至 2026-06-30 · 咨询 028-1",
		"en":    "Public appeal · raised by Jiangcheng Charity · certificate 53420000MJ (valid until 2027-06-30) · filing 420100-26-001 · 2026-05-01 to 2026-06-30 · ask 028-1",
	} {
		if got := campaigns.LegalLine(c, host, lang); got != want {
			t.Errorf("%s: %s", lang, got)
		}
	}
	c.Basis = campaigns.TargetedBasis
	if got := campaigns.LegalLine(c, campaigns.Host{}, "zh-CN"); got != "定向募捐，只面向本社区的居民和成员 · 2026-05-01 至 2026-06-30 · 咨询 028-1" {
		t.Error(got)
	}
}

func TestACertificateIsRenewed(t *testing.T) {
	t.Parallel()
	o := open(t)
	h := o.host(t, nil, nil, "53420000MJ")
	from, until := ledger.Day(2026, 1, 1), ledger.Day(2030, 12, 31)
	renew := func(id int) error {
		return o.Try(func(tx *sqlx.Tx) error {
			return campaigns.RenewCertificate(context.Background(), tx, o.ID, id, "53420000NEW", &from, &until)
		})
	}
	if err := renew(h.ID); err != nil {
		t.Fatal(err)
	}
	wantErr(t, "renew nobody's", renew(99), campaigns.ErrNotFound)
	got, err := campaigns.HostOf(t.Context(), o.App, o.ID, campaigns.Campaign{HostID: &h.ID})
	if err != nil || got.Certificate != "53420000NEW" || !got.CertificateUntil.Equal(until) {
		t.Errorf("%+v, %v", got, err)
	}
}
