// Package card draws share cards: the picture that a chat or a social page shows beside a link of ours.
//
//	c := card.Card{Lang: "zh-CN", Community: "安公社区", Title: "除夕暖心饭", Scene: "dinner", Raised: raised, Goal: goal}
//	address := "/c/angong/campaigns/dinner/card/" + c.Hash(card.Wide)
//	err := c.Draw(w, card.Wide, nil)
//
// A card shows whole percents and no amount that has been raised: it changes at most a hundred times in a campaign's
// life, so its address, which bears the hash of what it shows, may be kept for ever by whoever fetched it.
//
// The package never reads a database, a clock or the network. The same card always gives the same bytes.
package card
