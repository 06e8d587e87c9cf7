package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// rooms is the package map, from the top down. A package imports what stands below its line, never what stands above or
// beside it; packages on one line do not know each other.
var rooms = [][]string{
	{"cmd/fund"},
	{"cmd/fund/sample", "cmd/fund/bench"},
	{"web"},
	{"web/public", "web/desk", "web/till", "web/api"},
	{"web/issue", "web/photo", "web/board"},
	{"web/mail/mailtest", "web/webtest"}, // for tests alone
	{"web/page", "web/mail"},
	{"web/card", "web/escpos"},
	{"web/pdf"},
	{"web/picture", "web/static"},
	{"web/auth"},
	{"web/i18n"},
	{"campaigns/pastfile", "campaigns/publication"},
	{"campaigns/pledge", "campaigns/box", "campaigns/voice", "campaigns/disclosure", "campaigns/giver", "campaigns/sale", "campaigns/spending", "campaigns/organisation", "campaigns/webhook"},
	{"campaigns/project"},
	{"campaigns"},
	{"campaigns/council", "campaigns/mutualaid", "campaigns/round"},
	{"campaigns/receipt"},
	{"campaigns/payment", "campaigns/outbox"},
	{"ledger/audit"},
	{"ledger/export", "ledger/reconcile", "ledger/journalfile", "ledger/upload", "ledger/watch"},
	{"ledger/report", "ledger/statement", "ledger/schedule", "ledger/search"},
	{"ledger/budget"},
	{"ledger"},
	{"ledger/transparency"},
	{"ledger/money"},
	{"migrations/pgtest"}, // for tests alone, and no test minds the direction
	{"migrations"},
	{"migrations/localpg"},
}

// topLevel is everything that may stand at the top of the repository, beside dot-files.
var topLevel = []string{"cmd", "ledger", "campaigns", "web", "migrations", "go.mod", "go.sum", "README.md", "LICENSE"}

// schemaOwners says which package owns the tables of a schema.
var schemaOwners = map[string]string{
	"ledger": "ledger", "transparency": "ledger/transparency", "statement": "ledger/reconcile", "reconcile": "ledger/reconcile",
	"report": "ledger/report", "search": "ledger/search", "campaigns": "campaigns", "sale": "campaigns/sale", "project": "campaigns/project",
	"council": "campaigns/council", "mutualaid": "campaigns/mutualaid", "round": "campaigns/round", "receipt": "campaigns/receipt", "payment": "campaigns/payment",
	"outbox": "campaigns/outbox", "auth": "web/auth", "mail": "web/mail", "pledge": "campaigns/pledge", "box": "campaigns/box",
	"voice": "campaigns/voice", "disclosure": "campaigns/disclosure", "giver": "campaigns/giver",
	"spending": "campaigns/spending", "organisation": "campaigns/organisation", "publication": "campaigns/publication",
	"webhook": "campaigns/webhook", "pastfile": "campaigns/pastfile", "upload": "ledger/upload", "budget": "ledger/budget", "schedule": "ledger/schedule",
}

// tableWriters are the guests that write all the same, each with its reason. Never to the books.
var tableWriters = map[string]map[string]string{
	"cmd/fund/bench": {
		"campaigns.donation": "makes a hundred thousand pending donations in one statement, in a scratch database",
		"campaigns.tally":    "fills years of gifts at once, in a scratch database",
	},
}

// floats are the files in ledger and campaigns that may count in floating point, each with what it counts. Never money.
var floats = map[string]string{
	"campaigns/pastfile/empty.go":  "the widths of a workbook's columns",
	"ledger/export/sheets.go":      "the widths of a workbook's columns",
	"ledger/export/table_sheet.go": "the widths of a workbook's columns",
	"ledger/statement/check.go":    "a count of lines that a bank's file states as 20.0",
	"ledger/statement/xls.go":      "the cells of an .xls file, which stores every number so; they become text, and text becomes money",
}

const (
	linesMax        = 400
	handlerLinesMax = 30
)

var forbiddenNames = regexp.MustCompile(`(Manager|Service|Helper|Util|Utils|DTO|Model|Transaction)($|[A-Z])`)

func TestTidyTopLevel(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir(repository)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name := e.Name()
		if !strings.HasPrefix(name, ".") && !slices.Contains(topLevel, name) && !ignored(name) {
			t.Errorf("%s stands at the top of the repository, which is fixed: %s. Move it into the package it belongs to.",
				name, strings.Join(topLevel, " "))
		}
	}
}

