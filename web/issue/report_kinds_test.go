package issue_test

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/disclosure"
	"fund/campaigns/project"
	"fund/campaigns/publication"
	"fund/ledger/money"
	"fund/ledger/transparency"
	"fund/web/i18n"
	"fund/web/issue"
	"fund/web/pdf"
)

// Every kind of report tells of the same books, in both languages, and is drawn.
func TestEveryReportTellsOfTheSameBooks(t *testing.T) {
	t.Parallel()
	db, c := small(t)
	err := inTx(t.Context(), db, func(ctx context.Context, tx *sqlx.Tx) error {
		named := campaigns.Start{
			ID: uuid.New(), Campaign: "soup", Amount: money.MustParse("66"), Name: "王小明", ShowName: true, Message: "加油", ShowMessage: true, EnteredBy: "cashier", At: day(2, 1),
		}
		if _, err := campaigns.EnterCash(ctx, tx, c, named); err != nil {
			return err
		}
		key, _, err := transparency.NewKey("fund.test")
		if err != nil {
			return err
		}
		_, err = transparency.Seal(ctx, tx, c.ID, c.Slug, key, day(12, 31))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	soup, err := project.FindProject(t.Context(), db, c.ID, "soup")
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range i18n.Langs {
		whole, err := issue.Transparency(t.Context(), db, c, day(1, 1), day(12, 31), lang, "https://fund.example.org", day(12, 31))
		if err != nil {
			t.Fatal(err)
		}
		annual, err := issue.Annual(t.Context(), db, c, day(3, 1), day(3, 1), lang, "https://fund.example.org", day(12, 31))
		if err != nil {
			t.Fatal(err)
		}
		sheet, err := issue.NoticeSheet(t.Context(), db, c, day(1, 1), day(12, 31), lang, "https://fund.example.org", day(12, 31))
		if err != nil {
			t.Fatal(err)
		}
		for what, sums := range map[string][3]money.Amount{
			"opening": {whole.Opening, annual.Opening, sheet.Opening}, "income": {whole.Income, annual.Income, sheet.Income},
			"expense": {whole.Expense, annual.Expense, sheet.Expense}, "closing": {whole.Closing, annual.Closing, sheet.Closing},
		} {
			if !sums[0].Equal(sums[1]) || !sums[0].Equal(sums[2]) {
				t.Errorf("%s: %v", what, sums)
			}
		}
		one, err := issue.ProjectReport(t.Context(), db, c, soup.ID, day(1, 1), day(12, 31), lang, "https://fund.example.org", day(12, 31))
		if err != nil {
			t.Fatal(err)
		}
		if !one.Received.Sub(one.Spent).Equal(one.Left) || !one.Received.Equal(money.MustParse("216")) || one.Checkpoint.Text == "" {
			t.Errorf("the project: %s − %s = %s", one.Received, one.Spent, one.Left)
		}
		if last := one.Payments[len(one.Payments)-1].Date; last.Before(one.From) || last.After(one.To) || len(one.Months()) == 0 {
			t.Errorf("the project's days are %s to %s, its months %v", one.From, one.To, one.Months())
		}
		spent := money.Zero
		for _, m := range one.Months() {
			spent = spent.Add(m.Amount)
		}
		if !spent.Equal(one.Spent) {
			t.Errorf("its months come to %s of %s", spent, one.Spent)
		}
		asked := publication.Of(publication.Project, day(1, 1), day(1, 1)).About(disclosure.Subject{Kind: disclosure.OfProject, ID: soup.ID, TitleZH: soup.TitleZH, TitleEN: soup.TitleEN})
		if draft, err := issue.Fill(t.Context(), db, c, asked, "https://fund.example.org", day(12, 31)); err != nil || !strings.HasSuffix(draft.Title(string(lang)), one.Period) {
			t.Errorf("a project's report is named %q, and tells of %q: %v", draft.Title(string(lang)), one.Period, err)
		}
		donors, err := issue.DonorList(t.Context(), db, c, day(1, 1), day(12, 31), lang, "https://fund.example.org", day(12, 31))
		if err != nil {
			t.Fatal(err)
		}
		if len(donors.Parts) != 1 || len(donors.Parts[0].Rows) != 1 || donors.Parts[0].Unnamed != 1 || strings.Contains(donors.Parts[0].Rows[0].Name, "小明") {
			t.Errorf("donors: %+v", donors.Parts)
		}
		for name, draw := range map[string]func(io.Writer) error{
			"annual":  func(w io.Writer) error { return pdf.AnnualReport(w, annual) },
			"sheet":   func(w io.Writer) error { return pdf.NoticeSheet(w, sheet, pdf.A3) },
			"project": func(w io.Writer) error { return pdf.ProjectReport(w, one) },
			"donors":  func(w io.Writer) error { return pdf.DonorList(w, donors) },
		} {
			var drawn bytes.Buffer
			if err := draw(&drawn); err != nil || !bytes.HasPrefix(drawn.Bytes(), []byte("%PDF-")) {
				t.Errorf("%s in %s: %d bytes, %v", name, lang, drawn.Len(), err)
			}
		}
	}
}
