package giver

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
)

// A giver's browser forgets them sooner than the staff's: it may be a neighbour's.
const (
	sessionIdle     = time.Hour
	sessionAbsolute = 12 * time.Hour
)

func hashToken(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// Open lets a giver in and returns the token for the cookie: 256 random bits, of
// which only a hash is stored.
func Open(ctx context.Context, tx *sqlx.Tx, g Giver, at time.Time) (token string, err error) {
	defer wrap(&err, "giver.Open(%d)", g.Community)
	bits := make([]byte, 32)
	_, _ = rand.Read(bits) // never fails: the runtime stops the program instead
	token = base64.RawURLEncoding.EncodeToString(bits)
	donor, donation := uuid.NullUUID{UUID: g.Donor, Valid: !g.Holds()}, uuid.NullUUID{UUID: g.Donation, Valid: g.Holds()}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO giver.session (community_id, token_hash, donor_id, donation_id, created_at, seen_at) VALUES ($1, $2, $3, $4, $5, $5)`,
		g.Community, hashToken(token), donor, donation, at)
	return token, err
}

// In is the giver whose session has the token; ErrNotIn where there is none, it
// is too old or idle for too long, or its giver is erased.
func In(ctx context.Context, q sqlx.ExtContext, community int, token string, at time.Time) (g Giver, err error) {
	defer wrap(&err, "giver.In(%d)", community)
	if token == "" {
		return g, ErrNotIn
	}
	var s struct {
		Donor    uuid.NullUUID `db:"donor_id"`
		Donation uuid.NullUUID `db:"donation_id"`
		Seen     time.Time     `db:"seen_at"`
	}
	err = sqlx.GetContext(ctx, q, &s, `
		SELECT donor_id, donation_id, seen_at FROM giver.session WHERE community_id = $1 AND token_hash = $2 AND seen_at > $3 AND created_at > $4`,
		community, hashToken(token), at.Add(-sessionIdle), at.Add(-sessionAbsolute))
	if errors.Is(err, sql.ErrNoRows) {
		return g, ErrNotIn
	}
	if err != nil {
		return g, err
	}
	if s.Donation.Valid {
		g, err = holder(ctx, q, community, s.Donation.UUID)
	} else {
		g, err = byDonor(ctx, q, community, s.Donor.UUID)
	}
	if errors.Is(err, ErrNotFound) || errors.Is(err, sql.ErrNoRows) {
		return g, ErrNotIn
	}
	if err == nil && at.Sub(s.Seen) >= time.Minute {
		_, err = q.ExecContext(ctx, `UPDATE giver.session SET seen_at = $3 WHERE community_id = $1 AND token_hash = $2`, community, hashToken(token), at)
	}
	return g, err
}

// Leave ends a session. It is no error to be out already.
func Leave(ctx context.Context, q sqlx.ExecerContext, community int, token string) (err error) {
	defer wrap(&err, "giver.Leave(%d)", community)
	_, err = q.ExecContext(ctx, `DELETE FROM giver.session WHERE community_id = $1 AND token_hash = $2`, community, hashToken(token))
	return err
}

// Sweep deletes sessions and links that are over.
func Sweep(ctx context.Context, q sqlx.ExecerContext, at time.Time) (err error) {
	defer wrap(&err, "giver.Sweep")
	if _, err = q.ExecContext(ctx, `DELETE FROM giver.session WHERE seen_at < $1 OR created_at < $2`, at.Add(-sessionIdle), at.Add(-sessionAbsolute)); err != nil {
		return err
	}
	_, err = q.ExecContext(ctx, `DELETE FROM giver.link WHERE expires_at < $1`, at.Add(-LinkLife))
	return err
}
