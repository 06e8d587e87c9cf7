package desk

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/council"
	"fund/campaigns/payment"
	"fund/campaigns/webhook"
	"fund/ledger"
	"fund/ledger/transparency"
	"fund/web/auth"
	"fund/web/page"
)

// Pages are the staff's pages and what they need.
type Pages struct {
	DB        *sqlx.DB // the primary, as the application's role
	Read      *sqlx.DB // a standby for reading, or the primary
	Door      *auth.Door
	Receive   *ledger.Committer[campaigns.Payment, campaigns.Received]
	Providers payment.Providers
	Key       transparency.Key
	Asks      []ledger.CloseAsk                                // what is looked at before a month is closed
	KeepsMail bool                                             // the demo: letters are kept to be read
	Hooks     *webhook.Sender                                  // tells subscribers' programs
	Crier     webhook.Crier                                    // looks for what to tell them
	Changed   func(community, campaign int)                    // tells the pages that figures moved
	Witness   func(slug string) (transparency.Cosigner, error) // a community as a witness of others
	Now       func() time.Time
}

// community is the books' view of the community that the address names.
func (p *Pages) community(c *fiber.Ctx) (ledger.Community, error) {
	return ledger.FindCommunity(c.UserContext(), p.DB, page.Of(c).Community.Slug)
}

// do runs a verb and its line in the audit log in one database transaction.
func (p *Pages) do(ctx context.Context, event auth.Event, verb func(tx *sqlx.Tx) error) error {
	return p.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := verb(tx); err != nil {
			return err
		}
		return auth.Record(ctx, tx, event)
	})
}

// inTx runs a verb that writes its line in the audit log itself in one database transaction.
func (p *Pages) inTx(ctx context.Context, verb func(tx *sqlx.Tx) error) error {
	done := false
	err := ledger.InTx(ctx, p.DB, func(tx *sqlx.Tx) error {
		err := verb(tx)
		done = err == nil
		return err
	})
	if done {
		return council.Explain(err) // money that moves by a motion alone is refused at the commit
	}
	return err
}
