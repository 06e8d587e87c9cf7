package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/jmoiron/sqlx"
	"golang.org/x/mod/sumdb/note"

	"fund/ledger"
)

type checkCmd struct {
	databaseFlags `embed:""`
	Community     string `placeholder:"SLUG" help:"Check one community only."`
	JSON          bool   `name:"json" help:"One JSON object a line for each finding."`
}

// Run checks the books with the public key of this installation.
func (k *checkCmd) Run(ctx context.Context, out io.Writer) error {
	e, err := k.open(ctx, quiet(), opening{patient: true})
	if err != nil {
		return err
	}
	defer e.Close()
	by, err := e.logVerifier()
	if err != nil {
		return err
	}
	if by == nil {
		fmt.Fprintf(os.Stderr, "Signatures are not checked: there is no log.pub in %s. 没有公钥，未核对签名。\n", e.keys)
	}
	return checkBooks(ctx, e, by, k.Community, k.JSON, out)
}

// checkBooks runs all checks on one community, or on every one, prints what was found, and returns errFound if anything was.
func checkBooks(ctx context.Context, e *env, by note.Verifier, slug string, asJSON bool, out io.Writer) error {
	communities, err := someCommunities(ctx, e.read, slug)
	if err != nil {
		return err
	}
	total := 0
	for _, c := range communities {
		found, err := checkCommunity(ctx, e.read, c, by)
		if err != nil {
			return err
		}
		for _, f := range found {
			if err := printFinding(out, c, f, asJSON); err != nil {
				return err
			}
		}
		total += len(found)
	}
	if !asJSON {
		fmt.Fprintf(out, "Communities checked: %d. Findings: %d. 检查了 %d 个社区，发现 %d 处问题。\n", len(communities), total, len(communities), total)
	}
	if total > 0 {
		return errFound
	}
	return nil
}

// checkCommunity runs all checks on one moment of the books, which others may be writing meanwhile.
func checkCommunity(ctx context.Context, db *sqlx.DB, c ledger.Community, by note.Verifier) (all []finding, err error) {
	err = ledger.AtOneMoment(ctx, db, func(tx *sqlx.Tx) error {
		for _, run := range checks {
			found, err := run(ctx, tx, c, by)
			if err != nil {
				return err
			}
			all = append(all, found...)
		}
		return nil
	})
	return all, err
}

func printFinding(out io.Writer, c ledger.Community, f finding, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(out).Encode(map[string]string{"community": c.Slug, "en": f.Text("en"), "zh": f.Text("zh")})
	}
	_, err := fmt.Fprintf(out, "%s: %s\n%s：%s\n", c.Slug, f.Text("en"), c.NameZH, f.Text("zh"))
	return err
}

func someCommunities(ctx context.Context, q sqlx.QueryerContext, slug string) ([]ledger.Community, error) {
	if slug == "" {
		return ledger.ListCommunities(ctx, q)
	}
	c, err := ledger.FindCommunity(ctx, q, slug)
	return []ledger.Community{c}, err
}
