package public

import (
	"github.com/gofiber/fiber/v2"

	"fund/ledger"
	"fund/ledger/money"
	"fund/web/i18n"
	"fund/web/issue"
	"fund/web/page"
)

// trail is where a gift went, as far as the books tell: money carries no
// marks, so each payment from the fund is shared among all gifts in proportion.
type trail struct {
	Given      money.Amount // what was not refunded
	Fund       string
	Restricted bool
	Gifts      int
	Raised     money.Amount // by the whole campaign
	Spent      money.Amount // from the fund
	Left       money.Amount // in the fund
	Used       string       // 94.2%
	Payments   []spending
	Others     spending // the payments that are not listed
	YourSpent  money.Amount
	YourLeft   money.Amount
	Held       bool // a liability until the goal is met
}

// spending is a payment from the fund, and the gift's share of it.
type spending struct {
	Voucher, Text string
	Amount, Yours money.Amount
}

const spendingsMax = 10

func (p *Pages) trail(c *fiber.Ctx, f issue.ReceiptFacts) (*trail, error) {
	s, err := p.shelf(c)
	if err != nil {
		return nil, err
	}
	fund := s.fund(f.Campaign.FundID)
	t := &trail{
		Given: f.Donation.Left(), Fund: fund.Name(lang(c)), Restricted: fund.Restricted, Gifts: f.Campaign.Gifts, Raised: f.Campaign.Raised,
		Spent: s.spent[fund.ID], Left: fund.NetAssets,
	}
	if t.Spent.IsZero() && t.Left.Less(t.Raised) {
		t.Held, t.Left = s.card(f.Campaign).Refunds(), t.Raised
	}
	if t.Payments, err = p.spendings(c, fund.ID); err != nil {
		return nil, err
	}
	t.split()
	return t, nil
}

// spendings are the latest payments from a fund that were not undone.
func (p *Pages) spendings(c *fiber.Ctx, fund int) (out []spending, err error) {
	entries, err := ledger.Journal(c.UserContext(), p.DB, page.Of(c).Community.ID, ledger.JournalFilter{Fund: fund, Direction: "out"}, 3*spendingsMax)
	for _, e := range entries {
		if e.Reverses != 0 || e.ReversedBy != 0 || len(out) == spendingsMax {
			continue
		}
		lines, err := ledger.Lines(c.UserContext(), p.DB, page.Of(c).Community.ID, e.Seq)
		if err != nil {
			return nil, err
		}
		paid := spending{Voucher: e.Voucher(), Text: e.Memo}
		for _, l := range lines {
			if l.FundID == fund && l.AccountType == ledger.Expense {
				paid.Amount = paid.Amount.Add(l.Amount)
			}
		}
		if paid.Amount.Sign() > 0 {
			out = append(out, paid)
		}
	}
	return out, err
}

// split shares the gift among the payments and what is left, to the cent.
func (t *trail) split() {
	t.Others.Amount = t.Spent
	weights := make([]int64, 0, len(t.Payments)+2)
	for _, paid := range t.Payments {
		weights = append(weights, paid.Amount.Fen())
		t.Others.Amount = t.Others.Amount.Sub(paid.Amount)
	}
	weights = append(weights, max(0, t.Others.Amount.Fen()), max(0, t.Left.Fen()))
	t.Used = i18n.Percent(t.Spent.PerMille(t.Spent.Add(t.Left)))
	if t.Spent.Add(t.Left).Sign() <= 0 {
		t.YourLeft = t.Given
		return
	}
	shares := t.Given.Split(weights...)
	n := len(t.Payments)
	for i := range t.Payments {
		t.Payments[i].Yours = shares[i]
	}
	t.Others.Yours, t.YourLeft = shares[n], shares[n+1]
	t.YourSpent = t.Given.Sub(t.YourLeft)
}
