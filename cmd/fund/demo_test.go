package main

import (
	"strings"
	"testing"
)

func TestWelcomeBoxIsStraight(t *testing.T) {
	t.Parallel()
	box := welcome("http://127.0.0.1:8080", sample{
		pages:  []samplePage{{"首页", "Home", "/"}, {"账本", "The books", "/c/gongzhang/books"}},
		logins: []sampleLogin{{"会计", "Treasurer", "wang", "demo-2017-wang"}, {"一个很长很长的角色名称", "A role with a long name", "li", "x"}},
	})
	lines := strings.Split(strings.TrimSpace(box), "\n")
	for _, line := range lines {
		if columns(line) != columns(lines[0]) {
			t.Errorf("%d columns, the first line has %d: %s", columns(line), columns(lines[0]), line)
		}
	}
	for _, want := range []string{"http://127.0.0.1:8080/c/gongzhang/books", "http://127.0.0.1:8080/login", "demo-2017-wang"} {
		if !strings.Contains(box, want) {
			t.Errorf("%s is not in the box:\n%s", want, box)
		}
	}
	t.Log("\n" + box)
}
