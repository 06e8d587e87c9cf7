package desk

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/journalfile"
	"fund/ledger/money"
	"fund/ledger/upload"
	"fund/web/page"
)

const importPath = "/desk/journal/import"

// entriesShown is how many entries a page of the preview shows.
const entriesShown = 100

// importView is the form that takes a table, and what is in the table it was given.
type importView struct {
	*page.Form
	books
	upload.Waiting
	Megabytes int
	Plan      journalfile.Plan
	Problems  []*journalfile.Problem
	Refused   string // what only the books could say
	Create    bool   // missing accounts are added
	Creatable bool   // or could be
	Series    string
	Page      int
}

// ImportForm takes a table of entries.
func (p *Pages) ImportForm(c *fiber.Ctx) error {
	return page.Render(c, "desk/journal_import", importForm(page.BlankForm(c)))
}

func importForm(f *page.Form) importView {
	return importView{Form: labelled(f, "import.field", "file", "series", "create"), Megabytes: statementMax >> 20}
}

// UploadJournal keeps a table for an hour and shows what is in it. Nothing is posted yet.
func (p *Pages) UploadJournal(c *fiber.Ctx) error {
	ctx, cancel := patient(c)
	defer cancel()
	v := importForm(page.ReadForm(c))
	file := v.File(c, "file")
	if file != nil && file.Size > statementMax {
		v.Wrong("file", "statement.wrong.large", "max", statementMax>>20)
	}
	if v.AnyWrong() {
		return page.Again(c, "desk/journal_import", v)
	}
	u, err := uploaded(file, p.Now())
	if err != nil {
		return err
	}
	u.Purpose = upload.Journal
	err = p.act(c, "journal.upload", "file:"+u.Name, nil, func(tx *sqlx.Tx, who string) (err error) {
		u.By = who
		u, err = upload.Keep(ctx, tx, page.Of(c).Community.ID, u)
		return err
	})
	if err != nil {
		return err
	}
	return c.Redirect(page.Of(c).URL(importPath+"/"+u.ID.String()), fiber.StatusSeeOther)
}

// ImportPreview shows the entries of a table as they would be posted, or what has to be mended in it.
func (p *Pages) ImportPreview(c *fiber.Ctx) error {
	_, cancel := patient(c)
	defer cancel()
	v, err := p.importHere(c, page.BlankForm(c), c.Query("create") != "", c.Query("series"))
	if err != nil {
		return err
	}
	v.Page = min(max(page.ParseNumber(c.Query("page")), 1), v.Pages())
	return page.Render(c, "desk/journal_preview", v)
}

// importHere holds the table of an address against the books.
func (p *Pages) importHere(c *fiber.Ctx, f *page.Form, create bool, series string) (v importView, err error) {
	v, ctx, here := importForm(f), c.UserContext(), page.Of(c).Community.ID
	if v.books, err = p.readBooks(c); err != nil {
		return v, err
	}
	id, err := uuid.Parse(c.Params("upload"))
	if err != nil {
		return v, page.ErrNotFound
	}
	if v.Waiting, err = upload.Find(ctx, p.DB, here, upload.Journal, id, p.Now()); err != nil {
		return v, err
	}
	v.Create, v.Series, v.Page = create, line(page.Clean(series)), 1
	v.Set("series", v.Series)
	if create {
		v.Set("create", "yes")
	}
	file, unread := journalfile.Read(v.Name, v.Data)
	o := journalfile.Options{CreateAccounts: create, Series: v.Series}
	plan, unfit, err := journalfile.Prepare(ctx, p.DB, here, file, o)
	if err != nil {
		return v, err
	}
	if v.Plan, v.Problems = plan, journalfile.InOrder(slices.Concat(unread, unfit)); len(unfit) > 0 && !create {
		o.CreateAccounts = true
		_, still, err := journalfile.Prepare(ctx, p.DB, here, file, o)
		v.Creatable = len(still) < len(unfit)
		return v, err
	}
	return v, nil
}

// ImportJournal posts what the preview showed: all of it, or nothing.
func (p *Pages) ImportJournal(c *fiber.Ctx) error {
	ctx, cancel := patient(c)
	defer cancel()
	f := page.ReadForm(c)
	v, err := p.importHere(c, f, f.Bool("create"), f.Typed("series"))
	if err != nil {
		return err
	}
	if len(v.Problems) > 0 {
		return page.RenderStatus(c, fiber.StatusConflict, "desk/journal_preview", v)
	}
	var made journalfile.Done
	detail := map[string]any{"entries": len(v.Plan.New), "known": v.Plan.Known, "accounts": len(v.Plan.Accounts)}
	err = p.act(c, "journal.import", "file:"+v.Name, detail, func(tx *sqlx.Tx, who string) (err error) {
		if made, err = v.Plan.Post(ctx, tx, who); err != nil {
			return err
		}
		return upload.Drop(ctx, tx, page.Of(c).Community.ID, v.ID)
	})
	if v.Refused = importRefused(c, v.books, err); v.Refused != "" {
		return page.RenderStatus(c, fiber.StatusConflict, "desk/journal_preview", v)
	}
	if err != nil {
		return err
	}
	p.moved(c, 0)
	return importDone(c, made)
}

