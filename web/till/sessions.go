package till

import (
	"encoding/json"
	"regexp"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/sale"
	"fund/ledger/money"
	"fund/web/page"
)

// opening is the body that opens a session.
type opening struct {
	Place struct {
		ID int `json:"id"`
	} `json:"place"`
	Till  string `json:"till"`
	Float string `json:"float"`
}

var tillForm = regexp.MustCompile(`^[A-Z0-9]{1,4}$`)

// floatMax is the most that a drawer begins with.
var floatMax = money.MustParse("100000")

func readOpening(c *fiber.Ctx) (s sale.Session, err error) {
	var in opening
	if json.Unmarshal(c.Body(), &in) != nil {
		return s, page.ErrUnreadable
	}
	float, err := money.Parse(in.Float)
	code := strings.ToUpper(strings.TrimSpace(in.Till))
	if err != nil || floatMax.Less(float) || !tillForm.MatchString(code) || in.Place.ID < 1 || in.Place.ID > 1<<30 {
		return s, page.ErrUnreadable
	}
	return sale.Session{PlaceID: in.Place.ID, Till: code, Float: float}, nil
}

// OpenSession opens a till with what lies in its drawer.
func (p *Pages) OpenSession(c *fiber.Ctx) error {
	s, err := readOpening(c)
	if err != nil {
		return answer(c, err)
	}
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	s.OpenedAt = p.Now()
	err = p.act(c, "till.open", "till:"+s.Till, func(tx *sqlx.Tx, who string) (err error) {
		s.OpenedBy = who
		s, err = sale.Open(ctx, tx, here, s)
		return err
	})
	if err != nil {
		return answer(c, err)
	}
	place, err := sale.PlaceAt(ctx, p.DB, here, s.PlaceID)
	if err != nil {
		return err
	}
	return c.Status(fiber.StatusCreated).JSON(sessionOf(s, place))
}