func TestTidyImportsPointDown(t *testing.T) {
	t.Parallel()
	level := map[string]int{}
	for i, line := range rooms {
		for _, room := range line {
			level[room] = i
		}
	}
	for _, f := range sources(t) {
		from, known := level[f.dir]
		if !known {
			t.Errorf("%s: package %s has no room. Put the file into a package of the map in cmd/fund/tidy_test.go, or give the package its line there and in the design.", f.path, f.dir)
			continue
		}
		for _, spec := range f.syntax.Imports {
			to, ours := strings.CutPrefix(strings.Trim(spec.Path.Value, `"`), "fund/")
			switch {
			case !ours || f.test:
			case to == "migrations/pgtest", to == "web/mail/mailtest":
				t.Errorf("%s imports fund/%s, which is for tests alone.", f.at(spec), to)
			case level[to] <= from:
				t.Errorf("%s: %s imports %s, which stands above or beside it (cmd/fund/tidy_test.go). Turn it round: let %s take a value or a function, and let the upper package bring it.",
					f.at(spec), f.dir, to, f.dir)
			}
		}
	}
}

func TestTidyOutsideImports(t *testing.T) {
	t.Parallel()
	for _, f := range sources(t) {
		for _, spec := range f.syntax.Imports {
			imported := strings.Trim(spec.Path.Value, `"`)
			if strings.HasPrefix(imported, "github.com/gofiber/") && !within(f.dir, "web") && f.dir != "cmd/fund" {
				t.Errorf("%s: Fiber belongs to web. Let %s take and return plain values.", f.at(spec), f.dir)
			}
			pure := slices.Contains([]string{"ledger/statement", "web/pdf", "web/picture", "web/i18n"}, f.dir)
			if pure && !f.test && (imported == "database/sql" || strings.Contains(imported, "jmoiron/sqlx")) {
				t.Errorf("%s: %s makes values from values. Let its caller read the database.", f.at(spec), f.dir)
			}
		}
	}
}

func TestTidyTablesStayWithTheirOwners(t *testing.T) {
	t.Parallel()
	tables := schemaTables(t)
	mention := regexp.MustCompile(`\b([a-z_]+)\.("?[a-z_]+"?)`)
	used := map[string]bool{}
	for _, f := range sources(t) {
		if f.test {
			continue
		}
		for _, literal := range f.literals() {
			for _, m := range mention.FindAllStringSubmatch(literal.Value, -1) {
				schema, table := m[1], m[1]+"."+strings.Trim(m[2], `"`)
				if !tables[table] || !looksLikeSQL(literal.Value) || schemaOwners[schema] == f.dir {
					continue
				}
				if _, guest := tableGuests[f.dir][table]; guest {
					used[f.dir+" "+table] = true
					if tableWriters[f.dir][table] == "" && writes(literal.Value, table) {
						t.Errorf("%s: SQL of %s writes %s; a guest only reads. Call a verb of %s.", f.at(literal), f.dir, table, schemaOwners[schema])
					}
					continue
				}
				owner := schemaOwners[schema]
				if owner == "" {
					t.Errorf("%s: nobody owns the schema %s. Name its package in schemaOwners, cmd/fund/tidy_test.go.", f.at(literal), schema)
					continue
				}
				t.Errorf("%s: SQL of %s names %s, which belongs to %s. Call a verb of %s, or write one there; a read that must join goes into tableGuests, cmd/fund/tidy_test.go, with its reason.",
					f.at(literal), f.dir, table, owner, owner)
			}
		}
	}
	for dir, guests := range tableGuests {
		for table := range guests {
			if !used[dir+" "+table] {
				t.Errorf("tableGuests lets %s read %s, which it no longer does: take the line out.", dir, table)
			}
		}
	}
}

func TestTidyFileLength(t *testing.T) {
	t.Parallel()
	for _, f := range sources(t) {
		if n := f.lines(f.syntax); n > linesMax {
			t.Errorf("%s has %d lines, %d are enough. Find the second subject in it and give that a file of its name.", f.path, n, linesMax)
		}
	}
}

