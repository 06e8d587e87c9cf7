package auth

import (
	"context"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
)

// Vouch proves who somebody is beside the one who is logged in, as the second
// person of two at one device does, and opens no session. Errors as for LogIn,
// and ErrForbidden where they may not do p in the community, or have yet to
// choose a password of their own.
func (g *Gate) Vouch(ctx context.Context, db *sqlx.DB, community int, p Permission, login, password, totp string, from From) (u User, err error) {
	asked := proof{login: normalLogin(login), password: password, code: totp, wantCode: true, from: from}
	err = g.prove(ctx, db, asked, func(tx *sqlx.Tx, user uuid.UUID) error {
		if u, err = g.FindUser(ctx, tx, user); err != nil {
			return err
		}
		if u.PasswordTemporary || u.MustEnrol || !u.Can(p, community) {
			return ErrForbidden
		}
		return Record(ctx, tx, Event{Community: community, User: user, Verb: "session.vouch", Subject: UserSubject(user), From: from, Detail: map[string]any{"for": string(p)}})
	})
	return u, err
}
