package desk

import (
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/export"
	"fund/ledger/report"
	"fund/web/auth"
	"fund/web/issue"
	"fund/web/page"
	"fund/web/pdf"
)

// statementsView is the index of the statements, for one period.
type statementsView struct {
	chooser
	Kinds   []report.Statement
	Totals  report.Totals
	Checked bool
	Untied  []report.Finding
}

// Statements lists all statements for the period chosen; with a statement chosen it goes there.
func (p *Pages) Statements(c *fiber.Ctx) error {
	if name := c.Query("name"); name != "" {
		return c.Redirect(chosenAt(page.Of(c), c.Queries()))
	}
	v := statementsView{Kinds: statementsFor(c), Checked: c.Query("check") != ""}
	err := p.look(c, func(ctx context.Context, q sqlx.QueryerContext, community ledger.Community) (err error) {
		ask := p.asks(c, community, "")
		if v.chooser, err = p.choose(ctx, c, q, community, ask); err != nil {
			return err
		}
		if v.Totals, err = report.Summary(ctx, q, community, ask.From, ask.To); err != nil || !v.Checked {
			return err
		}
		v.Untied, err = report.Ties(ctx, q, community, ask.From, ask.To)
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(c, "desk/statements", v)
}

// statementsFor are the statements that whoever asks may see.
func statementsFor(c *fiber.Ctx) []report.Statement {
	all := report.Statements()
	if can(c, auth.ReadDonors) {
		all = append(all, issue.DonorIncomeStatement())
	}
	return all
}

// chosenAt is the address of the statement that a form chose, without what was left empty.
func chosenAt(r *page.Reader, typed map[string]string) string {
	ask := report.ParseAsk(typed["name"], func(key string) string { return typed[key] }, time.Now())
	if typed["name"] != "ledger-card" {
		ask.Accounts = nil
	}
	return addressOf(r, &ask)
}

// tableView is one statement as a page.
type tableView struct {
	chooser
	report.Table
}

// Ties reports whether the statement's two sides agree; Balanced is nil where it has none.
func (v tableView) Ties() bool { return *v.Balanced }

// Labels tells whether a column is the one that says what a row is.
func (v tableView) Labels(column int) bool { return v.Columns[column].Kind == report.LabelColumn }

// Class is how the cells of a column look. A double rule stands before the first amount of a group.
func (v tableView) Class(column int) string {
	c := v.Columns[column]
	switch c.Kind {
	case report.LabelColumn:
		return "stick-col"
	case report.AmountColumn, report.ShareColumn:
		if before := v.Columns[column-1]; before.Kind != c.Kind && c.Kind == report.AmountColumn || before.Group != c.Group {
			return "r red-rule"
		}
		return "r ruled-col"
	}
	class := map[report.ColumnKind]string{report.TextColumn: "text"}[c.Kind]
	if class == "" {
		class = "no"
	}
	if v.Folds(column) {
		class += " wide-cell"
	}
	return class
}

// Folds tells whether a column of words stands below the label on a phone: those before the first amount do.
func (v tableView) Folds(column int) bool {
	if v.Labels(column) || v.Columns[column].Kind == report.ShareColumn {
		return false
	}
	return !slices.ContainsFunc(v.Columns[:column+1], func(c report.Column) bool { return c.Kind == report.AmountColumn })
}

// Folded tells whether any column does.
func (v tableView) Folded() bool { return v.Folds(0) || len(v.Columns) > 1 && v.Folds(1) }

// tableHead is a heading above headings.
type tableHead struct {
	report.Words
	Span, Rows int
	Class      string
}

// Heads are the headings above the headings, none where no column has one.
func (v tableView) Heads() (heads []tableHead) {
	grouped := false
	for i, c := range v.Columns {
		if last := len(heads) - 1; i > 0 && c.Group == v.Columns[i-1].Group && c.Group != (report.Words{}) {
			heads[last].Span++
			continue
		}
		head := tableHead{c.Group, 1, 1, v.Class(i)}
		if head.Words == (report.Words{}) {
			head.Words, head.Rows = c.Title, 2
		}
		heads = append(heads, head)
		grouped = grouped || head.Rows == 1
	}
	if !grouped {
		return nil
	}
	return heads
}

// Below tells whether a column's heading stands below that of its group.
func (v tableView) Below(column int) bool { return v.Columns[column].Group != report.Words{} }

// Formats are the files that the statement can be had as.
func (v tableView) Formats() []page.Option {
	return []page.Option{{Value: "pdf", Label: "PDF"}, {Value: "xlsx", Label: "XLSX"}, {Value: "csv", Label: "CSV"}, {Value: "json", Label: "JSON"}}
}

// First is the address of the first page of a long one.
func (v tableView) First() string {
	ask := v.Asked
	ask.After = ""
	return addressOf(v.r, &ask)
}

// StatementTable shows a statement, each figure with a link to what it is made of.
func (p *Pages) StatementTable(c *fiber.Ctx) error {
	var v tableView
	err := p.look(c, func(ctx context.Context, q sqlx.QueryerContext, community ledger.Community) (err error) {
		ask := p.asks(c, community, c.Params("name"))
		if v.Table, err = draw(ctx, q, community, ask); err != nil {
			return err
		}
		v.chooser, err = p.choose(ctx, c, q, community, v.Ask)
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(c, "desk/statement_table", v)
}

// draw draws a statement. A ledger card that nobody chose an account for is that of the bank.
func draw(ctx context.Context, q sqlx.QueryerContext, community ledger.Community, ask report.Ask) (report.Table, error) {
	if ask.Name == "ledger-card" && len(ask.Accounts) == 0 && ask.Class == "" {
		accounts, err := ledger.ListAccounts(ctx, q, community.ID)
		if err != nil {
			return report.Table{}, err
		}
		if bank, ok := accounts.By(ledger.Bank); ok {
			ask.Accounts = []string{bank.Code}
		}
	}
	return report.Draw(ctx, q, community, ask)
}

// statementWriter writes a statement as a file.
type statementWriter struct {
	kind  string
	write func(w io.Writer, t report.Table, r *page.Reader, now time.Time) error
}

// send hands the file over under the statement's name and days.
func (as statementWriter) send(c *fiber.Ctx, t report.Table, now time.Time) error {
	c.Attachment(strings.Join([]string{t.Community.Slug, t.Key, t.From.Format("20060102"), t.To.Format("20060102")}, "-") + "." + c.Params("format"))
	c.Set(fiber.HeaderContentType, as.kind)
	return as.write(c, t, page.Of(c), now)
}

// statementWriters are the files that a statement can be had as.
var statementWriters = map[string]statementWriter{
	"pdf": {"application/pdf", func(w io.Writer, t report.Table, r *page.Reader, now time.Time) error {
		return pdf.Statement(w, pdf.StatementDoc{Lang: string(r.Lang), Table: t, Preparer: r.User.Name, Made: now})
	}},
	"xlsx": {xlsxType, func(w io.Writer, t report.Table, r *page.Reader, now time.Time) error {
		return export.TableXLSX(w, t, string(r.Lang), now)
	}},
	"json": {fiber.MIMEApplicationJSONCharsetUTF8, func(w io.Writer, t report.Table, _ *page.Reader, now time.Time) error {
		return export.TableJSON(w, t, now)
	}},
	"csv": {"text/csv; charset=utf-8", func(w io.Writer, t report.Table, r *page.Reader, _ time.Time) error {
		return export.TableCSV(w, t, string(r.Lang))
	}},
}

// StatementFile hands a statement over as a file: .pdf, .xlsx, .json, .csv. It has all pages of a long one.
func (p *Pages) StatementFile(c *fiber.Ctx) error {
	as, ok := statementWriters[c.Params("format")]
	if !ok {
		return page.ErrNotFound
	}
	var table report.Table
	var now time.Time
	err := p.look(c, func(ctx context.Context, q sqlx.QueryerContext, community ledger.Community) (err error) {
		ask := p.asks(c, community, c.Params("name"))
		ask.Whole, now = true, page.Of(c).Local(p.Now())
		table, err = draw(ctx, q, community, ask)
		return err
	})
	if err != nil {
		return err
	}
	return as.send(c, table, now)
}

// ToTrialBalance leads from where the trial balance stood before there were other statements.
func (p *Pages) ToTrialBalance(c *fiber.Ctx) error {
	to := page.Of(c).URL("/desk/statements/trial-balance")
	if strings.HasSuffix(c.Path(), ".csv") {
		to += ".csv"
	}
	if query := page.Of(c).Query; query != "" {
		to += "?" + query
	}
	return c.Redirect(to, fiber.StatusMovedPermanently)
}

// look reads the books at one instant, so that the figures on one page agree while others post.
func (p *Pages) look(c *fiber.Ctx, read func(ctx context.Context, q sqlx.QueryerContext, community ledger.Community) error) error {
	ctx, cancel := patient(c)
	defer cancel()
	return p.instant(ctx, page.Of(c).Community.Slug, func(q sqlx.QueryerContext, community ledger.Community) error { return read(ctx, q, community) })
}

func (p *Pages) instant(ctx context.Context, slug string, read func(q sqlx.QueryerContext, community ledger.Community) error) error {
	return ledger.AtOneMoment(ctx, p.Read, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `SET LOCAL jit = off`); err != nil { // it costs more than such a query
			return err
		}
		community, err := ledger.FindCommunity(ctx, tx, slug)
		if err != nil {
			return err
		}
		return read(tx, community)
	})
}

// asks reads what the address asks for; without a period it is this year so far.
func (p *Pages) asks(c *fiber.Ctx, community ledger.Community, name string) report.Ask {
	return report.ParseAsk(name, func(key string) string { return c.Query(key) }, community.Day(p.Now()))
}
