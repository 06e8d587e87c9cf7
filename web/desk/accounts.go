package desk

import (
	"errors"
	"regexp"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
	"fund/web/auth"
	"fund/web/page"
)

// accountsView is the chart of accounts with what each account holds.
type accountsView struct {
	Query  string // what is searched for
	Groups []accountGroup
	Form   *page.Form // of a new account; nil for who may not add one
	Above  []page.Option
	Opened bool // the books have opening balances
	b      books
}

type accountGroup struct {
	Type  ledger.AccountType
	Lines []accountLine
}

type accountLine struct {
	ledger.Account
	Depth   int          // 0: stands below no other
	Below   bool         // others stand below it, and count in its balance
	Balance money.Amount // on the side where the type is at home
}

// Accounts lists the chart by type with balances, and offers a new account.
func (p *Pages) Accounts(c *fiber.Ctx) error {
	f := page.BlankForm(c)
	if above := c.Query("above"); above != "" {
		f.Set("above", above)
	}
	v, err := p.accountsView(c, f)
	if err != nil {
		return err
	}
	return page.Render(c, "desk/accounts", v)
}

func (p *Pages) accountsView(c *fiber.Ctx, f *page.Form) (v accountsView, err error) {
	here, ctx := page.Of(c), c.UserContext()
	words := []rune(page.Clean(c.Query("q")))
	v.Query = string(words[:min(len(words), 40)])
	if v.b, err = p.readBooks(c); err != nil {
		return v, err
	}
	b := v.b
	opening, err := ledger.StandingOpening(ctx, p.DB, here.Community.ID)
	if err != nil {
		return v, err
	}
	v.Opened = opening != nil
	now := here.Local(p.Now())
	rows, err := ledger.Balances(ctx, p.DB, here.Community.ID, now, now)
	v.Groups = groups(b.Chart, b.found(v.Query), rows)
	if can(c, auth.ManageAccounts) {
		v.Form = labelled(f, "accounts.field", "above", "code", "name_zh", "name_en")
		for _, a := range b.Chart {
			if a.ClosedAt == nil {
				v.Above = append(v.Above, page.Option{Value: a.Code, Label: a.Code + " " + a.Name(string(here.Lang))})
			}
		}
	}
	return v, err
}

// groups puts accounts under their types, each with its own balance and those below it.
func groups(chart, shown ledger.Accounts, rows []ledger.Balance) (all []accountGroup) {
	held, parents := map[int]money.Amount{}, map[int]bool{}
	for _, row := range rows {
		a, ok := chart.ID(row.AccountID)
		for at := true; ok && at; a, at = chart.Above(a) {
			held[a.ID] = held[a.ID].Add(row.Closing())
		}
	}
	for _, a := range chart {
		if above, ok := chart.Above(a); ok {
			parents[above.ID] = true
		}
	}
	for _, kind := range ledger.AccountTypes {
		group := accountGroup{Type: kind}
		for _, a := range shown {
			if a.Type == kind {
				group.Lines = append(group.Lines, accountLine{a, depth(chart, a), parents[a.ID], kind.AtHome(held[a.ID])})
			}
		}
		all = append(all, group)
	}
	return all
}

// depth is how many accounts an account stands below.
func depth(chart ledger.Accounts, a ledger.Account) (n int) {
	for above, ok := chart.Above(a); ok; above, ok = chart.Above(above) {
		n++
	}
	return n
}

var subCode = regexp.MustCompile(`^[0-9A-Za-z]{1,6}$`)

// AddAccount adds an account below another one, of the same type.
func (p *Pages) AddAccount(c *fiber.Ctx) error {
	f := page.ReadForm(c)
	v, err := p.accountsView(c, f)
	if err != nil {
		return err
	}
	parent, _ := v.b.Chart.Code(f.Choice("above", page.Values(v.Above)))
	code := v.b.codeBelow(f, parent)
	added := ledger.Account{Code: parent.Code + code, Type: parent.Type, NameZH: f.Text("name_zh", 40), NameEN: f.Text("name_en", 60)}
	if !f.AnyWrong() {
		err = p.act(c, "account.add", "account:"+added.Code, nil, func(tx *sqlx.Tx, _ string) error {
			_, err := ledger.AddAccount(c.UserContext(), tx, page.Of(c).Community.ID, added)
			return err
		})
	}
	if errors.Is(err, ledger.ErrExists) {
		f.Wrong("code", "accounts.wrong.taken", "code", added.Code)
	}
	if f.AnyWrong() {
		return page.Again(c, "desk/accounts", v)
	}
	return done(c, err, "/desk/accounts/"+added.Code, "accounts.added", "code", added.Code)
}

// codeBelow reads what an account's code adds to its parent's: the next that is free, where nothing is typed.
func (b books) codeBelow(f *page.Form, parent ledger.Account) string {
	code := f.Text("code", 6, page.Optional)
	if code == "" {
		code = strings.TrimPrefix(b.Chart.NextCode(parent), parent.Code)
	}
	if !subCode.MatchString(code) {
		f.Wrong("code", "accounts.wrong.code")
	}
	return code
}

// done answers a verb that needs no other answer: the error, or the page to go on to.
func done(c *fiber.Ctx, err error, to, key string, pairs ...any) error {
	if err != nil {
		return err
	}
	return page.Done(c, to, key, pairs...)
}

