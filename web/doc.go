// Package web is the Fiber app: middleware, health, shutdown, and routes.go with all routes.
//
// It decides nothing about money. What a person may see or do is decided by web/auth through a hook, what a page says by
// web/public, web/desk, web/till and web/api, and what an error looks like by page.Fail.
//
//	app, err := web.New(web.Config{BaseURL: "https://gongzhang.example.cn", Secret: secret, Communities: find, Routes: routes})
//	if err != nil { … }
//	err = app.Serve(ctx, listener) // until ctx is done; then finishes what was accepted
package web
