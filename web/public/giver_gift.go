package public

import (
	"fmt"
	"io"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/giver"
	"fund/campaigns/voice"
	"fund/ledger"
	"fund/web/issue"
	"fund/web/page"
	"fund/web/pdf"
)

// giftView is one gift as its giver sees it.
type giftView struct {
	giver.Gift
	Giver     giver.Giver
	Year      int // of the community's calendar, for its receipts
	Trail     *trail
	Consents  []giver.ConsentChange
	Verdict   giver.Verdict
	Requests  []giver.Request
	Waiting   bool // a request for a refund waits for an answer
	Community ledger.Community
	Form      *page.Form
	Thanks    *postView           // of the campaign
	Letters   *voice.Subscription // about its updates
}

// May tells whether the reader may change something about the gift.
func (v giftView) May() bool { return v.Giver.May() == nil }

// MyGift tells where one gift went, and what its giver may do about it.
func (p *Pages) MyGift(c *fiber.Ctx) error {
	v, err := p.giftView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return keepOut(c, page.Render(c, "public/mine_gift", v))
}

func (p *Pages) giftView(c *fiber.Ctx, f *page.Form) (v giftView, err error) {
	v.Form = f.Label("reason", "mine.field.reason")
	if v.Giver, err = p.in(c); err != nil {
		return v, err
	}
	id, err := uuid.Parse(c.Params("gift"))
	if err != nil {
		return v, page.ErrNotFound
	}
	ctx := c.UserContext()
	if v.Gift, err = giver.FindGift(ctx, p.DB, v.Giver, id); err != nil {
		return v, err
	}
	if v.Community, err = p.community(c); err != nil {
		return v, err
	}
	v.Year = v.Community.Day(v.PaidAt).Year()
	if v.Trail, err = p.trail(c, id); err != nil {
		return v, err
	}
	if v.Consents, err = giver.Consents(ctx, p.DB, here(c), id); err != nil {
		return v, err
	}
	if v.Thanks, err = p.thanks(c, v.CampaignID); err != nil {
		return v, err
	}
	if v.Letters, err = voice.SubscriptionOf(ctx, p.DB, here(c), id); err != nil {
		return v, err
	}
	return v, p.judge(c, &v)
}

// judge finds what the giver may ask back, and what they asked for.
func (p *Pages) judge(c *fiber.Ctx, v *giftView) error {
	rule, err := giver.RuleOf(c.UserContext(), p.DB, here(c), v.CampaignID)
	if err != nil {
		return err
	}
	used, err := p.Streams.Used(c.UserContext(), p.DB, here(c), v.Gift)
	if err != nil {
		return err
	}
	v.Verdict = giver.Judge(rule, v.Community, v.Gift, used, p.Now())
	v.Requests, err = giver.RequestsOf(c.UserContext(), p.DB, here(c), v.ID)
	for _, r := range v.Requests {
		v.Waiting = v.Waiting || r.State == giver.Asked
	}
	return err
}

// SetConsent changes what the public may see of a gift, at once.
func (p *Pages) SetConsent(c *fiber.Ctx) error {
	f := page.ReadForm(c)
	v, err := p.giftView(c, f)
	if err != nil {
		return err
	}
	wish := giver.Consent{Name: f.Bool("show_name"), Message: f.Bool("show_message")}
	err = p.inTx(c, func(tx *sqlx.Tx) error {
		return giver.SetConsent(c.UserContext(), tx, v.Giver, v.Gift, wish, p.Now())
	})
	if err != nil {
		return err
	}
	page.SiteOf(c).Cache.Bump(here(c))
	return page.Done(c, giftPath(v.ID), "mine.consent_changed")
}

// AskRefund leaves a request for the treasurer.
func (p *Pages) AskRefund(c *fiber.Ctx) error {
	f := page.ReadForm(c)
	v, err := p.giftView(c, f)
	if err != nil {
		return err
	}
	reason := f.Text("reason", 200, page.Optional)
	if f.AnyWrong() {
		return keepOut(c, page.Again(c, "public/mine_gift", v))
	}
	err = p.inTx(c, func(tx *sqlx.Tx) error {
		return giver.AskRefund(c.UserContext(), tx, v.Giver, v.Gift, v.Verdict, f.Once(v.ID.String(), "reason"), reason, p.Now())
	})
	if err != nil {
		return err
	}
	return page.Done(c, giftPath(v.ID), "mine.refund_asked", "amount", v.Verdict.Amount.Yuan())
}

// ToGift sends whoever reloads the address of a form's POST back to the gift.
func (p *Pages) ToGift(c *fiber.Ctx) error {
	return c.Redirect(page.Of(c).URL(minePath+"/gifts/"+c.Params("gift")), fiber.StatusSeeOther)
}

// receiptsMax is how many receipts one document holds.
const receiptsMax = 10_000

// MyReceipts draws a year's receipts as one document; ?lang= is its language.
func (p *Pages) MyReceipts(c *fiber.Ctx) error {
	g, err := p.in(c)
	if err != nil {
		return err
	}
	year, err := yearAsked(c)
	if err != nil {
		return err
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	gifts, err := giver.GiftsOf(c.UserContext(), p.DB, community, g, year, receiptsMax)
	if err != nil {
		return err
	}
	if len(gifts) == 0 {
		return page.ErrNotFound
	}
	doc := issue.Giving(community, page.Of(c).Community.Host, docLang(c), year, gifts, page.SiteOf(c).URL(page.Of(c).URL("/verify")))
	return keepOut(c, page.DrawPDF(c, fmt.Sprintf("receipts-%d", year), func(w io.Writer) error { return pdf.Giving(w, doc) }))
}

// yearAsked reads ?year=.
func yearAsked(c *fiber.Ctx) (int, error) {
	year, err := strconv.Atoi(c.Query("year"))
	if err != nil || year < 1900 || year > 2200 {
		return 0, page.ErrNotFound
	}
	return year, nil
}
