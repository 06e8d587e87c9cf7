// Package webhook tells subscribers' programs of what is new: entries posted, a report issued, a campaign begun or ended, a
// checkpoint signed. A message says that there is something and where to read it, and is signed as Standard Webhooks has it
// (https://www.standardwebhooks.com).
//
// It costs the posting of entries nothing: Crier looks every few seconds at how far the books have come since it last told. It
// never sends a name or an amount of a person, never follows a redirect, never connects to an address that is not public, and
// keeps no secret: each is made from the server's own, the subscriber and the turn. Work goes through the outbox, in a lane of
// its own; a subscriber who does not answer rests, longer each time, and is paused after FailuresMax failures in a row.
//
//	s, err := webhook.Add(ctx, tx, community, webhook.Subscriber{URL: "https://example.org/hook", Events: webhook.Kinds}, crier, "user:…", now)
//	secret := sender.Secret(community.ID, s)
package webhook
