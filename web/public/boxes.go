package public

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns"
	"fund/campaigns/box"
	"fund/ledger"
	"fund/ledger/money"
	"fund/web/page"
)

// publicBox is a collection box as everybody sees it: no names of those who count.
type publicBox struct {
	box.Box
	Where, Title, Slug string
	Openings           []opening
	Sum                money.Amount
}

// opening is one time a box was opened, and what was in it.
type opening struct {
	box.Round
	Whole   bool
	Voucher string
	Pieces  []page.Option
}

const openingsMax = 12 // of each box

// Boxes shows where boxes stand, when each was opened and what was in it.
func (p *Pages) Boxes(c *fiber.Ctx) error {
	return page.Cached(c, "public/boxes", func() (any, error) {
		found, err := box.List(c.UserContext(), p.Read, here(c))
		if err != nil {
			return nil, err
		}
		var boxes []publicBox
		for _, b := range found {
			shown, err := p.publicBox(c, b)
			if err != nil {
				return nil, err
			}
			boxes = append(boxes, shown)
		}
		return struct{ Boxes []publicBox }{boxes}, nil
	})
}

func (p *Pages) publicBox(c *fiber.Ctx, b box.Box) (v publicBox, err error) {
	of, err := campaigns.CampaignAt(c.UserContext(), p.Read, here(c), b.CampaignID)
	if err != nil {
		return v, err
	}
	v = publicBox{Box: b, Where: b.Place(lang(c)), Title: of.Title(lang(c)), Slug: of.Slug}
	rounds, err := box.Rounds(c.UserContext(), p.Read, here(c), b.ID, openingsMax)
	for _, r := range rounds {
		if r.State() != box.Opened {
			continue
		}
		one, err := p.opening(c, r, len(v.Openings) == 0)
		if err != nil {
			return v, err
		}
		v.Openings, v.Sum = append(v.Openings, one), v.Sum.Add(*r.Amount)
	}
	return v, err
}

func (p *Pages) opening(c *fiber.Ctx, r box.Round, latest bool) (o opening, err error) {
	o = opening{Round: r, Whole: r.Intact == nil || *r.Intact}
	if r.EntrySeq != nil {
		entry, err := ledger.EntryAt(c.UserContext(), p.Read, here(c), *r.EntrySeq)
		if err != nil {
			return o, err
		}
		o.Voucher = entry.Voucher()
	}
	if !latest {
		return o, nil
	}
	counted, err := box.Tallies(c.UserContext(), p.Read, here(c), r.BoxID, r.Round)
	if len(counted) == 2 {
		for i, n := range counted[1].Pieces {
			o.Pieces = append(o.Pieces, page.Option{Label: box.Denominations[i].YuanShort(), Value: strconv.Itoa(n)})
		}
	}
	return o, err
}
