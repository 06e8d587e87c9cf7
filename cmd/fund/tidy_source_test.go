package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

const repository = "../.."

// source is a parsed Go file.
type source struct {
	path   string // from the top of the repository, with slashes
	dir    string
	test   bool
	syntax *ast.File
	files  *token.FileSet
}

// at is a place in the file, for an editor to jump to.
func (f source) at(n ast.Node) string {
	return fmt.Sprintf("%s:%d", f.path, f.files.Position(n.Pos()).Line)
}

// lines is how many lines a node spans; a file, all of its lines.
func (f source) lines(n ast.Node) int {
	if file, ok := n.(*ast.File); ok {
		return f.files.File(file.FileStart).LineCount() - 1
	}
	return f.files.Position(n.End()).Line - f.files.Position(n.Pos()).Line + 1
}

// literals are the strings in the file, imports left out.
func (f source) literals() (found []*ast.BasicLit) {
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		if _, ok := n.(*ast.ImportSpec); ok {
			return false
		}
		if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			found = append(found, literal)
		}
		return true
	})
	return found
}

var readSources = sync.OnceValues(func() (all []source, err error) {
	err = filepath.WalkDir(repository, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && file != repository && (strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") {
			return nil
		}
		relative, err := filepath.Rel(repository, file)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		f, err := parseSource(filepath.ToSlash(relative), string(text))
		if err != nil || ast.IsGenerated(f.syntax) {
			return err
		}
		all = append(all, f)
		return nil
	})
	return all, err
})

func parseSource(name, text string) (source, error) {
	files := token.NewFileSet()
	syntax, err := parser.ParseFile(files, name, text, parser.ParseComments|parser.SkipObjectResolution)
	return source{path: name, dir: path.Dir(name), test: strings.HasSuffix(name, "_test.go"), syntax: syntax, files: files}, err
}

func sources(t *testing.T) []source {
	t.Helper()
	all, err := readSources()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func parse(t *testing.T, name, text string) source {
	t.Helper()
	f, err := parseSource(name, text)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// schemaTables are the tables, views and functions of the schema, such as ledger.posting.
func schemaTables(t *testing.T) map[string]bool {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(repository, "migrations", "schema.sql"))
	if err != nil {
		t.Fatal(err)
	}
	tables := map[string]bool{}
	created := regexp.MustCompile(`(?m)^CREATE (?:UNLOGGED |MATERIALIZED )?(?:TABLE|VIEW|FUNCTION|SEQUENCE) ([a-z_]+\."?[a-z_]+"?)`)
	for _, m := range created.FindAllStringSubmatch(string(text), -1) {
		tables[strings.ReplaceAll(m[1], `"`, "")] = true
	}
	if len(tables) < 10 {
		t.Fatalf("only %d tables found in migrations/schema.sql", len(tables))
	}
	return tables
}

// looksLikeSQL tells a statement, or a piece of one, from a sentence or an error's prefix.
func looksLikeSQL(literal string) bool {
	return regexp.MustCompile(`\b(SELECT|INSERT|UPDATE|DELETE|TRUNCATE|FROM|JOIN|INTO|CALL|COPY|LOCK)\b`).MatchString(literal)
}

// writes tells whether the SQL changes the table.
func writes(literal, table string) bool {
	return regexp.MustCompile(`\b(INSERT INTO|UPDATE|DELETE FROM|TRUNCATE)\s+` + regexp.QuoteMeta(table) + `\b`).MatchString(literal)
}

// isHandler tells whether a function is func(*fiber.Ctx) error.
func isHandler(signature *ast.FuncType) bool {
	if signature.Results.NumFields() != 1 || signature.Params.NumFields() != 1 {
		return false
	}
	result, _ := signature.Results.List[0].Type.(*ast.Ident)
	star, _ := signature.Params.List[0].Type.(*ast.StarExpr)
	if result == nil || result.Name != "error" || star == nil {
		return false
	}
	selector, ok := star.X.(*ast.SelectorExpr)
	return ok && fmt.Sprint(selector.X, ".", selector.Sel) == "fiber.Ctx"
}

// within tells whether dir is root or below it.
func within(dir, root string) bool { return dir == root || strings.HasPrefix(dir, root+"/") }

// ignored is what .gitignore keeps out of the repository.
func ignored(name string) bool {
	return name == "fund" || name == "node_modules" || strings.HasSuffix(name, ".test") || strings.HasSuffix(name, ".prof")
}
