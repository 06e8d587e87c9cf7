package till

import (
	"encoding/json"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"fund/campaigns/sale"
	"fund/ledger/money"
	"fund/web/page"
)

// SyncBodyMax is for a hundred sales with long lists.
const SyncBodyMax = 512 << 10

// handed is the body of a delivery. Each sale is read by itself: one that cannot be read fails alone.
type handed struct {
	Session uuid.UUID         `json:"session"`
	Sales   []json.RawMessage `json:"sales"`
	Voids   []json.RawMessage `json:"voids"`
}

type handedSale struct {
	ID       uuid.UUID     `json:"id"`
	At       time.Time     `json:"at"`
	Slip     string        `json:"slip"`
	Lines    []handedLine  `json:"lines"`
	Payments []handedMoney `json:"payments"`
	Tip      money.Amount  `json:"tip"`
	TipName  string        `json:"tip_name"`
}

type handedLine struct {
	Item     *uuid.UUID   `json:"item"`
	Name     string       `json:"name"`
	Quantity int          `json:"quantity"`
	Price    money.Amount `json:"price"`
}

type handedMoney struct {
	Way    sale.Way     `json:"way"`
	Amount money.Amount `json:"amount"`
	Given  money.Amount `json:"given"`
}

type handedVoid struct {
	ID     uuid.UUID    `json:"id"`
	At     time.Time    `json:"at"`
	Slip   string       `json:"slip"`
	Amount money.Amount `json:"amount"`
}

func (h handedSale) rung() sale.Rung {
	r := sale.Rung{ID: h.ID, At: h.At, Slip: h.Slip, Tip: h.Tip, TipName: page.Clean(h.TipName)}
	for _, l := range h.Lines {
		line := sale.Line{Name: page.Clean(l.Name), Quantity: l.Quantity, Price: l.Price}
		if l.Item != nil {
			line.Item = *l.Item
		}
		r.Lines = append(r.Lines, line)
	}
	for _, p := range h.Payments {
		r.Payments = append(r.Payments, sale.Payment{Way: p.Way, Amount: p.Amount, Given: p.Given})
	}
	return r
}

// taken and refused are what became of sales.
type taken struct {
	ID     uuid.UUID `json:"id"`
	Number string    `json:"number"`
	Token  string    `json:"token"`
	URL    string    `json:"url"`
	Again  bool      `json:"again"`
}

type refused struct {
	ID string `json:"id"`
	problem
}

type synced struct {
	Done    []taken   `json:"done"`
	Refused []refused `json:"refused"`
	Voids   int       `json:"voids"`
}

// Sync takes what a till sold and answers each sale with its receipt or with why it is refused. The same again gives the same.
func (p *Pages) Sync(c *fiber.Ctx) error {
	d, unread, err := readDelivery(c)
	if err != nil {
		return answer(c, err)
	}
	d.At = p.Now()
	if d.Cashier, err = who(c); err != nil {
		return err
	}
	delivered, err := sale.Deliver(c.UserContext(), p.Sell, page.Of(c).Community.ID, d)
	if err != nil {
		return err
	}
	out := synced{Done: []taken{}, Refused: unread, Voids: delivered.Voids}
	for _, s := range delivered.Sales {
		if s.Refused != "" {
			out.Refused = append(out.Refused, refusal(c, s.ID.String(), s.Refused))
			continue
		}
		out.Done = append(out.Done, taken{s.ID, s.Receipt.Serial(), s.Receipt.Token, "/s/" + s.Receipt.Token, s.Again})
	}
	if len(out.Done) > 0 {
		p.moved(c, 0)
	}
	for _, campaign := range delivered.Tips {
		p.moved(c, campaign)
	}
	return c.JSON(out)
}

func refusal(c *fiber.Ctx, id string, code sale.Refusal) refused {
	return refused{id, problem{string(code), page.Of(c).T("till.refused." + string(code))}}
}

// readDelivery reads the body; sales that cannot be read are refused by themselves.
func readDelivery(c *fiber.Ctx) (d sale.Delivery, unread []refused, err error) {
	var in handed
	if json.Unmarshal(c.Body(), &in) != nil || len(in.Sales) > sale.DeliveryMax || len(in.Voids) > sale.DeliveryMax {
		return d, nil, page.ErrUnreadable
	}
	d.Session, unread = in.Session, []refused{}
	for _, text := range in.Sales {
		var s handedSale
		if json.Unmarshal(text, &s) != nil {
			unread = append(unread, refusal(c, idOf(text), sale.WrongLine))
			continue
		}
		d.Sales = append(d.Sales, s.rung())
	}
	for _, text := range in.Voids {
		var v handedVoid
		if json.Unmarshal(text, &v) == nil && v.ID != uuid.Nil {
			d.Voids = append(d.Voids, sale.Void{ID: v.ID, Slip: v.Slip, Amount: v.Amount, At: v.At})
		}
	}
	return d, unread, nil
}

// idOf finds the id of a sale that cannot be read otherwise, so that the page knows which one it is.
func idOf(text []byte) string {
	var s struct {
		ID any `json:"id"`
	}
	_ = json.Unmarshal(text, &s) // what is no object has no id
	id, _ := s.ID.(string)
	return id
}
