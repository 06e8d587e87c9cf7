package public

import (
	"errors"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"fund/campaigns"
	"fund/campaigns/payment"
	"fund/campaigns/receipt"
	"fund/ledger/money"
	"fund/web/i18n"
	"fund/web/page"
)

// ownAmount is the choice beside the suggested amounts.
const ownAmount = "own"

// picks are the amounts to choose from, none of them chosen beforehand.
func picks(lang i18n.Lang, of campaigns.Campaign) (picks []page.Option) {
	for _, amount := range of.Suggested {
		pick := page.Option{Value: amount.String(), Label: amount.YuanShort()}
		for _, line := range of.Budget {
			if line.Quantity != nil && line.UnitPrice().Equal(amount) {
				thing := line.Name(string(lang))
				if lang == i18n.Chinese {
					thing = line.UnitZH + thing
				}
				pick.Hint = lang.T("give.buys", "thing", thing)
			}
		}
		picks = append(picks, pick)
	}
	if len(picks) > 0 {
		picks = append(picks, page.Option{Value: ownAmount, Label: lang.T("give.own_choice")})
	}
	return picks
}

// giftForm names the fields of the form.
func giftForm(f *page.Form) *page.Form {
	return f.Label("amount", "give.field.amount").Label("own", "give.field.own").Label("pay", "give.field.pay").
		Label("name", "give.field.name").Label("show_name", "give.field.show_name").
		Label("message", "give.field.message").Label("show_message", "give.field.show_message").Label("email", "give.field.email").Label("line", "give.field.line").
		Label("follow", "voice.field.follow")
}

