package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/jmoiron/sqlx"
	"golang.org/x/mod/sumdb/tlog"

	"fund/ledger"
	"fund/ledger/transparency"
	"fund/ledger/watch"
)

const (
	askEvery   = 10 * time.Second // how often is looked whether a witness has something to sign
	askAgain   = 30 * time.Second // how long a witness is left alone
	witnessMax = 10 * time.Second // to answer
)

// witnessClient follows no redirect: an address is what the administrator wrote.
var witnessClient = &http.Client{
	Timeout:       witnessMax,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// witnesses gives each community's key as a witness of other logs.
func (e *env) witnesses(logName string) (func(slug string) (transparency.Cosigner, error), error) {
	secret, err := openSecret(e.keys, witnessSecret)
	if err != nil {
		return nil, err
	}
	return func(slug string) (transparency.Cosigner, error) {
		return transparency.NewCosigner(logName+"/c/"+slug+"/witness", secret)
	}, nil
}

// askWitnesses shows each community's newest checkpoint to its witnesses. It never waits for one in a database transaction, and
// posting and sealing never wait for it.
func askWitnesses(ctx context.Context, e *env, again time.Duration) error {
	communities, err := transparency.Witnessing(ctx, e.app)
	for _, id := range communities {
		now := time.Now()
		var c ledger.Community
		var some []transparency.Witness
		claimed := e.inTx(ctx, func(tx *sqlx.Tx) (err error) {
			if c, err = ledger.CommunityAt(ctx, tx, id); err == nil {
				some, err = transparency.WitnessesToAsk(ctx, tx, id, now, now.Add(-again))
			}
			return err
		})
		err = errors.Join(err, claimed)
		for _, w := range some {
			err = errors.Join(err, askWitness(ctx, e, c, w))
		}
	}
	return err
}

// refusals are what a witness's refusals mean.
var refusals = []struct {
	err    error
	answer transparency.Answer
}{
	{watch.ErrUnreachable, transparency.Silent},
	{transparency.ErrUnknownLog, transparency.Stranger},
	{transparency.ErrForked, transparency.Forked},
	{transparency.ErrSignature, transparency.Disputed},
	{transparency.ErrProof, transparency.Disputed},
	{transparency.ErrNotNext, transparency.Disputed},
	{transparency.ErrNoCosignature, transparency.Unsigned},
}

func askWitness(ctx context.Context, e *env, c ledger.Community, w transparency.Witness) error {
	newest, err := transparency.Latest(ctx, e.app, c.ID)
	if err != nil {
		return err
	}
	lines, holds, asked := watch.Submit(ctx, witnessClient, watch.Submission{
		Address: w.Address, Signed: newest.Note, Old: min(w.Size, newest.Size),
		Path: func(old int64) ([]tlog.Hash, error) {
			return transparency.Entries.ProveExtends(ctx, e.app, c.ID, transparency.Checkpoint{Size: old}, newest)
		},
	}, newest.Size)
	return e.inTx(ctx, func(tx *sqlx.Tx) error {
		if asked == nil {
			_, asked = transparency.KeepCosignatures(ctx, tx, c.ID, newest.Note+lines)
		}
		answer := transparency.Signed
		if asked != nil {
			answer = transparency.Unasked
			for _, known := range refusals {
				if errors.Is(asked, known.err) {
					answer = known.answer
					break
				}
			}
			if answer == transparency.Unasked {
				return asked
			}
			e.log.WarnContext(ctx, "a witness did not countersign", slog.String("community", c.Slug), slog.String("witness", w.Title), slog.Any("answer", answer))
		}
		return transparency.WitnessAnswered(ctx, tx, c.ID, w.ID, answer, holds)
	})
}
