package main

import (
	"context"
	"errors"
	"time"

	"fund/campaigns/pledge"
	"fund/ledger"
	"fund/web/mail"
)

// promises are the outbox's handlers of letters about pledges and monthly giving.
func (l letters) promises() pledge.Following {
	f := pledge.Following{DB: l.env.app, Now: time.Now}
	if l.post.On() {
		f.Send = l.promise
	}
	return f
}

// promise reminds somebody of what they promised.
func (l letters) promise(ctx context.Context, about pledge.Letter) error {
	home, lang := "/c/"+about.Community.Slug, about.To.Lang
	var content mail.Content
	var stop string
	switch p, m := about.Pledge, about.Plan; {
	case p != nil:
		content = mail.PledgeDue{
			Amount: p.Amount, Received: p.Received, Left: p.Left(), Campaign: p.Title(lang), Due: p.DueOn, Late: about.Occasion == pledge.After,
			Path: home + "/pledges/" + p.Token,
		}
	case about.Occasion == pledge.CampaignOver:
		content = mail.MonthlyOver{Campaign: m.Title(lang), Gifts: m.Gifts, Given: m.Given, Path: home + "/monthly/" + m.Token}
	default:
		content = mail.MonthlyDue{Amount: m.Amount, Campaign: m.Title(lang), Path: home + "/monthly/" + m.Token}
		stop = home + "/monthly/" + m.Token + "/unsubscription"
	}
	letter := donorLetter(about.To, about.Key, content)
	letter.Unsubscribe = stop
	return l.post.Send(ctx, about.Community, letter)
}

// remind enqueues the letters about promises that are due.
func remind(ctx context.Context, e *env) error {
	communities, err := ledger.ListCommunities(ctx, e.app)
	for _, c := range communities {
		err = errors.Join(err, pledge.RunDue(ctx, e.app, c, time.Now()))
	}
	return err
}
