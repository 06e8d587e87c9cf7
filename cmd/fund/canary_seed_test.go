package main

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fund/migrations/pgtest"
)

// personalColumns is the table of testdata/personal.txt, which tells how it reads.
//
//go:embed testdata/personal.txt
var personalColumns string

// canaryColumn is a column that a canary goes into.
type canaryColumn struct {
	number    int // of its canary
	kind      string
	table     string
	column    string
	condition string
	expr      string // of the canary $
	rows      int64  // that have one
}

// sensitive is what the table says.
type sensitive struct {
	seeded  []*canaryColumn
	known   map[string]bool // columns that are named, seeded or not
	touched map[string]bool // tables that have a seeded or a shown column
	none    map[string]bool // tables without anybody's data
}

var personalLine = regexp.MustCompile(`^(name|mail|phone|words|bytes|secret)\s+(\w+\.\w+)\.(\w+)(?: = (.*?))?(?: \| (.*))?$`)

func readPersonal(t *testing.T) sensitive {
	t.Helper()
	s := sensitive{known: map[string]bool{}, touched: map[string]bool{}, none: map[string]bool{}}
	for n, line := range strings.Split(personalColumns, "\n") {
		kind, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		rest = strings.TrimSpace(rest)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case kind == "show":
			name, why, _ := strings.Cut(rest, ": ")
			if why == "" {
				t.Fatalf("personal.txt:%d: %s is shown without a reason", n+1, name)
			}
			s.known[name], s.touched[name[:strings.LastIndex(name, ".")]] = true, true
		case kind == "rest":
			table, columns, _ := strings.Cut(rest, ": ")
			for _, c := range strings.Fields(columns) {
				s.known[table+"."+c] = true
			}
		case kind == "none":
			for _, table := range strings.Fields(rest) {
				s.none[table] = true
			}
		default:
			m := personalLine.FindStringSubmatch(line)
			if m == nil {
				t.Fatalf("personal.txt:%d: %q", n+1, line)
			}
			c := &canaryColumn{number: len(s.seeded) + 1, kind: m[1], table: m[2], column: m[3], expr: m[4], condition: m[5]}
			s.seeded, s.known[c.table+"."+c.column], s.touched[c.table] = append(s.seeded, c), true, true
		}
	}
	return s
}

// value is the canary as SQL: its number, and one of its row.
func (c canaryColumn) value() string {
	mark := fmt.Sprintf(`'kanari%03dx' || nextval('kanari')`, c.number)
	switch c.kind {
	case "phone":
		mark = fmt.Sprintf(`'1990017%03d' || (1000 + nextval('kanari') %% 9000)`, c.number)
	case "mail":
		mark += ` || '@example.org'`
	}
	if c.expr != "" {
		return strings.ReplaceAll(c.expr, "$", "("+mark+")")
	}
	return mark
}

// textColumns are the schema's columns that can hold what somebody wrote.
func textColumns(t *testing.T, db *pgtest.Database) (columns map[string]string) {
	t.Helper()
	var rows []struct {
		Table  string `db:"t"`
		Column string `db:"c"`
		Type   string `db:"d"`
	}
	err := db.Owner.Select(&rows, `
		SELECT c.table_schema || '.' || c.table_name AS t, c.column_name AS c, c.data_type AS d
		  FROM information_schema.columns c JOIN information_schema.tables x USING (table_schema, table_name)
		 WHERE x.table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema', 'public')
		   AND (c.data_type IN ('text', 'jsonb', 'json', 'bytea', 'character varying', 'xml', 'inet') OR c.udt_name = '_text')`)
	if err != nil {
		t.Fatal(err)
	}
	columns = map[string]string{}
	for _, r := range rows {
		columns[r.Table+"."+r.Column] = r.Type
	}
	return columns
}

// everyColumnIsNamed fails for a column that nobody has thought of.
func (s sensitive) everyColumnIsNamed(t *testing.T, columns map[string]string) {
	t.Helper()
	for name := range columns {
		table := name[:strings.LastIndex(name, ".")]
		switch {
		case s.touched[table] && !s.known[name]:
			t.Errorf("%s can hold what somebody wrote, beside personal data, and testdata/personal.txt does not name it: give it a canary, or say why it needs none.", name)
		case !s.touched[table] && !s.none[table]:
			t.Errorf("%s is a new table with texts (%s): name its columns in testdata/personal.txt, or put it under none if nobody's data can stand there.", table, name)
		}
	}
	for name := range s.known {
		if _, there := columns[name]; !there {
			t.Errorf("testdata/personal.txt names %s, which the schema has no more.", name)
		}
	}
}

