package public

import (
	"errors"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/pledge"
	"fund/ledger/money"
	"fund/web/page"
)

// What the refusals of promises mean to a reader.
func init() {
	page.Meaning(pledge.ErrDay, fiber.StatusConflict, "error.promise_day")
	page.Meaning(pledge.ErrPause, fiber.StatusConflict, "error.promise_day")
	page.Meaning(pledge.ErrNoOne, fiber.StatusConflict, "error.promise_no_one")
	page.Meaning(pledge.ErrFull, fiber.StatusConflict, "error.promise_full")
	page.Meaning(pledge.ErrKept, fiber.StatusConflict, "error.promise_kept")
}

// ownDay is the choice beside the suggested days.
const ownDay = "own"

type promiseView struct {
	card
	Form *page.Form
	Days []page.Option
}

// PledgeForm asks what somebody promises, and by when.
func (p *Pages) PledgeForm(c *fiber.Ctx) error {
	v, err := p.promiseView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "public/pledge_new", v)
}

func (p *Pages) promiseView(c *fiber.Ctx, f *page.Form) (v promiseView, err error) {
	found, err := p.shown(c)
	if err != nil {
		return v, err
	}
	s, err := p.shelf(c)
	if err != nil {
		return v, err
	}
	if v.card = s.card(found); !v.Open || !page.Of(c).Mail { // without letters nobody is reminded
		return v, campaigns.ErrNotOpen
	}
	v.Form = f.Label("amount", "pledge.field.amount").Label("by", "pledge.field.by").Label("own", "pledge.field.own").
		Label("name", "pledge.field.name").Label("email", "pledge.field.email")
	for _, each := range []struct {
		key string
		day time.Time
	}{
		{"pledge.by.week", s.today.AddDate(0, 0, 7)}, {"pledge.by.month", s.today.AddDate(0, 1, 0)}, {"pledge.by.end", found.EndsOn},
	} {
		if iso := each.day.Format(time.DateOnly); !each.day.After(found.EndsOn) && !has(v.Days, iso) {
			v.Days = append(v.Days, page.Option{Value: iso, Label: page.Of(c).T(each.key), Hint: page.Of(c).Lang.ShortDate(each.day)})
		}
	}
	v.Days = append(v.Days, page.Option{Value: ownDay, Label: page.Of(c).T("pledge.by.own")})
	return v, nil
}

func has(options []page.Option, value string) bool {
	return slices.ContainsFunc(options, func(o page.Option) bool { return o.Value == value })
}

// readDay reads one of the days on the page, or the one typed beside them.
func readDay(f *page.Form, field string, days []page.Option) (day time.Time) {
	var among []string
	for _, o := range days {
		among = append(among, o.Value)
	}
	if chosen := f.Choice(field, among); chosen != ownDay {
		day, _ = time.Parse(time.DateOnly, chosen)
		return day
	}
	return f.Date(ownDay)
}

// MakePledge writes a promise down, and shows its giver the page of their own.
func (p *Pages) MakePledge(c *fiber.Ctx) error {
	v, err := p.promiseView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	s := pledge.Promise{
		ID: v.Form.Once(v.Slug, "amount", "by", "own", "name", "email"), Campaign: v.Slug, Amount: v.Form.Amount("amount"),
		DueOn: readDay(v.Form, "by", v.Days), Name: oneLine(v.Form.Text("name", 40, page.Optional)), Email: v.Form.Email("email"), Lang: lang(c), At: p.Now(),
	}
	if campaigns.MaxGift.Less(s.Amount) {
		v.Form.Wrong("amount", "give.wrong.maximum", "max", campaigns.MaxGift.YuanShort())
	}
	if v.Form.AnyWrong() {
		return page.Again(c, "public/pledge_new", v)
	}
	if v.Form.Typed(trap) != "" || p.tooQuick(v.Form) {
		return page.TooMany{RetryAfter: brakeAgain}
	}
	made, err := p.promise(c, s)
	switch {
	case errors.Is(err, campaigns.ErrBelowMinimum):
		v.Form.Wrong("amount", "give.wrong.minimum", "min", v.Minimum.YuanShort())
	case errors.Is(err, pledge.ErrDay):
		v.Form.Wrong("own", "pledge.wrong.day", "day", page.Of(c).Lang.Date(v.EndsOn))
	case err != nil:
		return err
	default:
		return page.Done(c, "/pledges/"+made.Token, "pledge.made")
	}
	return page.Again(c, "public/pledge_new", v)
}

func (p *Pages) promise(c *fiber.Ctx, s pledge.Promise) (made pledge.Pledge, err error) {
	community, err := p.community(c)
	if err != nil {
		return made, err
	}
	err = p.inTx(c, func(tx *sqlx.Tx) error {
		made, err = pledge.Make(c.UserContext(), tx, community, s)
		return err
	})
	return made, err
}

