package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/payment"
	"fund/campaigns/pledge"
	"fund/ledger/money"
	"fund/web/mail/mailtest"
)

// A promise's letters arrive, once each although two servers look for them, and their links open what they say.
func TestLettersAboutPromises(t *testing.T) {
	t.Parallel()
	box := mailtest.Catch(t)
	w := openTownWith(t, siteOptions{logName: "fund.test", sandbox: true, smtp: box.URL(), mailFrom: testSender})
	box.Wait(t, 2) // those of the gifts at both desks
	b := w.browser()
	path := w.east.at("/campaigns/" + w.east.campaign.Slug)
	started := b.post(path+"/donations", b.form(path, "own", "50", "pay", "sandbox", "email", "zhou@example.org", "monthly", "yes"))
	_, after, _ := strings.Cut(started.Header.Get("Location"), "/sandbox/pay/")
	id, _, _ := strings.Cut(after, "~")
	for _, told := range w.notices(w.east, uuid.MustParse(id), payment.Normal) {
		w.notify(w.east, told)
	}
	box.Wait(t, 3) // its receipt
	now := time.Now()
	w.do(func(tx *sqlx.Tx) error {
		_, err := pledge.Make(t.Context(), tx, w.east.Community, pledge.Promise{
			Campaign: w.east.campaign.Slug, Amount: money.MustParse("300"), DueOn: w.east.Day(now), Email: "li@example.org", Lang: "en", At: now.AddDate(0, 0, -1),
		})
		return err
	})
	for _, q := range []string{ // a month passes for the plan
		`UPDATE pledge.plan SET made_on = (date_trunc('month', made_on) - interval '1 day')::date, day = extract(day FROM now() AT TIME ZONE 'Asia/Shanghai')`,
		`UPDATE pledge.gift SET month = (month - interval '1 month')::date WHERE month IS NOT NULL`,
	} {
		_, err := w.Owner.Exec(q)
		w.must(err)
	}
	for range 2 {
		w.must(remind(t.Context(), &env{app: w.App}))
	}
	_, err := w.Owner.Exec(`UPDATE outbox.message SET not_before = now() WHERE kind LIKE '%reminder' AND done_at IS NULL`) // it is nine o'clock
	w.must(err)
	letters := map[string]mailtest.Caught{}
	for _, l := range box.Wait(t, 5)[3:] {
		letters[l.To] = l
	}
	monthly, promised := letters["zhou@example.org"], letters["li@example.org"]
	token := get1(t, w, `SELECT token FROM pledge.plan`)
	link := w.base + w.east.at("/monthly/"+token)
	if !strings.Contains(monthly.Subject, "这个月的 ¥50.00") || !strings.Contains(monthly.Text, "捐这个月的，只要按一下："+link+"\n") ||
		monthly.Header.Get("List-Unsubscribe") != "<"+link+"/unsubscription>" {
		t.Errorf("monthly: %s\n%s\n%s", monthly.Subject, monthly.Text, monthly.Header.Get("List-Unsubscribe"))
	}
	link = w.base + w.east.at("/pledges/"+get1(t, w, `SELECT token FROM pledge.pledge`))
	if !strings.Contains(promised.Subject, "¥300.00") || !strings.Contains(promised.Text, "Pay, with the amount filled in: "+link+"\n") {
		t.Errorf("pledge: %s\n%s", promised.Subject, promised.Text)
	}
	for _, page := range []string{"/monthly/" + token, "/pledges/" + get1(t, w, `SELECT token FROM pledge.pledge`)} {
		if at := b.get(w.east.at(page)); at.StatusCode != http.StatusOK {
			t.Errorf("%s: %d", page, at.StatusCode)
		}
		if elsewhere := b.get(w.west.at(page)); elsewhere.StatusCode != http.StatusNotFound {
			t.Errorf("%s in another community: %d", page, elsewhere.StatusCode)
		}
	}
	if box.Tries() != 5 {
		t.Errorf("%d letters for 5 events", box.Tries())
	}
}
