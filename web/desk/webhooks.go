package desk

import (
	"context"
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/webhook"
	"fund/web/page"
)

func init() { page.Meaning(webhook.ErrNotFound, fiber.StatusNotFound, "error.missing") }

// deliveriesShown is how much of a subscriber's log a page shows.
const deliveriesShown = 50

// webhooksView lists the subscribers, with the form for another.
type webhooksView struct {
	Subscribers []webhook.Subscriber
	Form        *page.Form
	Kinds       []string
	Pretend     bool
}

// EventField is the name of the box for a kind of event.
func (webhooksView) EventField(kind string) string { return eventField(kind) }

func eventField(kind string) string { return "event_" + strings.ReplaceAll(kind, ".", "_") }

// hookForm names the field of the address, and the boxes of the events.
func hookForm(f *page.Form) *page.Form {
	f.Label("url", "webhook.field.url")
	for _, kind := range webhook.Kinds {
		f.Label(eventField(kind), "webhook.kind."+strings.ReplaceAll(kind, ".", "_"))
	}
	return f
}

// Webhooks lists the programs that are told of what is new.
func (p *Pages) Webhooks(c *fiber.Ctx) error {
	f := page.BlankForm(c)
	for _, kind := range webhook.Kinds {
		f.Set(eventField(kind), "yes")
	}
	v, err := p.webhooksView(c, f)
	if err != nil {
		return err
	}
	return page.Render(c, "desk/webhooks", v)
}

func (p *Pages) webhooksView(c *fiber.Ctx, f *page.Form) (v webhooksView, err error) {
	v = webhooksView{Form: hookForm(f), Kinds: webhook.Kinds, Pretend: p.Hooks.Pretend}
	v.Subscribers, err = webhook.List(c.UserContext(), p.DB, page.Of(c).Community.ID)
	return v, err
}

// chosenEvents are the kinds whose boxes are ticked.
func chosenEvents(f *page.Form) (events []string) {
	for _, kind := range webhook.Kinds {
		if f.Bool(eventField(kind)) {
			events = append(events, kind)
		}
	}
	return events
}

// AddWebhook registers a program and shows its secret, once: in the answer itself, for a redirect would have to keep it.
func (p *Pages) AddWebhook(c *fiber.Ctx) error {
	f := hookForm(page.ReadForm(c))
	s := webhook.Subscriber{URL: f.Text("url", 400), Events: chosenEvents(f)}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	if !f.AnyWrong() {
		err = p.act(c, "webhook.add", "webhook:"+hostOf(s.URL), nil, func(tx *sqlx.Tx, who string) (err error) {
			s, err = webhook.Add(c.UserContext(), tx, community, s, p.Crier, who, p.Now())
			return err
		})
	}
	switch {
	case errors.Is(err, webhook.ErrAddress):
		f.Wrong("url", "webhook.wrong.url")
	case errors.Is(err, webhook.ErrEvents):
		f.Wrong(eventField(webhook.EntriesPosted), "webhook.wrong.events")
	case errors.Is(err, webhook.ErrTooMany):
		f.Wrong("url", "webhook.wrong.full", "most", webhook.SubscribersMax)
	case err != nil:
		return err
	}
	if f.AnyWrong() {
		v, err := p.webhooksView(c, f)
		if err != nil {
			return err
		}
		return page.Again(c, "desk/webhooks", v)
	}
	return page.Render(c, "desk/webhook_secret", secretOnce{s, p.Hooks.Secret(community.ID, s), false})
}

// hostOf is what the audit log keeps of an address: a path may hold what is theirs alone.
func hostOf(address string) string {
	host, _, _ := strings.Cut(strings.TrimPrefix(address, "https://"), "/")
	return host
}

// secretOnce is the page that shows a secret, once.
type secretOnce struct {
	webhook.Subscriber
	Secret  string
	Rotated bool // the one before holds for a while
}

// webhookView is one subscriber with its log.
type webhookView struct {
	webhook.Subscriber
	Form    *page.Form
	Kinds   []string
	Log     []webhook.Delivery
	Pretend bool
}

// EventField is the name of the box for a kind of event.
func (webhookView) EventField(kind string) string { return eventField(kind) }

