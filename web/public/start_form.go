package public

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns"
	"fund/campaigns/voice"
	"fund/web/page"
)

const (
	titleMax, purposeMax, storyMax, lineMax      = 80, 120, 4000, 40
	proposalRowsFirst, proposalRowsMore, rowsMax = 4, 3, 16
	campaignDaysMax                              = 366
)

// proposalRow is one row of what the money buys; its fields are named l1_name and l1_amount.
type proposalRow struct{ N int }

// Named is the row's field.
func (r proposalRow) Named(field string) string { return "l" + strconv.Itoa(r.N) + "_" + field }

// startView names the fields of a step and fills in what can be chosen.
func (p *Pages) startView(c *fiber.Ctx, of voice.Proposal, part voice.Part, f *page.Form) startView {
	v := startView{
		Proposal: of, Part: part, N: slices.Index(voice.Parts, part) + 1,
		Form: labelled(f, "start.field", "title", "theme", "purpose", "story", "starts_on", "ends_on", "name", "phone", "email", "consent"),
	}
	for _, theme := range campaigns.Themes {
		v.Themes = append(v.Themes, page.Option{Value: theme, Label: themeName(page.Of(c).Lang, theme)})
	}
	v.Rows = budgetRows(f, len(of.Budget))
	return v
}

// budgetRows are the rows of a form of what money buys, with room for more than stand there.
func budgetRows(f *page.Form, stand int) (rows []proposalRow) {
	n := max(f.Number("rows"), proposalRowsFirst, stand+1)
	if f.Typed("press") == "more" {
		n += proposalRowsMore
	}
	for i := range min(n, rowsMax) {
		row := proposalRow{i + 1}
		f.Label(row.Named("name"), "start.field.line").Label(row.Named("amount"), "start.field.amount")
		rows = append(rows, row)
	}
	f.Set("rows", strconv.Itoa(len(rows)))
	return rows
}

// fill puts what stands into the form of a step.
func (v startView) fill() {
	v.Form.Set("title", v.Title).Set("theme", v.Theme).Set("purpose", v.Purpose).Set("story", v.Story).
		Set("name", v.Name).Set("phone", v.Phone).Set("email", v.Email)
	if v.Has(voice.You) {
		v.Form.Set("consent", "yes")
	}
	for i, line := range v.Budget {
		row := v.Rows[i]
		v.Form.Set(row.Named("name"), line.Name).Set(row.Named("amount"), strings.TrimSuffix(line.Amount.String(), ".00"))
	}
	if v.StartsOn != nil {
		v.Form.Set("starts_on", v.StartsOn.Format(time.DateOnly))
	}
	if v.EndsOn != nil {
		v.Form.Set("ends_on", v.EndsOn.Format(time.DateOnly))
	}
}

// read reads a step over what stands.
func (v *startView) read(p *Pages) {
	switch v.Part {
	case voice.What:
		v.Title, v.Theme = oneLine(v.Form.Text("title", titleMax)), v.Form.Choice("theme", campaigns.Themes, page.Optional)
		v.Purpose, v.Story = oneLine(v.Form.Text("purpose", purposeMax, page.Optional)), v.Form.Text("story", storyMax)
	case voice.Money:
		v.readBudget()
	case voice.Dates:
		v.readDates(p.Now())
	case voice.You:
		v.Name, v.Phone, v.Email = readContact(v.Form)
	}
}

// readBudget reads the rows that somebody wrote in.
func (v *startView) readBudget() {
	v.Budget = nil
	for _, row := range v.Rows {
		if v.Form.Typed(row.Named("name"))+v.Form.Typed(row.Named("amount")) == "" {
			continue
		}
		v.Budget = append(v.Budget, voice.Line{Name: oneLine(v.Form.Text(row.Named("name"), lineMax)), Amount: v.Form.Amount(row.Named("amount"))})
	}
	if len(v.Budget) == 0 {
		v.Form.Wrong(v.Rows[0].Named("name"), "form.wrong.blank")
	}
}

func (v *startView) readDates(now time.Time) {
	from, to := v.Form.Date("starts_on"), v.Form.Date("ends_on")
	switch {
	case from.IsZero() || to.IsZero():
	case from.Before(now.AddDate(0, 0, -1)):
		v.Form.Wrong("starts_on", "start.wrong.past")
	case to.Before(from):
		v.Form.Wrong("ends_on", "raise.wrong.ends_first")
	case to.After(from.AddDate(0, 0, campaignDaysMax)):
		v.Form.Wrong("ends_on", "start.wrong.long")
	}
	v.StartsOn, v.EndsOn = &from, &to
}

// readContact reads who a resident is: a name, a telephone or a mail address, and their consent.
func readContact(f *page.Form) (name, phone, email string) {
	name, phone, email = oneLine(f.Text("name", 40)), oneLine(f.Text("phone", 30, page.Optional)), f.Email("email", page.Optional)
	if f.Typed("phone")+f.Typed("email") == "" {
		f.Wrong("phone", "start.wrong.reach")
	}
	if !f.Bool("consent") {
		f.Wrong("consent", "start.wrong.consent")
	}
	return name, phone, email
}
