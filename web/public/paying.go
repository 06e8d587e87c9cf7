package public

import (
	"context"
	"errors"
	"math"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/payment"
	"fund/campaigns/pledge"
	"fund/ledger"
	"fund/web/page"
)

// wayOrder is the order in which a donor reads the ways to pay; the first that
// is enabled is the usual one.
var wayOrder = []string{"wechat", "alipay", "sandbox", "transfer", campaigns.CashPayee}

// ways are the enabled ways to pay.
func (p *Pages) ways(c *fiber.Ctx) (ways []page.Option) {
	for _, name := range wayOrder {
		if _, err := p.Providers.Named(name); err == nil {
			ways = append(ways, page.Option{Value: name, Label: page.Of(c).T("pay." + name), Hint: page.Of(c).T("paying.hint." + name)})
		}
	}
	return ways
}

// readWay reads how the donor pays; whoever chose nothing pays in the usual way.
func (p *Pages) readWay(c *fiber.Ctx, f *page.Form) string {
	var names []string
	for _, way := range p.ways(c) {
		names = append(names, way.Value)
	}
	if f.Typed("pay") == "" && len(names) > 0 {
		f.Set("pay", names[0])
	}
	return f.Choice("pay", names)
}

// order is what a provider needs to know beside the donation itself.
func (p *Pages) order(c *fiber.Ctx, provider payment.Provider, s campaigns.Start) payment.Order {
	base := page.SiteOf(c).URL(page.Of(c).URL(""))
	order := payment.Order{
		NotifyURL: base + "/pay/" + provider.Name() + "/notify", ReturnURL: page.SiteOf(c).URL(p.giftURL(c, s.ID)), Client: clientOf(c, provider), ClientIP: c.IP(),
	}
	if merchant, ok := provider.(payment.Merchant); ok {
		order.Payee = merchant.Payee()
	}
	return order
}

// clientOf is what the donor holds. The pretend company has its page on any.
func clientOf(c *fiber.Ctx, provider payment.Provider) payment.Client {
	agent := c.Get(fiber.HeaderUserAgent)
	for _, sign := range []string{"Mobile", "Android", "iPhone", "HarmonyOS"} {
		if strings.Contains(agent, sign) {
			return payment.Phone
		}
	}
	if _, pretend := provider.(*payment.Sandbox); pretend {
		return payment.Phone
	}
	for _, sign := range []string{"Windows NT", "Macintosh", "X11", "CrOS"} {
		if strings.Contains(agent, sign) {
			return payment.Desktop
		}
	}
	return payment.Phone
}

// inWeChat tells whether the page stands in WeChat's own browser, which opens
// neither company's page for phones.
func inWeChat(c *fiber.Ctx) bool {
	return strings.Contains(c.Get(fiber.HeaderUserAgent), "MicroMessenger")
}

// taken tells whether a provider sends the donor to a company.
func taken(method string) bool { return method == "wechat" || method == "alipay" }

// later is a provider that is asked for its checkout only when the donor is
// where it can be used.
type later struct{ payment.Provider }

func (later) Checkout(context.Context, payment.Order) (payment.Checkout, error) {
	return payment.Checkout{Kind: payment.Instructions}, nil
}

// begin starts a donation and sends its donor on: to the company, or to the
// donation's own page, which shows a code or says what to do.
func (p *Pages) begin(c *fiber.Ctx, community ledger.Community, start campaigns.Start) (d campaigns.Donation, to string, err error) {
	provider, err := p.Providers.Named(start.Method)
	if err != nil {
		return d, "", err
	}
	order := p.order(c, provider, start)
	if taken(start.Method) && inWeChat(c) {
		provider = later{provider}
	}
	d, checkout, err := campaigns.StartDonation(c.UserContext(), p.DB, community, provider, start, order)
	if err != nil {
		return d, "", err
	}
	to = p.giftURL(c, d.ID)
	if checkout.Kind != payment.Redirect {
		return d, to, payment.KeepCheckout(c.UserContext(), p.DB, community.ID, d.ID, checkout, p.Now())
	}
	if strings.HasPrefix(checkout.URL, page.SiteOf(c).URL("/")) { // the pretend company's page
		return d, checkout.URL, nil
	}
	return d, to + "?go=1", payment.KeepCheckout(c.UserContext(), p.DB, community.ID, d.ID, checkout, p.Now())
}

