package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/jmoiron/sqlx"
	"golang.org/x/mod/sumdb/note"

	"fund/ledger"
	"fund/ledger/transparency"
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
	return checkBooks(ctx, e, by, k.Community, k.JSON, out)
}

// finding is something that does not agree, in the words of the package that found it.
type finding interface{ Text(lang string) string }

// check is one package's look at a community.
type check func(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, by note.Verifier) ([]finding, error)

// checks are run on every community, in this order.
var checks = []check{auditLog}

// auditLog compares the Merkle tree with its leaves and with every signed checkpoint.
func auditLog(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, by note.Verifier) ([]finding, error) {
	flaws, err := transparency.Audit(ctx, q, c.ID, by)
	found := make([]finding, len(flaws))
	for i, f := range flaws {
		found[i] = logFlaw(f)
	}
	return found, err
}

type logFlaw transparency.Flaw

// Text says where in the log and what.
func (f logFlaw) Text(lang string) string {
	where := "账目日志"
	if lang == "en" {
		where = "log"
	}
	if f.Leaf >= 0 {
		where = fmt.Sprintf("%s %d", where, f.Leaf+1)
	}
	return where + ": " + f.What
}

// checkBooks runs all checks on one community, or on every one, prints what was found, and returns errFound if anything was.
func checkBooks(ctx context.Context, e *env, by note.Verifier, slug string, asJSON bool, out io.Writer) error {
	communities, err := someCommunities(ctx, e.read, slug)
	if err != nil {
		return err
	}
	total := 0
	for _, c := range communities {
		for _, run := range checks {
			found, err := run(ctx, e.read, c, by)
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
	}
	if !asJSON {
		fmt.Fprintf(out, "Communities checked: %d. Findings: %d. 检查了 %d 个社区，发现 %d 处问题。\n", len(communities), total, len(communities), total)
	}
	if total > 0 {
		return errFound
	}
	return nil
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

// logVerifier reads the installation's public key. Before the first fund serve there is none, and no checkpoint either: then
// it is a key by which nothing is signed.
func (e *env) logVerifier() (note.Verifier, error) {
	path := filepath.Join(e.keys, "log.pub")
	if _, err := os.Stat(path); err != nil {
		return noKey{}, nil
	}
	return readVerifier(path)
}

func readVerifier(path string) (note.Verifier, error) {
	text, err := readable(path)
	if err != nil {
		return nil, err
	}
	by, err := transparency.ParseVerifier(text)
	if err != nil {
		return nil, failed(path+" holds no public key of a log.", path+" 里不是账目日志的公钥。")
	}
	return by, nil
}

type noKey struct{}

func (noKey) Name() string                { return "none" }
func (noKey) KeyHash() uint32             { return 0 }
func (noKey) Verify(msg, sig []byte) bool { return false }
