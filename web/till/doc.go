// Package till is where a volunteer sells: the page that works without a network, the addresses it talks to, and the
// closing of a session. What is sold reaches the books through campaigns/sale and no other way.
//
// The page is a shell that says nothing of anybody; what it needs to sell comes from state.json, and what was sold waits
// in the browser until the server has answered (web/static/till*.js). A handler here parses, calls one verb of
// campaigns/sale and answers; it never writes SQL and never decides about money.
//
//	pages := &till.Pages{DB: db, Read: db, Door: door, Now: time.Now}
//	// web/routes_till.go: GET /c/:community/till → pages.Till
package till
