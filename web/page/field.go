package page

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"fund/web/i18n"
)

// Field is what the parts "input", "money", "area", "choices", "select" and "tick" draw:
//
//	{{template "money" .Form.Field "own" "hint" "give.own.hint"}}
//	{{template "choices" (.Form.Field "pay" | options .Ways)}}
//
// Pairs after the name: hint (a message key), type, autocomplete, inputmode, class, when ("amount=own": shown only while
// that choice is picked), and focus ("yes": the cursor starts here).
type Field struct {
	Name, ID, Label, Value, Wrong string
	Hint                          string
	Type, Autocomplete, Inputmode string
	Class, When                   string
	Focus                         bool
	Options                       []Option
	chosen                        []string
}

// Option is one of several to choose from, its label in the reader's language.
type Option struct{ Value, Label, Hint string }

// Values are what stands behind options, for Form.Choice.
func Values(options []Option) (all []string) {
	for _, o := range options {
		all = append(all, o.Value)
	}
	return all
}

// Word is the message of a value below a prefix, or the value where nobody has written one.
func Word(c *fiber.Ctx, prefix, value string) string {
	if key := prefix + "." + value; i18n.Has(key) {
		return Of(c).T(key)
	}
	return value
}

// Field describes a field for its template part.
func (f *Form) Field(name string, pairs ...string) Field {
	field := Field{
		Name: name, ID: "f-" + name, Label: f.label(name), Value: f.Typed(name), Wrong: f.wrongText(name),
		Type: "text", Autocomplete: "off", chosen: f.typed[name],
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		switch value := pairs[i+1]; pairs[i] {
		case "hint":
			field.Hint = f.reader.T(value)
		case "type":
			if field.Type = value; value == "password" {
				field.Value = "" // what nobody should read does not come back
			}
		case "id": // where a page has the field more than once
			field.ID = "f-" + value
		case "autocomplete":
			field.Autocomplete = value
		case "inputmode":
			field.Inputmode = value
		case "class":
			field.Class = value
		case "when":
			field.When = value
		case "focus":
			field.Focus = value != ""
		default:
			panic("page: a field has no " + pairs[i])
		}
	}
	return field
}

// DescribedBy lists the ids of hint and error for aria-describedby.
func (f Field) DescribedBy() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.ID+"-hint")
	}
	if f.Wrong != "" {
		ids = append(ids, f.ID+"-wrong")
	}
	return strings.Join(ids, " ")
}

// Chosen tells whether an option was picked.
func (f Field) Chosen(value string) bool { return slices.Contains(f.chosen, value) }

// Mend is one line of the summary: the field's label, what to do, and where.
type Mend struct{ To, Text string }

// Mends lists what has to be mended, each a link to its field.
func (f *Form) Mends() []Mend {
	if f == nil {
		return nil
	}
	mends := make([]Mend, len(f.wrong))
	for i, w := range f.wrong {
		mends[i] = Mend{"#f-" + w.Name, f.reader.T("form.line", "label", w.Label, "error", w.Text)}
	}
	return mends
}
