package till

import (
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/sale"
	"fund/web/auth"
	"fund/web/i18n"
	"fund/web/page"
	"fund/web/static"
)

// Pages are the till's page and addresses, and what they need.
type Pages struct {
	DB      *sqlx.DB // the primary, as the application's role
	Read    *sqlx.DB // a standby for reading, or the primary
	Door    *auth.Door
	Sell    *sale.Committer               // books what tills hand in
	Changed func(community, campaign int) // tells the pages that figures moved
	Now     func() time.Time
}

// assets are what the shell needs to sell without a network.
var assets = []string{
	"tokens.css", "components.css", "till.css", "mark.svg", "favicon.svg",
	"till.js", "till-cart.js", "till-find.js", "till-leave.js", "till-money.js", "till-queue.js", "till-store.js", "till-show.js", "till-pay.js", "till-list.js", "till-scan.js", "scan.js",
}

type shellView struct {
	Base   string // of everything below the till: /c/angong/till
	Worker string // the service worker's address
	Words  []string
}

// said are the messages that the modules say, by the end of their key.
var said = i18n.Keys("till.say.")

// Till is the shell of the selling page. It is the same for everybody, because a browser keeps it for the next person.
func (p *Pages) Till(c *fiber.Ctx) error {
	c.Set(fiber.HeaderPermissionsPolicy, "camera=(self), geolocation=(), microphone=()") // scans labels
	base := page.Of(c).URL("/till")
	return page.Render(c, "till/till", shellView{Base: base, Worker: base + "/worker.js", Words: said})
}

// Worker is the script that keeps the shell in the browser; a new release has a new text, and so replaces the old one.
func (p *Pages) Worker(c *fiber.Ctx) error {
	base := (&url.URL{Path: page.Of(c).URL("/till")}).EscapedPath()
	files := make([]string, len(assets))
	for i, name := range assets {
		files[i] = page.Asset(name)
	}
	known, err := json.Marshal(map[string]any{"shell": base, "files": files})
	if err != nil {
		return err
	}
	text, err := static.FS.ReadFile("till-worker.js")
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/javascript; charset=utf-8")
	c.Set(fiber.HeaderCacheControl, "no-cache")
	c.Set("Service-Worker-Allowed", base)
	return c.SendString(fmt.Sprintf("const known = %s;\n%s", known, text))
}
