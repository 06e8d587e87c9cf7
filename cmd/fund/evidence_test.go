package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/rogpeppe/go-internal/testscript"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/money"
	"fund/ledger/transparency"
	"fund/migrations/pgtest"
)

// evidence makes a database with two sealed gifts, $DATABASE_URL, and what a reader keeps of it: keys/log.pub, old.txt and
// new.txt (checkpoints), consistency.txt (the proof between them) receipt.txt (the first gift's evidence), kept.txt and kept.json (the same under the first checkpoint) and paper.txt (that of its paper).
func evidence(t *testing.T, ts *testscript.TestScript) {
	db := pgtest.DB(t)
	ctx := t.Context()
	key, err := transparency.OpenKey(ts.MkAbs("keys"), "fund.test")
	ts.Check(err)
	var c ledger.Community
	var checkpoints []transparency.Checkpoint
	inTx := func(write func(tx *sqlx.Tx) error) {
		ts.Check((&env{app: db.App}).inTx(ctx, write))
	}
	inTx(func(tx *sqlx.Tx) (err error) {
		c, err = ledger.AddCommunity(ctx, tx, ledger.Community{
			Slug: "gongzhang", NameZH: "弓长社区", NameEN: "Gongzhang", Currency: "CNY", Standard: "npo-2026", Timezone: "Asia/Shanghai",
		})
		return err
	})
	for i, amount := range []string{"66.00", "88.00"} {
		inTx(func(tx *sqlx.Tx) error { return gift(t, tx, c, fmt.Sprintf("manual:%d", i), amount) })
		if i == 1 {
			inTx(func(tx *sqlx.Tx) error {
				return campaigns.AddEvidence(ctx, tx, c.ID, 1, bytes.NewReader(dot(ts)), "小票", "user:1")
			})
		}
		inTx(func(tx *sqlx.Tx) error {
			sealed, err := transparency.Seal(ctx, tx, c.ID, c.Slug, key, time.Now())
			checkpoints = append(checkpoints, sealed)
			return err
		})
	}
	found, err := ledger.Prove(ctx, db.App, c, 1)
	ts.Check(err)
	kept, err := transparency.Entries.Prove(ctx, db.App, c.ID, 0, checkpoints[0])
	ts.Check(err)
	asJSON, err := json.Marshal(map[string]string{"record": string(found.Record), "proof": kept.Text()})
	ts.Check(err)
	shown, err := campaigns.ProvePaper(ctx, db.App, c, 1)
	ts.Check(err)
	path, err := transparency.Entries.ProveExtends(ctx, db.App, c.ID, checkpoints[0], checkpoints[1])
	ts.Check(err)
	var consistency strings.Builder
	for _, h := range path {
		fmt.Fprintln(&consistency, base64.StdEncoding.EncodeToString(h[:]))
	}
	for name, text := range map[string]string{
		"receipt.txt": string(found.Record) + found.Proof.Text(), "paper.txt": string(shown.Record) + shown.Proof.Text(), "consistency.txt": consistency.String(),
		"kept.txt": string(found.Record) + kept.Text(), "kept.json": string(asJSON),
		"old.txt": checkpoints[0].Note, "new.txt": checkpoints[1].Note,
	} {
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(text), 0o600))
	}
	ts.Setenv("DATABASE_URL", db.AppURL)
	ts.Setenv("OWNER", db.OwnerURL)
}

// dot is a photograph.
func dot(ts *testscript.TestScript) []byte {
	var file bytes.Buffer
	ts.Check(png.Encode(&file, image.NewGray(image.Rect(0, 0, 9, 9))))
	return file.Bytes()
}

func gift(t *testing.T, tx *sqlx.Tx, c ledger.Community, source, amount string) error {
	accounts, err := ledger.ListAccounts(t.Context(), tx, c.ID)
	if err != nil {
		return err
	}
	fund, err := ledger.FindFund(t.Context(), tx, c.ID, "general")
	if err != nil {
		return err
	}
	var pair [2]ledger.Account // something to debit, something to credit
	for _, a := range accounts {
		switch a.Type {
		case ledger.Asset:
			pair[0] = a
		case ledger.Income:
			pair[1] = a
		}
	}
	_, err = ledger.Post(t.Context(), tx, c.ID, ledger.Entry{
		Date: ledger.Day(2017, 12, 5), Kind: "manual", Source: source, Memo: "募捐箱", PostedBy: "system",
		Postings: []ledger.Posting{
			ledger.Debit(pair[0].ID, fund.ID, money.MustParse(amount)), ledger.Credit(pair[1].ID, fund.ID, money.MustParse(amount)),
		},
	})
	return err
}

// damage runs a statement on $OWNER past every trigger, as somebody with the disk in hand could.
func damage(ts *testscript.TestScript, args []string) {
	db, err := sqlx.Open("postgres", ts.Getenv("OWNER"))
	ts.Check(err)
	defer db.Close()
	_, err = db.Exec(`SET session_replication_role = replica; ` + args[0])
	ts.Check(err)
}

// knownWitness puts the public key in a file on the community's list of witnesses.
func knownWitness(ts *testscript.TestScript, args []string) {
	db, err := sqlx.Open("postgres", ts.Getenv("OWNER"))
	ts.Check(err)
	defer db.Close()
	ts.Check(ledger.InTx(context.Background(), db, func(tx *sqlx.Tx) error {
		_, err := transparency.AddWitness(context.Background(), tx, 1, transparency.Witness{Title: args[0], PublicKey: strings.TrimSpace(ts.ReadFile(args[0])), AddedBy: "test", AddedAt: time.Now()})
		return err
	}))
}
