package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"fund/campaigns"
	"fund/campaigns/payment"
	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/reconcile"
)

// worksheet is an account on a day with what belongs together.
type worksheet struct {
	reconciled
	Sheet      reconcile.Sheet
	Candidates []reconcile.Item
	Found      []pairing
	Rules      []reconcile.Rule
	Loose      []reconcile.Item // entries of the books that no suggestion takes
}

// pairing is a suggestion; Gift is an awaited donation that the line pays for, Deposit the boxes' cash that it brings.
type pairing struct {
	reconcile.Suggestion
	Gift    *campaigns.Awaited
	Deposit *ledger.CashDeposit
}

// worksheet reads the account and suggests.
func (p *Pages) worksheet(ctx context.Context, r reconciled) (w worksheet, err error) {
	w.reconciled = r
	here := r.Community.ID
	if w.Sheet, err = reconcile.Open(ctx, p.DB, here, r.Account.ID, r.Through); err != nil {
		return w, err
	}
	if err = p.refer(ctx, here, w.Sheet.Items, w.Sheet.Earlier, w.Sheet.Waiting); err != nil {
		return w, err
	}
	w.Candidates = w.Sheet.Candidates()
	if w.Rules, err = reconcile.ListRules(ctx, p.DB, here, r.Account.ID); err != nil {
		return w, err
	}
	gifts, others, err := p.awaitedBy(ctx, w)
	if err != nil {
		return w, err
	}
	deposits, err := p.depositsBy(ctx, w, gifts)
	if err != nil {
		return w, err
	}
	w.suggest(gifts, others, deposits)
	return w, nil
}

// refer gives items of donations the numbers by which a line may name them.
func (p *Pages) refer(ctx context.Context, community int, all ...[]reconcile.Item) error {
	var ids []uuid.UUID
	donation := func(i reconcile.Item) (uuid.UUID, bool) {
		text, ok := strings.CutPrefix(i.Source, "donation:")
		id, err := uuid.Parse(text)
		return id, ok && err == nil
	}
	for _, i := range slices.Concat(all...) {
		if id, ok := donation(i); ok {
			ids = append(ids, id)
		}
	}
	of, err := campaigns.References(ctx, p.DB, community, ids)
	for _, items := range all {
		for n := range items {
			if id, ok := donation(items[n]); ok {
				for _, reference := range of[id] {
					items[n].References = append(items[n].References, strings.TrimPrefix(reference, "bank:"))
				}
			}
		}
	}
	return err
}

// awaitedBy finds the awaited transfers that lines name: gifts of the same amount by the index of their line, and of
// another amount.
func (p *Pages) awaitedBy(ctx context.Context, w worksheet) (gifts, others map[int]campaigns.Awaited, err error) {
	gifts, others = map[int]campaigns.Awaited{}, map[int]campaigns.Awaited{}
	if w.Account.Purpose != ledger.Bank {
		return gifts, others, nil
	}
	named := map[int]string{}
	var all []string
	for i, l := range w.Sheet.Lines {
		if found := payment.FindTransferReferences(l.Memo + " | " + l.Reference); l.Amount.Sign() > 0 && len(found) > 0 {
			named[i], all = found[0], append(all, found[0])
		}
	}
	of, err := campaigns.FindTransfers(ctx, p.DB, w.Community.ID, all)
	for i := range w.Sheet.Lines {
		gift, ok := of[named[i]]
		switch {
		case !ok:
		case gift.Amount.Equal(w.Sheet.Lines[i].Amount):
			gifts[i] = gift
			delete(of, named[i]) // a second line with the same number pays for something else
		default:
			others[i] = gift
		}
	}
	return gifts, others, err
}

// depositsBy finds the lines that bring cash which was handed in at the bank and is on its way: the same amount, and the
// slip's number or the word for cash.
func (p *Pages) depositsBy(ctx context.Context, w worksheet, gifts map[int]campaigns.Awaited) (of map[int]pairing, err error) {
	of = map[int]pairing{}
	if w.Account.Purpose != ledger.Bank {
		return of, nil
	}
	deposits, err := ledger.CashDeposits(ctx, p.DB, w.Community.ID, depositsMax)
	for d, deposit := range deposits {
		for i, l := range w.Sheet.Lines {
			text := l.Memo + " " + l.Reference + " " + l.Number
			slip := deposit.Slip != "" && strings.Contains(text, deposit.Slip)
			_, gift := gifts[i]
			if deposit.ArrivedAt != nil || gift || of[i].Deposit != nil || !deposit.Amount.Equal(l.Amount) || l.Day.Before(deposit.DepositedOn) || !slip && !strings.Contains(text, "现金") {
				continue
			}
			why := reconcile.Because{Code: "deposit_cash", Text: deposit.Slip}
			if slip {
				why.Code = "deposit"
			}
			of[i] = pairing{Suggestion: reconcile.Suggestion{Lines: []int{i}, Because: []reconcile.Because{why, {Code: "amount"}}}, Deposit: &deposits[d]}
			break
		}
	}
	return of, err
}