// accountView is the card of one account.
type accountView struct {
	ledger.Account
	Year                            int
	Opening, Debit, Credit, Closing money.Amount // of this year
	Rows                            []cardRow
	Before                          int64
	More                            bool
	Form                            *page.Form // of its names; nil for who may not change them
	Next                            string     // the code of the next account below it
}

// cardRow is an entry with what it did in the account.
type cardRow struct {
	ledger.JournalEntry
	Moved money.Amount // debit positive
}

// Last is the last entry shown: the next page's key.
func (v accountView) Last() int64 { return v.Rows[len(v.Rows)-1].Seq }

// Account is the ledger card of one account: its year, and its entries, the newest first.
func (p *Pages) Account(c *fiber.Ctx) error {
	v, err := p.accountView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/account", v)
}

// accountHere is the account whose code the address names, and the chart that it stands in.
func (p *Pages) accountHere(c *fiber.Ctx) (a ledger.Account, chart ledger.Accounts, err error) {
	if chart, err = ledger.ListAccounts(c.UserContext(), p.DB, page.Of(c).Community.ID); err != nil {
		return a, chart, err
	}
	a, ok := chart.Code(c.Params("account"))
	if !ok {
		return a, chart, page.ErrNotFound
	}
	return a, chart, nil
}

func (p *Pages) accountView(c *fiber.Ctx, f *page.Form) (v accountView, err error) {
	var chart ledger.Accounts
	if v.Account, chart, err = p.accountHere(c); err != nil {
		return v, err
	}
	id, ctx, now := page.Of(c).Community.ID, c.UserContext(), page.Of(c).Local(p.Now())
	v.Year, v.Next = now.Year(), chart.NextCode(v.Account)
	rows, err := ledger.Balances(ctx, p.DB, id, ledger.Day(v.Year, time.January, 1), now)
	if err != nil {
		return v, err
	}
	for _, row := range rows {
		if row.AccountID == v.ID {
			v.Opening, v.Debit, v.Credit = v.Opening.Add(row.Opening), v.Debit.Add(row.Debit), v.Credit.Add(row.Credit)
		}
	}
	v.Closing = v.Opening.Add(v.Debit).Sub(v.Credit)
	if can(c, auth.ManageAccounts) {
		if f.Typed("name_zh") == "" && !f.AnyWrong() {
			f.Set("name_zh", v.NameZH).Set("name_en", v.NameEN)
		}
		v.Form = labelled(f, "accounts.field", "name_zh", "name_en")
	}
	return v, p.cardRows(c, &v)
}

func (p *Pages) cardRows(c *fiber.Ctx, v *accountView) error {
	id, ctx := page.Of(c).Community.ID, c.UserContext()
	v.Before = page.Before(c)
	entries, err := ledger.Journal(ctx, p.DB, id, ledger.JournalFilter{Accounts: []int{v.ID}, Before: v.Before}, rowsMax+1)
	if err != nil {
		return err
	}
	if v.More = len(entries) > rowsMax; v.More {
		entries = entries[:rowsMax]
	}
	moves, err := ledger.Moves(ctx, p.DB, id, entries, []int{v.ID}, 0)
	for _, e := range entries {
		v.Rows = append(v.Rows, cardRow{e, moves[e.Seq]})
	}
	return err
}

// RenameAccount changes an account's names; its code never changes.
func (p *Pages) RenameAccount(c *fiber.Ctx) error {
	f := page.ReadForm(c)
	v, err := p.accountView(c, f)
	if err != nil {
		return err
	}
	zh, en := f.Text("name_zh", 40), f.Text("name_en", 60)
	if f.AnyWrong() {
		return page.Again(c, "desk/account", v)
	}
	err = p.act(c, "account.rename", "account:"+v.Code, nil, func(tx *sqlx.Tx, _ string) error {
		return ledger.RenameAccount(c.UserContext(), tx, page.Of(c).Community.ID, v.ID, zh, en)
	})
	p.moved(c, 0)
	return done(c, err, "/desk/accounts/"+v.Code, "accounts.renamed", "code", v.Code)
}

// CloseAccount lets no more postings into an account.
func (p *Pages) CloseAccount(c *fiber.Ctx) error {
	a, _, err := p.accountHere(c)
	if err != nil {
		return err
	}
	err = p.act(c, "account.close", "account:"+a.Code, nil, func(tx *sqlx.Tx, _ string) error {
		return ledger.CloseAccount(c.UserContext(), tx, page.Of(c).Community.ID, a.ID)
	})
	return done(c, err, "/desk/accounts/"+a.Code, "accounts.closed", "code", a.Code)
}

// ReopenAccount lets postings into an account again.
func (p *Pages) ReopenAccount(c *fiber.Ctx) error {
	a, _, err := p.accountHere(c)
	if err != nil {
		return err
	}
	err = p.act(c, "account.reopen", "account:"+a.Code, nil, func(tx *sqlx.Tx, _ string) error {
		return ledger.ReopenAccount(c.UserContext(), tx, page.Of(c).Community.ID, a.ID)
	})
	return done(c, err, "/desk/accounts/"+a.Code, "accounts.reopened", "code", a.Code)
}
