package organisation_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/organisation"
	"fund/campaigns/project"
	"fund/ledger"
	"fund/ledger/money"
	"fund/migrations/pgtest"
)

// house is a community with a thousand yuan in the safe.
type house struct {
	*pgtest.Database
	ledger.Community
}

func day(month time.Month, d int) time.Time { return ledger.Day(2026, month, d) }

func noon(month time.Month, d int) time.Time {
	return time.Date(2026, month, d, 4, 0, 0, 0, time.UTC)
}

func open(t testing.TB) *house {
	t.Helper()
	h := &house{Database: pgtest.DB(t)}
	h.Do(t, func(tx *sqlx.Tx) (err error) {
		if h.Community, err = ledger.AddCommunity(t.Context(), tx, ledger.Community{
			Slug: "angong", NameZH: "安公社区", NameEN: "Angong", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai",
		}); err != nil {
			return err
		}
		book, err := ledger.OpenBook(t.Context(), tx, h.ID)
		if err != nil {
			return err
		}
		cash, _ := book.Account(ledger.Cash)
		net, _ := book.Account(ledger.UnrestrictedNetAssets)
		_, err = ledger.Post(t.Context(), tx, h.ID, ledger.Entry{
			Date: day(1, 1), Kind: "opening", Source: "opening:1", Memo: "旧账", PostedBy: "treasurer",
			Postings: []ledger.Posting{ledger.Debit(cash, ledger.GeneralFundID, money.MustParse("1000")), ledger.Credit(net, ledger.GeneralFundID, money.MustParse("1000"))},
		})
		return err
	})
	return h
}

// try runs a verb in a transaction of its own.
func (h *house) try(t testing.TB, verb func(ctx context.Context, tx *sqlx.Tx) error) error {
	t.Helper()
	return h.Try(func(tx *sqlx.Tx) error { return verb(t.Context(), tx) })
}

func (h *house) write(t testing.TB, verb func(ctx context.Context, tx *sqlx.Tx) error) {
	t.Helper()
	h.Do(t, func(tx *sqlx.Tx) error { return verb(t.Context(), tx) })
}

// sound says that books and records agree.
func (h *house) sound(t testing.TB) {
	t.Helper()
	found, err := organisation.Check(t.Context(), h.App, h.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		t.Error(f)
	}
}

func (h *house) group(t testing.TB, slug, name string) (o organisation.Organisation) {
	t.Helper()
	h.write(t, func(ctx context.Context, tx *sqlx.Tx) (err error) {
		o, err = organisation.Add(ctx, tx, h.Community, organisation.Organisation{
			Kind: organisation.Group, Slug: slug, NameZH: name, Theme: project.Neighbours, EnteredBy: "lead", EnteredAt: noon(1, 2),
		})
		return err
	})
	return o
}

// agreement is a social organisation's: a class at 20.00 an hour that releases 5.00, a visit that costs nothing and releases 8.00.
func (h *house) agreement(t testing.TB, subsidy string) (a organisation.Agreement) {
	t.Helper()
	h.write(t, func(ctx context.Context, tx *sqlx.Tx) error {
		o, err := organisation.Add(ctx, tx, h.Community, organisation.Organisation{
			Kind: organisation.Social, Slug: "care", NameZH: "安心照护中心", Theme: project.Elders, EnteredBy: "lead", EnteredAt: noon(1, 2),
		})
		if err != nil {
			return err
		}
		a, err = organisation.AddAgreement(ctx, tx, h.Community, organisation.Agreement{
			OrganisationID: o.ID, TitleZH: "2026 年为老服务", Payer: "街道办事处", Subsidy: money.MustParse(subsidy), BeginsOn: day(1, 1), EndsOn: day(12, 31), EnteredBy: "lead", EnteredAt: noon(1, 2),
			Items: []organisation.Item{
				{NameZH: "康复训练", UnitZH: "小时", Price: money.MustParse("20"), Subsidy: money.MustParse("5")},
				{NameZH: "上门探访", UnitZH: "次", Price: money.Zero, Subsidy: money.MustParse("8")},
			},
		})
		return err
	})
	return a
}

func session(a organisation.Agreement, item int, at time.Time, quantity int) organisation.Session {
	return organisation.Session{
		ID: uuid.Must(uuid.NewV7()), AgreementID: a.ID, Item: item, HeldOn: at, Quantity: quantity, People: 3 * quantity, EnteredBy: "lead", EnteredAt: noon(3, 1),
	}
}
