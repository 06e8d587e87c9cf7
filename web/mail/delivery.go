package mail

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	gomail "github.com/wneessen/go-mail"

	"fund/campaigns/outbox"
)

// ErrNotFound: there is no such letter in this community.
var ErrNotFound = errors.New("mail: not found")

// State is what became of a letter.
type State string

// Sent means that the server took it; what happens to it there nobody tells us.
const (
	Sent    State = "sent"
	Waiting State = "waiting" // the latest try failed, another may help
	Refused State = "refused" // no try will help
)

// Delivery is a line of the log: what became of a letter, not what it said.
type Delivery struct {
	ID        uuid.UUID `db:"id"` // the letter's Key
	Kind      string    `db:"kind"`
	Recipient string    `db:"recipient"` // masked
	State     State     `db:"state"`
	Reason    string    `db:"reason"` // why it was not sent, in the server's words
	Attempts  int       `db:"attempts"`
	At        time.Time `db:"at"`      // of the latest attempt
	Subject   string    `db:"subject"` // of a letter that was kept, else empty
}

// Deliveries lists a community's letters, the latest first.
func Deliveries(ctx context.Context, q sqlx.QueryerContext, community, limit int) (ds []Delivery, err error) {
	err = sqlx.SelectContext(ctx, q, &ds, `
		SELECT `+columns+` FROM mail.delivery d LEFT JOIN mail.kept k ON k.community_id = d.community_id AND k.id = d.id
		 WHERE d.community_id = $1 ORDER BY d.at DESC, d.id LIMIT $2`, community, limit)
	if err != nil {
		return nil, fmt.Errorf("mail: list deliveries: %w", err)
	}
	return ds, nil
}

const columns = `d.id, d.kind, d.recipient, d.state, d.reason, d.attempts, d.at, coalesce(k.subject, '') AS subject`

// Kept is a letter that the demo did not send.
type Kept struct {
	Delivery
	To   string `db:"kept_for"` // the whole address
	Text string `db:"plain"`
	HTML string `db:"html"`
	Raw  []byte `db:"raw"` // as it would have gone over the wire
}

// FindKept reads one of the demo's letters; ErrNotFound.
func FindKept(ctx context.Context, q sqlx.QueryerContext, community int, id uuid.UUID) (k Kept, err error) {
	err = sqlx.GetContext(ctx, q, &k, `
		SELECT `+columns+`, k.recipient AS kept_for, k.plain, k.html, k.raw
		  FROM mail.delivery d JOIN mail.kept k ON k.community_id = d.community_id AND k.id = d.id
		 WHERE d.community_id = $1 AND d.id = $2`, community, id)
	if errors.Is(err, sql.ErrNoRows) {
		return k, ErrNotFound
	}
	return k, err
}

// delivered tells whether a letter is known to have arrived at the server.
func (p *Post) delivered(ctx context.Context, community int, key uuid.UUID) (yes bool, err error) {
	err = sqlx.GetContext(ctx, p.db, &yes, `
		SELECT EXISTS (SELECT FROM mail.delivery WHERE community_id = $1 AND id = $2 AND state = 'sent')`, community, key)
	if err != nil {
		return false, fmt.Errorf("mail: look up the delivery: %w", err)
	}
	return yes, nil
}

const noteDelivery = `
	INSERT INTO mail.delivery AS d (community_id, id, kind, recipient, state, reason, at)
	VALUES ($1, $2, $3, $4, $5, $6, $7)
	ON CONFLICT (community_id, id) DO UPDATE
	SET recipient = EXCLUDED.recipient, state = EXCLUDED.state, reason = EXCLUDED.reason, at = EXCLUDED.at, attempts = d.attempts + 1`

// note writes the end of an attempt into the log. A letter that is gone is gone, whether or not the log could be written: an
// error here must not send it again.
func (p *Post) note(ctx context.Context, community int, l Letter, end error) {
	state, reason := Sent, ""
	switch {
	case errors.Is(end, outbox.ErrHopeless):
		state, reason = Refused, end.Error()
	case end != nil:
		state, reason = Waiting, end.Error()
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	if _, err := p.db.ExecContext(ctx, noteDelivery, community, l.Key, l.Content.Template(), Mask(l.To.Address), state, reason, p.now()); err != nil {
		p.log.ErrorContext(ctx, "mail: note a delivery", slog.Any("err", err))
	}
}

// put keeps a letter of the demo instead of sending it.
func (p *Post) put(ctx context.Context, community int, l Letter, written composed, m *gomail.Msg) error {
	var raw bytes.Buffer
	if _, err := m.WriteTo(&raw); err != nil {
		return fmt.Errorf("mail: write a letter: %w", err)
	}
	tx, err := p.db.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	if _, err = tx.ExecContext(ctx, noteDelivery, community, l.Key, l.Content.Template(), Mask(l.To.Address), Sent, "", p.now()); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO mail.kept (community_id, id, recipient, subject, plain, html, raw) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (community_id, id) DO NOTHING`,
		community, l.Key, l.To.Address, written.subject, written.text, written.html, raw.Bytes())
	if err != nil {
		return err
	}
	return tx.Commit()
}

// Keep is how long the log remembers a letter.
const Keep = 180 * 24 * time.Hour

// Forget deletes what the log remembers from before a moment.
func Forget(ctx context.Context, db sqlx.ExecerContext, before time.Time) error {
	if _, err := db.ExecContext(ctx, `DELETE FROM mail.delivery WHERE at < $1`, before); err != nil {
		return fmt.Errorf("mail: forget: %w", err)
	}
	return nil
}

// ReplyTo is where answers to a community's letters go; empty: to the sender.
func ReplyTo(ctx context.Context, q sqlx.QueryerContext, community int) (address string, err error) {
	err = sqlx.GetContext(ctx, q, &address, `SELECT coalesce((SELECT address FROM mail.reply_to WHERE community_id = $1), '')`, community)
	if err != nil {
		return "", fmt.Errorf("mail: reply address: %w", err)
	}
	return address, nil
}

// SetReplyTo changes where answers go; empty: to the sender. ErrAddress.
func SetReplyTo(ctx context.Context, tx *sqlx.Tx, community int, address string) error {
	if address == "" {
		_, err := tx.ExecContext(ctx, `DELETE FROM mail.reply_to WHERE community_id = $1`, community)
		return err
	}
	if _, ok := (Person{Address: address}).address(); !ok {
		return ErrAddress
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO mail.reply_to (community_id, address) VALUES ($1, $2)
		ON CONFLICT (community_id) DO UPDATE SET address = EXCLUDED.address`, community, address)
	return err
}
