package public

import (
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/payment"
	"fund/ledger"
	"fund/ledger/transparency"
	"fund/web/page"
)

// Pages are the public pages and what they need.
type Pages struct {
	DB        *sqlx.DB // the primary, as the application's role
	Read      *sqlx.DB // a standby for reading, or the primary
	Receive   *ledger.Committer[campaigns.Payment, campaigns.Received]
	Providers payment.Providers
	Company   *payment.Counterpart // the sandbox's pretend payment company; nil where the sandbox is off
	Key       transparency.Key
	Now       func() time.Time

	reports drawings[reportKey]
	cards   drawings[string] // by what they show
}

// community is the books' view of the community that the address names.
func (p *Pages) community(c *fiber.Ctx) (ledger.Community, error) {
	return ledger.FindCommunity(c.UserContext(), p.Read, page.Of(c).Community.Slug)
}

// Index sends the reader of an installation with one community straight to it.
func (p *Pages) Index(c *fiber.Ctx) error {
	all, err := ledger.ListCommunities(c.UserContext(), p.Read)
	if err != nil {
		return err
	}
	if len(all) == 1 {
		return c.Redirect("/c/" + all[0].Slug)
	}
	return page.Render(c, "public/index", all)
}
