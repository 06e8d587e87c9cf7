package api

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns"
	"fund/campaigns/project"
	"fund/ledger"
	"fund/ledger/export"
	"fund/web/i18n"
	"fund/web/page"
)

// homeView is the page that tells of open data: files to take along, and where programs ask.
type homeView struct {
	Whole   []fileView
	Lists   []listView
	Formats []string
}

type fileView struct{ Name, Path string }

type listView struct {
	Name  string
	Words string
}

// Home tells what there is.
func (d *Data) Home(c *fiber.Ctx) error {
	return page.Cached(c, "public/data", func() (any, error) {
		v := homeView{Formats: []string{"csv", "xlsx"}}
		for _, f := range export.Formats {
			v.Whole = append(v.Whole, fileView{f.Name, "/data/books." + f.Ending})
		}
		for _, list := range Lists {
			v.Lists = append(v.Lists, listView{list.Name, page.Of(c).T("api.list_of." + list.Name)})
		}
		return v, nil
	})
}

// referenceView is the document as people read it.
type referenceView struct {
	Operations []operationView
	Problems   []problemView
}

type operationView struct {
	Name, Path, Summary string
	Try, Curl           string
	Params              []paramView
	Fields              []fieldView
}

type paramView struct {
	Name, Words string
	Required    bool
	Choices     []string
}

type fieldView struct {
	Name, Kind, Words string
}

type problemView struct {
	Status int
	Words  string
}

// Reference is the readable page of the document, with addresses of this community to try.
func (d *Data) Reference(c *fiber.Ctx) error {
	return page.Cached(c, "public/api", func() (any, error) {
		examples, err := d.examples(c)
		if err != nil {
			return nil, err
		}
		r, site := page.Of(c), page.SiteOf(c)
		var v referenceView
		for _, op := range operations {
			one := op.view(r.Lang)
			one.Try = site.URL(examples.Replace(op.example()))
			one.Curl = fmt.Sprintf("curl '%s'", one.Try)
			v.Operations = append(v.Operations, one)
		}
		for _, p := range []struct {
			status int
			key    string
		}{{404, "missing"}, {422, "unreadable"}, {429, "toomany"}} {
			v.Problems = append(v.Problems, problemView{p.status, r.T("api.problem." + p.key)})
		}
		return v, nil
	})
}

// examples puts what the community has into the addresses to try.
func (d *Data) examples(c *fiber.Ctx) (*strings.Replacer, error) {
	ctx, here := c.UserContext(), page.Of(c).Community
	entry, campaign, done := "2017-1", "none", "none"
	newest, err := ledger.Journal(ctx, d.Read, here.ID, ledger.JournalFilter{}, 1)
	for _, e := range newest {
		entry = e.Voucher()
	}
	if err == nil {
		var list []campaigns.Campaign
		list, err = campaigns.ListCampaigns(ctx, d.Read, here.ID, public)
		for i := 0; i < min(1, len(list)); i++ {
			campaign = list[i].Slug
		}
	}
	if err == nil {
		var list []project.Project
		list, err = project.ListProjects(ctx, d.Read, here.ID, project.Filter{})
		for i := 0; i < min(1, len(list)); i++ {
			done = list[i].Slug
		}
	}
	return strings.NewReplacer("{community}", here.Slug, "{entry}", entry, "{campaign}", campaign, "{project}", done), err
}

// example is an address of the operation, with what examples fills in.
func (op operation) example() string {
	if op.Try != "" {
		return community + op.Try
	}
	if strings.HasPrefix(op.Name, "list") {
		return op.Path + "?limit=10"
	}
	return op.Path
}

func (op operation) view(lang i18n.Lang) operationView {
	v := operationView{Name: op.Name, Path: op.Path, Summary: lang.T("api.op." + op.Name)}
	for _, p := range op.Params {
		v.Params = append(v.Params, paramView{p.Name, lang.T("api.param." + p.Name), p.Path, p.Enum})
	}
	v.tell(lang, reflect.TypeOf(op.Answer), "")
	return v
}

// tell lists the fields of a type, what is inside one below it.
func (v *operationView) tell(lang i18n.Lang, t reflect.Type, before string) {
	for _, f := range fields(t) {
		kind, inner := kindWords(lang, f)
		name := before + f.Name
		if inner != nil && (f.Type.Kind() == reflect.Slice) {
			name += "[]"
		}
		words := fieldWords(lang, f.Name)
		if f.Enum != nil {
			words += " (" + strings.Join(f.Enum, ", ") + ")"
		}
		v.Fields = append(v.Fields, fieldView{name, kind, words})
		if inner != nil {
			v.tell(lang, inner, name+".")
		}
	}
}

// kindWords says how a field is written; inner is the type of what is inside, nil where it is plain.
func kindWords(lang i18n.Lang, f field) (kind string, inner reflect.Type) {
	t, none := f.Type, ""
	if t.Kind() == reflect.Pointer {
		t, none = t.Elem(), " "+lang.T("api.kind_of.none")
	}
	many := ""
	if t.Kind() == reflect.Slice {
		t, many = t.Elem(), lang.T("api.kind_of.more")+" "
	}
	word := "text"
	switch {
	case t == amountType:
		word = "amount"
	case t == timeType:
		word = "instant"
	case t == dateType:
		word = "date"
	case t == uuidType:
		word = "uuid"
	case t.Kind() == reflect.Interface || t.Kind() == reflect.Struct && isText(t):
		word = "words"
	case f.Format == "uri":
		word = "address"
	case t.Kind() == reflect.Bool:
		word = "truth"
	case t.Kind() == reflect.Int || t.Kind() == reflect.Int64:
		word = "whole"
	case t.Kind() == reflect.Struct:
		word, inner = "group", t
	case t.Kind() == reflect.Map:
		word = "group"
	}
	return many + lang.T("api.kind_of."+word) + none, inner
}

// isText tells a text in both languages, whoever's type it is.
func isText(t reflect.Type) bool {
	all := fields(t)
	return len(all) == 2 && all[0].Name == "zh" && all[1].Name == "en"
}
