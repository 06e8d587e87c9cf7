package issue_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/project"
	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/transparency"
	"fund/migrations/pgtest"
	"fund/web/i18n"
	"fund/web/issue"
	"fund/web/pdf"
)

func day(month time.Month, d int) time.Time { return ledger.Day(2017, month, d) }

// small is a community with one campaign of which a project lives, a gift, a cost, and a mistake of January that was undone
// in February.
func small(t *testing.T) (*sqlx.DB, ledger.Community) {
	t.Helper()
	db := pgtest.DB(t).App
	var c ledger.Community
	err := inTx(t.Context(), db, func(ctx context.Context, tx *sqlx.Tx) (err error) {
		if c, err = ledger.AddCommunity(ctx, tx, ledger.Community{
			Slug: "gongzhang", NameZH: "弓长社区", NameEN: "Gongzhang", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai", Phone: "028-0000 0000",
		}); err != nil {
			return err
		}
		soup, err := campaigns.DraftCampaign(ctx, tx, c.ID, campaigns.Campaign{
			Slug: "soup", Theme: "elders", TitleZH: "绿豆汤", TitleEN: "Soup", Goal: money.MustParse("300"), StartsOn: day(1, 1), EndsOn: day(2, 20), Basis: campaigns.TargetedBasis,
			Budget: []campaigns.BudgetLine{{NameZH: "绿豆", NameEN: "Beans", Amount: money.MustParse("100")}, {NameZH: "碗", NameEN: "Bowls", Amount: money.MustParse("200")}},
		})
		if err != nil {
			return err
		}
		if err = campaigns.Publish(ctx, tx, c.ID, soup.ID, day(1, 1)); err != nil {
			return err
		}
		if _, err = project.AddProject(ctx, tx, c.ID, project.Project{
			Slug: "soup", FundID: soup.FundID, Theme: project.Elders, Year: 2017, State: project.Running, TitleZH: "送绿豆汤", TitleEN: "Bringing soup",
			CouncilZH: "社区议事会", AgreedOn: new(day(1, 3)), StartedOn: new(day(2, 1)),
		}); err != nil {
			return err
		}
		return books(ctx, tx, c, soup)
	})
	if err != nil {
		t.Fatal(err)
	}
	return db, c
}

func books(ctx context.Context, tx *sqlx.Tx, c ledger.Community, soup campaigns.Campaign) error {
	accounts, err := ledger.ListAccounts(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	cash, _ := accounts.By(ledger.Cash)
	sales, _ := accounts.By(ledger.SalesIncome)
	costs, _ := accounts.By(ledger.ProgrammeExpense)
	if _, err = campaigns.EnterCash(ctx, tx, c, campaigns.Start{ID: uuid.New(), Campaign: "soup", Amount: money.MustParse("150"), EnteredBy: "cashier", At: day(1, 20)}); err != nil {
		return err
	}
	entry := func(source string, at time.Time, debit, credit, fund int, amount string) ledger.Entry {
		sum := money.MustParse(amount)
		return ledger.Entry{
			Date: at, Kind: "manual", Source: source, Memo: "记一笔", PostedBy: "treasurer",
			Postings: []ledger.Posting{ledger.Debit(debit, fund, sum), ledger.Credit(credit, fund, sum)},
		}
	}
	posted, err := ledger.Post(ctx, tx, c.ID,
		entry("sale:1", day(1, 25), cash.ID, sales.ID, ledger.GeneralFundID, "80"),
		entry("sale:2", day(1, 26), cash.ID, sales.ID, ledger.GeneralFundID, "9"),
		entry("cost:1", day(2, 3), costs.ID, cash.ID, soup.FundID, "60.50"))
	if err != nil {
		return err
	}
	_, err = ledger.Reverse(ctx, tx, c.ID, posted[1].Seq, day(2, 4), "登记了两次", "treasurer")
	return err
}

func inTx(ctx context.Context, db *sqlx.DB, write func(context.Context, *sqlx.Tx) error) error {
	tx, err := db.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := write(ctx, tx); err != nil {
		return err
	}
	return tx.Commit()
}

func TestTransparency(t *testing.T) {
	t.Parallel()
	db, c := small(t)
	february := func(lang i18n.Lang) (pdf.ReportDoc, error) {
		return issue.Transparency(t.Context(), db, c, day(2, 9), day(2, 9), lang, "https://fund.example.org", day(3, 1))
	}
	if _, err := february(i18n.Chinese); !errors.Is(err, transparency.ErrNotSealed) {
		t.Errorf("without a checkpoint: %v", err)
	}
	key, _, err := transparency.NewKey("fund.example.org")
	if err != nil {
		t.Fatal(err)
	}
	err = inTx(t.Context(), db, func(ctx context.Context, tx *sqlx.Tx) error {
		_, err := transparency.Seal(ctx, tx, c.ID, c.Slug, key, day(3, 1))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	doc, err := february(i18n.English)
	if err != nil {
		t.Fatal(err)
	}
	for what, sums := range map[string][2]string{
		"opening": {doc.Opening.String(), "239.00"}, "income": {doc.Income.String(), "-9.00"}, "expense": {doc.Expense.String(), "60.50"},
		"closing": {doc.Closing.String(), "169.50"}, "restricted": {doc.ClosingHeld.String(), "89.50"},
		"raised until then": {doc.Campaigns[0].Raised.String(), "150.00"}, "spent of it": {doc.Campaigns[0].Spent.String(), "60.50"},
		"the first budget line": {doc.Campaigns[0].Budget[0].Covered.String(), "100.00"}, "the second": {doc.Campaigns[0].Budget[1].Covered.String(), "50.00"},
		"the project": {doc.Projects[0].Spent.String(), "60.50"}, "its theme": {doc.Uses[0].Held.String(), "60.50"},
		"the correction": {doc.Reversals[0].Amount.String(), "-9.00"},
	} {
		if sums[0] != sums[1] {
			t.Errorf("%s: %s, expected %s", what, sums[0], sums[1])
		}
	}
	if len(doc.Campaigns) != 1 || len(doc.Projects) != 1 || len(doc.Entries) != 2 || len(doc.Reversals) != 1 {
		t.Errorf("%d campaigns, %d projects, %d entries, %d corrections", len(doc.Campaigns), len(doc.Projects), len(doc.Entries), len(doc.Reversals))
	}
	if r := doc.Reversals[0]; r.Of != "2017-3" || r.Why != "登记了两次" || doc.Uses[0].Name != "Elders" || doc.Uses[0].Projects != 1 {
		t.Errorf("the correction %+v, the use %+v", r, doc.Uses[0])
	}
	if doc.Number != "2017-02" || doc.Period != "February 2017" || doc.Checkpoint.Number != 1 {
		t.Errorf("number %q, period %q, checkpoint %d", doc.Number, doc.Period, doc.Checkpoint.Number)
	}
}

func TestTransparencyOfAnEmptyBook(t *testing.T) {
	t.Parallel()
	db, c := small(t)
	doc, err := issue.Transparency(t.Context(), db, c, ledger.Day(2016, 1, 1), ledger.Day(2016, 3, 1), i18n.Chinese, "", day(3, 1))
	if err != nil || len(doc.Entries) > 0 || doc.Checkpoint.Text != "" || doc.Number != "2016-01–2016-03" {
		t.Errorf("%d entries, checkpoint %q, number %q, %v", len(doc.Entries), doc.Checkpoint.Text, doc.Number, err)
	}
}
