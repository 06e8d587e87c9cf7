package main

import (
	"context"
	"errors"
	"time"

	"fund/campaigns/outbox"
	"fund/ledger"
	"fund/web/auth"
	"fund/web/desk"
	"fund/web/i18n"
	"fund/web/mail"
)

// people are the letters to staff, by the outbox's kinds. sign writes what only this installation can have written.
func (l letters) people(gate *auth.Gate, sign func(purpose, value string) string) map[string]outbox.Handler {
	return map[string]outbox.Handler{"password_reset": func(ctx context.Context, m outbox.Message) error {
		var about auth.ResetAsked
		if err := m.Read(&about); err != nil {
			return err
		}
		r, err := gate.FindReset(ctx, l.env.app, about.Reset)
		if errors.Is(err, auth.ErrResetOver) {
			return nil // too late for a letter
		}
		if err != nil {
			return err
		}
		c, err := ledger.CommunityAt(ctx, l.env.app, m.CommunityID)
		if err != nil {
			return err
		}
		return l.post.Send(ctx, c, mail.Letter{
			Key: m.ID, To: mail.Person{Name: r.User.Name, Address: r.User.Login}, Lang: i18n.Lang(r.Lang),
			Content: mail.PasswordReset{Path: desk.ResetPath + sign(desk.ResetPurpose, r.ID.String()), Minutes: int(auth.ResetLife / time.Minute)},
		})
	}}
}
