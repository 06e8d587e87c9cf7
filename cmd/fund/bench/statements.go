package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/budget"
	"fund/ledger/money"
	"fund/ledger/report"
	"fund/web/auth"
)

// StatementOptions say how large the books become and how often each statement is asked for.
type StatementOptions struct {
	Postings int // of the second measurement
	Times    int // each; the median counts
}

// Statements measures how long somebody at the desk waits for each statement, over HTTP, one after the other: first with
// books of 1,000 postings, then with many.
func Statements(ctx context.Context, out io.Writer, o StatementOptions) (err error) {
	r, err := build(ctx, "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	f, err := r.newFiller(ctx)
	if err != nil {
		return err
	}
	if err := r.serve(ctx); err != nil {
		return err
	}
	cookie, err := r.auditor(ctx)
	if err != nil {
		return err
	}
	var before []waited
	for _, postings := range []int{few, o.Postings} {
		if err := f.fill(ctx, postings); err != nil {
			return err
		}
		if err := f.plan(ctx); err != nil {
			return err
		}
		if err := f.addUp(ctx); err != nil {
			return err
		}
		now, err := f.waits(ctx, cookie, o.Times)
		if err != nil {
			return err
		}
		if before == nil {
			before = now
			continue
		}
		table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintf(table, "statement\t%d postings\t%d postings\tratio\tlongest\t\n", few, o.Postings)
		for i, w := range now {
			fmt.Fprintf(table, "%s\t%v\t%v\t%.1f\t%v\t\n", w.name, tenths(before[i].median()), tenths(w.median()),
				float64(w.median())/float64(before[i].median()), tenths(w.took[len(w.took)-1]))
		}
		if err := table.Flush(); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "server memory at most %d MB\n", r.peakMemory())
	return nil
}

func tenths(d time.Duration) time.Duration { return d.Round(100 * time.Microsecond) }

// waited is how long a statement took, sorted.
type waited struct {
	name string
	took []time.Duration
}

func (w waited) median() time.Duration { return w.took[len(w.took)/2] }

// auditor is the cookie of somebody who may read the books.
func (r *rig) auditor(ctx context.Context) (*http.Cookie, error) {
	gate, by := auth.NewGate(auth.DefaultPolicy), auth.By{Operator: true, Community: r.community.ID}
	const login, password = "bench.auditor", "the-books-are-open"
	user, err := gate.AddUser(ctx, r.owner, by, auth.NewUser{Login: login, Name: "Auditor", Password: password, OwnPassword: true})
	if err != nil {
		return nil, err
	}
	if err := r.inTx(ctx, func(tx *sqlx.Tx) error { return gate.Grant(ctx, tx, by, user.ID, auth.Auditor) }); err != nil {
		return nil, err
	}
	s, err := gate.LogIn(ctx, r.owner, login, password, "", auth.From{Address: "127.0.0.1"})
	return &http.Cookie{Name: "fund_session", Value: s.Token}, err
}

// plan gives every campaign's fund a budget of this year, once.
func (f *filler) plan(ctx context.Context) error {
	expense, err := f.book.Account(ledger.ProgrammeExpense)
	if err != nil {
		return err
	}
	year := f.community.Day(time.Now()).Year()
	return f.inTx(ctx, func(tx *sqlx.Tx) error {
		for _, c := range f.campaigns {
			held, err := budget.Current(ctx, tx, f.community.ID, c.FundID, year)
			if err != nil || held.Number > 0 {
				return err
			}
			held.Why, held.By, held.Lines = "bench", "system", []budget.Line{{Account: expense, Amount: money.MustParse("100000")}}
			if _, err := budget.Save(ctx, tx, f.community.ID, held); err != nil {
				return err
			}
		}
		return nil
	})
}

// addUp does what the server does every five minutes.
func (f *filler) addUp(ctx context.Context) (err error) {
	for done := false; !done && err == nil; {
		err = f.inTx(ctx, func(tx *sqlx.Tx) (err error) {
			done, err = report.Advance(ctx, tx, f.community)
			return err
		})
	}
	return err
}

// statements are what is asked for: of all months, of a year, of a month.
func (f *filler) statements(ctx context.Context) (all []shown, err error) {
	today := f.community.Day(time.Now())
	month, year := today.AddDate(0, -fillMonths/2, 0).Format("2006-01"), today.AddDate(-1, 0, 0).Format("2006")
	begin, end := today.AddDate(0, -fillMonths, 0).Format("2006-01"), today.Format("2006-01")
	spans := []struct{ name, query string }{
		{"a month", "?from=" + month + "&to=" + month}, {"a year", "?from=" + year + "&to=" + year}, {"all", "?from=" + begin + "&to=" + end},
	}
	for _, name := range []string{"trial-balance", "balance-sheet", "activity", "cash-flow", "funds", "budget"} {
		for _, s := range spans {
			address := "/desk/statements/" + name + s.query
			all = append(all, shown{name + ", " + s.name, func() string { return address }})
		}
	}
	var middle struct {
		Seq  int64     `db:"seq"`
		Date time.Time `db:"entry_date"`
	}
	err = f.owner.GetContext(ctx, &middle, `SELECT seq, entry_date FROM ledger.journal_entry WHERE community_id = $1 AND seq = $2`, f.community.ID, f.entries/2)
	if err != nil {
		return nil, err
	}
	deep := fmt.Sprintf("&after=%s.%d.1", middle.Date.Format(time.DateOnly), middle.Seq)
	accounts, err := ledger.ListAccounts(ctx, f.owner, f.community.ID)
	if err != nil {
		return nil, err
	}
	busy, _ := accounts.By(ledger.Clearing("sandbox"))
	quiet, _ := accounts.By(ledger.SubsidyIncome)
	for _, card := range []struct{ name, query string }{
		{"busy", spans[2].query + "&account=" + busy.Code},
		{"busy, deep", spans[2].query + "&account=" + busy.Code + deep},
		{"busy, a fund", spans[2].query + "&account=" + busy.Code + "&fund=campaign-3"},
		{"busy, ten days", "?from=" + month + "-05&to=" + month + "-14&account=" + busy.Code},
		{"quiet", spans[2].query + "&account=" + quiet.Code},
		{"quiet, deep", spans[2].query + "&account=" + quiet.Code + deep},
	} {
		all = append(all, shown{"ledger-card, " + card.name, func() string { return "/desk/statements/ledger-card" + card.query }})
	}
	return append(all, shown{"the index", func() string { return "/desk/statements" + spans[2].query }}), nil
}

// waits asks for each statement some times, after once to warm up.
func (f *filler) waits(ctx context.Context, cookie *http.Cookie, times int) (all []waited, err error) {
	statements, err := f.statements(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range statements {
		w := waited{name: s.name}
		for n := range times + 1 {
			took, err := f.ask(ctx, cookie, s.address())
			if err != nil {
				return nil, err
			}
			if n > 0 {
				w.took = append(w.took, took)
			}
		}
		slices.Sort(w.took)
		all = append(all, w)
	}
	return all, nil
}

func (r *rig) ask(ctx context.Context, cookie *http.Cookie, address string) (time.Duration, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url+"/c/"+r.community.Slug+address, nil)
	if err != nil {
		return 0, err
	}
	request.AddCookie(cookie)
	began := time.Now()
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return 0, err
	}
	if answer.StatusCode != http.StatusOK || answer.Request.URL.Path == "/login" {
		return 0, fmt.Errorf("bench: %s answered %d at %s", address, answer.StatusCode, answer.Request.URL.Path)
	}
	return time.Since(began), nil
}
