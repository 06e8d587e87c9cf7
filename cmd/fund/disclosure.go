package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"golang.org/x/mod/sumdb/note"

	"fund/campaigns/disclosure"
	"fund/campaigns/voice"
	"fund/ledger"
	"fund/web/auth"
	"fund/web/i18n"
	"fund/web/issue"
	"fund/web/mail"
)

// disclosures are the outbox's handlers of letters about what the law wants told.
func (l letters) disclosures(gate *auth.Gate) disclosure.Following {
	f := disclosure.Following{DB: l.env.app, Now: time.Now}
	if !l.post.On() {
		return f
	}
	f.Takers = func(ctx context.Context, community, campaign int) (givers []uuid.UUID, err error) {
		list, err := voice.Followers(ctx, l.env.app, community, campaign)
		for _, one := range list {
			givers = append(givers, one.DonationID)
		}
		return givers, err
	}
	f.Tell = l.tellResult
	f.Remind = func(ctx context.Context, c ledger.Community, d disclosure.Duty, days int, key uuid.UUID) error {
		return l.remindStaff(ctx, gate, c, d, key)
	}
	return f
}

// tellResult sends a campaign's end report to one giver who still wants to know.
func (l letters) tellResult(ctx context.Context, c ledger.Community, d disclosure.Document, giver, key uuid.UUID) error {
	to, err := voice.FindFollower(ctx, l.env.app, c.ID, giver)
	if errors.Is(err, voice.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	home, figures := "/c/"+c.Slug, d.Content.Figures
	return l.post.Send(ctx, c, mail.Letter{
		Key: key, To: mail.Person{Name: to.Name, Address: to.Email}, Lang: i18n.Lang(to.Lang), Unsubscribe: home + "/letters/" + to.Token,
		Content: mail.EndReport{
			Campaign: d.Title(to.Lang), Number: d.Serial(), Raised: figures.RaisedSum().Sub(figures.Refunded), Spent: figures.SpentSum(), Left: figures.Left,
			Whole: !figures.Shared, Done: d.Content.Texts.Done(to.Lang), Path: home + "/documents/" + d.Serial(),
		},
	})
}

// remindStaff writes to everybody who may write the report and whose log-in is an address.
func (l letters) remindStaff(ctx context.Context, gate *auth.Gate, c ledger.Community, d disclosure.Duty, key uuid.UUID) error {
	users, err := gate.Users(ctx, l.env.app, c.ID)
	if err != nil {
		return err
	}
	content := mail.DisclosureDue{
		Report: issue.DisclosureTitle(i18n.Chinese, d.Kind), Subject: d.Subject.TitleZH, Due: d.Due, Days: d.DaysLeft(c.Day(time.Now())),
		Law: d.Rule.Law(string(i18n.Chinese)), Path: "/c/" + c.Slug + "/desk/disclosure/" + d.Key(),
	}
	var failed []error
	for _, u := range users {
		if !u.Can(auth.ManageCampaign, c.ID) || !strings.Contains(u.Login, "@") {
			continue
		}
		failed = append(failed, l.post.Send(ctx, c, mail.Letter{
			Key: mail.Key(key, u.ID), To: mail.Person{Name: u.Name, Address: u.Login}, Lang: i18n.Chinese, Content: content,
		}))
	}
	return errors.Join(failed...)
}

// remindOfDisclosure enqueues the letters about reports that will be due.
func remindOfDisclosure(ctx context.Context, e *env) error {
	return eachCommunity(ctx, e, func(tx *sqlx.Tx, c ledger.Community) error { return disclosure.Remind(ctx, tx, c, time.Now()) })
}

func checkDisclosure(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, _ note.Verifier) ([]finding, error) {
	return asFindings(disclosure.Check(ctx, q, c.ID))
}