// seed puts the canaries in, past every guard: in this database alone the rules for what a column may hold are dropped.
func (s sensitive) seed(t *testing.T, db *pgtest.Database, columns map[string]string) {
	t.Helper()
	conn, err := db.Owner.Connx(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	do := func(query string) int64 {
		t.Helper()
		res, err := conn.ExecContext(t.Context(), query)
		if err != nil {
			t.Fatalf("%v in %.400s", err, query)
		}
		n, _ := res.RowsAffected()
		return n
	}
	do(`CREATE TEMPORARY SEQUENCE kanari`)
	do(`SET session_replication_role = replica`)
	defer do(`RESET session_replication_role`)
	prepared := map[string]bool{}
	for _, c := range s.seeded {
		if !prepared[c.table] {
			prepared[c.table] = true
			s.prepare(t, db, c.table, do)
		}
		value := c.value()
		if columns[c.table+"."+c.column] == "bytea" {
			value = `convert_to(` + value + `, 'UTF8')`
		}
		schema, table, _ := strings.Cut(c.table, ".")
		where := ""
		if c.condition != "" {
			where = ` WHERE ` + c.condition
		}
		c.rows = do(fmt.Sprintf(`UPDATE %s.%q SET %q = %s%s`, schema, table, c.column, value, where))
		if c.rows == 0 && c.condition != "" { // none of them stands so: one of its own
			do(inserted(t, db, c.table))
			c.rows = do(fmt.Sprintf(`UPDATE %s.%q SET %q = %s%s`, schema, table, c.column, value, where))
		}
		if c.rows == 0 && c.condition == "" {
			t.Errorf("no row of %s has the canary of %s", c.table, c.column)
		}
	}
}

// prepare drops a table's checks, and writes a row where it has none.
func (s sensitive) prepare(t *testing.T, db *pgtest.Database, table string, do func(string) int64) {
	t.Helper()
	var checks []string
	if err := db.Owner.Select(&checks, `SELECT conname FROM pg_constraint WHERE conrelid = $1::regclass AND contype = 'c'`, quotedTable(table)); err != nil {
		t.Fatal(err)
	}
	for _, name := range checks {
		do(fmt.Sprintf(`ALTER TABLE %s DROP CONSTRAINT %q`, quotedTable(table), name))
	}
	var n int
	if err := db.Owner.Get(&n, `SELECT count(*) FROM `+quotedTable(table)); err != nil {
		t.Fatal(err)
	}
	if n == 0 {
		do(inserted(t, db, table))
	}
}

func quotedTable(table string) string {
	schema, name, _ := strings.Cut(table, ".")
	return schema + `."` + name + `"`
}

// inserted is an INSERT of a row of the first community with something in every column that must have it.
func inserted(t *testing.T, db *pgtest.Database, table string) string {
	t.Helper()
	var columns []struct {
		Name string `db:"column_name"`
		Type string `db:"udt_name"`
	}
	schema, name, _ := strings.Cut(table, ".")
	err := db.Owner.Select(&columns, `SELECT column_name, udt_name FROM information_schema.columns
		WHERE table_schema = $1 AND table_name = $2 AND is_nullable = 'NO' AND column_default IS NULL AND is_generated = 'NEVER' AND is_identity = 'NO'`, schema, name)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{
		"int4": "1", "int8": "1", "int2": "1", "uuid": "gen_random_uuid()", "text": "'x'", "timestamptz": "now()", "date": "current_date", "bytea": "'x'", "bool": "false",
		"numeric": "1", "jsonb": "'{}'", "_text": "'{}'", "_int4": "'{}'", "_numeric": "'{}'", "bpchar": "'CNY'",
	}
	var names, of []string
	for _, c := range columns {
		value := values[c.Type]
		if slices.Contains([]string{"id", "number", "paddle", "line"}, c.Name) && strings.HasPrefix(c.Type, "int") {
			value = "9000" // nobody else's
		}
		names, of = append(names, c.Name), append(of, value)
		if values[c.Type] == "" {
			t.Fatalf("%s.%s: a %s", table, c.Name, c.Type)
		}
	}
	return fmt.Sprintf(`INSERT INTO %s (%s) VALUES (%s)`, quotedTable(table), strings.Join(names, ", "), strings.Join(of, ", "))
}

// everybodys are values that are nobody's alone: neighbours go by such names in texts for everybody, a shop gives under its own, and the
// office has a telephone.
var everybodys = regexp.MustCompile(`(婆婆|奶奶|爷爷|阿姨|伯伯|叔叔|大爷|大妈|师傅|老师|代表|面馆)$|^028-0000 0000$|^[0-9]{1,6}$|\*`)

// natural are the names, addresses, numbers and secrets that stood there before, from three characters on: by them a copy in
// another place is found. The sample's bank statement is made of its entries' words, so its lines tell nothing.
func (s sensitive) natural(t *testing.T, db *pgtest.Database) (values map[string]string) {
	t.Helper()
	values = map[string]string{}
	for _, c := range s.seeded {
		if !slices.Contains([]string{"name", "mail", "phone", "secret"}, c.kind) || c.expr != "" || c.table == "statement.line" {
			continue
		}
		var found []string
		err := db.Owner.Select(&found, fmt.Sprintf(`SELECT DISTINCT %q::text FROM %s WHERE length(%q::text) > 2`, c.column, quotedTable(c.table), c.column))
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range found {
			if !everybodys.MatchString(v) {
				values[v] = c.table + "." + c.column
			}
		}
	}
	return values
}
