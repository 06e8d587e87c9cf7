package journalfile

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// Options say how a file is taken.
type Options struct {
	CreateAccounts bool   // accounts that the books lack are added
	Series         string // tells apart files that number their entries alike
}

// Plan is what a file would do to the books.
type Plan struct {
	New      []ledger.Entry   // to post, in the file's order
	Known    int              // posted by an earlier import, with the same content
	Accounts []ledger.Account // to add first, with the ids that New knows them by

	community int
	problems  bool // somewhere in the file: it posts nothing
}

// ErrProblems is returned for a file that has to be mended first.
var ErrProblems = errors.New("journalfile: a file with problems is not posted")

// Prepare holds a file against the books: it finds accounts and funds, leaves
// out what is posted already, and says what must be mended. Nothing is written.
func Prepare(ctx context.Context, q sqlx.QueryerContext, community int, f File, o Options) (plan Plan, problems []*Problem, err error) {
	p := preparing{ctx: ctx, q: q, community: community, Options: o, plan: Plan{community: community}}
	if p.accounts, err = ledger.ListAccounts(ctx, q, community); err != nil {
		return plan, nil, err
	}
	if p.funds, err = ledger.ListFunds(ctx, q, community); err != nil {
		return plan, nil, err
	}
	months, err := ledger.ListPeriods(ctx, q, community)
	if err != nil {
		return plan, nil, err
	}
	p.closed = map[time.Time]bool{}
	for _, m := range months {
		p.closed[m.Month.UTC()] = m.ClosedAt != nil
	}
	sources := make([]string, len(f.Entries))
	for i, e := range f.Entries {
		sources[i] = source(o.Series, e)
	}
	if p.known, err = ledger.KnownSources(ctx, q, community, sources); err != nil {
		return plan, nil, err
	}
	for _, e := range f.Entries {
		if err := p.take(e); err != nil {
			return plan, nil, err
		}
	}
	for _, problem := range p.problems {
		problem.File = f.Name
	}
	p.plan.problems = f.unread || len(p.problems) > 0
	return p.plan, InOrder(p.problems), nil
}

type preparing struct {
	Options
	ctx       context.Context
	q         sqlx.QueryerContext
	community int
	accounts  ledger.Accounts
	funds     []ledger.Fund
	closed    map[time.Time]bool
	known     map[string]bool // sources that are posted
	plan      Plan
	problems  []*Problem
}

// take puts an entry into the plan, or says what keeps it out. One that could not be read whole is looked at too, so that
// a table is mended in one go.
func (p *preparing) take(e Entry) error {
	before := len(p.problems)
	entry := ledger.Entry{Date: e.Date, Kind: "import", Source: source(p.Series, e), Memo: clip(e.Memo), Detail: clip(strings.TrimSpace(p.Series + " " + e.Number))}
	for _, l := range e.Lines {
		entry.Postings = append(entry.Postings, ledger.Posting{Account: p.account(l, e.cols), Fund: p.fund(l, e.cols), Amount: l.Amount})
	}
	if e.broken {
		return nil
	}
	if p.balanced(e, entry); len(p.problems) > before {
		return nil
	}
	same, found, err := p.posted(entry)
	switch {
	case err != nil:
		return err
	case found && same:
		p.plan.Known++
		return nil
	case found:
		p.problems = append(p.problems, e.row.Fail(e.cols.entry,
			"%s 的凭证 %s 导入过，内容却不一样。要改账，请红冲原凭证再记一张；两套凭证号一样，给这一套起个名字（--series）",
			"entry %[2]s of %[1]s was imported before, with another content. To correct it, reverse the old one and post anew; to tell two series of numbers apart, name this one (--series)",
			e.Date.Format("2006-01"), e.Number))
		return nil
	case p.closed[ledger.MonthOf(e.Date)]:
		p.problems = append(p.problems, e.row.Fail(e.cols.date, "%s 已经结账：先重新打开这个月，或者改日期", "%s is closed: reopen the month first, or change the date", e.Date.Format("2006-01")))
		return nil
	}
	p.plan.New = append(p.plan.New, entry)
	return nil
}

// balanced makes sure that an entry agrees in every fund by itself.
func (p *preparing) balanced(e Entry, entry ledger.Entry) {
	rest := map[int]money.Amount{}
	for _, posting := range entry.Postings {
		rest[posting.Fund] = rest[posting.Fund].Add(posting.Amount)
	}
	_, lost := rest[0] // in a fund that there is not, which is said already
	for i, posting := range entry.Postings {
		if off := rest[posting.Fund]; !lost && !off.IsZero() {
			p.problems = append(p.problems, e.Lines[i].row.Fail(e.cols.fund, "凭证 %s 在这种资金里借贷不平，差 %s：每种资金各自要平，转资金要写成两对",
				"entry %s does not balance in this fund, by %s: each fund balances by itself; a transfer has a debit and a credit in both", e.Number, off.Abs().Format()))
			return
		}
	}
}

// source is the entry's idempotency key: its series, month and number.
func source(series string, e Entry) string {
	sum := sha256.Sum256([]byte(series + "\x1f" + e.key()))
	return fmt.Sprintf("import:%x", sum[:16])
}

