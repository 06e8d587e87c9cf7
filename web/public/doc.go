// Package public answers donors and residents: home, campaigns, giving,
// receipts, the ledger, reports and verification. Nobody signs in here.
//
// A handler parses, calls one domain verb and renders; it never writes SQL,
// never decides about money and never shows a name without consent.
//
//	pages := &public.Pages{DB: db, Read: db, Receive: committer, Providers: providers, Key: key, Now: time.Now}
//	// web/routes.go: GET /c/:community → pages.Home
package public
