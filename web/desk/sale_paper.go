package desk

import (
	"encoding/json"
	"errors"
	"mime/multipart"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/sale"
	"fund/ledger/money"
	"fund/web/page"
)

// PaperSalesBodyMax is for a list of some thousand lines, as a file or read already.
const PaperSalesBodyMax = 2 << 20

// paperSalesView is the form that takes a list of sales on paper, and what is in it.
type paperSalesView struct {
	*page.Form
	Place    sale.Place
	Sales    []sale.Rung
	Sum      money.Amount
	Read     string // the list as it was read, for the form that books it
	Problems []*sale.Problem
}

// PaperSales takes a list of sales that were written on paper.
func (p *Pages) PaperSales(c *fiber.Ctx) error {
	v, err := p.paperSalesView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/sale_paper", v)
}

func (p *Pages) paperSalesView(c *fiber.Ctx, f *page.Form) (v paperSalesView, err error) {
	v.Form = f.Label("file", "sale.paper.file")
	v.Place, err = p.placeHere(c)
	return v, err
}

// EnterPaperSales shows what is in a list, and books it when it is sent again from there.
func (p *Pages) EnterPaperSales(c *fiber.Ctx) error {
	v, err := p.paperSalesView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	if v.Typed("read") != "" {
		return p.bookPaper(c, v)
	}
	file := v.File(c, "file")
	if v.AnyWrong() {
		return page.Again(c, "desk/sale_paper", v)
	}
	if err := p.readPaper(c, &v, file); err != nil {
		return err
	}
	if len(v.Problems) > 0 {
		return page.Again(c, "desk/sale_paper", v)
	}
	return page.Render(c, "desk/sale_paper", v)
}

// readPaper reads a list, or says what has to be mended in it.
func (p *Pages) readPaper(c *fiber.Ctx, v *paperSalesView, file *multipart.FileHeader) error {
	given, err := uploaded(file, p.Now())
	if err != nil {
		return err
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	items, err := sale.ListItems(c.UserContext(), p.DB, community.ID, v.Place.ID)
	if err != nil {
		return err
	}
	if v.Sales, v.Problems = sale.ReadPaper(given.Name, given.Data, community, v.Place, items); len(v.Problems) > 0 {
		v.Sales = nil
		return nil
	}
	for _, s := range v.Sales {
		v.Sum = v.Sum.Add(s.Total())
	}
	text, err := json.Marshal(v.Sales)
	v.Read = string(text)
	return err
}

// bookPaper books a list that was looked at. What came back is checked as if nobody had.
func (p *Pages) bookPaper(c *fiber.Ctx, v paperSalesView) error {
	if json.Unmarshal([]byte(v.Typed("read")), &v.Sales) != nil {
		return page.ErrUnreadable
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	var entered sale.Entered
	err = p.act(c, "sale.paper", "sale:"+v.Place.Slug, map[string]any{"sales": len(v.Sales)}, func(tx *sqlx.Tx, who string) error {
		entered, err = sale.EnterPaper(c.UserContext(), tx, community, v.Place, v.Sales, who, p.Now())
		return err
	})
	if refusal := sale.Refusal(""); errors.As(err, &refusal) {
		return page.ErrUnreadable
	}
	if err != nil {
		return err
	}
	p.moved(c, 0)
	if entered.Booked == 0 {
		return page.Done(c, salePath(v.Place.ID), "sale.paper.again", "count", entered.Again)
	}
	return page.Done(c, salePath(v.Place.ID), "sale.paper.booked", "count", entered.Booked, "sum", entered.Sum.Yuan(), "first", entered.First, "last", entered.Last)
}
