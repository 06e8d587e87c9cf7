package ledger_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"
	"golang.org/x/tools/txtar"

	"fund/ledger"
	"fund/ledger/money"
)

// sentinels are the errors a scenario may expect, by name.
var sentinels = map[string]error{
	"ErrUnbalanced": ledger.ErrUnbalanced, "ErrPeriodClosed": ledger.ErrPeriodClosed, "ErrDuplicateSource": ledger.ErrDuplicateSource,
	"ErrFundOverspent": ledger.ErrFundOverspent, "ErrReversedTwice": ledger.ErrReversedTwice, "ErrFewPostings": ledger.ErrFewPostings,
	"ErrFundClosed": ledger.ErrFundClosed, "ErrAccountClosed": ledger.ErrAccountClosed, "ErrNotFound": ledger.ErrNotFound,
}

// TestScenarios works through testdata/*.txtar. A file is a bookkeeping
// exercise: "steps" has one step a line or paragraph, "trial balance" what the
// accounts then show, a line for each account and fund: `1002 clinic 100.00`.
//
//	2026-11-03 donation:1 捐赠
//	  1002 clinic 100.00
//	  4101 clinic -100.00
//	reverse 2026-1 on 2026-11-05
//	close 2026-10 · reopen 2026-10 · close account 1001 · close fund clinic
//
// A step ending in `! ErrName` is refused with that error.
func TestScenarios(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) < 10 {
		t.Fatal(len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			parts := map[string]string{}
			for _, f := range txtar.Parse(text).Files {
				parts[f.Name] = string(f.Data)
			}
			b := openBooks(t)
			for _, step := range steps(parts["steps"]) {
				line, want, refused := strings.Cut(step[0], " ! ")
				err := b.Try(func(tx *sqlx.Tx) error { return b.step(tx, strings.Fields(line), step[1:]) })
				if refused && (sentinels[want] == nil || !errors.Is(err, sentinels[want])) {
					t.Errorf("%s: %v, want %s", line, err, want)
				} else if !refused && err != nil {
					t.Errorf("%s: %v", line, err)
				}
			}
			if diff := cmp.Diff(strings.Fields(parts["trial balance"]), strings.Fields(b.trialBalance(t))); diff != "" {
				t.Errorf("trial balance:\n%s", diff)
			}
			b.seal(t)
			b.sound(t)
		})
	}
}

// steps splits the text into steps: a line, and the indented lines below it.
func steps(text string) (all [][]string) {
	for line := range strings.Lines(text) {
		switch {
		case strings.TrimSpace(line) == "" || line[0] == '#':
		case line[0] == ' ':
			all[len(all)-1] = append(all[len(all)-1], strings.TrimSpace(line))
		default:
			all = append(all, []string{strings.TrimSpace(line)})
		}
	}
	return all
}

func (b *books) step(tx *sqlx.Tx, words, postings []string) error {
	day := func(s string) time.Time {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			d, _ = time.Parse("2006-01", s)
		}
		return d
	}
	switch strings.Join(words[:min(2, len(words)-1)], " ") {
	case "close account":
		a, _ := b.accounts.Code(words[2])
		return ledger.CloseAccount(ctx, tx, b.ID, a.ID)
	case "close fund":
		return ledger.CloseFund(ctx, tx, b.ID, b.fund(words[2]).ID)
	case "close":
		return ledger.ClosePeriod(ctx, tx, b.ID, day(words[1]), "user:1")
	case "reopen":
		id, err := ledger.AskReopening(ctx, tx, b.ID, day(words[1]), "user:1", "treasurer", "补记")
		if err == nil {
			_, err = ledger.AgreeReopening(ctx, tx, b.ID, id, "user:2", "council_member")
		}
		return err
	}
	if words[0] == "reverse" {
		var year, number int
		if _, err := fmt.Sscanf(words[1], "%d-%d", &year, &number); err != nil {
			return err
		}
		e, err := ledger.FindEntry(ctx, tx, b.ID, year, number)
		if err != nil {
			return err
		}
		_, err = ledger.Reverse(ctx, tx, b.ID, e.Seq, day(words[3]), "", "user:1")
		return err
	}
	e := ledger.Entry{Date: day(words[0]), Kind: "manual", Source: words[1], Memo: words[2], PostedBy: "user:1"}
	for _, p := range postings {
		cells := strings.Fields(p)
		a, ok := b.accounts.Code(cells[0])
		if !ok {
			return fmt.Errorf("the exercise names an unknown account %s", cells[0])
		}
		e.Postings = append(e.Postings, ledger.Posting{Account: a.ID, Fund: b.fund(cells[1]).ID, Amount: money.MustParse(cells[2])})
	}
	_, err := ledger.Post(ctx, tx, b.ID, e)
	return err
}

func (b *books) fund(code string) ledger.Fund {
	for _, f := range []ledger.Fund{b.general, b.clinic, b.school} {
		if f.Code == code {
			return f
		}
	}
	panic("no fund " + code)
}

func (b *books) trialBalance(t *testing.T) string {
	rows, err := ledger.Balances(ctx, b.App, b.ID, ledger.Day(2020, 1, 1), ledger.Day(2040, 1, 1))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, r := range rows {
		if a, _ := b.accounts.ID(r.AccountID); !r.Closing().IsZero() {
			f := []ledger.Fund{b.general, b.clinic, b.school}
			i := slices.IndexFunc(f, func(f ledger.Fund) bool { return f.ID == r.FundID })
			lines = append(lines, fmt.Sprintf("%s %s %s", a.Code, f[i].Code, r.Closing()))
		}
	}
	return strings.Join(lines, "\n")
}
