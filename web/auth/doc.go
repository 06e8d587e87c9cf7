// Package auth knows who acts and what they may do: people and their roles, passwords and codes, sessions,
// rate limits and the audit log. Its tables live in the schema auth.
//
// It never draws a page and never touches the books. A password or a session token never leaves it: the
// database holds an argon2id hash of the one and the SHA-256 of the other.
//
// People belong to the installation, roles to a community. What a role may do stands in one table, in
// permission.go. Whoever manages people handles no money, and whoever audits does nothing else: the
// database refuses the combination.
//
//	gate := auth.NewGate(auth.DefaultPolicy)
//	session, err := gate.LogIn(ctx, db, "wang@example.org", password, "", from)
//	switch {
//	case errors.Is(err, auth.ErrTOTPNeeded): // ask for the six digits, then call again with them
//	case errors.Is(err, auth.ErrLocked): // errors.As a *auth.LockedError to say until when
//	case err == nil && session.User.Can(auth.ClosePeriod, community):
//	}
//
// In the Fiber app a Door does this with a cookie, and routes name what they need:
//
//	door := &auth.Door{Gate: gate, DB: db, Secure: true, Community: communityOf}
//	app.Use(door.Middleware)
//	app.Post("/c/:community/desk/periods/:month/closure", door.Require(auth.ClosePeriod), closePeriod)
package auth
