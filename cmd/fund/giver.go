package main

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/giver"
	"fund/campaigns/pledge"
	"fund/campaigns/project"
	"fund/campaigns/receipt"
	"fund/campaigns/voice"
	"fund/ledger"
	"fund/ledger/money"
	"fund/web/mail"
	"fund/web/page"
	"fund/web/public"
)

// givers are the outbox's handlers of letters to givers about their own page.
func (l letters) givers(links giver.Links) giver.Posting {
	p := giver.Posting{DB: l.env.app, Links: links, Now: time.Now}
	if l.post.On() {
		p.Letter, p.Answer = l.giverLink, l.refundDeclined
	}
	return p
}

// giverLink sends a link to a giver's own page.
func (l letters) giverLink(ctx context.Context, c ledger.Community, to campaigns.Donor, purpose giver.Purpose, token string, key uuid.UUID) error {
	path, minutes := "/c/"+c.Slug+"/mine/link/"+token, int(giver.LinkLife.Minutes())
	var content mail.Content = mail.GiverLink{Path: path, Minutes: minutes}
	if purpose == giver.Address {
		content = mail.AddressConfirmation{Path: path, Minutes: minutes}
	}
	return l.post.Send(ctx, c, donorLetter(to, key, content))
}

// refundDeclined tells a giver why a gift does not go back.
func (l letters) refundDeclined(ctx context.Context, c ledger.Community, to campaigns.Donor, r giver.Request, key uuid.UUID) error {
	gift, err := giver.GiftAt(ctx, l.env.app, c.ID, r.Donation)
	if err != nil {
		return err
	}
	issued, err := receipt.Of(ctx, l.env.app, c.ID, r.Donation)
	if err != nil {
		return err
	}
	return l.post.Send(ctx, c, donorLetter(to, key, mail.RefundDeclined{
		Amount: r.Amount, Campaign: gift.Title(to.Lang), Reason: r.Answer, Path: "/r/" + issued.Token,
	}))
}

// forgets are what else is done when a giver is erased: their promises end, and
// what they asked, proposed and were sent no longer names them.
var forgets = []giver.Forget{endPromises, forgetVoice, forgetSubscription, forgetKept}

func endPromises(ctx context.Context, tx *sqlx.Tx, community int, donors []uuid.UUID, _ string, at time.Time) error {
	made, err := pledge.OfDonors(ctx, tx, community, donors)
	if err != nil {
		return err
	}
	for _, p := range made.Plans {
		if p.StoppedAs == "" {
			if err := pledge.Stop(ctx, tx, p, "donor", at); err != nil {
				return err
			}
		}
	}
	for _, p := range made.Pledges {
		if p.State == pledge.Open {
			if err := pledge.Cancel(ctx, tx, community, p.ID, "donor", at); err != nil {
				return err
			}
		}
	}
	return nil
}

func forgetVoice(ctx context.Context, tx *sqlx.Tx, community int, _ []uuid.UUID, email string, _ time.Time) error {
	if err := project.ForgetAddress(ctx, tx, community, email); err != nil {
		return err
	}
	return voice.ForgetAddress(ctx, tx, community, email)
}

func forgetKept(ctx context.Context, tx *sqlx.Tx, community int, _ []uuid.UUID, email string, _ time.Time) error {
	return mail.ForgetAddress(ctx, tx, community, email)
}

// plans are a giver's promises as their page lists them: what still runs or waits.
func plans(e *env) func(c *fiber.Ctx, g giver.Giver) ([]public.Plan, error) {
	return func(c *fiber.Ctx, g giver.Giver) (list []public.Plan, err error) {
		if g.Holds() {
			return nil, nil // a receipt opens its gift
		}
		made, err := pledge.OfMail(c.UserContext(), e.app, g.Community, g.Email)
		r, today := page.Of(c), time.Now()
		line := func(title string, a money.Amount, path, key string, day time.Time) {
			list = append(list, public.Plan{Campaign: title, Amount: a, URL: r.URL(path), Text: r.T("mine.plan."+key, "day", r.Lang.Date(day))})
		}
		for _, p := range made.Plans {
			switch phase := p.Phase(ledger.Day(r.Local(today).Date())); phase {
			case pledge.Running, pledge.Paused:
				line(p.Title(string(r.Lang)), p.Amount, "/monthly/"+p.Token, string(phase), p.Next(ledger.Day(r.Local(today).Date())))
			}
		}
		for _, p := range made.Pledges {
			if p.State == pledge.Open {
				line(p.Title(string(r.Lang)), p.Left(), "/pledges/"+p.Token, "pledged", p.DueOn)
			}
		}
		return list, err
	}
}
