package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/sale"
	"fund/ledger"
	"fund/web/page"
)

// itemsMax is how many items a place has at most; itemsSpare are empty rows for more.
const itemsMax, itemsSpare = 500, 5

// ItemsBodyMax is for that many rows.
const ItemsBodyMax = 1 << 20

var itemColumns = []string{"id", "code", "name_zh", "name_en", "section", "kind", "price", "stock", "barcode", "donor", "account", "gone"}

// goodsRow is one row of the sheet; its fields are named i1_code, …
type goodsRow struct {
	N     int
	Item  sale.Item // as it stands; without an ID for a new one
	Fresh bool      // came from a file and is not saved yet
}

// Named is the row's field of a column.
func (r goodsRow) Named(column string) string { return "i" + strconv.Itoa(r.N) + "_" + column }

type itemsView struct {
	*page.Form
	Place    sale.Place
	Rows     []goodsRow
	Kinds    []page.Option
	Accounts []page.Option
	Problems []*sale.Problem
	Filled   int // rows that came from a file
}

// SaleItems is the sheet of what a place sells.
func (p *Pages) SaleItems(c *fiber.Ctx) error {
	v, items, err := p.itemsView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	v.fill(items)
	return page.Render(c, "desk/sale_items", v)
}

func (p *Pages) itemsView(c *fiber.Ctx, f *page.Form) (v itemsView, items []sale.Item, err error) {
	v = itemsView{Form: f.Label("file", "sale.items.file"), Kinds: choices(c, "sale.kind", sale.ItemKinds...)}
	if v.Place, err = p.placeHere(c); err != nil {
		return v, nil, err
	}
	here := page.Of(c).Community.ID
	accounts, err := ledger.ListAccounts(c.UserContext(), p.DB, here)
	if err != nil {
		return v, nil, err
	}
	v.Accounts = []page.Option{{Label: page.Of(c).T("sale.items.by_kind")}}
	for _, a := range accounts {
		if a.Type == ledger.Income && a.ClosedAt == nil {
			v.Accounts = append(v.Accounts, page.Option{Value: strconv.Itoa(a.ID), Label: a.Code + " " + a.Name(string(page.Of(c).Lang))})
		}
	}
	items, err = sale.ListItems(c.UserContext(), p.DB, here, v.Place.ID)
	return v, items, err
}

// fill writes items into the sheet, and empty rows after them.
func (v *itemsView) fill(items []sale.Item) {
	for _, i := range items {
		row := v.row(i)
		v.set(row, "id", i.ID.String())
		v.write(row, i)
	}
	v.spare()
}

// row adds a row to the sheet and names its fields.
func (v *itemsView) row(i sale.Item) goodsRow {
	row := goodsRow{N: len(v.Rows) + 1, Item: i}
	for _, column := range itemColumns[1:] { // an id has no label
		v.Label(row.Named(column), "sale.items."+column)
	}
	v.Rows = append(v.Rows, row)
	v.Set("rows", strconv.Itoa(len(v.Rows)))
	return row
}

func (v *itemsView) set(row goodsRow, column, value string) { v.Set(row.Named(column), value) }

func (v *itemsView) write(row goodsRow, i sale.Item) {
	v.set(row, "code", i.Code)
	v.set(row, "name_zh", i.NameZH)
	v.set(row, "name_en", i.NameEN)
	v.set(row, "section", i.Section)
	v.set(row, "kind", string(i.Kind))
	v.set(row, "barcode", i.Barcode)
	v.set(row, "donor", i.Donor)
	v.set(row, "price", "")
	v.set(row, "stock", "")
	if i.Price != nil {
		v.set(row, "price", plain(*i.Price))
	}
	if i.Stock != nil {
		v.set(row, "stock", strconv.Itoa(*i.Stock))
	}
	if i.AccountID != nil {
		v.set(row, "account", strconv.Itoa(*i.AccountID))
	}
	if i.ArchivedAt != nil {
		v.set(row, "gone", "yes")
	}
}

