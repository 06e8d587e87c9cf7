package pdf

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"fund/ledger/money"
	"fund/web/picture"
)

func (d *report) campaigns() {
	d.begin("campaigns")
	if len(d.doc.Campaigns) == 0 {
		d.lead(d.say("none"))
	}
	for _, c := range d.doc.Campaigns {
		d.campaign(c)
	}
}

func (d *report) campaign(c CampaignPart) {
	d.need(64)
	d.bookmark(c.Title, 1, d.y-6)
	d.y = d.block(margin, d.y+2, textWidth, 7, c.Title, style{size: 14, bold: true, ink: inkText})
	when := d.say("campaign.dates", day(d.doc.Lang, c.From), day(d.doc.Lang, c.To))
	if c.Filing != "" {
		when += " · " + d.say("campaign.filing", c.Filing)
	}
	if c.Legal != "" {
		when = c.Legal
	}
	d.y = d.block(margin, d.y-1, textWidth, 4.6, when, style{size: 9.5, ink: ink2}) - 3.6
	bar := picture.Progress{Raised: c.Raised, Goal: c.Goal, Held: c.Held}.Picture()
	d.picture(bar, margin, d.y+2.5, textWidth, 5.5)
	sentence := d.say("campaign.sentence", c.Raised.YuanShort(), c.Goal.YuanShort(), percent(c.Raised, c.Goal), count(c.Givers))
	if c.Held {
		sentence += d.say("campaign.spent", c.Spent.YuanShort())
	}
	d.text(margin, d.y+14, sentence, d.shrink(sentence, style{size: 11, ink: inkText}, textWidth, 8), left)
	d.y += 18
	if len(c.Budget) == 0 {
		d.text(margin, d.y+2, d.say("campaign.nobudget"), style{size: 10, ink: ink2}, left)
		d.y += 14
		return
	}
	cols := []column{
		{head: d.say("budget.line"), width: 80},
		{head: d.say("budget.plan"), width: 30, amount: true},
		{head: d.say("budget.covered"), width: 30, amount: true},
		{head: d.say("budget.left"), width: 30, amount: true},
	}
	var rows []line
	var plan, covered money.Amount
	for _, b := range c.Budget {
		plan, covered = plan.Add(b.Plan), covered.Add(b.Covered)
		rows = append(rows, line{cells: []string{b.Name, b.Plan.Format(), figure(b.Covered), figure(b.Plan.Sub(b.Covered))}})
	}
	rows = append(rows, line{kind: total, cells: []string{d.say("sum"), plan.Format(), figure(covered), figure(plan.Sub(covered))}})
	d.table(cols, rows)
	d.y += 9
}

func (d *report) projects() {
	d.begin("projects")
	if len(d.doc.Projects) == 0 {
		d.lead(d.say("none"))
		return
	}
	d.lead(d.say("projects.lead"))
	cols := []column{
		{head: d.say("project.title"), width: 78},
		{head: d.say("project.served"), width: 14, number: true},
		{head: d.say("project.sessions"), width: 16, number: true},
		{head: d.say("project.paid"), width: 14, soft: true},
		{head: d.say("project.budget"), width: 24, amount: true},
		{head: d.say("project.spent"), width: 24, amount: true},
	}
	var rows []line
	var budget, spent money.Amount
	served, sessions := 0, 0
	for i, p := range d.doc.Projects {
		if i == 0 || p.Theme != d.doc.Projects[i-1].Theme {
			rows = append(rows, line{kind: section, cells: []string{p.Theme}})
		}
		consent := d.say("project.consent", p.Council, day(d.doc.Lang, p.Agreed))
		if d.doc.Lang != "en" {
			consent = d.say("project.consent", day(d.doc.Lang, p.Agreed), p.Council)
		}
		paid := d.say("project.free")
		if p.Held {
			paid = d.say("project.held")
		}
		rows = append(rows, line{note: consent, cells: []string{
			fmt.Sprintf("%d  %s", i+1, p.Title), count(p.Served), count(p.Sessions), paid, p.Budget.Format(), p.Spent.Format(),
		}})
		budget, spent = budget.Add(p.Budget), spent.Add(p.Spent)
		served, sessions = served+p.Served, sessions+p.Sessions
	}
	rows = append(rows, line{kind: total, cells: []string{d.say("sum"), count(served), count(sessions), "", budget.Format(), spent.Format()}})
	d.table(cols, rows)
}

