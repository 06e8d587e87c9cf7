package public

import (
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"fund/campaigns"
	"fund/ledger/money"
	"fund/web/page"
)

// The brakes on programs: on those that fill in forms, and on those that try
// stolen cards with many small gifts, of which few are ever paid. Whoever is
// stopped by any of them gets the same answer, so that a program does not learn
// by which. The limit "donate" of the route comes first.
const (
	brakeWindow  = 10 * time.Minute
	smallTries   = 10  // small gifts that one address may start for one campaign within the window
	smallUnpaid  = 200 // small gifts to one campaign that may wait unpaid within the window
	unpaidFactor = 3   // unless so many of its gifts are paid that it is just busy
	brakeAgain   = time.Minute
)

// smallGift: a card is tried with less.
var smallGift = money.FromFen(1000)

// trap is a field that no person sees, and programs fill in.
const trap = "website"

// brake stops what looks like a program.
func (p *Pages) brake(c *fiber.Ctx, f *page.Form, start campaigns.Start) error {
	stopped := page.TooMany{RetryAfter: brakeAgain}
	if f.Typed(trap) != "" || p.tooQuick(f) {
		return stopped
	}
	if p.Allow == nil || !start.Amount.Less(smallGift) || start.Method == campaigns.CashPayee {
		return nil
	}
	of, err := p.shown(c)
	if err != nil {
		return err
	}
	allowed, _, err := p.Allow(c, "small:"+strconv.Itoa(here(c))+":"+strconv.Itoa(of.ID), smallTries, brakeWindow)
	if err != nil {
		return err
	}
	unpaid, paid, err := campaigns.Unpaid(c.UserContext(), p.DB, here(c), of.ID, smallGift, p.Now().Add(-brakeWindow))
	if err == nil && (!allowed || unpaid >= smallUnpaid && unpaid > unpaidFactor*paid) {
		err = stopped
	}
	return err
}

// tooQuick tells whether a form came back sooner than anybody can fill it in:
// it carries the time of its showing in its id.
func (p *Pages) tooQuick(f *page.Form) bool {
	if p.FillTime == 0 {
		return false
	}
	shown, err := uuid.Parse(f.Typed("form"))
	if err != nil || shown.Version() != 7 {
		return true
	}
	seconds, nanos := shown.Time().UnixTime()
	return p.Now().Sub(time.Unix(seconds, nanos)) < p.FillTime
}

// hold brakes programs, and lets a person look once more at a large gift; held
// tells that the page for that was shown.
func (p *Pages) hold(c *fiber.Ctx, f *page.Form, start campaigns.Start) (held bool, err error) {
	if err := p.brake(c, f, start); err != nil {
		return false, err
	}
	if p.LargeGift.IsZero() || start.Amount.Less(p.LargeGift) || campaigns.MaxGift.Less(start.Amount) || start.Method == campaigns.CashPayee {
		return false, nil
	}
	since, seen := p.pausedSince(c, f, start)
	left := p.LargeWait - p.Now().Sub(since)
	if seen && left <= 0 {
		return false, nil
	}
	return true, p.pause(c, f, start, since, left, seen)
}

// pausedSince reads when this very gift was first shown for a second look.
func (p *Pages) pausedSince(c *fiber.Ctx, f *page.Form, start campaigns.Start) (since time.Time, seen bool) {
	value, ok := page.SiteOf(c).Signed("pause", f.Typed("pause"))
	at, id, _ := strings.Cut(value, ".")
	millis, err := strconv.ParseInt(at, 10, 64)
	if !ok || err != nil || id != start.ID.String() {
		return p.Now(), false
	}
	return time.UnixMilli(millis), true
}

type pauseView struct {
	Gift    campaigns.Start
	Of      campaigns.Campaign
	Title   string
	Way     string
	Words   string // the amount in words
	Pause   string // since when, signed
	Seconds int    // till the button may be pressed
	Early   bool   // it was pressed before
	Fields  []page.Option
	Refunds bool // all gifts go back where the goal is missed
}

// pause shows a large gift once more: how much, what for, what of refunds.
func (p *Pages) pause(c *fiber.Ctx, f *page.Form, start campaigns.Start, since time.Time, left time.Duration, early bool) error {
	of, err := p.shown(c)
	if err != nil {
		return err
	}
	v := pauseView{
		Gift: start, Of: of, Title: of.Title(lang(c)), Way: page.Of(c).T("pay." + start.Method), Words: inWords(lang(c), start.Amount), Early: early,
		Pause:   page.SiteOf(c).Sign("pause", strconv.FormatInt(since.UnixMilli(), 10)+"."+start.ID.String()),
		Seconds: max(1, int((left+time.Second-1)/time.Second)), Refunds: of.Kind == campaigns.AllOrNothing,
	}
	for name, value := range c.Request().PostArgs().All() {
		if field := string(name); field != "csrf" && field != "pause" {
			v.Fields = append(v.Fields, page.Option{Label: field, Value: string(value)})
		}
	}
	if early {
		return keepOut(c, page.Again(c, "public/pause", v))
	}
	return keepOut(c, page.Render(c, "public/pause", v))
}
