package mail

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// ForgetAddress deletes the demo's kept letters to an address. The log itself has masked addresses alone.
func ForgetAddress(ctx context.Context, tx *sqlx.Tx, community int, address string) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM mail.kept WHERE community_id = $1 AND lower(recipient) = lower($2)`, community, address); err != nil {
		return fmt.Errorf("mail: forget an address: %w", err)
	}
	return nil
}
