package main

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/giver"
	angong "fund/cmd/fund/sample"
	"fund/ledger"
)

// demoGiver is how a visitor opens the page of the sample's giver: a link as a
// letter would bring it, for the first half hour, and a receipt for ever.
type demoGiver struct {
	path         string // of the link
	number, code string // of a receipt
}

// findGiver invites the sample's giver; zero where they were erased.
func findGiver(ctx context.Context, e *env, c ledger.Community) (d demoGiver, err error) {
	g, err := giver.ByMail(ctx, e.app, c.ID, angong.GiverMail)
	if err != nil {
		return d, nil //nolint:nilerr // a visitor tried the erasure
	}
	secret, err := openSecret(e.keys, webSecret)
	if err != nil {
		return d, err
	}
	gifts, _, _, err := giver.ListGifts(ctx, e.app, c, g, giver.Page{Limit: 100})
	if err != nil || len(gifts) == 0 {
		return d, err
	}
	oldest := gifts[len(gifts)-1]
	d.number, d.code = oldest.Serial(), oldest.CheckCode
	return d, e.inTx(ctx, func(tx *sqlx.Tx) error {
		token, err := giver.Links{Secret: secret}.Invite(ctx, tx, g, time.Now())
		d.path = "/c/" + c.Slug + "/mine/link/" + token
		return err
	})
}
