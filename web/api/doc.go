// Package api answers machines: the providers' signed notifications, and programs that read.
//
// Endpoints takes notifications; every body it believes is signed. Data is open data below Root: what the public pages show,
// as JSON, as lists for spreadsheets, as the whole journal for other programs. It never shows what no page shows, never knows
// who asks, and never changes anything.
//
// The table in operation.go is the one source: the OpenAPI document, its readable page, what a question may contain and the
// columns of the lists are made of it and of the values that are answered. A new question is a line there, a function that
// answers it, a route in web/routes_data.go, and the words in api.toml:
//
//	{Name: "listFunds", Path: community + "/funds", Params: paged(), Answer: List[Fund]{}, serve: funds}
package api
