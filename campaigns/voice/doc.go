// Package voice is what a campaign says and hears: residents' proposals on their way to a campaign, updates and thanks,
// questions and answers, picture galleries, and the givers who asked to be told.
//
// A resident needs no account: the proposal's token is the key to it. While it is a draft, or was sent back for changes,
// the resident alone writes in it; once it is submitted the staff alone decide. Accepting makes a campaign's draft, which
// goes through campaigns.Publish like any other, and the token becomes the campaigner's key: what they write appears after
// the staff has read it.
//
// PublishPost writes down, in its own database transaction, one letter for each giver who asked for mail, however many
// gifts they gave; the outbox sends them in batches. Handlers does that work.
//
// The package never shows anything of a stranger's before the staff has decided, never sends mail itself, and keeps names
// and addresses in rows that can be erased alone.
//
//	p, err := voice.StartProposal(ctx, tx, community, "zh-CN", now)
//	// … the resident fills it in, step by step …
//	err = voice.Submit(ctx, tx, community, p.Token, now)
//	campaign, err := voice.Accept(ctx, tx, community, p.ID, "book-corner", "user:…", now)
package voice
