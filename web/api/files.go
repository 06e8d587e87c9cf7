package api

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"fund/ledger"
	"fund/ledger/export"
	"fund/ledger/money"
	"fund/web/i18n"
	"fund/web/page"
)

// downloading is how many files are written at once: each holds a connection for as long as its reader takes.
var downloading = make(chan struct{}, 4)

// Lists are the lists that can be had as a file, by their names, with the operation that reads each.
var Lists = []struct{ Name, Operation string }{
	{"accounts", "listAccounts"},
	{"funds", "listFunds"},
	{"entries", "listEntries"},
	{"checkpoints", "listCheckpoints"},
	{"campaigns", "listCampaigns"},
	{"donations", "listDonations"},
	{"projects", "listProjects"},
	{"organisations", "listOrganisations"},
	{"small-grants", "listGrants"},
	{"ventures", "listVentures"},
	{"sales", "listSales"},
	{"councils", "listCouncils"},
	{"motions", "listMotions"},
	{"rounds", "listRounds"},
	{"reports", "listReports"},
}

// spreadsheets are the two forms of a list as a file.
var spreadsheets = map[string]string{
	"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

// BooksFile is the whole journal for another program: .journal, .beancount, .csv, .xlsx, .jsonl.
func (d *Data) BooksFile(c *fiber.Ctx) error {
	for _, format := range export.Formats {
		if format.Ending == c.Params("format") {
			lang := string(fileLang(c))
			return d.download(c, "books."+format.Ending, format.Media, func(r *request, w io.Writer) error {
				return format.Write(r, w, r.q, r.Community, lang)
			})
		}
	}
	return page.ErrNotFound
}

func fileLang(c *fiber.Ctx) i18n.Lang {
	if lang, ok := i18n.ParseLang(c.Query("lang")); ok {
		return lang
	}
	return page.Of(c).Lang
}

// ListFile is a list as a file, .csv or .xlsx: what the operation of the list answers, all its pages, a row an item.
func (d *Data) ListFile(c *fiber.Ctx) error {
	name, format := c.Params("list"), c.Params("format")
	media, ok := spreadsheets[format]
	for _, list := range Lists {
		if ok && list.Name == name {
			op, _ := operationNamed(list.Operation)
			lang := fileLang(c)
			asked, err := op.read(withoutLang(c))
			if err != nil {
				return err
			}
			return d.download(c, name+"."+format, media, func(r *request, w io.Writer) error {
				r.query = asked
				return writeList(r, w, op, format, name, lang)
			})
		}
	}
	return page.ErrNotFound
}

// withoutLang takes the language out of a question that has read it.
func withoutLang(c *fiber.Ctx) *fiber.Ctx {
	c.Request().URI().QueryArgs().Del("lang")
	return c
}

// download streams what write writes, of one instant of the books.
func (d *Data) download(c *fiber.Ctx, name, media string, write func(r *request, w io.Writer) error) error {
	select {
	case downloading <- struct{}{}:
	case <-c.UserContext().Done():
		return c.UserContext().Err()
	}
	slug, site := page.Of(c).Community.Slug, page.SiteOf(c)
	return page.Download(c, slug+"-"+name, media, func() { <-downloading }, func(ctx context.Context, w io.Writer) error {
		tx, err := d.Read.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
		if err != nil {
			return err
		}
		defer tx.Rollback() //nolint:errcheck // it only read
		r := &request{Context: ctx, query: query{limit: limitMax}, q: tx, now: d.Now(), site: site}
		if r.Community, err = ledger.FindCommunity(ctx, tx, slug); err != nil {
			return err
		}
		return write(r, w)
	})
}

// writeList writes all pages of a list, and in a workbook a second sheet that says what each column is.
func writeList(r *request, w io.Writer, op operation, format, name string, lang i18n.Lang) error {
	item := itemOf(op)
	columns := columnsOf(item, "")
	rows, err := export.NewRows(w, format, name, columns)
	if err != nil {
		return err
	}
	r.limit = limitMax
	for n := 0; n < export.RowsMax; {
		found, err := op.serve(r)
		if err != nil {
			return err
		}
		items := reflect.ValueOf(found.body).Elem().FieldByName("Items")
		for i := range items.Len() {
			if err := rows.Add(cellsOf(items.Index(i))...); err != nil {
				return err
			}
		}
		n += items.Len()
		if found.after == "" {
			break
		}
		r.words["after"] = found.after
	}
	more, err := rows.Sheet(lang.T("api.columns"), []string{lang.T("api.column"), lang.T("api.meaning")})
	for i := 0; more && err == nil && i < len(columns); i++ {
		err = rows.Add(columns[i], columnWords(lang, columns[i]))
	}
	if err != nil {
		return err
	}
	return rows.Close()
}

// columnWords says what a column is: the field that it begins with.
func columnWords(lang i18n.Lang, column string) string {
	head, tail, _ := strings.Cut(column, ".")
	said := fieldWords(lang, head)
	if more := fieldWords(lang, tail); tail != "" && more != "" {
		said += " · " + more
	}
	return said
}

// itemOf is the type of what an operation lists.
func itemOf(op operation) reflect.Type {
	items, _ := reflect.TypeOf(op.Answer).FieldByName("Items")
	return items.Type.Elem()
}

// flat tells whether a type is one cell.
func flat(t reflect.Type) bool {
	return t.Kind() != reflect.Struct || t == amountType || t == timeType
}

// columnsOf are the columns of a type: what is inside a field has the field's name before it, and lists are left to JSON.
func columnsOf(t reflect.Type, before string) (all []string) {
	for _, f := range fields(t) {
		of := f.Type
		if of.Kind() == reflect.Pointer {
			of = of.Elem()
		}
		switch {
		case of.Kind() == reflect.Slice:
		case flat(of):
			all = append(all, before+f.Name)
		default:
			all = append(all, columnsOf(of, before+f.Name+".")...)
		}
	}
	return all
}

func cellsOf(v reflect.Value) (cells []any) {
	for i := range v.NumField() {
		of, t := v.Field(i), v.Field(i).Type()
		none := false
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
			if none = of.IsNil(); none {
				of = reflect.Zero(t)
			} else {
				of = of.Elem()
			}
		}
		switch {
		case t.Kind() == reflect.Slice:
		case !flat(t):
			inner := cellsOf(of)
			if none {
				clear(inner)
			}
			cells = append(cells, inner...)
		case none:
			cells = append(cells, nil)
		default:
			cells = append(cells, cellOf(of.Interface()))
		}
	}
	return cells
}

func cellOf(v any) any {
	switch v := v.(type) {
	case time.Time:
		return v.UTC().Format(time.RFC3339)
	case string, bool, int, int64, money.Amount:
		return v
	case Date:
		return string(v)
	case uuid.UUID:
		return v.String()
	}
	return fmt.Sprint(v)
}
