package voice

import (
	"context"

	"github.com/jmoiron/sqlx"
)

// ForgetAddress erases who asked or proposed something with a mail address (PIPL
// Art. 47); what they asked and proposed stays.
func ForgetAddress(ctx context.Context, tx *sqlx.Tx, community int, email string) (err error) {
	defer wrap(&err, "voice.ForgetAddress(%d)", community)
	for _, query := range []string{
		`DELETE FROM voice.asker WHERE community_id = $1 AND lower(email) = lower($2) AND email <> ''`,
		`DELETE FROM voice.contact WHERE community_id = $1 AND lower(email) = lower($2) AND email <> ''`,
	} {
		if _, err = tx.ExecContext(ctx, query, community, email); err != nil {
			return err
		}
	}
	return nil
}