// suggest finds what belongs together among the lines that pay for no awaited gift and bring no cash, and puts all in the
// order of the lines.
func (w *worksheet) suggest(gifts, others map[int]campaigns.Awaited, deposits map[int]pairing) {
	var lines []reconcile.Line
	var at []int
	for i, l := range w.Sheet.Lines {
		gift, awaited := gifts[i]
		deposit, cash := deposits[i]
		switch {
		case awaited:
			why := []reconcile.Because{{Code: "gift", Text: gift.Ref}, {Code: "amount"}}
			w.Found = append(w.Found, pairing{Suggestion: reconcile.Suggestion{Lines: []int{i}, Because: why}, Gift: &gift})
		case cash:
			w.Found = append(w.Found, deposit)
		default:
			lines, at = append(lines, l), append(at, i)
		}
	}
	taken := map[int]bool{}
	for _, s := range reconcile.Suggest(lines, w.Candidates, w.Rules, reconcile.Options{}) {
		for n, i := range s.Lines {
			s.Lines[n] = at[i]
		}
		if gift, ok := others[s.Lines[0]]; ok {
			s.Because = append(s.Because, reconcile.Because{Code: "gift_other", Text: gift.Ref, Amount: gift.Amount})
			s.Sure = false
		}
		for _, i := range s.Items {
			taken[i] = true
		}
		w.Found = append(w.Found, pairing{Suggestion: s})
	}
	slices.SortStableFunc(w.Found, func(a, b pairing) int { return a.Lines[0] - b.Lines[0] })
	for i, item := range w.Sheet.Items {
		if !taken[i] {
			w.Loose = append(w.Loose, item)
		}
	}
	w.Loose = reconcile.ByEntry(w.Loose)
}

// InTransit is the sum of what no suggestion takes.
func (w worksheet) InTransit() (sum money.Amount) {
	for _, i := range w.Loose {
		sum = sum.Add(i.Amount)
	}
	return sum
}

// ToBook are the lines that an entry has to be made for, and their sum.
func (w worksheet) ToBook() (n int, sum money.Amount) {
	for _, f := range w.Found {
		for _, i := range f.Lines {
			if f.books() || w.isEarlier(f) {
				n, sum = n+1, sum.Add(w.Sheet.Lines[i].Amount)
			}
		}
	}
	return n, sum
}

// books tells whether accepting a suggestion makes an entry.
func (f pairing) books() bool { return f.Entry != nil || f.Gift != nil || f.Deposit != nil }

// isEarlier tells whether a suggestion takes what was booked before the first statement, which is in its opening.
func (w worksheet) isEarlier(f pairing) bool {
	return len(f.Items) > 0 && f.Entry == nil && f.Items[0] >= len(w.Sheet.Items)
}

// Left is what the bank has more than the books, less what is on its way.
func (w worksheet) Left() money.Amount {
	if w.Sheet.Closing == nil {
		return money.Zero
	}
	return w.Sheet.Closing.Add(w.InTransit()).Sub(w.Sheet.Booked)
}

// After is what is left when every suggestion is accepted.
func (w worksheet) After() money.Amount {
	_, sum := w.ToBook()
	return w.Left().Sub(sum)
}

// Sure are the suggestions that nobody has to look at.
func (w worksheet) Sure() (sure []reconcile.Suggestion) {
	for _, f := range w.Found {
		if f.Suggestion.Sure && !f.books() {
			sure = append(sure, f.Suggestion)
		}
	}
	return sure
}

// SureCount is how many they are.
func (w worksheet) SureCount() int { return len(w.Sure()) }

// print is what a suggestion says in eight bytes: a press of its button means what was on the page, or nothing.
func (w worksheet) print(f pairing) string {
	h := sha256.New()
	for _, i := range f.Lines {
		fmt.Fprintln(h, "line", w.Sheet.Lines[i].ID)
	}
	for _, i := range f.Items {
		fmt.Fprintln(h, "item", w.Candidates[i].Spot())
	}
	if f.Entry != nil {
		fmt.Fprintln(h, "entry", f.Entry.Kind, f.Entry.Amount, f.Entry.Fee)
		if r := f.Entry.Rule; r != nil {
			fmt.Fprintln(h, "rule", r.ID, r.Account, r.Fund, r.Memo)
		}
	}
	if f.Gift != nil {
		fmt.Fprintln(h, "gift", f.Gift.ID)
	}
	if f.Deposit != nil {
		fmt.Fprintln(h, "deposit", f.Deposit.ID)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// find is the suggestion that begins with a line, if it still says what was on the page.
func (w worksheet) find(line int64, print string) (pairing, bool) {
	for _, f := range w.Found {
		if w.Sheet.Lines[f.Lines[0]].ID == line && w.print(f) == print {
			return f, true
		}
	}
	return pairing{}, false
}
