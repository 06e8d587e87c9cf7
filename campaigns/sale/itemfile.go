package sale

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"fund/ledger/money"
	"fund/ledger/statement"
)

// Problem is why a table is not taken, with its place: row, column, what stands
// there, and how to mend it.
type Problem = statement.Error

// CodeForm and BarcodeForm are what an item's code and barcode look like.
var (
	CodeForm    = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z-]{0,19}$`)
	BarcodeForm = regexp.MustCompile(`^[0-9A-Za-z-]{0,32}$`)
)

// itemNames are what the columns of a list of items are called, folded as statement.ReadGrid does.
var itemNames = struct{ code, barcode, zh, en, section, kind, price, stock, donor []string }{
	code:    []string{"编号", "商品编号", "货号", "序号", "code", "no", "no.", "sku", "number"},
	barcode: []string{"条码", "条形码", "商品条码", "barcode", "ean", "ean13"},
	zh:      []string{"名称", "商品名称", "商品", "品名", "物品", "name", "namezh", "item"},
	en:      []string{"英文名称", "英文名", "nameen", "englishname", "english"},
	section: []string{"分类", "类别", "组", "group", "section", "category"},
	kind:    []string{"类型", "种类", "kind", "type"},
	price:   []string{"单价", "价格", "售价", "定价", "price", "unitprice"},
	donor:   []string{"捐赠人", "谁捐的", "捐物人", "donor", "givenby"},
	stock:   []string{"库存", "数量", "件数", "stock", "quantity", "qty"},
}

// kinds are the words for what an item is.
var kinds = map[string]ItemKind{
	"": Goods, "商品": Goods, "物品": Goods, "goods": Goods, "票": Ticket, "门票": Ticket, "ticket": Ticket,
	"服务": Service, "service": Service, "拍品": Lot, "拍卖": Lot, "lot": Lot,
}

// ReadItems reads a list of items from CSV or XLSX. With a problem nothing of
// it is to be taken.
func ReadItems(name string, data []byte) (items []Item, problems []*Problem) {
	grid, problem := openTable(name, data, "编号、名称、单价、库存", "code, name, price, stock", itemNames.code, itemNames.zh)
	if problem != nil {
		return nil, []*Problem{problem}
	}
	code, zh, en := grid.Column(itemNames.code...), grid.Column(itemNames.zh...), grid.Column(itemNames.en...)
	section, kind, barcode := grid.Column(itemNames.section...), grid.Column(itemNames.kind...), grid.Column(itemNames.barcode...)
	price, stock, donor := grid.Column(itemNames.price...), grid.Column(itemNames.stock...), grid.Column(itemNames.donor...)
	seen := map[string]int{}
	for _, row := range grid.Rows {
		r := tableRow{row, &problems}
		i := Item{Code: row.Text(code), NameZH: r.text(zh, NameMax), NameEN: r.optional(en, NameMax), Section: r.optional(section, 20), Barcode: row.Text(barcode), Donor: r.optional(donor, NameMax)}
		if !CodeForm.MatchString(i.Code) {
			r.fail(code, "编号用 1 到 20 个字母、数字或 -", "a code has 1 to 20 letters, digits or -")
		} else if before := seen[i.Code]; before > 0 {
			r.fail(code, "这个编号第 %d 行用过了", "row %d has this code already", before)
		}
		seen[i.Code] = row.N()
		if !BarcodeForm.MatchString(i.Barcode) {
			r.fail(barcode, "条码用字母、数字或 -，最多 32 个", "a barcode has letters, digits or -, 32 at most")
		}
		var ok bool
		if i.Kind, ok = kinds[strings.ToLower(row.Text(kind))]; !ok {
			r.fail(kind, "类型写成 商品、门票、服务 或 拍品", "write goods, ticket, service or lot")
		}
		i.Price, i.Stock = r.price(price), r.count(stock)
		items = append(items, i)
	}
	return items, finish(name, problems, len(items))
}

// openTable finds the table whose header has a column of each kind.
func openTable(name string, data []byte, zh, en string, needs ...[]string) (*statement.Grid, *Problem) {
	grid, err := statement.ReadGrid(name, data, func(header []string) bool {
		for _, names := range needs {
			if !slices.ContainsFunc(header, func(h string) bool { return slices.Contains(names, h) }) {
				return false
			}
		}
		return true
	})
	var broken *Problem
	switch {
	case errors.As(err, &broken):
		return nil, broken
	case err != nil:
		return nil, &Problem{File: name, Row: 1, Text: statement.Text{ZH: "读不了这个文件", EN: err.Error()}}
	case grid == nil:
		return nil, &Problem{File: name, Row: 1, Text: statement.Text{ZH: "找不到表头。第一行要有这些列：" + zh, EN: "there is no header. The first row needs the columns " + en}}
	}
	return grid, nil
}

const problemsMax = 200

// finish names the file of each problem; a table without a row is one.
func finish(name string, problems []*Problem, rows int) []*Problem {
	if rows == 0 && len(problems) == 0 {
		problems = []*Problem{{Row: 1, Text: statement.Text{ZH: "表里一行也没有", EN: "the table has no row"}}}
	}
	for _, p := range problems {
		p.File = name
	}
	return problems[:min(len(problems), problemsMax)]
}

// tableRow is a row being read, with where its problems go.
type tableRow struct {
	statement.GridRow
	problems *[]*Problem
}

func (r tableRow) fail(col int, zh, en string, values ...any) {
	*r.problems = append(*r.problems, r.Fail(col, zh, en, values...))
}

func (r tableRow) text(col, max int) string {
	s := r.optional(col, max)
	if s == "" {
		r.fail(col, "这一格不能空", "this cell cannot be empty")
	}
	return s
}

func (r tableRow) optional(col, max int) string {
	s := r.Text(col)
	if utf8.RuneCountInString(s) > max || !writable(s) {
		r.fail(col, "最多 %d 个字", "%d characters at most", max)
		return ""
	}
	return s
}

// price reads an amount; a blank one is nil: name your price.
func (r tableRow) price(col int) *money.Amount {
	a, err := r.Amount(col)
	if err != nil || a.Sign() < 0 || PriceMax.Less(a) {
		r.fail(col, "写成数字，例如 12 或 12.50，不超过 99,999.99", "write a number such as 12 or 12.50, up to 99,999.99")
		return nil
	}
	if a.IsZero() {
		return nil
	}
	return &a
}

// count reads a whole number; a blank one is nil: nobody counts.
func (r tableRow) count(col int) *int {
	text := r.Text(col)
	if text == "" {
		return nil
	}
	n, err := strconv.Atoi(strings.TrimSuffix(text, ".0"))
	if err != nil || n < 0 || n > 999999 {
		r.fail(col, "写成整数，例如 20", "write a whole number such as 20")
		return nil
	}
	return &n
}
