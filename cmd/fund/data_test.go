package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/xuri/excelize/v2"

	"fund/ledger"
	"fund/web/api"
)

// machine asks as a program does.
type machine struct {
	*testing.T
	base string
}

func (m machine) get(path string, header ...string) (*http.Response, []byte) {
	m.Helper()
	return m.ask(http.MethodGet, path, header...)
}

func (m machine) ask(method, path string, header ...string) (*http.Response, []byte) {
	m.Helper()
	if !strings.HasPrefix(path, "http") {
		path = m.base + path
	}
	r, err := http.NewRequestWithContext(m.Context(), method, path, nil)
	if err != nil {
		m.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	got, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		m.Fatal(err)
	}
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		m.Fatal(err)
	}
	return got, body
}

// document is the site's own, as any program gets it, and what holds answers against it.
type document struct {
	Paths map[string]map[string]struct {
		OperationID string `json:"operationId"`
		Parameters  []struct{ Name, In string }
	}
	compiler *jsonschema.Compiler
}

const documentURL = "https://fund.test/openapi.json"

func (m machine) document() (d document) {
	m.Helper()
	got, body := m.get(api.Root + "/openapi.json")
	if got.StatusCode != http.StatusOK {
		m.Fatalf("%d %s", got.StatusCode, body)
	}
	if err := json.Unmarshal(body, &d); err != nil {
		m.Fatal(err)
	}
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		m.Fatal(err)
	}
	d.compiler = jsonschema.NewCompiler()
	d.compiler.AssertFormat()
	if err := d.compiler.AddResource(documentURL, parsed); err != nil {
		m.Fatal(err)
	}
	return d
}

// check holds an answer against the schema at a place of the document.
func (d document) check(t *testing.T, where string, body []byte) {
	t.Helper()
	schema, err := d.compiler.Compile(documentURL + "#" + where)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		t.Fatalf("%s: %v in %.200s", where, err, body)
	}
	if err := schema.Validate(value); err != nil {
		t.Errorf("%s: %v", where, err)
	}
}

func answerOf(path string) string {
	return "/paths/" + strings.ReplaceAll(strings.ReplaceAll(path, "~", "~0"), "/", "~1") + "/get/responses/200/content/application~1json/schema"
}

// Open data of the sample, which has everything.
func TestOpenData(t *testing.T) {
	t.Parallel()
	base, _ := serveSample(t)
	for name, test := range map[string]func(machine){
		"answers are as the document says": answersAreAsTheDocumentSays, "entries are read by key": entriesAreReadByKey,
		"files open": filesOpen, "grants are as the standard wants": grantsAreAsTheStandardWants,
	} {
		t.Run(name, func(t *testing.T) { test(machine{t, base}) }) // one after the other: they share the limit of an address
	}
}

// Every answer of every operation is as the document says, on all pages of its list.
func answersAreAsTheDocumentSays(m machine) {
	t, d := m.T, m.document()
	if len(d.Paths) < 20 {
		t.Fatalf("%d paths", len(d.Paths))
	}
	items := 0
	walk := func(path, at string) {
		for pages := 0; at != "" && pages < 60; pages++ {
			got, body := m.get(at)
			if got.StatusCode != http.StatusOK {
				t.Errorf("%s: %d %s", at, got.StatusCode, body)
				return
			}
			d.check(t, answerOf(path), body)
			var list struct {
				Items []json.RawMessage `json:"items"`
				Next  string            `json:"next"`
			}
			_ = json.Unmarshal(body, &list) // what is no list has none
			items += len(list.Items)
			if want := "<" + list.Next + `>; rel="next"`; list.Next != "" && got.Header.Get("Link") != want {
				t.Errorf("%s: Link %q, want %q", at, got.Header.Get("Link"), want)
			}
			at = list.Next
		}
	}
	const here = api.Root + "/c/angong"
	one := strings.NewReplacer("{community}", "angong", "{code}", "general", "{voucher}", "2017-2186", "{number}", "1")
	for path := range d.Paths {
		switch {
		case strings.HasSuffix(path, "/{slug}"), strings.HasSuffix(path, "/{name}"):
		case strings.Contains(path, "entries"):
			walk(path, one.Replace(path)+map[bool]string{true: "?limit=500"}[strings.HasSuffix(path, "entries")])
		case strings.Contains(path, "donations"):
			walk(path, one.Replace(path)+"?limit=500")
		default:
			walk(path, one.Replace(path)) // a page of 7 would ask too often
		}
	}
	for _, name := range []string{"trial-balance", "balance-sheet", "activity", "cash-flow", "ledger-card?account=1002", "funds", "budget"} {
		if got, body := m.get(here + "/statements/" + name); got.StatusCode == http.StatusOK {
			d.check(t, answerOf(api.Root+"/c/{community}/statements/{name}"), body)
			items++
		}
	}
	walk(api.Root+"/c/{community}/campaigns/{slug}", here+"/campaigns/lantern-evening")
	walk(api.Root+"/c/{community}/projects/{slug}", here+"/projects/solstice-dumplings")
	if items < 5000 {
		t.Errorf("only %d items were looked at", items)
	}
	for _, wrong := range []string{here + "/entries?fnud=x", here + "/entries/1999-1", here + "/donations?limit=501", api.Root + "/c/nobody", api.Root + "/nothing"} {
		got, body := m.get(wrong)
		if got.StatusCode != 404 && got.StatusCode != 422 || got.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", wrong, got.StatusCode, got.Header.Get("Content-Type"))
		}
		d.check(t, "/components/schemas/Problem", body)
	}
}

