package search_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/search"
	"fund/migrations/pgtest"
)

// shelf is a book in a database of the test's own, and its entries as the test remembers them.
type shelf struct {
	*pgtest.Database
	id       int
	accounts ledger.Accounts
	funds    []ledger.Fund
	entries  []ledger.Entry // the entry of Seq n stands at n-1
}

func open(t testing.TB) *shelf {
	t.Helper()
	s := &shelf{Database: pgtest.DB(t)}
	s.Do(t, func(tx *sqlx.Tx) error {
		c, err := ledger.AddCommunity(t.Context(), tx, ledger.Community{
			Slug: "angong", NameZH: "安公社区", NameEN: "Angong", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai",
		})
		if err != nil {
			return err
		}
		s.id = c.ID
		for _, f := range []string{"clinic 义诊", "tea 茶馆"} {
			code, name, _ := strings.Cut(f, " ")
			if _, err := ledger.AddFund(t.Context(), tx, s.id, ledger.Fund{Code: code, NameZH: name, NameEN: code, Kind: ledger.CampaignFund}); err != nil {
				return err
			}
		}
		if s.accounts, err = ledger.ListAccounts(t.Context(), tx, s.id); err != nil {
			return err
		}
		s.funds, err = ledger.ListFunds(t.Context(), tx, s.id)
		return err
	})
	return s
}

func (s *shelf) post(t testing.TB, entries ...ledger.Entry) {
	t.Helper()
	s.Do(t, func(tx *sqlx.Tx) error {
		_, err := ledger.Post(t.Context(), tx, s.id, entries...)
		return err
	})
	s.entries = append(s.entries, entries...)
}

// advance notes all entries, in as many steps as it takes.
func (s *shelf) advance(t testing.TB) {
	t.Helper()
	for done := false; !done; {
		s.Do(t, func(tx *sqlx.Tx) (err error) {
			done, err = search.Advance(t.Context(), tx, s.id)
			return err
		})
	}
}

