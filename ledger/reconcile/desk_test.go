package reconcile_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/reconcile"
	"fund/ledger/statement"
	"fund/migrations/pgtest"
)

// desk is a treasurer's desk: a community with a bank account.
type desk struct {
	*pgtest.Database
	ledger.Community
	accounts ledger.Accounts
	bank     int
}

func yuan(s string) money.Amount {
	if s[0] == '-' {
		return money.MustParse(s[1:]).Neg()
	}
	return money.MustParse(s)
}

func on(month time.Month, day int) time.Time { return ledger.Day(2017, month, day) }

func newDesk(t testing.TB) *desk {
	t.Helper()
	d := &desk{Database: pgtest.DB(t)}
	d.Do(t, func(tx *sqlx.Tx) (err error) {
		d.Community, err = ledger.AddCommunity(t.Context(), tx, ledger.Community{
			Slug: "angong", NameZH: "安公社区", NameEN: "Angong", Currency: "CNY", Standard: "npo-2004", Timezone: "Asia/Shanghai",
		})
		if err != nil {
			return err
		}
		d.accounts, err = ledger.ListAccounts(t.Context(), tx, d.ID)
		return err
	})
	d.bank = d.account(t, ledger.Bank)
	return d
}

func (d *desk) account(t testing.TB, p ledger.Purpose) int {
	t.Helper()
	a, ok := d.accounts.By(p)
	if !ok {
		t.Fatalf("no account for %s", p)
	}
	return a.ID
}

// book posts an amount into an account, against another.
func (d *desk) book(t testing.TB, day time.Time, into, from ledger.Purpose, amount, memo string) int64 {
	t.Helper()
	var seq int64
	d.Do(t, func(tx *sqlx.Tx) error {
		posted, err := ledger.Post(t.Context(), tx, d.ID, ledger.Entry{
			Date: day, Kind: "manual", Source: fmt.Sprintf("manual:%s-%s-%x", day.Format(time.DateOnly), amount, memo), Memo: memo, PostedBy: "test",
			Postings: []ledger.Posting{
				ledger.Debit(d.account(t, into), ledger.GeneralFundID, yuan(amount)), ledger.Credit(d.account(t, from), ledger.GeneralFundID, yuan(amount)),
			},
		})
		if err == nil {
			seq = posted[0].Seq
		}
		return err
	})
	return seq
}

// says makes a statement of lines `day amount counterparty memo`.
func says(opening string, lines ...statement.Line) statement.Statement {
	sum := yuan(opening)
	for i, l := range lines {
		sum = sum.Add(l.Amount)
		k := sha256.Sum256([]byte(l.ID))
		copy(lines[i].Key[:], k[:])
	}
	first := yuan(opening)
	return statement.Statement{Format: statement.BankCN, Layout: "boc", Account: "6217****6618", Currency: "CNY", Opening: &first, Closing: &sum, Lines: lines}
}

func line(id string, day time.Time, amount, who, memo string) statement.Line {
	return statement.Line{ID: id, Date: day, Amount: yuan(amount), Counterparty: who, Memo: memo}
}

func (d *desk) show(t testing.TB, name string, s statement.Statement) (z reconcile.Imported) {
	t.Helper()
	d.Do(t, func(tx *sqlx.Tx) (err error) {
		z, err = reconcile.Import(t.Context(), tx, d.Community, d.bank, name, sha256.Sum256([]byte(name)), s, "liu")
		return err
	})
	return z
}