func TestRoutesAreThoseOfTheDocument(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	var routes, paths []string
	for _, route := range w.app.site.Table() {
		if strings.HasPrefix(route.Path, api.Root+"/") && route.Method == http.MethodGet && !strings.HasSuffix(route.Path, "openapi.json") {
			routes = append(routes, route.Path)
		}
	}
	for path := range (machine{t, w.base}).document().Paths {
		paths = append(paths, strings.NewReplacer("{", ":", "}", "").Replace(path))
	}
	slices.Sort(routes)
	slices.Sort(paths)
	if !slices.Equal(routes, paths) {
		t.Errorf("routes\n%s\ndocument\n%s", strings.Join(routes, "\n"), strings.Join(paths, "\n"))
	}
}

// A program that has an answer is told so; one of another site may read; one that asks too fast hears when to come again.
func TestDataIsPolite(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	m, at := machine{t, w.base}, api.Root+"/c/east/entries"
	got, _ := m.get(at)
	tag := got.Header.Get("ETag")
	if tag == "" || got.Header.Get("Last-Modified") == "" || got.Header.Get("Access-Control-Allow-Origin") != "*" || got.Header.Get("Set-Cookie") != "" ||
		got.Header.Get("Access-Control-Allow-Credentials") != "" || got.Header.Get("RateLimit-Limit") != fmt.Sprint(api.ReadingsMax) {
		t.Errorf("%v", got.Header)
	}
	if same, body := m.get(at, "If-None-Match", `"x", `+tag); same.StatusCode != http.StatusNotModified || len(body) != 0 {
		t.Errorf("%d with %d bytes", same.StatusCode, len(body))
	}
	if head, body := m.ask(http.MethodHead, at); head.StatusCode != http.StatusOK || len(body) != 0 || head.Header.Get("ETag") != tag {
		t.Errorf("HEAD: %d, %v", head.StatusCode, head.Header)
	}
	if asked, _ := m.ask(http.MethodOptions, at, "Origin", "https://elsewhere.example"); asked.StatusCode != http.StatusNoContent || asked.Header.Get("Access-Control-Allow-Methods") != "GET, HEAD, OPTIONS" {
		t.Errorf("OPTIONS: %d, %v", asked.StatusCode, asked.Header)
	}
	if post, _ := m.ask(http.MethodPost, at); post.StatusCode != http.StatusNotFound && post.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", post.StatusCode)
	}
	// A new entry is a new answer.
	w.must((&env{app: w.App}).inTx(t.Context(), func(tx *sqlx.Tx) error {
		cash, _ := w.east.chart.By(ledger.Cash)
		bank, _ := w.east.chart.By(ledger.Bank)
		amount := w.east.entry.Income
		_, err := ledger.Post(t.Context(), tx, w.east.ID, ledger.Entry{
			Date: w.east.entry.Date, Kind: "manual", Source: "test:1", Memo: "x", PostedBy: "test",
			Postings: []ledger.Posting{ledger.Debit(bank.ID, ledger.GeneralFundID, amount), ledger.Credit(cash.ID, ledger.GeneralFundID, amount)},
		})
		return err
	}))
	w.app.site.Pages.Cache.Bump(w.east.ID) // as the notice from the database does
	if now, _ := m.get(at, "If-None-Match", tag); now.StatusCode != http.StatusOK {
		t.Errorf("the old answer stays: %d", now.StatusCode)
	}
	for range api.ReadingsMax {
		got, _ = m.get(api.Root + "/c/east/funds")
	}
	if got.StatusCode != http.StatusTooManyRequests || got.Header.Get("Retry-After") == "" || got.Header.Get("RateLimit-Remaining") != "0" {
		t.Errorf("%d, %v", got.StatusCode, got.Header)
	}
}

