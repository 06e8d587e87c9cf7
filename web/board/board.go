package board

import (
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns/mutualaid"
	"fund/web/i18n"
	"fund/web/page"
)

// Form is the form of a card, with its choices in the reader's language.
type Form struct {
	*page.Form
	Kind  mutualaid.Kind
	Sorts []page.Option
	Days  []page.Option // Monday to Sunday
	Parts []page.Option
	Until []page.Option
}

// untils are how many days a card may stay on the board.
var untils = []int{7, 30, 180}

// Blank names the fields of a card's form, and what it starts with: any day, any
// time, a need for a month, an offer for half a year.
func Blank(c *fiber.Ctx, kind mutualaid.Kind, f *page.Form) Form {
	v := Of(c, kind, f)
	f.Set("until", "30").Set("days", page.Values(v.Days)...).Set("parts", page.Values(v.Parts)...)
	if kind == mutualaid.Offer {
		f.Set("until", "180")
	}
	return v
}

// Of is the form as somebody filled it in.
func Of(c *fiber.Ctx, kind mutualaid.Kind, f *page.Form) Form {
	r := page.Of(c)
	v := Form{Form: f, Kind: kind}
	for _, name := range []string{"category", "place", "days", "parts", "until", "name", "phone", "consent"} {
		f.Label(name, "help.field."+name)
	}
	f.Label("what", "help.what."+string(kind))
	v.Sorts = Sorts(r)
	for day := range 7 {
		v.Days = append(v.Days, page.Option{Value: strconv.Itoa(1 << day), Label: r.T("help.weekday." + strconv.Itoa(day+1))})
	}
	v.Parts = PartsOf(r, mutualaid.AllDay)
	for _, days := range untils {
		v.Until = append(v.Until, page.Option{Value: strconv.Itoa(days), Label: r.T("help.until." + strconv.Itoa(days))})
	}
	return v
}

// Sorts are the categories, to choose from.
func Sorts(r *page.Reader) (options []page.Option) {
	for _, s := range mutualaid.Categories {
		options = append(options, page.Option{Value: string(s), Label: r.T("help.sort." + string(s))})
	}
	return options
}

// PartsOf are the parts of the day among some, to choose from.
func PartsOf(r *page.Reader, of mutualaid.Parts) (options []page.Option) {
	for _, part := range []mutualaid.Parts{mutualaid.Morning, mutualaid.Afternoon, mutualaid.Evening} {
		if of&part != 0 {
			options = append(options, page.Option{Value: strconv.Itoa(int(part)), Label: r.T("help.part." + strconv.Itoa(int(part)))})
		}
	}
	return options
}

// Read reads the card and whose it is; what has to be mended is marked.
func (v Form) Read(today time.Time) (k mutualaid.Card, p mutualaid.Person) {
	k = mutualaid.Card{
		Kind: v.Kind, Category: mutualaid.Category(v.Choice("category", page.Values(v.Sorts))), What: v.Text("what", 120), Place: v.Text("place", 40),
		Weekdays: mutualaid.Days(v.bits("days", v.Days)), Parts: mutualaid.Parts(v.bits("parts", v.Parts)),
	}
	days, _ := strconv.Atoi(v.Choice("until", page.Values(v.Until)))
	k.Until = today.AddDate(0, 0, days)
	return k, mutualaid.Person{Name: v.Text("name", 40), Phone: v.Phone("phone")}
}

// bits adds up the ticked choices; none at all has to be mended.
func (v Form) bits(name string, among []page.Option) (sum int) {
	known := page.Values(among)
	for _, ticked := range v.All(name) {
		if n, err := strconv.Atoi(ticked); err == nil && slices.Contains(known, ticked) {
			sum |= n
		}
	}
	if sum == 0 {
		v.Wrong(name, "help.wrong.none_ticked")
	}
	return sum
}

// Card is a card with its times in the reader's language.
type Card struct {
	mutualaid.Card
	When string // `周一 周三 · 上午`
}

// Show gives cards their words.
func Show(c *fiber.Ctx, cards []mutualaid.Card) (shown []Card) {
	for _, k := range cards {
		shown = append(shown, Card{k, When(page.Of(c), k)})
	}
	return shown
}

// When says the days and parts of days of a card: `周一 周三 · 上午`.
func When(r *page.Reader, k mutualaid.Card) string {
	return days(r, k.Weekdays) + " · " + parts(r, k.Parts)
}

func days(r *page.Reader, of mutualaid.Days) (text string) {
	switch of {
	case mutualaid.EveryDay:
		return r.T("help.every_day")
	case 0b0011111:
		return r.T("help.workdays")
	case 0b1100000:
		return r.T("help.weekend")
	}
	for day := range 7 {
		if of&(1<<day) != 0 {
			text = joined(text, r.T("help.weekday."+strconv.Itoa(day+1)))
		}
	}
	return text
}

func parts(r *page.Reader, of mutualaid.Parts) (text string) {
	if of == mutualaid.AllDay {
		return r.T("help.all_day")
	}
	for _, part := range PartsOf(r, of) {
		text = joined(text, part.Label)
	}
	return text
}

func joined(text, more string) string {
	if text == "" {
		return more
	}
	return text + " " + more
}

// Spans are the times a form offers for an engagement: quarters of an hour up to
// two hours, halves up to eight.
func Spans(r *page.Reader) (options []page.Option) {
	for minutes := 15; minutes <= 480; {
		options = append(options, page.Option{Value: strconv.Itoa(minutes), Label: r.T("help.hours", "hours", i18n.Hours(minutes))})
		if minutes < 120 {
			minutes += 15
		} else {
			minutes += 30
		}
	}
	return options
}

// ReadSpan reads one of the Spans, in minutes.
func ReadSpan(f *page.Form, name string, among []page.Option) int {
	minutes, _ := strconv.Atoi(f.Choice(name, page.Values(among)))
	return minutes
}
