package publication_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/disclosure"
	"fund/campaigns/publication"
	"fund/ledger"
	"fund/ledger/money"
	"fund/migrations/pgtest"
)

// noon is midday in Chengdu on a day of 2026.
func noon(month time.Month, day int) time.Time {
	return time.Date(2026, month, day, 4, 0, 0, 0, time.UTC)
}

// office is a community that sold something in each month from January to April 2026; the first three are closed.
type office struct {
	*pgtest.Database
	ledger.Community
}

func open(t testing.TB) *office {
	t.Helper()
	o := &office{Database: pgtest.DB(t)}
	o.Do(t, func(tx *sqlx.Tx) (err error) {
		o.Community, err = ledger.AddCommunity(t.Context(), tx, ledger.Community{
			Slug: "angong", NameZH: "安公社区", NameEN: "Angong", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai",
		})
		return err
	})
	for month := time.January; month <= time.April; month++ {
		o.sell(t, noon(month, 10), "100")
	}
	for month := time.January; month <= time.March; month++ {
		o.close(t, month)
	}
	return o
}

func (o *office) sell(t testing.TB, at time.Time, amount string) {
	t.Helper()
	o.Do(t, func(tx *sqlx.Tx) error {
		accounts, err := ledger.ListAccounts(t.Context(), tx, o.ID)
		if err != nil {
			return err
		}
		cash, _ := accounts.By(ledger.Cash)
		sales, _ := accounts.By(ledger.SalesIncome)
		sum := money.MustParse(amount)
		_, err = ledger.Post(t.Context(), tx, o.ID, ledger.Entry{
			Date: o.Day(at), Kind: "manual", Source: "manual:" + uuid.NewString(), Memo: "卖纸箱", PostedBy: "user:1",
			Postings: []ledger.Posting{ledger.Debit(cash.ID, ledger.GeneralFundID, sum), ledger.Credit(sales.ID, ledger.GeneralFundID, sum)},
		})
		return err
	})
}

func (o *office) close(t testing.TB, month time.Month) {
	t.Helper()
	o.Do(t, func(tx *sqlx.Tx) error {
		return ledger.ClosePeriod(t.Context(), tx, o.ID, ledger.Day(2026, month, 1), "user:1")
	})
}

// draft is a report of months with a drawing that only names it: what web/issue fills in and web/pdf draws stands there.
func (o *office) draft(ctx context.Context, q sqlx.QueryerContext, r publication.Report) (d publication.Draft, err error) {
	stand, err := ledger.Stand(ctx, q, o.ID)
	if err != nil {
		return d, err
	}
	d = publication.Draft{Report: r, AsOf: stand.LastSeq, Checkpoint: 1, Signed: "signed", TitleZH: "安公社区 " + r.Period(), TitleEN: "Angong, " + r.Period()}
	d.Figures, err = disclosure.FiguresAsOf(ctx, q, o.Community, disclosure.Duty{Kind: r.Kind, Subject: r.Subject, From: r.From, Until: r.To}, d.AsOf)
	d.Draw = func(issued disclosure.Document) (all []disclosure.Drawing, err error) {
		for _, lang := range []string{"zh-CN", "en"} {
			value := fmt.Appendf(nil, `{"serial":%q,"version":%d,"lang":%q}`, issued.Serial(), issued.Version, lang)
			all = append(all, disclosure.Drawing{Lang: lang, Value: value, Pages: 1, PDF: append([]byte("%PDF-"), value...)})
		}
		return all, nil
	}
	return d, err
}

func months(period string) publication.Report {
	from, to, err := publication.ParsePeriod(period)
	if err != nil {
		panic(err)
	}
	return publication.Of(publication.Fund, from, to)
}

func (o *office) issue(period string, note publication.Note, at time.Time) (d disclosure.Document, err error) {
	ctx := context.Background()
	draft, err := o.draft(ctx, o.App, months(period))
	if err != nil {
		return d, err
	}
	err = o.Try(func(tx *sqlx.Tx) error {
		d, err = publication.Issue(ctx, tx, o.Community, draft, note, "user:1", at)
		return err
	})
	return d, err
}
