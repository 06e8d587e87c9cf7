package webtest

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// Axe is axe-core, a program in JavaScript that finds what hinders people, and that the repository does not hold: $FUND_AXE,
// or what npm has installed here or above. Without it the test is skipped, or fails where CI is set.
func Axe(t testing.TB) string {
	t.Helper()
	file := os.Getenv("FUND_AXE")
	for dir, err := os.Getwd(); err == nil && file == ""; dir = filepath.Dir(dir) {
		for _, within := range []string{"", ".ci"} {
			candidate := filepath.Join(dir, within, "node_modules", "axe-core", "axe.min.js")
			if _, missing := os.Stat(candidate); missing == nil {
				file = candidate
			}
		}
		if file == "" && dir == filepath.Dir(dir) {
			const lack = "this machine lacks axe-core: npm install --no-save axe-core, or FUND_AXE=…/axe.min.js"
			if os.Getenv("CI") != "" {
				t.Fatal(lack)
			}
			t.Skip(lack)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// EveryRule adds to what axe asks by itself that targets are not too small to hit (WCAG 2.2).
const EveryRule = `{resultTypes: ["violations"], rules: {"target-size": {enabled: true}}}`

// violation is a rule of axe that a page breaks.
type violation struct {
	ID     string   `json:"id"`
	Impact string   `json:"impact"`
	Help   string   `json:"help"`
	Nodes  []string `json:"nodes"`
}

// Judge runs axe on the page that is open: what it calls serious or critical fails the test, the rest is logged.
func Judge(t testing.TB, tab context.Context, axe, name, rules string) {
	t.Helper()
	if _, err := chromedp.Run(tab, chromedp.Evaluate[bool](`if (!globalThis.axe) {`+axe+`}; true`)); err != nil {
		t.Fatal(err)
	}
	for _, v := range Tell[[]violation](t, tab, `axe.run(document, `+rules+`).then(r => r.violations.map(v => ({
		id: v.id, impact: v.impact, help: v.help, nodes: v.nodes.map(n => n.target.join(" ") + ": " + n.any.concat(n.all, n.none).map(c => c.message).join("; ")),
	})))`) {
		say := t.Logf
		if v.Impact == "serious" || v.Impact == "critical" {
			say = t.Errorf
		}
		say("%s: %s, %s: %s\n\t%s", name, v.Impact, v.ID, v.Help, strings.Join(v.Nodes, "\n\t"))
	}
}
