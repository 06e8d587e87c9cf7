package report

import (
	"context"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// scope is an ask with what it names looked up.
type scope struct {
	Ask
	c        ledger.Community
	accounts ledger.Accounts
	funds    []ledger.Fund
	in       pots  // the funds it keeps to
	only     []int // the accounts it keeps to; nil for all
	of       Words // what it is narrowed to, in words
}

func readScope(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, ask Ask) (b scope, err error) {
	b = scope{Ask: ask, c: c}
	if b.accounts, err = ledger.ListAccounts(ctx, q, c.ID); err != nil {
		return b, err
	}
	if b.funds, err = ledger.ListFunds(ctx, q, c.ID); err != nil {
		return b, err
	}
	if err := b.narrowToFunds(); err != nil {
		return b, err
	}
	return b, b.narrowToAccounts()
}

func (b *scope) narrowToFunds() error {
	if b.Fund == "" && b.Nature == "" {
		return nil
	}
	b.in = pots{}
	for _, f := range b.funds {
		if (b.Fund == "" || f.Code == b.Fund) && (b.Nature == "" || f.Restricted == (b.Nature == HeldFunds)) {
			b.in = append(b.in, f.ID)
			if b.Fund != "" {
				b.of = Words{f.NameZH, f.NameEN}
			}
		}
	}
	if b.Fund == "" {
		b.of = words["nature."+b.Nature]
	} else if len(b.in) == 0 {
		return fmt.Errorf("%w: a fund %q", ledger.ErrNotFound, b.Fund)
	}
	return nil
}

// codesNamed is how many codes a heading names.
const codesNamed = 6

func (b *scope) narrowToAccounts() error {
	for _, code := range b.Accounts {
		a, ok := b.accounts.Code(code)
		if !ok {
			return fmt.Errorf("%w: an account %q", ledger.ErrNotFound, code)
		}
		b.only = append(b.only, a.ID)
		if len(b.Accounts) == 1 {
			b.of = b.of.beside(Words{a.Code + " " + a.NameZH, a.Code + " " + a.Name("en")})
		}
	}
	if n := len(b.Accounts); n > 1 {
		b.of = b.of.beside(Same(strings.Join(b.Accounts[:min(n, codesNamed)], " ") + strings.Repeat(" …", min(1, max(0, n-codesNamed)))))
	}
	if b.Class == "" {
		return nil
	}
	b.of = b.of.beside(words["class."+string(b.Class)])
	for _, a := range b.accounts {
		if a.Type == b.Class {
			b.only = append(b.only, a.ID)
		}
	}
	return nil
}

// beside joins two texts, either of which may be empty.
func (w Words) beside(v Words) Words {
	if w == (Words{}) || v == (Words{}) {
		return Words{w.ZH + v.ZH, w.EN + v.EN}
	}
	return Words{w.ZH + " · " + v.ZH, w.In("en") + " · " + v.In("en")}
}

// behind is the ask for what some accounts did in the statement's period and funds: the card of one, the balances of
// several; nil for none.
func (b scope) behind(accounts ...int) *Ask {
	ask := Ask{Name: "trial-balance", From: b.From, To: b.To, Fund: b.Fund, Nature: b.Nature}
	for _, id := range accounts {
		if a, ok := b.accounts.ID(id); ok {
			ask.Accounts = append(ask.Accounts, a.Code)
		}
	}
	switch len(ask.Accounts) {
	case 0:
		return nil
	case 1:
		ask.Name = "ledger-card"
	}
	return &ask
}

// class is the ask for the balances of all accounts of a type.
func (b scope) class(t ledger.AccountType) *Ask {
	return &Ask{Name: "trial-balance", From: b.From, To: b.To, Fund: b.Fund, Nature: b.Nature, Class: t}
}

// where is an ask for another look at the same funds and months.
func (b scope) where(name string) *Ask {
	return &Ask{Name: name, From: b.From, To: b.To, Fund: b.Fund, Nature: b.Nature}
}

// within keeps an ask to one kind of fund; nil stays nil, and what is narrowed already stays so.
func (a *Ask) within(nature string) *Ask {
	if a == nil || a.Fund != "" {
		return a
	}
	narrowed := *a
	narrowed.Nature = nature
	return &narrowed
}

// since begins the ask with the year of its last month.
func (a *Ask) since(s Span) *Ask {
	if a == nil {
		return nil
	}
	wider := *a
	wider.From = s.year()
	return &wider
}