// spare adds empty rows to write in.
func (v *itemsView) spare() {
	for range itemsSpare {
		v.set(v.row(sale.Item{}), "kind", string(sale.Goods))
	}
}

// SaveItems writes the whole sheet: new rows are added, the others written anew.
func (p *Pages) SaveItems(c *fiber.Ctx) error {
	v, known, err := p.itemsView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	items, err := v.read(known)
	if err != nil {
		return err
	}
	if v.AnyWrong() {
		return page.Again(c, "desk/sale_items", v)
	}
	err = p.act(c, "sale.items", "sale:"+v.Place.Slug, map[string]any{"rows": len(items)}, func(tx *sqlx.Tx, _ string) error {
		return p.writeItems(c.UserContext(), tx, page.Of(c).Community.ID, v, items)
	})
	if v.AnyWrong() {
		return page.Again(c, "desk/sale_items", v)
	}
	if err != nil {
		return err
	}
	return page.Done(c, salePath(v.Place.ID)+"/items", "sale.items.saved")
}

// goodsWritten is a row that somebody wrote in.
type goodsWritten struct {
	goodsRow
	gone  bool
	donor string
}

// read reads the rows that are not empty.
func (v *itemsView) read(known []sale.Item) (items []goodsWritten, err error) {
	n, err := strconv.Atoi(v.Typed("rows"))
	if err != nil || n < 0 || n > itemsMax+itemsSpare {
		return nil, page.ErrUnreadable
	}
	of := map[string]sale.Item{}
	for _, i := range known {
		of[i.ID.String()] = i
	}
	for range n {
		row := v.row(sale.Item{PlaceID: v.Place.ID})
		row.Item = of[v.Typed(row.Named("id"))]
		row.Item.PlaceID = v.Place.ID
		v.Rows[len(v.Rows)-1] = row
		if row.Item.ID == uuid.Nil && v.Typed(row.Named("code")) == "" && v.Typed(row.Named("name_zh")) == "" {
			continue
		}
		v.readRow(&row)
		items = append(items, goodsWritten{row, v.Bool(row.Named("gone")), v.Text(row.Named("donor"), sale.NameMax, page.Optional)})
	}
	return items, nil
}

func (v *itemsView) readRow(row *goodsRow) {
	i := &row.Item
	i.Code, i.Barcode = v.Text(row.Named("code"), 20), v.Text(row.Named("barcode"), 32, page.Optional)
	i.NameZH, i.NameEN = v.Text(row.Named("name_zh"), sale.NameMax), v.Text(row.Named("name_en"), sale.NameMax, page.Optional)
	i.Section = v.Text(row.Named("section"), 20, page.Optional)
	i.Kind = sale.ItemKind(v.Choice(row.Named("kind"), page.Values(v.Kinds)))
	if i.Code != "" && !sale.CodeForm.MatchString(i.Code) {
		v.Wrong(row.Named("code"), "sale.items.wrong_code")
	}
	if !sale.BarcodeForm.MatchString(i.Barcode) {
		v.Wrong(row.Named("barcode"), "sale.items.wrong_barcode")
	}
	i.Price, i.Stock, i.AccountID = nil, nil, nil
	if price := v.Amount(row.Named("price"), page.Optional); !price.IsZero() {
		if i.Price = &price; sale.PriceMax.Less(price) {
			v.Wrong(row.Named("price"), "sale.items.wrong_price")
		}
	}
	if v.Typed(row.Named("stock")) != "" {
		stock := v.Int(row.Named("stock"), 0, 999999)
		i.Stock = &stock
	}
	if id, err := strconv.Atoi(v.Choice(row.Named("account"), page.Values(v.Accounts), page.Optional)); err == nil {
		i.AccountID = &id
	}
}