// checkout is what the company gave for a pending donation, or gives now.
func (p *Pages) checkout(c *fiber.Ctx, d campaigns.Donation) (out payment.Checkout, err error) {
	provider, err := p.Providers.Named(d.Method)
	if err != nil {
		return out, err
	}
	order := p.order(c, provider, campaigns.Start{ID: d.ID})
	kind := payment.Redirect
	if order.Client == payment.Desktop {
		kind = payment.QR
	}
	out, kept, err := payment.KeptCheckout(c.UserContext(), p.DB, here(c), d.ID, kind, p.Now())
	if err != nil || kept {
		return out, err
	}
	community, err := p.community(c)
	if err != nil {
		return out, err
	}
	if out, err = campaigns.AskCheckout(c.UserContext(), p.DB, community, provider, d, lang(c), order); err != nil {
		return out, err
	}
	return out, payment.KeepCheckout(c.UserContext(), p.DB, community.ID, d.ID, out, p.Now())
}

// Pay sends the donor of a pending donation to the company.
func (p *Pages) Pay(c *fiber.Ctx) error {
	d, err := p.ownGift(c)
	if err != nil {
		return err
	}
	home := p.giftURL(c, d.ID)
	if d.State != campaigns.Pending || taken(d.Method) && inWeChat(c) {
		return c.Redirect(home, fiber.StatusSeeOther)
	}
	out, err := p.checkout(c, d)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderReferrerPolicy, companyReferrer)
	if out.Kind != payment.Redirect {
		return c.Redirect(home, fiber.StatusSeeOther)
	}
	return keepOut(c, c.Redirect(out.URL, fiber.StatusSeeOther))
}

// companyReferrer lets a company see from which site the donor comes, which
// WeChat Pay asks for, and nothing more.
const companyReferrer = "strict-origin-when-cross-origin"

// ownGift is the donation whose signed address this is; to anybody else it is
// not there.
func (p *Pages) ownGift(c *fiber.Ctx) (d campaigns.Donation, err error) {
	id, own, err := giftAt(c, "id")
	if err != nil || !own {
		return d, errors.Join(err, page.ErrNotFound)
	}
	return campaigns.FindDonation(c.UserContext(), p.DB, here(c), id)
}

// ToDonation sends whoever reloads the address of a button back to the page it stands on.
func (p *Pages) ToDonation(c *fiber.Ctx) error {
	if _, err := p.ownGift(c); err != nil {
		return err
	}
	return c.Redirect(page.Of(c).URL("/donations/"+c.Params("id")), fiber.StatusSeeOther)
}