// Two pages of a list are the list, whatever is posted in between; filters narrow it.
func entriesAreReadByKey(m machine) {
	t := m.T
	type entry struct {
		Seq      int64
		Date     string
		PostedAt time.Time `json:"posted_at"`
		Postings []struct{ Account, Fund, Amount string }
	}
	read := func(query string) (all []entry) {
		at := api.Root + "/c/angong/entries?limit=500&" + query
		for at != "" {
			got, body := m.get(at)
			var list struct {
				Items []entry
				Next  string
			}
			if err := json.Unmarshal(body, &list); err != nil || got.StatusCode != http.StatusOK {
				t.Fatalf("%s: %d %s", at, got.StatusCode, body)
			}
			all, at = append(all, list.Items...), list.Next
		}
		return all
	}
	all := read("")
	for i, e := range all {
		if e.Seq != int64(len(all)-i) {
			t.Fatalf("entry %d stands at place %d of %d", e.Seq, i, len(all))
		}
	}
	of2017 := read("from=2017-11-01&to=2017-11-30&fund=solstice-dumplings&account=410101")
	for _, e := range of2017 {
		touches := slices.ContainsFunc(e.Postings, func(p struct{ Account, Fund, Amount string }) bool { return p.Account == "410101" })
		if !strings.HasPrefix(e.Date, "2017-11") || !touches {
			t.Errorf("%+v", e)
		}
	}
	if len(of2017) == 0 {
		t.Error("nothing in November 2017")
	}
	middle := all[len(all)/2]
	since := read("since=" + middle.PostedAt.Format("2006-01-02T15:04:05.000000Z"))
	if len(since) == 0 || len(since) >= len(all) {
		t.Errorf("%d of %d since then", len(since), len(all))
	}
	for _, e := range since {
		if !e.PostedAt.After(middle.PostedAt) {
			t.Errorf("%d was posted at %v, not after %v", e.Seq, e.PostedAt, middle.PostedAt)
		}
	}
}

// What is handed over opens in the programs it is for.
func filesOpen(m machine) {
	t, dir := m.T, m.TempDir()
	file := func(name string) []byte {
		got, body := m.get("/c/angong/data/" + name)
		if got.StatusCode != http.StatusOK || len(body) == 0 {
			t.Fatalf("%s: %d", name, got.StatusCode)
		}
		return body
	}
	for name, program := range map[string][]string{"books.journal": {"hledger", "check", "-f"}, "books.beancount": {"bean-check"}} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, file(name), 0o600); err != nil {
			t.Fatal(err)
		}
		if said, err := exec.CommandContext(t.Context(), program[0], append(program[1:], path)...).CombinedOutput(); err != nil {
			t.Errorf("%s: %v %.400s", name, err, said)
		}
	}
	for _, list := range api.Lists {
		rows, err := csv.NewReader(bytes.NewReader(file(list.Name + ".csv"))).ReadAll()
		if err != nil || len(rows) < 2 {
			t.Errorf("%s.csv: %d rows, %v", list.Name, len(rows), err)
			continue
		}
		if !slices.Contains([]string{"funds", "entries", "donations", "motions"}, list.Name) { // an address has 30 downloads a minute
			continue
		}
		book, err := excelize.OpenReader(bytes.NewReader(file(list.Name + ".xlsx?lang=en")))
		if err != nil {
			t.Errorf("%s.xlsx: %v", list.Name, err)
			continue
		}
		cells, err := book.GetRows(list.Name)
		words, err2 := book.GetRows("Columns")
		if err != nil || err2 != nil || len(cells) != len(rows) || len(words) != len(rows[0])+1 {
			t.Errorf("%s.xlsx: %d rows of %d, %d columns told of %d (%v, %v)", list.Name, len(cells), len(rows), len(words), len(rows[0]), err, err2)
		}
	}
}

// The standard's required fields: https://standard.threesixtygiving.org/en/latest/technical/360-giving-schema/
func grantsAreAsTheStandardWants(m machine) {
	t := m.T
	schema, err := os.ReadFile("testdata/360giving.json")
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource(documentURL, parsed); err != nil {
		t.Fatal(err)
	}
	wanted, err := compiler.Compile(documentURL)
	if err != nil {
		t.Fatal(err)
	}
	_, body := m.get("/c/angong/data/grants.json?lang=en")
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if err := wanted.Validate(value); err != nil {
		t.Error(err)
	}
	var file api.Grants
	if err := json.Unmarshal(body, &file); err != nil || len(file.Grants) < 38 {
		t.Errorf("%d grants, %v", len(file.Grants), err)
	}
	seen := map[string]bool{}
	for _, g := range file.Grants {
		if seen[g.ID] {
			t.Errorf("%s is there twice", g.ID)
		}
		seen[g.ID] = true
	}
	_, table := m.get("/c/angong/data/grants.csv?lang=en")
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(table, []byte("\ufeff")))).ReadAll()
	if err != nil || len(rows) != len(file.Grants)+1 || rows[0][0] != "Identifier" {
		t.Errorf("%d rows of CSV, %v", len(rows), err)
	}
}