func TestTidyHandlerLength(t *testing.T) {
	t.Parallel()
	for _, f := range sources(t) {
		if f.test || !slices.Contains([]string{"web/public", "web/desk", "web/till", "web/api"}, f.dir) {
			continue
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			switch fn := n.(type) {
			case *ast.FuncDecl:
				f.checkHandler(t, fn.Name.Name, fn.Type, fn.Body)
			case *ast.FuncLit:
				f.checkHandler(t, "a handler", fn.Type, fn.Body)
			}
			return true
		})
	}
}

func (f source) checkHandler(t *testing.T, name string, signature *ast.FuncType, body *ast.BlockStmt) {
	if body == nil || !isHandler(signature) {
		return
	}
	if n := f.lines(body) - 2; n > handlerLinesMax {
		t.Errorf("%s: %s has %d lines, a handler at most %d: parse, one domain verb, render. Move the parsing into a function of its own and the deciding into the domain.",
			f.at(body), name, n, handlerLinesMax)
	}
}

func TestTidyNoFloats(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, f := range sources(t) {
		if f.test || !within(f.dir, "ledger") && !within(f.dir, "campaigns") {
			continue
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			name, ok := n.(*ast.Ident)
			if !ok || name.Name != "float64" && name.Name != "float32" {
				return true
			}
			if _, allowed := floats[f.path]; !allowed {
				t.Errorf("%s: %s near money. Count in money.Amount, in fen, or in big.Rat; if it is no money, name the file in floats, cmd/fund/tidy_test.go, with what it counts.", f.at(name), name.Name)
			}
			used[f.path] = true
			return true
		})
	}
	for file := range floats {
		if !used[file] {
			t.Errorf("floats allows %s, which has none: take the line out.", file)
		}
	}
}

func TestTidyPackagesIntroduceThemselves(t *testing.T) {
	t.Parallel()
	introduced := map[string]bool{}
	for _, f := range sources(t) {
		if f.test {
			continue
		}
		introduced[f.dir] = introduced[f.dir] || path.Base(f.path) == "doc.go" && f.syntax.Doc != nil
	}
	for dir, done := range introduced {
		if !done {
			t.Errorf("%s has no doc.go with a package comment. Write what the package is for, what it never does, and one real call.", dir)
		}
	}
}

func TestTidyNames(t *testing.T) {
	t.Parallel()
	for _, f := range sources(t) {
		for _, declaration := range f.syntax.Decls {
			group, ok := declaration.(*ast.GenDecl)
			if !ok || group.Tok != token.TYPE {
				continue
			}
			for _, spec := range group.Specs {
				name := spec.(*ast.TypeSpec).Name
				if word := forbiddenNames.FindStringSubmatch(name.Name); word != nil {
					t.Errorf("%s: type %s. %q says nothing here: name the thing with a word of the design's table.", f.at(name), name.Name, word[1])
				}
			}
		}
	}
}

// A rule that lets everything pass is no rule: each of these is broken once.
func TestTidyRulesBite(t *testing.T) {
	t.Parallel()
	f := parse(t, "ledger/broken.go", "package ledger\n"+fmt.Sprintf("const q = %s\n", "`SELECT 1 FROM auth.user`")+
		"type PostManager struct{ x float64 }\nfunc h(c *fiber.Ctx) error {\n"+strings.Repeat("\t_ = c\n", 31)+"\treturn nil\n}\n")
	if got := f.literals(); len(got) != 1 || !looksLikeSQL(got[0].Value) || !schemaTables(t)["auth.user"] {
		t.Error("SQL on another's table goes unseen")
	}
	if !writes("WITH x AS (UPDATE auth.user SET name = 'x')", "auth.user") || writes("SELECT 1 FROM auth.user", "auth.user") {
		t.Error("writing and reading look alike")
	}
	if !forbiddenNames.MatchString("PostManager") || !forbiddenNames.MatchString("ServiceDesk") || forbiddenNames.MatchString("Utility") {
		t.Error("forbiddenNames does not know PostManager or ServiceDesk from Utility")
	}
	handler := f.syntax.Decls[2].(*ast.FuncDecl)
	if !isHandler(handler.Type) || f.lines(handler.Body)-2 != 32 {
		t.Errorf("a handler of 32 lines counts as %d", f.lines(handler.Body)-2)
	}
	if len(sources(t)) < 100 {
		t.Errorf("only %d Go files found: the walk misses the repository", len(sources(t)))
	}
	for _, dir := range []string{"ledger/money", "web/page"} {
		if _, err := os.Stat(filepath.Join(repository, dir)); err != nil {
			t.Error(err)
		}
	}
}
