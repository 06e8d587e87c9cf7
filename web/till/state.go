package till

import (
	"context"
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"fund/campaigns/sale"
	"fund/web/auth"
	"fund/web/page"
	"fund/web/picture"
)

// state is all that the page needs to sell, with or without a network after that.
type state struct {
	Community   stateCommunity        `json:"community"`
	Cashier     stateCashier          `json:"cashier"`
	Session     *stateSession         `json:"session"`
	Places      []statePlace          `json:"places"`
	Items       []stateItem           `json:"items"`
	Ways        []sale.Way            `json:"ways"`
	Receipts    fiber.Map             `json:"receipts"`
	Codes       map[sale.Way][]string `json:"codes"`
	RefundLimit string                `json:"refund_limit"`
	FormToken   string                `json:"form_token"`
}

type stateCommunity struct {
	Slug string `json:"slug"`
	Name string `json:"name"`
}

type stateCashier struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type stateSession struct {
	ID        uuid.UUID `json:"id"`
	SaleEvent *int      `json:"sale_event"`
	Venture   *int      `json:"venture"`
	Till      string    `json:"till"`
	OpenedAt  time.Time `json:"opened_at"`
	Float     string    `json:"float"`
	Sold      int       `json:"sold"` // sales in the books: slips go on after them on another device
}

type statePlace struct {
	Kind sale.PlaceKind `json:"kind"`
	ID   int            `json:"id"`
	Name string         `json:"name"`
	Tips bool           `json:"tips"`
}

type stateItem struct {
	ID      uuid.UUID     `json:"id"`
	Code    string        `json:"code"`
	Barcode string        `json:"barcode"`
	NameZH  string        `json:"name_zh"`
	NameEN  string        `json:"name_en"`
	Group   string        `json:"group"`
	Price   *string       `json:"price"` // null: name your price
	Stock   *int          `json:"stock"` // null: nobody counts
	Picture *string       `json:"picture"`
	Kind    sale.ItemKind `json:"kind"`
}

// State is state.json: of the session that the device remembers, of a till, or of this cashier.
func (p *Pages) State(c *fiber.Ctx) error {
	r := page.Of(c)
	s, err := auth.Current(c)
	if err != nil {
		return err
	}
	setting, err := sale.SettingOf(c.UserContext(), p.DB, r.Community.ID)
	if err != nil {
		return err
	}
	v := state{
		Community: stateCommunity{r.Community.Slug, r.Community.Name.In(r.Lang)}, Cashier: stateCashier{auth.UserSubject(s.UserID), s.User.Name},
		Places: []statePlace{}, Items: []stateItem{}, Ways: sale.Ways, Receipts: fiber.Map{"paper": setting.Paper},
		RefundLimit: setting.RefundMax.String(), FormToken: page.FormToken(c),
	}
	open, err := p.session(c.UserContext(), r.Community.ID, c.Query("session"), c.Query("till"), v.Cashier.ID)
	if err != nil {
		return err
	}
	if v.Codes, err = codes(setting); err != nil {
		return err
	}
	if err := p.fill(c, &v, open); err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.JSON(v)
}

// codes are the collection codes as rows of light and dark, so that a till without a network can draw them.
func codes(s sale.Setting) (map[sale.Way][]string, error) {
	drawn := map[sale.Way][]string{}
	for _, way := range sale.Ways {
		if text := s.Code(way); text != "" {
			rows, err := picture.QR{Text: text}.Rows()
			if err != nil {
				return nil, err
			}
			drawn[way] = rows
		}
	}
	return drawn, nil
}

// session is the open session that a device means, or nil.
func (p *Pages) session(ctx context.Context, community int, remembered, till, who string) (*sale.Session, error) {
	var s sale.Session
	var err error
	switch {
	case remembered != "":
		id, unreadable := uuid.Parse(remembered)
		if unreadable != nil {
			return nil, nil
		}
		s, err = sale.SessionAt(ctx, p.DB, community, id)
	case till != "":
		s, err = sale.SessionOfTill(ctx, p.DB, community, till)
	default:
		s, err = sale.SessionOfCashier(ctx, p.DB, community, who)
	}
	if errors.Is(err, sale.ErrNotFound) || s.ClosedAt != nil {
		return nil, nil
	}
	return &s, err
}

// fill adds the session, the places that sell, and the items of the place in question.
func (p *Pages) fill(c *fiber.Ctx, v *state, open *sale.Session) error {
	ctx, r := c.UserContext(), page.Of(c)
	places, err := sale.ListPlaces(ctx, p.DB, r.Community.ID)
	if err != nil {
		return err
	}
	at := page.ParseNumber(c.Query("place"))
	if open != nil {
		at = open.PlaceID
	}
	for _, place := range places {
		if open != nil && place.ID == at {
			v.Session = sessionOf(*open, place)
			if v.Session.Sold, err = sale.SoldIn(ctx, p.DB, r.Community.ID, open.ID); err != nil {
				return err
			}
		}
		if place.State == sale.Opened {
			v.Places = append(v.Places, statePlace{place.Kind, place.ID, place.Name(string(r.Lang)), place.CampaignID != nil})
		}
	}
	items, err := sale.ListItems(ctx, p.DB, r.Community.ID, at)
	for _, i := range items {
		if i.ArchivedAt == nil && !i.Auctioned {
			v.Items = append(v.Items, itemOf(r, i))
		}
	}
	return err
}

func sessionOf(s sale.Session, at sale.Place) *stateSession {
	out := &stateSession{ID: s.ID, Till: s.Till, OpenedAt: s.OpenedAt, Float: s.Float.String()}
	if id := s.PlaceID; at.Kind == sale.SaleEvent {
		out.SaleEvent = &id
	} else {
		out.Venture = &id
	}
	return out
}

func itemOf(r *page.Reader, i sale.Item) stateItem {
	out := stateItem{ID: i.ID, Code: i.Code, Barcode: i.Barcode, NameZH: i.NameZH, NameEN: i.NameEN, Group: i.Section, Kind: i.Kind}
	if i.Price != nil {
		price := i.Price.String()
		out.Price = &price
	}
	if left, counted := i.Left(); counted {
		out.Stock = &left
	}
	if i.PictureID != nil {
		picture := r.URL("/pictures/" + i.PictureID.String())
		out.Picture = &picture
	}
	return out
}
