package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"

	"fund/campaigns"
	"fund/campaigns/receipt"
	"fund/ledger"
	"fund/web/i18n"
	"fund/web/issue"
	"fund/web/mail"
	"fund/web/pdf"
)

// demoSender is whom the demo's letters say they are from. Nothing is sent.
const demoSender = "gongzhang@demo.fund.local"

// newPost opens the way out for letters: to the server that the operator names, in the demo into a table, else to nowhere.
func newPost(e *env, o siteOptions) (*mail.Post, error) {
	options := mail.Options{DB: e.app, BaseURL: o.baseURL, Server: o.smtp, From: o.mailFrom, Log: e.log}
	if o.demo {
		options.Server, options.From, options.Keep = "", demoSender, true
	}
	post, err := mail.New(options)
	switch {
	case errors.Is(err, mail.ErrServer):
		err = usage("FUND_SMTP_URL is not an address such as smtp://user:password@mail.example.org:587 or smtps://…:465.",
			"FUND_SMTP_URL 不是邮件服务器的地址，例如 smtp://用户:密码@mail.example.org:587，或 smtps://…:465。")
	case errors.Is(err, mail.ErrSender):
		err = usage("FUND_MAIL_FROM is not the address letters come from, such as gongzhang@example.org.",
			"FUND_MAIL_FROM 不是寄信人的邮箱，例如 gongzhang@example.org。")
	}
	return post, err
}

// smtpURL is the server's address from the command line or the environment, or from the file that FUND_SMTP_URL_FILE names:
// it may hold a password.
func smtpURL(given string) (string, error) {
	path := os.Getenv("FUND_SMTP_URL_FILE")
	if given != "" || path == "" {
		return given, nil
	}
	text, err := readable(path)
	return strings.TrimSpace(text), err
}

// letters writes what donors are told by mail.
type letters struct {
	env  *env
	base string
	post *mail.Post
}

// follow gives the outbox's handlers their letters, where letters are sent.
func (l letters) follow(f campaigns.Following) campaigns.Following {
	if l.post.On() {
		f.Letter, f.RefundLetter = l.receipt, l.refund
	}
	return f
}

func donorLetter(to campaigns.Donor, key uuid.UUID, content mail.Content) mail.Letter {
	return mail.Letter{Key: key, To: mail.Person{Name: to.Name, Address: to.Email}, Lang: i18n.Lang(to.Lang), Content: content}
}

// receipt sends a donor's receipt, with the PDF.
func (l letters) receipt(ctx context.Context, c ledger.Community, d campaigns.Donation, to campaigns.Donor, key uuid.UUID) error {
	issued, err := receipt.Of(ctx, l.env.app, c.ID, d.ID)
	if err != nil {
		return err
	}
	facts, err := issue.FindReceipt(ctx, l.env.app, issued.Token)
	if err != nil {
		return err
	}
	lang := i18n.Lang(to.Lang)
	var drawn bytes.Buffer
	if err := pdf.Receipt(&drawn, facts.Doc(lang, l.base)); err != nil {
		return err
	}
	letter := donorLetter(to, key, mail.ReceiptReady{
		Amount: d.Amount, Campaign: facts.Purpose(lang), Number: issued.Serial(), Code: issued.CheckCode, Path: "/r/" + issued.Token, Attached: true,
		OwnPage: "/c/" + c.Slug + "/mine",
	})
	letter.Files = []mail.File{{Name: "receipt-" + issued.Serial() + ".pdf", Type: "application/pdf", Data: drawn.Bytes()}}
	return l.post.Send(ctx, c, letter)
}

// refund tells a donor that money goes back: why, and where to.
func (l letters) refund(ctx context.Context, c ledger.Community, d campaigns.Donation, r campaigns.Refund, to campaigns.Donor, key uuid.UUID) error {
	of, err := campaigns.CampaignAt(ctx, l.env.app, c.ID, d.CampaignID)
	if err != nil {
		return err
	}
	issued, err := receipt.Of(ctx, l.env.app, c.ID, d.ID)
	if err != nil {
		return err
	}
	title, path := of.Title(to.Lang), "/r/"+issued.Token
	z, err := campaigns.FindConclusion(ctx, l.env.app, c.ID, d.CampaignID)
	switch {
	case err == nil && z.Result == campaigns.GoalUnmet && r.Reason == campaigns.NotReached:
		return l.post.Send(ctx, c, donorLetter(to, key, mail.GoalMissed{
			Amount: r.Amount, Campaign: title, Goal: of.Goal, Raised: z.Raised, Back: wayBack(d), Path: path,
		}))
	case err != nil && !errors.Is(err, campaigns.ErrNotFound):
		return err
	}
	return l.post.Send(ctx, c, donorLetter(to, key, mail.RefundMade{
		Amount: r.Amount, Of: d.Amount, Campaign: title, Reason: r.Reason, Back: wayBack(d), Number: issued.Serial(), Path: path,
	}))
}

// wayBack is how a gift goes back: the way it came.
func wayBack(d campaigns.Donation) mail.Way {
	switch d.Method {
	case "cash":
		return mail.ByCash
	case "transfer":
		return mail.ByTransfer
	}
	return mail.ByProvider
}

// forgetLetters deletes what the log of letters remembers from too long ago.
func forgetLetters(ctx context.Context, e *env) error {
	return mail.Forget(ctx, e.app, time.Now().Add(-mail.Keep))
}