// Donate starts a donation and sends the donor to pay.
func (p *Pages) Donate(c *fiber.Ctx) error {
	f := giftForm(page.ReadForm(c))
	start := p.readGift(c, f)
	readMonthly(f)
	if f.Bool("follow") && f.Typed("email") == "" {
		f.Wrong("email", "voice.wrong.follow")
	}
	if f.AnyWrong() {
		return p.mend(c, f)
	}
	if held, err := p.hold(c, f, start); held || err != nil {
		return err
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	start.ID = p.another(c, start.ID)
	start.With = monthly(f, community, start.At)
	d, to, err := p.begin(c, community, start)
	if err == nil {
		err = p.follow(c, f, d.ID)
	}
	if err != nil {
		return p.refuse(c, f, err)
	}
	return c.Redirect(to, fiber.StatusSeeOther)
}

// another is the id of a gift that is about to begin: a page may be shown twice
// from what is kept of it, and who gave and is thanked may give the same again.
// While a gift is not paid, a second press is the same gift.
func (p *Pages) another(c *fiber.Ctx, id uuid.UUID) uuid.UUID {
	if d, err := campaigns.FindDonation(c.UserContext(), p.DB, here(c), id); err == nil && d.State == campaigns.Paid {
		return uuid.Must(uuid.NewV7())
	}
	return id
}

// refuse says what the domain refuses, beside the field where it can be mended.
func (p *Pages) refuse(c *fiber.Ctx, f *page.Form, err error) error {
	switch {
	case errors.Is(err, campaigns.ErrBelowMinimum):
		of, err := p.shown(c)
		if err != nil {
			return err
		}
		f.Wrong(amountField(f), "give.wrong.minimum", "min", of.Minimum.YuanShort())
	case errors.Is(err, campaigns.ErrAboveMaximum):
		f.Wrong(amountField(f), "give.wrong.maximum", "max", campaigns.MaxGift.YuanShort())
	default:
		return err
	}
	return p.mend(c, f)
}

// readGift reads what the donor filled in.
func (p *Pages) readGift(c *fiber.Ctx, f *page.Form) campaigns.Start {
	way := p.readWay(c, f)
	return campaigns.Start{
		ID: f.Once(c.Params("slug"), giftFields...), Campaign: c.Params("slug"), Amount: readAmount(f), Method: way,
		Name: oneLine(f.Text("name", 40, page.Optional)), Email: f.Email("email", page.Optional), Lang: lang(c),
		Message: f.Text("message", 140, page.Optional), ShowName: f.Bool("show_name"), ShowMessage: f.Bool("show_message"), At: p.Now(), Line: p.readLine(c, f),
	}
}

// giftFields are what makes one gift another than the last: a second press of
// the same starts nothing new.
var giftFields = []string{"amount", "own", "pay", "name", "show_name", "message", "show_message", "email", "line", "monthly"}

// amountField is where the donor's amount was given.
func amountField(f *page.Form) string {
	if choice := f.Typed("amount"); choice == ownAmount || choice == "" && f.Typed("own") != "" {
		return "own"
	}
	return "amount"
}

func readAmount(f *page.Form) money.Amount {
	field := amountField(f)
	if f.Typed(field) == "" {
		f.Wrong(field, "give.wrong.amount")
	}
	return f.Amount(field)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// mend shows the campaign's page again with what was typed.
func (p *Pages) mend(c *fiber.Ctx, f *page.Form) error {
	v, err := p.campaignView(c, f)
	if err != nil {
		return err
	}
	return page.Again(c, "public/campaign", v)
}

// giftURL is the address of a donation's own page. An entry of the public
// ledger names its donation, so the id alone must not open a receipt: the
// donor's address carries a signature.
func (p *Pages) giftURL(c *fiber.Ctx, id uuid.UUID) string {
	return page.Of(c).URL("/donations/" + page.SiteOf(c).Sign("donation", id.String()))
}

// giftAt reads a donation's id from an address; own is true for the donor's.
func giftAt(c *fiber.Ctx, param string) (id uuid.UUID, own bool, err error) {
	text := c.Params(param)
	if value, ok := page.SiteOf(c).Signed("donation", text); ok {
		text, own = value, true
	}
	if id, err = uuid.Parse(text); err != nil {
		err = page.ErrNotFound
	}
	return id, own, err
}

// ToForm sends whoever reloads the address of the form's POST back to the form.
func (p *Pages) ToForm(c *fiber.Ctx) error {
	return c.Redirect(page.Of(c).URL("/campaigns/"+c.Params("slug"))+"#give", fiber.StatusSeeOther)
}

type donationView struct {
	campaigns.Donation
	Campaign campaigns.Campaign
	Title    string
	Own      bool

	Step      string    // what the donor of a pending donation sees next: see step
	Code      string    // of stepScan: what the code says
	Go        bool      // on to the company without another press
	Until     time.Time // the order ends
	Minutes   int       // till then
	Reference string    // of stepTransfer and stepDesk
	Slip      payment.TransferSlip
	BookedAs  *uuid.UUID // the gift that a payment put aside became
	SentBack  bool       // or it went back
	Pools     []poolView // that will add to a pending gift
	Here      string     // the page's own address
	FormID    string
}

// Donation says how a donation stands and, once it is paid, leads its donor to the receipt.
func (p *Pages) Donation(c *fiber.Ctx) error {
	id, own, err := giftAt(c, "id")
	if err != nil {
		return err
	}
	d, err := campaigns.FindDonation(c.UserContext(), p.DB, here(c), id)
	if err != nil {
		return err
	}
	if d.State == campaigns.Paid && own {
		issued, err := receipt.Of(c.UserContext(), p.DB, here(c), id)
		if err != nil {
			return err
		}
		return c.Redirect("/r/"+issued.Token, fiber.StatusSeeOther)
	}
	of, err := campaigns.CampaignAt(c.UserContext(), p.DB, here(c), d.CampaignID)
	if err != nil {
		return err
	}
	v := donationView{Donation: d, Campaign: of, Title: of.Title(lang(c)), Own: own, Here: c.Path(), FormID: page.BlankForm(c).FormID()}
	if err := errors.Join(p.step(c, &v), p.becameOf(c.UserContext(), p.DB, here(c), &v), p.poolsFor(c, &v)); err != nil {
		return err
	}
	if v.BookedAs != nil {
		return c.Redirect(p.giftURL(c, *v.BookedAs), fiber.StatusSeeOther)
	}
	if v.Step == stepGo {
		c.Set(fiber.HeaderReferrerPolicy, companyReferrer)
	}
	return keepOut(c, page.Render(c, "public/donation", v))
}

// keepOut keeps a page of one person's out of caches and search engines.
func keepOut(c *fiber.Ctx, err error) error {
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	c.Set("X-Robots-Tag", "noindex")
	return err
}
