package api

import (
	"reflect"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"

	"fund/ledger/money"
	"fund/web/i18n"
)

// object is a JSON object of the document.
type object = map[string]any

// schemas gathers the schemas of Go values under their names.
type schemas struct {
	lang i18n.Lang
	of   object
}

var (
	amountType  = reflect.TypeFor[money.Amount]()
	timeType    = reflect.TypeFor[time.Time]()
	uuidType    = reflect.TypeFor[uuid.UUID]()
	dateType    = reflect.TypeFor[Date]()
	genericName = regexp.MustCompile(`^List\[.*\.(\w+)\]$`)
)

// ref is the schema of a type: itself for what is plain, a reference for what has a name.
func (s *schemas) ref(t reflect.Type) object {
	switch t {
	case amountType:
		return object{"type": "string", "pattern": `^-?\d+\.\d{2}$`}
	case timeType:
		return object{"type": "string", "format": "date-time"}
	case uuidType:
		return object{"type": "string", "format": "uuid"}
	case dateType:
		return object{"type": "string", "format": "date"}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return orNone(s.ref(t.Elem()))
	case reflect.String:
		return object{"type": "string"}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return object{"type": "integer"}
	case reflect.Slice:
		return object{"type": "array", "items": s.ref(t.Elem())}
	case reflect.Map:
		return object{"type": "object", "additionalProperties": s.ref(t.Elem())}
	case reflect.Interface: // words: one for both languages, or one for each
		return object{"anyOf": []any{object{"type": "string"}, s.ref(reflect.TypeFor[Text]())}}
	}
	name := schemaName(t)
	if _, known := s.of[name]; !known {
		s.of[name] = nil // it may name itself
		s.of[name] = s.structure(t)
	}
	return object{"$ref": "#/components/schemas/" + name}
}

// orNone lets a schema be null as well.
func orNone(of object) object {
	if kind, plain := of["type"].(string); plain {
		of["type"] = []string{kind, "null"}
		return of
	}
	return object{"anyOf": []any{of, object{"type": "null"}}}
}

func schemaName(t reflect.Type) string {
	if m := genericName.FindStringSubmatch(t.Name()); m != nil {
		return m[1] + "List"
	}
	if t.PkgPath() == reflect.TypeFor[Text]().PkgPath() {
		return t.Name()
	}
	return strings.TrimSuffix(t.Name(), "Doc") + "Of" + "Statement"
}

// field is a field of an answer.
type field struct {
	Name     string
	Type     reflect.Type
	Enum     []string
	Format   string
	Optional bool
}

// fields are the fields of a struct, those of what is embedded among them, in their order.
func fields(t reflect.Type) (all []field) {
	for f := range t.Fields() {
		if f.Anonymous {
			all = append(all, fields(f.Type)...)
			continue
		}
		name, more, _ := strings.Cut(f.Tag.Get("json"), ",")
		one := field{Name: name, Type: f.Type, Format: f.Tag.Get("format"), Optional: strings.Contains(more, "omitempty")}
		if enum := f.Tag.Get("enum"); enum != "" {
			one.Enum = strings.Split(enum, ",")
		}
		all = append(all, one)
	}
	return all
}

func (s *schemas) structure(t reflect.Type) object {
	properties, required := object{}, []string{}
	for _, f := range fields(t) {
		of := s.ref(f.Type)
		if f.Enum != nil {
			of["enum"] = f.Enum
		}
		if f.Format != "" {
			of["format"] = f.Format
		}
		if said := fieldWords(s.lang, f.Name); said != "" {
			of["description"] = said
		}
		properties[f.Name] = of
		if !f.Optional {
			required = append(required, f.Name)
		}
	}
	return object{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}

// fieldWords says what a field is.
func fieldWords(lang i18n.Lang, name string) string {
	switch name {
	case "", "zh", "en": // a language says itself
		return ""
	case "id": // no catalogue can have a word of this name
		name = "own_id"
	}
	return lang.T("api.field." + name)
}
