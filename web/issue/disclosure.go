package issue

import (
	"fmt"
	"strings"

	"fund/campaigns/disclosure"
	"fund/ledger"
	"fund/ledger/money"
	"fund/web/i18n"
	"fund/web/pdf"
)

// DisclosureTitle is what a report of a kind is called.
func DisclosureTitle(lang i18n.Lang, kind disclosure.Kind) string {
	return lang.T("law.kind." + string(kind))
}

// Disclosure fills in a report that the law asks for, from nothing but what was published: the same document is always the
// same. baseURL is where readers reach the site; it is empty for a draft, which has no address and no code.
func Disclosure(d disclosure.Document, c ledger.Community, lang i18n.Lang, baseURL string) pdf.DisclosureDoc {
	w := disclosureWriter{d, d.Content, d.Content.Figures, lang}
	doc := pdf.DisclosureDoc{
		Lang: string(lang), Community: c.Name(string(lang)), Title: DisclosureTitle(lang, d.Content.Kind), Subject: d.Title(string(lang)),
		Facts: w.facts(), Sum: w.sum(), Passages: w.passages(), Payments: w.payments(), Legal: d.Content.Legal(string(lang)),
		AsOf: w.asOf(), Scan: lang.T("law.doc.scan"), Issued: d.PublishedAt,
	}
	for _, table := range []pdf.DisclosureTable{w.within(), w.ways(), w.others(), w.spent()} {
		if len(table.Rows) > 0 {
			doc.Tables = append(doc.Tables, table)
		}
	}
	if baseURL == "" {
		doc.Standing = lang.T("law.doc.draft")
		return doc
	}
	doc.Number, doc.InTime = "№ "+d.Serial(), d.DaysLate() == 0
	doc.Standing = lang.T("law.doc.in_time")
	if !doc.InTime {
		doc.Standing = lang.T("law.doc.late", "count", d.DaysLate())
	}
	if d.Version > 1 {
		doc.Version = lang.T("law.doc.version", "n", d.Version)
		doc.Note = lang.T("law.doc.note", "day", lang.Date(d.PublishedOn), "note", d.Corrects(string(lang)))
	}
	doc.URL = fmt.Sprintf("%s/c/%s/documents/%s/%d", strings.TrimSuffix(baseURL, "/"), c.Slug, d.Serial(), d.Version)
	return doc
}

// disclosureWriter writes the parts of one report in one language.
type disclosureWriter struct {
	d       disclosure.Document
	content disclosure.Content
	f       disclosure.Figures
	lang    i18n.Lang
}

func (w disclosureWriter) facts() (facts []pdf.DisclosureFact) {
	add := func(key, text string) {
		if text != "" {
			facts = append(facts, pdf.DisclosureFact{Name: w.lang.T("law.doc." + key), Text: text})
		}
	}
	add("host", w.content.Host(string(w.lang)))
	if w.content.Kind == disclosure.Event {
		add("happened", w.lang.Date(w.content.From))
	} else if !w.content.Until.IsZero() {
		add("period", w.lang.T("law.doc.from_to", "from", w.lang.Date(w.content.From), "to", w.lang.Date(w.content.Until)))
	}
	if w.d.DueOn != nil {
		add("due", w.lang.T("law.doc.due_by", "day", w.lang.Date(*w.d.DueOn), "law", w.content.Law(string(w.lang))))
	}
	if w.d.Year > 0 {
		add("published", w.lang.Date(w.d.FirstOn))
	}
	return facts
}

func (w disclosureWriter) row(key string, amount money.Amount, pairs ...any) pdf.DisclosureRow {
	return pdf.DisclosureRow{Name: w.lang.T("law.doc."+key, pairs...), Amount: amount}
}

// sum is the report in one column: what came, what went, what is left.
func (w disclosureWriter) sum() (t pdf.DisclosureTable) {
	t.Title = w.lang.T("law.doc.sum")
	maybe := func(key string, amount money.Amount) {
		if !amount.IsZero() {
			t.Rows = append(t.Rows, w.row(key, amount))
		}
	}
	last := func(key string, amount money.Amount) {
		row := w.row(key, amount)
		row.Total = true
		t.Rows = append(t.Rows, row)
	}
	switch w.d.SubjectKind {
	case disclosure.OfCommunity:
		t.Rows = append(t.Rows, w.row("opening", w.f.Opening), w.row("income", w.f.OtherSum()))
		maybe("moved", w.f.Moved)
		t.Rows = append(t.Rows, w.row("expense", w.f.SpentSum().Neg()))
		last("closing", w.f.Left)
		t.Lead = w.lang.T("law.doc.restricted", "amount", w.f.LeftHeld.Yuan())
	case disclosure.OfCampaign, disclosure.OfProject:
		if w.d.SubjectKind == disclosure.OfCampaign {
			t.Rows = append(t.Rows, w.row("raised", w.f.RaisedSum(), "n", w.f.Gifts()))
		}
		if w.f.Refunds > 0 {
			t.Rows = append(t.Rows, w.row("refunded", w.f.Refunded.Neg(), "n", w.f.Refunds))
		}
		if w.f.Shared {
			last("to_fund", w.f.RaisedSum().Sub(w.f.Refunded))
			t.Lead = w.lang.T("law.doc.shared", "fund", i18n.Text{ZH: w.f.FundZH, EN: w.f.FundEN}.In(w.lang))
			break
		}
		maybe("others", w.f.OtherSum())
		maybe("moved", w.f.Moved)
		t.Rows = append(t.Rows, w.row("spent", w.f.SpentSum().Neg()))
		maybe("held", w.f.Held.Neg())
		last("left", w.f.Left)
	}
	return t
}

