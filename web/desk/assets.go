package desk

import (
	"encoding/csv"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/ledger"
	"fund/ledger/export"
	"fund/ledger/money"
	"fund/ledger/schedule"
	"fund/web/auth"
	"fund/web/page"
)

// What the refusals of schedules mean where no form says it beside a field.
func init() {
	page.Meaning(schedule.ErrNotFound, fiber.StatusNotFound, "error.missing")
	page.Meaning(schedule.ErrNotDue, fiber.StatusConflict, "error.not_due")
	page.Meaning(schedule.ErrGone, fiber.StatusConflict, "error.item_gone")
}

// registers are the two registers of items, by their address.
var registers = map[schedule.Kind]string{schedule.Asset: "/desk/assets", schedule.Prepaid: "/desk/prepaid"}

// registerHere is the register that the address names.
func registerHere(c *fiber.Ctx) schedule.Kind {
	if strings.Contains(c.Path(), registers[schedule.Prepaid]) {
		return schedule.Prepaid
	}
	return schedule.Asset
}

// registerView is a register: 固定资产登记簿, 待摊项目.
type registerView struct {
	Kind                 schedule.Kind
	Path                 string
	Items, Gone          []itemRow
	Cost, Written, Value money.Amount
	Booked               money.Amount // what the books have of their cost
	MayAdd               bool
	Day                  time.Time
}

// Agrees tells whether the register has what the books have.
func (v registerView) Agrees() bool {
	if v.Kind == schedule.Prepaid {
		return v.Booked.Equal(v.Value)
	}
	return v.Booked.Equal(v.Cost)
}

type itemRow struct {
	schedule.Item
	Fund string
}

// Register lists the fixed assets, or the prepaid items.
func (p *Pages) Register(c *fiber.Ctx) error {
	v, err := p.registerView(c)
	if err != nil {
		return err
	}
	return page.Render(c, "desk/register", v)
}

func (p *Pages) registerView(c *fiber.Ctx) (v registerView, err error) {
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	v = registerView{Kind: registerHere(c), MayAdd: can(c, auth.PostEntry), Day: dateOf(page.Of(c).Local(p.Now()))}
	v.Path = registers[v.Kind]
	items, err := schedule.ListItems(ctx, p.DB, here, v.Kind)
	if err != nil {
		return v, err
	}
	b, err := p.readBooks(c)
	if err != nil {
		return v, err
	}
	places := map[int]bool{}
	for _, i := range items {
		row := itemRow{i, b.fundName(c, i.Fund)}
		if i.Void || i.GoneOn != nil {
			v.Gone = append(v.Gone, row)
			continue
		}
		places[i.Account] = true
		v.Items = append(v.Items, row)
		v.Cost, v.Written, v.Value = v.Cost.Add(i.Cost), v.Written.Add(i.Written()), v.Value.Add(i.Value())
	}
	purpose := map[schedule.Kind]ledger.Purpose{schedule.Asset: ledger.FixedAssets, schedule.Prepaid: ledger.Prepaid}[v.Kind]
	if a, ok := b.Chart.By(purpose); ok {
		places[a.ID] = true
	}
	rows, err := ledger.Balances(ctx, p.DB, here, v.Day, v.Day)
	for _, row := range rows {
		if places[row.AccountID] {
			v.Booked = v.Booked.Add(row.Closing())
		}
	}
	return v, err
}

// RegisterCSV is the register as a table.
func (p *Pages) RegisterCSV(c *fiber.Ctx) error {
	v, err := p.registerView(c)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	c.Attachment(string(v.Kind) + "-" + day(v.Day) + ".csv")
	if _, err := c.WriteString("\ufeff"); err != nil { // so that a spreadsheet reads Chinese
		return err
	}
	w := csv.NewWriter(c)
	if err := w.WriteAll(v.table(page.Of(c))); err != nil {
		return err
	}
	return w.Error()
}

// table is the register in rows of texts, its head first.
func (v registerView) table(r *page.Reader) (rows [][]string) {
	var head []string
	for _, key := range []string{"number", "name", "place", "holder", "fund", "bought_on", "cost", "residual", "months", "written", "value", "gone"} {
		word := "item.col." + key
		if key == "written" {
			word = "item.written." + string(v.Kind)
		}
		head = append(head, r.T(word))
	}
	rows = append(rows, head)
	for _, i := range append(v.Items, v.Gone...) {
		gone := ""
		if i.GoneOn != nil {
			gone = day(*i.GoneOn) + " " + r.T("item.how."+i.How)
		}
		rows = append(rows, []string{
			i.Code(), export.Inert(i.Name), export.Inert(i.Place), export.Inert(i.Holder), export.Inert(i.Fund), day(i.BoughtOn),
			i.Cost.String(), i.Residual.String(), strconv.Itoa(i.Months), i.Written().String(), i.Value().String(), gone,
		})
	}
	return rows
}