// AskPaid is pressed by a donor who has paid: the company is asked at once.
func (p *Pages) AskPaid(c *fiber.Ctx) error {
	d, err := p.ownGift(c)
	if err != nil {
		return err
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	provider, err := p.Providers.Named(d.Method)
	if err != nil {
		return err
	}
	_, err = campaigns.SettleDonation(c.UserContext(), p.DB, community, provider, p.Receive, d, p.Now())
	if err != nil && !errors.Is(err, payment.ErrProviderDown) && !errors.Is(err, campaigns.ErrState) {
		return err
	}
	if d, err = campaigns.FindDonation(c.UserContext(), p.DB, community.ID, d.ID); err != nil {
		return err
	}
	if d.State == campaigns.Pending {
		return page.Done(c, strings.TrimPrefix(p.giftURL(c, d.ID), page.Of(c).URL("")), "paying.not_yet")
	}
	return c.Redirect(p.giftURL(c, d.ID), fiber.StatusSeeOther)
}

// Renew starts the same gift again, whose order has ended unpaid.
func (p *Pages) Renew(c *fiber.Ctx) error {
	d, err := p.ownGift(c)
	if err != nil {
		return err
	}
	if d.State != campaigns.Failed && (d.State != campaigns.Pending || !p.expired(d)) {
		return c.Redirect(p.giftURL(c, d.ID), fiber.StatusSeeOther)
	}
	of, err := campaigns.CampaignAt(c.UserContext(), p.DB, here(c), d.CampaignID)
	if err != nil {
		return err
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	again := campaigns.Start{
		ID: page.ReadForm(c).Once("again " + d.ID.String()), Campaign: of.Slug, Amount: d.Amount, Method: d.Method, Lang: lang(c), Message: d.Message,
		ShowName: d.ShowName, ShowMessage: d.ShowMessage, At: p.Now(), With: pledge.Instead(here(c), d.ID),
	}
	if d.DonorID != nil {
		again.Donor = *d.DonorID
	}
	_, to, err := p.begin(c, community, again)
	if err != nil {
		return err
	}
	return c.Redirect(to, fiber.StatusSeeOther)
}

// expired tells whether the company takes no money for the donation any more.
func (p *Pages) expired(d campaigns.Donation) bool {
	return taken(d.Method) && p.Now().After(d.CreatedAt.Add(campaigns.PaymentWait))
}

// minutesLeft is how long a code can still be used, at least a minute.
func (p *Pages) minutesLeft(d campaigns.Donation) int {
	return max(1, int(math.Ceil(d.CreatedAt.Add(campaigns.PaymentWait).Sub(p.Now()).Minutes())))
}

// Steps of a pending donation: what its donor sees next.
const (
	stepScan      = "scan"      // a code, on a desktop
	stepGo        = "go"        // to the company, on a phone
	stepElsewhere = "elsewhere" // WeChat's browser cannot pay here
	stepTransfer  = "transfer"
	stepDesk      = "desk"
	stepExpired   = "expired"
	stepWait      = "wait" // somebody else's, or nothing can be done but wait
)

// step finds what the donor of a pending donation sees next.
func (p *Pages) step(c *fiber.Ctx, v *donationView) (err error) {
	v.Step = stepWait
	if !v.Own || v.State != campaigns.Pending {
		return nil
	}
	v.Until, v.Minutes = v.CreatedAt.Add(campaigns.PaymentWait), p.minutesLeft(v.Donation)
	switch provider, missing := p.Providers.Named(v.Method); {
	case missing != nil:
	case v.Method == "transfer", v.Method == campaigns.CashPayee:
		return p.byHand(c, v, provider)
	case p.expired(v.Donation):
		v.Step = stepExpired
	case taken(v.Method) && inWeChat(c):
		v.Step = stepElsewhere
	case clientOf(c, provider) == payment.Desktop:
		v.Step = stepScan
		var out payment.Checkout
		out, err = p.checkout(c, v.Donation)
		if v.Code = out.URL; errors.Is(err, payment.ErrRefused) { // the company closed the order
			v.Step, err = stepExpired, nil
		}
	default:
		v.Step, v.Go = stepGo, c.Query("go") != "" && taken(v.Method)
	}
	return err
}

// byHand is what a donor needs who transfers, or brings cash.
func (p *Pages) byHand(c *fiber.Ctx, v *donationView, provider payment.Provider) (err error) {
	v.Step = stepDesk
	v.Reference, err = payment.ReferenceOf(c.UserContext(), p.DB, here(c), v.ID)
	if transfer, ok := provider.(*payment.Transfer); ok {
		v.Step, v.Slip = stepTransfer, transfer.Slip(v.Amount, v.Reference)
	}
	return err
}

// becameOf finds what was decided about a donation whose payment did not fit.
func (p *Pages) becameOf(ctx context.Context, q sqlx.QueryerContext, community int, v *donationView) error {
	if v.State != campaigns.Quarantined || !v.Own {
		return nil
	}
	aside, err := campaigns.QuarantinedOf(ctx, q, community, v.ID)
	if errors.Is(err, campaigns.ErrNotFound) {
		return nil
	}
	if v.SentBack = aside.Action == campaigns.SentBack; aside.BookedAs != nil {
		v.BookedAs = aside.BookedAs
	}
	return err
}

// Waiting tells whether the page asks again by itself: news may come any moment.
func (v donationView) Waiting() bool {
	return v.State == campaigns.Pending && (v.Step == stepScan || v.Step == stepGo || v.Step == stepWait)
}