// posted tells whether the entry was imported before, and whether it was the same.
func (p *preparing) posted(entry ledger.Entry) (same, found bool, err error) {
	if !p.known[entry.Source] {
		return false, false, nil
	}
	old, err := ledger.EntryOf(p.ctx, p.q, p.community, entry.Source)
	if err != nil {
		return false, false, err
	}
	lines, err := ledger.Lines(p.ctx, p.q, p.community, old.Seq)
	if err != nil {
		return false, false, err
	}
	same = len(lines) == len(entry.Postings) && old.Date.Equal(entry.Date) && old.Memo == entry.Memo
	for i := 0; same && i < len(lines); i++ {
		want := entry.Postings[i]
		same = lines[i].AccountID == want.Account && lines[i].FundID == want.Fund && lines[i].Amount.Equal(want.Amount)
	}
	return same, true, nil
}

var codeFirst = regexp.MustCompile(`^([0-9][0-9A-Za-z.-]{0,19})(?:[\s_\-/、]+(.*))?$`)

// account finds the account that a line names, or plans it.
func (p *preparing) account(l Line, cols columns) int {
	code, name := "", l.Account
	if parts := codeFirst.FindStringSubmatch(l.Account); parts != nil {
		code, name = parts[1], parts[2]
	}
	if l.Name != "" {
		name = l.Name
	}
	for _, a := range slices.Concat(p.accounts, p.plan.Accounts) {
		if code != "" && a.Code == code || code == "" && (a.NameZH == name || strings.EqualFold(a.NameEN, name)) {
			if a.ClosedAt != nil {
				p.problems = append(p.problems, l.row.Fail(cols.account, "科目 %s %s 已停用：在“科目”页重新启用，或换一个科目", "account %s %s is closed: reopen it under Accounts, or name another", a.Code, a.NameZH))
			}
			return a.ID
		}
	}
	a, ok := p.planned(code, name)
	switch {
	case p.CreateAccounts && ok:
		p.plan.Accounts = append(p.plan.Accounts, a)
		return a.ID
	case p.CreateAccounts:
		p.problems = append(p.problems, l.row.Fail(max(cols.account, cols.accountName), "没有这个科目，也看不出它是哪一类：写代码，例如 100205（1 资产 2 负债 3 净资产 4 收入 5 费用）", "there is no such account, and no telling its type: write a code, such as 100205 (1 assets, 2 liabilities, 3 net assets, 4 income, 5 expenses)"))
	default:
		p.problems = append(p.problems, l.row.Fail(max(cols.account, cols.accountName), "没有这个科目：先在“科目”页添加，或者让导入时自动添加（--create-accounts）", "there is no such account: add it under Accounts first, or let the import add it (--create-accounts)"))
	}
	return 0
}

// planned is the account of a code: its first figure says its type, and it goes
// by its code where the file gives no name.
func (p *preparing) planned(code, name string) (ledger.Account, bool) {
	types := map[byte]ledger.AccountType{'1': ledger.Asset, '2': ledger.Liability, '3': ledger.NetAssets, '4': ledger.Income, '5': ledger.Expense}
	if code == "" || types[code[0]] == "" {
		return ledger.Account{}, false
	}
	if name == "" {
		name = code
	}
	last := 0
	for _, a := range p.accounts {
		last = max(last, a.ID)
	}
	return ledger.Account{ID: last + len(p.plan.Accounts) + 1, Code: code, NameZH: name, NameEN: name, Type: types[code[0]]}, true
}

// fund finds the fund that a line names; no name means the general fund.
func (p *preparing) fund(l Line, cols columns) int {
	if l.Fund == "" {
		return ledger.GeneralFundID
	}
	for _, f := range p.funds {
		if f.Code == l.Fund || f.NameZH == l.Fund || strings.EqualFold(f.NameEN, l.Fund) || strings.HasPrefix(l.Fund, f.Code+" ") {
			if f.ClosedAt != nil {
				p.problems = append(p.problems, l.row.Fail(cols.fund, "资金 %s 已停用：重新启用，或换一个", "fund %s is closed: reopen it, or name another", f.Code))
			}
			return f.ID
		}
	}
	p.problems = append(p.problems, l.row.Fail(cols.fund, "没有这种资金：先在“资金用途”页添加，或者留空（记到通用款）", "there is no such fund: add it under Funds first, or leave the cell empty for the general fund"))
	return 0
}

// Done is what an import did.
type Done struct {
	Posted   []ledger.Posted
	Known    int
	Accounts []ledger.Account
}

// Post adds the accounts and posts the entries, all or none, in the caller's
// transaction; ErrProblems if Read or Prepare had any to tell. What only the database refuses (a restricted fund that would fall
// below zero) comes back as an error of ledger.
func (plan Plan) Post(ctx context.Context, tx *sqlx.Tx, who string) (done Done, err error) {
	if plan.problems {
		return done, ErrProblems
	}
	done.Known = plan.Known
	added := map[int]int{}
	for _, a := range plan.Accounts {
		planned := a.ID
		if a, err = ledger.AddAccount(ctx, tx, plan.community, a); err != nil {
			return done, err
		}
		added[planned] = a.ID
		done.Accounts = append(done.Accounts, a)
	}
	for batch := range slices.Chunk(plan.New, 1000) {
		for i := range batch {
			batch[i].PostedBy = who
			for n := range batch[i].Postings {
				if id, ok := added[batch[i].Postings[n].Account]; ok {
					batch[i].Postings[n].Account = id
				}
			}
		}
		posted, err := ledger.Post(ctx, tx, plan.community, batch...)
		if err != nil {
			return done, err
		}
		done.Posted = append(done.Posted, posted...)
	}
	return done, nil
}

// clip makes a text one that a memo may hold.
func clip(s string) string {
	runes := slices.DeleteFunc([]rune(s), func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 })
	return strings.TrimSpace(string(runes[:min(len(runes), 200)]))
}