func (d *report) funds() {
	d.begin("funds")
	d.lead(d.say("funds.lead"))
	cols := []column{
		{head: d.say("fund.name"), width: 50},
		{head: d.say("fund.opening"), width: 24, amount: true},
		{head: d.say("fund.in"), width: 24, amount: true},
		{head: d.say("fund.out"), width: 24, amount: true},
		{head: d.say("fund.moved"), width: 24, amount: true},
		{head: d.say("fund.closing"), width: 24, amount: true},
	}
	var rows []line
	var all FundPart
	for _, held := range []bool{false, true} {
		kind := "free"
		if held {
			kind = "held"
		}
		rows = append(rows, line{kind: section, cells: []string{d.say(kind)}})
		part := FundPart{Name: d.say(kind) + gap(d.doc.Lang) + strings.ToLower(d.say("sum"))}
		for _, f := range d.doc.Funds {
			if f.Held == held {
				rows = append(rows, f.line(plain, 3))
				part.add(f)
			}
		}
		rows = append(rows, part.line(sub, 0))
		all.add(part)
	}
	all.Name = d.say("sum")
	d.set(snug, cols, append(rows, all.line(total, 0)))
}

func (f *FundPart) add(g FundPart) {
	f.Opening, f.In, f.Out = f.Opening.Add(g.Opening), f.In.Add(g.In), f.Out.Add(g.Out)
	f.Moved, f.Closing = f.Moved.Add(g.Moved), f.Closing.Add(g.Closing)
}

func (f FundPart) line(kind lineKind, indent float64) line {
	return line{kind: kind, indent: indent, cells: []string{f.Name, figure(f.Opening), figure(f.In), figure(f.Out), figure(f.Moved), figure(f.Closing)}}
}

// rowKind is how a statement's row stands in its table.
func rowKind(head, sum, last bool) lineKind {
	switch {
	case last:
		return total
	case sum:
		return sub
	case head:
		return section
	}
	return plain
}

// tableHigh is about how high a table of so many rows of one line is.
func tableHigh(rows int) float64 { return 12 + roomy.row(1)*float64(rows) }

func (d *report) activities() {
	d.begin("activities")
	cols := []column{
		{head: d.say("activities.item"), width: 80},
		{head: d.say("activities.free"), width: 30, amount: true},
		{head: d.say("activities.held"), width: 30, amount: true},
		{head: d.say("activities.total"), width: 30, amount: true},
	}
	var rows []line
	for _, a := range d.doc.Activities {
		r := line{kind: rowKind(a.Head, a.Sum, a.Last), indent: 4 * float64(a.Level), cells: []string{a.Name}}
		if !a.Head {
			r.cells = append(r.cells, figure(a.Free), figure(a.Held), figure(a.Total))
		}
		rows = append(rows, r)
	}
	d.table(cols, rows)
}

func (d *report) balance() {
	d.chapter("balance", tableHigh(len(d.doc.Balance)))
	cols := []column{
		{head: d.say("balance.item"), width: 100},
		{head: d.say("balance.opening"), width: 35, amount: true},
		{head: d.say("balance.closing"), width: 35, amount: true},
	}
	var rows []line
	for _, b := range d.doc.Balance {
		r := line{kind: rowKind(b.Head, b.Sum, b.Last), indent: 4 * float64(b.Level), cells: []string{b.Name}}
		if !b.Head {
			r.cells = append(r.cells, figure(b.Opening), figure(b.Closing))
		}
		rows = append(rows, r)
	}
	d.table(cols, rows)
}

func (d *report) cashFlow() {
	d.chapter("cash", tableHigh(len(d.doc.CashFlow)))
	cols := []column{{head: d.say("cash.item"), width: 130}, {head: d.say("cash.amount"), width: 40, amount: true}}
	var rows []line
	for _, c := range d.doc.CashFlow {
		r := line{kind: rowKind(c.Head, c.Sum, c.Last), indent: 4 * float64(c.Level), cells: []string{c.Name}}
		if !c.Head {
			r.cells = append(r.cells, figure(c.Amount))
		}
		rows = append(rows, r)
	}
	d.table(cols, rows)
	d.y += 8
	d.need(60)
	d.head(d.say("places"), "")
	cols[0].head, rows = d.say("places.item"), nil
	var all money.Amount
	for _, p := range d.doc.Places {
		rows = append(rows, line{cells: []string{p.Name, figure(p.Amount)}})
		all = all.Add(p.Amount)
	}
	d.table(cols, append(rows, line{kind: total, cells: []string{d.say("sum"), all.Format()}}))
}

func (d *report) entries() {
	d.begin("entries")
	d.lead(d.say("entries.lead", count(len(d.doc.Entries))))
	cols := []column{
		{head: d.say("entry.date"), width: 12, soft: true},
		{head: d.say("entry.number"), width: 18},
		{head: d.say("entry.memo"), width: 56},
		{head: d.say("entry.fund"), width: 44, soft: true, cut: true},
		{head: d.say("entry.in"), width: 20, amount: true},
		{head: d.say("entry.out"), width: 20, amount: true},
	}
	var rows []line
	var in, out money.Amount
	for _, e := range d.doc.Entries {
		in, out = in.Add(e.In), out.Add(e.Out)
		rows = append(rows, line{
			red:   e.In.Sign() < 0 || e.Out.Sign() < 0,
			cells: []string{d.short(e.Date), e.Number, e.Memo, e.Fund, blank(e.In), blank(e.Out)},
		})
	}
	rows = append(rows, line{kind: total, cells: []string{"", "", d.say("sum"), "", in.Format(), out.Format()}})
	d.set(tight, cols, rows)
}

