package outbox

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// Read fills in a message's payload; ErrHopeless if it is something else.
func (m Message) Read(payload any) error {
	if err := json.Unmarshal(m.Payload, payload); err != nil {
		return fmt.Errorf("%w: %w", ErrHopeless, err)
	}
	return nil
}

// Spread makes of one message a message for each person, so that no letter is sent twice because another failed. A second try
// makes the same ones.
func Spread(ctx context.Context, db *sqlx.DB, m Message, kind string, people []uuid.UUID, payload func(person uuid.UUID) any) error {
	var messages []Message
	for _, person := range people {
		one, err := New(kind, payload(person))
		if err != nil {
			return err
		}
		one.ID = uuid.NewSHA1(m.ID, person[:])
		messages = append(messages, one)
	}
	return ledger.InTx(ctx, db, func(tx *sqlx.Tx) error { return Enqueue(ctx, tx, m.CommunityID, messages...) })
}
