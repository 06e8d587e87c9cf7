package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/giver"
	"fund/campaigns/payment"
	"fund/campaigns/pledge"
	"fund/campaigns/voice"
	"fund/ledger"
	"fund/ledger/money"
	"fund/migrations/pgtest"
	"fund/web/i18n"
	"fund/web/mail"
)

// Who is erased is forgotten in every room: their promises have ended, their
// questions are nobody's, their letters are gone.
func TestErasureReachesEveryRoom(t *testing.T) {
	t.Parallel()
	db, now := pgtest.DB(t), time.Now()
	e := &env{app: db.App, read: db.App, log: quiet()}
	do := func(verb func(tx *sqlx.Tx) error) {
		t.Helper()
		if err := e.inTx(t.Context(), verb); err != nil {
			t.Fatal(err)
		}
	}
	var c ledger.Community
	of := campaigns.Campaign{
		Slug: "dinner", TitleZH: "年夜饭", Goal: money.MustParse("1000"), Basis: campaigns.TargetedBasis, CreatedBy: "user:1",
		StartsOn: ledger.Day(2020, 1, 1), EndsOn: ledger.Day(2090, 12, 31),
	}
	const name, address = "金丝雀婆婆", "canary@example.cn"
	do(func(tx *sqlx.Tx) (err error) {
		if c, err = ledger.AddCommunity(t.Context(), tx, ledger.Community{Slug: "angong", NameZH: "安公", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai"}); err != nil {
			return err
		}
		if of, err = campaigns.DraftCampaign(t.Context(), tx, c.ID, of); err != nil {
			return err
		}
		return campaigns.Publish(t.Context(), tx, c.ID, of.ID, now)
	})
	for _, with := range []campaigns.Start{{Name: name, Email: address}, {Email: "Canary@example.cn", With: pledge.Monthly(c, now)}} {
		with.Campaign, with.Amount, with.Lang, with.At = of.Slug, money.MustParse("50"), "zh-CN", now
		d, _, err := campaigns.StartDonation(t.Context(), db.App, c, payment.Cash{}, with, payment.Order{})
		if err != nil {
			t.Fatal(err)
		}
		do(func(tx *sqlx.Tx) error {
			_, err := campaigns.ReceivePayments(t.Context(), tx, c.ID, []campaigns.Payment{{
				Donation: d.ID, Provider: "cash", Reference: d.ID.String(), Amount: d.Amount, Currency: d.Currency, Payee: campaigns.CashPayee, PaidAt: now, EnteredBy: "cashier",
			}})
			return err
		})
	}
	do(func(tx *sqlx.Tx) error {
		_, err := pledge.Make(t.Context(), tx, c, pledge.Promise{
			Campaign: of.Slug, Amount: money.MustParse("500"), DueOn: c.Day(now).AddDate(0, 0, 9), Name: name, Email: address, Lang: "zh-CN", At: now,
		})
		return err
	})
	do(func(tx *sqlx.Tx) error {
		return voice.Ask(t.Context(), tx, c.ID, voice.Question{
			ID: uuid.New(), CampaignID: of.ID, Body: "几点开饭？", AskedAt: now, Asker: voice.Asker{Name: name, Email: address, Lang: "zh-CN"},
		})
	})
	post, err := mail.New(mail.Options{DB: db.App, BaseURL: "http://127.0.0.1", From: demoSender, Keep: true})
	if err != nil {
		t.Fatal(err)
	}
	kept := mail.Letter{Key: uuid.New(), To: mail.Person{Name: name, Address: address}, Lang: i18n.Chinese, Content: mail.GiverLink{Path: "/x", Minutes: 30}}
	if err := post.Send(t.Context(), c, kept); err != nil {
		t.Fatal(err)
	}
	if found := tablesWith(t, db, "金丝雀", "anary@"); len(found) < 3 {
		t.Fatalf("the canary is only in %v: the walk sees nothing", found)
	}

	g, err := giver.ByMail(t.Context(), db.App, c.ID, address)
	if err != nil {
		t.Fatal(err)
	}
	do(func(tx *sqlx.Tx) error {
		_, err := giver.Erase(t.Context(), tx, g, now, forgets...)
		return err
	})
	if found := tablesWith(t, db, "金丝雀", "anary@"); len(found) > 0 {
		t.Errorf("still in %v", found)
	}
	var plans, pledges string
	if err := db.Owner.Get(&plans, `SELECT CASE WHEN stopped_at IS NULL THEN 'runs' ELSE 'stopped' END FROM pledge.plan`); err != nil || plans != "stopped" {
		t.Errorf("the monthly plan %s, %v", plans, err)
	}
	if err := db.Owner.Get(&pledges, `SELECT CASE WHEN ended_at IS NULL THEN 'open' ELSE 'ended' END FROM pledge.pledge`); err != nil || pledges != "ended" {
		t.Errorf("the pledge is %s, %v", pledges, err)
	}
}

// tablesWith names the tables in which a text stands.
func tablesWith(t *testing.T, db *pgtest.Database, texts ...string) (found []string) {
	t.Helper()
	var tables []string
	if err := db.Owner.Select(&tables, `SELECT schemaname || '.' || quote_ident(tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`); err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		var has bool
		if err := db.Owner.Get(&has, `SELECT EXISTS (SELECT FROM `+table+` r WHERE r::text ~ $1)`, strings.Join(texts, "|")); err != nil {
			t.Fatal(err)
		}
		if has {
			found = append(found, table)
		}
	}
	return found
}
