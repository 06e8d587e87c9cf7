package page

import (
	"net/url"
	"strings"
	"time"

	"fund/web/i18n"

	"github.com/gofiber/fiber/v2"
)

// Reader is who reads a page and how they like to read it.
type Reader struct {
	Lang         i18n.Lang
	Large        bool // 大字
	HighContrast bool // 高对比
	Path         string
	Query        string     // as it came, without the question mark
	Community    *Community // nil outside /c/:community
	User         *User      // nil when nobody is signed in
	Menu         []MenuGroup
	Notice       string // what was just done, said once; see Done
	Share        *Share // nil: nothing but the title
	Mail         bool   // letters are sent; where they are not, no page asks for an address or promises a letter
	RequestID    string
}

// Community is what the frame shows of a community.
type Community struct {
	ID       int
	Slug     string
	Name     i18n.Text
	City     i18n.Text
	Address  i18n.Text
	Phone    string
	Host     i18n.Text
	Location *time.Location // nil is Asia/Shanghai
}

// User is what the frame shows of somebody signed in.
type User struct {
	ID    string
	Name  string
	Role  string // said under the name, already in the reader's language
	Books bool   // may read the working papers: an entry opens at the desk
}

// entryURL is where a reader opens an entry: at the desk where they may, else the page that everybody reads.
func (r *Reader) entryURL(voucher any) string {
	if r.User != nil && r.User.Books {
		return r.URL(below("/desk/journal", []any{voucher}))
	}
	return r.URL(below("/ledger", []any{voucher}))
}

// MenuGroup is one heading of the desk's menu.
type MenuGroup struct {
	Key   string // message key of the heading
	Items []MenuItem
}

// Count is what waits behind all lines of the group.
func (g MenuGroup) Count() (sum int) {
	for _, item := range g.Items {
		sum += item.Count
	}
	return sum
}

// MenuItem is one line of the desk's menu; Count is what waits there, 0 shows nothing.
type MenuItem struct {
	Key   string
	Path  string // below the community: "/desk/reconciliation"
	Count int
}

var shanghai = mustLocation("Asia/Shanghai")

func mustLocation(name string) *time.Location {
	l, err := time.LoadLocation(name)
	if err != nil {
		return time.FixedZone("UTC+8", 8*60*60) // a machine without zone data
	}
	return l
}

// T is a message in the reader's language.
func (r *Reader) T(key string, pairs ...any) string { return r.Lang.T(key, pairs...) }

// Local is an instant on the community's clock.
func (r *Reader) Local(t time.Time) time.Time {
	if r.Community != nil && r.Community.Location != nil {
		return t.In(r.Community.Location)
	}
	return t.In(shanghai)
}

// URL is a path below the reader's community: "/campaigns" is /c/angong/campaigns.
func (r *Reader) URL(path string) string {
	if r.Community == nil {
		return path
	}
	return "/c/" + url.PathEscape(r.Community.Slug) + strings.TrimSuffix(path, "/")
}

// switched is a link to the same page, read in another way; Prefer answers it.
func (r *Reader) switched(name, value string) string {
	query, err := url.ParseQuery(r.Query)
	if err != nil {
		query = url.Values{}
	}
	query.Set(name, value)
	return "?" + query.Encode()
}

// here is the reader's way of reading in four bytes or so, for the cookie and the cache.
func (r *Reader) here() string {
	s := string(r.Lang)
	if r.Large {
		s += ".large"
	}
	if r.HighContrast {
		s += ".high"
	}
	return s
}

const prefsCookie = "reading"

// greet works out the reader from cookie and header.
func (s *Site) greet(c *fiber.Ctx) *Reader {
	r := &Reader{Path: c.Path(), Query: string(c.Request().URI().QueryString()), Mail: s.mail}
	if id, ok := c.Locals("requestid").(string); ok {
		r.RequestID = id
	}
	known := false
	for _, word := range strings.Split(c.Cookies(prefsCookie), ".") {
		switch lang, ok := i18n.ParseLang(word); {
		case ok:
			r.Lang, known = lang, true
		case word == "large":
			r.Large = true
		case word == "high":
			r.HighContrast = true
		}
	}
	if !known {
		r.Lang = i18n.Accept(c.Get(fiber.HeaderAcceptLanguage))
	}
	r.Notice = s.takeNotice(c)
	return r
}

// Prefer is the middleware behind the reading aids: ?text=large, ?contrast=high and ?lang=en on any page are remembered
// in a cookie, and the reader is sent back to the page without them. Documents (a path with a dot) keep their ?lang.
func (s *Site) Prefer(c *fiber.Ctx) error {
	r, path := Of(c), c.Path()
	if c.Method() != fiber.MethodGet || r.Query == "" {
		return c.Next()
	}
	if strings.Contains(path[strings.LastIndexByte(path, '/')+1:], ".") || wantsJSON(c) {
		return c.Next()
	}
	query, err := url.ParseQuery(r.Query)
	if err != nil || !(query.Has("text") || query.Has("contrast") || query.Has("lang")) {
		return c.Next()
	}
	if query.Has("text") {
		r.Large = query.Get("text") == "large"
	}
	if query.Has("contrast") {
		r.HighContrast = query.Get("contrast") == "high"
	}
	if lang, ok := i18n.ParseLang(query.Get("lang")); ok {
		r.Lang = lang
	}
	for _, name := range []string{"text", "contrast", "lang"} {
		query.Del(name)
	}
	c.Cookie(&fiber.Cookie{
		Name: prefsCookie, Value: r.here(), Path: "/", MaxAge: 365 * 24 * 60 * 60,
		Secure: s.Secure(), HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	})
	// One leading slash only: //elsewhere.example would leave the site.
	to := (&url.URL{Path: "/" + strings.TrimLeft(path, `/\`), RawQuery: query.Encode()}).String()
	return c.Redirect(to, fiber.StatusSeeOther)
}