type pledgeView struct {
	pledge.Pledge
	Title    string
	Form     *page.Form
	Ways     []page.Option
	CanPay   bool
	Overdue  bool
	Reminder *time.Time // the day of the next letter, if there will be one
}

// ownPledge is the pledge whose token the address has, kept out of caches and of
// the addresses that a browser tells to others.
func (p *Pages) ownPledge(c *fiber.Ctx) (pledge.Pledge, error) {
	secret(c)
	return pledge.ByToken(c.UserContext(), p.DB, here(c), c.Params("token"))
}

// secret keeps a page whose address is a key to itself.
func secret(c *fiber.Ctx) {
	_ = keepOut(c, nil)
	c.Set(fiber.HeaderReferrerPolicy, "same-origin")
}

// Pledge is the giver's own page of a promise: pay it, or take it back.
func (p *Pages) Pledge(c *fiber.Ctx) error {
	found, err := p.ownPledge(c)
	if err != nil {
		return err
	}
	v, err := p.pledgeView(c, found, payForm(page.BlankForm(c)).Set("amount", money.Min(found.Left(), campaigns.MaxGift).String()))
	if err != nil {
		return err
	}
	return page.Render(c, "public/pledge", v)
}

// payForm names the fields of the form that keeps a promise.
func payForm(f *page.Form) *page.Form {
	return f.Label("amount", "pledge.field.pay").Label("pay", "give.field.pay")
}

func (p *Pages) pledgeView(c *fiber.Ctx, found pledge.Pledge, f *page.Form) (v pledgeView, err error) {
	community, err := p.community(c)
	if err != nil {
		return v, err
	}
	of, err := campaigns.CampaignAt(c.UserContext(), p.DB, community.ID, found.CampaignID)
	if err != nil {
		return v, err
	}
	today := community.Day(p.Now())
	v = pledgeView{Pledge: found, Title: found.Title(lang(c)), Form: f, Ways: p.ways(c)}
	v.CanPay = (found.State == pledge.Open || found.State == pledge.Lapsed) && of.Open(today) && len(v.Ways) > 0
	v.Overdue = today.After(found.DueOn)
	if letter := found.Letter(); letter.After(today) {
		v.Reminder = &letter
	}
	if f.Typed("pay") == "" && len(v.Ways) > 0 {
		f.Set("pay", v.Ways[0].Value)
	}
	return v, nil
}

// PayPledge starts the donation that keeps a promise, and sends its giver to pay.
func (p *Pages) PayPledge(c *fiber.Ctx) error {
	found, err := p.ownPledge(c)
	if err != nil {
		return err
	}
	f := payForm(page.ReadForm(c))
	start := found.Gift(f.Amount("amount"), p.Now())
	start.ID, start.Method, start.Lang = f.Once(found.ID.String(), "amount", "pay"), p.readWay(c, f), lang(c)
	if !f.AnyWrong() {
		err = p.keep(c, start)
	}
	switch {
	case errors.Is(err, campaigns.ErrBelowMinimum), errors.Is(err, campaigns.ErrAboveMaximum):
		f.Wrong("amount", "pledge.wrong.amount", "max", campaigns.MaxGift.YuanShort())
	case err != nil || !f.AnyWrong():
		return err
	}
	v, err := p.pledgeView(c, found, f)
	if err != nil {
		return err
	}
	return page.Again(c, "public/pledge", v)
}

// keep starts a donation that keeps a promise, and sends its giver to pay.
func (p *Pages) keep(c *fiber.Ctx, start campaigns.Start) error {
	community, err := p.community(c)
	if err != nil {
		return err
	}
	_, to, err := p.begin(c, community, start)
	if err != nil {
		return err
	}
	return c.Redirect(to, fiber.StatusSeeOther)
}

// CancelPledge takes a promise back. Nobody asks why.
func (p *Pages) CancelPledge(c *fiber.Ctx) error {
	found, err := p.ownPledge(c)
	if err != nil {
		return err
	}
	err = p.inTx(c, func(tx *sqlx.Tx) error {
		return pledge.Cancel(c.UserContext(), tx, here(c), found.ID, "", p.Now())
	})
	if err != nil {
		return err
	}
	changed(c)
	return page.Done(c, "/pledges/"+found.Token, "pledge.cancelled")
}

// ToPledge sends whoever reloads a page that came of a POST to the pledge.
func (p *Pages) ToPledge(c *fiber.Ctx) error {
	found, err := p.ownPledge(c)
	if err != nil {
		return err
	}
	return c.Redirect(page.Of(c).URL("/pledges/"+found.Token), fiber.StatusSeeOther)
}