func (d *desk) open(t testing.TB, through time.Time) reconcile.Sheet {
	t.Helper()
	s, err := reconcile.Open(t.Context(), d.App, d.ID, d.bank, through)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (d *desk) suggest(t testing.TB, s reconcile.Sheet) []reconcile.Suggestion {
	t.Helper()
	rules, err := reconcile.ListRules(t.Context(), d.App, d.ID, d.bank)
	if err != nil {
		t.Fatal(err)
	}
	return reconcile.Suggest(s.Lines, s.Candidates(), rules, reconcile.Options{})
}

// accept agrees to a suggestion as it stands.
func (d *desk) accept(t testing.TB, s reconcile.Sheet, g reconcile.Suggestion, memo string) (m reconcile.Match) {
	t.Helper()
	a := reconcile.Acceptance{Because: g.Because, Learn: true}
	for _, i := range g.Lines {
		a.Lines = append(a.Lines, s.Lines[i].ID)
	}
	for _, i := range g.Items {
		a.Postings = append(a.Postings, s.Candidates()[i].Spot())
	}
	if g.Entry != nil {
		a.Entry = &reconcile.NewEntry{Kind: g.Entry.Kind, Memo: memo, Fee: g.Entry.Fee}
		if r := g.Entry.Rule; r != nil {
			a.Entry.Account, a.Entry.Fund, a.Entry.Rule = r.Account, r.Fund, r.ID
		}
	}
	d.Do(t, func(tx *sqlx.Tx) (err error) {
		m, err = reconcile.Accept(t.Context(), tx, d.Community, d.bank, a, "liu", time.Now())
		return err
	})
	return m
}

func (d *desk) complete(through time.Time) error {
	return d.Try(func(tx *sqlx.Tx) error {
		_, err := reconcile.Complete(context.Background(), tx, d.Community, d.bank, through, "liu")
		return err
	})
}

// A month from the file to the completed reconciliation.
func TestMonth(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.book(t, on(1, 5), ledger.Bank, ledger.OtherIncome, "1000.00", "期初结余")
	d.book(t, on(11, 26), ledger.Bank, ledger.OfflineDonations, "200.00", "认捐 AG7K-204 冬至饺子宴")
	d.book(t, on(11, 27), ledger.ProgrammeExpense, ledger.Bank, "386.40", "付 红旗连锁 重阳聚餐")
	d.book(t, on(11, 30), ledger.ProgrammeExpense, ledger.Bank, "60.00", "志愿者保险 转账已发出")
	for i, gift := range []string{"50.00", "100.00", "25.00"} {
		d.book(t, on(11, 27), ledger.Clearing("wechat"), ledger.OnlineDonations, gift, fmt.Sprint("捐赠 ", i))
	}
	november := says("1000.00",
		line("a", on(11, 28), "200.00", "王**", "AG7K-204 冬至"),
		line("b", on(11, 28), "173.95", "财付通支付科技有限公司", "商户结算"),
		line("c", on(11, 29), "-386.40", "红旗连锁", "货款"),
		line("d", on(11, 30), "-3.00", "", "短信服务费 11 月"),
		line("e", on(11, 30), "300.00", "李**", ""))
	if z := d.show(t, "boc-201711.csv", november); z.Fresh != 5 || z.ID != 1 {
		t.Fatalf("%+v", z)
	}
	if z := d.show(t, "boc-201711-again.csv", november); z.Fresh != 0 {
		t.Errorf("the same file brought %d lines", z.Fresh)
	}

	end := on(11, 30)
	s := d.open(t, end)
	if len(s.Lines) != 5 || len(s.Items) != 3 || len(s.Waiting) != 3 || s.Closing.String() != "1284.55" || !s.Difference().IsZero() {
		t.Fatalf("%d lines, %d items, %d waiting, closing %v, difference %v", len(s.Lines), len(s.Items), len(s.Waiting), s.Closing, s.Difference())
	}
	found := d.suggest(t, s)
	var sure int
	d.Do(t, func(tx *sqlx.Tx) (err error) {
		sure, err = reconcile.AcceptSure(t.Context(), tx, d.Community, s, found, "liu")
		return err
	})
	if sure != 2 {
		t.Errorf("%d were sure: %+v", sure, found)
	}
	if err := d.complete(end); !errors.Is(err, reconcile.ErrUnbooked) {
		t.Errorf("completed with lines that the books do not have: %v", err)
	}
	s = d.open(t, end)
	var unknown reconcile.Match
	for _, g := range d.suggest(t, s) {
		switch g.Entry.Kind {
		case reconcile.Payout:
			if g.Entry.Fee.String() != "1.05" || len(g.Items) != 3 {
				t.Errorf("payout: %+v", g)
			}
			d.accept(t, s, g, "微信结算")
		case reconcile.BankFee:
			d.accept(t, s, g, "银行短信费")
		case reconcile.Unknown:
			unknown = d.accept(t, s, g, "先放暂记")
		default:
			t.Errorf("%+v", g)
		}
	}
	s = d.open(t, end)
	if len(s.Lines) != 0 || len(s.Items) != 1 || !s.Difference().IsZero() || len(s.Waiting) != 0 {
		t.Fatalf("%+v", s)
	}
	if err := d.complete(end); !errors.Is(err, reconcile.ErrUnnoted) {
		t.Errorf("completed with an entry that the bank never saw: %v", err)
	}
	d.Do(t, func(tx *sqlx.Tx) error {
		return reconcile.Note(t.Context(), tx, d.ID, s.Items[0].Spot(), "12 月 2 日银行才会扣", "liu")
	})

	// Undone, the entry that was made for the line is reversed; accepted again, it is made again.
	d.Do(t, func(tx *sqlx.Tx) error {
		return reconcile.Undo(t.Context(), tx, d.Community, unknown.ID, "liu", time.Now()) // long after: the books of that day forget it too
	})
	s = d.open(t, end)
	if len(s.Lines) != 1 || len(s.Items) != 1 || !s.Difference().IsZero() {
		t.Fatalf("after undoing: %d lines, items %+v, difference %v", len(s.Lines), s.Items, s.Difference())
	}
	unknown = d.accept(t, s, d.suggest(t, s)[0], "李先生的捐款，先放暂记")
	if err := d.complete(end); err != nil {
		t.Fatal(err)
	}
	if err := d.complete(end); !errors.Is(err, reconcile.ErrTaken) {
		t.Errorf("completed twice: %v", err)
	}
	if err := d.Try(func(tx *sqlx.Tx) error {
		return reconcile.Undo(t.Context(), tx, d.Community, unknown.ID, "liu", time.Now())
	}); !errors.Is(err, reconcile.ErrCompleted) {
		t.Errorf("undone below a completed reconciliation: %v", err)
	}
	d.december(t)
}

// december goes on where November ended: what was on its way arrives, a rule
// knows the bank's charge, and November still stands as it was.
func (d *desk) december(t *testing.T) {
	t.Helper()
	d.show(t, "boc-201712.csv", says("1284.55",
		line("f", on(12, 2), "-60.00", "平安保险", "志愿者保险"),
		line("g", on(12, 31), "-3.00", "", "短信服务费 12 月")))
	s := d.open(t, on(12, 31))
	for _, g := range d.suggest(t, s) {
		if g.Entry != nil && (g.Entry.Kind != reconcile.ByRule || g.Entry.Rule.Memo != "银行短信费") {
			t.Errorf("the rule did not know the charge: %+v", g)
		}
		d.accept(t, s, g, "银行短信费")
	}
	if err := d.complete(on(12, 31)); err != nil {
		t.Fatal(err)
	}
	november := d.open(t, on(11, 30))
	if len(november.Lines) != 0 || len(november.Items) != 1 || !november.Items[0].Seen.Equal(on(12, 2)) || !november.Difference().IsZero() {
		t.Errorf("November is another now: %+v", november)
	}
	rules, err := reconcile.ListRules(t.Context(), d.App, d.ID, d.bank)
	if err != nil || len(rules) != 1 || rules[0].Used != 2 {
		t.Errorf("rules %+v, %v", rules, err)
	}
	all, err := reconcile.ListReconciliations(t.Context(), d.App, d.ID, d.bank)
	if err != nil || len(all) != 2 || all[1].InTransit.String() != "-60.00" {
		t.Fatalf("%+v, %v", all, err)
	}
	d.Do(t, func(tx *sqlx.Tx) error {
		return reconcile.Reopen(t.Context(), tx, d.ID, all[0].ID, "漏了一行", "wang")
	})
	matches, err := reconcile.ListMatches(t.Context(), d.App, d.ID, d.bank, uuid.Nil, 50)
	if err != nil || len(matches) != 8 {
		t.Errorf("%d matches, %v", len(matches), err)
	}
}

// Two people accept the same line at once: one does, the other is told.
func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a := d.book(t, on(11, 2), ledger.Bank, ledger.OfflineDonations, "50.00", "一")
	b := d.book(t, on(11, 3), ledger.Bank, ledger.OfflineDonations, "50.00", "二")
	d.show(t, "x.csv", says("0.00", line("a", on(11, 3), "50.00", "王", "")))
	s := d.open(t, on(11, 30))
	var wait sync.WaitGroup
	failed := make([]error, 2)
	for i, seq := range []int64{a, b} {
		wait.Go(func() {
			failed[i] = d.Try(func(tx *sqlx.Tx) error {
				_, err := reconcile.Accept(t.Context(), tx, d.Community, d.bank, reconcile.Acceptance{
					Lines: []int64{s.Lines[0].ID}, Postings: []reconcile.Spot{{Seq: seq, Posting: 1}},
				}, "liu", time.Now())
				return err
			})
		})
	}
	wait.Wait()
	if (failed[0] == nil) == (failed[1] == nil) || !errors.Is(errors.Join(failed...), reconcile.ErrTaken) {
		t.Errorf("%v", failed)
	}
}