// subscriberHere is the subscriber that the address names.
func (p *Pages) subscriberHere(c *fiber.Ctx) (webhook.Subscriber, error) {
	id, err := uuid.Parse(c.Params("subscriber"))
	if err != nil {
		return webhook.Subscriber{}, page.ErrNotFound
	}
	return webhook.Find(c.UserContext(), p.DB, page.Of(c).Community.ID, id)
}

// Webhook shows one: what it is told of, what arrived, and what can be done about it.
func (p *Pages) Webhook(c *fiber.Ctx) error {
	s, err := p.subscriberHere(c)
	if err != nil {
		return err
	}
	v := webhookView{Subscriber: s, Form: hookForm(page.BlankForm(c)), Kinds: webhook.Kinds, Pretend: p.Hooks.Pretend}
	for _, kind := range s.Events {
		v.Form.Set(eventField(kind), "yes")
	}
	if v.Log, err = webhook.Deliveries(c.UserContext(), p.DB, page.Of(c).Community.ID, s.ID, deliveriesShown); err != nil {
		return err
	}
	return page.Render(c, "desk/webhook", v)
}

// ToWebhook leads from the address of a button to the page it stands on.
func (p *Pages) ToWebhook(c *fiber.Ctx) error {
	s, err := p.subscriberHere(c)
	if err != nil {
		return err
	}
	return c.Redirect(page.Of(c).URL("/desk/webhooks/"+s.ID.String()), fiber.StatusSeeOther)
}

// ChooseEvents changes what a subscriber is told of.
func (p *Pages) ChooseEvents(c *fiber.Ctx) error {
	events := chosenEvents(page.ReadForm(c))
	return p.moveWebhook(c, "choose", func(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID) error {
		return webhook.Choose(ctx, tx, community, id, events)
	})
}

// webhookSteps are the buttons, by the last word of their addresses.
func (p *Pages) webhookSteps() map[string]webhookVerb {
	return map[string]webhookVerb{
		"pause": webhook.Pause, "resume": webhook.Resume, "removal": webhook.Remove,
		"test": func(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID) error {
			return webhook.Test(ctx, tx, community, id, p.Now())
		},
	}
}

type webhookVerb func(ctx context.Context, tx *sqlx.Tx, community int, id uuid.UUID) error

// MoveWebhook pauses, resumes, tests or removes a subscriber.
func (p *Pages) MoveWebhook(c *fiber.Ctx) error {
	verb, ok := p.webhookSteps()[c.Params("step")]
	if !ok {
		return page.ErrNotFound
	}
	return p.moveWebhook(c, c.Params("step"), verb)
}

func (p *Pages) moveWebhook(c *fiber.Ctx, step string, verb webhookVerb) error {
	s, err := p.subscriberHere(c)
	if err != nil {
		return err
	}
	err = p.act(c, "webhook."+step, "webhook:"+hostOf(s.URL), nil, func(tx *sqlx.Tx, _ string) error {
		return verb(c.UserContext(), tx, page.Of(c).Community.ID, s.ID)
	})
	to := "/desk/webhooks/" + s.ID.String()
	if step == "removal" {
		to = "/desk/webhooks"
	}
	if errors.Is(err, webhook.ErrEvents) {
		return page.Done(c, to, "webhook.wrong.events")
	}
	return done(c, err, to, "webhook.done."+step)
}

// RotateSecret gives a subscriber a new secret and shows it, once.
func (p *Pages) RotateSecret(c *fiber.Ctx) error {
	s, err := p.subscriberHere(c)
	if err != nil {
		return err
	}
	here := page.Of(c).Community.ID
	err = p.act(c, "webhook.rotate", "webhook:"+hostOf(s.URL), nil, func(tx *sqlx.Tx, _ string) error {
		return webhook.Rotate(c.UserContext(), tx, here, s.ID, p.Now())
	})
	if err == nil {
		s, err = p.subscriberHere(c)
	}
	if err != nil {
		return err
	}
	return page.Render(c, "desk/webhook_secret", secretOnce{s, p.Hooks.Secret(here, s), true})
}
