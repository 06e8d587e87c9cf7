package main

import (
	"testing"

	angong "fund/cmd/fund/sample"
	"fund/ledger"
)

// giverPages are the pages of the sample's giver, who comes in by a link of their own.
func giverPages(t *testing.T, e *env) []publicPage {
	t.Helper()
	c, err := ledger.FindCommunity(t.Context(), e.app, angong.Slug)
	if err != nil {
		t.Fatal(err)
	}
	g, err := findGiver(t.Context(), e, c)
	if err != nil || g.path == "" {
		t.Fatalf("the sample has no giver: %+v, %v", g, err)
	}
	return []publicPage{
		{name: "the ways to a giver's page", path: "/c/angong/mine", see: "#f-receipt_number"},
		{name: "a receipt nobody has", do: `document.querySelector("#f-receipt_number").value = "2017-000001"; document.querySelector("#f-check_code").value = "AAAA-AAAA"; document.querySelector("form button").click()`, see: ".wrong-sum"},
		{name: "a link on its way", path: "/c/angong/mine/link", see: ".narrow"},
		{name: "a link", path: g.path, see: "form .btn.main"},
		{name: "a giver's page", do: `document.querySelector("form .btn.main").click()`, see: ".mine-gifts"},
		{name: "a refund asked for", do: `document.querySelectorAll(".mine-gifts h3 a")[1].click()`, see: "#refund .note"},
		{name: "where a gift went", path: "/c/angong/mine", do: `document.querySelectorAll(".mine-gifts h3 a")[3].click()`, see: ".people"},
		{name: "a giver's data", path: "/c/angong/mine/data", see: "#f-name"},
		{name: "what an erasure takes", path: "/c/angong/mine/erasure", see: "#f-sure"},
		{name: "an erasure without the tick", do: `document.querySelector("form .btn.wide").click()`, see: ".wrong-sum"},
		{name: "after an erasure", path: "/c/angong/mine/erased", see: ".narrow"},
	}
}