// Lines and postings of a match are worth the same, to the fen.
func TestUnequalIsRefused(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	seq := d.book(t, on(11, 2), ledger.Bank, ledger.OfflineDonations, "50.01", "一")
	d.show(t, "x.csv", says("0.00", line("a", on(11, 3), "50.00", "王", "")))
	s := d.open(t, on(11, 30))
	err := d.Try(func(tx *sqlx.Tx) error {
		return reconcile.Keep(t.Context(), tx, d.ID, d.bank, reconcile.Match{
			Lines: []int64{s.Lines[0].ID}, Postings: []reconcile.Spot{{Seq: seq, Posting: 1}}, MadeBy: "liu",
		})
	})
	if !errors.Is(err, reconcile.ErrUnequal) {
		t.Error(err)
	}
	if got := d.open(t, on(11, 30)); len(got.Lines) != 1 || len(got.Items) != 1 {
		t.Errorf("something was kept: %+v", got)
	}
}

// An entry that pays one bill from two funds is one movement at the bank; one
// that moves money between funds is none.
func TestAnEntryOfSeveralFunds(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var soup ledger.Fund
	d.Do(t, func(tx *sqlx.Tx) (err error) {
		soup, err = ledger.AddFund(t.Context(), tx, d.ID, ledger.Fund{Code: "soup", NameZH: "绿豆汤", NameEN: "Soup", Kind: ledger.ProjectFund})
		return err
	})
	income, bank := d.account(t, ledger.OtherIncome), d.bank
	d.Do(t, func(tx *sqlx.Tx) error {
		_, err := ledger.Post(t.Context(), tx, d.ID,
			ledger.Entry{Date: on(11, 5), Kind: "manual", Source: "manual:both", Memo: "两项用途", PostedBy: "test", Postings: []ledger.Posting{
				ledger.Debit(bank, ledger.GeneralFundID, yuan("30.00")), ledger.Credit(income, ledger.GeneralFundID, yuan("30.00")),
				ledger.Debit(bank, soup.ID, yuan("12.00")), ledger.Credit(income, soup.ID, yuan("12.00")),
			}},
			ledger.Entry{Date: on(11, 6), Kind: "manual", Source: "manual:moved", Memo: "调用途", PostedBy: "test", Postings: []ledger.Posting{
				ledger.Debit(bank, soup.ID, yuan("5.00")), ledger.Credit(income, soup.ID, yuan("5.00")),
				ledger.Credit(bank, ledger.GeneralFundID, yuan("5.00")), ledger.Debit(income, ledger.GeneralFundID, yuan("5.00")),
			}})
		return err
	})
	d.show(t, "x.csv", says("0.00", line("a", on(11, 5), "42.00", "食堂", "两项用途")))
	s := d.open(t, on(11, 30))
	found := d.suggest(t, s)
	if len(s.Items) != 2 || len(found) != 1 || len(found[0].Items) != 2 || found[0].Entry != nil {
		t.Fatalf("%d items, %+v", len(s.Items), found)
	}
	d.accept(t, s, found[0], "")
	if s = d.open(t, on(11, 30)); len(s.Items)+len(s.Lines) != 0 || !s.Difference().IsZero() {
		t.Errorf("%+v", s)
	}
}