func (w disclosureWriter) within() (t pdf.DisclosureTable) {
	if w.f.Within == nil {
		return t
	}
	t.Title = w.lang.T("law.doc.within", "from", w.lang.Date(w.content.From), "to", w.lang.Date(w.content.Until))
	if w.d.SubjectKind == disclosure.OfCampaign {
		t.Rows = append(t.Rows, w.row("raised", w.f.Within.Raised, "n", w.f.Within.Gifts))
	}
	if !w.f.Shared {
		t.Rows = append(t.Rows, w.row("spent", w.f.Within.Spent))
	}
	return t
}

func (w disclosureWriter) ways() (t pdf.DisclosureTable) {
	if len(w.f.Raised) == 0 {
		return t
	}
	t.Title, t.Count = w.lang.T("law.doc.ways"), w.lang.T("law.doc.gifts")
	for _, way := range w.f.Raised {
		t.Rows = append(t.Rows, pdf.DisclosureRow{Name: named(w.lang, "pay.", way.Method, way.Method), Count: i18n.Count(way.Gifts), Amount: way.Amount})
	}
	return w.total(t, i18n.Count(w.f.Gifts()), w.f.RaisedSum())
}

func (w disclosureWriter) others() (t pdf.DisclosureTable) {
	if len(w.f.Others) == 0 {
		return t
	}
	t.Title = w.lang.T("law.doc.other_income")
	if w.d.SubjectKind == disclosure.OfCommunity {
		t.Title = w.lang.T("law.doc.income_by")
	}
	for _, s := range w.f.Others {
		name := s.Name(string(w.lang))
		if name == "" {
			name = named(w.lang, "entry.kind.", s.Code, w.lang.T("law.doc.other_kind"))
		}
		t.Rows = append(t.Rows, pdf.DisclosureRow{Name: name, Amount: s.Amount})
	}
	return w.total(t, "", w.f.OtherSum())
}

func (w disclosureWriter) spent() (t pdf.DisclosureTable) {
	if len(w.f.Spent) == 0 {
		return t
	}
	t.Title, t.Count, t.Out = w.lang.T("law.doc.spent_by"), w.lang.T("law.doc.entries"), true
	costs, all := w.f.CostSum(), w.f.SpentSum()
	t.Lead = w.lang.T("law.doc.costs", "amount", costs.Yuan(), "share", i18n.Percent(costs.PerMille(all)))
	entries := 0
	for _, s := range w.f.Spent {
		name := s.Name(string(w.lang))
		if s.Cost {
			name = w.lang.T("law.doc.cost", "name", name)
		}
		entries += s.Entries
		t.Rows = append(t.Rows, pdf.DisclosureRow{Name: name, Count: i18n.Count(s.Entries), Amount: s.Amount})
	}
	return w.total(t, i18n.Count(entries), all)
}

func (w disclosureWriter) total(t pdf.DisclosureTable, count string, amount money.Amount) pdf.DisclosureTable {
	t.Rows = append(t.Rows, pdf.DisclosureRow{Name: w.lang.T("law.doc.total"), Count: count, Amount: amount, Total: true})
	return t
}

func (w disclosureWriter) payments() (p pdf.DisclosurePayments) {
	p.Title = w.lang.T("law.doc.payments")
	for _, paid := range w.f.Payments {
		p.Rows = append(p.Rows, pdf.DisclosurePayment{Voucher: paid.Voucher, Date: paid.Date, Memo: paid.Memo, Amount: paid.Amount})
	}
	if n := w.f.MorePaid.Entries; n > 0 {
		p.More = w.lang.T("law.doc.more_paid", "count", n, "amount", w.f.MorePaid.Amount.Yuan())
	}
	return p
}

func (w disclosureWriter) passages() (all []pdf.DisclosurePassage) {
	add := func(key, text string) {
		if text != "" {
			all = append(all, pdf.DisclosurePassage{Title: w.lang.T("law.doc.text." + key), Text: text})
		}
	}
	lang, outcome := string(w.lang), w.content.Texts.Outcome(string(w.lang))
	if served := w.content.Texts.Served; served > 0 {
		outcome = strings.TrimSpace(w.lang.T("law.doc.served", "count", served) + "\n" + outcome)
	}
	add("done", w.content.Texts.Done(lang))
	add("outcome", outcome)
	add("leftover", w.content.Texts.Leftover(lang))
	return all
}

// asOf says of which books the figures are.
func (w disclosureWriter) asOf() string {
	if w.d.SubjectKind == disclosure.OfEvent {
		return ""
	}
	said := w.lang.T("law.doc.as_of", "seq", i18n.Count(w.f.AsOf))
	if w.content.Checkpoint > 0 {
		said += w.lang.T("law.doc.checkpoint", "number", w.content.Checkpoint)
	}
	return said
}

// named is the message of a value below a prefix, or something else where nobody has written one.
func named(lang i18n.Lang, prefix, value, otherwise string) string {
	if i18n.Has(prefix + value) {
		return lang.T(prefix + value)
	}
	return otherwise
}
