package issue

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/publication"
	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/report"
	"fund/ledger/transparency"
	"fund/web/i18n"
	"fund/web/pdf"
)

// Transparency fills in the transparency report of the months from..to: every figure comes from the books, and the
// checkpoint it prints covers all of its entries. baseURL is where readers reach us, issued the moment of issue.
//
// Hand it one REPEATABLE READ transaction, so that all parts tell of the same books. transparency.ErrNotSealed if no
// checkpoint covers the period's last entry yet, which takes a second or so after posting.
func Transparency(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, from, to time.Time, lang i18n.Lang, baseURL string, issued time.Time) (doc pdf.ReportDoc, err error) {
	b, err := newBooks(ctx, q, c, from, to, lang, baseURL, issued)
	if err == nil {
		err = b.fill()
	}
	if err != nil {
		return doc, fmt.Errorf("issue.Transparency(%s): %w", c.Slug, err)
	}
	return b.doc, nil
}

// newBooks begins a report of the months from..to with what every report says of itself, but for its checkpoint.
func newBooks(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, from, to time.Time, lang i18n.Lang, baseURL string, issued time.Time) (*books, error) {
	b := &books{Context: ctx, q: q, c: c, lang: lang, from: ledger.MonthOf(from), to: ledger.MonthOf(to).AddDate(0, 1, -1), zone: zoneOf(c)}
	b.doc.Head = pdf.Head{
		Lang: string(lang), Community: c.Name(string(lang)), Number: b.number(), Period: b.period(), From: b.from, To: b.to,
		Issued: issued.In(b.zone), Ask: lang.T("issue.ask", "phone", strings.ReplaceAll(c.Phone, " ", "\u00a0"), "address", c.Address(string(lang))),
	}
	b.doc.Checkpoint.URL = strings.TrimSuffix(baseURL, "/") + "/c/" + c.Slug + "/verify"
	return b, b.host()
}

// fill reads the report on the whole community's money.
func (b *books) fill() error {
	for _, read := range []func() error{
		b.chart, b.sums, b.projects, b.sources, b.uses, b.months, b.funds, b.campaigns, b.decided, b.statements, b.places, b.entries, b.checkpoint,
	} {
		if err := read(); err != nil {
			return err
		}
	}
	return nil
}

// books is a report being filled in.
type books struct {
	context.Context
	q        sqlx.QueryerContext
	c        ledger.Community
	lang     i18n.Lang
	from, to time.Time // first and last day
	zone     *time.Location
	themes   map[int]string       // of what a fund pays for
	spent    map[int]money.Amount // by fund, in the period
	handed   map[int]money.Amount // the same of what went to other funds
	last     int64                // the highest Seq among the entries
	accounts ledger.Accounts
	doc      pdf.ReportDoc
}

// number is the report's: 2017, 2017-12, 2017-01–2017-03.
func (b *books) number() string {
	first, last := b.from.Format("2006-01"), b.to.Format("2006-01")
	switch {
	case b.wholeYear():
		return b.from.Format("2006")
	case first == last:
		return first
	}
	return first + "–" + last
}

// period is the same in words.
func (b *books) period() string {
	return PeriodWords(b.lang, publication.Of(publication.Fund, b.from, b.to))
}

func (b *books) wholeYear() bool {
	return b.from.Year() == b.to.Year() && b.from.Month() == time.January && b.to.Month() == time.December
}

func (b *books) host() error {
	hosts, err := campaigns.ListHosts(b, b.q, b.c.ID)
	if len(hosts) > 0 {
		b.doc.Host = hosts[0].Name(string(b.lang))
	}
	return err
}

func (b *books) sums() error {
	t, err := report.Summary(b, b.q, b.c, b.from, b.to)
	d := &b.doc
	d.Opening, d.Income, d.Expense, d.Other = t.Opening.Total(), t.In.Total(), t.Out.Total(), t.Other.Total()
	d.Closing, d.ClosingFree, d.ClosingHeld = t.Closing.Total(), t.Closing.Free, t.Closing.Held
	d.Apart, d.Grants = t.Apart, t.Grants
	return err
}

func (b *books) months() error {
	series, err := report.MonthSeries(b, b.q, b.c, b.from, b.to)
	for _, m := range series {
		b.doc.Months = append(b.doc.Months, pdf.MonthSum{Month: m.Month.Month(), In: m.Income, Out: m.Expense})
	}
	return err
}

func (b *books) places() error {
	places, err := report.Holdings(b, b.q, b.c, b.to)
	for _, p := range places.Money {
		b.doc.Places = append(b.doc.Places, pdf.PlaceRow{Name: p.Name(string(b.lang)), Amount: p.Amount, Ref: b.ref("account", p.Code)})
	}
	return err
}

// newest finds the checkpoint that covers every entry posted so far.
func (b *books) newest() error {
	stand, err := ledger.Stand(b, b.q, b.c.ID)
	if err != nil {
		return err
	}
	b.last = stand.LastSeq
	return b.checkpoint()
}

// checkpoint finds the first one that covers every entry of the report, or the newest where the report has none.
func (b *books) checkpoint() error {
	find := func() (transparency.Checkpoint, error) {
		if b.last == 0 {
			return transparency.Latest(b, b.q, b.c.ID)
		}
		return transparency.Covering(b, b.q, b.c.ID, b.last-1)
	}
	found, err := find()
	if errors.Is(err, transparency.ErrNoneSealed) {
		if b.last == 0 {
			return nil
		}
		return transparency.ErrNotSealed
	}
	b.doc.Checkpoint.Number, b.doc.Checkpoint.At, b.doc.Checkpoint.Text = int64(found.Number), found.At.In(b.zone), found.Note
	return err
}

func zoneOf(c ledger.Community) *time.Location {
	zone, err := time.LoadLocation(c.Timezone)
	if err != nil {
		return time.FixedZone("UTC+8", 8*60*60)
	}
	return zone
}