// short is a date in a column: without the year when the whole report is of one year.
func (d *report) short(t time.Time) string {
	if d.doc.From.Year() == d.doc.To.Year() {
		return t.Format("01-02")
	}
	return t.Format("06-01-02")
}

// blank leaves the column an entry does not touch empty, as in an account book.
func blank(a money.Amount) string {
	if a.IsZero() {
		return ""
	}
	return a.Format()
}

func (d *report) reversals() {
	d.chapter("reversals", tableHigh(min(12, len(d.doc.Reversals))))
	d.lead(d.say("reversals.lead"))
	if len(d.doc.Reversals) == 0 {
		d.lead(d.say("reversals.none"))
		return
	}
	cols := []column{
		{head: d.say("reversal.date"), width: 15, soft: true},
		{head: d.say("reversal.number"), width: 26},
		{head: d.say("reversal.of"), width: 26},
		{head: d.say("reversal.why"), width: 75},
		{head: d.say("reversal.amount"), width: 28, amount: true},
	}
	var rows []line
	for _, r := range d.doc.Reversals {
		rows = append(rows, line{red: true, cells: []string{d.short(r.Date), r.Number, r.Of, r.Why, r.Amount.Format()}})
	}
	d.table(cols, rows)
}

// corrections are the published reports that were put right since the last one of this kind.
func (d *report) corrections() {
	if d.doc.Serial == "" {
		return
	}
	d.chapter("corrections", 30+10*float64(len(d.doc.Corrections)))
	if len(d.doc.Corrections) == 0 {
		d.lead(d.say("corrections.none"))
		return
	}
	d.lead(d.say("corrections.lead"))
	cols := []column{
		{head: d.say("corrections.on"), width: 34, soft: true},
		{head: d.say("corrections.report"), width: 62},
		{head: d.say("corrections.note"), width: 74},
	}
	var rows []line
	for _, c := range d.doc.Corrections {
		rows = append(rows, line{cells: []string{day(d.doc.Lang, c.On), "№ " + c.Serial + " " + c.Title, c.Note}, note: d.say("report.version", c.Version)})
	}
	d.table(cols, rows)
}

// keyID is the name and the fingerprint of the key that signed a note, as the public key begins with them.
func keyID(note string) string {
	_, signatures, _ := strings.Cut(note, "\n\n")
	for l := range strings.Lines(signatures) {
		parts := strings.Fields(strings.TrimPrefix(l, "— "))
		if len(parts) != 2 {
			continue
		}
		if sum, err := base64.StdEncoding.DecodeString(parts[1]); err == nil && len(sum) > 4 {
			return parts[0] + "+" + hex.EncodeToString(sum[:4])
		}
	}
	return ""
}

func (d *report) howToCheck(qr picture.Picture) {
	d.begin("check")
	d.lead(d.say("check.lead"))
	d.y += 3
	for i := 1; i <= 3; i++ {
		key := fmt.Sprintf("check.%d", i)
		n := style{size: 22, bold: true, ink: inkSerial}
		d.text(margin, d.y+6, count(i), n, left)
		d.text(margin+12, d.y+2, d.say(key), style{size: 13, bold: true, ink: inkText}, left)
		d.y = d.block(margin+12, d.y+8.5, textWidth-12, 6, d.say(key+".text"), style{size: 11.5, ink: ink2}) + 5
	}
	p := d.doc.Checkpoint
	if p.Text != "" {
		d.head(d.say("check.point", p.Number, clock(d.doc.Lang, p.At)), "")
		lines := typed(p.Text, textWidth-10)
		d.need(5*float64(len(lines)) + 10)
		h := 5*float64(len(lines)) + 6
		d.fill(margin, d.y, textWidth, h, inkSunk)
		for i, l := range lines {
			d.typewriter(margin+5, d.y+6.5+5*float64(i), l)
		}
		d.y += h + 6
		if key := keyID(p.Text); key != "" {
			d.y = d.block(margin, d.y-1, textWidth, 5.4, d.say("check.key"), style{size: 11, ink: ink2})
			d.text(margin, d.y+1, key, d.shrink(key, style{size: 15, bold: true, ink: inkSerial}, textWidth, 9), left)
			d.y += 8
		}
	}
	d.need(48)
	d.picture(qr, margin-3, d.y-3, 44, 0)
	scan := "check.scan"
	if d.doc.URL != "" {
		scan = "check.scan.report"
	}
	d.text(margin+44, d.y+8, d.say(scan), style{size: 13, bold: true, ink: inkText}, left)
	s := style{size: 10, ink: inkIndigo}
	y := d.block(margin+44, d.y+15, textWidth-44, 5, d.address(), s)
	d.block(margin+44, y+3, textWidth-44, 6, d.say("check.ask", d.doc.Ask), style{size: 11, ink: ink2})
	d.web(margin-3, d.y-3, 44, 44, d.address())
}