func importDone(c *fiber.Ctx, made journalfile.Done) error {
	if len(made.Posted) == 0 {
		return page.Done(c, "/desk/journal", "import.nothing", "count", made.Known)
	}
	return page.Done(c, "/desk/journal?kind=import", "import.done", "count", len(made.Posted), "known", made.Known,
		"first", made.Posted[0].Voucher(), "last", made.Posted[len(made.Posted)-1].Voucher())
}

// importRefused says why the books did not take a table that looked right; nothing of it was posted.
func importRefused(c *fiber.Ctx, b books, err error) string {
	if err == nil {
		return ""
	}
	if errors.Is(err, ledger.ErrDuplicateSource) || errors.Is(err, ledger.ErrExists) {
		return page.Of(c).T("import.at_once")
	}
	f := labelled(page.BlankForm(c), "journal.field", "date")
	var wrong *page.WrongFields
	if refused(c, f, err, b) && errors.As(f.Err(), &wrong) {
		return wrong.Fields[0].Text
	}
	return ""
}

// EmptyJournal is a table to be filled in.
func (p *Pages) EmptyJournal(c *fiber.Ctx) error {
	lang := string(page.Of(c).Lang)
	write, kind := journalfile.EmptyXLSX, xlsxType
	switch c.Params("name") {
	case "journal.csv":
		write, kind = journalfile.EmptyCSV, "text/csv; charset=utf-8"
	case "journal.xlsx":
	default:
		return page.ErrNotFound
	}
	var w bytes.Buffer
	if err := write(&w, lang); err != nil {
		return err
	}
	c.Attachment(page.Of(c).T("import.file") + c.Params("name")[len("journal"):])
	c.Set(fiber.HeaderContentType, kind)
	return c.Send(w.Bytes())
}

// shownEntry is an entry of the preview.
type shownEntry struct {
	ledger.Entry
	Lines []shownLine
	Sum   money.Amount
}

type shownLine struct {
	Account, Fund string
	New           bool // the account is added with the import
	Amount        money.Amount
}

// Pages is how many pages the preview has.
func (v importView) Pages() int {
	return max(1, (len(v.Plan.New)+entriesShown-1)/entriesShown)
}

// Rows counts the postings.
func (v importView) Rows() (n int) {
	for _, e := range v.Plan.New {
		n += len(e.Postings)
	}
	return n
}

// Sum is the debit side of everything.
func (v importView) Sum() (sum money.Amount) {
	for _, e := range v.Plan.New {
		sum = sum.Add(debits(e))
	}
	return sum
}

func debits(e ledger.Entry) (sum money.Amount) {
	for _, p := range e.Postings {
		if p.Amount.Sign() > 0 {
			sum = sum.Add(p.Amount)
		}
	}
	return sum
}

// Shown are the entries of the page, with the names of what they name.
func (v importView) Shown(lang string) (shown []shownEntry) {
	from := (v.Page - 1) * entriesShown
	for _, e := range v.Plan.New[from:min(from+entriesShown, len(v.Plan.New))] {
		s := shownEntry{Entry: e, Sum: debits(e)}
		for _, p := range e.Postings {
			l := shownLine{Amount: p.Amount}
			a, known := v.Chart.ID(p.Account)
			if l.New = !known; l.New {
				a, _ = ledger.Accounts(v.Plan.Accounts).ID(p.Account)
			}
			l.Account, l.Fund = a.Code+" "+a.Name(lang), v.fundAt(p.Fund).Name(lang)
			s.Lines = append(s.Lines, l)
		}
		shown = append(shown, s)
	}
	return shown
}

// To is the address of a page of the preview.
func (v importView) To(n int) string {
	q := url.Values{"page": {fmt.Sprint(n)}}
	if v.Create {
		q.Set("create", "yes")
	}
	if v.Series != "" {
		q.Set("series", v.Series)
	}
	return "?" + q.Encode()
}

// Next and Before are the pages beside this one, 0 where there is none.
func (v importView) Next() int {
	if v.Page >= v.Pages() {
		return 0
	}
	return v.Page + 1
}

// Before is the page before this one, 0 on the first.
func (v importView) Before() int { return v.Page - 1 }

// Said is a problem's sentence without its place, in the reader's language; what is an option of the command is a tick here.
func (v importView) Said(p *journalfile.Problem, lang string) string {
	return commandOption.ReplaceAllString(p.Text.In(lang), "")
}

var commandOption = regexp.MustCompile(`（--[a-z-]+）| \(--[a-z-]+\)`)