func (s *shelf) find(t testing.TB, a search.Ask, limit int) search.Found {
	t.Helper()
	found, err := search.Find(t.Context(), s.App, s.id, a, limit)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func (s *shelf) account(p ledger.Purpose) int {
	a, _ := s.accounts.By(p)
	return a.ID
}

var letters = []rune("灯会茶馆元宵Ａb1米")

// some is an entry that nobody could guess.
func (s *shelf) some(r *rand.Rand, n int) ledger.Entry {
	word := func(most int) string {
		w := make([]rune, 1+r.IntN(most))
		for i := range w {
			w[i] = letters[r.IntN(len(letters))]
		}
		return string(w)
	}
	from, to := s.account(ledger.Bank), s.account(ledger.ProgrammeExpense)
	if r.IntN(2) == 0 {
		from, to = s.account(ledger.DonationIncome), s.account(ledger.Bank)
	}
	amount, fund := money.FromFen(1+int64(r.IntN([]int{9, 300, 20000, 3000000}[r.IntN(4)]))), s.funds[r.IntN(len(s.funds))].ID
	return ledger.Entry{
		Date: ledger.Day(2025, 11, 1).AddDate(0, 0, n/40+r.IntN(20)), Kind: "manual", Source: fmt.Sprintf("manual:%d", n),
		Memo: word(5), Detail: word(3) + " " + word(3), PostedBy: "system",
		Postings: []ledger.Posting{ledger.Debit(to, fund, amount), ledger.Credit(from, fund, amount)},
	}
}

// fits reads an entry as a person would.
func (s *shelf) fits(n int, a search.Ask) bool {
	e := s.entries[n]
	fen := e.Postings[0].Amount.Fen()
	in := e.Postings[1].Account == s.account(ledger.DonationIncome)
	for _, word := range a.Words {
		word = search.Fold(word)
		amount, isAmount := search.ReadAmount(word)
		said := strings.Contains(search.Fold(e.Memo), word) || strings.Contains(search.Fold(e.Detail), word)
		for _, p := range e.Postings {
			of, _ := s.accounts.ID(p.Account)
			said = said || strings.Contains(of.NameZH, word) || strings.Contains(search.Fold(of.NameEN), word)
		}
		for _, f := range s.funds {
			said = said || f.ID == e.Postings[0].Fund && (strings.Contains(f.NameZH, word) || strings.Contains(search.Fold(f.NameEN), word))
		}
		said = said || isAmount && amount.Fen() == fen || word == "1" && s.number(n) == 1
		if !said {
			return false
		}
	}
	return (a.Least.IsZero() || fen >= a.Least.Fen()) && (a.Most.IsZero() || fen <= a.Most.Fen()) &&
		(a.From.IsZero() || !e.Date.Before(a.From)) && (a.To.IsZero() || !e.Date.After(a.To)) &&
		(a.Fund == 0 || a.Fund == e.Postings[0].Fund) && (a.Direction == "" || a.Direction == "in" == in)
}

// number is the entry's voucher number in its year.
func (s *shelf) number(n int) (number int) {
	for _, e := range s.entries[:n+1] {
		if e.Date.Year() == s.entries[n].Date.Year() {
			number++
		}
	}
	return number
}

func (s *shelf) ask(r *rand.Rand) (a search.Ask) {
	for range r.IntN(3) {
		w := make([]rune, 1+r.IntN(4))
		for i := range w {
			w[i] = letters[r.IntN(len(letters))]
		}
		a.Words = append(a.Words, string(w))
	}
	if r.IntN(3) == 0 {
		a.Least = money.FromFen(1 + int64(r.IntN(25000)))
		a.Most = money.FromFen(a.Least.Fen() + int64(r.IntN(3))*int64(r.IntN(900000)))
		switch r.IntN(4) {
		case 0:
			a.Least = money.Zero
		case 1:
			a.Most = money.Zero
		}
	}
	if r.IntN(3) == 0 {
		a.From = ledger.Day(2025, 11, 1).AddDate(0, 0, r.IntN(150))
		a.To = a.From.AddDate(0, 0, r.IntN(70))
	}
	if r.IntN(4) == 0 {
		a.Fund = s.funds[r.IntN(len(s.funds))].ID
	}
	a.Direction = []string{"", "", "in", "out"}[r.IntN(4)]
	return a
}

func TestFindFindsWhatAPersonWouldFind(t *testing.T) {
	t.Parallel()
	s, r := open(t), rand.New(rand.NewPCG(7, 11))
	fill := func(to int) {
		var batch []ledger.Entry
		for n := len(s.entries); n < to; n++ {
			batch = append(batch, s.some(r, n))
		}
		s.post(t, batch...)
	}
	fill(1500)
	s.advance(t)
	fill(4300) // beyond a block
	s.advance(t)
	fill(4500) // not noted
	hits := 0
	for range 200 {
		a := s.ask(r)
		if a.IsEmpty() {
			continue
		}
		var want []int64
		for n := len(s.entries) - 1; n >= 0; n-- {
			if s.fits(n, a) {
				want = append(want, int64(n+1))
			}
		}
		hits += len(want)
		var got []int64
		first := s.find(t, a, 700)
		for page := first; ; page = s.find(t, a, 700) {
			got = append(got, page.Seqs...)
			if a.Before = page.Last; !page.More {
				break
			}
		}
		a.Before = 0
		if !slices.Equal(got, want) {
			t.Fatalf("%+v: %d found, %d by hand\n%v\n%v", a, len(got), len(want), got[:min(len(got), 9)], want[:min(len(want), 9)])
		}
		if first.Count < len(want) || !first.AtMost && first.Count != len(want) {
			t.Fatalf("%+v: counts %d of %d (at most: %v)", a, first.Count, len(want), first.AtMost)
		}
	}
	if hits < 5000 {
		t.Errorf("only %d hits: the test asks for nothing that is there", hits)
	}
	if found, err := search.Check(t.Context(), s.App, s.id); err != nil || len(found) > 0 {
		t.Errorf("check: %v %v", found, err)
	}
}

func TestCheckSeesWhatIsNotNotedAsItStands(t *testing.T) {
	t.Parallel()
	s := open(t)
	r := rand.New(rand.NewPCG(1, 2))
	s.post(t, s.some(r, 1), s.some(r, 2), s.some(r, 3))
	s.advance(t)
	for _, change := range []string{
		`DELETE FROM search.term WHERE term = (SELECT min(term) FROM search.term)`,
		`UPDATE search.term SET entries = '\x0009' WHERE term = (SELECT max(term) FROM search.term)`,
		`INSERT INTO search.term SELECT community_id, block, 'tx', entries FROM search.term LIMIT 1`,
		`UPDATE search.block SET through = 2`,
		`UPDATE search.block SET first_day = first_day - 1`,
	} {
		tx := s.App.MustBeginTx(t.Context(), nil)
		tx.MustExec(change)
		found, err := search.Check(t.Context(), tx, s.id)
		if err != nil || len(found) != 1 {
			t.Errorf("%s: found %v, %v", change, found, err)
		}
		if err := tx.Rollback(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTwoServersNoteAnEntryOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	r := rand.New(rand.NewPCG(1, 2))
	s.post(t, s.some(r, 1))
	first, second := s.App.MustBeginTx(t.Context(), nil), s.App.MustBeginTx(t.Context(), nil)
	defer second.Rollback() //nolint:errcheck // it is refused
	if _, err := search.Advance(t.Context(), first, s.id); err != nil {
		t.Fatal(err)
	}
	outcome := make(chan error)
	go func() {
		_, err := search.Advance(t.Context(), second, s.id)
		outcome <- err
	}()
	for !s.Waiting(t) {
	}
	if err := first.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := <-outcome; err == nil {
		t.Error("both noted it")
	}
	behind, err := search.Behind(t.Context(), s.App)
	if err != nil || len(behind) != 0 {
		t.Errorf("behind: %v %v", behind, err)
	}
}

func TestMarkShowsWhereAWordStands(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"元宵灯会采购": "元宵[灯会]采购", "灯会灯": "[灯会灯]", "ＡＢ茶": "[ＡＢ]茶", "没有": "没有", "": "", "Tea House": "[Tea H]ouse",
	} {
		got := ""
		for _, p := range search.Mark(text, []string{"灯会", "会灯", "ab", "tea　h"}) {
			if p.Hit {
				p.Text = "[" + p.Text + "]"
			}
			got += p.Text
		}
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
