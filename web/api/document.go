package api

import (
	"encoding/json"
	"reflect"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"

	"fund/web/i18n"
	"fund/web/page"
)

// Version is the document's. Fields may be added within it.
const Version = "1.0.0"

// Document is the OpenAPI 3.1 document of all operations, its words in a language. server is where the site is reached.
func Document(lang i18n.Lang, server string) map[string]any {
	s := &schemas{lang: lang, of: object{}}
	paths := object{}
	for _, op := range operations {
		paths[op.Path] = object{"get": s.operation(op)}
	}
	s.of["Problem"] = problemSchema(lang)
	return object{
		"openapi": "3.1.0",
		"info": object{
			"title": lang.T("api.title"), "version": Version, "description": lang.T("api.about"),
			"license": object{"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
		},
		"servers":    []any{object{"url": strings.TrimSuffix(server, "/")}},
		"paths":      paths,
		"components": object{"schemas": s.of, "headers": headers(lang), "responses": problems(lang)},
	}
}

func (s *schemas) operation(op operation) object {
	params := make([]any, len(op.Params))
	for i, p := range op.Params {
		params[i] = p.schema(s.lang)
	}
	if strings.Contains(op.Path, "{community}") {
		params = append([]any{param{Name: "community", Kind: word, Path: true}.schema(s.lang)}, params...)
	}
	named := object{}
	for _, name := range headerNames {
		named[name] = object{"$ref": "#/components/headers/" + name}
	}
	return object{
		"operationId": op.Name, "summary": s.lang.T("api.op." + op.Name), "parameters": params,
		"responses": object{
			"200": object{"description": s.lang.T("api.op." + op.Name), "headers": named, "content": object{
				fiber.MIMEApplicationJSON: object{"schema": s.ref(reflect.TypeOf(op.Answer))},
			}},
			"304": object{"description": s.lang.T("api.same")},
			"404": object{"$ref": "#/components/responses/Missing"},
			"422": object{"$ref": "#/components/responses/Unreadable"},
			"429": object{"$ref": "#/components/responses/TooMany"},
		},
	}
}

func (p param) schema(lang i18n.Lang) object {
	place, of := "query", object{"type": "string"}
	if p.Path {
		place = "path"
	}
	switch {
	case p.Name == limitParam.Name:
		of = object{"type": "integer", "minimum": 1, "maximum": limitMax, "default": limitUsual}
	case p.Kind == number:
		of = object{"type": "integer", "minimum": 0}
	case p.Kind == day:
		of["format"] = "date"
	case p.Kind == instant:
		of["format"] = "date-time"
	case p.Kind == month:
		of["pattern"] = `^\d{4}(-\d{2}(-\d{2})?)?$`
	case p.Enum != nil:
		of["enum"] = p.Enum
	}
	return object{"name": p.Name, "in": place, "required": p.Path, "schema": of, "description": lang.T("api.param." + p.Name)}
}

var headerNames = []string{"ETag", "Last-Modified", "Link", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"}

func headers(lang i18n.Lang) object {
	all := object{}
	for _, name := range headerNames {
		all[name] = object{"description": lang.T("api.header." + strings.ToLower(name)), "schema": object{"type": "string"}}
	}
	return all
}

// problems are the answers that are none (RFC 9457).
func problems(lang i18n.Lang) object {
	all := object{}
	for name, key := range map[string]string{"Missing": "missing", "Unreadable": "unreadable", "TooMany": "toomany"} {
		all[name] = object{
			"description": lang.T("api.problem." + key),
			"content":     object{page.ProblemType: object{"schema": object{"$ref": "#/components/schemas/Problem"}}},
		}
	}
	return all
}

func problemSchema(lang i18n.Lang) object {
	text := func(name string) object {
		return object{"type": "string", "description": lang.T("api.problem.field." + name)}
	}
	return object{
		"type": "object", "required": []string{"type", "title", "status", "detail"},
		"properties": object{
			"type": text("type"), "title": text("title"), "detail": text("detail"), "request_id": text("request_id"),
			"status": object{"type": "integer", "description": lang.T("api.problem.field.status")},
			"fields": object{"type": "array", "description": lang.T("api.problem.field.fields"), "items": object{
				"type": "object", "required": []string{"field", "message"}, "properties": object{"field": object{"type": "string"}, "message": object{"type": "string"}},
			}},
		},
	}
}

// written are the documents as bytes: they change with the program alone.
var written sync.Map // language and server → []byte

// OpenAPI serves the document, ?lang= in a language.
func (d *Data) OpenAPI(c *fiber.Ctx) error {
	d.open(c)
	lang := i18n.English
	if asked, ok := i18n.ParseLang(c.Query("lang")); ok {
		lang = asked
	}
	server := page.SiteOf(c).URL("")
	name := string(lang) + " " + server
	text, known := written.Load(name)
	if !known {
		made, err := json.MarshalIndent(Document(lang, server), "", " ")
		if err != nil {
			return err
		}
		text, _ = written.LoadOrStore(name, made)
	}
	return page.Data(c, func() (page.Answer, error) {
		return page.Answer{Body: text.([]byte), Type: fiber.MIMEApplicationJSONCharsetUTF8}, nil
	})
}
