package search

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
)

// conditions works out what the ask wants of an entry.
func (f *finding) conditions() error {
	a := f.ask
	var named names
	if len(a.Words) > 0 {
		var err error
		if named.accounts, err = ledger.ListAccounts(f, f.q, f.community); err != nil {
			return err
		}
		if named.funds, err = ledger.ListFunds(f, f.q, f.community); err != nil {
			return err
		}
	}
	for _, word := range a.Words {
		c, err := f.word(Fold(word), named)
		if err != nil {
			return err
		}
		f.asked = append(f.asked, c)
	}
	if !a.Least.IsZero() || !a.Most.IsZero() {
		f.asked = append(f.asked, between(a.Least, a.Most))
	}
	if a.Fund != 0 {
		f.asked = append(f.asked, condition{sure: []string{fundTerm(a.Fund)}})
	}
	if len(a.Accounts) > 0 {
		var c condition
		for _, id := range a.Accounts {
			c.sure = append(c.sure, accountTerm(id))
		}
		f.asked = append(f.asked, c)
	}
	switch a.Direction {
	case "in":
		f.asked = append(f.asked, condition{sure: []string{inTerm}})
	case "out":
		f.asked = append(f.asked, condition{sure: []string{outTerm}})
	}
	for _, c := range f.asked {
		f.terms = append(append(append(f.terms, c.sure...), c.all...), c.maybe...)
	}
	return nil
}

// between is having an amount from least to most; most zero: to any.
func between(least, most money.Amount) condition {
	from, to := max(least.Fen(), 1), most.Fen()
	if to == 0 {
		to = math.MaxInt64 / 100
	}
	c := condition{fits: func(e noted) bool {
		for _, fen := range e.amounts() {
			if from <= fen && fen <= to {
				return true
			}
		}
		return false
	}}
	if from <= to {
		c.sure, c.maybe = amountTerms(from, to)
	}
	return c
}

// ReadAmount reads a word as an amount, as people write it: 1,234.50, ¥66, 66 元.
func ReadAmount(word string) (amount money.Amount, ok bool) {
	plain := strings.TrimSuffix(strings.TrimPrefix(strings.ReplaceAll(Fold(word), ",", ""), "¥"), "元")
	amount, err := money.Parse(strings.TrimSpace(plain))
	return amount, err == nil && !amount.IsZero()
}

// ReadDay reads a word as a day, as people write it: 2017-05-01, 2017/5/1, 2017.5.1, 2017年5月1日; or, with 月 at its end, as a
// month, of which it gives the first day.
func ReadDay(word string) (day time.Time, month, ok bool) {
	word = Fold(word)
	for _, layout := range []string{"2006-1-2", "2006/1/2", "2006.1.2", "2006年1月2日", "2006年1月2号"} {
		if day, err := time.Parse(layout, word); err == nil {
			return day, false, true
		}
	}
	day, err := time.Parse("2006年1月", word)
	return day, true, err == nil
}

// word is having a folded word in what the entry says, or being it.
func (f *finding) word(word string, named names) (c condition, err error) {
	if amount, ok := ReadAmount(word); ok {
		c.sure = append(c.sure, exactTerm(amount.Fen()))
	}
	if number, err := strconv.ParseInt(word, 10, 32); err == nil {
		if c.seqs, err = numbered(f, number); err != nil {
			return c, err
		}
	}
	if day, month, ok := ReadDay(word); ok && month {
		c.sure = append(c.sure, monthTerm(day))
	} else if ok {
		c.sure = append(c.sure, dayTerm(day))
	}
	c.all, c.exact = wordTerms(word)
	c.fits = func(e noted) bool {
		texts := e.texts()
		return strings.Contains(texts[0], word) || strings.Contains(texts[1], word)
	}
	c.sure = append(c.sure, named.terms(word)...)
	if f.ask.Named != nil {
		for _, id := range f.ask.Named(word) {
			c.sure = append(c.sure, fundTerm(id))
		}
	}
	return c, nil
}

// numbered are the entries of any year with a voucher number.
func numbered(f *finding, number int64) (seqs []int64, err error) {
	err = sqlx.SelectContext(f, f.q, &seqs, `
		SELECT e.seq FROM ledger.book_year y JOIN ledger.journal_entry e ON e.community_id = y.community_id AND e.year = y.year AND e.number = $2
		 WHERE y.community_id = $1`, f.community, number)
	return seqs, err
}

// names are the accounts and funds that a word may name.
type names struct {
	accounts ledger.Accounts
	funds    []ledger.Fund
}

// terms are those of the accounts and funds whose name has the folded word, or whose code is it.
func (n names) terms(word string) (terms []string) {
	for _, a := range n.accounts {
		if a.Code == word || strings.Contains(Fold(a.NameZH), word) || strings.Contains(Fold(a.NameEN), word) {
			terms = append(terms, accountTerm(a.ID))
		}
	}
	for _, x := range n.funds {
		if x.Code == word || strings.Contains(Fold(x.NameZH), word) || strings.Contains(Fold(x.NameEN), word) {
			terms = append(terms, fundTerm(x.ID))
		}
	}
	return terms
}
