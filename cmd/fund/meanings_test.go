package main

import (
	"testing"

	"fund/web/i18n"
	"fund/web/page"
)

// Every refusal that handlers may answer with has its words; without them the answer would be a crash.
func TestEveryRefusalHasWords(t *testing.T) {
	t.Parallel()
	keys := page.Meanings()
	if len(keys) < 100 {
		t.Fatalf("only %d refusals are registered", len(keys))
	}
	for _, key := range keys {
		if !i18n.Has(key) && !(i18n.Has(key+".title") && i18n.Has(key+".text")) {
			t.Errorf("%s has neither a sentence nor .title and .text", key)
		}
	}
}