// writeItems stores the sheet in one transaction; a code or barcode that is taken is said beside its row.
func (p *Pages) writeItems(ctx context.Context, tx *sqlx.Tx, community int, v itemsView, items []goodsWritten) (err error) {
	for _, row := range items {
		i := row.Item
		if err = i.GivenBy(ctx, tx, community, row.donor); err != nil {
			return err
		}
		if i.ID == uuid.Nil {
			i, err = sale.AddItem(ctx, tx, community, i)
		} else {
			err = sale.EditItem(ctx, tx, community, i)
		}
		switch {
		case errors.Is(err, sale.ErrCodeTaken):
			v.Wrong(row.Named("code"), "sale.items.taken")
		case errors.Is(err, sale.ErrBarcodeTaken):
			v.Wrong(row.Named("barcode"), "sale.items.taken_barcode")
		}
		if err != nil {
			return err
		}
		if row.gone == (i.ArchivedAt != nil) {
			continue
		}
		now := p.Now()
		at := &now
		if !row.gone {
			at = nil
		}
		if err = sale.ArchiveItem(ctx, tx, community, i.ID, at); err != nil {
			return err
		}
	}
	return nil
}

// FillItems reads a table into the sheet, which is the preview: nothing is stored until it is saved. A row with the code
// of an item is that item anew.
func (p *Pages) FillItems(c *fiber.Ctx) error {
	v, known, err := p.itemsView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	file := v.File(c, "file")
	if v.AnyWrong() {
		v.fill(known)
		return page.Again(c, "desk/sale_items", v)
	}
	given, err := uploaded(file, p.Now())
	if err != nil {
		return err
	}
	read, problems := sale.ReadItems(given.Name, given.Data)
	v.Problems = problems
	if len(known)+len(read) > itemsMax {
		v.Wrong("file", "sale.items.too_many", "max", itemsMax)
		read = nil
	}
	if len(problems) > 0 {
		read = nil
	}
	v.merge(known, read)
	return page.Render(c, "desk/sale_items", v)
}

// merge writes a file's rows over those with the same code, and the others below.
func (v *itemsView) merge(known, read []sale.Item) {
	of := map[string]sale.Item{}
	for _, i := range read {
		of[i.Code] = i
	}
	for _, i := range known {
		row := v.row(i)
		v.set(row, "id", i.ID.String())
		v.write(row, i)
		if anew, ok := of[i.Code]; ok {
			v.write(row, over(i, anew))
			v.Rows[row.N-1].Fresh = true
			v.Filled++
			delete(of, i.Code)
		}
	}
	for _, i := range read {
		if _, left := of[i.Code]; left {
			row := v.row(sale.Item{})
			v.write(row, i)
			v.Rows[row.N-1].Fresh = true
			v.Filled++
		}
	}
	v.spare()
}

// over is an item with what a file says of it; a blank cell leaves what stands.
func over(i, anew sale.Item) sale.Item {
	i.NameZH, i.Kind, i.ArchivedAt = anew.NameZH, anew.Kind, nil
	i.NameEN, i.Section = cmp.Or(anew.NameEN, i.NameEN), cmp.Or(anew.Section, i.Section)
	i.Barcode, i.Donor = cmp.Or(anew.Barcode, i.Barcode), cmp.Or(anew.Donor, i.Donor)
	i.Price, i.Stock = cmp.Or(anew.Price, i.Price), cmp.Or(anew.Stock, i.Stock)
	return i
}

// ToItems leads an address that only takes forms back to the sheet.
func (p *Pages) ToItems(c *fiber.Ctx) error {
	return c.Redirect(page.Of(c).URL(fmt.Sprintf("%s/%s/items", salesPath, c.Params("place"))), fiber.StatusSeeOther)
}

// ToSale leads an address that only takes forms back to the event or venture.
func (p *Pages) ToSale(c *fiber.Ctx) error {
	return c.Redirect(page.Of(c).URL(salesPath+"/"+c.Params("place")), fiber.StatusSeeOther)
}
