package disclosure_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/disclosure"
	"fund/ledger"
	"fund/ledger/money"
	"fund/migrations/pgtest"
)

func yuan(s string) money.Amount { return money.MustParse(s) }

// noon is midday in Chengdu.
func noon(month time.Month, day int) time.Time {
	return time.Date(2026, month, day, 4, 0, 0, 0, time.UTC)
}

// office is a community with a campaign of May that took three gifts, gave some back, and spent.
type office struct {
	*pgtest.Database
	ledger.Community
	Campaign campaigns.Campaign
	accounts ledger.Accounts
	gifts    []campaigns.Received
}

func open(t testing.TB) *office {
	t.Helper()
	o := &office{Database: pgtest.DB(t)}
	o.Do(t, func(tx *sqlx.Tx) (err error) {
		if o.Community, err = ledger.AddCommunity(t.Context(), tx, ledger.Community{
			Slug: "angong", NameZH: "安公社区", NameEN: "Angong", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai",
		}); err != nil {
			return err
		}
		o.accounts, err = ledger.ListAccounts(t.Context(), tx, o.ID)
		return err
	})
	o.Campaign = o.raise(t, "dinner", 0)
	for i, amount := range []string{"100", "50", "66.60"} {
		o.give(t, "dinner", amount, noon(5, 2+i))
	}
	o.back(t, o.gifts[1], "50")
	o.back(t, o.gifts[2], "6.60")
	o.post(t, noon(5, 20), "expense", ledger.ProgrammeExpense, ledger.Bank, "60", "买菜")
	o.post(t, noon(6, 1), "expense", ledger.FundraisingExpense, ledger.Cash, "20", "印海报")
	o.post(t, noon(6, 2), "income", ledger.Bank, ledger.OtherIncome, "10", "卖纸箱")
	return o
}

func (o *office) raise(t testing.TB, slug string, fund int) (c campaigns.Campaign) {
	t.Helper()
	o.Do(t, func(tx *sqlx.Tx) (err error) {
		c, err = campaigns.DraftCampaign(t.Context(), tx, o.ID, campaigns.Campaign{
			Slug: slug, FundID: fund, TitleZH: "暖心饭", TitleEN: "Dinner", Goal: yuan("500"), StartsOn: ledger.Day(2026, 5, 1), EndsOn: ledger.Day(2026, 5, 31),
			Basis: campaigns.TargetedBasis, CreatedBy: "user:1",
		})
		if err != nil {
			return err
		}
		return campaigns.Publish(t.Context(), tx, o.ID, c.ID, noon(4, 30))
	})
	return c
}

func (o *office) give(t testing.TB, campaign, amount string, at time.Time) {
	t.Helper()
	o.Do(t, func(tx *sqlx.Tx) error {
		r, err := campaigns.EnterCash(t.Context(), tx, o.Community, campaigns.Start{
			ID: uuid.Must(uuid.NewV7()), Campaign: campaign, Amount: yuan(amount), Name: "周婆婆", Email: "zhou@example.org", Lang: "zh-CN", EnteredBy: "user:1", At: at,
		})
		o.gifts = append(o.gifts, r)
		return err
	})
}

func (o *office) back(t testing.TB, r campaigns.Received, amount string) {
	t.Helper()
	o.Do(t, func(tx *sqlx.Tx) error {
		_, err := campaigns.RefundDonation(t.Context(), tx, o.Community, r.Donation, uuid.Must(uuid.NewV7()), yuan(amount), "多付了", "user:1", noon(5, 10))
		return err
	})
}

func (o *office) post(t testing.TB, at time.Time, kind string, debit, credit ledger.Purpose, amount, memo string) {
	t.Helper()
	to, _ := o.accounts.By(debit)
	from, _ := o.accounts.By(credit)
	o.Do(t, func(tx *sqlx.Tx) error {
		_, err := ledger.Post(t.Context(), tx, o.ID, ledger.Entry{
			Date: o.Day(at), Kind: kind, Source: kind + ":" + uuid.NewString(), Memo: memo, PostedBy: "user:1",
			Postings: []ledger.Posting{ledger.Debit(to.ID, o.Campaign.FundID, yuan(amount)), ledger.Credit(from.ID, o.Campaign.FundID, yuan(amount))},
		})
		return err
	})
}

func (o *office) duty(t testing.TB, key string, now time.Time) disclosure.Duty {
	t.Helper()
	d, err := disclosure.FindDuty(t.Context(), o.App, o.Community, key, now)
	if err != nil {
		t.Fatal(key, err)
	}
	return d
}

func (o *office) publish(duty disclosure.Duty, texts disclosure.Texts, note string, at time.Time) (d disclosure.Document, err error) {
	err = o.Try(func(tx *sqlx.Tx) error {
		d, err = disclosure.Publish(context.Background(), tx, o.Community, duty, texts, note, "user:1", at)
		return err
	})
	return d, err
}
