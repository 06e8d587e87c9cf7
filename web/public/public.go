package public

import (
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/giver"
	"fund/campaigns/payment"
	"fund/ledger"
	"fund/ledger/money"
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

	Streams giver.Streams  // of the funds, for where a gift went
	Links   giver.Links    // by mail, to givers
	Forget  []giver.Forget // what else is to be done when a giver is erased
	// Plans reads a giver's monthly plans and promises; nil where there are none.
	Plans func(c *fiber.Ctx, g giver.Giver) ([]Plan, error)

	LargeGift money.Amount  // from here on a gift is shown once more before it is paid; zero: none is
	LargeWait time.Duration // for so long, at least
	FillTime  time.Duration // nobody fills in the form faster; zero: not looked at
	// Allow counts one use of what by whoever asks, and tells whether it is
	// within tries a window; nil where small gifts are not counted.
	Allow func(c *fiber.Ctx, what string, tries int, window time.Duration) (ok bool, again time.Duration, err error)

	reports drawings[reportKey]
	redrawn drawings[redrawnKey] // digests of issued reports as this program draws them
	cards   drawings[string]     // by what they show
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
