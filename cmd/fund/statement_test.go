package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"fund/ledger/statement"
)

// What scripts rely on: the names, null for what a file does not say, no lines of a broken file, and the status.
func TestInspectPrintsAnObjectAStatement(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	good := write("good.csv", "交易日期,收入,支出,余额,摘要\n2026-03-01,66.00,,166.00,捐款\n2026-03-02,,16.00,151.00,茶叶\n")
	broken := write("broken.csv", "交易日期,收入,支出,余额,摘要\n2026-03-01,66.00,,166.00,捐款\n2026-03-02,,16..00,150.00,茶叶\n")
	var out bytes.Buffer
	status, err := inspect(&out, []string{good, broken, filepath.Join(dir, "absent")}, statement.Options{}, "en")
	if status != 2 || err != nil {
		t.Errorf("status %d, %v", status, err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	want := []string{
		`{"file":"` + good + `","format":"bank-cn","account":null,"currency":"CNY","opening":"100.00","closing":"151.00","lines":[` +
			`{"date":"2026-03-01","amount":"66.00","currency":"CNY","id":null,"counterparty":null,"memo":"捐款","balance":"166.00"},` +
			`{"date":"2026-03-02","amount":"-16.00","currency":"CNY","id":null,"counterparty":null,"memo":"茶叶","balance":"151.00"}],` +
			`"warnings":["row 3: balance 151.00 is not the balance before it, 166.00, and the movement -16.00: lines may be missing"]}`,
		`{"file":"` + broken + `","error":"row 3, column \"支出\", reads \"16..00\": cannot read the amount","row":3,"column":"支出"}`,
	}
	if len(lines) != 3 {
		t.Fatalf("%d objects for 3 files: %s", len(lines), out.String())
	}
	for i, line := range want {
		var a, b any
		if json.Unmarshal([]byte(lines[i]), &a) != nil || json.Unmarshal([]byte(line), &b) != nil || !reflect.DeepEqual(a, b) {
			t.Errorf("printed %s\nwant    %s", lines[i], line)
		}
	}
	if !strings.Contains(lines[2], `"row":null,"column":null`) {
		t.Error(lines[2])
	}
}
