package desk

import (
	"errors"
	"io"
	"mime/multipart"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/reconcile"
	"fund/ledger/statement"
	"fund/ledger/upload"
	"fund/web/page"
)

// The largest statement, and the form around it.
const (
	statementMax     = 50 << 20
	StatementBodyMax = statementMax + 64<<10
)

// previewRows is how many lines of a statement the preview shows.
const previewRows = 12

// UploadStatement keeps a file for an hour and shows what is in it. Nothing is imported yet.
func (p *Pages) UploadStatement(c *fiber.Ctx) error {
	ctx, cancel := patient(c)
	defer cancel()
	v, err := p.reconcileHome(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	code, file := v.Choice("account", page.Values(v.Options)), v.File(c, "file")
	if file != nil && file.Size > statementMax {
		v.Wrong("file", "statement.wrong.large", "max", statementMax>>20)
	}
	if v.AnyWrong() {
		return page.Again(c, "desk/reconcile", v)
	}
	u, err := uploaded(file, p.Now())
	if err != nil {
		return err
	}
	u.Purpose, u.About = upload.Statement, v.Accounts[slices.IndexFunc(v.Accounts, func(a reconcile.Standing) bool { return a.Code == code })].ID
	err = p.act(c, "statement.upload", "account:"+code, map[string]any{"file": u.Name}, func(tx *sqlx.Tx, who string) (err error) {
		u.By = who
		u, err = upload.Keep(ctx, tx, page.Of(c).Community.ID, u)
		return err
	})
	if err != nil {
		return err
	}
	return c.Redirect(page.Of(c).URL(reconcileHome+"/statements/"+u.ID.String()), fiber.StatusSeeOther)
}

// uploaded takes a file out of its form.
func uploaded(file *multipart.FileHeader, at time.Time) (u upload.Waiting, err error) {
	opened, err := file.Open()
	if err != nil {
		return u, err
	}
	defer opened.Close()
	u = upload.Waiting{Name: line(page.Clean(file.Filename)), At: at}
	u.Data, err = io.ReadAll(opened)
	return u, err
}

// statementView is a file and what is in it.
type statementView struct {
	upload.Waiting
	Account  ledger.Account
	Accounts []page.Option
	Form     *page.Form
	Parts    []statementPart
	Broken   *statement.Error // why the file cannot be read whole
	Unknown  bool
	Table    bool // its columns can be told
	Fresh    int

	currency string // of the books
}

// statementPart is one statement of a file.
type statementPart struct {
	statement.Statement
	N          int
	Kind, Bank string
	First, End *time.Time
	In, Out    money.Amount
	Fresh      int
	Rows       []statementRow
	Rest       int    // rows that are not shown
	Other      string // the account as the last file named it, where that was another
	Foreign    bool
	Field      page.Field // where it goes
}

type statementRow struct {
	statement.Line
	Known bool
}

// Said is a warning in the reader's language.
func (v statementView) Said(w statement.Warning, lang string) string { return w.In(lang) }

// BrokenText is why the file is refused, with row and column, in the reader's language.
func (v statementView) BrokenText(lang string) string { return v.Broken.In(lang) }

// Statement shows what is in a file before it is imported.
func (p *Pages) Statement(c *fiber.Ctx) error {
	_, cancel := patient(c)
	defer cancel()
	v, err := p.statementHere(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/statement", v)
}

// statementHere reads the file of an address again.
func (p *Pages) statementHere(c *fiber.Ctx, f *page.Form) (v statementView, err error) {
	id, err := uuid.Parse(c.Params("upload"))
	if err != nil {
		return v, page.ErrNotFound
	}
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	v.Form = f
	if v.Waiting, err = upload.Find(ctx, p.DB, here, upload.Statement, id, p.Now()); err != nil {
		return v, err
	}
	community, err := p.community(c)
	if err != nil {
		return v, err
	}
	v.currency = community.Currency
	home, err := p.reconcileHome(c, page.BlankForm(c))
	if err != nil {
		return v, err
	}
	for _, a := range home.Accounts {
		if a.ID == v.About {
			v.Account = a.Account
		}
	}
	v.Accounts = append(home.Options, page.Option{Value: "none", Label: page.Of(c).T("statement.leave_out")})
	var profile *statement.Profile
	switch saved, err := reconcile.FindProfile(ctx, p.DB, here, v.About); {
	case err == nil:
		profile = &saved
	case !errors.Is(err, reconcile.ErrNotFound):
		return v, err
	}
	_, err = statement.Look(v.Name, v.Data)
	v.Table = err == nil
	found, err := reconcile.Read(v.Name, v.Data, profile)
	if errors.As(err, &v.Broken) {
		v.Unknown = errors.Is(err, statement.ErrUnknown)
		return v, nil
	}
	if err != nil {
		return v, err
	}
	return v, p.readParts(c, &v, found)
}

// readParts makes the statements of a file ready to be looked at.
func (p *Pages) readParts(c *fiber.Ctx, v *statementView, found []statement.Statement) error {
	earlier, err := reconcile.ListImported(c.UserContext(), p.DB, page.Of(c).Community.ID, v.About)
	if err != nil {
		return err
	}
	for i, s := range found {
		part := statementPart{Statement: s, N: i + 1, Kind: word(c, "statement.format", s.Format), Bank: word(c, "statement.bank", s.Layout)}
		if part.Bank == s.Layout {
			part.Bank = ""
		}
		known, err := reconcile.Known(c.UserContext(), p.DB, page.Of(c).Community.ID, v.About, s)
		if err != nil {
			return err
		}
		part.Foreign = s.Currency != "" && s.Currency != v.currency
		if err := part.add(known); err != nil {
			return err
		}
		if at := slices.IndexFunc(earlier, func(z reconcile.Imported) bool { return z.Label != "" }); at >= 0 && s.Account != "" && earlier[at].Label != s.Account {
			part.Other = earlier[at].Label
		}
		field := "to-" + strconv.Itoa(part.N)
		v.Form.Label(field, "statement.field.to")
		if v.Form.Typed(field) == "" {
			v.Form.Set(field, v.Account.Code)
		}
		part.Field = v.Form.Field(field)
		v.Parts, v.Fresh = append(v.Parts, part), v.Fresh+part.Fresh
	}
	return nil
}

// add counts the lines, and shows the first of them.
func (s *statementPart) add(known map[statement.Key]bool) error {
	err := s.Marks(func(m statement.Mark) error {
		if !known[m.Key] {
			s.Fresh++
		}
		if m.Amount.Sign() > 0 {
			s.In = s.In.Add(m.Amount)
		} else {
			s.Out = s.Out.Sub(m.Amount)
		}
		if s.First == nil || m.Date.Before(*s.First) {
			s.First = &m.Date
		}
		if s.End == nil || m.Date.After(*s.End) {
			s.End = &m.Date
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = s.Each(func(l *statement.Line) error {
		if len(s.Rows) == previewRows {
			return errEnough
		}
		s.Rows = append(s.Rows, statementRow{*l, known[l.Key]})
		return nil
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	s.Rest = s.Count - len(s.Rows)
	return err
}

// errEnough stops reading where a page shows no more.
var errEnough = errors.New("desk: enough lines")

// ImportStatement imports what the preview showed: all of it, or nothing.
func (p *Pages) ImportStatement(c *fiber.Ctx) error {
	_, cancel := patient(c)
	defer cancel()
	v, err := p.statementHere(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	if v.Broken != nil {
		return page.Again(c, "desk/statement", v)
	}
	imported, err := p.importParts(c, v)
	switch {
	case errors.Is(err, reconcile.ErrCurrency):
		v.Form.Wrong("to-1", "statement.wrong.currency")
	case errors.Is(err, reconcile.ErrNoDay):
		v.Form.Wrong("to-1", "statement.wrong.no_day")
	case errors.Is(err, reconcile.ErrCompleted):
		v.Form.Wrong("to-1", "statement.wrong.completed")
	case errors.Is(err, reconcile.ErrEmpty):
		v.Form.Wrong("to-1", "statement.wrong.nowhere")
	case err != nil:
		return err
	}
	if v.Form.AnyWrong() {
		return page.Again(c, "desk/statement", v)
	}
	return page.Done(c, reconcileHome+"/"+imported.account, "statement.imported", "count", imported.fresh, "known", imported.lines-imported.fresh)
}

// imported is what an import brought.
type imported struct {
	account      string // where most people go on
	fresh, lines int
}

func (p *Pages) importParts(c *fiber.Ctx, v statementView) (done imported, err error) {
	community, err := p.community(c)
	if err != nil {
		return done, err
	}
	chart, err := ledger.ListAccounts(c.UserContext(), p.DB, community.ID)
	if err != nil {
		return done, err
	}
	detail := map[string]any{"file": v.Name}
	err = p.act(c, "statement.import", "account:"+v.Account.Code, detail, func(tx *sqlx.Tx, who string) error {
		for _, part := range v.Parts {
			to := v.Form.Choice("to-"+strconv.Itoa(part.N), page.Values(v.Accounts))
			into, ok := chart.Code(to)
			if !ok {
				continue
			}
			z, err := reconcile.Import(c.UserContext(), tx, community, into.ID, v.Name, v.Digest(), part.Statement, who)
			if err != nil {
				return err
			}
			done.account, done.fresh, done.lines = into.Code, done.fresh+z.Fresh, done.lines+z.Lines
		}
		if done.account == "" {
			return reconcile.ErrEmpty
		}
		detail["lines"] = done.fresh
		return upload.Drop(c.UserContext(), tx, community.ID, v.ID)
	})
	return done, err
}
