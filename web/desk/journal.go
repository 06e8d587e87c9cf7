package desk

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/money"
	"fund/web/auth"
	"fund/web/page"
)

// undoneElsewhere are the kinds whose records know of their entries: undone in
// the journal alone, the two would tell different stories.
var undoneElsewhere = []string{"refund", "service_payment", "service_subsidy", "small_grant", "conclusion", "pool", "match", "match_back", "pool_rest", "in_kind", "payment", "fund_loan", "sale", "sale_refund", "till_difference", "cash_deposit", "cash_arrived"}

// entryView is one entry opened.
type entryView struct {
	ledger.JournalEntry
	Lines            []ledger.Line
	Debit            money.Amount
	KindName, Poster string
	Undoes, UndoneBy *ledger.JournalEntry
	Form             *page.Form // of the reversal; nil where there is nothing to reverse
	Gift             string     // the address of the donation whose page undoes it instead
	Evidence         []campaigns.Evidence
	Papers           *page.Form // that shows another; nil for who may not
	Print            bool       // it was posted to be printed
	MayPost          bool
	entryPapers
}

// Entry shows one entry with its postings.
func (p *Pages) Entry(c *fiber.Ctx) error {
	v, err := p.entryView(c, page.BlankForm(c).Set("date", p.today(c)))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/entry", v)
}

// today is the day of the books now, as a field has it.
func (p *Pages) today(c *fiber.Ctx) string {
	return page.Of(c).Local(p.Now()).Format(time.DateOnly)
}

func (p *Pages) entryView(c *fiber.Ctx, form *page.Form) (v entryView, err error) {
	id, ctx := page.Of(c).Community.ID, c.UserContext()
	if v.JournalEntry, err = p.entryAt(c, c.Params("voucher")); err != nil {
		return v, err
	}
	v.Print, v.MayPost = c.Query("print") != "", can(c, auth.PostEntry)
	if v.Lines, err = ledger.Lines(ctx, p.DB, id, v.Seq); err != nil {
		return v, err
	}
	for _, l := range v.Lines {
		if l.Amount.Sign() > 0 {
			v.Debit = v.Debit.Add(l.Amount)
		}
	}
	who, err := p.posters(c)
	if err != nil {
		return v, err
	}
	v.Poster, v.KindName = who(v.PostedBy), kindName(page.Of(c), v.Kind)
	if v.Undoes, err = p.other(c, v.Reverses); err != nil {
		return v, err
	}
	if v.UndoneBy, err = p.other(c, v.ReversedBy); err != nil {
		return v, err
	}
	shown, err := campaigns.EvidenceOf(ctx, p.DB, id, v.Seq)
	if err != nil {
		return v, err
	}
	if v.Evidence = shown[v.Seq]; can(c, auth.PostEntry) {
		v.Papers = evidenceForm(page.BlankForm(c))
	}
	if v.entryPapers, err = p.papersOf(c, v.JournalEntry); err != nil {
		return v, err
	}
	gift, isGift := strings.CutPrefix(v.Source, "donation:")
	switch {
	case v.Reverses != 0 || v.ReversedBy != 0 || slices.Contains(undoneElsewhere, v.Kind) || !can(c, auth.PostEntry):
	case isGift: // reversed here, it could be given back once more there
		v.Gift = "/desk/donations/" + gift
	default:
		v.Form = labelled(form, "journal.field", "why", "date")
	}
	return v, err
}

// other is the entry at the other end of a reversal; nil if there is none.
func (p *Pages) other(c *fiber.Ctx, seq int64) (*ledger.JournalEntry, error) {
	if seq == 0 {
		return nil, nil
	}
	e, err := ledger.EntryAt(c.UserContext(), p.DB, page.Of(c).Community.ID, seq)
	return &e, err
}

// Reverse undoes an entry by a 红字冲销.
func (p *Pages) Reverse(c *fiber.Ctx) error {
	f := labelled(page.ReadForm(c), "journal.field", "why", "date")
	why, day := f.Text("why", 200), f.Date("date")
	b, err := p.readBooks(c)
	if err != nil {
		return err
	}
	v, err := p.entryView(c, f)
	if err != nil {
		return err
	}
	if v.Form == nil {
		return ledger.ErrReversedTwice
	}
	if f.AnyWrong() {
		return page.Again(c, "desk/entry", v)
	}
	var posted ledger.Posted
	err = p.act(c, "entry.reverse", "entry:"+v.Voucher(), nil, func(tx *sqlx.Tx, who string) (err error) {
		posted, err = ledger.Reverse(c.UserContext(), tx, page.Of(c).Community.ID, v.Seq, day, why, who)
		return err
	})
	if refused(c, f, err, b) {
		return page.Again(c, "desk/entry", v)
	}
	if err != nil {
		return err
	}
	p.moved(c, 0)
	return page.Done(c, "/desk/journal/"+v.Voucher(), "journal.reversed", "number", v.Voucher(), "by", posted.Voucher())
}

// ToEntry sends whoever reloads the address of an entry's form back to the entry.
func (p *Pages) ToEntry(c *fiber.Ctx) error {
	return c.Redirect(page.Of(c).URL("/desk/journal/"+c.Params("voucher")), fiber.StatusSeeOther)
}

// kindName names what an entry is about.
func kindName(r *page.Reader, kind string) string {
	for _, known := range entryKinds {
		if kind == known {
			return r.T("entry.kind." + kind)
		}
	}
	return r.T("entry.kind.rest")
}

// posters names who posted an entry or closed a month: the program itself is nobody.
func (p *Pages) posters(c *fiber.Ctx) (func(who string) string, error) {
	name, err := p.named(c)
	return func(who string) string {
		if who == "system" {
			return page.Of(c).T("journal.automatic")
		}
		return name(who)
	}, err
}

// isRefusal tells whether the books refused for a reason, and about what.
func isRefusal(err, reason error) (detail string, ok bool) {
	var refusal *ledger.Refusal
	if errors.Is(err, reason) && errors.As(err, &refusal) {
		return refusal.Detail, true
	}
	return "", errors.Is(err, reason)
}
