package public

import (
	"cmp"
	"html/template"
	"slices"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"fund/campaigns"
	"fund/campaigns/giver"
	"fund/campaigns/project"
	"fund/ledger"
	"fund/ledger/money"
	"fund/web/page"
)

// trail is where a gift went: what was given, the fund it lies in, what it paid
// for, whom that served, and what is left. Money carries no marks, so the books
// tell it first in, first out: see campaigns/giver.
type trail struct {
	giver.Trace
	Gift       giver.Gift
	Entry      string // the gift's voucher
	Fund       string
	Restricted bool
	Gifts      int          // of the whole campaign
	Raised     money.Amount // by the whole campaign
	Matched    money.Amount // what others laid beside this gift
	Passes     []pass
	Payments   []trailPayment
	Others     trailPayment // the payments that are not listed
	Count      int          // of all payments
	Served     []served
	Rests      []rest
	Bar        template.HTML
}

// pass is a gift's part on its way from one fund to another.
type pass struct {
	giver.Part
	To string
}

// trailPayment is a payment, the gift's share of it, and its papers with the names
// covered.
type trailPayment struct {
	giver.Part
	Evidence []campaigns.Evidence
}

// served is a project that the gift helped to pay, and whom it reached.
type served struct {
	project.Project
	Part money.Amount // of the gift
}

// rest is what is not spent yet, and where it lies.
type rest struct {
	Fund         string       // empty for the fund it was given to
	Amount, Left money.Amount // of the gift; of the whole fund
}

const spendingsMax = 8

// trail follows a paid donation.
func (p *Pages) trail(c *fiber.Ctx, donation uuid.UUID) (*trail, error) {
	gift, err := giver.GiftAt(c.UserContext(), p.DB, here(c), donation)
	if err != nil {
		return nil, err
	}
	t := &trail{Gift: gift}
	if t.Trace, err = p.Streams.Trace(c.UserContext(), p.DB, here(c), gift); err != nil {
		return nil, err
	}
	entry, err := ledger.EntryAt(c.UserContext(), p.DB, here(c), gift.EntrySeq)
	if err != nil {
		return nil, err
	}
	of, err := campaigns.CampaignAt(c.UserContext(), p.DB, here(c), gift.CampaignID)
	if err != nil {
		return nil, err
	}
	t.Entry, t.Gifts, t.Raised = entry.Voucher(), of.Gifts, of.Raised
	if t.Matched, err = p.matched(c, gift.ID); err != nil {
		return nil, err
	}
	t.Bar = usedBar(page.Of(c), gift, t.Spent)
	return t, p.tellTrail(c, t)
}

// usedBar draws how much of a gift has been used.
func usedBar(r *page.Reader, g giver.Gift, used money.Amount) template.HTML {
	return bar("bar", r.T("mine.used_of", "used", used.Yuan(), "left", g.Left().Sub(used).Yuan()), used, g.Left(), g.Restricted)
}

// matched is what pools laid beside a gift, less what they took back.
func (p *Pages) matched(c *fiber.Ctx, donation uuid.UUID) (sum money.Amount, err error) {
	matches, err := campaigns.MatchesOf(c.UserContext(), p.DB, here(c), donation)
	for _, m := range matches {
		sum = sum.Add(m.Left())
	}
	return sum, err
}

// tellTrail puts the names of funds and projects to a trail's parts.
func (p *Pages) tellTrail(c *fiber.Ctx, t *trail) error {
	funds, err := ledger.ListFunds(c.UserContext(), p.DB, here(c))
	if err != nil {
		return err
	}
	byID := map[int]ledger.Fund{}
	for _, f := range funds {
		byID[f.ID] = f
	}
	t.Fund, t.Restricted = byID[t.Gift.FundID].Name(lang(c)), t.Gift.Restricted
	for _, part := range t.Passed {
		t.Passes = append(t.Passes, pass{part, byID[part.To].Name(lang(c))})
	}
	for _, part := range t.Left {
		lies := rest{Amount: part.Amount, Left: byID[part.Fund].NetAssets}
		if part.Fund != t.Gift.FundID {
			lies.Fund = byID[part.Fund].Name(lang(c))
		}
		t.Rests = append(t.Rests, lies)
	}
	t.list()
	if err := p.showPapers(c, t.Payments); err != nil {
		return err
	}
	t.Served, err = p.served(c, t.Paid)
	return err
}

// showPapers puts the evidence to payments.
func (p *Pages) showPapers(c *fiber.Ctx, payments []trailPayment) error {
	seqs := make([]int64, len(payments))
	for i, paid := range payments {
		seqs[i] = paid.Seq
	}
	shown, err := campaigns.EvidenceOf(c.UserContext(), p.DB, here(c), seqs...)
	for i := range payments {
		payments[i].Evidence = shown[payments[i].Seq]
	}
	return err
}

// list shows the gift's largest payments in the order of the books, and the others in one line.
func (t *trail) list() {
	largest := slices.Clone(t.Paid)
	slices.SortStableFunc(largest, func(a, b giver.Part) int { return b.Amount.Cmp(a.Amount) })
	t.Count = len(largest)
	for _, part := range largest[min(len(largest), spendingsMax):] {
		t.Others.Amount, t.Others.Whole = t.Others.Amount.Add(part.Amount), t.Others.Whole.Add(part.Whole)
	}
	for _, part := range largest[:min(len(largest), spendingsMax)] {
		t.Payments = append(t.Payments, trailPayment{Part: part})
	}
	slices.SortStableFunc(t.Payments, func(a, b trailPayment) int { return cmp.Compare(a.Seq, b.Seq) })
}

// served finds the projects whose funds paid, the one with most of the gift first.
func (p *Pages) served(c *fiber.Ctx, paid []giver.Part) (list []served, err error) {
	of := map[int]money.Amount{}
	for _, part := range paid {
		of[part.Fund] = of[part.Fund].Add(part.Amount)
	}
	if len(of) == 0 {
		return nil, nil
	}
	projects, err := project.ListProjects(c.UserContext(), p.DB, here(c), project.Filter{})
	for _, one := range projects {
		if part := of[one.FundID]; part.Sign() > 0 {
			list = append(list, served{one, part})
		}
	}
	slices.SortStableFunc(list, func(a, b served) int { return b.Part.Cmp(a.Part) })
	return list, err
}
